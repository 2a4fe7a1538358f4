//! Every page of every incident: the delivery ledger compared with what the receivers got.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use engine::Clock;
use serde_json::Value;

use super::book::Entry;
use super::findings::Findings;
use super::hook::Receipts;
use super::mail::Mails;
use super::organization::Organization;
use crate::Client;

/// Connections that read the ledger.
const READERS: usize = 4;
/// How long, in microseconds, it is looked in vain whether what is under way has arrived: a lease of a minute that nobody ended, and the
/// wait for a retry.
const PATIENCE_MICROS: u64 = 150_000_000;

pub(super) struct Ledger<'a> {
    pub(super) organization: &'a Organization,
    pub(super) findings: &'a Findings,
    pub(super) mails: &'a mut Mails,
}

/// A page that was sent, as the ledger tells of it.
struct Sent {
    channel: String,
    message_id: String,
    number: i64,
}

/// What the ledger says of one incident.
enum Said {
    /// Something is under way still.
    Unfinished,
    Finished {
        sent: Vec<Sent>,
        called_off: u64,
        ids: Vec<String>,
    },
}

impl Ledger<'_> {
    /// Waits until nothing is under way, and then looks for each page at the receivers. All that was `received` by the
    /// time when the incidents were listed must be known.
    pub(super) fn check(self, entries: &[Entry], address: SocketAddr, received: &Receipts) {
        let (known, sent) = (Mutex::new(HashSet::new()), Mutex::new(Vec::new()));
        let mut unfinished: Vec<&Entry> = entries.iter().collect();
        let clock = Clock::system();
        let mut since_progress = clock.stopwatch();
        loop {
            let before = unfinished.len();
            let received = self.organization.hook.count();
            unfinished = self.read_all(&unfinished, address, &known, &sent);
            if unfinished.len() < before {
                since_progress = clock.stopwatch();
            }
            if unfinished.is_empty() || since_progress.micros() > PATIENCE_MICROS {
                break;
            }
            // Whatever arrives is a reason to look again; mail does not tell here, so the wait has an end.
            self.organization.hook.wait_for(received + 1, Duration::from_secs(1));
        }
        for entry in unfinished {
            self.findings.say(format!("{:?}, incident {:?}: a page is under way for ever", entry.title, entry.id));
            self.findings.count(|figures| figures.pages_expected += 1);
        }
        let known = known.into_inner().unwrap_or_else(PoisonError::into_inner);
        for id in received.keys().filter(|id| !known.contains(*id)) {
            self.findings.say(format!("a page {id} came, and no incident knows of it"));
        }
        self.find_all(&sent.into_inner().unwrap_or_else(PoisonError::into_inner));
    }

    /// Reads the ledger of each; those of which something is under way.
    fn read_all<'e>(
        &self,
        entries: &[&'e Entry],
        address: SocketAddr,
        known: &Mutex<HashSet<String>>,
        sent: &Mutex<Vec<Sent>>,
    ) -> Vec<&'e Entry> {
        let unfinished = Mutex::new(Vec::new());
        let still = &unfinished;
        std::thread::scope(|scope| {
            for part in entries.chunks(entries.len() / READERS + 1) {
                scope.spawn(move || {
                    let mut client = self.organization.client(address);
                    for entry in part {
                        match self.read(entry, &mut client) {
                            Said::Unfinished => lock(still).push(*entry),
                            Said::Finished { sent: more, called_off, ids } => {
                                lock(sent).extend(more);
                                lock(known).extend(ids);
                                self.findings.count(|figures| figures.pages_called_off += called_off);
                            }
                        }
                    }
                });
            }
        });
        unfinished.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, entry: &Entry, client: &mut Client) -> Said {
        let id = entry.id.expect("it is there");
        let rows = client.get(&format!("/v1/incidents/{id}/notifications")).json();
        let rows = rows.as_array().expect("a list");
        let say =
            |what: &str, row: &Value| self.findings.say(format!("{:?}, incident {id}: {what}: {row}", entry.title));
        if !rows.iter().any(|row| row["kind"] == "page" && row["level"] == 1) {
            say("nobody is paged", &Value::from(rows.clone()));
        }
        let text = |row: &Value, name: &str| row[name].as_str().expect("a text").to_owned();
        let (mut sent, mut called_off) = (Vec::new(), 0);
        for row in rows {
            match row["state"].as_str() {
                Some("sent") => sent.push(Sent {
                    channel: text(row, "channel"),
                    message_id: text(row, "message_id"),
                    number: entry.number.expect("it was listed"),
                }),
                Some("dropped") if entry.may_be_called_off() => called_off += 1,
                Some("waiting" | "sending") => return Said::Unfinished,
                _ => {
                    self.findings.count(|figures| figures.pages_expected += 1);
                    say("a page was given up", row);
                }
            }
        }
        Said::Finished { sent, called_off, ids: rows.iter().map(|row| text(row, "delivery_id")).collect() }
    }

    fn find_all(self, sent: &[Sent]) {
        let received = self.organization.hook.receipts();
        self.mails.read(&self.organization.mails());
        for page in sent {
            let is_received = match page.channel.as_str() {
                "webhook" => received.contains_key(&page.message_id),
                _ => self.mails.tells(page.number, &page.message_id),
            };
            if !is_received {
                self.findings.say(format!("a page {} counts as sent, and nobody got it", page.message_id));
            }
            self.findings.count(|figures| {
                figures.pages_expected += 1;
                figures.pages_received += u64::from(is_received);
            });
        }
    }
}

fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

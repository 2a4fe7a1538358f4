//! The end of a run: everything that was asked for, compared with everything that is there.

use std::collections::HashMap;
use std::net::SocketAddr;

use domain::{Instant, OrganizationId};
use engine::Clock;
use serde_json::{Value, json};
use store::{Error, Store};

use super::book::{Entry, Standing, Way};
use super::compare::{Moment, compare};
use super::lateness::Lateness;
use super::ledger::Ledger;
use super::lives::repetitions;
use super::mail::Mails;
use super::{Leases, Nodes, Run};
use crate::harness::broken;
use crate::{Client, Database, Server};

/// Incidents in one answer, which is the most.
const PAGE: u64 = 5000;
/// Connections that look at what is there.
const READERS: usize = 4;
/// How far behind the clock the engine may be when it is asked to stop.
const BEAT_MICROS: i64 = 2_000_000;

impl Run {
    /// Compares everything, with the last server: it is not killed. How late the engine was.
    pub(super) fn reckon(&mut self, server: Server) -> Lateness {
        if self.plan.leases == Leases::AreEnded && self.plan.database == Database::Postgresql {
            end_leases(self.organization.home.url());
        }
        // What was received by now was stored before, or it never should have been sent.
        let received = self.organization.hook.receipts();
        let mut books: Vec<Vec<Entry>> =
            self.callers.iter_mut().map(|caller| std::mem::take(&mut caller.book)).collect();
        let mut client = self.organization.client(server.address);
        self.find_all(&mut books, &mut client);
        let there: Vec<Entry> = books.into_iter().flatten().filter(|entry| entry.id.is_some()).collect();
        let lateness = Lateness::at(Clock::system().now());
        self.compare_all(&there, server.address, &lateness);
        let mut mails = Mails::default();
        let ledger = Ledger { organization: &self.organization, findings: &self.findings, mails: &mut mails };
        ledger.check(&there, server.address, &received);
        self.count_repetitions(&mut mails);
        let now = Instant(Clock::system().now() - BEAT_MICROS);
        if !server.terminate().success() {
            self.findings.say("the last server did not stop as it was asked".to_owned());
        }
        self.check_the_store(now);
        lateness
    }

    /// Finds the incidents of all books, and those that are in none.
    fn find_all(&self, books: &mut [Vec<Entry>], client: &mut Client) {
        let mut listed = list(client);
        let mut numbers: Vec<i64> = listed.values().flatten().map(|(_, number)| *number).collect();
        numbers.sort_unstable();
        if !numbers.iter().copied().eq(1..=numbers.len() as i64) {
            self.findings.say(format!("{} incidents are not numbered from 1 on without a gap", numbers.len()));
        }
        for entry in books.iter_mut().flatten() {
            let found = listed.remove(&entry.title).unwrap_or_default();
            if found.len() > 1 {
                self.findings.say(format!("{:?} was asked for once and is there as {found:?}", entry.title));
            }
            entry.number = found.first().map(|(_, number)| *number);
            match (entry.standing, found.first().map(|(id, _)| id)) {
                (Standing::Answered, Some(id)) if entry.id == Some(*id) => {}
                (Standing::Answered, other) => {
                    self.findings.say(format!("{:?} was answered as {:?} and is {other:?}", entry.title, entry.id));
                    entry.id = None;
                }
                (Standing::Refused, Some(id)) => {
                    self.findings.say(format!("{:?} was refused and is there as {id}", entry.title));
                }
                (Standing::Unsure, Some(id)) => {
                    self.findings.count(|figures| figures.unanswered_found += 1);
                    entry.id = Some(*id);
                }
                (Standing::Unsure | Standing::Refused, None) => {}
            }
        }
        for (title, ids) in listed {
            self.findings.say(format!("nobody asked for {title:?}, which is there as {ids:?}"));
        }
    }

    fn compare_all(&self, entries: &[Entry], address: SocketAddr, lateness: &Lateness) {
        std::thread::scope(|scope| {
            for part in entries.chunks(entries.len() / READERS + 1) {
                scope.spawn(|| {
                    let mut client = self.organization.client(address);
                    part.iter().for_each(|entry| self.compare_one(entry, &mut client, lateness));
                });
            }
        });
    }

    fn compare_one(&self, entry: &Entry, client: &mut Client, lateness: &Lateness) {
        let details = client.done("/incidents/details", &json!({"instance_id": entry.id}));
        if entry.way == Way::Climb && entry.commands.is_empty() {
            lateness.note(&details);
        }
        let is_as_answered = compare(entry, &details, Moment::AtTheEnd, &self.findings);
        let commands = entry.commands.iter().filter(|asked| asked.standing == Standing::Answered).count() as u64;
        self.findings.count(|figures| {
            figures.commands_answered += commands;
            if is_as_answered {
                figures.creates_found += u64::from(entry.standing == Standing::Answered);
                figures.commands_found += commands;
            }
        });
    }

    fn count_repetitions(&mut self, mails: &mut Mails) {
        mails.read(&self.organization.mails());
        let (pages, most_pages) = repetitions(&self.organization.hook.receipts(), &self.marks.hook);
        let (messages, most_messages) = repetitions(&mails.receipts, &self.marks.mail);
        let most = most_pages.max(most_messages);
        if most > 1 && self.plan.nodes == Nodes::One {
            self.findings.say(format!("a message came again {most} times after one crash"));
        }
        self.findings.count(|figures| {
            figures.duplicates = pages + messages;
            figures.most_duplicates = most;
        });
    }

    /// What must hold in every store, found out without the engine.
    fn check_the_store(&self, now: Instant) {
        let store = Store::open(&self.organization.home.url().parse().expect("a URL")).expect("the database opens");
        let organization = store.read(|tx| {
            let rows = tx.all("select organization_id from organization", &[])?;
            Ok::<_, Error>(OrganizationId(rows[0].integer(0)?))
        });
        let broken = broken(&store, organization.expect("an organization"), now);
        broken.into_iter().for_each(|promise| self.findings.say(promise));
    }
}

/// All incidents by their titles, each with its id and its number in the organization.
fn list(client: &mut Client) -> HashMap<String, Vec<(i64, i64)>> {
    let mut all: HashMap<String, Vec<(i64, i64)>> = HashMap::new();
    let mut body = json!({"status": ["OPEN", "ACKNOWLEDGED", "RESOLVED"], "limit": PAGE});
    loop {
        let listed = client.done("/incidents/list", &body);
        let listed = listed.as_array().expect("a list");
        for incident in listed {
            let title = incident["task"]["task_title"].as_str().expect("a title").to_owned();
            let number = incident["organization_instance_id"].as_i64().expect("a number");
            all.entry(title).or_default().push((id(incident), number));
        }
        match listed.last() {
            Some(last) if listed.len() as u64 == PAGE => body["before_instance_id"] = json!(id(last)),
            _ => return all,
        }
    }
}

fn id(incident: &Value) -> i64 {
    incident["instance_id"].as_i64().expect("a number")
}

/// Stands for the minute after which the leases of the dead have run out.
fn end_leases(url: &str) {
    let mut client = postgres::Client::connect(url, postgres::NoTls).expect("the database");
    // The database may still be committing what the dead asked for last; the lock waits for that.
    let end = "begin; lock table notification, message in exclusive mode;
        update notification set next_at = due_at where state = 'sending';
        update message set next_at = due_at where state = 'sending'; commit";
    client.batch_execute(end).expect("leases end");
}

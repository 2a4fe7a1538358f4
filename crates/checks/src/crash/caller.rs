//! A caller: asks one thing after the other over one connection, and writes down what was answered.

use std::collections::BTreeSet;
use std::sync::mpsc::Sender;

use serde_json::{Value, json};

use super::Sign;
use super::book::{Asked, Entry, Kind, Policies, Standing, Way};
use super::chance::Chance;
use super::findings::Findings;
use crate::{Client, HttpAnswer};

/// Incidents, the newest, of which something may still be asked.
const NEWEST: usize = 30;

/// What is asked at a time, by the places in the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Create(usize),
    /// Another alert with the key of an incident that is not resolved.
    Suppress(usize),
    /// The same request again, which was answered already.
    Repeat(usize),
    Command(usize, usize),
}

impl Deed {
    fn place(self) -> usize {
        match self {
            Self::Create(place) | Self::Suppress(place) | Self::Repeat(place) | Self::Command(place, _) => place,
        }
    }
}

/// Whether something may have been done already that was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trial {
    First,
    Again,
}

/// The server is gone.
pub(super) struct Gone;

/// A caller with its book.
pub(super) struct Caller {
    number: usize,
    pub(super) book: Vec<Entry>,
    /// Incidents of the book of which more may be asked.
    open: Vec<usize>,
    /// Entries that something was asked of since they were last given away.
    touched: BTreeSet<usize>,
    /// What was not answered and can be asked again without being done twice.
    unanswered: Option<Deed>,
    chance: Chance,
}

impl Caller {
    pub(super) fn new(number: usize, seed: u64) -> Self {
        let chance = Chance::of(seed, 1 + number as u64);
        Self { number, book: Vec::new(), open: Vec::new(), touched: BTreeSet::new(), unanswered: None, chance }
    }

    /// Asks until the server is gone or `is_enough`, and tells of each answer.
    pub(super) fn call(
        &mut self,
        client: &mut Client,
        policies: &Policies,
        findings: &Findings,
        answered: &Sender<Sign>,
        is_enough: impl Fn() -> bool,
    ) {
        while !is_enough() {
            if self.ask(client, policies, findings).is_err() {
                return;
            }
            // Whoever waits for these may have killed the server already.
            let _ = answered.send(Sign::Answer);
        }
    }

    /// What was answered since this was last asked, as it should be there now.
    pub(super) fn news(&mut self) -> Vec<Entry> {
        let touched = std::mem::take(&mut self.touched);
        let entries = touched.into_iter().map(|place| self.book[place].clone());
        entries.filter(|entry| entry.standing == Standing::Answered).collect()
    }

    fn ask(&mut self, client: &mut Client, policies: &Policies, findings: &Findings) -> Result<(), Gone> {
        let (deed, trial) = match self.unanswered.take() {
            Some(deed) => (deed, Trial::Again),
            None => (self.choose(), Trial::First),
        };
        self.touched.insert(deed.place());
        let (path, key, body) = self.request(deed, policies);
        let answer = match &key {
            Some(key) => client.try_post_once(path, key, &body),
            None => client.try_post(path, &body),
        };
        match answer {
            Ok(answer) => {
                self.note(deed, trial, &answer, findings);
                Ok(())
            }
            Err(_) => {
                self.doubt(deed);
                Err(Gone)
            }
        }
    }

    fn choose(&mut self) -> Deed {
        let open = self.open.len();
        let deed = match self.chance.below(100) {
            60..70 => self.last(|entry, open| open && entry.has_dedup_key).map(Deed::Suppress),
            70..76 => self.last(|entry, _| entry.has_idempotency_key).map(Deed::Repeat),
            76.. if open > 0 => {
                let place = self.open[self.chance.place(open)];
                Some(self.command(place))
            }
            _ => None,
        };
        deed.unwrap_or_else(|| self.create())
    }

    /// The last entry that was answered and is wanted; whether more may be asked of it is told.
    fn last(&self, is_wanted: impl Fn(&Entry, bool) -> bool) -> Option<usize> {
        let newest = self.book.len().saturating_sub(NEWEST)..self.book.len();
        newest.rev().find(|place| {
            let entry = &self.book[*place];
            entry.standing == Standing::Answered && is_wanted(entry, self.open.contains(place))
        })
    }

    fn create(&mut self) -> Deed {
        let way = match self.chance.below(100) {
            0..55 => Way::Hook,
            55..80 => Way::Mail,
            _ => Way::Climb,
        };
        self.book.push(Entry {
            title: format!("disk {}.{} is full", self.number, self.book.len()),
            way,
            has_dedup_key: self.chance.percent(40),
            has_idempotency_key: self.chance.percent(40),
            // Nothing has come back so far.
            standing: Standing::Unsure,
            id: None,
            number: None,
            commands: Vec::new(),
            suppressed: (0, 0),
        });
        Deed::Create(self.book.len() - 1)
    }

    fn command(&mut self, place: usize) -> Deed {
        let kind = match self.chance.below(100) {
            0..30 => Kind::Acknowledge,
            30..60 => Kind::Notate,
            60..75 => Kind::UpdateTags,
            75..85 => Kind::Escalate,
            _ => Kind::Resolve,
        };
        if kind == Kind::Resolve {
            self.open.retain(|open| *open != place);
        }
        let number = self.book[place].commands.len();
        let mark = format!("mark {}.{place}.{number}", self.number);
        let is_repeatable = self.chance.percent(50);
        self.book[place].commands.push(Asked { kind, mark, is_repeatable, standing: Standing::Unsure });
        Deed::Command(place, number)
    }

    fn request(&self, deed: Deed, policies: &Policies) -> (&'static str, Option<String>, Value) {
        let create = |place: usize| {
            let entry = &self.book[place];
            let key = entry.has_idempotency_key.then(|| entry.title.replace(' ', "-"));
            ("/incidents/create", key, entry.body(policies))
        };
        match deed {
            Deed::Create(place) | Deed::Repeat(place) => create(place),
            // Without the idempotency key, or the first answer would come again.
            Deed::Suppress(place) => ("/incidents/create", None, self.book[place].body(policies)),
            Deed::Command(place, number) => {
                let asked = &self.book[place].commands[number];
                let key = asked.is_repeatable.then(|| asked.mark.replace(' ', "-"));
                let mut body = json!({"instance_id": self.book[place].id});
                match asked.kind {
                    Kind::Notate => body["notes"] = json!(asked.mark),
                    Kind::UpdateTags => body["tags"] = json!([asked.mark]),
                    _ => {}
                }
                (asked.kind.path(), key, body)
            }
        }
    }

    fn note(&mut self, deed: Deed, trial: Trial, answer: &HttpAnswer, findings: &Findings) {
        let standing = match answer.status {
            200 => Standing::Answered,
            // The one refusal that the commands of the load can meet, and a server that is too busy.
            409 if matches!(deed, Deed::Command(..)) => Standing::Refused,
            503 if trial == Trial::First => Standing::Refused,
            500 | 503 => Standing::Unsure,
            _ => {
                findings.say(format!("{deed:?} was answered {}: {}", answer.status, answer.body));
                Standing::Unsure
            }
        };
        if standing == Standing::Unsure {
            return self.doubt(deed);
        }
        match deed {
            Deed::Command(place, number) => self.book[place].commands[number].standing = standing,
            Deed::Create(place) if standing == Standing::Refused => self.book[place].standing = standing,
            Deed::Suppress(_) | Deed::Repeat(_) if standing == Standing::Refused => {}
            Deed::Create(place) | Deed::Suppress(place) | Deed::Repeat(place) => {
                self.created(deed, place, &answer.json(), findings);
            }
        }
    }

    fn created(&mut self, deed: Deed, place: usize, answer: &Value, findings: &Findings) {
        let entry = &mut self.book[place];
        let Some(id) = answer["instance_id"].as_i64() else {
            return findings.say(format!("the create of {:?} was answered {answer}", entry.title));
        };
        if entry.id.is_some_and(|known| known != id) {
            findings.say(format!("{:?} was answered as incident {:?} and then as {answer}", entry.title, entry.id));
        }
        let is_suppressed = answer["deduplicated"] == true;
        // A first try that was not answered may have begun the incident.
        let may_be_suppressed = deed == Deed::Suppress(place) || (entry.has_dedup_key && entry.suppressed.1 > 0);
        if is_suppressed && !may_be_suppressed {
            findings.say(format!("{:?} is new and was answered {answer}", entry.title));
        }
        if deed == Deed::Suppress(place) && !is_suppressed {
            findings.say(format!("{:?} is unresolved and was answered {answer}", entry.title));
        }
        entry.suppressed.0 += u32::from(is_suppressed && deed != Deed::Repeat(place));
        entry.id = Some(id);
        if deed == Deed::Create(place) {
            entry.standing = Standing::Answered;
            findings.count(|figures| figures.creates_answered += 1);
            self.open.push(place);
            if self.open.len() > NEWEST {
                self.open.remove(0);
            }
        }
    }

    /// Writes down that it is not known whether this was done.
    fn doubt(&mut self, deed: Deed) {
        match deed {
            Deed::Create(place) => {
                let entry = &mut self.book[place];
                entry.suppressed.1 += 1;
                self.unanswered = (entry.has_dedup_key || entry.has_idempotency_key).then_some(deed);
            }
            Deed::Suppress(place) => self.book[place].suppressed.1 += 1,
            Deed::Repeat(_) => {}
            Deed::Command(place, number) if self.book[place].commands[number].is_repeatable => {
                self.unanswered = Some(Deed::Command(place, number));
            }
            // What comes after it could not be told from it.
            Deed::Command(place, _) => self.open.retain(|open| *open != place),
        }
    }
}

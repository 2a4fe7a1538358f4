//! Actions: what can happen in a world, and how often.

use domain::notification::Channel;
use serde_json::{Value, json};

use super::asked::{Asked, Verdict, verdict};
use super::carriers::Mood;
use super::chance::Chance;
use super::command::{Command, order};
use super::faults::{Database, Point};
use super::organization::{Edit, Organization, PEOPLE};
use super::{Broken, World};
use crate::{Call, PlainSwap};
use domain::incident::EventType;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
/// Unresolved incidents above which no new ones come.
const MANY: usize = 10;

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Create,
    Command,
    Retry,
    Read,
    Resend,
    Seconds,
    Minutes,
    Jump,
    ClockJump,
    Crash,
    Database,
    Carriers,
    Edit,
    Swap,
}

const ACTIONS: [(i64, Action); 14] = [
    (190, Action::Create),
    (330, Action::Command),
    (20, Action::Retry),
    (20, Action::Read),
    (15, Action::Resend),
    (190, Action::Seconds),
    (130, Action::Minutes),
    (2, Action::Jump),
    (6, Action::ClockJump),
    (30, Action::Crash),
    (20, Action::Database),
    (22, Action::Carriers),
    (15, Action::Edit),
    (10, Action::Swap),
];

/// A request whose answer never came, to be repeated.
#[derive(Clone, Debug)]
pub(super) struct Unanswered {
    path: String,
    body: Value,
    key: String,
}

impl World {
    /// Does one thing.
    pub(super) fn act(&mut self) -> Result<(), Broken> {
        match self.chance.weighted(&ACTIONS) {
            Action::Create if self.sight.unresolved().len() < MANY => self.create(),
            Action::Create | Action::Command => self.command(),
            Action::Retry => self.retry(),
            Action::Read => self.read(),
            Action::Resend => self.resend(),
            Action::Seconds => self.pass(self.chance.between(1, 90) * SECOND),
            Action::Minutes => self.pass(self.chance.between(1, 9) * MINUTE),
            Action::Jump => self.jump(),
            Action::ClockJump => self.clock_jump(),
            Action::Crash => self.crash(),
            Action::Database => self.turn_database(),
            Action::Carriers => self.turn_carriers(),
            Action::Edit => self.edit(),
            Action::Swap => self.swap(),
        }
    }

    fn create(&mut self) -> Result<(), Broken> {
        self.created += 1;
        let body = order(self.created, &self.chance, &self.organization);
        let key = self.chance.of_thousand(400).then(|| format!("request-{}", self.created));
        self.post("/incidents/create".to_owned(), body, key, None)
    }

    fn command(&mut self) -> Result<(), Broken> {
        let Some(command) = Command::draw(&self.chance, &self.sight, &self.organization) else { return Ok(()) };
        self.commands += 1;
        let key = self.chance.of_thousand(100).then(|| format!("command-{}", self.commands));
        self.post(format!("/incidents/{}", command.operation.path), command.body.clone(), key, Some(&command))
    }

    /// Asks for something, and remembers it where it may have to be repeated.
    fn post(
        &mut self,
        path: String,
        body: Value,
        key: Option<String>,
        command: Option<&Command>,
    ) -> Result<(), Broken> {
        let mut call = Call::post(&path).key(&self.key).json(&body);
        if let Some(key) = &key {
            call = call.header("idempotency-key", key);
        }
        let Some(asked) = self.ask(&format!("POST {path} {body}"), call) else { return self.turn() };
        let is_unanswered = matches!(asked.verdict, Verdict::Unknown | Verdict::NotNow);
        if let Some(key) = key.filter(|_| is_unanswered) {
            self.unanswered.push(Unanswered { path, body, key });
        }
        let asked = Asked {
            incident: command.map(|command| command.incident),
            told: command.map(|command| command.operation.told),
            count: command.and_then(Command::count),
            ..asked
        };
        self.look(Some(&asked))?;
        self.turn()
    }

    /// A client that got no answer asks again.
    fn retry(&mut self) -> Result<(), Broken> {
        let Some(Unanswered { path, body, key }) = self.unanswered.pop() else { return Ok(()) };
        let call = Call::post(&path).key(&self.key).json(&body).header("idempotency-key", &key);
        let Some(asked) = self.ask(&format!("again: POST {path} {body}"), call) else { return self.turn() };
        self.look(Some(&asked))?;
        self.turn()
    }

    /// What is read is what is stored.
    fn read(&mut self) -> Result<(), Broken> {
        let call = Call::get("/list/incidents").key(&self.key);
        let Some(asked) = self.ask("GET /list/incidents", call) else { return self.turn() };
        self.look(None)?;
        if let Verdict::Done(listed) = &asked.verdict {
            let listed: Vec<i64> =
                listed.as_array().into_iter().flatten().filter_map(|item| item["instance_id"].as_i64()).collect();
            let mut open = self.sight.unresolved();
            open.reverse();
            if listed != open {
                let promise = "a list tells of what is stored";
                return Err(self.broken(promise, &[format!("{listed:?} are listed, and {open:?} are unresolved")]));
            }
        }
        self.turn()
    }

    fn resend(&mut self) -> Result<(), Broken> {
        let handed = self.carriers.handed_since(0);
        let Some(last) = handed.last() else { return Ok(()) };
        let Some((incident, _)) = last.about.first() else { return Ok(()) };
        let path = format!("/v1/incidents/{incident}/notifications/{}/resend", last.message.delivery_id);
        self.post(path, json!({}), None, None)
    }

    fn jump(&mut self) -> Result<(), Broken> {
        let before = self.organization.change_at * MINUTE - 20 * SECOND;
        let micros = if self.now < before && before - self.now < 90 * MINUTE { before - self.now } else { 40 * MINUTE };
        self.pass(micros)
    }

    fn clock_jump(&mut self) -> Result<(), Broken> {
        let seconds = self.chance.between(1, 90);
        if let Some(number) = self.any_node() {
            self.note(format!("the clock of node {number} is {seconds} s ahead"));
            self.set_ahead(number, seconds * SECOND);
        }
        self.turn()
    }

    fn crash(&mut self) -> Result<(), Broken> {
        let Some(number) = self.any_node() else { return Ok(()) };
        let count = u32::try_from(self.chance.below(4)).expect("small");
        let point = match self.chance.below(6) {
            0 => {
                self.note(format!("node {number} dies"));
                self.bury(number);
                return self.turn();
            }
            1 => Point::AfterClaim,
            2 => Point::AfterSend,
            3 => Point::BeforeRecord,
            4 => Point::AfterCommit(count),
            _ => Point::BeforeCommit(count),
        };
        self.note(format!("node {number} is to die {point:?}"));
        self.die_at(number, point);
        self.turn()
    }

    fn turn_database(&mut self) -> Result<(), Broken> {
        let database = *self.chance.pick(&[Database::Busy, Database::Gone, Database::Mute]);
        let seconds = self.chance.between(1, 120);
        self.note(format!("the database is {database:?} for {seconds} s"));
        self.set_database(database, seconds * SECOND);
        self.turn()
    }

    fn turn_carriers(&mut self) -> Result<(), Broken> {
        let channel = *self.chance.pick(&Channel::ALL);
        let mood = *self.chance.pick(&[Mood::Well, Mood::Well, Mood::Failing, Mood::Slow]);
        self.note(format!("the carriers of {} are {mood:?}", channel.word()));
        self.carriers.set_mood(channel, mood);
        self.turn()
    }

    fn edit(&mut self) -> Result<(), Broken> {
        let kinds = [Edit::Policy, Edit::Routine, Edit::Routine, Edit::Service, Edit::Person, Edit::Fallback];
        let edit = *self.chance.pick(&kinds);
        let said = self.organization.edit(edit, &self.chance, &self.outside, &self.ids);
        self.note(format!("edited: {said}"));
        self.turn()
    }

    fn swap(&mut self) -> Result<(), Broken> {
        let routine = Organization::routine(&self.chance);
        let from = self.now / MINUTE + self.chance.between(0, 60);
        let swap = draw_swap(&self.chance, from);
        let wire = |minute: i64| domain::Instant(minute * MINUTE).wire();
        let body = json!({"out": swap.out, "in": swap.into, "from": wire(swap.from), "until": wire(swap.until)});
        let path = format!("/v1/routines/{}/swaps", self.organization.ref_id("routine", routine));
        let call = Call::post(&path).key(&self.key).json(&body);
        let asked = self.ask(&format!("POST {path} {body}"), call);
        self.organization.read_swaps(&self.outside);
        if let Some(asked) = asked {
            self.look(Some(&asked))?;
        }
        self.turn()
    }
}

fn draw_swap(chance: &Chance, from: i64) -> PlainSwap {
    let out = *chance.pick(&PEOPLE);
    let others: Vec<&str> = PEOPLE.into_iter().filter(|name| *name != out).collect();
    let into = chance.of_thousand(850).then(|| (*chance.pick(&others)).to_owned());
    PlainSwap { out: out.to_owned(), into, from, until: from + chance.between(10, 300) }
}

/// What an answer to a request of the API promises.
pub(super) fn asked(what: String, answer: Option<&crate::Answer>) -> Asked {
    Asked { what, incident: None, told: None::<EventType>, count: None, verdict: verdict(answer) }
}

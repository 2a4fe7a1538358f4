//! Every carrier of every engine. It fails, delays, delivers twice, or takes a message and does not say so.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::notification::Channel;
use engine::Clock;
use notify::carrier::{BoxFuture, Carrier, Message, Outcome, Report};
use store::{Dialect, Store, Tx};
use tokio::sync::oneshot;

use super::chance::Chance;
use super::faults::{Line, Point};

const SECOND: i64 = 1_000_000;

/// How the carriers of a channel are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// They nearly always deliver.
    Well,
    /// They mostly fail.
    Failing,
    /// They take very long.
    Slow,
}

/// A message that an engine gave to a carrier.
#[derive(Clone, Debug)]
pub(super) struct Handed {
    /// Which engine.
    pub(super) node: usize,
    /// When, by the engine's clock.
    pub(super) at: i64,
    /// When, by the world's.
    pub(super) on: i64,
    pub(super) user: String,
    pub(super) channel: Channel,
    pub(super) message: Message,
    /// The incidents that it is about, each with its version at that moment.
    pub(super) about: Vec<(i64, i64)>,
}

impl Handed {
    /// What happened, in words.
    pub(super) fn words(&self) -> String {
        let Self { node, user, channel, message, .. } = self;
        let about: Vec<i64> = self.about.iter().map(|(id, _)| *id).collect();
        let (kind, id, attempt) = (self.kind(), &message.delivery_id, message.attempt);
        format!("node {node}: {kind} to {user} by {}, {id}, attempt {attempt}, about {about:?}", channel.word())
    }

    /// What it is: `incident.page`, `incident.bundle`, `on_call.begins` …
    pub(super) fn kind(&self) -> &str {
        self.message.payload["type"].as_str().unwrap_or_default()
    }
}

/// What a carrier makes of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Course {
    Delivered,
    DeliveredTwice,
    Later,
    Never,
    Slowly { seconds: i64 },
    TakenThenTimeOut { seconds: i64 },
    TimeOut { seconds: i64 },
}

/// A message whose carrier has not answered yet.
struct Held {
    until: i64,
    node: usize,
    /// Which of `messages` arrives when the wait is over.
    arrives: Option<usize>,
    report: Report,
    reply: oneshot::Sender<Report>,
}

struct State {
    now: i64,
    messages: Vec<Handed>,
    /// Places in `messages` of those that arrived and that nobody has read yet.
    arrived: Vec<usize>,
    held: Vec<Held>,
    moods: BTreeMap<Channel, Mood>,
    is_healed: bool,
}

/// The carriers of a world.
#[derive(Clone)]
pub(super) struct Carriers {
    state: Arc<Mutex<State>>,
    chance: Chance,
    outside: Arc<Store>,
}

impl Carriers {
    pub(super) fn new(outside: &Arc<Store>, chance: Chance, now: i64) -> Self {
        let (messages, arrived, held, moods) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
        let state = State { now, messages, arrived, held, moods, is_healed: false };
        Self { state: Arc::new(Mutex::new(state)), chance, outside: Arc::clone(outside) }
    }

    /// The carriers of one engine.
    pub(super) fn of_node(&self, node: usize, clock: &Clock, line: &Arc<Line>) -> BTreeMap<Channel, Arc<dyn Carrier>> {
        let counter = |channel| {
            let (carriers, clock, line) = (self.clone(), clock.clone(), Arc::clone(line));
            let counter: Arc<dyn Carrier> = Arc::new(Counter { carriers, node, channel, clock, line });
            (channel, counter)
        };
        Channel::ALL.into_iter().map(counter).collect()
    }

    pub(super) fn set_mood(&self, channel: Channel, mood: Mood) {
        self.state().moods.insert(channel, mood);
    }

    /// From now on every message is delivered at once.
    pub(super) fn heal(&self) {
        let mut state = self.state();
        state.is_healed = true;
        state.moods.clear();
    }

    /// When the next carrier answers.
    pub(super) fn next_at(&self) -> Option<i64> {
        self.state().held.iter().map(|held| held.until).min()
    }

    /// Messages of an engine whose carriers have not answered yet.
    pub(super) fn held_by(&self, node: usize) -> usize {
        self.state().held.iter().filter(|held| held.node == node).count()
    }

    /// Lets time pass: carriers answer whose time has come.
    pub(super) fn pass(&self, now: i64) {
        let mut state = self.state();
        state.now = now;
        let (mut over, held): (Vec<_>, Vec<_>) =
            std::mem::take(&mut state.held).into_iter().partition(|held| held.until <= now);
        state.held = held;
        over.sort_by_key(|held| held.until);
        for held in over {
            state.arrived.extend(held.arrives);
            // An engine that died meanwhile does not listen any more.
            let _ = held.reply.send(held.report);
        }
    }

    /// An engine died: nobody waits for its answers. What was on its way may arrive all the same.
    pub(super) fn forget(&self, node: usize) {
        let mut state = self.state();
        let (gone, held): (Vec<_>, Vec<_>) =
            std::mem::take(&mut state.held).into_iter().partition(|held| held.node == node);
        state.held = held;
        state.arrived.extend(gone.into_iter().filter_map(|held| held.arrives));
    }

    /// The messages that arrived since the last look.
    pub(super) fn arrived(&self) -> Vec<Handed> {
        let mut state = self.state();
        let fresh = std::mem::take(&mut state.arrived);
        fresh.into_iter().map(|place| state.messages[place].clone()).collect()
    }

    /// The messages that engines handed over, from the one with this number on.
    pub(super) fn handed_since(&self, place: usize) -> Vec<Handed> {
        self.state().messages[place..].to_vec()
    }

    /// Pretends that an engine handed this over, so that a test sees who notices.
    #[cfg(test)]
    pub(super) fn plant(&self, handed: Handed) {
        self.state().messages.push(handed);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn course(&self, channel: Channel) -> Course {
        let state = self.state();
        if state.is_healed {
            return Course::Delivered;
        }
        let mood = state.moods.get(&channel).copied().unwrap_or(Mood::Well);
        drop(state);
        let [late, long] = [self.chance.between(2, 30), self.chance.between(61, 130)];
        let odds = match mood {
            Mood::Well => [880, 20, 35, 8, 20, 25, 12],
            Mood::Failing => [100, 0, 600, 20, 30, 50, 200],
            Mood::Slow => [200, 20, 80, 0, 600, 50, 50],
        };
        let courses = [
            Course::Delivered,
            Course::DeliveredTwice,
            Course::Later,
            Course::Never,
            Course::Slowly { seconds: if self.chance.of_thousand(50) { long } else { late } },
            Course::TakenThenTimeOut { seconds: late },
            Course::TimeOut { seconds: if self.chance.of_thousand(100) { long } else { late } },
        ];
        let among: Vec<(i64, Course)> = odds.into_iter().zip(courses).collect();
        self.chance.weighted(&among)
    }

    /// The versions of these incidents, read apart from the thread that drives the engine, which PostgreSQL's driver
    /// does not bear.
    fn look_at(&self, ids: &[i64]) -> Vec<(i64, i64)> {
        let look = || self.outside.read(|tx: &mut dyn Tx| versions(tx, ids)).expect("the world can always look");
        match self.outside.dialect() {
            Dialect::Sqlite => look(),
            Dialect::Postgresql => std::thread::scope(|scope| scope.spawn(look).join()).expect("a look"),
        }
    }

    /// Keeps a message, with what its incidents are at this moment; its place.
    fn keep(&self, counter: &Counter, message: &Message) -> usize {
        let data = &message.payload["data"];
        let ids: Vec<i64> = match data["instance_ids"].as_array() {
            Some(ids) => ids.iter().filter_map(serde_json::Value::as_i64).collect(),
            None => data["instance_id"].as_i64().into_iter().collect(),
        };
        let about = self.look_at(&ids);
        let handed = Handed {
            node: counter.node,
            at: counter.clock.now(),
            on: self.state().now,
            user: data["preferred_username"].as_str().unwrap_or_default().to_owned(),
            channel: counter.channel,
            message: message.clone(),
            about,
        };
        let mut state = self.state();
        state.messages.push(handed);
        state.messages.len() - 1
    }
}

fn versions(tx: &mut dyn Tx, ids: &[i64]) -> Result<Vec<(i64, i64)>, store::Error> {
    let mut about = Vec::new();
    for id in ids {
        let sql = "select version from incident where instance_id = $1";
        if let Some(row) = tx.one(sql, &[(*id).into()])? {
            about.push((*id, row.integer(0)?));
        }
    }
    Ok(about)
}

/// One channel's counter for one engine.
struct Counter {
    carriers: Carriers,
    node: usize,
    channel: Channel,
    clock: Clock,
    line: Arc<Line>,
}

impl Counter {
    async fn take(&self, message: &Message) -> Report {
        if self.line.is_dead() || self.line.dies(Point::AfterClaim) {
            return std::future::pending().await;
        }
        let course = self.carriers.course(self.channel);
        let place = self.carriers.keep(self, message);
        if self.line.dies(Point::AfterSend) {
            self.carriers.state().arrived.push(place);
            return std::future::pending().await;
        }
        let report = self.follow(course, place).await;
        self.line.heard();
        report
    }

    async fn follow(&self, course: Course, place: usize) -> Report {
        let arrives = |times: usize| self.carriers.state().arrived.extend(std::iter::repeat_n(place, times));
        let later = || report(Outcome::TemporaryFailure { retry_after_seconds: None }, "451 not now");
        match course {
            Course::Delivered => arrives(1),
            Course::DeliveredTwice => arrives(2),
            Course::Later => return later(),
            Course::Never => return report(Outcome::PermanentFailure, "550 no such person"),
            Course::Slowly { seconds } => {
                let report = report(Outcome::Delivered, "250 taken at last");
                return self.hold(seconds, Some(place), report).await;
            }
            Course::TakenThenTimeOut { seconds } => {
                arrives(1);
                return self.hold(seconds, None, later()).await;
            }
            Course::TimeOut { seconds } => return self.hold(seconds, None, later()).await,
        }
        report(Outcome::Delivered, "250 taken")
    }

    async fn hold(&self, seconds: i64, arrives: Option<usize>, report: Report) -> Report {
        let (reply, answer) = oneshot::channel();
        {
            let mut state = self.carriers.state();
            let until = state.now + seconds * SECOND;
            state.held.push(Held { until, node: self.node, arrives, report: report.clone(), reply });
        }
        answer.await.unwrap_or(report)
    }
}

fn report(outcome: Outcome, answer: &str) -> Report {
    Report { outcome, answer: answer.to_owned(), elapsed_micros: 0 }
}

impl Carrier for Counter {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Report> {
        Box::pin(self.take(message))
    }
}

//! A carrier that keeps every message and answers what the test wants; by default each is delivered.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Instant;
use domain::notification::Channel;
use engine::Clock;
use notify::carrier::{BoxFuture, Carrier, Message, Outcome, Report};
use tokio::sync::{Notify, oneshot};

/// What the carrier answers to one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It took the message.
    Delivered,
    /// Not now.
    Temporary,
    /// Not now, and not before so many seconds.
    After(u32),
    /// Never.
    Permanent,
    /// Never, because there is no such destination any more.
    Gone,
    /// Nothing, until [`Post::release`].
    Silence,
    /// The carrier itself breaks.
    Panic,
}

/// A message that a carrier was given.
#[derive(Clone, Debug)]
pub struct Sent {
    /// When.
    pub at: Instant,
    /// To whom: the preferred username.
    pub user: String,
    /// By which channel.
    pub channel: Channel,
    /// The message.
    pub message: Message,
    /// What the carrier answered; `None` while it keeps silent.
    pub report: Option<Report>,
    is_seen: bool,
}

type Place = (String, Channel);

#[derive(Default)]
struct State {
    sent: Vec<Sent>,
    replies: HashMap<Place, VecDeque<Reply>>,
    standing: HashMap<Place, Reply>,
    silent: Vec<(Place, oneshot::Sender<Reply>)>,
}

/// The carriers of a test: all channels' carriers, which share what they know.
#[derive(Clone)]
pub struct Post {
    clock: Clock,
    state: Arc<Mutex<State>>,
    silence: Arc<Notify>,
}

impl Post {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), state: Arc::default(), silence: Arc::default() }
    }

    /// The carrier of one channel.
    pub fn carrier(&self, channel: Channel) -> Arc<dyn Carrier> {
        Arc::new(Counter { post: self.clone(), channel, behind: None })
    }

    /// A counter in front of a real carrier, which answers for itself.
    pub fn in_front_of(&self, channel: Channel, carrier: Arc<dyn Carrier>) -> Arc<dyn Carrier> {
        Arc::new(Counter { post: self.clone(), channel, behind: Some(carrier) })
    }

    /// What the next messages to `user` by `channel` are answered, in turn; those after them are delivered.
    pub fn script(&self, user: &str, channel: Channel, replies: &[Reply]) {
        self.state().replies.entry((user.to_owned(), channel)).or_default().extend(replies);
    }

    /// What messages to `user` by `channel` are answered from now on, where no other reply is scripted.
    pub fn always(&self, user: &str, channel: Channel, reply: Reply) {
        self.state().standing.insert((user.to_owned(), channel), reply);
    }

    /// Answers the messages to `user` by `channel` that wait in silence; how many those were.
    pub fn release(&self, user: &str, channel: Channel, reply: Reply) -> usize {
        let place = (user.to_owned(), channel);
        let silent = std::mem::take(&mut self.state().silent);
        let (released, kept): (Vec<_>, Vec<_>) = silent.into_iter().partition(|(at, _)| *at == place);
        self.state().silent.extend(kept);
        released.into_iter().filter_map(|(_, answer)| answer.send(reply).ok()).count()
    }

    /// How many messages wait in silence.
    pub fn silent(&self) -> usize {
        self.state().silent.iter().filter(|(_, answer)| !answer.is_closed()).count()
    }

    /// Ends when one more message waits in silence.
    pub(crate) async fn falls_silent(&self) {
        self.silence.notified().await;
    }

    /// The messages that nobody has looked at yet, by time, person and channel; from now on they are looked at.
    pub fn messages(&self) -> Vec<Sent> {
        let mut state = self.state();
        let mut fresh: Vec<Sent> = state.sent.iter().filter(|sent| !sent.is_seen).cloned().collect();
        state.sent.iter_mut().for_each(|sent| sent.is_seen = true);
        fresh.sort_by(|a, b| (a.at, &a.user, a.channel).cmp(&(b.at, &b.user, b.channel)));
        fresh
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a message; its number, by which its report finds it.
    fn keep(&self, user: &str, channel: Channel, message: &Message) -> usize {
        let at = Instant(self.clock.now());
        let (user, message) = (user.to_owned(), message.clone());
        let mut state = self.state();
        state.sent.push(Sent { at, user, channel, message, report: None, is_seen: false });
        state.sent.len() - 1
    }

    fn reply(&self, place: &Place) -> Reply {
        let mut state = self.state();
        let scripted = state.replies.get_mut(place).and_then(VecDeque::pop_front);
        scripted.or_else(|| state.standing.get(place).copied()).unwrap_or(Reply::Delivered)
    }

    async fn answer(&self, place: Place) -> Report {
        let reply = match self.reply(&place) {
            Reply::Silence => {
                let (answer, waiting) = oneshot::channel();
                self.state().silent.push((place, answer));
                self.silence.notify_one();
                waiting.await.unwrap_or(Reply::Temporary)
            }
            reply => reply,
        };
        let (outcome, answer) = match reply {
            Reply::Delivered => (Outcome::Delivered, "250 taken"),
            Reply::Permanent => (Outcome::PermanentFailure, "550 no such person"),
            Reply::Gone => (Outcome::Gone, "410 gone"),
            Reply::After(seconds) => (Outcome::TemporaryFailure { retry_after_seconds: Some(seconds) }, "429 later"),
            Reply::Temporary | Reply::Silence => {
                (Outcome::TemporaryFailure { retry_after_seconds: None }, "451 not now")
            }
            Reply::Panic => panic!("the carrier breaks, as the test wants"),
        };
        Report { outcome, answer: answer.to_owned(), elapsed_micros: 0 }
    }
}

/// The counter of one channel, where each message is kept before it goes on.
struct Counter {
    post: Post,
    channel: Channel,
    /// The carrier that takes it from here; none where the test itself answers.
    behind: Option<Arc<dyn Carrier>>,
}

impl Counter {
    async fn take(&self, message: &Message) -> Report {
        let user = message.payload["data"]["preferred_username"].as_str().expect("a username").to_owned();
        let number = self.post.keep(&user, self.channel, message);
        let report = match &self.behind {
            Some(carrier) => carrier.send(message).await,
            None => self.post.answer((user, self.channel)).await,
        };
        self.post.state().sent[number].report = Some(report.clone());
        report
    }
}

impl Carrier for Counter {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Report> {
        Box::pin(self.take(message))
    }
}

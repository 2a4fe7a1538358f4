//! One round: a server under load until it is killed, while what the one before it answered is looked at.

use std::net::SocketAddr;
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde_json::json;

use super::chance::Chance;
use super::compare::{Moment, compare};
use super::{Run, Sign, mail};
use crate::{PATIENCE, Server};

/// Most answers before a kill under load.
const ANSWERS: u64 = 160;
/// Most microseconds that a kill comes after an answer, or after the beginning of the end.
const MICROS: u64 = 4_000;
/// Most microseconds that a kill comes after the start: about when the server begins to listen.
const START_MICROS: u64 = 60_000;
/// Connections that look at what was answered before.
const CHECKERS: usize = 2;

/// How often which end came.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ends {
    pub(super) at_start: u64,
    pub(super) under_load: u64,
    pub(super) in_delivery: u64,
    pub(super) while_stopping: u64,
}

/// When a server is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// So long after it was started, whatever it does by then.
    AtStart,
    /// After some answers, and a moment.
    UnderLoad,
    /// While a page is with its receiver, who has not answered.
    InDelivery,
    /// A moment after it was asked to stop.
    WhileStopping,
}

impl Run {
    /// Kills this server at some moment and starts the next one, over what all before it left behind.
    pub(super) fn round(&mut self, mut server: Server, number: u64) -> Server {
        let mut chance = Chance::of(self.plan.seed, 1_000_000 + number);
        let end = match chance.below(100) {
            0..10 => End::AtStart,
            10..30 => End::InDelivery,
            30..40 => End::WhileStopping,
            _ => End::UnderLoad,
        };
        let ends = &mut self.ends;
        *match end {
            End::AtStart => &mut ends.at_start,
            End::UnderLoad => &mut ends.under_load,
            End::InDelivery => &mut ends.in_delivery,
            End::WhileStopping => &mut ends.while_stopping,
        } += 1;
        if end == End::AtStart {
            pass(chance.below(START_MICROS));
            return self.kill(server);
        }
        server.listening();
        let next = self.load_until_killed(server, end, &mut chance);
        let news: Vec<_> = self.callers.iter_mut().flat_map(super::caller::Caller::news).collect();
        self.unchecked.get_mut().unwrap_or_else(PoisonError::into_inner).extend(news);
        next
    }

    fn load_until_killed(&mut self, server: Server, end: End, chance: &mut Chance) -> Server {
        let address = server.address;
        let (sender, signs) = channel();
        let mut callers = std::mem::take(&mut self.callers);
        let this = &*self;
        let (next, marks) = std::thread::scope(|scope| {
            for caller in &mut callers {
                let sender = sender.clone();
                scope.spawn(move || {
                    let mut client = this.organization.client(address);
                    caller.call(&mut client, &this.organization.policies, &this.findings, &sender, || false);
                });
            }
            for _ in 0..CHECKERS {
                scope.spawn(|| this.check(address));
            }
            this.await_the_end(&server, end, chance, sender, &signs);
            this.kill_and_begin(server)
        });
        self.callers = callers;
        self.note(marks);
        next
    }

    fn await_the_end(
        &self,
        server: &Server,
        end: End,
        chance: &mut Chance,
        sender: Sender<Sign>,
        signs: &Receiver<Sign>,
    ) {
        let mut answers = 1 + chance.below(ANSWERS);
        if end == End::InDelivery {
            answers = ANSWERS;
            self.organization.hook.leave_unanswered(chance.below(ANSWERS / 4), sender);
        }
        while answers > 0 {
            match signs.recv_timeout(PATIENCE) {
                Ok(Sign::Answer) => answers -= 1,
                Ok(Sign::Page) => break,
                // All callers have met a closed connection, though nobody closed it.
                Err(_) => return self.findings.say("the server stopped answering by itself".to_owned()),
            }
        }
        if end == End::WhileStopping {
            server.ask_to_stop();
        }
        pass(chance.below(MICROS));
    }

    /// Looks at what was answered by a server that is dead, until this one is, too.
    fn check(&self, address: SocketAddr) {
        let mut client = self.organization.client(address);
        loop {
            let Some(entry) = self.unchecked.lock().unwrap_or_else(PoisonError::into_inner).pop_front() else { return };
            let body = json!({"instance_id": entry.id});
            match client.try_post("/incidents/details", &body) {
                Ok(answer) if answer.status == 200 => {
                    compare(&entry, &answer.json(), Moment::UnderLoad, &self.findings);
                }
                Ok(answer) if answer.status != 503 => {
                    self.findings.say(format!("{:?} was answered, and now: {}", entry.title, answer.body));
                }
                _ => return self.unchecked.lock().unwrap_or_else(PoisonError::into_inner).push_front(entry),
            }
        }
    }

    fn kill(&mut self, server: Server) -> Server {
        let (next, marks) = self.kill_and_begin(server);
        self.note(marks);
        next
    }

    /// Kills, draws the line between its messages and the next one's, and starts that.
    fn kill_and_begin(&self, server: Server) -> (Server, (u64, u64)) {
        let log = server.kill_9();
        self.look_at(&log);
        self.organization.hook.answer_all();
        let marks = (self.organization.hook.mark(), mail::mark(self.organization.mail_port));
        (self.organization.home.begin(), marks)
    }

    /// Nothing in the log of a server that is killed is an error of its own.
    pub(super) fn look_at(&self, log: &[String]) {
        for line in log.iter().filter(|line| line.contains("\"level\":\"ERROR\"") || line.contains("panicked")) {
            self.findings.say(format!("the log of a server says: {line}"));
        }
    }

    fn note(&mut self, (hook, mail): (u64, u64)) {
        self.marks.hook.push(hook);
        self.marks.mail.push(mail);
    }
}

/// Lets a moment pass, by waiting for what never comes: the kill is to come at any moment, and nothing else waits for it.
pub(super) fn pass(micros: u64) {
    let (_sender, never) = channel::<()>();
    let _ = never.recv_timeout(Duration::from_micros(micros));
}

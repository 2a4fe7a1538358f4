//! Two nodes over one PostgreSQL: every five seconds one is killed and started again, while callers turn to whichever
//! answers.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};

use super::Run;
use super::round::pass;
use crate::Server;

/// The time between two kills.
const BETWEEN_MICROS: u64 = 5_000_000;
/// What each caller waits before it asks again, so that the load is that of a bad day and not a flood.
const PAUSE_MICROS: u64 = 20_000;

impl Run {
    /// Kills one of two in each round, in turn. One of them, for the reckoning.
    pub(super) fn nodes(&mut self) -> Server {
        let mut servers = [self.organization.home.serve(), self.organization.home.serve()];
        let addresses = Mutex::new(servers.each_ref().map(|server| server.address));
        let (is_over, mut callers) = (AtomicBool::new(false), std::mem::take(&mut self.callers));
        let this = &*self;
        std::thread::scope(|scope| {
            for (number, caller) in callers.iter_mut().enumerate() {
                let (addresses, is_over) = (&addresses, &is_over);
                scope.spawn(move || {
                    let (sender, _answers) = channel();
                    let is_enough = || {
                        pass(PAUSE_MICROS);
                        is_over.load(Ordering::Relaxed)
                    };
                    for turn in number.. {
                        if is_enough() {
                            return;
                        }
                        let address = lock(addresses)[turn % 2];
                        let mut client = this.organization.client(address);
                        caller.call(&mut client, &this.organization.policies, &this.findings, &sender, is_enough);
                    }
                });
            }
            for round in 0..this.plan.rounds {
                pass(BETWEEN_MICROS);
                let place = usize::from(round % 2 == 1);
                this.replace(&mut servers[place], &mut lock(&addresses)[place]);
            }
            is_over.store(true, Ordering::Relaxed);
        });
        self.callers = callers;
        let [one, other] = servers;
        if !other.terminate().success() {
            self.findings.say("a node did not stop as it was asked".to_owned());
        }
        one
    }

    /// Kills a node and starts another in its place.
    fn replace(&self, server: &mut Server, address: &mut SocketAddr) {
        let mut next = self.organization.home.begin();
        std::mem::swap(server, &mut next);
        self.look_at(&next.kill_9());
        server.listening();
        *address = server.address;
    }
}

fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

//! What a node does about its database every few seconds, and whether the database was there the last time.

use crate::clock::{Clock, Stopwatch};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Real time between two proofs that the database is there; under load there are many beats in a second.
const PRESENCE: Duration = Duration::from_secs(1);
/// Real time between two questions for the time.
const TIME: Duration = Duration::from_secs(10);

/// When a node checked its database last, and how that went.
#[derive(Debug)]
pub(crate) struct DatabaseChecks {
    /// That it is there and has our schema.
    pub(crate) presence: Interval,
    /// What time it is.
    pub(crate) time: Interval,
    is_lost: AtomicBool,
}

/// Something that is due when it was not done for a while.
#[derive(Debug)]
pub(crate) struct Interval {
    every: Duration,
    last: Mutex<Option<Stopwatch>>,
}

impl Default for DatabaseChecks {
    fn default() -> Self {
        let interval = |every| Interval { every, last: Mutex::default() };
        Self { presence: interval(PRESENCE), time: interval(TIME), is_lost: AtomicBool::new(false) }
    }
}

impl DatabaseChecks {
    /// Remembers whether the database is lost; whether it was.
    pub(crate) fn set_lost(&self, is_lost: bool) -> bool {
        self.is_lost.swap(is_lost, Relaxed)
    }
}

impl Interval {
    pub(crate) fn is_due(&self) -> bool {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().is_none_or(|last| Duration::from_micros(last.micros()) >= self.every)
    }

    pub(crate) fn done(&self, clock: &Clock) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(clock.stopwatch());
    }
}

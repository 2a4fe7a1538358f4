//! When a node looked at its database last, and whether it was there.

use crate::clock::{Clock, Stopwatch};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Real time between two looks; under load there are many beats in a second.
const LOOK: Duration = Duration::from_secs(1);
/// Real time between two questions for the time.
const TIME: Duration = Duration::from_secs(10);

/// What is done again and again.
#[derive(Debug)]
pub(crate) struct Looks {
    /// That the database is there and has our schema.
    pub(crate) found: Regular,
    /// What time it is.
    pub(crate) time: Regular,
    is_lost: AtomicBool,
}

/// Something that is due when it was not done for a while.
#[derive(Debug)]
pub(crate) struct Regular {
    every: Duration,
    last: Mutex<Option<Stopwatch>>,
}

impl Default for Looks {
    fn default() -> Self {
        let regular = |every| Regular { every, last: Mutex::default() };
        Self { found: regular(LOOK), time: regular(TIME), is_lost: AtomicBool::new(false) }
    }
}

impl Looks {
    /// Remembers whether the database is lost; whether it was.
    pub(crate) fn set_lost(&self, is_lost: bool) -> bool {
        self.is_lost.swap(is_lost, Relaxed)
    }
}

impl Regular {
    pub(crate) fn is_due(&self) -> bool {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().is_none_or(|last| Duration::from_micros(last.micros()) >= self.every)
    }

    pub(crate) fn done(&self, clock: &Clock) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(clock.stopwatch());
    }
}

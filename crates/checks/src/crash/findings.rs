//! What broke a promise, in words, and the figures of a run.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Findings that are told in full; of more only the number is.
const TOLD: usize = 20;

/// What is counted in a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    /// Creates that were answered 200, and those of them that are there as answered.
    pub(super) creates_answered: u64,
    /// See above.
    pub(super) creates_found: u64,
    /// Creates that were not answered, and turned out to be there, whole.
    pub(super) unanswered_found: u64,
    /// Commands that were answered 200, and those of them that are in the log.
    pub(super) commands_answered: u64,
    /// See above.
    pub(super) commands_found: u64,
    /// Pages that incidents still called for, or that are recorded as sent, and those of them that a receiver got.
    pub(super) pages_expected: u64,
    /// See above.
    pub(super) pages_received: u64,
    /// Pages that were called off, because somebody acted.
    pub(super) pages_called_off: u64,
    /// Messages that a receiver got again.
    pub(super) duplicates: u64,
    /// The most that one message came again after one crash.
    pub(super) most_duplicates: u64,
}

/// What was found so far, by all threads.
#[derive(Debug, Default)]
pub(super) struct Findings(Mutex<(Figures, Vec<String>)>);

impl Findings {
    fn lock(&self) -> MutexGuard<'_, (Figures, Vec<String>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that a promise was broken.
    pub(super) fn say(&self, what: String) {
        self.lock().1.push(what);
    }

    /// Counts.
    pub(super) fn count(&self, change: impl FnOnce(&mut Figures)) {
        change(&mut self.lock().0);
    }

    /// How much was found that should not be.
    pub(super) fn len(&self) -> usize {
        self.lock().1.len()
    }

    /// The figures so far.
    pub(super) fn figures(&self) -> Figures {
        self.lock().0.clone()
    }

    /// The findings in words.
    pub(super) fn told(&self) -> Vec<String> {
        let found = &self.lock().1;
        let mut told: Vec<_> = found.iter().take(TOLD).cloned().collect();
        if found.len() > TOLD {
            told.push(format!("and {} more", found.len() - TOLD));
        }
        told
    }
}

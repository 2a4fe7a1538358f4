//! When it was looked last whether somebody is to be told of something by mail.

use domain::Instant;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

/// Microseconds between two looks.
const BETWEEN: i64 = 60_000_000;

/// When this node looked last.
#[derive(Debug)]
pub(crate) struct Looked(AtomicI64);

impl Default for Looked {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }
}

impl Looked {
    /// Whether a minute has passed since the last look; if so, this is the next.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        let is_due = self.0.load(Relaxed).saturating_add(BETWEEN) <= now.0;
        if is_due {
            self.0.store(now.0, Relaxed);
        }
        is_due
    }
}

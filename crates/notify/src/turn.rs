//! A turn: work that goes on once at a time, and rests for a while when it met what is broken.

use domain::Instant;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Microseconds of a rest: what is broken is broken at the next look, too, which must not keep the server busy.
const REST: i64 = 1_000_000;

/// The one turn to do something.
#[derive(Debug)]
pub(crate) struct Turn {
    place: Arc<Semaphore>,
    /// Microseconds since 1970.
    rests_until: AtomicI64,
}

impl Default for Turn {
    fn default() -> Self {
        Self { place: Arc::new(Semaphore::new(1)), rests_until: AtomicI64::new(i64::MIN) }
    }
}

impl Turn {
    /// The turn, unless somebody has it or it rests. It ends when the answer is dropped.
    pub(crate) fn take(&self, now: Instant) -> Option<OwnedSemaphorePermit> {
        if self.rests(now) { None } else { Arc::clone(&self.place).try_acquire_owned().ok() }
    }

    /// Whether it rests.
    pub(crate) fn rests(&self, now: Instant) -> bool {
        self.rests_until.load(Ordering::Relaxed) > now.0
    }

    /// Nobody has the turn for a second from now on, once it ends.
    pub(crate) fn rest(&self, now: Instant) {
        self.rests_until.store(now.plus_micros(REST).0, Ordering::Relaxed);
    }

    /// Whether somebody has it.
    pub(crate) fn is_taken(&self) -> bool {
        self.place.available_permits() == 0
    }

    /// Ends when nobody has it.
    pub(crate) async fn ended(&self) {
        // The place is never closed, so that nothing but a place comes of this.
        let _ = self.place.acquire().await;
    }
}

#[cfg(test)]
mod tests {
    use super::Turn;
    use domain::Instant;

    #[test]
    fn one_has_the_turn_and_nobody_while_it_rests() {
        let (turn, now) = (Turn::default(), Instant(5));
        let taken = turn.take(now);
        assert!(taken.is_some() && turn.is_taken());
        assert!(turn.take(now).is_none(), "somebody has it");
        turn.rest(now);
        drop(taken);
        assert!(!turn.is_taken());
        assert!(turn.rests(now) && turn.take(now.plus_micros(999_999)).is_none(), "it rests");
        assert!(turn.take(now.plus_micros(1_000_000)).is_some());
    }
}

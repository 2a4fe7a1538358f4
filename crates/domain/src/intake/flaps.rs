//! Flapping: a problem that comes and goes so often that it is one matter (intake §2.3).

use crate::{Instant, limits};
use serde::{Deserialize, Serialize};

/// When a problem came and went lately.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flaps {
    /// The last changes, the oldest first, at most as many as make it flapping.
    changes: Vec<i64>,
    /// Whether it is flapping until it was quiet for long enough.
    pub is_flapping: bool,
    /// While it is flapping: when it counts as over if nothing more comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
}

impl Flaps {
    /// The problem came or went at `now`.
    #[must_use]
    pub fn with_change(&self, now: Instant) -> Self {
        let most = usize::try_from(limits::FLAP_CHANGES).unwrap_or(usize::MAX);
        let since = now.plus_micros(-i64::from(limits::FLAP_MINUTES) * 60_000_000);
        let mut changes: Vec<_> = self.changes.iter().copied().filter(|at| *at > since.0).chain([now.0]).collect();
        changes.drain(..changes.len().saturating_sub(most));
        let is_flapping = self.is_flapping || changes.len() >= most;
        Self { changes, is_flapping, expires_at: self.expires_at }
    }

    /// The same, where nothing more is to come after `expires_at`; what is not flapping need not remember that.
    #[must_use]
    pub fn until(self, expires_at: Option<Instant>) -> Self {
        Self { expires_at: expires_at.filter(|_| self.is_flapping), ..self }
    }

    /// When it has been quiet for long enough, if nothing more comes.
    pub fn quiet_at(&self) -> Option<Instant> {
        let last = self.changes.last().filter(|_| self.is_flapping)?;
        Some(Instant(*last).plus_minutes(limits::FLAP_QUIET_MINUTES))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(number: i64) -> Instant {
        Instant(1_800_000_000_000_000 + number * 60_000_000)
    }

    #[test]
    fn six_changes_in_half_an_hour_are_flapping_until_a_quiet_quarter() {
        let mut flaps = Flaps::default();
        for number in 0..5 {
            flaps = flaps.with_change(minute(number * 5));
            assert!(!flaps.is_flapping && flaps.quiet_at().is_none(), "{number}");
        }
        let slow = flaps.with_change(minute(31));
        assert!(!slow.is_flapping, "the first is too long ago");
        let flaps = flaps.with_change(minute(29));
        assert!(flaps.is_flapping);
        assert_eq!(flaps.quiet_at(), Some(minute(44)));
        assert_eq!(flaps.with_change(minute(40)).quiet_at(), Some(minute(55)));
    }
}

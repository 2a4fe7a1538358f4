//! Flapping: a problem that comes and goes so often that it is one matter (intake §2.3).

use crate::directory::Service;
use crate::{Instant, Urgency, limits};
use serde::{Deserialize, Serialize};

/// From when on a problem is flapping, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlapLimits {
    /// So many changes.
    pub changes: u32,
    /// Within so many minutes.
    pub minutes: u32,
    /// Until it was quiet for so many.
    pub quiet_minutes: u32,
}

impl Default for FlapLimits {
    fn default() -> Self {
        let (changes, minutes, quiet_minutes) =
            (limits::FLAP_CHANGES, limits::FLAP_MINUTES, limits::FLAP_QUIET_MINUTES);
        Self { changes, minutes, quiet_minutes }
    }
}

impl FlapLimits {
    /// Those of a service.
    pub fn of(service: Option<&Service>) -> Self {
        let Some(service) = service else { return Self::default() };
        let given = Self::default();
        Self {
            changes: service.flap_changes.unwrap_or(given.changes),
            minutes: service.flap_minutes.unwrap_or(given.minutes),
            quiet_minutes: service.flap_quiet_minutes.unwrap_or(given.quiet_minutes),
        }
    }

    /// Whether nothing is ever flapping.
    fn is_off(self) -> bool {
        self.changes == 0 || self.minutes == 0 || self.quiet_minutes == 0
    }
}

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
    /// While it is flapping: how loud it came back last, where that is louder than its incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rises_to: Option<Urgency>,
}

impl Flaps {
    /// The problem came or went at `now`.
    #[must_use]
    pub fn with_change(&self, now: Instant, limits: FlapLimits) -> Self {
        if limits.is_off() {
            return Self::default();
        }
        let most = usize::try_from(limits.changes).unwrap_or(usize::MAX);
        let since = now.plus_micros(-i64::from(limits.minutes) * 60_000_000);
        let mut changes: Vec<_> = self.changes.iter().copied().filter(|at| *at > since.0).chain([now.0]).collect();
        changes.drain(..changes.len().saturating_sub(most));
        let is_flapping = self.is_flapping || changes.len() >= most;
        Self { changes, is_flapping, ..self.clone() }
    }

    /// The same, where nothing more is to come after `expires_at`; what is not flapping need not remember that.
    #[must_use]
    pub fn until(self, expires_at: Option<Instant>) -> Self {
        Self { expires_at: expires_at.filter(|_| self.is_flapping), ..self }
    }

    /// When it has been quiet for long enough, if nothing more comes.
    pub fn quiet_at(&self, limits: FlapLimits) -> Option<Instant> {
        let last = self.changes.last().filter(|_| self.is_flapping)?;
        Some(Instant(*last).plus_minutes(limits.quiet_minutes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(number: i64) -> Instant {
        Instant(1_800_000_000_000_000 + number * 60_000_000)
    }

    const LIMITS: FlapLimits = FlapLimits { changes: 6, minutes: 30, quiet_minutes: 15 };

    #[test]
    fn a_service_says_itself_what_is_flapping_and_with_0_nothing_is() {
        let changes =
            |limits: FlapLimits| (0..8).fold(Flaps::default(), |flaps, at| flaps.with_change(minute(at), limits));
        let quick = FlapLimits { changes: 3, quiet_minutes: 5, ..LIMITS };
        let two = Flaps::default().with_change(minute(0), quick).with_change(minute(1), quick);
        assert!(!two.is_flapping && two.with_change(minute(2), quick).is_flapping);
        assert_eq!(two.with_change(minute(2), quick).quiet_at(quick), Some(minute(7)));
        for off in [
            FlapLimits { changes: 0, ..LIMITS },
            FlapLimits { minutes: 0, ..LIMITS },
            FlapLimits { quiet_minutes: 0, ..LIMITS },
        ] {
            assert_eq!(changes(off), Flaps::default(), "{off:?}");
        }
    }

    #[test]
    fn six_changes_in_half_an_hour_are_flapping_until_a_quiet_quarter() {
        let mut flaps = Flaps::default();
        for number in 0..5 {
            flaps = flaps.with_change(minute(number * 5), LIMITS);
            assert!(!flaps.is_flapping && flaps.quiet_at(LIMITS).is_none(), "{number}");
        }
        let slow = flaps.with_change(minute(31), LIMITS);
        assert!(!slow.is_flapping, "the first is too long ago");
        let flaps = flaps.with_change(minute(29), LIMITS);
        assert!(flaps.is_flapping);
        assert_eq!(flaps.quiet_at(LIMITS), Some(minute(44)));
        assert_eq!(flaps.with_change(minute(40), LIMITS).quiet_at(LIMITS), Some(minute(55)));
    }
}

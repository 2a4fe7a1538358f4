//! How much came lately: counted in two spans, of which the older one counts as far as it still overlaps.

use crate::Instant;
use serde::{Deserialize, Serialize};

/// A count of what came within a span of time that ends now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meter {
    /// When the span that is counted now began.
    began: i64,
    current: u32,
    previous: u32,
}

impl Meter {
    /// What came in the `span` microseconds before `now`, about.
    pub fn count(self, now: Instant, span: i64) -> u32 {
        let turned = self.turned(now, span);
        let passed = (now.0 - turned.began).clamp(0, span);
        let left = i64::from(turned.previous) * (span - passed) / span.max(1);
        turned.current.saturating_add(u32::try_from(left).unwrap_or(u32::MAX))
    }

    /// One more came at `now`.
    #[must_use]
    pub fn with_one(self, now: Instant, span: i64) -> Self {
        let turned = self.turned(now, span);
        Self { current: turned.current.saturating_add(1), ..turned }
    }

    fn turned(self, now: Instant, span: i64) -> Self {
        match now.0.saturating_sub(self.began) {
            passed if passed < span => self,
            passed if passed < 2 * span => Self { began: self.began + span, current: 0, previous: self.current },
            _ => Self { began: now.0, current: 0, previous: 0 },
        }
    }
}

/// Whether so many alerts come for one service that they are one matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Storm {
    opened: Meter,
    came: Meter,
    /// Whether it is on.
    pub is_on: bool,
}

/// How many alerts are a storm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// More than these begin it; 0 is no limit.
    pub limit: u32,
    /// Within so many microseconds.
    pub begins_within: i64,
    /// In so many microseconds fewer than a third of the limit end it.
    pub ends_within: i64,
}

impl Pace {
    /// That of a service: so many within a minute.
    pub fn minutely(limit: u32) -> Self {
        Self { limit, begins_within: 60_000_000, ends_within: 300_000_000 }
    }

    /// That of one who sends mail: so many within an hour.
    pub fn hourly(limit: u32) -> Self {
        Self { limit, begins_within: 3_600_000_000, ends_within: 3_600_000_000 }
    }
}

impl Storm {
    /// One more alert would open an incident at `now`; whether it belongs to a storm.
    #[must_use]
    pub fn with_alert(self, now: Instant, pace: Pace) -> Self {
        let Pace { limit, begins_within, ends_within } = pace;
        if limit == 0 {
            return Self::default();
        }
        let was_quiet = self.came.count(now, ends_within) < limit.div_ceil(3);
        let came = self.came.with_one(now, ends_within);
        if self.is_on && !was_quiet {
            return Self { came, ..self };
        }
        let opened = if self.is_on { Meter::default() } else { self.opened };
        let is_on = opened.count(now, begins_within) >= limit;
        Self { opened: opened.with_one(now, begins_within), came, is_on }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(number: i64) -> Instant {
        Instant(1_800_000_000_000_000 + number * 1_000_000)
    }

    #[test]
    fn a_storm_begins_after_the_limit_and_ends_when_little_comes() {
        let mut storm = Storm::default();
        let mut opened = 0;
        for number in 0..10_000 {
            storm = storm.with_alert(Instant(second(0).0 + number * 6_000), Pace::minutely(60));
            opened += u32::from(!storm.is_on);
        }
        assert_eq!(opened, 60, "ten thousand in a minute open sixty, and one for all the rest");
        let mut at = 60;
        while storm.is_on {
            at += 20;
            storm = storm.with_alert(second(at), Pace::minutely(60));
            assert!(at < 1_000, "fifteen in five minutes are no storm");
        }
        assert!(at > 300, "and it does not end at once: {at}");
    }

    #[test]
    fn what_comes_evenly_below_the_limit_is_no_storm() {
        let mut storm = Storm::default();
        for number in 0..600 {
            storm = storm.with_alert(Instant(second(0).0 + number * 1_100_000), Pace::minutely(60));
            assert!(!storm.is_on, "{number}");
        }
        assert!(
            !Storm { is_on: true, ..storm }.with_alert(second(1_000), Pace::minutely(0)).is_on,
            "0 switches it off"
        );
    }

    #[test]
    fn a_sender_may_send_so_many_in_an_hour() {
        let (mut storm, mut opened) = (Storm::default(), 0);
        for number in 0..200 {
            storm = storm.with_alert(second(number * 17), Pace::hourly(60));
            opened += u32::from(!storm.is_on);
        }
        assert_eq!(opened, 60);
        assert!(!storm.with_alert(second(3 * 3_600), Pace::hourly(60)).is_on, "little came for long");
    }
}

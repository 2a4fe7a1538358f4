//! Pacing: how often one person is sent a message by one channel, so that a storm of incidents is few messages.

use crate::Instant;

const HOUR_MINUTES: u32 = 60;

/// The bounds of one channel for one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pacing {
    /// Seconds from one message to the next, at least.
    pub gap_seconds: u32,
    /// Messages in an hour, at most; `None` where only the gap counts.
    pub messages_per_hour: Option<u32>,
}

/// How a person was sent messages by a channel so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// When the last one went out.
    pub sent_at: Instant,
    /// When the hour began in which they are counted: with the first message after the hour before.
    pub hour_from: Instant,
    /// How many in it.
    pub hour_count: u32,
}

impl Pace {
    /// From when on the next message may go out.
    pub fn free_at(&self, pacing: Pacing) -> Instant {
        let after_gap = self.sent_at.plus_micros(i64::from(pacing.gap_seconds) * 1_000_000);
        let is_used_up = pacing.messages_per_hour.is_some_and(|most| self.hour_count >= most);
        if is_used_up { after_gap.max(self.hour_from.plus_minutes(HOUR_MINUTES)) } else { after_gap }
    }

    /// The pace once a new message goes out at `now`.
    #[must_use]
    pub fn with_message(before: Option<Self>, now: Instant) -> Self {
        match before {
            Some(pace) if now < pace.hour_from.plus_minutes(HOUR_MINUTES) => {
                Self { sent_at: now, hour_count: pace.hour_count.saturating_add(1), ..pace }
            }
            _ => Self { sent_at: now, hour_from: now, hour_count: 1 },
        }
    }

    /// The pace once a message that was counted is tried again at `now`.
    #[must_use]
    pub fn with_retry(self, now: Instant) -> Self {
        Self { sent_at: now, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMS: Pacing = Pacing { gap_seconds: 60, messages_per_hour: Some(3) };

    fn seconds(seconds: i64) -> Instant {
        Instant(seconds * 1_000_000)
    }

    /// When messages go out if there is always one more to send, and for the first time at `from`.
    fn times(pacing: Pacing, from: i64, count: usize) -> Vec<i64> {
        let mut now = seconds(from);
        let mut pace = None;
        let mut times = Vec::new();
        for _ in 0..count {
            now = pace.map_or(now, |pace: Pace| pace.free_at(pacing));
            pace = Some(Pace::with_message(pace, now));
            times.push(now.0 / 1_000_000);
        }
        times
    }

    #[test]
    fn the_first_message_goes_at_once_and_the_others_keep_the_gap_and_the_hour() {
        assert_eq!(times(SMS, 7, 7), [7, 67, 127, 3607, 3667, 3727, 7207]);
        let gap_only = Pacing { gap_seconds: 10, messages_per_hour: None };
        assert_eq!(times(gap_only, 0, 4), [0, 10, 20, 30]);
        let hour_only = Pacing { gap_seconds: 0, messages_per_hour: Some(2) };
        assert_eq!(times(hour_only, 0, 5), [0, 0, 3600, 3600, 7200]);
    }

    #[test]
    fn a_retry_moves_the_gap_and_is_not_counted() {
        let first = Pace::with_message(None, seconds(0));
        let again = first.with_retry(seconds(30));
        assert_eq!((again.free_at(SMS), again.hour_count), (seconds(90), 1));
    }

    #[test]
    fn an_hour_without_messages_is_forgotten() {
        let old = Pace { sent_at: seconds(100), hour_from: seconds(0), hour_count: 3 };
        let next = Pace::with_message(Some(old), seconds(3600));
        assert_eq!(next, Pace { sent_at: seconds(3600), hour_from: seconds(3600), hour_count: 1 });
    }
}

//! The breaker: a destination that keeps failing is left alone for a while, then tried with one message (on-call §4).

use super::Answer;
use crate::{Instant, limits};
use serde::{Deserialize, Serialize};

/// How one destination stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Breaker {
    /// It is sent to; this many temporary failures came in a row.
    Closed {
        /// How many.
        failures: u32,
    },
    /// Nothing is sent to it before `until`.
    Paused {
        /// The end of the pause.
        until: Instant,
        /// How long this pause is.
        seconds: u32,
    },
    /// One message is on its way to it after a pause.
    Probing {
        /// When it was sent.
        since: Instant,
        /// How long the pause before was.
        seconds: u32,
    },
}

/// Whether a destination may be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Yes.
    Open,
    /// One message, to find out.
    Probe,
    /// Not before this instant.
    Shut(Instant),
}

impl Default for Breaker {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

impl Breaker {
    /// Whether the destination may be sent to at `now`. A probe that nothing was heard of is not waited for longer than
    /// any carrier takes.
    pub fn gate(self, now: Instant) -> Gate {
        match self {
            Self::Closed { .. } => Gate::Open,
            Self::Paused { until, .. } if now < until => Gate::Shut(until),
            Self::Paused { .. } => Gate::Probe,
            Self::Probing { since, .. } => {
                let until = since.plus_micros(i64::from(limits::PROBE_SECONDS) * 1_000_000);
                if now < until { Gate::Shut(until) } else { Gate::Probe }
            }
        }
    }

    /// The breaker once a probe is on its way.
    #[must_use]
    pub fn probing(self, now: Instant) -> Self {
        match self {
            Self::Closed { .. } => self,
            Self::Paused { seconds, .. } | Self::Probing { seconds, .. } => Self::Probing { since: now, seconds },
        }
    }

    /// The breaker after an answer. A destination that answers at all, with a refusal for good too, is not down.
    #[must_use]
    pub fn after(self, answer: Answer, now: Instant) -> Self {
        if !matches!(answer, Answer::TemporaryFailure { .. }) {
            return Self::default();
        }
        let paused = |seconds| Self::Paused { until: now.plus_micros(i64::from(seconds) * 1_000_000), seconds };
        match self {
            Self::Closed { failures } if failures + 1 < limits::BREAKER_FAILURES => {
                Self::Closed { failures: failures + 1 }
            }
            Self::Closed { .. } => paused(limits::PAUSE_SECONDS_LEAST),
            // What was on its way when the pause began says nothing new.
            Self::Paused { .. } => self,
            Self::Probing { seconds, .. } => paused((seconds * 2).min(limits::PAUSE_SECONDS_MOST)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATER: Answer = Answer::TemporaryFailure { retry_after_seconds: None };

    fn seconds(seconds: i64) -> Instant {
        Instant(seconds * 1_000_000)
    }

    fn paused(from: i64) -> Breaker {
        (0..5).fold(Breaker::default(), |breaker, _| breaker.after(LATER, seconds(from)))
    }

    #[test]
    fn five_failures_in_a_row_pause_a_destination_and_four_do_not() {
        let four = (0..4).fold(Breaker::default(), |breaker, _| breaker.after(LATER, seconds(0)));
        assert_eq!(four.gate(seconds(0)), Gate::Open);
        assert_eq!(four.after(LATER, seconds(0)), Breaker::Paused { until: seconds(30), seconds: 30 });
        for answer in [Answer::Delivered, Answer::PermanentFailure] {
            assert_eq!(four.after(answer, seconds(0)), Breaker::default(), "it answers");
        }
    }

    #[test]
    fn after_a_pause_one_message_finds_out() {
        let breaker = paused(0);
        assert_eq!(breaker.gate(seconds(29)), Gate::Shut(seconds(30)));
        assert_eq!(breaker.gate(seconds(30)), Gate::Probe);
        let probing = breaker.probing(seconds(31));
        assert_eq!(probing.gate(seconds(31)), Gate::Shut(seconds(46)));
        assert_eq!(probing.gate(seconds(46)), Gate::Probe, "nothing was heard of the first");
        assert_eq!(probing.after(Answer::Delivered, seconds(32)), Breaker::default());
    }

    #[test]
    fn each_pause_is_twice_as_long_up_to_five_minutes() {
        let mut breaker = paused(0);
        let mut lengths = Vec::new();
        for _ in 0..6 {
            let Breaker::Paused { until, seconds } = breaker else { panic!("{breaker:?}") };
            lengths.push(seconds);
            breaker = breaker.probing(until).after(LATER, until);
        }
        assert_eq!(lengths, [30, 60, 120, 240, 300, 300]);
    }

    #[test]
    fn what_was_on_its_way_when_the_pause_began_does_not_lengthen_it_and_may_end_it() {
        let breaker = paused(0);
        assert_eq!(breaker.after(LATER, seconds(9)), breaker);
        assert_eq!(breaker.after(Answer::Delivered, seconds(9)), Breaker::default());
    }
}

//! What the answer of a carrier means for a notification: sent, tried again, or given up.

use super::Reason;
use crate::{Instant, limits};

/// What a carrier said to one attempt (on-call §4). Only a 2xx is a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Handed over to the carrier.
    Delivered,
    /// Not now; perhaps the carrier said after how many seconds.
    TemporaryFailure {
        /// Seconds the carrier asked us to wait.
        retry_after_seconds: Option<u32>,
    },
    /// Never.
    PermanentFailure,
}

/// What becomes of a notification after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Handed to the carrier; done.
    Sent,
    /// Tried again at this instant, if it is still called for then.
    Retry(Instant),
    /// Given up; the incident says so.
    Failed,
}

/// The first wait between attempts, seconds; it doubles with each.
const FIRST_WAIT_SECONDS: u32 = 2;

/// The fate of a notification due since `due_at` after its attempt number `attempt` (from 1) was answered.
/// `jitter` is a random number that spreads retries over half the wait. Pages are retried for as long as the
/// incident calls for them, notices for a day.
pub fn after_attempt(
    answer: Answer,
    reason: &Reason,
    due_at: Instant,
    attempt: u32,
    jitter: u64,
    now: Instant,
) -> Fate {
    match answer {
        Answer::Delivered => Fate::Sent,
        Answer::PermanentFailure => Fate::Failed,
        Answer::TemporaryFailure { .. }
            if !reason.is_page() && due_at.plus_minutes(limits::NOTICE_HOURS * 60) <= now =>
        {
            Fate::Failed
        }
        Answer::TemporaryFailure { retry_after_seconds } => {
            let doubled = FIRST_WAIT_SECONDS.saturating_mul(1 << (attempt.saturating_sub(1)).min(16));
            let seconds = doubled.max(retry_after_seconds.unwrap_or(0)).min(limits::RETRY_SECONDS_MOST);
            let micros = i64::from(seconds) * 1_000_000;
            let spread = i64::try_from(jitter % (micros.unsigned_abs() / 2)).unwrap_or(0);
            Fate::Retry(now.plus_micros(micros + spread))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Reason = Reason::Page { level: 1 };
    const LATER: Answer = Answer::TemporaryFailure { retry_after_seconds: None };

    fn wait(answer: Answer, attempt: u32, jitter: u64) -> i64 {
        match after_attempt(answer, &PAGE, Instant(0), attempt, jitter, Instant(0)) {
            Fate::Retry(at) => at.0,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn waits_between_attempts_grow_to_a_bound_and_are_spread() {
        assert_eq!(wait(LATER, 1, 0), 2_000_000);
        assert_eq!(wait(LATER, 2, 0), 4_000_000);
        assert_eq!(wait(LATER, 2, 1_999_999), 5_999_999);
        assert_eq!(wait(LATER, 400, 0), 300_000_000);
    }

    #[test]
    fn a_carrier_that_names_a_wait_is_given_it() {
        assert_eq!(wait(Answer::TemporaryFailure { retry_after_seconds: Some(60) }, 1, 0), 60_000_000);
    }

    #[test]
    fn a_page_is_retried_without_end_and_a_notice_for_a_day() {
        let day = Instant(0).plus_minutes(24 * 60);
        assert!(matches!(after_attempt(LATER, &PAGE, Instant(0), 99, 0, day), Fate::Retry(_)));
        assert_eq!(after_attempt(LATER, &Reason::Resolved, Instant(0), 99, 0, day), Fate::Failed);
    }

    #[test]
    fn a_permanent_failure_is_never_tried_again() {
        assert_eq!(after_attempt(Answer::PermanentFailure, &PAGE, Instant(0), 1, 0, Instant(0)), Fate::Failed);
        assert_eq!(after_attempt(Answer::Delivered, &PAGE, Instant(0), 1, 0, Instant(0)), Fate::Sent);
    }
}

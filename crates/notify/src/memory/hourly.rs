//! What a telephone number may do only so often in an hour, such as send wrong codes, so that nobody finds one by trying.

use domain::{Instant, limits};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

const HOUR_MINUTES: u32 = 60;

/// How often each number did it in the hour that began with the first time. Only numbers that belong to somebody are
/// counted, so that there are no more of them than contacts. Each node counts for itself.
#[derive(Debug, Default)]
pub(crate) struct HourlyLimit(Mutex<HashMap<String, (u32, Instant)>>);

impl HourlyLimit {
    /// Whether this number may not do it again for a while.
    pub(crate) fn is_reached(&self, number: &str, now: Instant) -> bool {
        let mut counts = self.counts();
        counts.retain(|_, (_, since)| now < since.plus_minutes(HOUR_MINUTES));
        counts.get(number).is_some_and(|(count, _)| *count >= limits::WRONG_CODES)
    }

    /// Counts once more.
    pub(crate) fn count(&self, number: &str, now: Instant) {
        self.counts().entry(number.to_owned()).or_insert((0, now)).0 += 1;
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<String, (u32, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_wrong_codes_silence_a_number_for_an_hour_and_no_other() {
        let limit = HourlyLimit::default();
        let minute = |minutes| Instant(0).plus_minutes(minutes);
        for number in 0..5 {
            assert!(!limit.is_reached("+1", minute(number)), "{number}");
            limit.count("+1", minute(number));
        }
        assert!(limit.is_reached("+1", minute(59)) && !limit.is_reached("+2", minute(59)));
        assert!(!limit.is_reached("+1", minute(60)));
    }
}

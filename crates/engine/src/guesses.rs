//! Guesses: wrong codes are counted for each telephone number, so that nobody finds one by trying.

use domain::{Instant, limits};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

const HOUR_MINUTES: u32 = 60;

/// Wrong codes of the hour that began with the first of them, by number. Only numbers that belong to somebody are
/// counted, so that there are no more of them than contacts. Each node counts for itself.
#[derive(Debug, Default)]
pub(crate) struct Guesses(Mutex<HashMap<String, (u32, Instant)>>);

impl Guesses {
    /// Whether this number has guessed so often that it is not listened to for a while.
    pub(crate) fn are_too_many(&self, number: &str, now: Instant) -> bool {
        let mut guesses = self.guesses();
        guesses.retain(|_, (_, since)| now < since.plus_minutes(HOUR_MINUTES));
        guesses.get(number).is_some_and(|(count, _)| *count >= limits::GUESSES)
    }

    /// Counts a wrong code.
    pub(crate) fn count(&self, number: &str, now: Instant) {
        self.guesses().entry(number.to_owned()).or_insert((0, now)).0 += 1;
    }

    fn guesses(&self) -> MutexGuard<'_, HashMap<String, (u32, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_wrong_codes_silence_a_number_for_an_hour_and_no_other() {
        let guesses = Guesses::default();
        let minute = |minutes| Instant(0).plus_minutes(minutes);
        for number in 0..5 {
            assert!(!guesses.are_too_many("+1", minute(number)), "{number}");
            guesses.count("+1", minute(number));
        }
        assert!(guesses.are_too_many("+1", minute(59)) && !guesses.are_too_many("+2", minute(59)));
        assert!(!guesses.are_too_many("+1", minute(60)));
    }
}

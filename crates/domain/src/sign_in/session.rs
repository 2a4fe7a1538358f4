//! Sessions: how one began, when it is over, and for how long its beginning is fresh.

use crate::instant::Instant;
use crate::limits;

/// By what a person signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Means {
    /// A password, with a second factor where the person has one.
    Password,
    /// A link that works once.
    Link,
    /// A passkey.
    Passkey,
    /// A provider of OpenID Connect.
    Provider,
}

impl Means {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Password, Self::Link, Self::Passkey, Self::Provider];

    /// Its word in the store and in answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Link => "link",
            Self::Passkey => "passkey",
            Self::Provider => "provider",
        }
    }

    /// The one with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|means| means.word() == word)
    }
}

const HOUR_MINUTES: u32 = 60;

/// Whether a session is over at `now`: its time is, or it was not used for so many hours.
pub fn is_over(last_used_at: Instant, ends_at: Instant, idle_hours: u32, now: Instant) -> bool {
    ends_at <= now || last_used_at.plus_minutes(idle_hours * HOUR_MINUTES) <= now
}

/// Whether the person proved who they are at most [`limits::FRESH_MINUTES`] ago, as what is dangerous asks for.
pub fn is_fresh(fresh_at: Instant, now: Instant) -> bool {
    now < fresh_at.plus_minutes(limits::FRESH_MINUTES)
}

#[cfg(test)]
mod tests {
    use super::{Means, is_fresh, is_over};
    use crate::Instant;

    const HOUR: u32 = 60;

    #[test]
    fn a_session_is_over_after_two_weeks_without_use_and_at_its_end_in_any_case() {
        let began = Instant(1_620_235_214_343_825);
        let ends_at = began.plus_minutes(90 * 24 * HOUR);
        let idle_ends = began.plus_minutes(14 * 24 * HOUR);
        assert!(!is_over(began, ends_at, 336, idle_ends.plus_micros(-1)));
        assert!(is_over(began, ends_at, 336, idle_ends));
        let used_to_the_end = ends_at.plus_micros(-1);
        assert!(!is_over(used_to_the_end, ends_at, 336, used_to_the_end));
        assert!(is_over(used_to_the_end, ends_at, 336, ends_at));
    }

    #[test]
    fn a_sign_in_is_fresh_for_ten_minutes() {
        let began = Instant(0);
        assert!(is_fresh(began, began.plus_minutes(10).plus_micros(-1)));
        assert!(!is_fresh(began, began.plus_minutes(10)));
    }

    #[test]
    fn means_are_known_by_their_words() {
        for means in Means::ALL {
            assert_eq!(Means::from_word(means.word()), Some(means));
        }
        assert_eq!(Means::from_word("guess"), None);
    }
}

//! Passwords: how long they are. What they are made of is free; which ones everybody tries is not known here.

use crate::limits;

/// What is wrong with a password that somebody chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// It has fewer characters than it must.
    TooShort {
        /// The fewest.
        least: usize,
    },
    /// It has more characters than are looked at.
    TooLong {
        /// The most.
        most: usize,
    },
    /// It is among the first that are tried, or made of the names of who uses it and of where.
    Common,
}

/// Whether a password has to keep everybody out by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alone {
    /// It has.
    Yes,
    /// A second factor stands beside it.
    No,
}

impl Alone {
    /// Characters that a password must have (NIST SP 800-63B-4 asks for 15 and 8).
    pub fn least(self) -> usize {
        match self {
            Self::Yes => limits::PASSWORD_CHARACTERS_ALONE,
            Self::No => limits::PASSWORD_CHARACTERS_WITH_FACTOR,
        }
    }
}

/// What is wrong with the length of a password in normal form; any characters are welcome.
pub fn password_fault(password: &str, alone: Alone) -> Option<PasswordFault> {
    let (least, most) = (alone.least(), limits::PASSWORD_CHARACTERS_MOST);
    match password.chars().count() {
        characters if characters < least => Some(PasswordFault::TooShort { least }),
        characters if characters > most => Some(PasswordFault::TooLong { most }),
        _ => None,
    }
}

/// Letters and digits that must be left of a password without the words that anybody would try.
const LEFT_LEAST: usize = 8;
/// Characters of a word that counts; shorter ones stand in anything.
const WORD_LEAST: usize = 3;

/// Whether little is left of a password once these words are taken out of it, in whatever case they stand there.
pub fn is_made_of(password: &str, words: &[&str]) -> bool {
    let mut words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    words.retain(|word| word.chars().count() >= WORD_LEAST);
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let lower = password.to_lowercase();
    let left = words.iter().fold(lower.clone(), |left, word| left.replace(word.as_str(), " "));
    left != lower && left.chars().filter(|sign| sign.is_alphanumeric()).count() < LEFT_LEAST
}

#[cfg(test)]
mod tests {
    use super::{Alone, PasswordFault, is_made_of, password_fault};

    #[test]
    fn a_password_is_not_made_of_names() {
        let words = ["Reveille", "Ana Alves", "Ana", "Al"];
        for password in ["reveille-reveille", "ReveilleAna2026!", "Ana Alves ana alves", "1234567reveille"] {
            assert!(is_made_of(password, &words), "{password}");
        }
        for password in ["reveilleisgreat1", "--------------------", "tür und angel 47"] {
            assert!(!is_made_of(password, &words), "{password}");
        }
    }

    #[test]
    fn a_password_has_fifteen_characters_or_twelve_beside_a_second_factor_and_at_most_256() {
        let of = |characters: usize, alone| password_fault(&"é".repeat(characters), alone);
        for (alone, least) in [(Alone::Yes, 15), (Alone::No, 12)] {
            assert_eq!(of(least - 1, alone), Some(PasswordFault::TooShort { least }));
            assert_eq!(of(least, alone), None);
            assert_eq!(of(256, alone), None);
            assert_eq!(of(257, alone), Some(PasswordFault::TooLong { most: 256 }));
        }
    }

    #[test]
    fn a_password_may_be_made_of_anything() {
        assert_eq!(password_fault(" \t\u{0}\u{200d}🙂 ابجد \\\"'<> ", Alone::Yes), None);
    }
}

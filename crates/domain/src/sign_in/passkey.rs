//! Passkeys: what a person may call theirs.

use crate::limits;

/// What is wrong with the name of a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyNameFault {
    /// There is none.
    Empty,
    /// It has more characters than this.
    TooLong {
        /// The most that it may have.
        most: usize,
    },
    /// It has a character that is none, such as a new line.
    Control,
}

/// The name that somebody typed for a passkey, without the space around it.
///
/// # Errors
/// See [`PasskeyNameFault`].
pub fn passkey_name(typed: &str) -> Result<String, PasskeyNameFault> {
    let name = typed.trim();
    if name.is_empty() {
        return Err(PasskeyNameFault::Empty);
    }
    if name.chars().count() > limits::PASSKEY_NAME_CHARACTERS {
        return Err(PasskeyNameFault::TooLong { most: limits::PASSKEY_NAME_CHARACTERS });
    }
    if name.chars().any(char::is_control) {
        return Err(PasskeyNameFault::Control);
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{PasskeyNameFault, passkey_name};

    #[test]
    fn a_passkey_has_a_name_of_one_line_and_at_most_64_characters() {
        assert_eq!(passkey_name("  my telephone ").as_deref(), Ok("my telephone"));
        assert_eq!(passkey_name(&"\u{e9}".repeat(64)), Ok("\u{e9}".repeat(64)));
        for (typed, fault) in [
            ("", PasskeyNameFault::Empty),
            (" \n ", PasskeyNameFault::Empty),
            (&"x".repeat(65), PasskeyNameFault::TooLong { most: 64 }),
            ("one\ntwo", PasskeyNameFault::Control),
        ] {
            assert_eq!(passkey_name(typed), Err(fault), "{typed}");
        }
    }
}

//! Recovery codes: how they are written, `3-XXXX-XXXX-XXXX-XXXX`. The number says which of a person's codes it is, so that
//! one hash is tried and not ten.

use crate::limits;

/// Signs of a code, after its number. Without I, L, O and U, which are misread (Crockford).
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A recovery code as somebody typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryCode {
    /// Which of the person's codes it is, from 1.
    pub number: u32,
    /// Its signs, in capitals, without dashes.
    pub signs: String,
}

impl RecoveryCode {
    /// Reads a code, whatever its case, dashes and spaces; `None` for what is none.
    pub fn read(text: &str) -> Option<Self> {
        let plain = |letter: &char| !letter.is_whitespace() && *letter != '-';
        let (number, signs) = text.trim().split_once('-')?;
        let number = number.trim().parse().ok().filter(|number| (1..=limits::RECOVERY_CODES).contains(number))?;
        let signs: String = signs.chars().filter(plain).map(|letter| meant(letter.to_ascii_uppercase())).collect();
        let is_sound = signs.len() == limits::RECOVERY_CODE_SIGNS && signs.bytes().all(|sign| SIGNS.contains(&sign));
        is_sound.then_some(Self { number, signs })
    }
}

/// The sign that somebody meant who read another one.
fn meant(letter: char) -> char {
    match letter {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}

/// The code with this number whose signs these 80 bits are, as a person is shown it.
pub fn recovery_code_text(number: u32, chance: [u8; 10]) -> String {
    let bits = chance.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    let sign = |place: usize| SIGNS[usize::from((bits >> (5 * place)) as u8 & 31)] as char;
    let signs: Vec<char> = (0..limits::RECOVERY_CODE_SIGNS).rev().map(sign).collect();
    let groups: Vec<String> = signs.chunks(4).map(|group| group.iter().collect()).collect();
    format!("{number}-{}", groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::{RecoveryCode, recovery_code_text};

    #[test]
    fn a_code_is_read_as_it_was_written_and_as_people_type_it() {
        let chance = [0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf];
        let text = recovery_code_text(3, chance);
        assert_eq!(text, "3-0123-4567-89AB-CDEF");
        let expect = Some(RecoveryCode { number: 3, signs: "0123456789ABCDEF".to_owned() });
        for typed in [text.as_str(), " 3-o1234567 89abcdef", "3-0l23-4567-89ab-cdef ", "3 - OI23456789ABCDEF"] {
            assert_eq!(RecoveryCode::read(typed), expect, "{typed}");
        }
        assert_eq!(recovery_code_text(10, [0xff; 10]), "10-ZZZZ-ZZZZ-ZZZZ-ZZZZ");
    }

    #[test]
    fn what_is_no_code_is_none() {
        for text in [
            "",
            "3",
            "0-0123-4567-89AB-CDEF",
            "11-0123-4567-89AB-CDEF",
            "-0123-4567-89AB-CDEF",
            "3-0123-4567-89AB-CDE",
            "3-0123-4567-89AB-CDEFG",
            "3-0123-4567-89AB-CDEU",
            "3-0123-4567-89AB-CDÉF",
        ] {
            assert_eq!(RecoveryCode::read(text), None, "{text}");
        }
    }
}

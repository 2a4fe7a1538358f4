//! Names of components as parts of paths: percent-encoded, and back.

use std::fmt::Write;

/// The text as one part of a path.
pub(super) fn encoded(text: &str) -> String {
    let mut part = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_~.".contains(&byte) {
            part.push(char::from(byte));
        } else {
            let _ = write!(part, "%{byte:02X}");
        }
    }
    part
}

/// What a part of a path says; nothing where it is no text.
pub(super) fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, after @ ..] = rest {
        if let (b'%', [high, low, after @ ..]) = (first, after) {
            let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            bytes.push(digit(high)? * 16 + digit(low)?);
            rest = after;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

/// The query of an address, without what says nothing.
pub(super) fn query(pairs: &[(&str, &str)]) -> String {
    let said = pairs.iter().filter(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish();
    if query.is_empty() { query } else { format!("?{query}") }
}

#[cfg(test)]
mod tests {
    use super::{decoded, encoded, query};

    #[test]
    fn every_name_comes_back_from_its_path() {
        for name in ["checkout", "a b/c?d#e", "100 %", "Zürich", "سلام", "a+b", "%41"] {
            let part = encoded(name);
            assert!(part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_~.%".contains(&byte)), "{part}");
            assert_eq!(decoded(&part).as_deref(), Some(name));
        }
        assert_eq!((decoded("%4").as_deref(), decoded("%zz"), decoded("%ff")), (Some("%4"), None, None));
    }

    #[test]
    fn a_query_has_what_is_said() {
        assert_eq!(query(&[("q", ""), ("page", "")]), "");
        assert_eq!(query(&[("q", "a&b"), ("page", "2")]), "?q=a%26b&page=2");
    }
}

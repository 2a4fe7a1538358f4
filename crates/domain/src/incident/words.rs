//! The words of a title, by which its incident is found.

use crate::limits;
use std::collections::BTreeSet;

/// The words of a text: what stands between marks and spaces, in lower case, cut where it is long. One letter alone counts
/// where it is none of ASCII.
#[must_use]
pub fn words(text: &str) -> BTreeSet<String> {
    let parts = text.split(|letter: char| !letter.is_alphanumeric()).filter(|part| part.len() > 1);
    let word = |part: &str| part.to_lowercase().chars().take(limits::WORD_CHARACTERS).collect();
    parts.map(word).take(limits::WORDS_OF_TITLE).collect()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_told_apart_whatever_stands_between_them() {
        for (text, expect) in [
            ("Disk of <db-1> is 93 % full", &["93", "db", "disk", "full", "is", "of"][..]),
            ("GRÖSSE größe größe", &["grösse", "größe"]),
            ("磁盘 满", &["满", "磁盘"]),
            ("- a. !", &[]),
            ("", &[]),
        ] {
            assert_eq!(words(text).into_iter().collect::<Vec<_>>(), expect, "{text}");
        }
        let long = words(&"x".repeat(500));
        assert_eq!(long.first().map(String::len), Some(crate::limits::WORD_CHARACTERS));
        let many = (0..500).map(|number| format!("w{number} ")).collect::<String>();
        assert_eq!(words(&many).len(), crate::limits::WORDS_OF_TITLE);
    }
}

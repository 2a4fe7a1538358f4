//! Texts made to fit a receiver: written as it wants them, and cut where it would cut or refuse them.

/// The pieces of a text, put together up to a bound; a text that is too long ends with `mark`, so that nobody takes it
/// for the whole.
///
/// `measure` says how much a piece takes up of `most`. No piece is cut in two.
pub(crate) fn fit<P: AsRef<str>>(
    pieces: impl IntoIterator<Item = P>,
    most: usize,
    measure: fn(&str) -> usize,
    mark: &str,
) -> String {
    let room = most.saturating_sub(measure(mark));
    let (mut out, mut used, mut kept) = (String::new(), 0, 0);
    for piece in pieces {
        let piece = piece.as_ref();
        used += measure(piece);
        out.push_str(piece);
        if used <= room {
            kept = out.len();
        }
        if used > most {
            out.truncate(kept);
            out.push_str(mark);
            return out;
        }
    }
    out
}

/// Length in UTF-16, which is what most chats count, and never less than the number of characters.
pub(crate) fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Each character as it is.
pub(crate) fn characters(text: &str) -> impl Iterator<Item = String> + '_ {
    text.chars().map(|character| character.to_string())
}

/// The text without control characters, which no receiver shows and some refuse; line breaks stay.
pub(crate) fn printable(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_cut_and_marked_and_never_longer_than_the_bound() {
        for (text, most, expect) in [
            ("abcdef", 6, "abcdef"),
            ("abcdefg", 6, "abcde…"),
            ("", 0, ""),
            ("😀😀😀", 6, "😀😀😀"),
            ("😀😀😀😀", 6, "😀😀…"),
            ("abc😀", 4, "abc…"),
        ] {
            let cut = fit(characters(text), most, utf16, "…");
            assert_eq!(cut, expect, "{text} {most}");
            assert!(utf16(&cut) <= most);
        }
        assert_eq!(fit(["ab", "&amp;", "cd"], 6, str::len, "."), "ab.");
    }

    #[test]
    fn control_characters_become_spaces_and_lines_stay() {
        assert_eq!(printable("a\r\nb\u{0}c\u{1b}[2J\td\u{85}e"), "a\nb c [2J d e");
    }
}

//! Repairing bodies that are nearly JSON: what careless senders do to their texts must not cost an alert. Nothing is
//! guessed: what is still not JSON stays refused.

use std::borrow::Cow;

/// What was done to a body so that it could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Repair {
    /// A byte-order mark before UTF-8 was skipped.
    Mark,
    /// A body in UTF-16, which its byte-order mark says, was read as such.
    Utf16,
    /// Bytes that are no characters became U+FFFD.
    Bytes,
    /// Half a surrogate pair became U+FFFD.
    Surrogate,
    /// A control character inside a text, such as a tab or the end of a line, was taken as it is.
    Control,
    /// `NaN`, `Infinity`, `-Infinity`, or a number that is larger than any that can be held, became null.
    Number,
}

impl Repair {
    /// What was done, in words for the sender.
    pub fn words(self) -> &'static str {
        match self {
            Self::Mark => "a byte-order mark was skipped",
            Self::Utf16 => "the body was read as UTF-16",
            Self::Bytes => "bytes that are no characters were replaced",
            Self::Surrogate => "half a surrogate pair was replaced",
            Self::Control => "control characters inside a text were taken",
            Self::Number => "what is no number, or too large a one, became null",
        }
    }
}

/// Outside of texts, what some writers of JSON make of numbers that it does not have.
const NO_NUMBERS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];
const REPLACEMENT: char = '\u{fffd}';

/// The body with all that can be repaired, and what was done, each once; nothing was if it is empty.
pub fn repair(body: &[u8]) -> (String, Vec<Repair>) {
    let mut repairs = Vec::new();
    let decoded = decode(body, &mut repairs);
    let mended = Mending { rest: &decoded, mended: String::with_capacity(decoded.len()), repairs };
    let (mended, mut repairs) = mended.run();
    repairs.sort_unstable();
    repairs.dedup();
    (mended, repairs)
}

fn decode<'a>(body: &'a [u8], repairs: &mut Vec<Repair>) -> Cow<'a, str> {
    match body {
        [0xff, 0xfe, rest @ ..] => return Cow::Owned(decode_utf16(rest, u16::from_le_bytes, repairs)),
        [0xfe, 0xff, rest @ ..] => return Cow::Owned(decode_utf16(rest, u16::from_be_bytes, repairs)),
        _ => {}
    }
    let unmarked = body.strip_prefix(b"\xef\xbb\xbf");
    repairs.extend(unmarked.map(|_| Repair::Mark));
    let text = String::from_utf8_lossy(unmarked.unwrap_or(body));
    if matches!(text, Cow::Owned(_)) {
        repairs.push(Repair::Bytes);
    }
    text
}

fn decode_utf16(body: &[u8], unit: fn([u8; 2]) -> u16, repairs: &mut Vec<Repair>) -> String {
    repairs.push(Repair::Utf16);
    let (pairs, odd) = body.as_chunks::<2>();
    let characters = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).map(Result::ok);
    let characters = characters.chain((!odd.is_empty()).then_some(None));
    let replaced = characters.inspect(|character| repairs.extend(character.is_none().then_some(Repair::Bytes)));
    replaced.map(|character| character.unwrap_or(REPLACEMENT)).collect()
}

/// A body on its way from the left to the right.
struct Mending<'a> {
    rest: &'a str,
    mended: String,
    repairs: Vec<Repair>,
}

impl Mending<'_> {
    fn run(mut self) -> (String, Vec<Repair>) {
        while let Some(first) = self.rest.chars().next() {
            match (first, NO_NUMBERS.iter().find(|word| self.rest.starts_with(**word))) {
                ('"', _) => self.text(),
                (_, Some(word)) => {
                    self.repairs.push(Repair::Number);
                    self.mended.push_str("null");
                    self.skip(word.len());
                }
                ('-' | '0'..='9', _) => self.number(),
                _ => self.take(first.len_utf8()),
            }
        }
        (self.mended, self.repairs)
    }

    /// One that the grammar allows, and whose size only its reader minds.
    fn number(&mut self) {
        let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
        let length = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        if self.rest[..length].parse().is_ok_and(f64::is_infinite) {
            self.repairs.push(Repair::Number);
            self.mended.push_str("null");
            return self.skip(length);
        }
        self.take(length);
    }

    /// From one quotation mark to the next, or to the end.
    fn text(&mut self) {
        self.take(1);
        while let Some(first) = self.rest.chars().next() {
            match first {
                '"' => return self.take(1),
                '\\' => self.escape(),
                '\0'..='\u{1f}' => {
                    self.repairs.push(Repair::Control);
                    self.mended.push_str(&format!("\\u{:04x}", u32::from(first)));
                    self.skip(1);
                }
                _ => self.take(first.len_utf8()),
            }
        }
    }

    /// A backslash with what belongs to it.
    fn escape(&mut self) {
        let Some(unit) = unit(self.rest) else {
            return self.take(1 + self.rest[1..].chars().next().map_or(0, char::len_utf8));
        };
        let low = unit_after(self.rest).filter(|low| (0xdc00..0xe000).contains(low));
        match (unit, low) {
            (0xd800..0xdc00, Some(_)) => self.take(12),
            (0xd800..0xe000, _) => {
                self.repairs.push(Repair::Surrogate);
                self.mended.push(REPLACEMENT);
                self.skip(6);
            }
            _ => self.take(6),
        }
    }

    fn take(&mut self, bytes: usize) {
        self.mended.push_str(&self.rest[..bytes]);
        self.skip(bytes);
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
    }
}

/// The unit of UTF-16 that an escape at the beginning names.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok().filter(|_| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// That of the escape after the first.
fn unit_after(text: &str) -> Option<u16> {
    unit(text.get(6..)?)
}

#[cfg(test)]
mod tests {
    use super::Repair::{Bytes, Control, Mark, Number, Surrogate, Utf16};
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
    }

    #[test]
    fn what_careless_senders_do_is_repaired_and_named() {
        let table: [(&[u8], &[Repair], Value); 14] = [
            (b"\xef\xbb\xbf{\"a\": 1}", &[Mark], json!({"a": 1})),
            (&utf16("{\"a\": \"\u{fc}\u{1f525}\"}", u16::to_le_bytes), &[Utf16], json!({"a": "\u{fc}\u{1f525}"})),
            (&utf16("{\"a\": \"\u{fc}\"}", u16::to_be_bytes), &[Utf16], json!({"a": "\u{fc}"})),
            (b"{\"a\": \"caf\xe9\"}", &[Bytes], json!({"a": "caf\u{fffd}"})),
            (b"{\"a\": \"hot \\ud83d\"}", &[Surrogate], json!({"a": "hot \u{fffd}"})),
            (b"{\"a\": \"\\ud83d\\ud83d\\udd25\"}", &[Surrogate], json!({"a": "\u{fffd}\u{1f525}"})),
            (b"{\"a\": \"\\udd25\\ud83dx\"}", &[Surrogate], json!({"a": "\u{fffd}\u{fffd}x"})),
            (b"{\"a\": \"one\ttwo\nthree\r\x01\"}", &[Control], json!({"a": "one\ttwo\nthree\r\u{1}"})),
            (b"{\"a\": \"C:\\\\\t\"}", &[Control], json!({"a": "C:\\\t"})),
            (b"{\"a\": NaN, \"b\": [-Infinity, Infinity]}", &[Number], json!({"a": null, "b": [null, null]})),
            (b"{\"a\": 1e400, \"b\": [-1E999, 1e-400, 1e2]}", &[Number], json!({"a": null, "b": [null, 0.0, 100.0]})),
            (b"{\"NaN\": \"NaN is\t\\\"NaN\\\"\"}", &[Control], json!({"NaN": "NaN is\t\"NaN\""})),
            (
                b"\xef\xbb\xbf{\"a\": \"\xff\t\\ud800\"}",
                &[Mark, Bytes, Surrogate, Control],
                json!({"a": "\u{fffd}\t\u{fffd}"}),
            ),
            (b"{\"a\": \"\\ud83d\\udd25 \\u0041\"}", &[], json!({"a": "\u{1f525} A"})),
        ];
        for (body, repairs, expect) in table {
            let (mended, done) = repair(body);
            assert_eq!(done, repairs, "{mended}");
            assert_eq!(serde_json::from_str::<Value>(&mended).unwrap(), expect, "{mended}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        for body in
            ["{'a': 1}", "{\"a\": 1,}", "{\"a\": \"x", "{\"a\": \"\\u12\"}", "{\"a\": \"\\\t\"}", "{a: 1}", "a=1", ""]
        {
            let (mended, _) = repair(body.as_bytes());
            assert!(serde_json::from_str::<Value>(&mended).is_err(), "{body} became {mended}");
        }
    }

    proptest! {
        #[test]
        fn intact_json_stays_as_it_is_in_every_encoding(text in "\\PC*", name in "\\PC*") {
            let body = json!({ name: text });
            let written = body.to_string();
            prop_assert_eq!(repair(written.as_bytes()), (written.clone(), Vec::new()));
            let marked = ["\u{feff}", &written].concat();
            for encoded in [utf16(&written, u16::to_le_bytes), utf16(&written, u16::to_be_bytes), marked.into_bytes()] {
                prop_assert_eq!(serde_json::from_str::<Value>(&repair(&encoded).0).unwrap(), body.clone());
            }
        }

        #[test]
        fn no_bytes_are_too_strange(body: Vec<u8>, text in "[\\\\\"ud8dcNaIn{}:, \t\0-]*") {
            for body in [&body[..], text.as_bytes()] {
                let (mended, _) = repair(body);
                let (again, _) = repair(mended.as_bytes());
                prop_assert_eq!(again, mended, "what was repaired needs no repair");
            }
        }
    }
}

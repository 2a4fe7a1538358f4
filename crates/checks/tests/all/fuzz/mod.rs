//! Whatever parses what comes from outside is given what nobody would send: it answers, refuses by name, and stands.
//!
//! The ordinary suite tries the same few cases each time; `PROPTEST_CASES=20000` tries so many others. What was found
//! once stands beside as a case of its own.

mod directories;
mod headers;
mod messages;
mod requests;
mod routines;
mod texts;
mod times;

use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

/// Runs `test` over so many cases, always the same, or over as many others as `PROPTEST_CASES` says. The failure that is
/// reported is the smallest that was found.
fn hold<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let usual = Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(20_260_302), ..Config::default() };
    let asked = std::env::var("PROPTEST_CASES").is_ok();
    let config = if asked { Config { failure_persistence: None, ..Config::default() } } else { usual };
    TestRunner::new(config).run(strategy, test).unwrap_or_else(|failure| panic!("{failure}"));
}

/// A text of any characters, many of them such as mean something to somebody.
fn text() -> impl Strategy<Value = String> + Clone {
    let odd =
        "\0\t\n\r \u{7f}\u{85}\u{a0}\u{200b}\u{202e}\u{2028}\u{feff}\u{fffe}\u{ffff}\"'\\/<>&%+#=:;,.-_[](){}|*?!@$`~^";
    let characters = prop_oneof![
        2 => any::<char>(),
        3 => select(odd.chars().collect::<Vec<_>>()),
        5 => select("abzABZ019ß👍é".chars().collect::<Vec<_>>()),
    ];
    let usual = proptest::collection::vec(characters, 0..24).prop_map(String::from_iter);
    let long =
        (select(vec!["x", "é", "👍", "\"", "\u{0}"]), 200..3000_usize).prop_map(|(what, times)| what.repeat(times));
    prop_oneof![12 => usual, 1 => long]
}

/// One way to spoil a text.
#[derive(Clone, Debug)]
enum Damage {
    /// Something is written over so many bytes at this place, in thousandths of the length.
    Write(usize, usize, Vec<u8>),
    /// It ends at this place.
    End(usize),
    /// What stands at the first place, so many bytes of it, stands at the second once more.
    Repeat(usize, usize, usize),
}

fn damage() -> impl Strategy<Value = Damage> + Clone {
    let place = || 0..=1000_usize;
    let tokens: Vec<&[u8]> = vec![
        b"\"",
        b"'",
        b"\\",
        b"\\u0000",
        b"\\ud800",
        b"\0",
        b"\xff",
        b"\xc3",
        b"[",
        b"]",
        b"{",
        b"}",
        b",",
        b":",
        b"=",
        b"#",
        b"\n",
        b"-",
        b"1e400",
        b"-0",
        b"0.1",
        b"9223372036854775808",
        b"99999999999999999999",
        b"true",
        b"null",
        b"nan",
        b"inf",
        b"\"\"\"",
        b"'''",
        b"9999-12-31",
        b"0000-00-00",
        b"[[user]]",
        b"x",
        b".",
        b" ",
        b"%00",
        b"%",
    ];
    let token = select(tokens).prop_map(<[u8]>::to_vec);
    let written = prop_oneof![4 => token, 1 => proptest::collection::vec(any::<u8>(), 0..4)];
    prop_oneof![
        6 => (place(), 0..6_usize, written).prop_map(|(at, over, what)| Damage::Write(at, over, what)),
        1 => place().prop_map(Damage::End),
        1 => (place(), 1..80_usize, place()).prop_map(|(from, length, at)| Damage::Repeat(from, length, at)),
    ]
}

/// The text after some damages.
fn spoiled(text: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for damage in damages {
        let place = |thousandths: usize| bytes.len() * thousandths / 1000;
        match damage {
            Damage::Write(at, over, what) => {
                let (from, most) = (place(*at), bytes.len());
                bytes.splice(from..(from + over).min(most), what.iter().copied());
            }
            Damage::End(at) => bytes.truncate(place(*at)),
            Damage::Repeat(from, length, at) => {
                let (from, at, most) = (place(*from), place(*at), bytes.len());
                let again = bytes[from..(from + length).min(most)].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
    bytes
}

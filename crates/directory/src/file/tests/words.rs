//! Words, names and choices of them that are hard to write down.

use domain::{Urgency, Username};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::{select, subsequence};

/// A text of any characters, among them those that TOML escapes, longer than a line now and then.
pub(super) fn text() -> impl Strategy<Value = String> + Clone {
    let characters = prop_oneof![
        4 => any::<char>(),
        2 => select(vec!['"', '\\', '\'', '\n', '\r', '\t', '\u{7f}', '\u{0}', '#', '=', ']', '}']),
        4 => select(vec!['a', 'ß', ' ', '👍']),
    ];
    prop_oneof![9 => vec(characters, 1..20), 1 => vec(Just('x'), 80..130)]
        .prop_map(|characters| characters.into_iter().collect())
}

/// Names that all differ, without control characters, which begin with no blank.
pub(super) fn names(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    vec(text(), count).prop_map(|texts| {
        let plain = |text: &String| text.chars().filter(|character| !character.is_control()).collect::<String>();
        texts.iter().enumerate().map(|(number, text)| format!("{}{number}", plain(text).trim_start())).collect()
    })
}

pub(super) fn some_of(names: &[String]) -> impl Strategy<Value = Vec<String>> + Clone + use<> {
    subsequence(names.to_vec(), 0..=names.len().min(4))
}

pub(super) fn users_of(names: &[String]) -> impl Strategy<Value = Vec<Username>> + Clone + use<> {
    some_of(names).prop_map(|names| names.into_iter().map(Username).collect())
}

pub(super) fn urgency() -> impl Strategy<Value = Option<Urgency>> {
    of((1..=5_i64).prop_map(|number| Urgency::try_from(number).expect("1 to 5")))
}

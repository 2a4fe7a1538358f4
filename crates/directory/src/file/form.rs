//! What the keys of a directory file can hold.

use serde_json::{Map, Value, json};

/// What a key holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// A string.
    Text,
    /// One of these strings.
    Word(&'static [&'static str]),
    /// One of these words, or what other tools call them; the function says the word.
    Alias(&'static [&'static str], fn(&str) -> Option<&'static str>),
    /// A string, or a table with these keys.
    TextOr(&'static [Key]),
    /// A whole number, 0 or more.
    Whole,
    /// A whole number from 1 to 5.
    Urgency,
    /// Any finite number.
    Number,
    /// `true` or `false`.
    Truth,
    /// A string, a finite number, `true` or `false`.
    Scalar,
    /// A list.
    List(&'static Form),
    /// A table with these keys.
    Table(&'static [Key]),
    /// A string, or a list of strings.
    Source,
    /// A table of which each key is a name that the file chooses.
    Named(&'static Form),
    /// A field and exactly one test of it.
    Condition,
}

/// One key of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) form: Form,
    pub(super) need: Need,
}

/// Whether a key may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// It must be there.
    Must,
    /// It may be left out.
    May,
}

pub(super) const fn must(name: &'static str, form: Form) -> Key {
    Key { name, form, need: Need::Must }
}

pub(super) const fn may(name: &'static str, form: Form) -> Key {
    Key { name, form, need: Need::May }
}

pub(super) const TEXTS: Form = Form::List(&Form::Text);

impl Form {
    /// What to call it in a message.
    pub(super) fn phrase(self) -> String {
        match self {
            Self::Text => "a string".to_owned(),
            Self::TextOr(_) => "a string or a table".to_owned(),
            Self::Word(words) | Self::Alias(words, _) => {
                let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
                format!("one of {}", quoted.join(", "))
            }
            Self::Whole => format!("a whole number from 0 to {}", u32::MAX),
            Self::Urgency => "a whole number from 1 to 5".to_owned(),
            Self::Number => "a finite number".to_owned(),
            Self::Truth => "true or false".to_owned(),
            Self::Scalar => "a string, a finite number, true or false".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Source => "a string or a list of strings".to_owned(),
            Self::Table(_) | Self::Named(_) | Self::Condition => "a table".to_owned(),
        }
    }

    /// What stands in for a value that could not be read, so that the rest of the file can still be judged.
    pub(super) fn neutral(self) -> Value {
        match self {
            Self::Text | Self::TextOr(_) => json!(""),
            Self::Source => json!("/"),
            Self::Named(_) => json!({}),
            Self::Word(words) | Self::Alias(words, _) => words.first().map_or(Value::Null, |word| json!(word)),
            Self::Whole | Self::Urgency | Self::Number => json!(1),
            Self::Truth => json!(false),
            Self::Scalar => json!(""),
            Self::List(_) => json!([]),
            Self::Table(keys) => {
                let needed = keys.iter().filter(|key| key.need == Need::Must);
                Value::Object(needed.map(|key| (key.name.to_owned(), key.form.neutral())).collect::<Map<_, _>>())
            }
            // It can be true and contradicts nothing, so that no other condition is blamed.
            Self::Condition => json!({ "field": "/", "exists": true }),
        }
    }
}

//! A TOML text as sections of keys, each with its line; what the keys mean is not known here.

use toml::de::{DeArray, DeTable, DeValue};

use super::mistake::{Mistake, Origin};

/// A value that a configuration can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A string.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A list of strings.
    List(Vec<String>),
}

impl Value {
    /// What to call this type of value in a message.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Whole(_) => "a whole number",
            Self::List(_) => "a list of strings",
        }
    }

    /// Whether both are of the same type.
    pub(super) fn same_kind(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// One name at the top of the text.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) name: String,
    /// From 1.
    pub(super) line: usize,
    /// None where the name stands for a value and not for a section.
    pub(super) entries: Option<Vec<Entry>>,
}

/// One key of a section.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    /// From 1.
    pub(super) line: usize,
    /// The value, or what to call one of a type that no key has.
    pub(super) value: Result<Value, String>,
    /// What stands in it, if it is a table: a section within a section.
    pub(super) inside: Option<Vec<Entry>>,
}

/// Takes the text apart. `file` is its name in messages. The mistakes are those of syntax, all of them; a text with
/// such mistakes is not looked into further, since what it says can only be guessed.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Section>, Vec<Mistake>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(errors.iter().map(|error| syntax_mistake(file, text, error)).collect());
    }
    let sections = document.get_ref().iter().map(|(name, value)| Section {
        name: name.get_ref().to_string(),
        line: line_of(text, name.span().start),
        entries: value.get_ref().as_table().map(|table| entries(text, table)),
    });
    Ok(sections.collect())
}

/// A list as TOML writes it, such as `["a", "b"]`; None where the text is anything else.
pub(super) fn read_list(text: &str) -> Option<Vec<String>> {
    let value = DeValue::parse(text).ok()?;
    strings(value.get_ref().as_array()?)
}

fn entries(text: &str, table: &DeTable<'_>) -> Vec<Entry> {
    let entries = table.iter().map(|(name, value)| Entry {
        name: name.get_ref().to_string(),
        line: line_of(text, name.span().start),
        value: interpret(value.get_ref()),
        inside: value.get_ref().as_table().map(|table| self::entries(text, table)),
    });
    entries.collect()
}

fn interpret(value: &DeValue<'_>) -> Result<Value, String> {
    match value {
        DeValue::String(text) => Ok(Value::Text(text.to_string())),
        DeValue::Integer(whole) => i64::from_str_radix(whole.as_str(), whole.radix())
            .map(Value::Whole)
            .map_err(|_| "a number beyond 64 bits".to_owned()),
        DeValue::Array(array) => {
            strings(array).map(Value::List).ok_or_else(|| "a list that holds something else than strings".to_owned())
        }
        DeValue::Float(_) => Err("a number with a fraction".to_owned()),
        DeValue::Boolean(_) => Err("true or false".to_owned()),
        DeValue::Datetime(_) => Err("a date or time".to_owned()),
        DeValue::Table(_) => Err("a table".to_owned()),
    }
}

fn strings(array: &DeArray<'_>) -> Option<Vec<String>> {
    array.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
}

fn syntax_mistake(file: &str, text: &str, error: &toml::de::Error) -> Mistake {
    let file = file.to_owned();
    let origin = match error.span() {
        Some(span) => Origin::Line { file, line: line_of(text, span.start) },
        None => Origin::File { file },
    };
    Mistake::at(origin, format!("not valid TOML: {}", error.message()))
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

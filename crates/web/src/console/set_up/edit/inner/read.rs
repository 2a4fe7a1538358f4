//! What is typed into fields within a field, as the value that the directory holds.

use super::condition;
use super::keyed::{HOLDS, NAME, closed, fault, opened};
use super::shape::{Part, Reads, Rows, Shape};
use super::typed::Typed;
use directory::file::{read_field, write_field};
use serde_json::{Map, Value};

impl Shape {
    /// The value that is typed; null where nothing is. A row of which nothing is typed keeps its place. What cannot be read
    /// stays a text, so that the refusal of the operation says what it must be.
    pub(in crate::console::set_up::edit) fn read(&self, typed: &Typed) -> Value {
        let text = || typed.text().replace("\r\n", "\n");
        let is_blank = || typed.text().trim().is_empty();
        match self {
            Self::Table(parts) => table(parts, typed),
            Self::Rows(rows) | Self::Keyed(rows) => typed.rows.values().map(|typed| row(&rows.row, typed)).collect(),
            Self::Condition => condition::read(typed),
            Self::Ticks(offered, reads) => {
                let ticked = offered.iter().filter(|(value, _)| typed.said.contains(value));
                ticked.map(|(value, _)| reads.value(value)).collect()
            }
            Self::Source => {
                let said = typed.said.iter().filter(|said| !said.trim().is_empty());
                said.map(|said| Value::from(said.replace("\r\n", "\n"))).collect()
            }
            Self::Names(_) => typed.said.iter().map(|name| Value::from(name.trim())).collect(),
            _ if is_blank() => Value::Null,
            Self::Lines => {
                let lines: Vec<_> = text().lines().filter(|line| !line.trim().is_empty()).map(Value::from).collect();
                Value::from(lines)
            }
            Self::Number => Reads::Number.value(typed.text()),
            Self::Choice(_, reads) => reads.value(typed.text()),
            Self::Name(_) => Value::from(typed.text().trim()),
            Self::File => read_field(ALONE, typed.text()).unwrap_or_else(|_| Value::from(text())),
            Self::Line | Self::Text => Value::from(text()),
        }
    }

    /// The same value as it is read back from the form that it is drawn as: without what is empty.
    pub(in crate::console::set_up::edit) fn usual(&self, value: &Value) -> Value {
        match (self, value) {
            (Self::Table(parts), Value::Object(fields)) => {
                let usual = parts.iter().filter_map(|part| {
                    let value = part.shape.usual(fields.get(&part.key)?);
                    (!is_empty(&value)).then(|| (part.key.clone(), value))
                });
                some(Value::Object(usual.collect()))
            }
            (Self::Rows(rows), Value::Array(items)) => {
                some(items.iter().map(|item| rows.row.usual(item)).filter(|item| !is_empty(item)).collect())
            }
            (Self::Keyed(rows), value) => {
                let opened = opened(value);
                let items = opened.as_array().map(Vec::as_slice).unwrap_or_default();
                let items: Vec<_> =
                    items.iter().map(|item| rows.row.usual(item)).filter(|item| !is_empty(item)).collect();
                some(closed(&items, &held_by_nothing(rows)))
            }
            (Self::Source, Value::Array(items)) if items.len() == 1 => items[0].clone(),
            (Self::Ticks(offered, reads), Value::Array(items)) => {
                let ticked = offered.iter().map(|(value, _)| reads.value(value)).filter(|value| items.contains(value));
                some(ticked.collect())
            }
            (Self::Condition, value) => condition::usual(value),
            (_, value) => some(value.clone()),
        }
    }

    /// The first name of a row that is missing, or there twice, in the value at this path, as it is usual: where, and what is wrong.
    pub(in crate::console::set_up::edit) fn misnamed(
        &self,
        path: &str,
        value: &Value,
    ) -> Option<(String, &'static str)> {
        let each = |rows: &Rows, value: &Value| {
            let mut items = value.as_array().into_iter().flatten().enumerate();
            items.find_map(|(place, item)| rows.row.misnamed(&format!("{path}[{place}]"), item))
        };
        match self {
            Self::Table(parts) => parts.iter().find_map(|part| {
                let value = value.get(&part.key)?;
                part.shape.misnamed(&format!("{path}.{}", part.key), value)
            }),
            Self::Rows(rows) => each(rows, value),
            Self::Keyed(rows) => {
                let opened = opened(value);
                let found = opened.as_array().and_then(|items| fault(items));
                let found = found.map(|(place, words)| (format!("{path}[{place}].{NAME}"), words));
                found.or_else(|| each(rows, &opened))
            }
            _ => None,
        }
    }
}

/// What is held by a row of which nothing but its name is said.
fn held_by_nothing(rows: &Rows) -> Value {
    let Shape::Table(parts) = &*rows.row else { return Value::Null };
    let is_table = parts.iter().any(|part| part.key == HOLDS && matches!(part.shape, Shape::Keyed(_)));
    if is_table { Value::Object(Map::new()) } else { Value::from("") }
}

/// What a field is called that is written without its name.
const ALONE: &str = "value";

/// As a directory file spells it; a text as it was typed.
pub(super) fn as_file(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => write_field(ALONE, value),
    }
}

fn row(shape: &Shape, typed: &Typed) -> Value {
    match shape.read(typed) {
        Value::Null => Value::Object(Map::new()),
        value => value,
    }
}

fn table(parts: &[Part], typed: &Typed) -> Value {
    let fields = parts.iter().filter_map(|part| {
        let value = part.shape.read(typed.field(&part.key)?);
        (!is_empty(&value)).then(|| (part.key.clone(), value))
    });
    some(Value::Object(fields.collect()))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn some(value: Value) -> Value {
    if is_empty(&value) { Value::Null } else { value }
}

impl Reads {
    fn value(self, text: &str) -> Value {
        match self {
            Self::Text => Value::from(text),
            Self::Number => text.trim().parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
            Self::Truth => Value::from(text == "true"),
        }
    }
}

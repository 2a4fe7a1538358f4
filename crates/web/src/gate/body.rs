//! From bytes or a query to checked fields, by the operation's row in the table; all mistakes are told at once.

use super::check::{Checked, check, kind};
use super::problem::Problem;
use crate::operation::{Field, Operation, Presence, Shape};
use domain::{InstanceId, Instant, RefId, Username};
use serde_json::{Map, Value};

/// The fields of a request that passed the check. A required field is there.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    values: Vec<(&'static str, Checked)>,
}

/// Reads a JSON body (contract §1): an empty one is `{}`, unknown fields are ignored, of a repeated key the last counts.
/// Gives the fields, and the body as it came for rules that look into it.
///
/// # Errors
/// `malformed_json` with line and column, or `invalid_fields` with every mistake.
pub fn read_body(operation: &Operation, body: &[u8]) -> Result<(Fields, Value), Problem> {
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body };
    // serde_json bounds the depth and refuses lone surrogates.
    let raw: Value = serde_json::from_slice(body).map_err(|error| Problem::malformed(&error))?;
    let Value::Object(object) = &raw else {
        return Err(Problem::invalid(vec![format!("body: must be a JSON object, not {}", kind(&raw))]));
    };
    let fields = read(operation, object)?;
    Ok((fields, raw))
}

/// Reads the pairs of a query, percent-decoded. A parameter that takes a list may be repeated; of others the last counts.
///
/// # Errors
/// `invalid_fields` with every mistake.
pub fn read_query(operation: &Operation, pairs: &[(String, String)]) -> Result<Fields, Problem> {
    let mut object = Map::new();
    for (name, text) in pairs {
        match operation.field(name).map(|field| field.shape) {
            Some(Shape::ListOf { .. }) => {
                let entry = object.entry(name.as_str()).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(values) = entry {
                    values.push(Value::from(text.as_str()));
                }
            }
            Some(Shape::Integer { .. } | Shape::InstanceId) => {
                // A query has no types; digits stay a text only where they are no number of JSON.
                let number = serde_json::from_str(text).ok().filter(Value::is_number);
                object.insert(name.clone(), number.unwrap_or_else(|| Value::from(text.as_str())));
            }
            _ => {
                object.insert(name.clone(), Value::from(text.as_str()));
            }
        }
    }
    read(operation, &object)
}

fn read(operation: &Operation, object: &Map<String, Value>) -> Result<Fields, Problem> {
    let mut mistakes = Vec::new();
    let mut values = Vec::new();
    for field in operation.fields {
        if let Some(checked) = read_field(field, object, &mut mistakes) {
            values.push((field.name, checked));
        }
    }
    let fields = Fields { values };
    let wanted = operation.at_least_one;
    let broken = |name: &str| mistakes.iter().any(|mistake| mistake.starts_with(name));
    if !wanted.is_empty() && !wanted.iter().any(|name| fields.has(name) || broken(name)) {
        mistakes.push(format!("{}: at least one of {} is required", wanted[0], wanted.join(", ")));
    }
    if mistakes.is_empty() { Ok(fields) } else { Err(Problem::invalid(mistakes)) }
}

/// The value under the first spelling that is given; the others are checked all the same.
fn read_field(field: &Field, object: &Map<String, Value>, mistakes: &mut Vec<String>) -> Option<Checked> {
    let mut found = None;
    let mut given = false;
    for spelling in field.spellings() {
        let Some(value) = object.get(spelling).filter(|value| !value.is_null()) else { continue };
        given = true;
        let checked = check(&field.shape, field.presence, spelling, value, mistakes);
        found = found.or(checked);
    }
    if !given && field.presence == Presence::Required {
        mistakes.push(format!("{}: is required", field.name));
    }
    found
}

impl Fields {
    fn get(&self, name: &str) -> Option<&Checked> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Whether the field was given and is not an empty list.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !matches!(value, Checked::Texts(texts) if texts.is_empty()))
    }

    /// A text, an id or a word.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Checked::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A text that the table says is required, so that the gate let no request pass without it.
    pub fn required_text(&self, name: &str) -> String {
        debug_assert!(self.text(name).is_some(), "{name} is not a required text");
        self.text(name).unwrap_or_default().to_owned()
    }

    /// A list, empty where it was not given.
    pub fn texts(&self, name: &str) -> &[String] {
        match self.get(name) {
            Some(Checked::Texts(texts)) => texts,
            _ => &[],
        }
    }

    /// A whole number.
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Checked::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A timestamp.
    pub fn instant(&self, name: &str) -> Option<Instant> {
        match self.get(name)? {
            Checked::Instant(instant) => Some(*instant),
            _ => None,
        }
    }

    /// The number of an incident.
    pub fn instance_id(&self, name: &str) -> Option<InstanceId> {
        self.number(name).map(InstanceId)
    }

    /// Usernames, empty where none were given.
    pub fn usernames(&self, name: &str) -> Vec<Username> {
        self.texts(name).iter().map(|text| Username::from(text.as_str())).collect()
    }

    /// Ids of components, empty where none were given.
    pub fn ref_ids(&self, name: &str) -> Vec<RefId> {
        self.texts(name).iter().map(|text| RefId::from(text.as_str())).collect()
    }
}

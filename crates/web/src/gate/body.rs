//! From bytes, a query or a path to checked fields, by the operation's row in the table; all mistakes are told at once.

use super::check::{check_all, kind};
use super::fields::Fields;
use super::problem::Problem;
use crate::operation::{Field, Operation, Served, Shape};
use domain::limits;
use senders::repair::{Repair, repair};
use serde_json::{Map, Value};

/// A body that was read.
#[derive(Debug)]
pub struct BodyRead {
    /// Its fields, checked.
    pub fields: Fields,
    /// All of it, for rules that look into it.
    pub raw: Value,
    /// What was done to it so that it could be read.
    pub repairs: Vec<Repair>,
}

/// Reads a JSON body (contract §1): an empty one is `{}`, unknown fields are ignored, of a repeated key the last counts.
/// What is nearly JSON is repaired.
///
/// # Errors
/// `malformed_json` with line and column, or `invalid_fields` with every mistake.
pub fn read_body(operation: &Operation, body: &[u8]) -> Result<BodyRead, Problem> {
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body };
    let (raw, repairs) = json(body)?;
    let Value::Object(object) = &raw else {
        return Err(Problem::invalid(vec![format!("body: must be a JSON object, not {}", kind(&raw))]));
    };
    let fields = read(operation, object)?;
    Ok(BodyRead { fields, raw, repairs })
}

/// The error is that of the body as it came.
fn json(body: &[u8]) -> Result<(Value, Vec<Repair>), Problem> {
    // serde_json bounds the depth and refuses lone surrogates.
    let error = match serde_json::from_slice(body) {
        Ok(raw) => return Ok((raw, Vec::new())),
        Err(error) => error,
    };
    let (mended, repairs) = repair(body);
    let mended = if mended.trim().is_empty() && !repairs.is_empty() { "{}" } else { &mended };
    match serde_json::from_str(mended) {
        Ok(raw) if !repairs.is_empty() => Ok((raw, repairs)),
        _ => Err(Problem::malformed(&error)),
    }
}

/// Refuses keys of a body, or of a query, that are none of these: a misspelt one that is dropped is a page that is not sent.
///
/// # Errors
/// `invalid_fields` with each of them, and which one may be meant.
pub fn known_keys(body: &Value, known: &[&'static str]) -> Result<(), Problem> {
    let mut mistakes: Vec<_> = unknown_keys(body, known, "").collect();
    mistakes.truncate(limits::MISTAKES);
    if mistakes.is_empty() { Ok(()) } else { Err(Problem::invalid(mistakes)) }
}

/// Refuses keys of a body that are none of these fields, those of objects in lists included.
///
/// # Errors
/// As [`known_keys`].
pub fn known_fields(body: &Value, fields: &[Field]) -> Result<(), Problem> {
    // Who acts may be said beside every action (contract §2).
    let names: Vec<_> = fields.iter().map(|field| field.name).chain(["by"]).collect();
    let mut mistakes: Vec<_> = unknown_keys(body, &names, "").collect();
    for field in fields {
        let Shape::ListOf { item: Shape::Object(inner), .. } = field.shape else { continue };
        let names: Vec<_> = inner.iter().map(|field| field.name).collect();
        let items = body.get(field.name).and_then(Value::as_array).into_iter().flatten();
        for (place, item) in items.enumerate() {
            mistakes.extend(unknown_keys(item, &names, &format!("{}[{place}].", field.name)));
        }
    }
    mistakes.truncate(limits::MISTAKES);
    if mistakes.is_empty() { Ok(()) } else { Err(Problem::invalid(mistakes)) }
}

fn unknown_keys(body: &Value, known: &[&'static str], path: &str) -> impl Iterator<Item = String> {
    let keys = body.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    keys.filter(|key| !known.contains(key)).map(move |key| {
        let near = directory::suggestion::suggestion(key, known.iter().copied());
        format!("{path}{}: is not known{near}", key.chars().take(100).collect::<String>())
    })
}

/// Reads the pairs of a query, percent-decoded. A parameter that takes a list may be repeated; of others the last counts.
///
/// # Errors
/// `invalid_fields` with every mistake.
pub fn read_query(operation: &Operation, pairs: &[(String, String)]) -> Result<Fields, Problem> {
    read(operation, &body_of_pairs(operation, pairs))
}

/// Reads the pairs of the query of an operation whose fields stand in the body, likewise.
///
/// # Errors
/// `invalid_fields` with every mistake.
pub fn read_query_of(operation: &Operation, pairs: &[(String, String)]) -> Result<Fields, Problem> {
    let shape = |name: &str| operation.query.iter().find(|field| field.name == name).map(|field| field.shape);
    let mut mistakes = Vec::new();
    let object = object(pairs, shape);
    let fields = check_all(operation.query, "", &object, &mut mistakes);
    if operation.served == Served::V1 {
        // Whoever means to try something must not do it by a word that is not known here.
        let known: Vec<_> = operation.query.iter().map(|field| field.name).collect();
        known_keys(&Value::Object(object), &known)?;
    }
    if mistakes.is_empty() { Ok(fields) } else { Err(Problem::invalid(mistakes)) }
}

/// The body that the pairs of a form stand for: each a field of the operation; several of one name are a list where the field
/// is one.
pub fn body_of_pairs(operation: &Operation, pairs: &[(String, String)]) -> Map<String, Value> {
    object(pairs, |name| operation.field(name).map(|field| field.shape))
}

fn object(pairs: &[(String, String)], shape: impl Fn(&str) -> Option<Shape>) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, text) in pairs {
        match shape(name) {
            Some(Shape::ListOf { .. }) => {
                let entry = object.entry(name.as_str()).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(values) = entry {
                    values.push(Value::from(text.as_str()));
                }
            }
            shape => {
                object.insert(name.clone(), typed(shape, text));
            }
        }
    }
    object
}

/// A query and a path have no types; digits stay a text only where they are no number of JSON.
fn typed(shape: Option<Shape>, text: &str) -> Value {
    let value = match shape {
        Some(Shape::Integer { .. } | Shape::InstanceId) => serde_json::from_str(text).ok().filter(Value::is_number),
        Some(Shape::Truth) => serde_json::from_str(text).ok().filter(Value::is_boolean),
        _ => None,
    };
    value.unwrap_or_else(|| Value::from(text))
}

fn read(operation: &Operation, object: &Map<String, Value>) -> Result<Fields, Problem> {
    let mut mistakes = Vec::new();
    let fields = check_all(operation.fields, "", object, &mut mistakes);
    let wanted = operation.at_least_one;
    let broken = |name: &str| mistakes.iter().any(|mistake| mistake.starts_with(name));
    if !wanted.is_empty() && !wanted.iter().any(|name| fields.has(name) || broken(name)) {
        mistakes.push(format!("{}: at least one of {} is required", wanted[0], wanted.join(", ")));
    }
    if mistakes.is_empty() { Ok(fields) } else { Err(Problem::invalid(mistakes)) }
}

/// Reads the variable parts of a path, percent-decoded.
///
/// # Errors
/// `unknown_path` where a part is empty, or must be one of some words and is none; else `invalid_fields` with every
/// mistake.
pub fn read_path(operation: &Operation, pairs: &[(String, String)]) -> Result<Fields, Problem> {
    let mut object = Map::new();
    for (name, text) in pairs {
        let shape = operation.parameter(name).map(|field| field.shape);
        let is_word = match shape {
            Some(Shape::Word(words)) => words.contains(&text.as_str()),
            _ => !text.is_empty(),
        };
        if !is_word {
            return Err(Problem::unknown_path());
        }
        object.insert(name.clone(), typed(shape, text));
    }
    let mut mistakes = Vec::new();
    let fields = check_all(operation.parameters, "", &object, &mut mistakes);
    if mistakes.is_empty() { Ok(fields) } else { Err(Problem::invalid(mistakes)) }
}

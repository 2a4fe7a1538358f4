//! Members of a body, taken leniently: numbers, booleans and an array of one serve where text or an object is wanted,
//! and what is null or empty is absent (intake §1).

use domain::limits;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// An object of JSON.
pub(crate) type Object = Map<String, Value>;

/// A value as text without white space around it; an object or an array of several is spelled as JSON. `None` if there
/// is nothing in it.
pub(crate) fn spelled(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.trim().to_owned(),
        Value::Array(items) => match items.as_slice() {
            [] => return None,
            [one] => return spelled(one),
            _ => value.to_string(),
        },
        Value::Object(object) if object.is_empty() => return None,
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// Whether [`spelled`] finds anything in a value.
pub(crate) fn says(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => match items.as_slice() {
            [] => false,
            [one] => says(one),
            _ => true,
        },
        Value::Object(object) => !object.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// The member of this name as text.
pub(crate) fn text(object: &Object, name: &str) -> Option<String> {
    object.get(name).and_then(spelled)
}

/// The first of these names that holds text, with the name.
pub(crate) fn first<'a>(object: &Object, names: &[&'a str]) -> Option<(&'a str, String)> {
    names.iter().find_map(|name| Some((*name, text(object, name)?)))
}

/// A value as an object, or as the only one of an array.
pub(crate) fn as_object(value: &Value) -> Option<&Object> {
    match value {
        Value::Object(object) => Some(object),
        Value::Array(items) => match items.as_slice() {
            [one] => as_object(one),
            _ => None,
        },
        _ => None,
    }
}

/// The member of this name as an object.
pub(crate) fn object<'a>(object: &'a Object, name: &str) -> Option<&'a Object> {
    object.get(name).and_then(as_object)
}

/// The entries of an array; what is none is its own only entry, and null has none. Of more than a body of alerts may have,
/// only one more is told, so that what is refused for its number costs no memory.
pub(crate) fn entries(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(items) => &items[..items.len().min(limits::INTAKE_ALERTS + 1)],
        one => std::slice::from_ref(one),
    }
}

/// An object's members as text, sorted; what is empty is absent.
pub(crate) fn texts(object: &Object) -> BTreeMap<String, String> {
    object.iter().filter_map(|(name, value)| Some((name.clone(), spelled(value)?))).collect()
}

/// A list of words: an array, or a text with commas, or an object as `name:value`.
pub(crate) fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().filter_map(spelled).collect(),
        Value::Object(object) => texts(object).iter().map(|(name, value)| format!("{name}:{value}")).collect(),
        one => {
            let text = spelled(one).unwrap_or_default();
            text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        }
    }
}

/// `name: value` for each member that says something, in the order of the body.
pub(crate) fn lines(object: &Object) -> Vec<String> {
    object.iter().filter_map(|(name, value)| Some(format!("{name}: {}", spelled(value)?))).collect()
}

/// Paragraphs that say something, with an empty line between them.
pub(crate) fn paragraphs(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
    parts.join("\n\n")
}

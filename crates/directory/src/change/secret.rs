//! Secrets of components: never told, and kept where `(hidden)` is sent back.

use crate::audit::HIDDEN;
use crate::file::SECRETS;
use serde_json::{Map, Value};

/// The value at a path such as `webhook.secrets`.
fn at<'a>(body: &'a mut Map<String, Value>, path: &str) -> Option<&'a mut Value> {
    match path.split_once('.') {
        Some((table, key)) => body.get_mut(table)?.as_object_mut()?.get_mut(key),
        None => body.get_mut(path),
    }
}

/// Whether a value is, or has, what stands for a secret.
fn is_hidden(value: &Value) -> bool {
    match value {
        Value::String(text) => text == HIDDEN,
        Value::Array(items) => items.iter().any(is_hidden),
        _ => false,
    }
}

/// Puts what stands for a secret in the place of each one.
pub(crate) fn hide(body: &mut Map<String, Value>) {
    for path in SECRETS {
        match at(body, path) {
            Some(Value::Array(items)) => items.fill(Value::from(HIDDEN)),
            Some(value) => *value = Value::from(HIDDEN),
            None => {}
        }
    }
}

/// Puts the secrets that are stored in the place of what stands for them.
///
/// # Errors
/// A mistake for each one for which nothing is stored.
pub(super) fn keep_hidden(
    given: &mut Map<String, Value>,
    stored: Option<&Map<String, Value>>,
) -> Result<(), Vec<String>> {
    let mut stored = stored.cloned().unwrap_or_default();
    let mut mistakes = Vec::new();
    for path in SECRETS {
        let Some(value) = at(given, path).filter(|value| is_hidden(value)) else { continue };
        match at(&mut stored, path) {
            Some(kept) => *value = kept.clone(),
            None => mistakes.push(format!("{path}: {HIDDEN} stands for a secret that is kept, and none is")),
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
}

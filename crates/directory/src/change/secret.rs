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

/// Puts the secrets that are stored in the place of what stands for them: of several in a list, one after the other.
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
        match (at(&mut stored, path), value) {
            (Some(Value::Array(kept)), Value::Array(items)) => {
                let mut kept = kept.iter();
                for item in items.iter_mut().filter(|item| is_hidden(item)) {
                    match kept.next() {
                        Some(secret) => item.clone_from(secret),
                        None => mistakes
                            .push(format!("{path}: {HIDDEN} stands for one secret that is kept, and there are fewer")),
                    }
                }
            }
            (Some(kept), value) => *value = kept.clone(),
            (None, _) => mistakes.push(format!("{path}: {HIDDEN} stands for a secret that is kept, and none is")),
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
}

#[cfg(test)]
mod tests {
    use super::keep_hidden;
    use serde_json::{Map, Value, json};

    fn kept(given: &Value, stored: &Value) -> Result<Value, Vec<String>> {
        let body = |value: &Value| -> Map<String, Value> { value.as_object().cloned().unwrap() };
        let mut given = body(given);
        keep_hidden(&mut given, Some(&body(stored))).map(|()| Value::Object(given))
    }

    #[test]
    fn what_is_hidden_stays_one_by_one_and_what_is_new_beside_it_is_taken() {
        let two = json!({"webhook": {"secrets": ["a", "b"]}, "key": "k"});
        let secrets = |secrets: Value| json!({"webhook": {"secrets": secrets}});
        for (given, expect) in [
            (json!(["(hidden)", "(hidden)"]), json!(["a", "b"])),
            (json!(["new", "(hidden)"]), json!(["new", "a"])),
            (json!(["(hidden)", "new"]), json!(["a", "new"])),
            (json!(["new"]), json!(["new"])),
        ] {
            assert_eq!(kept(&secrets(given), &two), Ok(secrets(expect)));
        }
        assert_eq!(kept(&json!({"key": "(hidden)"}), &two), Ok(json!({"key": "k"})));
        let more = secrets(json!(["(hidden)", "(hidden)", "(hidden)"]));
        assert_eq!(kept(&more, &two).unwrap_err().len(), 1);
        assert_eq!(kept(&json!({"secret": "(hidden)"}), &two).unwrap_err().len(), 1);
    }
}

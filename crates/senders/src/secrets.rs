//! What must not be shown to responders, told by its name.

use crate::members::Object;
use serde_json::Value;

const WORDS: [&str; 5] = ["password", "passwd", "token", "secret", "authorization"];
const KEYS: [&str; 5] = ["_key", "apikey", "integrationkey", "routingkey", "servicekey"];
/// Keys that are names of problems.
const NAMES: [&str; 4] = ["dedup_key", "incident_key", "group_key", "issue_key"];

/// Whether a member is named like something that must not be shown, in any spelling.
pub(crate) fn secret(name: &str) -> bool {
    let name = name.to_lowercase().replace('-', "_");
    let key = name == "key" || KEYS.iter().any(|end| name.ends_with(end));
    (key && !NAMES.contains(&name.as_str())) || WORDS.iter().any(|word| name.contains(word))
}

/// An object without the members that must not be shown, however deep they lie.
pub(crate) fn without_secrets(object: &Object) -> Object {
    let shown = object.iter().filter(|(name, _)| !secret(name));
    shown.map(|(name, value)| (name.clone(), bared(value))).collect()
}

fn bared(value: &Value) -> Value {
    match value {
        Value::Object(object) => Value::Object(without_secrets(object)),
        Value::Array(items) => Value::Array(items.iter().map(bared).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_secret_is_told_by_its_name_however_deep_it_lies() {
        let body = json!({
            "api_key": 1, "apiKey": 1, "X-Auth-Token": 1, "key": 1, "Password": 1, "monkey": 2, "dedup_key": 2,
            "inside": [{"client_secret": 1, "seen": 2}],
        });
        let shown = body.as_object().map(without_secrets);
        assert_eq!(shown.map(Value::Object), Some(json!({"monkey": 2, "dedup_key": 2, "inside": [{"seen": 2}]})));
    }
}

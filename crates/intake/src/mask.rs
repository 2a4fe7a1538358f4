//! Hiding secrets in bodies that are kept, for whoever sets up a sender to look at.

use serde_json::Value;

/// What stands in the place of a secret.
const HIDDEN: &str = "(hidden)";
/// Parts of the names of members that hold secrets.
/// Whoever calls an address that unsubscribes from SNS need show nothing else.
const SECRETS: [&str; 6] = ["password", "passwd", "secret", "token", "authorization", "subscribeurl"];
/// Names that end so do, too, or are just that; many a harmless name holds the word.
const KEYS: [&str; 8] = [
    "apikey",
    "api_key",
    "access_key",
    "private_key",
    "routing_key",
    "service_key",
    "integration_key",
    "integrationkey",
];

/// The value with all secrets hidden.
pub(crate) fn masked(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.to_ascii_lowercase().replace('-', "_");
                let is_secret =
                    SECRETS.iter().any(|part| name.contains(part)) || KEYS.iter().any(|key| name.ends_with(key));
                match value {
                    Value::Null | Value::Bool(_) => {}
                    Value::String(text) if is_secret && text.is_empty() => {}
                    value if is_secret || name == "key" => *value = Value::from(HIDDEN),
                    value => masked(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(masked),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_named_like_secrets_are_hidden_at_any_depth_and_nothing_else_is() {
        let mut value = json!({
            "routing_key": "abc", "dedup_key": "disk", "groupKey": "{}", "Key": "x",
            "payload": [{"X-API-Key": "y", "password": 7, "labels": {"authToken": {"a": 1}, "keyboard": "z"}}],
            "token": "", "secret": null, "UnsubscribeURL": "https://x",
        });
        masked(&mut value);
        assert_eq!(
            value,
            json!({
                "routing_key": "(hidden)", "dedup_key": "disk", "groupKey": "{}", "Key": "(hidden)",
                "payload": [{"X-API-Key": "(hidden)", "password": "(hidden)",
                    "labels": {"authToken": "(hidden)", "keyboard": "z"}}],
                "token": "", "secret": null, "UnsubscribeURL": "(hidden)",
            })
        );
    }
}

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

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let is_key = name == "key" || KEYS.iter().any(|key| name.ends_with(key));
    is_key || SECRETS.iter().any(|part| name.contains(part))
}

/// A form with all secrets hidden: fields that are named so, and members of the JSON that others hold. Of JSON that is cut
/// off it cannot be told what is in it, so that all is hidden. What is no form stays as it is.
pub(crate) fn masked_form(form: &str, is_cut: bool) -> String {
    let hidden = senders::changed_form(form, |name, held| {
        if is_secret(name) {
            return Some(HIDDEN.to_owned());
        }
        if !held.trim_start().starts_with(['{', '[']) {
            return None;
        }
        match senders::json(held.as_bytes()) {
            Ok((value, _)) => {
                let mut bare = value.clone();
                masked(&mut bare);
                (bare != value).then(|| bare.to_string())
            }
            Err(_) => is_cut.then(|| HIDDEN.to_owned()),
        }
    });
    // Brackets need not be spelled by their numbers.
    hidden.replace("%28hidden%29", HIDDEN)
}

/// The value with all secrets hidden.
pub(crate) fn masked(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let is_secret = is_secret(name);
                match value {
                    Value::Null | Value::Bool(_) => {}
                    Value::String(text) if is_secret && text.is_empty() => {}
                    value if is_secret => *value = Value::from(HIDDEN),
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

    #[test]
    fn fields_of_forms_are_hidden_like_members_and_so_are_those_of_the_json_in_them() {
        let payload = "payload=%7B%22title%22%3A%22x%22%2C%22hook%22%3A%7B%22secret%22%3A%22abc%22%7D%7D";
        let hidden = "payload=%7B%22title%22%3A%22x%22%2C%22hook%22%3A%7B%22secret%22%3A%22(hidden)%22%7D%7D";
        let table = [
            ("URL=a.example&Token=abc&Status=Down", "URL=a.example&Token=(hidden)&Status=Down"),
            ("api%5Fkey=abc&name=a+b&password=", "api%5Fkey=(hidden)&name=a+b&password="),
            ("name=the disk is full&key=abc\n", "name=the disk is full&key=(hidden)"),
            (payload, hidden),
            ("data=%5B1", "data=%5B1"),
            ("disk full: token = 5 & more", "disk full: token = 5 & more"),
            ("", ""),
        ];
        for (form, expect) in table {
            assert_eq!(masked_form(form, false), expect, "{form}");
        }
        assert_eq!(masked_form("a=1&data=%7B%22secret%22%3A%22abc", true), "a=1&data=(hidden)");
    }
}

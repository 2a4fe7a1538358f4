//! What is told of a person: all that is held, and their addresses to those who may not see them whole (administration §4).

use crate::view::notification;
use ::directory::PersonData;
use ::directory::audit::HIDDEN;
use serde_json::{Map, Value};

/// Letters at the end of a telephone number that are told.
const DIGITS: usize = 2;

/// All that is held about a person, as it is answered.
///
/// # Errors
/// When it cannot be written as JSON, which does not happen.
pub fn data(data: PersonData) -> serde_json::Result<Map<String, Value>> {
    let PersonData { mut told, notices, notifications, next_incident, next_audit } = data;
    let notices: Vec<_> = notices.iter().map(notification::notice).collect();
    let notifications: Vec<_> = notifications.iter().map(notification::notification).collect();
    told.insert("notices".to_owned(), serde_json::to_value(&notices)?);
    told.insert("notifications".to_owned(), serde_json::to_value(&notifications)?);
    told.insert("next_before_instance_id".to_owned(), serde_json::to_value(next_incident)?);
    told.insert("next_before_audit_number".to_owned(), serde_json::to_value(next_audit)?);
    Ok(told)
}

/// Masks the addresses of a person.
pub fn mask(person: &mut Map<String, Value>) {
    if let Some(Value::String(email)) = person.get_mut("email") {
        *email = masked_email(email);
    }
    for number in ["sms", "voice", "phone"] {
        if let Some(Value::String(number)) = person.get_mut(number) {
            *number = masked_number(number);
        }
    }
    for address in ["webhook", "chat", "push"] {
        if let Some(url) = person.get_mut(address).and_then(|contact| contact.get_mut("url")) {
            *url = Value::from(HIDDEN);
        }
    }
}

/// `a…@example.org`.
fn masked_email(email: &str) -> String {
    let (name, host) = email.rsplit_once('@').unwrap_or((email, ""));
    let first: String = name.chars().take(1).collect();
    format!("{first}…@{host}")
}

/// `…78`.
fn masked_number(number: &str) -> String {
    let kept = number.chars().count().saturating_sub(DIGITS);
    let last: String = number.chars().skip(kept).collect();
    format!("…{last}")
}

#[cfg(test)]
mod tests {
    use super::mask;
    use serde_json::{Value, json};

    #[test]
    fn addresses_are_told_as_far_as_one_recognizes_ones_own() {
        let Value::Object(mut person) = json!({"username": "ana", "email": "ana@example.org", "sms": "+4915112345678",
            "webhook": {"url": "https://example.org/secret", "secrets": ["(hidden)"]}})
        else {
            panic!()
        };
        mask(&mut person);
        let expect = json!({"username": "ana", "email": "a…@example.org", "sms": "…78",
            "webhook": {"url": "(hidden)", "secrets": ["(hidden)"]}});
        assert_eq!(Value::Object(person), expect);
    }
}

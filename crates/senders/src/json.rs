//! Reading JSON leniently: what careless senders do to it must not cost an alert, and what they mean is never guessed.

use crate::repair::repair;
use domain::Urgency;
use domain::intake::{Link, Unreadable};
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// JSON, repaired where strictness would lose an alert, with what was done.
///
/// # Errors
/// Why it is not JSON, with line and column of the body as it came.
pub fn json(body: &[u8]) -> Result<(Value, Vec<String>), Unreadable> {
    // serde_json bounds the depth and refuses lone surrogates.
    let error = match serde_json::from_slice(body) {
        Ok(value) => return Ok((value, Vec::new())),
        Err(error) => error,
    };
    let (mended, repairs) = repair(body);
    match serde_json::from_str(&mended) {
        Ok(value) if !repairs.is_empty() => {
            Ok((value, repairs.iter().map(|repair| repair.words().to_owned()).collect()))
        }
        _ => Err(Unreadable(format!("not JSON: {error}"))),
    }
}

static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

/// The members of an object, or of an array of one; none of anything else.
pub(crate) fn members(value: &Value) -> &Map<String, Value> {
    match value {
        Value::Object(members) => members,
        Value::Array(values) => match values.as_slice() {
            [Value::Object(members)] => members,
            _ => &EMPTY,
        },
        _ => &EMPTY,
    }
}

/// The text of a value: of a number or truth value too; nothing of what is absent, empty, null or nested.
pub(crate) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Array(values) => match values.as_slice() {
            [one] => return self::text(one),
            _ => return None,
        },
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The text of a member.
pub(crate) fn member(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name).and_then(text)
}

/// The text of the first of these members that has one.
pub(crate) fn first(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| member(object, name))
}

/// A value as a person reads it: a text as it is, anything else as JSON in lines.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Object(members) => {
            let line = |(name, value): (&String, &Value)| match value {
                Value::Object(_) | Value::Array(_) => format!("{name}: {value}"),
                value => format!("{name}: {}", shown(value)),
            };
            members.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join("\n"),
        value => value.to_string(),
    }
}

/// A link, if there is an address.
pub(crate) fn link(text: &str, url: Option<String>) -> Option<Link> {
    url.map(|url| Link { text: text.to_owned(), url })
}

/// The urgency that a word has with most senders.
pub(crate) fn usual_urgency(severity: &str) -> Option<Urgency> {
    let word = severity.trim().to_ascii_lowercase();
    Some(match word.as_str() {
        "critical" | "crit" | "page" | "fatal" | "emergency" | "disaster" | "p1" | "sev0" | "sev1" => Urgency::Critical,
        "error" | "err" | "high" | "major" | "p2" | "sev2" => Urgency::High,
        "warning" | "warn" | "medium" | "average" | "moderate" | "p3" | "sev3" => Urgency::Medium,
        "low" | "minor" | "p4" | "sev4" => Urgency::Low,
        "info" | "information" | "informational" | "debug" | "none" | "p5" | "sev5" => Urgency::Minor,
        number => {
            return number.parse::<i64>().ok().and_then(|number| Urgency::try_from(number).ok());
        }
    })
}

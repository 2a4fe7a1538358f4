//! Schemas of what is ahead of a routine and of an escalation policy, on a single read.

use domain::directory::ComponentKind;
use serde_json::{Map, Value, json};

/// What is ahead of the kinds that people are on call by.
pub(super) fn ahead(kind: ComponentKind) -> Option<Value> {
    let (text, count) = (|| json!({"type": "string"}), || json!({"type": "integer", "minimum": 0}));
    let period = || [("from", text()), ("until", text())];
    let people = || list(text());
    let gaps = || list(object(period()));
    let mut ahead = match kind {
        ComponentKind::Routine => {
            let interval = object(period().into_iter().chain([("on_call", people())]));
            let load = [("hours", count()), ("nights", count()), ("weekends", count())];
            let person = object([("preferred_username", text())].into_iter().chain(load));
            object([("until", text()), ("intervals", list(interval)), ("gaps", gaps()), ("people", list(person))])
        }
        ComponentKind::EscalationPolicy => {
            let level = object([("level", count()), ("on_call", people()), ("gaps", gaps())]);
            object([("until", text()), ("levels", list(level))])
        }
        _ => return None,
    };
    ahead["description"] = json!("Of the four weeks from now on; of fewer days where a routine is of monstrous size.");
    Some(ahead)
}

/// An object that has all of these keys.
fn object(properties: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let properties: Map<String, Value> = properties.into_iter().map(|(key, schema)| (key.to_owned(), schema)).collect();
    let required: Vec<_> = properties.keys().collect();
    json!({"type": "object", "required": required, "properties": properties})
}

fn list(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

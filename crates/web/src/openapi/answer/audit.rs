//! Schemas of the audit log.

use super::{count, list_of, text, timestamp};
use directory::audit::Way;
use serde_json::{Value, json};

/// A row; what has no value is left out.
pub(super) fn row() -> Value {
    let value = || json!({"description": "Any JSON; null where there was, or is, none."});
    let changed = json!({
        "type": "object",
        "required": ["field", "before", "after"],
        "properties": {"field": text(), "before": value(), "after": value()},
    });
    let personal = json!({
        "type": "object",
        "required": ["sha256", "value"],
        "properties": {"sha256": text(), "value": text()},
    });
    let actor = json!({
        "type": "object",
        "required": ["kind", "name"],
        "properties": {
            "kind": {"type": "string", "enum": ["person", "key", "token", "operator", "provider", "system"]},
            "ref_id": text(),
            "name": text(),
            "key_tail": text(),
            "session": text(),
        },
    });
    let object = json!({
        "type": "object",
        "required": ["kind", "name"],
        "properties": {"kind": text(), "ref_id": text(), "name": text()},
    });
    json!({
        "type": "object",
        "required": ["number", "at", "actor", "way", "from", "action", "object", "outcome", "changes", "previous", "digest"],
        "properties": {
            "number": {"type": "integer", "minimum": 1},
            "at": timestamp(),
            "request_id": text(),
            "actor": actor,
            "on_behalf_of": text(),
            "way": {"type": "string", "enum": Way::WORDS},
            "from": {"type": "object"},
            "action": text(),
            "object": object,
            "outcome": text(),
            "count": count(),
            "changes": list_of(changed),
            "previous": text(),
            "digest": text(),
            "personal": list_of(personal),
        },
    })
}

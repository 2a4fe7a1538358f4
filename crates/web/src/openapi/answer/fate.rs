//! Schemas of what became of alerts, and of what came to an integration.

use super::{count, list_of, nullable, number, object, text, timestamp, tuple, urgency};
use domain::intake::Fate;
use serde_json::{Value, json};

fn fields() -> Vec<(&'static str, Value)> {
    vec![
        ("alert_id", text()),
        ("fate", json!({"type": "string", "enum": Fate::WORDS})),
        ("fate_at", timestamp()),
        ("because", nullable(text())),
        ("instance_id", nullable(number())),
        ("received_at", timestamp()),
        ("integration", nullable(text())),
        ("integration_ref_id", text()),
        ("state", text()),
        ("title", text()),
        ("identity", nullable(text())),
        ("urgency_level", urgency()),
        ("occurred_at", nullable(timestamp())),
        ("repairs", list_of(text())),
    ]
}

pub(super) fn fate() -> Value {
    object(fields())
}

pub(super) fn with_later() -> Value {
    let mut fields = fields();
    fields.push(("later", list_of(fate())));
    object(fields)
}

pub(super) fn change_event(pair: &Value) -> Value {
    object([
        ("id", text()),
        ("summary", text()),
        ("source", nullable(text())),
        ("text", text()),
        ("links", list_of(tuple(2, text(), "What it leads to, then where."))),
        ("occurred_at", timestamp()),
        ("received_at", timestamp()),
        ("service", pair.clone()),
        ("integration", nullable(text())),
        ("integration_ref_id", nullable(text())),
        ("maintenance_window", pair.clone()),
    ])
}

pub(super) fn renewed_key() -> Value {
    object([
        ("integration_ref_id", text()),
        ("integration_key", text()),
        ("url", json!({"type": "string", "format": "uri-reference"})),
        ("address", nullable(text())),
        ("key_before_ends_at", timestamp()),
    ])
}

pub(super) fn tried() -> Value {
    let link = object([("text", text()), ("url", text())]);
    let alert = || {
        object([
            ("state", text()),
            ("identity", nullable(text())),
            ("title", text()),
            ("text", text()),
            ("severity", nullable(text())),
            ("urgency_level", urgency()),
            ("tags", list_of(text())),
            ("labels", json!({"type": "object", "additionalProperties": text()})),
            ("links", list_of(link.clone())),
            ("images", list_of(text())),
            ("occurred_at", nullable(timestamp())),
            ("repairs", list_of(text())),
        ])
    };
    object([
        ("received_at", nullable(timestamp())),
        ("is_read", json!({"type": "boolean"})),
        ("reason", nullable(text())),
        ("alerts", nullable(list_of(alert()))),
        ("before", nullable(list_of(alert()))),
    ])
}

pub(super) fn payload() -> Value {
    let made = object([
        ("alert_id", text()),
        ("fate", json!({"type": "string", "enum": Fate::WORDS})),
        ("because", nullable(text())),
        ("instance_id", nullable(number())),
    ]);
    object([
        ("received_at", timestamp()),
        ("is_read", json!({"type": "boolean"})),
        ("reason", nullable(text())),
        ("alerts", nullable(list_of(made))),
        ("more", nullable(count())),
        ("body", text()),
    ])
}

//! Schemas of what is said about how people are reached.

use super::{nullable, object, text, timestamp};
use domain::notification::Channel;
use serde_json::{Value, json};

fn channel() -> Value {
    json!({"type": "string", "enum": Channel::ALL.map(Channel::word)})
}

pub(super) fn contact() -> Value {
    object([
        ("channel", channel()),
        ("address", text()),
        ("proof", json!({"type": "string", "enum": ["not needed", "missing", "given"]})),
        ("verified_at", nullable(timestamp())),
        ("is_usable", json!({"type": "boolean"})),
    ])
}

pub(super) fn code_sent() -> Value {
    let is_delivered = json!({"type": "boolean"});
    object([("is_delivered", is_delivered), ("answer", text()), ("expires_at", timestamp())])
}

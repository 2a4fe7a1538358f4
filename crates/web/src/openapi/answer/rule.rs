//! What is said of an alert that is tried on the routing rules.

use super::super::shape::nullable;
use super::{count, list_of, number, object, text, timestamp, urgency};
use serde_json::{Value, json};

pub(super) fn trial() -> Value {
    let truth = || json!({"type": "boolean"});
    let any = || json!({"description": "Whatever the field holds; null where there is nothing."});
    let condition = object([("condition", json!({"type": "object"})), ("seen", any()), ("holds", truth())]);
    let rule = object([
        ("rule", text()),
        ("position", number()),
        ("is_enabled", truth()),
        ("is_tried", truth()),
        ("is_in_hours", truth()),
        ("minimum", count()),
        ("conditions", list_of(condition)),
        ("fits", truth()),
    ]);
    let incident = object([
        ("title", text()),
        ("urgency_level", urgency()),
        ("service", nullable(text())),
        ("tags", list_of(text())),
        ("assignees", list_of(text())),
    ]);
    let page = object([("username", text()), ("channel", text()), ("due_at", timestamp())]);
    object([
        ("title", text()),
        ("is_whole", truth()),
        ("rules", list_of(rule)),
        ("rule", nullable(text())),
        ("suppressed", truth()),
        ("incident", nullable(incident)),
        ("pages", list_of(page)),
    ])
}

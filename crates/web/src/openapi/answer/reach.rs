//! Schemas of what is said about how people are reached.

use super::{count, list_of, nullable, number, object, text, timestamp, urgency};
use domain::notification::{Channel, LeftOut};
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

pub(super) fn device() -> Value {
    let times = [("made_at", timestamp()), ("last_success_at", nullable(timestamp()))];
    object([("device_id", text()), ("name", text())].into_iter().chain(times))
}

pub(super) fn notification() -> Value {
    told([], &["page", "status_update", "resolved"])
}

pub(super) fn notice() -> Value {
    told([("title", text())], &["handover", "maintenance", "cover"])
}

/// All that is held about a person.
pub(super) fn person_data() -> Value {
    let free = || json!({"type": "object"});
    object([
        ("organization", text()),
        ("read_at", timestamp()),
        ("ref_id", text()),
        ("preferred_username", text()),
        ("profile", nullable(free())),
        ("left", nullable(free())),
        ("earlier_profiles", list_of(free())),
        ("contacts", list_of(free())),
        ("sign_in", free()),
        ("tokens", list_of(free())),
        ("devices", list_of(free())),
        ("saved_views", list_of(free())),
        ("swaps", list_of(free())),
        ("covers", list_of(free())),
        ("acted_on", list_of(free())),
        ("notices", list_of(notice())),
        ("notifications", list_of(notification())),
        ("audit", list_of(super::audit::row())),
        ("next_before_instance_id", nullable(number())),
        ("next_before_audit_number", nullable(number())),
    ])
}

fn told<const N: usize>(before: [(&'static str, Value); N], kinds: &[&str]) -> Value {
    let words = |words: &[&str]| json!({"type": "string", "enum": words});
    let attempt = object([
        ("attempt", number()),
        ("timestamp", timestamp()),
        ("elapsed_ms", count()),
        ("outcome", words(&["delivered", "temporary failure", "permanent failure"])),
        ("answer", text()),
    ]);
    let fields = [
        ("delivery_id", text()),
        ("instance_id", if N > 0 { count() } else { number() }),
        ("preferred_username", text()),
        ("channel", channel()),
        ("kind", words(kinds)),
        ("level", nullable(number())),
        ("due", timestamp()),
        ("state", words(&["waiting", "sending", "sent", "failed", "dropped"])),
        ("reason", nullable(text())),
        ("next_at", nullable(timestamp())),
        ("finished_at", nullable(timestamp())),
        ("sent_at", nullable(timestamp())),
        ("confirmed_at", nullable(timestamp())),
        ("message_id", text()),
        ("bundled_with", nullable(text())),
        ("skipped", list_of(channel())),
        ("attempts", list_of(attempt)),
    ];
    object(before.into_iter().chain(fields))
}

/// The notification rules of a person, and what they come to.
pub(super) fn rules() -> Value {
    let step = || [("after_minutes", count()), ("channel", channel())];
    let urgencies = list_of(urgency());
    let rule = object([("urgencies", urgencies), ("steps", list_of(object(step())))]);
    let truth = || json!({"type": "boolean"});
    let effective = object([("urgency", urgency()), ("is_default", truth()), ("steps", list_of(object(step())))]);
    let due = object(step().into_iter().chain([("due_at", timestamp())]));
    let why = json!({"type": "string", "enum": LeftOut::WORDS});
    let left_out = object(step().into_iter().chain([("why", why)]));
    let preview = object([
        ("urgency", urgency()),
        ("is_instead", truth()),
        ("steps", list_of(due)),
        ("left_out", list_of(left_out)),
    ]);
    object([
        ("preferred_username", text()),
        ("notification_rules", list_of(rule)),
        ("effective", list_of(effective)),
        ("preview", list_of(preview)),
    ])
}

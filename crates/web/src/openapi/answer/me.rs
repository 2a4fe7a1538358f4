//! Schemas of what is said of who asks.

use super::{nullable, object, text, timestamp};
use domain::cover::{Objection, Reply, State};
use domain::permission::Scope;
use domain::sign_in::Means;
use serde_json::{Value, json};

pub(super) fn me() -> Value {
    object([
        ("kind", json!({"type": "string", "enum": ["key", "token", "person"]})),
        ("name", text()),
        ("organization", text()),
        ("preferred_username", nullable(text())),
        ("user_role", nullable(text())),
        ("scope", nullable(json!({"type": "string", "enum": Scope::ALL.map(Scope::word)}))),
        ("session_ref_id", nullable(text())),
        ("signed_in_by", nullable(means())),
        ("ends_at", nullable(timestamp())),
    ])
}

pub(super) fn session() -> Value {
    object([
        ("session_ref_id", text()),
        ("is_this", json!({"type": "boolean"})),
        ("made_at", timestamp()),
        ("last_used_at", timestamp()),
        ("ends_at", timestamp()),
        ("signed_in_by", means()),
        ("device", text()),
        ("network", text()),
    ])
}

/// A time on call.
pub(super) fn shift() -> Value {
    object([("routine_ref_id", text()), ("routine_name", text()), ("from", timestamp()), ("until", timestamp())])
}

/// What being away comes to.
pub(super) fn away(swaps: Value) -> Value {
    object([("swaps", swaps), ("uncovered", json!({"type": "array", "items": shift()}))])
}

/// A request for cover.
pub(super) fn cover() -> Value {
    let words = |words: &[&str]| json!({"type": "string", "enum": words});
    let asked = object([
        ("preferred_username", nullable(text())),
        ("display_name", text()),
        ("answer", nullable(words(Reply::WORDS))),
        ("answered_at", nullable(timestamp())),
    ]);
    object([
        ("cover_ref_id", text()),
        ("routine_ref_id", text()),
        ("routine_name", nullable(text())),
        ("from", timestamp()),
        ("until", timestamp()),
        ("preferred_username", nullable(text())),
        ("display_name", text()),
        ("is_own", json!({"type": "boolean"})),
        ("state", words(State::WORDS)),
        ("taken_by", nullable(text())),
        ("swap_ref_id", nullable(text())),
        ("timestamp", timestamp()),
        ("asked", json!({"type": "array", "items": asked})),
    ])
}

/// Somebody who could take a shift.
pub(super) fn cover_candidate() -> Value {
    let truth = || json!({"type": "boolean"});
    let count = || json!({"type": "integer", "minimum": 0});
    object([
        ("preferred_username", text()),
        ("display_name", text()),
        ("could", truth()),
        ("objections", json!({"type": "array", "items": {"type": "string", "enum": Objection::WORDS}})),
        ("reason", text()),
        ("hours", count()),
        ("nights", count()),
        ("is_of_routine", truth()),
        ("is_reached", truth()),
    ])
}

/// Who was asked in.
pub(super) fn invitation() -> Vec<(&'static str, Value)> {
    vec![
        ("preferred_username", text()),
        ("display_name", text()),
        ("email", nullable(text())),
        ("user_role", super::role()),
        ("ends_at", timestamp()),
    ]
}

/// A new invitation.
pub(super) fn invited() -> Value {
    let more =
        [("is_mailed", json!({"type": "boolean"})), ("url", json!({"type": "string", "format": "uri-reference"}))];
    object(invitation().into_iter().chain(more))
}

fn means() -> Value {
    json!({"type": "string", "enum": Means::ALL.map(Means::word)})
}

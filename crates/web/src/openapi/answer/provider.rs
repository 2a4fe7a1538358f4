//! Schemas of sign-in providers.

use super::{list_of, nullable, number, object, text, timestamp};
use domain::directory::TeamRole;
use domain::sign_in::SIGN_UP_ROLES;
use serde_json::{Value, json};

pub(super) fn provider() -> Value {
    let truth = || json!({"type": "boolean"});
    let role = || json!({"type": "string", "enum": SIGN_UP_ROLES});
    let rule = json!({
        "type": "object",
        "required": ["group"],
        "properties": {
            "group": text(),
            "role": role(),
            "team": text(),
            "team_role": {"type": "string", "enum": TeamRole::WORDS},
        },
    });
    object([
        ("name", text()),
        ("issuer", text()),
        ("client_id", text()),
        ("client_secret", nullable(json!({"type": "string"}))),
        ("client_secret_tail", nullable(text())),
        ("scopes", list_of(text())),
        ("username_claim", text()),
        ("email_claim", text()),
        ("groups_claim", text()),
        ("trust_email", truth()),
        ("groups", list_of(rule)),
        ("sign_up", list_of(object([("domain", text()), ("role", role())]))),
        ("max_session_hours", nullable(number())),
        ("ref_id", text()),
        ("version", number()),
        ("created_at", timestamp()),
        ("updated_at", timestamp()),
        ("updated_by", text()),
    ])
}

pub(super) fn check() -> Value {
    let truth = || json!({"type": "boolean"});
    let finding = object([("subject", text()), ("is_fine", truth()), ("found", text())]);
    object([
        ("is_fine", truth()),
        ("findings", list_of(finding)),
        ("redirect_uri", text()),
        ("backchannel_logout_uri", text()),
    ])
}

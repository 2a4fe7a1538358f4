//! Invitations as they are answered.

use directory::{Invitation, Invited};
use serde_json::{Map, Value, json};

/// Who was asked in.
pub fn invitation(invitation: &Invitation) -> Map<String, Value> {
    let Invitation { username, name, email, role, ends_at } = invitation;
    let fields = [
        ("preferred_username", json!(username)),
        ("display_name", json!(name)),
        ("email", json!(email)),
        ("user_role", json!(role.word())),
        ("ends_at", json!(ends_at.wire())),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A new invitation, with its link.
pub fn invited(invited: &Invited) -> Map<String, Value> {
    let mut told = invitation(&invited.invitation);
    told.insert("is_mailed".to_owned(), json!(invited.is_mailed));
    told.insert("url".to_owned(), json!(invited.url));
    told
}

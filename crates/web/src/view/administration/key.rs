//! Keys as they are answered: what is kept of them, which is not the key itself.

use directory::KeyRow;
use domain::Instant;
use serde_json::{Map, Value, json};

/// What is kept of a key.
pub fn key(row: &KeyRow) -> Map<String, Value> {
    let at = |instant: Option<Instant>| json!(instant.map(Instant::wire));
    let fields = [
        ("key_id", json!(row.id)),
        ("name", json!(row.name)),
        ("scope", json!(row.scope.word())),
        ("networks", json!(row.allow)),
        ("tail", json!(row.tail)),
        ("created_at", json!(row.created_at.wire())),
        ("expires_at", at(row.expires_at)),
        ("revoked_at", at(row.revoked_at)),
        ("last_used_at", at(row.last_used_at)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

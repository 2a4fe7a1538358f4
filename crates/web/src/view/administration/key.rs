//! Keys and tokens as they are answered: what is kept of them, which is not the key itself.

use directory::KeyRow;
use domain::Instant;
use domain::directory::Directory;
use serde_json::{Map, Value, json};

/// What is kept of a key. Of the teams to whose things it is limited, those that are gone have no name any more.
pub fn key(row: &KeyRow, directory: &Directory) -> Map<String, Value> {
    let name = |id: &domain::RefId| directory.teams.with_ref(id.as_str()).map(|team| team.component.name.clone());
    let teams = row.teams.as_ref().map(|teams| teams.iter().filter_map(name).collect::<Vec<_>>());
    let mut told = kept(row);
    told.extend([("key_id".to_owned(), json!(row.id)), ("teams".to_owned(), json!(teams))]);
    told
}

/// What is kept of a token.
pub fn token(row: &KeyRow) -> Map<String, Value> {
    let mut told = kept(row);
    told.insert("token_id".to_owned(), json!(row.id));
    told
}

fn kept(row: &KeyRow) -> Map<String, Value> {
    let at = |instant: Option<Instant>| json!(instant.map(Instant::wire));
    let fields = [
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

//! Keys and tokens as they are answered: what is kept of them, which is not the key itself.

use directory::KeyRow;
use domain::Instant;
use domain::directory::Directory;
use serde_json::{Map, Value, json};

/// What is kept of a key. Of the teams to whose things it is limited, those that are gone have no name any more.
pub fn key(row: &KeyRow, directory: &Directory) -> Map<String, Value> {
    let name = |id: &domain::RefId| directory.teams.with_ref(id.as_str()).map(|team| team.component.name.clone());
    let teams = row.teams.as_ref().map(|teams| teams.iter().filter_map(name).collect::<Vec<_>>());
    kept(row, "key_id", Some(json!(teams)))
}

/// What is kept of a token.
pub fn token(row: &KeyRow) -> Map<String, Value> {
    kept(row, "token_id", None)
}

fn kept(row: &KeyRow, number: &str, teams: Option<Value>) -> Map<String, Value> {
    let at = |instant: Option<Instant>| json!(instant.map(Instant::wire));
    let fields = [
        (number, Some(json!(row.id))),
        ("name", Some(json!(row.name))),
        ("scope", Some(json!(row.scope.word()))),
        ("networks", Some(json!(row.allow))),
        ("teams", teams),
        ("tail", Some(json!(row.tail))),
        ("created_at", Some(json!(row.created_at.wire()))),
        ("expires_at", Some(at(row.expires_at))),
        ("revoked_at", Some(at(row.revoked_at))),
        ("last_used_at", Some(at(row.last_used_at))),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

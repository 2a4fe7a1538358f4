//! Keys of the organization: listed, made, revoked.

use super::{App, Success};
use crate::gate::{Caller, Fields, Problem, failed};
use crate::view;
use directory::NewKey;
use domain::permission::Scope;
use engine::Asker;
use serde_json::Value;

/// All keys.
pub(super) async fn keys(app: &App, caller: &Caller) -> Result<Success, Problem> {
    let keys = app.administration.keys(caller.reader()).await.map_err(failed)?;
    Success::json(&keys.iter().map(view::administration::key::key).collect::<Vec<_>>())
}

/// Makes a key, and tells it this once.
pub(super) async fn add(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let new = new_key(app, fields)?;
    let (key, row) = app.administration.add_key(asker, new).await.map_err(failed)?;
    let mut made = view::administration::key::key(&row);
    made.insert("key".to_owned(), Value::from(key));
    Success::json(&made)
}

fn new_key(app: &App, fields: &Fields) -> Result<NewKey, Problem> {
    let mut mistakes = Vec::new();
    let mut allow = Vec::new();
    for (place, text) in fields.texts("networks").iter().enumerate() {
        match directory::network(text) {
            Some(network) => allow.push(network),
            None => mistakes.push(format!("networks[{place}]: must be a network such as 10.0.0.0/8, or an address")),
        }
    }
    let expires_at = fields.instant("expires_at");
    if expires_at.is_some_and(|at| at <= app.engine.now()) {
        mistakes.push("expires_at: must be in the future".to_owned());
    }
    let name = fields.required_text("name");
    if name.contains(char::is_control) {
        mistakes.push("name: must not contain control characters".to_owned());
    }
    if !mistakes.is_empty() {
        return Err(Problem::invalid(mistakes));
    }
    let scope = Scope::from_word(&fields.required_text("scope")).unwrap_or(Scope::Read);
    Ok(NewKey { name, scope, allow, expires_at })
}

/// Revokes a key.
pub(super) async fn revoke(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    app.administration.revoke_key(asker, fields.number("key_id").unwrap_or_default()).await.map_err(failed)?;
    Success::json(&"Success")
}

//! Keys of the organization, and tokens of whoever asks: listed, made, revoked.

use super::paged::paged;
use super::wanted::of_kept_key;
use super::{App, Success};
use crate::gate::{Caller, Fields, Problem, failed};
use crate::operation::Code;
use crate::view::administration::key as view;
use directory::{KeyRow, NewKey, Owner, Person};
use domain::directory::Directory;
use domain::permission::{Action, Answer, Scope};
use domain::{Instant, limits};
use engine::Asker;
use serde_json::Value;

const DAY_MINUTES: u32 = 24 * 60;

/// All keys that the caller may make.
pub(super) async fn keys(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let reader = caller.reader();
    let mut keys = app.administration.keys(reader.clone(), Owner::Organization).await.map_err(failed)?;
    let snapshot = app.engine.whole_directory(reader.clone()).await.map_err(failed)?;
    if caller.person().is_some() {
        let rights = reader.rights(&snapshot);
        let is_theirs = |(action, object): &(Action, _)| rights.to(*action, *object) == Answer::Allowed;
        keys.retain(|key| of_kept_key(key, &snapshot.directory).iter().all(is_theirs));
    }
    let told = |key: &KeyRow| view::key(key, &snapshot.directory);
    paged("/v1/keys", fields, (keys, fields.number("after")), |key| key.id, told)
}

/// Makes a key, and tells it this once.
pub(super) async fn add(app: &App, caller: &Caller, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let new = new_key(fields, app.engine.now())?;
    let (key, row) = app.administration.add_key(asker, new).await.map_err(failed)?;
    let snapshot = app.engine.directory(caller.reader()).await.map_err(failed)?;
    Success::json(&made(&row, &snapshot.directory, key))
}

fn made(row: &KeyRow, directory: &Directory, key: String) -> serde_json::Map<String, Value> {
    let mut made = view::key(row, directory);
    made.insert("key".to_owned(), Value::from(key));
    made
}

fn new_key(fields: &Fields, now: Instant) -> Result<NewKey, Problem> {
    let mut mistakes = Vec::new();
    let mut allow = Vec::new();
    for (place, text) in fields.texts("networks").iter().enumerate() {
        match directory::network(text) {
            Some(network) => allow.push(network),
            None => mistakes.push(format!("networks[{place}]: must be a network such as 10.0.0.0/8, or an address")),
        }
    }
    let expires_at = fields.instant("expires_at");
    if expires_at.is_some_and(|at| at <= now) {
        mistakes.push("expires_at: must be in the future".to_owned());
    }
    if fields.has("teams") && fields.texts("teams").is_empty() {
        mistakes.push("teams: must name a team, or be left out, for a key of all that there is".to_owned());
    }
    let name = fields.required_text("name");
    if name.contains(char::is_control) {
        mistakes.push("name: must not contain control characters".to_owned());
    }
    if !mistakes.is_empty() {
        return Err(Problem::invalid(mistakes));
    }
    let scope = Scope::from_word(&fields.required_text("scope")).unwrap_or(Scope::Read);
    let teams = fields.has("teams").then(|| fields.texts("teams"));
    Ok(NewKey { name, scope, allow, expires_at, owner: Owner::Organization, teams })
}

/// Revokes a key.
pub(super) async fn revoke(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let id = fields.number("key_id").unwrap_or_default();
    app.administration.revoke_key(asker, Owner::Organization, id).await.map_err(failed)?;
    Success::json(&"Success")
}

/// The tokens of whoever asks; a key has none.
pub(super) async fn tokens(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let Some(person) = caller.person() else { return Success::json(&[(); 0]) };
    let tokens = app.administration.keys(caller.reader(), owned_by(person)).await.map_err(failed)?;
    paged("/v1/me/tokens", fields, (tokens, fields.number("after")), |token| token.id, view::token)
}

/// Makes a token of whoever is signed in, and tells it this once.
pub(super) async fn add_token(app: &App, caller: &Caller, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let now = app.engine.now();
    let session = caller.fresh_session(now)?;
    let mut new = new_key(fields, now)?;
    let snapshot = app.engine.directory(caller.reader()).await.map_err(failed)?;
    let days = snapshot.directory.settings.token_days;
    let ends_at = new.expires_at.unwrap_or_else(|| now.plus_minutes(days * DAY_MINUTES));
    if ends_at > now.plus_minutes(limits::TOKEN_DAYS_MOST * DAY_MINUTES) {
        let most = limits::TOKEN_DAYS_MOST;
        return Err(Problem::invalid(vec![format!("expires_at: must be at most {most} days from now")]));
    }
    (new.owner, new.expires_at) = (owned_by(&session.person), Some(ends_at));
    let (token, row) = app.administration.add_key(asker, new).await.map_err(failed)?;
    let mut made = view::token(&row);
    made.insert("token".to_owned(), Value::from(token));
    Success::json(&made)
}

/// Revokes a token of whoever asks.
pub(super) async fn revoke_token(
    app: &App,
    caller: &Caller,
    asker: Asker,
    fields: &Fields,
) -> Result<Success, Problem> {
    let id = fields.number("token_id").unwrap_or_default();
    let unknown = || Problem::new(Code::UnknownToken, "token_id: a key of the organization has no tokens");
    let person = caller.person().ok_or_else(unknown)?;
    app.administration.revoke_key(asker, owned_by(person), id).await.map_err(failed)?;
    Success::json(&"Success")
}

fn owned_by(person: &Person) -> Owner {
    Owner::Person(person.ref_id.clone())
}

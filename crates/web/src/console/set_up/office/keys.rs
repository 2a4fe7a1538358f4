//! Keys, by which programs speak for the organization: listed, made and shown once, revoked.

use super::{list, text, time, wish};
use crate::api::Wish;
use crate::console::again;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::piece::StateBadge;
use crate::console::seen::Seen;
use crate::console::time::Moment;
use crate::console::visit::Visit;
use crate::gate::Problem;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Instant;
use domain::permission::{Action, Scope};
use serde_json::Value;

const PATH: &str = "/app/keys";

#[derive(Template)]
#[template(path = "console/set_up/keys.html")]
struct Keys {
    frame: Frame,
    keys: Vec<Key>,
    form_key: String,
    /// Whether they may make and revoke.
    makes: bool,
    /// A new one, which is shown this once.
    made: Option<String>,
    notice: Option<String>,
    refused: Vec<String>,
    /// What was typed.
    name: String,
    scope: String,
    networks: String,
    expires_at: String,
}

/// A key as it is listed.
struct Key {
    id: String,
    name: String,
    scope: String,
    tail: String,
    networks: String,
    made_at: Option<Moment>,
    used_at: Option<Moment>,
    state: StateBadge,
    is_over: bool,
}

/// Lists them.
pub(super) async fn show(visit: &Visit) -> Response {
    let seen = match visit.seen(Action::ManageKeys(Scope::Read)).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    match listed(&seen).await {
        Ok(keys) => page::show(&visit.app, StatusCode::OK, &keys),
        Err(problem) => visit.refuse(&problem),
    }
}

async fn listed(seen: &Seen<'_>) -> Result<Keys, Problem> {
    let keys = list(seen.answer("keys", Wish::default()).await?);
    Ok(Keys {
        frame: seen.visit.frame(),
        keys: keys.iter().map(|key| told(seen, key)).collect(),
        form_key: seen.form_key(),
        makes: seen.may(Action::ManageKeys(Scope::Admin)),
        made: None,
        notice: None,
        refused: Vec::new(),
        name: String::new(),
        scope: "incidents".to_owned(),
        networks: String::new(),
        expires_at: String::new(),
    })
}

fn told(seen: &Seen<'_>, key: &Value) -> Key {
    let is_revoked = key.get("revoked_at").is_some_and(Value::is_string);
    let is_expired = Instant::parse(&text(key, "expires_at")).is_some_and(|at| at <= seen.now);
    let networks = key.get("networks").and_then(Value::as_array).into_iter().flatten();
    let state = match (is_revoked, is_expired) {
        (true, _) => StateBadge::new("over", "revoked"),
        (false, true) => StateBadge::new("over", "expired"),
        (false, false) => StateBadge::new("good", "in use"),
    };
    Key {
        id: text(key, "key_id"),
        name: text(key, "name"),
        scope: text(key, "scope"),
        tail: text(key, "tail"),
        networks: networks.filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        made_at: time(seen, key, "created_at"),
        used_at: time(seen, key, "last_used_at"),
        state,
        is_over: is_revoked || is_expired,
    }
}

/// Makes one, or revokes one.
pub(super) async fn act(visit: &Visit, form: &Form) -> Response {
    let seen = match visit.seen(Action::ManageKeys(Scope::Read)).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    if !seen.session.is_fresh(seen.now) {
        return again::needed(visit, seen.session, PATH).await;
    }
    let done = match form.get("revoke") {
        Some(id) => seen.answer("revoke-key", Wish::default().at("key_id", id)).await,
        None => seen.answer("add-key", asked(form)).await,
    };
    let keys = match listed(&seen).await {
        Ok(keys) => keys,
        Err(problem) => return visit.refuse(&problem),
    };
    match done {
        Ok(made) => {
            let made = made.get("key").and_then(Value::as_str).map(str::to_owned);
            let notice = made.is_none().then(|| "The key is revoked. From this moment on it is refused.".to_owned());
            page::show(&visit.app, StatusCode::OK, &Keys { made, notice, ..keys })
        }
        Err(problem) => {
            let said = |field: &str| form.text(field).to_owned();
            let (name, scope) = (said("name"), said("scope"));
            let (networks, expires_at) = (said("networks"), said("expires_at"));
            let refused = problem.errors.clone();
            visit.refuse_on(&problem, &Keys { refused, name, scope, networks, expires_at, ..keys })
        }
    }
}

fn asked(form: &Form) -> Wish {
    let mut asked = wish(form, &["name", "scope", "expires_at"]);
    let networks: Vec<_> = form.text("networks").split_whitespace().map(Value::from).collect();
    if !networks.is_empty() {
        asked.body.insert("networks".to_owned(), Value::Array(networks));
    }
    asked
}

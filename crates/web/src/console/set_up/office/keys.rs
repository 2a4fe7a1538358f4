//! Keys, by which programs speak for the organization, and tokens, by which they speak for whoever is signed in: listed, made
//! and shown once, revoked.

use super::{text, time, wish};
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

/// Whose keys a page is about.
#[derive(Clone, Copy)]
struct Whose {
    path: &'static str,
    title: &'static str,
    noun: &'static str,
    /// What one is for, in a sentence.
    why: &'static str,
    /// When one is refused where nothing is said.
    expiry: &'static str,
    seeing: Action,
    making: Action,
    /// The operations that list, make and revoke them, and the field that has the number of one.
    operations: [&'static str; 3],
    number: &'static str,
}

const OF_ORGANIZATION: Whose = Whose {
    path: "/app/keys",
    title: "Keys",
    noun: "key",
    why: "With a key a program speaks for the organization: a script, a deployment, another system.",
    expiry: "never where none is given",
    seeing: Action::ManageKeys(Scope::Read),
    making: Action::ManageKeys(Scope::Incidents),
    operations: ["keys", "add-key", "revoke-key"],
    number: "key_id",
};

const OWN: Whose = Whose {
    path: "/app/me/tokens",
    title: "Your tokens",
    noun: "token",
    why: "With a token a program acts as you do, within your rights: a script of yours, a command line, an app.",
    expiry: "after the days that your organization has set where none is given, and after a year at most",
    seeing: Action::ChangeOwn,
    making: Action::ChangeOwn,
    operations: ["my-tokens", "add-my-token", "revoke-my-token"],
    number: "token_id",
};

#[derive(Template)]
#[template(path = "console/set_up/keys.html")]
struct Keys {
    frame: Frame,
    whose: Whose,
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
    /// Teams that a key can be limited to, and those that are ticked.
    teams: Vec<(String, bool)>,
}

/// A key as it is listed.
struct Key {
    id: String,
    name: String,
    scope: String,
    tail: String,
    networks: String,
    /// The teams to whose things it is limited.
    teams: Option<String>,
    made_at: Option<Moment>,
    used_at: Option<Moment>,
    state: StateBadge,
    is_over: bool,
}

/// Lists the organization's.
pub(super) async fn show(visit: &Visit) -> Response {
    show_of(visit, OF_ORGANIZATION).await
}

/// Lists one's own.
pub(super) async fn show_own(visit: &Visit) -> Response {
    show_of(visit, OWN).await
}

async fn show_of(visit: &Visit, whose: Whose) -> Response {
    let seen = match visit.seen(whose.seeing).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    match listed(&seen, whose).await {
        Ok(keys) => page::show(&visit.app, StatusCode::OK, &keys),
        Err(problem) => visit.refuse(&problem),
    }
}

async fn listed(seen: &Seen<'_>, whose: Whose) -> Result<Keys, Problem> {
    let keys = seen.all(whose.operations[0]).await?;
    let may = |team: &str| seen.may_to(Action::ManageKeys(Scope::Read), Some(team));
    let teams = seen.snapshot.directory.teams.by_name().into_iter();
    let teams = teams.filter(|team| whose.path == OF_ORGANIZATION.path && may(&team.component.name));
    Ok(Keys {
        frame: seen.visit.frame(),
        whose,
        keys: keys.iter().map(|key| told(seen, whose, key)).collect(),
        form_key: seen.form_key(),
        makes: seen.may(whose.making),
        made: None,
        notice: None,
        refused: Vec::new(),
        name: String::new(),
        scope: "incidents".to_owned(),
        networks: String::new(),
        expires_at: String::new(),
        teams: teams.map(|team| (team.component.name.clone(), false)).collect(),
    })
}

fn told(seen: &Seen<'_>, whose: Whose, key: &Value) -> Key {
    let is_revoked = key.get("revoked_at").is_some_and(Value::is_string);
    let is_expired = Instant::parse(&text(key, "expires_at")).is_some_and(|at| at <= seen.now);
    let joined = |texts: &Vec<Value>| texts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
    let texts = |name: &str| key.get(name).and_then(Value::as_array).map(joined);
    let state = match (is_revoked, is_expired) {
        (true, _) => StateBadge::new("over", "revoked"),
        (false, true) => StateBadge::new("over", "expired"),
        (false, false) => StateBadge::new("good", "in use"),
    };
    Key {
        id: text(key, whose.number),
        name: text(key, "name"),
        scope: text(key, "scope"),
        tail: text(key, "tail"),
        networks: texts("networks").unwrap_or_default(),
        teams: texts("teams"),
        made_at: time(seen, key, "created_at"),
        used_at: time(seen, key, "last_used_at"),
        state,
        is_over: is_revoked || is_expired,
    }
}

/// Makes one of the organization's, or revokes one.
pub(super) async fn act(visit: &Visit, form: &Form) -> Response {
    act_on(visit, OF_ORGANIZATION, form).await
}

/// Makes one of one's own, or revokes one.
pub(super) async fn act_on_own(visit: &Visit, form: &Form) -> Response {
    act_on(visit, OWN, form).await
}

async fn act_on(visit: &Visit, whose: Whose, form: &Form) -> Response {
    let seen = match visit.seen(whose.seeing).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    if !seen.session.is_fresh(seen.now) {
        return again::needed(visit, seen.session, whose.path).await;
    }
    let done = match form.get("revoke") {
        Some(id) => seen.answer(whose.operations[2], Wish::default().at(whose.number, id)).await,
        None => seen.answer(whose.operations[1], asked(form)).await,
    };
    let keys = match listed(&seen, whose).await {
        Ok(keys) => keys,
        Err(problem) => return visit.refuse(&problem),
    };
    match done {
        Ok(made) => {
            let made = made.get(whose.noun).and_then(Value::as_str).map(str::to_owned);
            let revoked = || format!("The {} is revoked. From this moment on it is refused.", whose.noun);
            let notice = made.is_none().then(revoked);
            page::show(&visit.app, StatusCode::OK, &Keys { made, notice, ..keys })
        }
        Err(problem) => {
            let said = |field: &str| form.text(field).to_owned();
            let (name, scope) = (said("name"), said("scope"));
            let (networks, expires_at) = (said("networks"), said("expires_at"));
            let refused = problem.errors.clone();
            let ticked = form.all("teams");
            let teams = keys.teams.iter().map(|(team, _)| (team.clone(), ticked.contains(&team.as_str()))).collect();
            visit.refuse_on(&problem, &Keys { refused, name, scope, networks, expires_at, teams, ..keys })
        }
    }
}

fn asked(form: &Form) -> Wish {
    let mut asked = wish(form, &["name", "scope", "expires_at"]);
    let networks: Vec<_> = form.text("networks").split_whitespace().map(Value::from).collect();
    if !networks.is_empty() {
        asked.body.insert("networks".to_owned(), Value::Array(networks));
    }
    let teams: Vec<_> = form.all("teams").into_iter().map(Value::from).collect();
    if !teams.is_empty() {
        asked.body.insert("teams".to_owned(), Value::Array(teams));
    }
    asked
}

//! The organization's settings: whom to ask when nobody else can be found, whether a file's components are locked, its zone,
//! and for how long things count.

use super::{text, wish};
use crate::api::Wish;
use crate::console::again;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::seen::Seen;
use crate::console::visit::Visit;
use crate::gate::Problem;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::directory::Role;
use domain::limits;
use domain::permission::Action;
use serde_json::{Value, json};
use std::ops::RangeInclusive;

#[derive(Template)]
#[template(path = "console/set_up/settings.html")]
struct Settings {
    frame: Frame,
    name: String,
    /// The name as it was typed, for whoever may give it another.
    new_name: Option<String>,
    fallback_policy: String,
    policies: Vec<String>,
    file_lock: String,
    personal: String,
    timezone: String,
    observers_note: bool,
    password_sign_in: bool,
    /// Roles, and whether their people must have a second factor.
    factor_for: Vec<(&'static str, bool)>,
    /// Whole numbers: name, label, value, least, most.
    numbers: Vec<Number>,
    form_key: String,
    /// The version of the directory that is shown.
    version: i64,
    notice: Option<String>,
    refused: Vec<String>,
    /// The address of the page for a screen in a room, where it was asked for.
    wall: Option<String>,
    /// The team of which alone it tells, by its name.
    wall_of: String,
    teams: Vec<String>,
}

/// A setting that is a whole number.
struct Number {
    name: &'static str,
    label: &'static str,
    value: String,
    least: u32,
    most: u32,
}

const NUMBERS: [(&str, &str, &RangeInclusive<u32>); 4] = [
    ("session_idle_hours", "Hours without use after which a session is over", &limits::SESSION_IDLE_HOURS_SET),
    ("session_days", "Days after which a session is over in any case", &limits::SESSION_DAYS_SET),
    ("token_days", "Days for which a token counts that says no more", &limits::TOKEN_DAYS_SET),
    ("version_days", "Days for which versions of the directory are kept", &limits::VERSION_DAYS_SET),
];

fn numbers(value: impl Fn(&str) -> String) -> Vec<Number> {
    let number = |(name, label, within): &(&'static str, &'static str, &RangeInclusive<u32>)| Number {
        name,
        label,
        value: value(name),
        least: *within.start(),
        most: *within.end(),
    };
    NUMBERS.iter().map(number).collect()
}

fn roles(is_ticked: impl Fn(&str) -> bool) -> Vec<(&'static str, bool)> {
    Role::WORDS.iter().map(|role| (*role, is_ticked(role))).collect()
}

/// Shows them.
pub(super) async fn show(visit: &Visit) -> Response {
    let seen = match visit.seen(Action::ChangeSettings).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    match read(&seen).await {
        Ok(settings) => page::show(&visit.app, StatusCode::OK, &settings),
        Err(problem) => visit.refuse(&problem),
    }
}

async fn read(seen: &Seen<'_>) -> Result<Settings, Problem> {
    let settings = seen.answer("organization", Wish::default()).await?;
    let policies = seen.snapshot.directory.policies.by_name().into_iter();
    Ok(Settings {
        frame: seen.visit.frame(),
        new_name: seen.may(Action::Own).then(|| text(&settings, "name")),
        name: text(&settings, "name"),
        fallback_policy: text(&settings, "fallback_policy"),
        policies: policies.map(|entry| entry.component.name.clone()).collect(),
        file_lock: text(&settings, "file_lock"),
        personal: text(&settings, "personal"),
        timezone: text(&settings, "timezone"),
        observers_note: settings.get("observers_note").and_then(Value::as_bool).unwrap_or_default(),
        password_sign_in: settings.get("password_sign_in").and_then(Value::as_bool).unwrap_or_default(),
        factor_for: roles(|role| {
            settings
                .get("second_factor_for")
                .and_then(Value::as_array)
                .is_some_and(|all| all.iter().any(|one| one == role))
        }),
        numbers: numbers(|name| text(&settings, name)),
        form_key: seen.form_key(),
        version: seen.snapshot.directory.version,
        notice: None,
        refused: Vec::new(),
        wall: None,
        wall_of: String::new(),
        teams: seen.snapshot.directory.teams.by_name().iter().map(|entry| entry.component.name.clone()).collect(),
    })
}

/// Changes them.
pub(super) async fn act(visit: &Visit, form: &Form) -> Response {
    let seen = match visit.seen(Action::ChangeSettings).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    if !seen.session.is_fresh(seen.now) {
        return again::needed(visit, seen.session, "/app/settings").await;
    }
    let mut wish = wish(form, &["file_lock", "personal", "name"]);
    wish.version = form.get("version").and_then(|version| version.parse().ok());
    wish.any_version = wish.version.is_none();
    let policy = form.get("fallback_policy").map_or(Value::Null, |policy| json!(policy));
    wish.body.insert("fallback_policy".to_owned(), policy);
    wish.body.insert("timezone".to_owned(), form.get("timezone").map_or(Value::Null, Value::from));
    for name in ["observers_note", "password_sign_in"] {
        wish.body.insert(name.to_owned(), Value::from(form.get(name).is_some()));
    }
    wish.body.insert("second_factor_for".to_owned(), json!(form.all("second_factor_for")));
    for (name, ..) in NUMBERS {
        // What is no number is refused by the operation, in its words.
        let number = |typed: &str| typed.parse::<u32>().map_or_else(|_| Value::from(typed), Value::from);
        wish.body.insert(name.to_owned(), form.get(name).map_or(Value::Null, number));
    }
    let done = seen.answer("change-organization", wish).await;
    let settings = match read(&seen).await {
        Ok(settings) => settings,
        Err(problem) => return visit.refuse(&problem),
    };
    match done {
        Ok(_) => {
            let notice = Some("The settings are saved.".to_owned());
            page::show(&visit.app, StatusCode::OK, &Settings { notice, ..settings })
        }
        Err(problem) => {
            let (refused, policy) = (problem.errors.clone(), form.text("fallback_policy").to_owned());
            let typed = Settings {
                refused,
                new_name: settings.new_name.as_ref().map(|_| form.text("name").to_owned()),
                fallback_policy: policy,
                file_lock: form.text("file_lock").to_owned(),
                personal: form.text("personal").to_owned(),
                timezone: form.text("timezone").to_owned(),
                observers_note: form.get("observers_note").is_some(),
                password_sign_in: form.get("password_sign_in").is_some(),
                factor_for: roles(|role| form.all("second_factor_for").contains(&role)),
                numbers: numbers(|name| form.text(name).to_owned()),
                ..settings
            };
            visit.refuse_on(&problem, &typed)
        }
    }
}

/// Gives the address of the page for a screen in a room, or another one.
pub(super) async fn give_wall(visit: &Visit, form: &Form) -> Response {
    let seen = match visit.seen(Action::ChangeSettings).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let settings = match read(&seen).await {
        Ok(settings) => settings,
        Err(problem) => return visit.refuse(&problem),
    };
    let mut wish = wish(form, &["team_ref_id"]);
    wish.body.insert("renew".to_owned(), Value::from(form.get("renew").is_some()));
    let settings = Settings { wall_of: form.text("team_ref_id").to_owned(), ..settings };
    match seen.answer("wall", wish).await {
        Ok(given) => page::show(&visit.app, StatusCode::OK, &Settings { wall: Some(text(&given, "url")), ..settings }),
        Err(problem) => {
            let refused = problem.errors.clone();
            visit.refuse_on(&problem, &Settings { refused, ..settings })
        }
    }
}

//! The organization's settings: whom to ask when nobody else can be found, and whether a file's components are locked.

use super::{text, wish};
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::seen::Seen;
use crate::console::visit::Visit;
use crate::gate::Problem;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::permission::Action;
use serde_json::{Value, json};

#[derive(Template)]
#[template(path = "console/set_up/settings.html")]
struct Settings {
    frame: Frame,
    name: String,
    fallback_policy: String,
    policies: Vec<String>,
    file_lock: String,
    form_key: String,
    notice: Option<String>,
    refused: Vec<String>,
    /// The address of the page for a screen in a room, where it was asked for.
    wall: Option<String>,
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
        name: text(&settings, "name"),
        fallback_policy: text(&settings, "fallback_policy"),
        policies: policies.map(|entry| entry.component.name.clone()).collect(),
        file_lock: text(&settings, "file_lock"),
        form_key: seen.form_key(),
        notice: None,
        refused: Vec::new(),
        wall: None,
    })
}

/// Changes them.
pub(super) async fn act(visit: &Visit, form: &Form) -> Response {
    let seen = match visit.seen(Action::ChangeSettings).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let mut wish = wish(form, &["file_lock"]);
    let policy = form.get("fallback_policy").map_or(Value::Null, |policy| json!(policy));
    wish.body.insert("fallback_policy".to_owned(), policy);
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
            let file_lock = form.text("file_lock").to_owned();
            visit.refuse_on(&problem, &Settings { refused, fallback_policy: policy, file_lock, ..settings })
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
    let mut wish = wish(form, &[]);
    wish.body.insert("renew".to_owned(), Value::from(form.get("renew").is_some()));
    match seen.answer("wall", wish).await {
        Ok(given) => page::show(&visit.app, StatusCode::OK, &Settings { wall: Some(text(&given, "url")), ..settings }),
        Err(problem) => {
            let refused = problem.errors.clone();
            visit.refuse_on(&problem, &Settings { refused, ..settings })
        }
    }
}

//! The versions of the directory: listed, compared with now, restored.

use super::{list, text, time, wish};
use crate::api::Wish;
use crate::console::again;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::seen::Seen;
use crate::console::time::Moment;
use crate::console::visit::Visit;
use crate::gate::Problem;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::permission::Action;
use serde_json::{Value, json};

/// Versions on a page.
const ON_A_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "console/set_up/history.html")]
struct History {
    frame: Frame,
    versions: Vec<Version>,
    next: Option<String>,
}

/// A version as it is listed.
struct Version {
    number: String,
    at: Option<Moment>,
    author: String,
    way: String,
    plan: String,
}

#[derive(Template)]
#[template(path = "console/set_up/version.html")]
struct One {
    frame: Frame,
    version: Version,
    /// The file of that time.
    file: String,
    /// What is different now.
    since: String,
    form_key: String,
    restores: bool,
    /// What restoring it would come to.
    look: Option<(String, Vec<String>)>,
    notice: Option<String>,
    refused: Vec<String>,
}

/// Lists them.
pub(super) async fn show(visit: &Visit) -> Response {
    let seen = match visit.seen(Action::ReadAddresses).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let mut wish = Wish::default().with("limit", ON_A_PAGE + 1);
    if let Some(before) = visit.query.get("before") {
        wish = wish.with("before", before);
    }
    match seen.answer("directory-versions", wish).await {
        Ok(answer) => {
            let mut found = list(answer);
            let has_more = found.len() > ON_A_PAGE;
            found.truncate(ON_A_PAGE);
            let versions: Vec<_> = found.iter().map(|version| told(&seen, version)).collect();
            let next = versions.last().filter(|_| has_more).map(|last| format!("/app/history?before={}", last.number));
            page::show(&visit.app, StatusCode::OK, &History { frame: visit.frame(), versions, next })
        }
        Err(problem) => visit.refuse(&problem),
    }
}

fn told(seen: &Seen<'_>, version: &Value) -> Version {
    Version {
        number: text(version, "version"),
        at: time(seen, version, "made_at"),
        author: text(version, "author"),
        way: text(version, "way"),
        plan: text(version, "plan"),
    }
}

/// One of them, with what is different now.
pub(super) async fn show_one(visit: &Visit, number: &str) -> Response {
    let seen = match visit.seen(Action::ReadAddresses).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    match one(&seen, number).await {
        Ok(one) => page::show(&visit.app, StatusCode::OK, &one),
        Err(problem) => visit.refuse(&problem),
    }
}

async fn one(seen: &Seen<'_>, number: &str) -> Result<One, Problem> {
    let version = seen.answer("directory-version", Wish::default().at("version", number)).await?;
    let newest = list(seen.answer("directory-versions", Wish::default().with("limit", 1)).await?);
    let newest = newest.first().map(|newest| text(newest, "version")).unwrap_or_default();
    let since = match newest == number {
        true => String::new(),
        false => {
            let wish = Wish::default().with("from", number).with("until", newest);
            text(&seen.answer("directory-diff", wish).await?, "plan")
        }
    };
    Ok(One {
        frame: seen.visit.frame(),
        file: text(&version, "file"),
        version: told(seen, &version),
        since,
        form_key: seen.form_key(),
        restores: seen.may(Action::ChangeSettings),
        look: None,
        notice: None,
        refused: Vec::new(),
    })
}

/// Restores it, or looks first at what that would come to.
pub(super) async fn act(visit: &Visit, number: &str, form: &Form) -> Response {
    let seen = match visit.seen(Action::ChangeSettings).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let is_asked = form.text("do") == "restore";
    if is_asked && !seen.session.is_fresh(seen.now) {
        return again::needed(visit, seen.session, &format!("/app/history/{number}")).await;
    }
    let mut wish = wish(form, &[]);
    wish.body.insert("version".to_owned(), number.parse::<i64>().map_or_else(|_| json!(number), Value::from));
    if !is_asked {
        wish = Wish { idempotency_key: None, ..wish }.with("dry_run", true);
    }
    let done = seen.answer("restore-directory", wish).await;
    let one = match one(&seen, number).await {
        Ok(one) => one,
        Err(problem) => return visit.refuse(&problem),
    };
    match done {
        Ok(_) if is_asked => {
            let notice = Some(format!("The directory is what it was at version {number}."));
            page::show(&visit.app, StatusCode::OK, &One { notice, ..one })
        }
        Ok(tried) => {
            let warnings = tried.get("warnings").and_then(Value::as_array).into_iter().flatten();
            let warnings = warnings.filter_map(Value::as_str).map(str::to_owned).collect();
            let look = Some((text(&tried, "plan"), warnings));
            page::show(&visit.app, StatusCode::OK, &One { look, ..one })
        }
        Err(problem) => visit.refuse_on(&problem, &One { refused: problem.errors.clone(), ..one }),
    }
}

//! The audit log: who changed what, before and after, narrowed down.

use super::{list, text, time};
use crate::api::Wish;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::set_up::name::query;
use crate::console::time::Moment;
use crate::console::visit::Visit;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use directory::audit::Way;
use domain::permission::Action;
use serde_json::Value;

/// By what the log is narrowed down.
const FILTERS: [&str; 6] = ["actor", "action", "object", "way", "since", "until"];
/// Rows on a page.
const ON_A_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "console/set_up/audit.html")]
struct Audit {
    frame: Frame,
    rows: Vec<Row>,
    /// What is asked for, by filter.
    filters: Vec<(&'static str, &'static str, String)>,
    way: String,
    ways: &'static [&'static str],
    /// The address of what was before.
    next: Option<String>,
    refused: Vec<String>,
}

/// Something that was done.
struct Row {
    at: Option<Moment>,
    actor: String,
    action: String,
    object: String,
    outcome: String,
    way: String,
    /// Field, before, after.
    changes: Vec<(String, String, String)>,
}

/// Shows it.
pub(super) async fn show(visit: &Visit) -> Response {
    let seen = match visit.seen(Action::ReadOwnSignIns).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let asked = |name: &str| visit.query.text(name).to_owned();
    let said: Vec<_> = FILTERS.iter().chain(&["after"]).map(|name| (*name, asked(name))).collect();
    let mut wish = Wish::default().with("limit", ON_A_PAGE);
    for (name, value) in said.iter().filter(|(_, value)| !value.is_empty()) {
        wish = wish.with(name, value);
    }
    let answered = seen.ask("audit", wish).await.and_then(|answer| Ok((answer.next_after(), answer.value()?)));
    let labels = ["Who", "Action, such as service.update", "What: a kind or a name", "", "From", "Until"];
    let filters = FILTERS.iter().zip(labels).filter(|(name, _)| **name != "way");
    let page = |rows, next, refused| Audit {
        frame: visit.frame(),
        rows,
        filters: filters.map(|(name, label)| (*name, label, asked(name))).collect(),
        way: asked("way"),
        ways: Way::WORDS,
        next,
        refused,
    };
    match answered {
        Ok((next, answer)) => {
            let found = list(answer);
            let next = next.map(|last| {
                let pairs: Vec<_> = said
                    .iter()
                    .filter(|(name, _)| *name != "after")
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                format!("/app/audit{}", query(&[&pairs[..], &[("after", last.as_str())]].concat()))
            });
            let rows = found.iter().map(|row| Row { at: time(&seen, row, "at"), ..told(row) }).collect();
            page::show(&visit.app, StatusCode::OK, &page(rows, next, Vec::new()))
        }
        Err(problem) => visit.refuse_on(&problem, &page(Vec::new(), None, problem.errors.clone())),
    }
}

fn told(row: &Value) -> Row {
    let named = |key: &str| {
        let one = row.get(key).unwrap_or(&Value::Null);
        let (kind, name) = (text(one, "kind"), text(one, "name"));
        if name.is_empty() { kind } else { format!("{kind} {name}") }
    };
    let changes = row.get("changes").and_then(Value::as_array).into_iter().flatten();
    Row {
        at: None,
        actor: named("actor"),
        object: named("object"),
        action: text(row, "action"),
        outcome: text(row, "outcome"),
        way: text(row, "way"),
        changes: changes.map(|change| (text(change, "field"), text(change, "before"), text(change, "after"))).collect(),
    }
}

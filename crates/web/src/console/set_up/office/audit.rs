//! The audit log: who changed what, before and after, narrowed down.

use super::{list, text, time};
use crate::api::Wish;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::seen::Seen;
use crate::console::set_up::name::query;
use crate::console::time::Moment;
use crate::console::visit::Visit;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use directory::audit::{Beginning, Head, Verified, Way};
use domain::permission::Action;
use engine::Failure;
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
    chain: Option<Chain>,
}

/// That the rows are the ones that were written, for whoever reads all of them.
#[derive(Default)]
struct Chain {
    /// A row that was noted elsewhere, `NUMBER:DIGEST`, to be found in it.
    known: String,
    /// What was found; nothing where it was not asked.
    verified: Option<Result<String, String>>,
}

impl Chain {
    /// What of it is shown to whoever reads.
    async fn of(seen: &Seen<'_>) -> Result<Option<Self>, Failure> {
        if !seen.may_to(Action::Audit, None) {
            return Ok(None);
        }
        let (query, known) = (&seen.visit.query, seen.visit.query.text("known").trim().to_owned());
        if query.get("verify").is_none() {
            return Ok(Some(Self::default()));
        }
        let head = Head::parse(&known);
        if head.is_none() && !known.is_empty() {
            let wrong = "What was noted is a number, a colon and 64 hexadecimal digits.".to_owned();
            return Ok(Some(Self { known, verified: Some(Err(wrong)) }));
        }
        let found = seen.visit.app.administration.audit_verified(seen.reader(), head).await?;
        let told = found.map(|verified| verified.as_ref().map_or_else(|| "There is no row.".to_owned(), spans));
        Ok(Some(Self { known, verified: Some(told.map_err(|fault| format!("It does not verify: {fault}."))) }))
    }
}

/// What a chain that verifies spans.
fn spans(verified: &Verified) -> String {
    let Verified { first, head, beginning } = verified;
    let before = match beginning {
        Beginning::First => String::new(),
        Beginning::Cut => format!(" Those before row {first} were cut off when their time was over."),
        Beginning::Unknown => format!(" Nothing is known of those before row {first}."),
    };
    format!(
        "Rows {first} to {} are as they were written.{before} To find later that none was taken off the end, note down {head}",
        head.number
    )
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
    let chain = match Chain::of(&seen).await {
        Ok(chain) => chain,
        Err(failure) => return seen.failed(failure),
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
        chain,
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

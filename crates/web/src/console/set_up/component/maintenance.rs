//! Maintenance of a service from its own page: from now on, for a while.

use super::drawn;
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::page;
use crate::console::seen::Seen;
use crate::console::set_up::kind::Kind;
use crate::console::visit::Visit;
use crate::gate::Problem;
use axum::http::StatusCode;
use axum::response::Response;
use domain::directory::ComponentKind;
use domain::permission::Action;
use serde_json::{Map, Value, json};

/// The form on the page of a service.
#[derive(Clone, Debug)]
pub(super) struct Maintenance {
    /// Where it goes.
    pub(super) action: String,
    pub(super) form_key: String,
    /// What was done.
    pub(super) notice: Option<String>,
    pub(super) refused: Vec<String>,
    /// What was typed.
    pub(super) minutes: String,
}

impl Maintenance {
    /// The form, for whoever may.
    pub(super) fn of(seen: &Seen<'_>, kind: Kind, reference: &str) -> Option<Self> {
        let is_drawn = kind.kind == ComponentKind::Service && seen.may(Action::Maintain);
        is_drawn.then(|| Self {
            action: format!("{}/maintenance", kind.page(reference)),
            form_key: seen.form_key(),
            notice: None,
            refused: Vec::new(),
            minutes: String::new(),
        })
    }
}

/// Begins it.
pub(in crate::console::set_up) async fn act(visit: &Visit, kind: Kind, name: &str, form: &Form) -> Response {
    let seen = match visit.seen(Action::Maintain).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let read = seen.answer(kind.operation, Wish::default().at(kind.parameter, name)).await;
    let component = match read {
        Ok(component) => component,
        Err(problem) => return visit.refuse(&problem),
    };
    let typed = form.get("minutes").unwrap_or(form.text("own_minutes")).to_owned();
    let done = begun(&seen, name, &typed, form).await;
    let mut drawn = match drawn(&seen, kind, &component).await {
        Ok(drawn) => drawn,
        Err(page) => return page,
    };
    let Some(maintenance) = &mut drawn.maintenance else { return visit.refuse(&Problem::unknown_path()) };
    match done {
        Ok(()) => {
            maintenance.notice =
                Some(format!("Maintenance has begun, for {typed} minutes. Alerts of it page nobody until then."));
            page::show(&visit.app, StatusCode::OK, &drawn)
        }
        Err(problem) => {
            (maintenance.refused, maintenance.minutes) = (problem.errors.clone(), typed);
            visit.refuse_on(&problem, &drawn)
        }
    }
}

async fn begun(seen: &Seen<'_>, service: &str, typed: &str, form: &Form) -> Result<(), Problem> {
    let minutes = typed.trim().parse::<u32>();
    let minutes =
        minutes.map_err(|_| Problem::invalid(vec!["minutes: must be a whole number of minutes".to_owned()]))?;
    let now = seen.now.wire();
    let starts = now.split('.').next().unwrap_or(&now);
    let body = [
        ("name", json!(format!("{service} from {} UTC", starts.replace('T', " ")))),
        ("services", json!([service])),
        ("starts", json!(starts)),
        ("duration_minutes", json!(minutes)),
        ("timezone", json!("UTC")),
    ];
    let body: Map<String, Value> = body.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let idempotency_key = form.get("idempotency_key").map(str::to_owned);
    seen.answer("add-maintenance-window", Wish { body, idempotency_key, ..Wish::default() }).await.map(drop)
}

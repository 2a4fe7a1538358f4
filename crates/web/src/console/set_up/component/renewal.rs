//! Another key for an integration, from its own page, while the one before counts for a while.

use super::drawn;
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::page;
use crate::console::seen::Seen;
use crate::console::set_up::kind::Kind;
use crate::console::time::Moment;
use crate::console::visit::Visit;
use crate::gate::Problem;
use axum::http::StatusCode;
use axum::response::Response;
use domain::directory::{ComponentKind, ManagedBy};
use domain::permission::Action;
use domain::{Instant, limits};
use serde_json::Value;

/// The key of an integration: until when the one before counts, and the form that makes another.
#[derive(Clone, Debug)]
pub(super) struct Renewal {
    /// Until when a key before the newest one counts.
    pub(super) before: Option<Moment>,
    /// The form, for whoever may, where the key is not a directory file's.
    pub(super) form: Option<Making>,
    /// Whether a directory file gives the key.
    pub(super) is_in_file: bool,
    /// Whether it was done just now.
    pub(super) is_done: bool,
    pub(super) refused: Vec<String>,
}

/// The form that makes another key.
#[derive(Clone, Debug)]
pub(super) struct Making {
    /// Where it goes.
    pub(super) action: String,
    pub(super) form_key: String,
    /// What was typed.
    pub(super) hours: String,
    /// The most hours that can be asked for.
    pub(super) most: u32,
}

impl Renewal {
    /// What the page of an integration says of its key.
    pub(super) fn of(seen: &Seen<'_>, kind: Kind, component: &Value, reference: &str) -> Option<Self> {
        let text = |key: &str| component.get(key).and_then(Value::as_str);
        let is_in_file = text("managed_by") == Some(ManagedBy::File.word()) && text("key").is_some();
        let making = Making {
            action: format!("{}/rotate-key", kind.page(reference)),
            form_key: seen.form_key(),
            hours: limits::OVERLAP_HOURS.to_string(),
            most: limits::OVERLAP_HOURS_MOST,
        };
        let before = text("key_before_ends_at").and_then(|at| Instant::parse(&format!("{at}Z")));
        let renewal = Self {
            before: before.map(|at| seen.visit.clock.moment(at)),
            form: (seen.may(kind.changing()) && !is_in_file).then_some(making),
            is_in_file,
            is_done: false,
            refused: Vec::new(),
        };
        let says_something = renewal.before.is_some() || renewal.form.is_some() || is_in_file;
        (kind.kind == ComponentKind::Integration && says_something).then_some(renewal)
    }
}

/// Makes it.
pub(in crate::console::set_up) async fn act(visit: &Visit, kind: Kind, name: &str, form: &Form) -> Response {
    let seen = match visit.seen(Action::ChangeComponents).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let typed = form.text("overlap_hours");
    let done = made(&seen, name, typed, form).await;
    let read = seen.answer(kind.operation, Wish::default().at(kind.parameter, name)).await;
    let component = match read {
        Ok(component) => component,
        Err(problem) => return visit.refuse(&problem),
    };
    let mut drawn = match drawn(&seen, kind, &component).await {
        Ok(drawn) => drawn,
        Err(page) => return page,
    };
    let Some(renewal) = &mut drawn.renewal else { return visit.refuse(&Problem::unknown_path()) };
    match done {
        Ok(()) => {
            renewal.is_done = true;
            page::show(&visit.app, StatusCode::OK, &drawn)
        }
        Err(problem) => {
            renewal.refused.clone_from(&problem.errors);
            if let Some(form) = &mut renewal.form {
                typed.clone_into(&mut form.hours);
            }
            visit.refuse_on(&problem, &drawn)
        }
    }
}

async fn made(seen: &Seen<'_>, integration: &str, typed: &str, form: &Form) -> Result<(), Problem> {
    let mut wish = Wish::default().at("integration_ref_id", integration);
    wish.idempotency_key = form.get("idempotency_key").map(str::to_owned);
    if !typed.trim().is_empty() {
        let hours = typed.trim().parse::<u32>();
        let hours = hours.map_err(|_| Problem::invalid(vec!["overlap_hours: must be a whole number".to_owned()]))?;
        wish.body.insert("overlap_hours".to_owned(), Value::from(hours));
    }
    seen.answer("rotate-integration-key", wish).await.map(drop)
}

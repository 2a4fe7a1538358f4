//! Trying out on its own page how an integration reads a body, what is pasted or what came last, of which nothing is stored; and
//! sending one as a test, to see what becomes of it.

use super::drawn;
use super::payload::{Alert, became};
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
use serde_json::Value;

/// Alerts that are shown of all bodies together.
const SHOWN: usize = 20;

/// The form on the page of an integration, and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    /// Where it goes.
    pub(super) action: String,
    /// What was pasted.
    pub(super) typed: String,
    /// What was read; nothing before something was tried.
    pub(super) tried: Option<Vec<Tried>>,
    pub(super) refused: Vec<String>,
    /// Whether a test may be sent.
    pub(super) may_send: bool,
    /// What became of a test that was sent.
    pub(super) sent: Option<Vec<Alert>>,
}

/// What was read: an alert, or why none was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tried {
    /// Why the body is not read.
    pub(super) reason: Option<String>,
    pub(super) state: String,
    pub(super) title: String,
    pub(super) identity: String,
    /// Urgency and tags, as far as there are any.
    pub(super) about: String,
    /// Names and values of its labels.
    pub(super) labels: Vec<(String, String)>,
    /// What had to be mended.
    pub(super) repairs: Vec<String>,
}

impl Trial {
    /// The form, on the page of an integration.
    pub(super) fn of(seen: &Seen<'_>, kind: Kind, (reference, team): (&str, Option<&str>)) -> Option<Self> {
        let action = format!("{}/try", kind.page(reference));
        let may_send = seen.may_to(Action::ActOnIncident, team);
        let none = Self { action, typed: String::new(), tried: None, refused: Vec::new(), may_send, sent: None };
        (kind.kind == ComponentKind::Integration).then_some(none)
    }
}

/// Tries it.
pub(in crate::console::set_up) async fn act(visit: &Visit, kind: Kind, name: &str, form: &Form) -> Response {
    answer(visit, (kind, name), "try-integration", form).await
}

/// Sends it as a test.
pub(in crate::console::set_up) async fn send(visit: &Visit, kind: Kind, name: &str, form: &Form) -> Response {
    answer(visit, (kind, name), "test-integration", form).await
}

async fn answer(visit: &Visit, (kind, name): (Kind, &str), operation: &str, form: &Form) -> Response {
    let seen = match visit.seen(Action::Read).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let component = match seen.answer(kind.operation, Wish::default().at(kind.parameter, name)).await {
        Ok(component) => component,
        Err(problem) => return visit.refuse(&problem),
    };
    let typed = form.text("payload");
    let mut wish = Wish::default().at("integration_ref_id", name);
    if !typed.trim().is_empty() {
        wish.body.insert("payload".to_owned(), Value::from(typed));
    }
    let done = seen.answer(operation, wish).await;
    let mut drawn = match drawn(&seen, kind, &component).await {
        Ok(drawn) => drawn,
        Err(page) => return page,
    };
    let Some(trial) = &mut drawn.trial else { return visit.refuse(&Problem::unknown_path()) };
    trial.typed = typed.to_owned();
    match done {
        Ok(alerts) if operation == "test-integration" => {
            trial.sent = Some(became(&seen, alerts).await);
            page::show(&visit.app, StatusCode::OK, &drawn)
        }
        Ok(bodies) => {
            trial.tried = Some(bodies.as_array().into_iter().flatten().flat_map(read).take(SHOWN).collect());
            page::show(&visit.app, StatusCode::OK, &drawn)
        }
        Err(problem) => {
            trial.refused.clone_from(&problem.errors);
            visit.refuse_on(&problem, &drawn)
        }
    }
}

/// What was read in one body.
fn read(body: &Value) -> Vec<Tried> {
    let reason = text(body, "reason");
    let alerts = body.get("alerts").and_then(Value::as_array).into_iter().flatten();
    let alerts: Vec<_> = alerts.map(alert).collect();
    match alerts.is_empty() {
        true if reason.is_empty() => {
            vec![Tried { reason: Some("There is no alert in it.".to_owned()), ..Tried::default() }]
        }
        true => vec![Tried { reason: Some(reason), ..Tried::default() }],
        false => alerts,
    }
}

fn alert(alert: &Value) -> Tried {
    let list = |key: &str| alert.get(key).and_then(Value::as_array).into_iter().flatten();
    let words = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let urgency = alert.get("urgency_level").and_then(Value::as_i64).map(|level| format!("urgency {level}"));
    let about: Vec<String> = urgency.into_iter().chain(list("tags").map(words)).collect();
    let labels = alert.get("labels").and_then(Value::as_object).into_iter().flatten();
    Tried {
        reason: None,
        state: text(alert, "state"),
        title: text(alert, "title"),
        identity: text(alert, "identity"),
        about: about.join(", "),
        labels: labels.map(|(name, value)| (name.clone(), words(value))).collect(),
        repairs: list("repairs").map(words).collect(),
    }
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

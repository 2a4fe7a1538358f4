//! Where a person is signed in, on their page, for those who may end it, or let them set up another second factor.

use super::{drawn, may_to_person};
use crate::api::Wish;
use crate::console::again;
use crate::console::form::Form;
use crate::console::page;
use crate::console::seen::Seen;
use crate::console::set_up::kind::{Kind, name_of};
use crate::console::time::Moment;
use crate::console::visit::Visit;
use crate::gate::Problem;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Instant;
use domain::directory::ComponentKind;
use domain::permission::Action;
use serde_json::Value;

/// The value of a form that ends all of them.
const ALL: &str = "all";
/// The value of a form that sends who lost their second factor a link.
const FACTOR: &str = "factor";

/// The sessions of a person, and the forms that end them.
#[derive(Clone, Debug)]
pub(super) struct Sessions {
    /// Where the forms go.
    pub(super) action: String,
    pub(super) form_key: String,
    pub(super) all: Vec<SessionRow>,
    /// What was done just now.
    pub(super) done: Option<String>,
    /// A link to be handed over, which is shown this once.
    pub(super) link: Option<String>,
    pub(super) refused: Vec<String>,
}

/// One of them.
#[derive(Clone, Debug)]
pub(super) struct SessionRow {
    pub(super) id: String,
    pub(super) words: String,
    pub(super) since: Option<Moment>,
    pub(super) used: Option<Moment>,
}

impl Sessions {
    /// What the page of a person says of their sessions, to those who manage them. One's own stand with one's security.
    pub(super) async fn of(
        seen: &Seen<'_>,
        kind: Kind,
        component: &Value,
        reference: &str,
    ) -> Result<Option<Self>, Problem> {
        let name = name_of(component);
        let is_own = name == seen.session.person.username.as_str();
        if kind.kind != ComponentKind::User || is_own || !may_to_person(seen, Action::ManagePeople, component) {
            return Ok(None);
        }
        let listed = seen.answer("sessions", Wish::default().at("preferred_username", name)).await?;
        let listed = listed.as_array().into_iter().flatten();
        Ok(Some(Self {
            action: format!("{}/sessions", kind.page(reference)),
            form_key: seen.form_key(),
            all: listed.map(|session| row(seen, session)).collect(),
            done: None,
            link: None,
            refused: Vec::new(),
        }))
    }
}

fn row(seen: &Seen<'_>, session: &Value) -> SessionRow {
    let text = |key: &str| session.get(key).and_then(Value::as_str).unwrap_or_default();
    let moment = |key: &str| Instant::parse(&format!("{}Z", text(key))).map(|at| seen.visit.clock.moment(at));
    let device = if text("device").is_empty() { "a browser without a name" } else { text("device") };
    SessionRow {
        id: text("session_ref_id").to_owned(),
        words: format!("{device}, from {}, by {}", text("network"), text("signed_in_by")),
        since: moment("made_at"),
        used: moment("last_used_at"),
    }
}

/// Ends one, or all.
pub(in crate::console::set_up) async fn act(visit: &Visit, kind: Kind, name: &str, form: &Form) -> Response {
    let seen = match visit.seen(Action::ManagePeople).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let read = seen.answer(kind.operation, Wish::default().at(kind.parameter, name)).await;
    let component = match read {
        Ok(component) => component,
        Err(problem) => return visit.refuse(&problem),
    };
    if form.text("which") == FACTOR
        && may_to_person(&seen, Action::ManagePeople, &component)
        && !seen.session.is_fresh(seen.now)
    {
        return again::needed(visit, seen.session, &kind.page(name)).await;
    }
    let done = asked(&seen, name_of(&component), form).await;
    let mut drawn = match drawn(&seen, kind, &component).await {
        Ok(drawn) => drawn,
        Err(page) => return page,
    };
    match (done, &mut drawn.sessions) {
        (Ok(answer), Some(sessions)) => {
            (sessions.done, sessions.link) = said(&answer);
            page::show(&visit.app, StatusCode::OK, &drawn)
        }
        (Err(problem), Some(sessions)) => {
            sessions.refused.clone_from(&problem.errors);
            visit.refuse_on(&problem, &drawn)
        }
        (Err(problem), None) => visit.refuse(&problem),
        (Ok(_), None) => visit.refuse(&Problem::unknown_path()),
    }
}

/// What came of it: ended, or a link that was made.
fn said(answer: &Value) -> (Option<String>, Option<String>) {
    let Some(url) = answer.get("url").and_then(Value::as_str) else { return (Some("It is ended.".to_owned()), None) };
    match answer.get("is_mailed").and_then(Value::as_bool) {
        Some(true) => (Some("They were sent a link, by which they set up another second factor.".to_owned()), None),
        _ => {
            let words =
                "This server could not send them mail. Hand them this link; it works once, with their password.";
            (Some(words.to_owned()), Some(url.to_owned()))
        }
    }
}

async fn asked(seen: &Seen<'_>, username: &str, form: &Form) -> Result<Value, Problem> {
    let mut wish = Wish::default().at("preferred_username", username);
    wish.idempotency_key = form.get("idempotency_key").map(str::to_owned);
    match form.text("which") {
        ALL => seen.answer("end-sessions", wish).await,
        FACTOR => seen.answer("send-enrolment", wish).await,
        which => seen.answer("end-session", wish.at("session_ref_id", which)).await,
    }
}

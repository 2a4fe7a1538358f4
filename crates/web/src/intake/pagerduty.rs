//! PagerDuty's API of events, as its clients speak it (intake §4.1): version 2, the one before, and change events.

use super::key::integration;
use super::receive::{Body, keep_unreadable, kind_differs, take};
use crate::api::{App, respond_with};
use crate::gate::Problem;
use crate::operation::Code;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use domain::intake::{Delivery, Received, SenderKind, State as Said};
use senders::pagerduty::{change_event, event, event_v1};
use serde_json::{Value, json};

/// Bytes of a body; the original takes half as many.
const BODY_BYTES: usize = 1024 * 1024;
/// What the original calls a body that it cannot use.
const INVALID: &str = "Event object is invalid";

/// Reads a body: the key that it names, and what it says.
type Reading = fn(&Value) -> Result<(Option<String>, Received), Vec<String>>;

fn version_2(value: &Value) -> Result<(Option<String>, Received), Vec<String>> {
    event(value).map(|event| (event.routing_key, event.received))
}

fn version_1(value: &Value) -> Result<(Option<String>, Received), Vec<String>> {
    event_v1(value).map(|event| (event.routing_key, event.received))
}

/// `POST /v2/enqueue`, with the key where the path has it.
pub(super) async fn enqueue(app: &App, key: Option<&str>, request: Request) -> Response {
    answer_v2(app, taken(app, key, version_2, request).await)
}

/// The path takes other methods only.
pub(super) fn method_not_allowed(app: &App, problem: Problem) -> Response {
    let headers = problem.headers().to_vec();
    let mut response = Refused::from(problem).answer(app);
    response.headers_mut().extend(headers);
    response
}

/// `POST /generic/2010-04-15/create_event.json`.
pub(super) async fn create_event(app: &App, request: Request) -> Response {
    match taken(app, None, version_1, request).await {
        Ok(done) => {
            let said = json!({"status": "success", "message": "Event processed", "incident_key": done.identity});
            respond_with(app, said.to_string())
        }
        Err(refused) => refused.answer(app),
    }
}

/// `POST /v2/change/enqueue`: kept for whoever looks at incidents; it pages nobody.
pub(super) async fn change(app: &App, request: Request) -> Response {
    match taken(app, None, change_event, request).await {
        Ok(done) => {
            let said = json!({"status": "success", "message": "Change event processed", "id": done.alert_id});
            with_status(respond_with(app, said.to_string()), StatusCode::ACCEPTED)
        }
        Err(refused) => refused.answer(app),
    }
}

/// An event that was taken in.
struct Done {
    identity: String,
    alert_id: String,
    fate: &'static str,
}

/// An event that was not.
struct Refused {
    status: StatusCode,
    errors: Vec<String>,
    retry_after: bool,
}

impl Refused {
    fn invalid(errors: Vec<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, errors, retry_after: false }
    }

    fn answer(self, app: &App) -> Response {
        let message = if self.retry_after { "Try again" } else { INVALID };
        let said = json!({"status": "invalid event", "message": message, "errors": self.errors});
        let mut response = with_status(respond_with(app, said.to_string()), self.status);
        if self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        // Its clients repeat what they are told to, some for ever: a key that nobody has is a mistake of form.
        let is_key = problem.code == Code::UnknownIntegrationKey;
        let status = if is_key { StatusCode::BAD_REQUEST } else { problem.status() };
        let errors = if is_key { vec!["Invalid routing key".to_owned()] } else { problem.errors };
        Self { status, errors, retry_after: status == StatusCode::SERVICE_UNAVAILABLE }
    }
}

async fn taken(app: &App, key: Option<&str>, reading: Reading, request: Request) -> Result<Done, Refused> {
    let body = Body::of(app, request, BODY_BYTES).await?;
    let read = senders::json(&body.bytes);
    let event = match &read {
        Ok((value, repairs)) => reading(value).map(|(key, mut received)| {
            received.repairs.splice(0..0, repairs.iter().cloned());
            (key, received)
        }),
        Err(reason) => Err(vec![format!("body: {}", reason.0)]),
    };
    let named = match &event {
        Ok((key, _)) => key.clone(),
        // A body that cannot be used may name the key all the same, so that it can be kept.
        Err(_) => read.ok().and_then(|(value, _)| value.get("routing_key")?.as_str().map(str::to_owned)),
    };
    let known = integration(app, &body.shown.clone().with(named.as_deref()).with(key)).await;
    let known = match known {
        Ok(known) => body.signed(app, &known).await.map(|()| known),
        refused => refused,
    };
    let mut received = match event {
        Ok((_, received)) => received,
        Err(errors) => {
            if let Ok(known) = &known {
                keep_unreadable(app, known, &body, &errors.join(", ")).await?;
            }
            return Err(Refused::invalid(errors));
        }
    };
    let known = known?;
    if received.state == Said::Firing && !received.labels.contains_key("source") {
        // Whoever does not say where it is, is where it sends from.
        let source = body.shown.from.map(|from| from.to_string());
        received.tags.extend(source.iter().map(|from| format!("source:{from}")));
        received.labels.extend(source.map(|from| ("source".to_owned(), from)));
    }
    let identity = match received.state {
        // What was changed has no name, so that the same body again is a repetition.
        Said::Changed => String::new(),
        _ => received.identity.get_or_insert_with(|| app.engine.ids().uuid().replace('-', "")).clone(),
    };
    let delivery = Delivery { received: vec![received], ..Delivery::default() };
    let taken = take(app, &known, Ok(delivery), &body, kind_differs(SenderKind::Pagerduty, &known)).await?;
    let taken = taken.into_iter().next().ok_or_else(|| Problem::internal("an event has no fate"))?;
    Ok(Done { identity, alert_id: taken.alert_id.0, fate: taken.judged.fate.word() })
}

fn answer_v2(app: &App, taken: Result<Done, Refused>) -> Response {
    match taken {
        Ok(Done { identity, alert_id, fate }) => {
            let said = json!({
                "status": "success",
                "message": "Event processed",
                "dedup_key": identity,
                "alert_id": alert_id,
                "fate": fate,
            });
            with_status(respond_with(app, said.to_string()), StatusCode::ACCEPTED)
        }
        Err(refused) => refused.answer(app),
    }
}

fn with_status(mut response: Response, status: StatusCode) -> Response {
    *response.status_mut() = status;
    response
}

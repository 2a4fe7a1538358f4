//! Opsgenie's API of alerts, as its clients speak it (intake §4.2): what monitoring tools ask of it.

use super::key::{Shown, integration, integration_without_body};
use super::opsgenie_alert;
use super::receive::{Body, keep_unreadable, take_alerts};
use crate::api::{App, respond_with};
use crate::gate::{Problem, failed};
use crate::operation::Code;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use directory::KnownIntegration;
use domain::intake::{AlertFate, Fate, Received, State as Said};
use domain::{RefId, limits};
use engine::{Incoming, Ping, Taken, problem_digest};
use senders::opsgenie::create as read_create;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt::Write;

/// How a request names an alert.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Naming {
    #[serde(rename = "identifierType")]
    identifier_type: Option<String>,
}

/// `POST /v2/alerts`.
pub(super) async fn create(State(app): State<App>, request: Request) -> Response {
    answer(&app, created(&app, request).await)
}

/// `POST /v2/alerts/{id}/{action}`, `PUT` likewise.
pub(super) async fn act(
    State(app): State<App>,
    Path((id, action)): Path<(String, String)>,
    Query(naming): Query<Naming>,
    request: Request,
) -> Response {
    answer(&app, acted(&app, (&id, &naming), &action, request).await)
}

/// `GET /v2/alerts/{id}`.
pub(super) async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(naming): Query<Naming>,
    request: Request,
) -> Response {
    match found(&app, (&id, &naming), &Shown::by(&app, &request)).await {
        Ok(data) => {
            let said = json!({"data": data, "took": 0.0, "requestId": app.engine.ids().uuid()});
            respond_with(&app, said.to_string())
        }
        Err(refused) => refused.answer(&app),
    }
}

/// `DELETE /v2/alerts/{id}`: nothing is deleted here, so that the alert is closed.
pub(super) async fn delete(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(naming): Query<Naming>,
    mut request: Request,
) -> Response {
    // It has no body, and none would say more.
    *request.method_mut() = axum::http::Method::POST;
    answer(&app, acted(&app, (&id, &naming), "close", request).await)
}

/// `GET /v2/alerts/requests/{id}`.
pub(super) async fn request_status(State(app): State<App>, Path(id): Path<String>, request: Request) -> Response {
    match status_of(&app, &id, &Shown::by(&app, &request)).await {
        Ok(data) => {
            let said = json!({"data": data, "took": 0.0, "requestId": app.engine.ids().uuid()});
            respond_with(&app, said.to_string())
        }
        Err(refused) => refused.answer(&app),
    }
}

/// `/v2/heartbeats/{name}/ping`. The original says so to any name, so that a misspelt one is never noticed.
pub(super) async fn ping(State(app): State<App>, Path(name): Path<String>, request: Request) -> Response {
    match pinged(&app, &name, &Shown::by(&app, &request)).await {
        Ok(()) => {
            let id = app.engine.ids().uuid();
            let said = json!({"result": "PONG - Heartbeat received", "took": 0.0, "requestId": id});
            let mut response = respond_with(&app, said.to_string());
            *response.status_mut() = StatusCode::ACCEPTED;
            response
        }
        Err(refused) => refused.answer(&app),
    }
}

async fn pinged(app: &App, name: &str, shown: &Shown) -> Result<(), Refused> {
    let known = integration_without_body(app, shown).await?;
    let organization = known.organization;
    let name_of = name.to_owned();
    let find = app.engine.read(move |tx, shared| {
        let snapshot = shared.directories.current(tx, organization)?;
        let entry = snapshot.as_ref().and_then(|snapshot| snapshot.directory.heartbeats.named(&name_of));
        Ok(entry.map(|entry| entry.ref_id.clone()))
    });
    let heartbeat = find.await.map_err(failed).map_err(Refused::from)?;
    let unknown = || Refused {
        status: StatusCode::NOT_FOUND,
        message: format!("no heartbeat is named `{name}`"),
        fields: Vec::new(),
    };
    let heartbeat = heartbeat.ok_or_else(unknown)?;
    let pinged = app.engine.ping(organization, heartbeat, Ping::Well, String::new());
    pinged.await.map_err(failed).map_err(Refused::from)?.then_some(()).ok_or_else(unknown)
}

/// A request that was not taken.
struct Refused {
    status: StatusCode,
    message: String,
    fields: Vec<(String, String)>,
}

impl Refused {
    fn answer(self, app: &App) -> Response {
        let mut said = json!({"message": self.message, "took": 0.0, "requestId": app.engine.ids().uuid()});
        if !self.fields.is_empty() {
            said["errors"] = self.fields.into_iter().map(|(field, error)| (field, Value::from(error))).collect();
        }
        let mut response = respond_with(app, said.to_string());
        *response.status_mut() = self.status;
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        let message = match problem.code {
            Code::UnknownIntegrationKey => "Could not authenticate: no integration has this key".to_owned(),
            _ => problem.errors.join(", "),
        };
        Self { status: problem.status(), message, fields: Vec::new() }
    }
}

/// The integration that a request is for, and its body, which is signed where it must be.
async fn authenticated(app: &App, request: Request) -> Result<(KnownIntegration, Body), Problem> {
    let known = integration(app, &Shown::by(app, &request)).await?;
    let body = Body::of(app, request, limits::INTAKE_BYTES).await?;
    body.signed(app, &known).await?;
    Ok((known, body))
}

async fn created(app: &App, request: Request) -> Result<Taken, Refused> {
    let (known, body) = authenticated(app, request).await?;
    let (value, repairs) = json_of(app, &known, &body).await?;
    let mut received = match read_create(&value) {
        Ok(received) => received,
        Err(fields) => {
            let reason: Vec<_> = fields.iter().map(|(field, problem)| format!("{field}: {problem}")).collect();
            keep_unreadable(app, &known, &body, &reason.join(", ")).await?;
            let message = "Request body is not processable. Please check the errors.".to_owned();
            return Err(Refused { status: StatusCode::UNPROCESSABLE_ENTITY, message, fields });
        }
    };
    received.repairs.splice(0..0, repairs);
    let id = RefId(app.engine.ids().timed_ref_id(app.engine.now()));
    received.identity.get_or_insert_with(|| id.0.clone());
    one(app, &known, Incoming { id, problem: None, received }, &body).await
}

async fn json_of(app: &App, known: &KnownIntegration, body: &Body) -> Result<(Value, Vec<String>), Refused> {
    match senders::json(&body.bytes) {
        Ok(read) => Ok(read),
        Err(_) if body.bytes.trim_ascii().is_empty() => Ok((json!({}), Vec::new())),
        Err(reason) => {
            keep_unreadable(app, known, body, &reason.0).await?;
            Err(Refused { status: StatusCode::BAD_REQUEST, message: reason.0, fields: Vec::new() })
        }
    }
}

async fn acted(app: &App, (id, naming): (&str, &Naming), action: &str, request: Request) -> Result<Taken, Refused> {
    let (known, body) = authenticated(app, request).await?;
    let (value, repairs) = json_of(app, &known, &body).await?;
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let state = match action {
        "close" => Said::Resolved,
        "acknowledge" => Said::Acknowledged { by: text("user") },
        // What was told anew stands in the next alert, too.
        "notes" | "message" | "description" | "priority" => Said::Noted,
        _ => {
            let message = format!("`{action}` is not known here");
            return Err(Refused { status: StatusCode::NOT_FOUND, message, fields: Vec::new() });
        }
    };
    let text = if action == "notes" { text("note").or_else(|| text("body")) } else { None };
    let received = Received { text: text.unwrap_or_default(), payload: value.clone(), repairs, ..Received::of(state) };
    let received = Received { identity: Some(id.to_owned()), title: action.to_owned(), ..received };
    let problem = earlier(app, &known, (id, naming)).await?;
    let id = RefId(app.engine.ids().timed_ref_id(app.engine.now()));
    one(app, &known, Incoming { id, problem, received }, &body).await
}

/// The digest of the problem that an earlier alert spoke of, where a request names one by its id; an id that nobody knows is
/// looked for as an alias.
async fn earlier(
    app: &App,
    known: &KnownIntegration,
    (id, naming): (&str, &Naming),
) -> Result<Option<String>, Problem> {
    if naming.identifier_type.as_deref() == Some("alias") {
        return Ok(None);
    }
    let fate = app.engine.fate_for_sender(known.organization, id.to_owned()).await.map_err(failed)?;
    Ok(fate.map(|(fate, _)| fate.problem))
}

async fn found(app: &App, (id, naming): (&str, &Naming), shown: &Shown) -> Result<Value, Refused> {
    let known = integration_without_body(app, shown).await?;
    let alias = || problem_digest(&known.ref_id, id);
    let digest = earlier(app, &known, (id, naming)).await?.unwrap_or_else(alias);
    let found = app.engine.problem_for_sender(known.organization, digest).await.map_err(failed)?;
    let unknown = || Refused {
        status: StatusCode::NOT_FOUND,
        message: format!("Alert with id [{id}] does not exist."),
        fields: Vec::new(),
    };
    let (problem, incident, alert) = found.ok_or_else(unknown)?;
    let name = (known.ref_id.as_str(), known.integration.name.as_str());
    Ok(opsgenie_alert::shown(name, (&problem, &incident, &alert)))
}

async fn one(app: &App, known: &KnownIntegration, incoming: Incoming, body: &Body) -> Result<Taken, Refused> {
    let taken = take_alerts(app, known, (None, vec![incoming]), body, None).await?;
    let taken = taken.into_iter().next();
    Ok(taken.ok_or_else(|| Problem::internal("an alert has no fate"))?)
}

/// 202, because the original does its work later; here it is done by then.
fn answer(app: &App, taken: Result<Taken, Refused>) -> Response {
    match taken {
        Ok(taken) => {
            let id = request_id(&taken.alert_id);
            let said = json!({"result": "Request will be processed", "took": 0.0, "requestId": id});
            let mut response = respond_with(app, said.to_string());
            *response.status_mut() = StatusCode::ACCEPTED;
            if let Ok(id) = HeaderValue::from_str(&id) {
                response.headers_mut().insert("x-request-id", id);
            }
            response
        }
        Err(refused) => refused.answer(app),
    }
}

async fn status_of(app: &App, id: &str, shown: &Shown) -> Result<Value, Refused> {
    let known = integration_without_body(app, shown).await?;
    let alert = alert_id(id);
    let found = match alert {
        Some(alert) => {
            app.engine.fate_for_sender(known.organization, alert).await.map_err(failed).map_err(Refused::from)?
        }
        None => None,
    };
    let Some((fate, had_incident)) = found else {
        let message = "Request not found. It might not be processed, yet.".to_owned();
        return Err(Refused { status: StatusCode::NOT_FOUND, message, fields: Vec::new() });
    };
    let (success, status) = outcome(&fate, had_incident);
    let said: Value = serde_json::from_str(&fate.body).unwrap_or_default();
    let action = match said["state"].as_str() {
        Some("resolved") => "Close",
        Some("acknowledged") => "Acknowledge",
        Some("noted") => "Add Note",
        _ => "Create",
    };
    // Both spellings: clients read one or the other.
    Ok(json!({
        "success": success,
        "isSuccess": success,
        "action": action,
        "processedAt": format!("{}Z", fate.received_at.wire()),
        "integrationId": fate.integration,
        "status": status,
        "alertId": fate.alert_id,
        "alias": said["identity"],
    }))
}

/// Whether what was asked is so now, be it that it was before, in the words that clients look for.
fn outcome(fate: &AlertFate, had_incident: bool) -> (bool, &'static str) {
    match fate.judged.fate {
        Fate::Resolved | Fate::Transient => (true, "Closed alert"),
        Fate::Acknowledged => (true, "Acknowledged alert"),
        Fate::Noted => (true, "Added note"),
        Fate::Repeated => (true, "Request was processed before"),
        Fate::Ignored if had_incident => (true, "Alert is already closed"),
        Fate::Ignored => (false, "There is no open alert"),
        Fate::Opened | Fate::Joined | Fate::Grouped | Fate::Held | Fate::Maintenance | Fate::Flapping => {
            (true, "Created alert")
        }
        Fate::Suppressed | Fate::Disabled => (true, "Created alert, which a rule or a switch keeps quiet"),
        Fate::Stale | Fate::Unmappable => (false, "Alert was not changed"),
    }
}

/// An alert's id as the UUID that it is made of.
fn request_id(alert: &RefId) -> String {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(alert.as_str()).unwrap_or_default();
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The way back.
fn alert_id(request: &str) -> Option<String> {
    let digits = domain::directory::key_digits(request)?;
    let byte = |place: usize| u8::from_str_radix(digits.get(2 * place..2 * place + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..16).map(byte).collect();
    Some(BASE64_URL_SAFE_NO_PAD.encode(bytes?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_known_by_the_uuid_of_its_alert() {
        let alert = RefId::from("gCX2Sg9HSDCxgYXOR0RCqA");
        assert_eq!(request_id(&alert), "8025f64a-0f47-4830-b181-85ce474442a8");
        assert_eq!(alert_id(&request_id(&alert)).as_deref(), Some(alert.as_str()));
        for wrong in ["", "x", "8025f64a-0f47-4830-b181-85ce474442a"] {
            assert_eq!(alert_id(wrong), None, "{wrong}");
        }
    }
}

//! What monitoring tools ask of alerts, each answered with 202: the original does its work later, here it is done by then.

use super::refused::Refused;
use super::status::request_id;
use super::{complete, named};
use crate::api::App;
use crate::gate::Problem;
use crate::gate::failed;
use crate::intake::key::{Shown, integration, query_of};
use crate::intake::receive::{Body, keep_unreadable, kind_differs, take_alerts};
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use directory::KnownIntegration;
use domain::intake::{Received, SenderKind};
use domain::{RefId, limits};
use engine::{Incoming, Taken};
use senders::opsgenie::{self, Faults};
use serde_json::{Value, json};

/// `POST /v2/alerts`.
pub(in crate::intake) async fn create(app: &App, request: Request) -> Response {
    answer(app, created(app, request).await)
}

/// `POST /v2/alerts/{id}/{action}`, `PUT` likewise.
pub(in crate::intake) async fn act(app: &App, id: &str, action: &str, request: Request) -> Response {
    let now = app.engine.now();
    answer(app, acted(app, id, request, |value| opsgenie::act(action, value, now)).await)
}

/// `POST /v2/alerts/{id}/actions/{name}`.
pub(in crate::intake) async fn perform(app: &App, id: &str, name: &str, request: Request) -> Response {
    answer(app, acted(app, id, request, |value| Some(Ok(opsgenie::perform(name, value)))).await)
}

/// `DELETE /v2/alerts/{id}/tags?tags=` and `/details?keys=`.
pub(in crate::intake) async fn remove(app: &App, id: &str, what: &str, request: Request) -> Response {
    let query = query_of(request.uri());
    let given = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let parameter = if what == "tags" { "tags" } else { "keys" };
    let (names, by) = (given(parameter).unwrap_or_default(), given("user").map(str::to_owned));
    answer(app, acted(app, id, bodiless(request), |_| opsgenie::remove(what, names, by.clone())).await)
}

/// `DELETE /v2/alerts/{id}`: nothing is deleted here, so that the alert is closed, and a note says why.
pub(in crate::intake) async fn delete(app: &App, id: &str, request: Request) -> Response {
    let deleted = |_: &Value| {
        let note = json!({"note": "The sender deleted the alert."});
        opsgenie::act("close", &note, app.engine.now())
    };
    answer(app, acted(app, id, bodiless(request), deleted).await)
}

/// What is deleted has no body, and none would say more.
fn bodiless(request: Request) -> Request {
    let (mut parts, _) = request.into_parts();
    parts.method = Method::POST;
    parts.headers.remove("content-encoding");
    Request::from_parts(parts, axum::body::Body::empty())
}

/// The integration that a request is for, and its body, which is signed where it must be.
async fn signed(app: &App, request: Request) -> Result<(KnownIntegration, Body), Refused> {
    let known = integration(app, &Shown::by(app, &request)).await?;
    if known.integration.disabled_answers_401 && !known.integration.enabled {
        return Err(Refused::new(StatusCode::UNAUTHORIZED, "The integration of this key is switched off."));
    }
    let body = Body::of(app, request, limits::INTAKE_BYTES).await?;
    body.signed(app, &known).await?;
    Ok((known, body))
}

async fn created(app: &App, request: Request) -> Result<Taken, Refused> {
    let (known, body) = signed(app, request).await?;
    let (value, repairs) = json_of(app, &known, &body).await?;
    let mut received = checked(app, &known, &body, opsgenie::create(&value)).await?;
    received.repairs.splice(0..0, repairs);
    let id = RefId(app.engine.ids().timed_ref_id(app.engine.now()));
    received.identity.get_or_insert_with(|| id.0.clone());
    one(app, &known, Incoming { id, problem: None, received }, &body).await
}

async fn acted(
    app: &App,
    id: &str,
    request: Request,
    read: impl Fn(&Value) -> Option<Result<Received, Faults>>,
) -> Result<Taken, Refused> {
    let query = query_of(request.uri());
    let (known, body) = signed(app, request).await?;
    let name = named(id, &query)?;
    let (value, repairs) = json_of(app, &known, &body).await?;
    let read = read(&value).ok_or_else(|| Refused::not_found("There is no such action."))?;
    let mut received = checked(app, &known, &body, read).await?;
    received.repairs.splice(0..0, repairs);
    received.identity = Some(id.to_owned());
    let problem =
        app.engine.problem_for_sender(known.organization, known.ref_id.clone(), name).await.map_err(failed)?;
    let id = RefId(app.engine.ids().timed_ref_id(app.engine.now()));
    one(app, &known, Incoming { id, problem, received }, &body).await
}

/// Keeps a body with mistakes for whoever sets up the sender.
async fn checked(
    app: &App,
    known: &KnownIntegration,
    body: &Body,
    read: Result<Received, Faults>,
) -> Result<Received, Refused> {
    match read {
        Ok(received) => Ok(received),
        Err(fields) => {
            let reason: Vec<_> = fields.iter().map(|(field, problem)| format!("{field}: {problem}")).collect();
            keep_unreadable(app, known, body, &reason.join(", ")).await?;
            Err(Refused::unprocessable(fields))
        }
    }
}

async fn json_of(app: &App, known: &KnownIntegration, body: &Body) -> Result<(Value, Vec<String>), Refused> {
    match senders::json(&body.bytes) {
        Ok(read) => Ok(read),
        Err(_) if body.bytes.trim_ascii().is_empty() => Ok((json!({}), Vec::new())),
        Err(reason) => {
            keep_unreadable(app, known, body, &reason.0).await?;
            Err(Refused::new(StatusCode::BAD_REQUEST, reason.0))
        }
    }
}

async fn one(app: &App, known: &KnownIntegration, incoming: Incoming, body: &Body) -> Result<Taken, Refused> {
    let taken = take_alerts(app, known, vec![incoming], body, kind_differs(SenderKind::Opsgenie, known)).await?;
    let taken = taken.into_iter().next();
    Ok(taken.ok_or_else(|| Problem::internal("an alert has no fate"))?)
}

fn answer(app: &App, taken: Result<Taken, Refused>) -> Response {
    match taken {
        Ok(taken) => {
            let id = request_id(&taken.alert_id);
            complete(app, StatusCode::ACCEPTED, json!({"result": "Request will be processed"}), &id)
        }
        Err(refused) => refused.answer(app),
    }
}

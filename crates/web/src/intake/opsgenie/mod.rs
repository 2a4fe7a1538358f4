//! Opsgenie's API of alerts and heartbeats, as its clients speak it (intake §4.2).

mod act;
mod heartbeat;
mod list;
mod query;
mod refused;
mod shown;
mod status;

pub(super) use act::{act, create, delete, perform, remove};
pub(super) use heartbeat::{changed, heartbeat, heartbeats, ping};
pub(super) use list::{count, get, list};
pub(super) use status::request_status;

use super::key::{Shown, integration_without_body};
use crate::api::{App, respond_with};
use crate::gate::Problem;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use directory::KnownIntegration;
use engine::AlertName;
use refused::Refused;
use serde_json::Value;

/// The integration with the key that a request without a body shows.
async fn authenticated(app: &App, shown: &Shown) -> Result<KnownIntegration, Refused> {
    Ok(integration_without_body(app, shown).await?)
}

/// How a request names an alert: by what `identifierType` says, by its id where that says nothing.
fn named(id: &str, parameters: &[(String, String)]) -> Result<AlertName, Refused> {
    let kind = parameters.iter().find(|(name, _)| name == "identifierType").map(|(_, kind)| kind.to_ascii_lowercase());
    // Some clients have kept nothing but the id of the request by which they created it.
    let alert_of = || status::alert_id(id).unwrap_or_else(|| id.to_owned());
    let by_id = || AlertName::Id { id: alert_of(), identity: id.to_owned() };
    match kind.as_deref() {
        None | Some("" | "id") => Ok(by_id()),
        Some("alias") => Ok(AlertName::Identity(id.to_owned())),
        Some("tiny") => Ok(id.parse().map_or_else(|_| by_id(), AlertName::Number)),
        Some(_) => {
            Err(Refused::unprocessable(vec![("identifierType".to_owned(), "must be id, tiny or alias".to_owned())]))
        }
    }
}

/// An answer with the members that every answer has.
fn answer(app: &App, status: StatusCode, said: Result<Value, Refused>) -> Response {
    match said {
        Ok(said) => complete(app, status, said, &app.engine.ids().uuid()),
        Err(refused) => refused.answer(app),
    }
}

fn complete(app: &App, status: StatusCode, mut said: Value, request_id: &str) -> Response {
    said["took"] = 0.0.into();
    said["requestId"] = request_id.into();
    let mut response = respond_with(app, said.to_string());
    *response.status_mut() = status;
    if let Ok(id) = HeaderValue::from_str(request_id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

/// Nothing is at this path of the API.
pub(super) fn nothing_here(app: &App) -> Response {
    Refused::not_found("There is nothing here: attachments, saved searches and incidents are not kept by this server.")
        .answer(app)
}

/// The path takes other methods only.
pub(super) fn method_not_allowed(app: &App, problem: Problem) -> Response {
    Refused::from(problem).answer(app)
}

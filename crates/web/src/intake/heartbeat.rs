//! What heartbeats say (intake §2.6), in the shape of the pinging API that most clients of such services know.

use super::key::query_of;
use super::receive::Body;
use crate::api::{App, refuse};
use crate::gate::{Problem, failed};
use axum::body::Body as HttpBody;
use axum::extract::Request;
use axum::http::{HeaderValue, Method as HttpMethod, StatusCode, header};
use axum::response::Response;
use domain::directory::key_digits;
use domain::limits;
use engine::Ping;

/// `/heartbeats/{key}`, with nothing behind it or `start`, `fail`, `log`, or an exit code.
pub(super) async fn ping(app: &App, key: &str, what: Option<&str>, request: Request) -> Response {
    let ping = match what.map(|what| (what, what.parse::<u8>())) {
        None | Some((_, Ok(0))) => Ping::Well,
        Some(("start", _)) => Ping::Started,
        Some(("fail", _) | (_, Ok(_))) => Ping::Failed,
        Some(("log", _)) => Ping::Said,
        Some(_) => return refuse(app, Problem::unknown_path()),
    };
    match run_of(&request) {
        Ok(run) => answer(app, heard(app, key, (ping, run), request).await),
        Err(problem) => refuse(app, problem),
    }
}

/// The run of which the query says that it is meant.
fn run_of(request: &Request) -> Result<Option<String>, Problem> {
    let run = query_of(request.uri()).into_iter().find(|(name, _)| name == "rid").map(|(_, run)| run);
    match run.as_deref().map(key_digits) {
        None => Ok(None),
        Some(Some(digits)) => Ok(Some(digits)),
        Some(None) => Err(Problem::invalid(vec!["rid: must be a UUID".to_owned()])),
    }
}

async fn heard(app: &App, key: &str, (ping, run): (Ping, Option<String>), mut request: Request) -> Result<(), Problem> {
    let known = app.administration.heartbeat(key).await.map_err(failed)?.ok_or_else(Problem::unknown_path)?;
    *request.method_mut() = HttpMethod::POST;
    let body = Body::of(app, request, app.settings.body_bytes.max(limits::HEARTBEAT_BYTES)).await?;
    let body = String::from_utf8_lossy(&body.bytes).into_owned();
    let (organization, heartbeat) = known;
    match app.engine.ping(organization, heartbeat, ping, run, body).await.map_err(failed)? {
        true => Ok(()),
        false => Err(Problem::unknown_path()),
    }
}

fn answer(app: &App, heard: Result<(), Problem>) -> Response {
    match heard {
        Ok(()) => {
            let mut response = Response::new(HttpBody::from("OK"));
            *response.status_mut() = StatusCode::OK;
            let text = HeaderValue::from_static("text/plain; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, text);
            response
        }
        Err(problem) => refuse(app, problem),
    }
}

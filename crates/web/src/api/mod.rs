//! The operations as they are served: one way through the gate for all of them, then to the engine and back.

mod command;
mod probe;
mod read;

pub(crate) use probe::{healthz, metrics, readyz};

use crate::gate::{Bucket, Limit, Peer, Problem, address, caller, read_body, read_query};
use crate::operation::{Does, Method, Operation};
use crate::settings::Settings;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method as HttpMethod, header, request::Parts};
use axum::response::Response;
use engine::Engine;
use std::net::IpAddr;
use std::sync::Arc;

/// What every request is served with.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) engine: Engine,
    pub(crate) settings: Arc<Settings>,
    pub(crate) limit: Option<Arc<Limit>>,
}

/// A success: the body, and the next page where there is one.
pub(crate) struct Success {
    body: Vec<u8>,
    link: Option<String>,
}

impl Success {
    fn json(value: &impl serde::Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(|error| {
            tracing::error!(%error, "an answer could not be written");
            Problem::internal()
        })?;
        Ok(Self { body, link: None })
    }
}

/// Serves one request of an operation. `kind` is the variable part of the path, where it has one.
pub(crate) async fn operate(
    app: App,
    operation: &'static Operation,
    kind: Option<String>,
    request: Request,
) -> Response {
    let request_id = app.engine.ids().uuid();
    let mut bucket = None;
    let result = serve(&app, operation, kind, request, &mut bucket).await;
    let mut response = match result {
        Ok(success) => respond(success),
        Err(problem) => problem.respond(&request_id),
    };
    if let Some(bucket) = bucket {
        response.headers_mut().extend(bucket.headers());
    }
    with_request_id(response, &request_id)
}

/// Answers with a problem outside of any operation.
pub(crate) fn refuse(app: &App, problem: Problem) -> Response {
    let request_id = app.engine.ids().uuid();
    with_request_id(problem.respond(&request_id), &request_id)
}

fn respond(success: Success) -> Response {
    let mut response = Response::new(Body::from(success.body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(link) = success.link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

fn with_request_id(mut response: Response, request_id: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(request_id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

async fn serve(
    app: &App,
    operation: &'static Operation,
    kind: Option<String>,
    request: Request,
    bucket: &mut Option<Bucket>,
) -> Result<Success, Problem> {
    let (parts, body) = request.into_parts();
    if !takes(operation.method(), &parts.method) {
        return Err(Problem::method_not_allowed(operation.method()));
    }
    let from = from(&parts, &app.settings);
    let caller = caller(&app.engine, &parts.headers, from, operation.scope).await?;
    if let Some(limit) = &app.limit {
        *bucket = Some(limit.take(caller.key.id)?);
    }
    match (operation.does, operation.method()) {
        (Does::Read(reading), Method::Get) => {
            let query = pairs(parts.uri.query().unwrap_or_default());
            let fields = read_query(operation, &query)?;
            read::read(app, reading, &caller, &fields, kind.as_deref()).await
        }
        (Does::Read(reading), Method::Post) => {
            let bytes = receive(body, &app.settings).await?;
            let (fields, _) = read_body(operation, &bytes)?;
            read::read(app, reading, &caller, &fields, None).await
        }
        (Does::Command(verb), _) => {
            let bytes = receive(body, &app.settings).await?;
            let idempotency = command::idempotency(operation, &parts.headers, &bytes)?;
            let (fields, payload) = read_body(operation, &bytes)?;
            command::command(app, verb, &caller, &fields, payload, idempotency).await
        }
    }
}

fn takes(method: Method, asked: &HttpMethod) -> bool {
    match method {
        Method::Get => asked == HttpMethod::GET || asked == HttpMethod::HEAD,
        Method::Post => asked == HttpMethod::POST,
    }
}

fn from(parts: &Parts, settings: &Settings) -> Option<IpAddr> {
    let Peer(peer) = parts.extensions.get::<Peer>()?;
    Some(address(*peer, &parts.headers, &settings.trusted_proxies))
}

async fn receive(body: Body, settings: &Settings) -> Result<axum::body::Bytes, Problem> {
    let limit = settings.body_bytes;
    // A length that is told beforehand need not be waited for.
    if body.size_hint().lower() > limit as u64 {
        return Err(Problem::body_too_large(limit));
    }
    match tokio::time::timeout(settings.header, to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(if is_too_long(&error) { Problem::body_too_large(limit) } else { Problem::cut_off() }),
        Err(_) => Err(Problem::too_slow(settings.header.as_secs())),
    }
}

fn is_too_long(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The pairs of a query, percent-decoded.
fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

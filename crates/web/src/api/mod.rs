//! The operations as they are served: one way through the gate for all of them, then to the engine and back.

mod change;
mod command;
mod feed;
mod idempotency;
mod intake;
mod me;
mod on_call;
mod probe;
mod read;
mod try_out;

pub(crate) use feed::feed;
pub(crate) use probe::{healthz, metrics, readyz};

use crate::gate::{
    BodyRead, Bucket, Fields, Limit, Peer, Problem, Repair, address, caller, read_body, read_path, read_query, unpacked,
};
use crate::operation::{Code, Does, Method, Operation};
use crate::settings::Settings;
use ::intake::Reception;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use directory::Administration;
use engine::{Engine, Idempotency};
use idempotency::idempotency;
use notify::Notifier;
use serde_json::Value;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// What every request is served with.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) engine: Engine,
    pub(crate) notifier: Notifier,
    pub(crate) administration: Administration,
    pub(crate) settings: Arc<Settings>,
    pub(crate) limit: Option<Arc<Limit>>,
    /// Bodies that are large may be in work at the same time only so many.
    pub(crate) large_bodies: Arc<Semaphore>,
    /// Where what monitoring tools send is taken in.
    pub(crate) reception: Reception,
}

/// What a request asks, once it has passed the gate.
#[derive(Default)]
struct Asked {
    /// The fields of path, query and body.
    fields: Fields,
    /// The body as it came.
    payload: Value,
    /// How a repetition is known.
    idempotency: Option<Idempotency>,
}

/// A success: the body, and the next page where there is one.
pub(crate) struct Success {
    body: Vec<u8>,
    link: Option<String>,
}

impl Success {
    fn json(value: &impl serde::Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(Problem::internal)?;
        Ok(Self { body, link: None })
    }
}

/// Serves one request of an operation, whose method it has. `path` are the variable parts of the path.
pub(crate) async fn operate(
    app: App,
    operation: &'static Operation,
    path: Vec<(String, String)>,
    request: Request,
) -> Response {
    let request_id = app.engine.ids().uuid();
    let mut aside = Aside::default();
    let result = serve(&app, operation, &path, request, &mut aside).await;
    let mut response = match result {
        Ok(success) => respond(success),
        Err(problem) => problem.respond(&request_id),
    };
    response.headers_mut().extend(aside.bucket.into_iter().flat_map(Bucket::headers));
    if !aside.repairs.is_empty() {
        let words: Vec<_> = aside.repairs.iter().map(|repair| repair.words()).collect();
        tracing::info!(request_id, repairs = words.join(", "), "a body was repaired");
        response.headers_mut().extend(HeaderValue::from_str(&words.join(", ")).map(|words| (REPAIRS, words)));
    }
    with_request_id(response, &request_id)
}

/// What is told beside the answer, in its headers.
#[derive(Default)]
struct Aside {
    bucket: Option<Bucket>,
    repairs: Vec<Repair>,
}

/// Names what was done to the body so that it could be read.
const REPAIRS: HeaderName = HeaderName::from_static("reveille-repairs");

/// Answers with JSON outside of any operation.
pub(crate) fn respond_with(app: &App, body: String) -> Response {
    let request_id = app.engine.ids().uuid();
    with_request_id(respond(Success { body: body.into_bytes(), link: None }), &request_id)
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
    path: &[(String, String)],
    request: Request,
    aside: &mut Aside,
) -> Result<Success, Problem> {
    let (parts, body) = request.into_parts();
    if let Some((session, bucket)) = me::session(app, operation, &parts).await? {
        aside.bucket = bucket;
        return me::person(app, operation, &session).await;
    }
    let from = from(&parts.extensions, &parts.headers, &app.settings);
    let caller = caller(&app.administration, &parts.headers, from, operation.scope).await?;
    if let Some(limit) = &app.limit {
        aside.bucket = Some(limit.take(caller.key.id)?);
    }
    let path = read_path(operation, path)?;
    let asked = match operation.method {
        Method::Get => {
            let query = pairs(parts.uri.query().unwrap_or_default());
            Asked { fields: path.and(read_query(operation, &query)?), ..Asked::default() }
        }
        Method::Delete => Asked { fields: path, ..Asked::default() },
        Method::Post => {
            let limit = app.settings.body_bytes;
            let bytes = unpacked(&parts.headers, receive(body, &app.settings, limit).await?, limit)?;
            let idempotency = idempotency(operation, &parts.headers, &path, &bytes)?;
            let BodyRead { fields, raw, repairs } = read_body(operation, &bytes)?;
            aside.repairs = repairs;
            Asked { fields: path.and(fields), payload: raw, idempotency }
        }
    };
    let done = match operation.does {
        Does::Read(reading) => read::read(app, reading, &caller, &asked.fields).await,
        Does::Command(verb) => command::command(app, verb, &caller, asked).await,
        Does::Change(change) => change::change(app, change, &caller, asked).await,
    };
    if done.as_ref().is_err_and(|problem| problem.code == Code::RevokedKey) {
        app.administration.forget_key(caller.key.id);
    }
    done
}

/// The address that a request came from, as far as the configured proxies are believed.
pub(crate) fn from(extensions: &Extensions, headers: &HeaderMap, settings: &Settings) -> Option<IpAddr> {
    let Peer(peer) = extensions.get::<Peer>()?;
    Some(address(*peer, headers, &settings.trusted_proxies))
}

/// The body, whole, if it has at most `limit` bytes and is there in time.
pub(crate) async fn receive(body: Body, settings: &Settings, limit: usize) -> Result<axum::body::Bytes, Problem> {
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

//! The operations as they are served: one way through the gate for all of them, then to the engine and back.

mod address_read;
mod audit;
mod change;
mod command;
mod component;
mod cover;
mod directory;
mod feed;
mod fresh;
mod idempotency;
mod intake;
mod invitation;
mod key;
mod layer;
mod me;
mod on_call;
mod page;
mod paged;
mod person_part;
mod probe;
mod provider;
mod read;
mod rights;
mod test_alert;
mod told;
mod try_out;
mod try_rules;
mod wanted;

pub(crate) use feed::feed;
pub(crate) use page::{Wish, ask, order_of};
pub(crate) use probe::{healthz, metrics, readyz};
pub(crate) use provider::logout;

use crate::gate::{
    BodyRead, Bucket, Caller, Fields, Limit, Peer, Problem, Repair, address, caller, read_body, read_path, read_query,
    read_query_of, unpacked,
};
use crate::hub::Hub;
use crate::operation::{Code, Does, Method, Operation, Reading};
use crate::settings::Settings;
use ::directory::Administration;
use ::intake::Reception;
use address_read::AddressesOf;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use engine::{Engine, Idempotency};
use idempotency::idempotency;
use notify::Notifier;
use rights::{by_username, in_own_name, permitted};
use serde_json::Value;
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// What every request is served with. Cheap to clone, which is done some times for each request.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What an [`App`] is made of.
pub(crate) struct Parts {
    pub(crate) engine: Engine,
    pub(crate) notifier: Notifier,
    pub(crate) administration: Administration,
    pub(crate) settings: Arc<Settings>,
    pub(crate) limit: Option<Arc<Limit>>,
    /// Bodies that are large may be in work at the same time only so many.
    pub(crate) large_bodies: Arc<Semaphore>,
    /// Where what monitoring tools send is taken in.
    pub(crate) reception: Reception,
    /// Pages that are open.
    pub(crate) hub: Hub,
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
    /// What it says beside, in its headers.
    headers: HeaderMap,
}

const JSON: &str = "application/json";

/// A success: the body and its form, and the next page where there is one.
pub(crate) struct Success {
    body: Vec<u8>,
    media_type: &'static str,
    link: Option<String>,
    /// The version of the component that it tells.
    version: Option<i64>,
    status: StatusCode,
}

impl Success {
    fn json(value: &impl serde::Serialize) -> Result<Self, Problem> {
        Ok(Self::of(serde_json::to_vec(value).map_err(Problem::internal)?))
    }

    fn of(body: Vec<u8>) -> Self {
        Self { body, media_type: JSON, link: None, version: None, status: StatusCode::OK }
    }

    /// The JSON that is answered.
    pub(crate) fn value(&self) -> Result<Value, Problem> {
        serde_json::from_slice(&self.body).map_err(Problem::internal)
    }

    /// Where the next page begins, as its link says it by `after`.
    pub(crate) fn next_after(&self) -> Option<String> {
        let (_, query) = self.link.as_deref()?.split_once('?')?;
        let (query, _) = query.split_once('>')?;
        pairs(query).into_iter().find(|(name, _)| name == "after").map(|(_, value)| value)
    }

    /// What the caller has already is what there is.
    fn not_modified(version: i64) -> Self {
        Self { version: Some(version), status: StatusCode::NOT_MODIFIED, ..Self::of(Vec::new()) }
    }

    /// A text of this form.
    fn text(media_type: &'static str, text: String, link: Option<String>) -> Self {
        Self { media_type, link, ..Self::of(text.into_bytes()) }
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
    let result = serve(&app, operation, &path, request, &request_id, &mut aside).await;
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
    with_request_id(respond(Success::of(body.into_bytes())), &request_id)
}

/// Answers with a problem outside of any operation.
pub(crate) fn refuse(app: &App, problem: Problem) -> Response {
    let request_id = app.engine.ids().uuid();
    with_request_id(problem.respond(&request_id), &request_id)
}

fn respond(success: Success) -> Response {
    let mut response = Response::new(Body::from(success.body));
    *response.status_mut() = success.status;
    if let Some(tag) = success.version.and_then(|version| HeaderValue::from_str(&format!("\"{version}\"")).ok()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(success.media_type));
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
    request_id: &str,
    aside: &mut Aside,
) -> Result<Success, Problem> {
    let (parts, body) = request.into_parts();
    let from = from(&parts.extensions, &parts.headers, &app.settings);
    let mut caller = match me::session(app, operation, &parts).await? {
        Some(session) => me::signed_in(session, &parts.headers, from),
        None => caller(&app.administration, &parts.headers, from, operation.does.action()).await?,
    };
    caller.origin.request_id = Some(request_id.to_owned());
    if let Some(limit) = &app.limit {
        aside.bucket = Some(limit.take(caller.bucket())?);
    }
    let path = read_path(operation, path)?;
    let asked = match operation.method {
        Method::Get => {
            let query = pairs(parts.uri.query().unwrap_or_default());
            Asked { fields: path.and(read_query(operation, &query)?), ..Asked::default() }
        }
        Method::Delete => {
            let query = parts.uri.query().unwrap_or_default();
            let idempotency = idempotency(operation, &parts.headers, &path, query.as_bytes())?;
            Asked { fields: path.and(read_query_of(operation, &pairs(query))?), idempotency, ..Asked::default() }
        }
        Method::Post | Method::Put | Method::Patch => {
            let limit = app.settings.body_bytes;
            let bytes = unpacked(&parts.headers, receive(body, &app.settings, limit).await?, limit)?;
            let idempotency = idempotency(operation, &parts.headers, &path, &bytes)?;
            let BodyRead { fields, raw, repairs } = read_body(operation, &bytes)?;
            aside.repairs = repairs;
            change::known_words(operation, &raw)?;
            let query = read_query_of(operation, &pairs(parts.uri.query().unwrap_or_default()))?;
            Asked { fields: path.and(query).and(fields), payload: raw, idempotency, ..Asked::default() }
        }
    };
    let fields = in_own_name(operation, &caller, asked.fields)?;
    let fields = by_username(app, operation, &caller, fields).await?;
    let asked = Asked { fields, headers: parts.headers, ..asked };
    permitted(app, operation, &caller, &asked).await?;
    dispatch(app, operation, &caller, asked).await
}

/// Does what is asked, by whoever may.
async fn dispatch(app: &App, operation: &'static Operation, caller: &Caller, asked: Asked) -> Result<Success, Problem> {
    let addresses = AddressesOf::read_by(caller, operation, &asked);
    // Boxed, so that what is asked most, a command, is not as large as the largest of the others wherever it is moved.
    let done = match operation.does {
        Does::Read(Reading::FilePlan) => Box::pin(directory::file_plan(app, caller, &asked)).await,
        Does::Read(Reading::Provider) => Box::pin(provider::provider(app, caller, &asked.fields, &asked.headers)).await,
        Does::Read(reading @ (Reading::Layers | Reading::Layer | Reading::Exceptions | Reading::Exception)) => {
            Box::pin(layer::read(app, reading, caller, &asked)).await
        }
        Does::Read(reading) => Box::pin(read::read(app, reading, caller, &asked.fields)).await,
        Does::Command(verb) => command::command(app, verb, caller, asked).await,
        Does::Change(change) => Box::pin(change::change(app, change, caller, asked)).await,
        Does::Component(act, kind) => Box::pin(component::component(app, operation, (act, kind), caller, asked)).await,
    };
    if let Some(key) = caller.key()
        && done.as_ref().is_err_and(|problem| problem.code == Code::RevokedKey)
    {
        app.administration.forget_key(key.id);
    }
    if let Some(addresses) = addresses.filter(|_| done.is_ok()) {
        addresses.note(app, caller);
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

//! From a request to what became of its alerts.

use super::key::{integration, shown};
use crate::api::{App, receive};
use crate::gate::{Problem, failed, unpacked};
use crate::operation::{Code, Method};
use ::intake::NotTaken;
use axum::body::{Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderMap, Method as HttpMethod, Uri, header};
use directory::KnownIntegration;
use domain::intake::{Delivery, SenderKind, Unreadable};
use domain::{Instant, limits};
use engine::{Incoming, Taken};
use senders::{Input, Options};
use tokio::sync::OwnedSemaphorePermit;

/// Bytes above which a body is read by a thread of its own, and only so many at a time.
const LARGE_BYTES: usize = 1024 * 1024;
/// Seconds after which a sender may try again.
const RETRY_AFTER_SECONDS: u64 = 5;

/// By what path a body came.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// That of a kind.
    Kind(SenderKind),
    /// That to which Prometheus posts alerts.
    Prometheus,
}

/// A body, with what came beside it.
pub(super) struct Body {
    headers: Vec<(String, String)>,
    query: Vec<(String, String)>,
    pub(super) bytes: Bytes,
    /// The key that it shows beside its path.
    pub(super) shown_key: Option<String>,
    /// Its place among the large ones, if it may be large.
    place: Option<OwnedSemaphorePermit>,
}

impl Body {
    /// Receives the body of a request, at most `limit` bytes.
    ///
    /// # Errors
    /// The problem to answer with.
    pub(super) async fn of(app: &App, request: Request, limit: usize) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        if parts.method != HttpMethod::POST && parts.method != HttpMethod::PUT {
            return Err(Problem::method_not_allowed(&[Method::Post]));
        }
        // What is packed, or of unknown length, may be large.
        let is_large = body.size_hint().exact().is_none_or(|bytes| bytes > LARGE_BYTES as u64);
        let is_packed = parts.headers.contains_key(header::CONTENT_ENCODING);
        let place = (is_large || is_packed).then(|| app.large_bodies.clone().try_acquire_owned());
        let place = place.transpose().map_err(|_| Problem::busy(RETRY_AFTER_SECONDS, "too many large bodies"))?;
        let bytes = receive(body, &app.settings, limit).await?;
        let bytes = unpacked(&parts.headers, bytes, limit)?;
        let query = query_of(&parts.uri);
        let shown_key = shown(&parts.headers, &query);
        Ok(Self { headers: texts(&parts.headers), query, bytes, shown_key, place })
    }

    fn read(&self, form: Form, known: &KnownIntegration, now: Instant) -> Result<Delivery, Unreadable> {
        let options = Options {
            per_group: known.integration.per_group,
            tests_open: known.integration.tests_open,
            mail: known.integration.mail.as_ref(),
        };
        let content_type = self.headers.iter().find(|(name, _)| name == "content-type");
        let content_type = content_type.map(|(_, value)| value.as_str());
        let input = Input { headers: &self.headers, query: &self.query, content_type, body: &self.bytes };
        match (form, &known.reading.mapping) {
            (Form::Kind(SenderKind::Generic), Some(mapping)) => senders::read_mapped(&input, mapping),
            (Form::Kind(kind), _) => senders::read(kind, &input, &options),
            (Form::Prometheus, _) => senders::read_prometheus(&input, &options, now).map(|mut read| {
                read.received.iter_mut().for_each(|received| received.expires_at = senders::ends_at(received));
                read
            }),
        }
    }
}

/// The key that a request shows beside its path.
pub(super) fn shown_by(request: &Request) -> Option<String> {
    shown(request.headers(), &query_of(request.uri()))
}

pub(super) fn query_of(uri: &Uri) -> Vec<(String, String)> {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect()
}

/// Takes in the body of a request to an integration's own path.
///
/// # Errors
/// The problem to answer with.
pub(super) async fn received(
    app: &App,
    form: Form,
    key: Option<&str>,
    request: Request,
) -> Result<Vec<Taken>, Problem> {
    // Of a stranger nothing is read.
    let key = key.map(str::to_owned).or_else(|| shown_by(&request));
    let known = integration(app, &key.ok_or_else(Problem::unknown_integration_key)?).await?;
    let body = Body::of(app, request, limits::INTAKE_BYTES).await?;
    let (now, reading, is_large) = (app.engine.now(), known.clone(), body.place.is_some());
    let read = move || {
        let read = body.read(form, &reading, now);
        (read, body)
    };
    // What is large would hold up all others that this thread serves.
    let (read, body) = match is_large {
        true => tokio::task::spawn_blocking(read).await.map_err(Problem::internal)?,
        false => read(),
    };
    let remark = match form {
        Form::Kind(kind) if kind != known.integration.kind => {
            let (path, own) = (kind.word(), known.integration.kind.word());
            Some(format!("kind_differs: the path says {path}, the integration is {own}"))
        }
        _ => None,
    };
    take(app, &known, read, &body, remark).await
}

/// Takes in what was read of a body.
///
/// # Errors
/// The problem to answer with.
pub(super) async fn take(
    app: &App,
    known: &KnownIntegration,
    read: Result<Delivery, Unreadable>,
    body: &Body,
    remark: Option<String>,
) -> Result<Vec<Taken>, Problem> {
    app.reception.take(known, read, &body.bytes, remark).await.map_err(not_taken)
}

/// Keeps a body of which nothing could be made.
///
/// # Errors
/// The problem to answer with.
pub(super) async fn keep_unreadable(
    app: &App,
    known: &KnownIntegration,
    body: &Body,
    reason: &str,
) -> Result<(), Problem> {
    app.reception.keep_unreadable(known, &body.bytes, reason).await.map_err(failed)
}

/// Takes in alerts that have their ids.
///
/// # Errors
/// The problem to answer with.
pub(super) async fn take_alerts(
    app: &App,
    known: &KnownIntegration,
    alerts: Vec<Incoming>,
    body: &Body,
) -> Result<Vec<Taken>, Problem> {
    app.reception.take_alerts(known, alerts, &body.bytes).await.map_err(not_taken)
}

fn not_taken(reason: NotTaken) -> Problem {
    match reason {
        NotTaken::Unreadable(reason) => Problem::new(Code::MalformedJson, format!("body: {reason}")),
        NotTaken::TooMany => {
            Problem::new(Code::BodyTooLarge, format!("body: at most {} alerts", limits::INTAKE_ALERTS))
        }
        NotTaken::Gone => Problem::unknown_integration_key(),
        NotTaken::Failed(failure) => failed(failure),
    }
}

fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    headers.iter().filter_map(text).collect()
}

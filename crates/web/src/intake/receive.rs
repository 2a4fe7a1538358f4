//! From a request to what became of its alerts.

use super::key::{Shown, integration, query_of};
use super::mask::masked;
use super::sns;
use crate::api::{App, receive};
use crate::gate::{Problem, failed, unpacked};
use crate::operation::{Code, Method};
use axum::body::{Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderMap, Method as HttpMethod, header};
use directory::KnownIntegration;
use domain::directory::Integration;
use domain::intake::{Delivery, SenderKind, Unreadable};
use domain::{Instant, RefId, limits};
use engine::{Incoming, Intake, Taken, short_digest};
use senders::{Input, Options};
use serde_json::Value;
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
    /// Who sends, as far as the head of the request shows it.
    pub(super) shown: Shown,
    /// Its place among the large ones, if it may be large.
    place: Option<OwnedSemaphorePermit>,
}

impl Body {
    /// Receives the body of a request, at most `limit` bytes.
    ///
    /// # Errors
    /// The problem to answer with.
    pub(super) async fn of(app: &App, request: Request, limit: usize) -> Result<Self, Problem> {
        let shown = Shown::by(app, &request);
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
        Ok(Self { headers: texts(&parts.headers), query, bytes, shown, place })
    }

    /// What came over HTTP, as readers take it.
    fn input(&self) -> Input<'_> {
        let content_type = self.headers.iter().find(|(name, _)| name == "content-type");
        let content_type = content_type.map(|(_, value)| value.as_str());
        Input { headers: &self.headers, query: &self.query, content_type, body: &self.bytes }
    }

    /// Whether it is the sender's own, where the integration has a secret to tell it by. How it is signed follows from
    /// what the integration is, by whatever path it came.
    ///
    /// # Errors
    /// The problem to answer with; of what is refused nothing is kept.
    pub(super) async fn signed(&self, app: &App, known: &KnownIntegration) -> Result<(), Problem> {
        let Integration { kind, secret, name, .. } = &known.integration;
        let judged = match (secret, known.integration.sns()) {
            (_, Some(sns)) => sns::admitted(app, known, &sns, &self.bytes).await,
            (Some(secret), None) => {
                let signed = senders::signed(*kind, secret.reveal(), &self.input(), app.engine.now());
                signed.map_err(Problem::from)
            }
            (None, None) => Ok(()),
        };
        judged.inspect_err(|problem| {
            let (from, reason) = (self.shown.from, problem.errors.join(", "));
            tracing::info!(integration = name, ?from, reason, "a body is not taken as its sender's");
        })
    }

    fn read(&self, form: Form, known: &KnownIntegration, now: Instant) -> Result<Delivery, Unreadable> {
        let integration = &known.integration;
        let options = Options {
            per_group: integration.per_group,
            tests_open: integration.tests_open,
            insufficient_data_opens: integration.sns().is_some_and(|sns| sns.insufficient_data_opens),
        };
        match form {
            Form::Kind(kind) => senders::read(kind, &self.input(), &options),
            Form::Prometheus => senders::read_prometheus(&self.input(), &options, now).map(|mut read| {
                read.received.iter_mut().for_each(|received| received.expires_at = senders::ends_at(received));
                read
            }),
        }
    }
}

/// Takes in the body of a request to an integration's own path.
///
/// # Errors
/// The problem to answer with.
pub(super) async fn received(
    app: &App,
    form: Form,
    key: Option<&str>,
    mut request: Request,
) -> Result<Vec<Taken>, Problem> {
    // Of a stranger nothing is read.
    let known = integration(app, &Shown::by(app, &request).with(key)).await?;
    if request.method() == HttpMethod::GET && known.integration.accept_get {
        *request.method_mut() = HttpMethod::POST;
    }
    let body = Body::of(app, request, limits::INTAKE_BYTES).await?;
    body.signed(app, &known).await?;
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
    match read {
        Ok(Delivery { event_id, received }) => {
            let alerts = received.into_iter().map(|received| {
                let id = RefId(app.engine.ids().timed_ref_id(app.engine.now()));
                Incoming { id, problem: None, received }
            });
            take_alerts(app, known, (event_id, alerts.collect()), body, remark).await
        }
        Err(Unreadable(reason)) => {
            keep_unreadable(app, known, body, &reason).await?;
            Err(Problem::new(Code::MalformedJson, format!("body: {reason}")))
        }
    }
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
    let (kept, integration) = (kept(&body.bytes, None), known.ref_id.clone());
    app.engine.keep_unreadable(known.organization, integration, kept, reason.to_owned()).await.map_err(failed)
}

/// Takes in alerts that have their ids.
///
/// # Errors
/// The problem to answer with.
pub(super) async fn take_alerts(
    app: &App,
    known: &KnownIntegration,
    (event_id, mut alerts): (Option<String>, Vec<Incoming>),
    body: &Body,
    remark: Option<String>,
) -> Result<Vec<Taken>, Problem> {
    if alerts.len() > limits::INTAKE_ALERTS {
        return Err(Problem::too_many_alerts());
    }
    let renewed = known.key_ends_at.map(|at| format!("the key counts until {}; a newer one was made", at.wire()));
    let remarks: Vec<_> = remark.into_iter().chain(renewed).collect();
    for alert in &mut alerts {
        alert.received.repairs.extend(remarks.iter().cloned());
    }
    let intake = Intake {
        organization: known.organization,
        integration: known.ref_id.clone(),
        event_id,
        body_digest: short_digest(&String::from_utf8_lossy(&body.bytes)),
        body: match app.sample.keeps(&known.ref_id, app.engine.now()) {
            true => kept(&body.bytes, alerts.first().map(|alert| &alert.received.payload)),
            false => String::new(),
        },
        alerts,
    };
    let taken = app.engine.take_in(intake).await.map_err(failed)?.ok_or_else(Problem::unknown_integration_key)?;
    let first = taken.first().map(|taken| taken.judged.fate.word());
    tracing::debug!(integration = known.integration.name, alerts = taken.len(), first, "alerts were taken in");
    Ok(taken)
}

/// What is kept of a body for whoever sets up the sender. Of a long one, only its first alert is.
fn kept(bytes: &[u8], first: Option<&Value>) -> String {
    let is_long = bytes.len() > limits::PAYLOAD_BYTES;
    let value = if is_long { first.cloned() } else { senders::json(bytes).ok().map(|(value, _)| value) };
    let text = match value {
        Some(mut value) => {
            masked(&mut value);
            value.to_string()
        }
        None => String::from_utf8_lossy(&bytes[..bytes.len().min(limits::PAYLOAD_BYTES)]).replace('\0', "\u{fffd}"),
    };
    text[..text.floor_char_boundary(limits::PAYLOAD_BYTES)].to_owned()
}

fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    headers.iter().filter_map(text).collect()
}

impl Problem {
    fn too_many_alerts() -> Self {
        Self::new(Code::BodyTooLarge, format!("body: at most {} alerts", limits::INTAKE_ALERTS))
    }
}

//! From a request to what became of its alerts.

use super::key::{Shown, integration, is_key, query_of, turned_away};
use super::sns;
use crate::api::{App, receive};
use crate::gate::{Problem, failed, unpacked};
use crate::operation::{Code, Method};
use ::intake::NotTaken;
use axum::body::{Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderMap, Method as HttpMethod, header};
use directory::{KnownIntegration, TurnedAwayFor};
use domain::directory::Integration;
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

impl Form {
    /// Whether even a small body may take its time: a mail is taken apart and decoded.
    fn is_slow(self) -> bool {
        matches!(self, Self::Kind(SenderKind::Email))
    }
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
        let Integration { kind, secret, name, .. } = known.integration.as_ref();
        let judged = match (secret, known.integration.sns()) {
            (_, Some(sns)) => sns::admitted(app, known, &sns, &self.bytes).await,
            (Some(secret), None) => {
                let signed = senders::signed(*kind, secret.reveal(), &self.input(), app.engine.now());
                signed.map_err(Problem::from)
            }
            (None, None) => Ok(()),
        };
        judged.inspect_err(|problem| {
            turned_away(app, known, TurnedAwayFor::Signature, &self.shown);
            let (from, reason) = (self.shown.from, problem.errors.join(", "));
            tracing::info!(integration = name, ?from, reason, "a body is not taken as its sender's");
        })
    }

    /// Without a body, what the query says stands for it, but for the key: so that two that say something else are not taken
    /// for one that is repeated.
    fn say_query(&mut self) {
        if !self.bytes.trim_ascii().is_empty() {
            return;
        }
        let said = self.query.iter().filter(|(name, _)| !is_key(name));
        self.bytes = form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish().into();
    }

    fn read(&self, form: Form, known: &KnownIntegration, now: Instant) -> Result<Delivery, Unreadable> {
        let integration = &known.integration;
        let options = Options {
            per_group: integration.per_group,
            tests_open: integration.tests_open,
            mail: known.reading.mail.as_ref(),
            insufficient_data_opens: integration.sns().is_some_and(|sns| sns.insufficient_data_opens),
        };
        match (form, &known.reading.mapping) {
            (Form::Kind(SenderKind::Generic), Some(mapping)) => senders::read_mapped(&self.input(), mapping),
            (Form::Kind(kind), _) => senders::read(kind, &self.input(), &options),
            (Form::Prometheus, _) => senders::read_prometheus(&self.input(), &options, now).map(|mut read| {
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
    let is_get = request.method() == HttpMethod::GET;
    let known = match integration(app, &Shown::by(app, &request).with(key)).await {
        // Where no integration says that a GET is taken, none is, whoever asks.
        Err(_) if is_get => return Err(Problem::method_not_allowed(&[Method::Post])),
        known => known?,
    };
    if is_get && known.integration.accept_get {
        *request.method_mut() = HttpMethod::POST;
    }
    let shown = Shown::by(app, &request);
    let mut body = Body::of(app, request, limits::INTAKE_BYTES).await.inspect_err(|problem| {
        if problem.code == Code::BodyTooLarge {
            turned_away(app, &known, TurnedAwayFor::TooLarge, &shown);
        }
    })?;
    body.signed(app, &known).await?;
    if known.integration.kind.may_get() {
        body.say_query();
    }
    // Templates may take their time as well.
    let is_slow = body.place.is_some() || form.is_slow() || known.reading.mapping.is_some();
    let (now, reading) = (app.engine.now(), known.clone());
    let read = move || {
        let read = body.read(form, &reading, now);
        (read, body)
    };
    // What is slow would hold up all others that this thread serves.
    let (read, body) = match is_slow {
        true => tokio::task::spawn_blocking(read).await.map_err(Problem::internal)?,
        false => read(),
    };
    let remark = match form {
        Form::Kind(kind) => kind_differs(kind, &known),
        Form::Prometheus => None,
    };
    take(app, &known, read, &body, remark).await
}

/// What is said of alerts that came by the path of one kind with the key of another: they are read by the path.
pub(super) fn kind_differs(path: SenderKind, known: &KnownIntegration) -> Option<String> {
    let own = known.integration.kind;
    (path != own).then(|| format!("kind_differs: the path says {}, the integration is {}", path.word(), own.word()))
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
    let taken = app.reception.take(known, read, &body.bytes, remark).await;
    taken.inspect_err(|reason| count(app, known, body, reason)).map_err(not_taken)
}

/// Counts a body that was refused.
fn count(app: &App, known: &KnownIntegration, body: &Body, reason: &NotTaken) {
    let why = match reason {
        NotTaken::Unreadable(_) => TurnedAwayFor::Unreadable,
        NotTaken::TooMany => TurnedAwayFor::TooLarge,
        NotTaken::Gone | NotTaken::Failed(_) => return,
    };
    turned_away(app, known, why, &body.shown);
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
    turned_away(app, known, TurnedAwayFor::Unreadable, &body.shown);
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
    remark: Option<String>,
) -> Result<Vec<Taken>, Problem> {
    let taken = app.reception.take_alerts(known, alerts, &body.bytes, remark).await;
    taken.inspect_err(|reason| count(app, known, body, reason)).map_err(not_taken)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_a_small_mail_holds_up_nobody_who_is_served_by_the_same_thread() {
        assert!(Form::Kind(SenderKind::Email).is_slow());
        assert!(!Form::Kind(SenderKind::Generic).is_slow() && !Form::Prometheus.is_slow(), "most need no thread");
    }
}

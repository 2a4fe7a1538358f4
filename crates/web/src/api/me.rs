//! Operations about who asks. Outside the console they are the only ones for which a session counts, since they change and
//! tell nothing but of whose it is.

use super::{App, Success};
use crate::gate::{Caller, Cookie, Fields, Problem, Shown, Site, failed};
use crate::operation::{Code, Operation};
use crate::view;
use axum::http::HeaderMap;
use axum::http::header;
use axum::http::request::Parts;
use directory::audit::Way;
use directory::{Session, Visitor};
use domain::RefId;
use engine::Origin;
use std::net::IpAddr;
use std::sync::Arc;

/// The session by which a request asks for an operation; nothing where the operation wants a key, or one is shown, or no
/// session is.
pub(super) async fn session(app: &App, operation: &Operation, parts: &Parts) -> Result<Option<Session>, Problem> {
    if !operation.does.takes_session() || parts.headers.contains_key(header::AUTHORIZATION) {
        return Ok(None);
    }
    let Some(site) = Site::of(app.notifier.public_url(), &parts.headers, &parts.uri) else { return Ok(None) };
    let Some(token) = site.cookie(Cookie::Session, &parts.headers) else { return Ok(None) };
    if !site.is_own(&parts.method, &parts.headers) {
        return Err(Problem::cross_site());
    }
    let session = app.administration.session(&token).await.map_err(failed)?;
    session.map(Some).ok_or_else(|| Problem::new(Code::SignedOut, "session: is over, was ended, or never was"))
}

/// Whoever is signed in, as a caller from this address.
pub(super) fn signed_in(session: Session, headers: &HeaderMap, address: Option<IpAddr>) -> Caller {
    let agent = headers.get(header::USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()).into_owned());
    let address = address.map(|address| address.to_string());
    Caller::signed_in(Arc::new(session), Origin { request_id: None, address, user_agent: agent })
}

/// Tells a caller what it is.
pub(super) async fn caller(app: &App, caller: &Caller) -> Result<Success, Problem> {
    let name = organization(app, caller).await?;
    match &caller.shown {
        Shown::Key(key) => Success::json(&view::administration::me::key(key, &name)),
        Shown::Token(key, person) => Success::json(&view::administration::me::token(key, person)),
        Shown::Session(session) => Success::json(&view::administration::me::person(session)),
    }
}

/// The sessions of whoever asks; a key has none.
pub(super) async fn sessions(app: &App, caller: &Caller) -> Result<Success, Problem> {
    organization(app, caller).await?;
    let Some(person) = caller.person() else { return Success::json(&[(); 0]) };
    let sessions = app.administration.sessions(person, this(caller)).await.map_err(failed)?;
    Success::json(&sessions.iter().map(view::administration::me::session).collect::<Vec<_>>())
}

/// Ends the sessions of whoever asks, but the one that asks.
pub(super) async fn end_sessions(app: &App, caller: &Caller) -> Result<Success, Problem> {
    organization(app, caller).await?;
    if let Some(person) = caller.person() {
        let visitor = visitor(caller);
        app.administration.end_other_sessions(person, this(caller), &visitor).await.map_err(failed)?;
    }
    Success::json(&"Success")
}

/// Ends one session of whoever asks.
pub(super) async fn end_session(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    organization(app, caller).await?;
    let id = fields.required_text("session_ref_id");
    let unknown = || Problem::new(Code::UnknownSession, format!("session_ref_id: you have no session `{id}`"));
    let person = caller.person().ok_or_else(unknown)?;
    let visitor = visitor(caller);
    let ended = app.administration.end_session(person, this(caller), RefId(id.clone()), &visitor);
    if ended.await.map_err(failed)? { Success::json(&"Success") } else { Err(unknown()) }
}

fn this(caller: &Caller) -> Option<&Session> {
    match &caller.shown {
        Shown::Session(session) => Some(session),
        Shown::Key(_) | Shown::Token(..) => None,
    }
}

fn visitor(caller: &Caller) -> Visitor {
    let address = caller.origin.address.as_ref().and_then(|address| address.parse().ok());
    let agent = caller.origin.user_agent.clone().unwrap_or_default();
    Visitor { address, agent, device: None, session: None, way: Way::Api }
}

/// The name of the organization, for which the caller may still speak.
pub(super) async fn organization(app: &App, caller: &Caller) -> Result<String, Problem> {
    let snapshot = app.engine.directory(caller.reader()).await.map_err(failed)?;
    Ok(snapshot.directory.name.clone())
}

//! Operations about who asks. Outside the console they are the only ones for which a session counts, since they change and
//! tell nothing but of whose it is.

use super::{App, Success, from};
use crate::gate::{Bucket, Caller, Cookie, Problem, Shown, Site, failed};
use crate::operation::{Change, Code, Does, Operation, Reading};
use crate::view;
use axum::http::header;
use axum::http::request::Parts;
use directory::audit::Way;
use directory::{Session, Visitor};

/// The session by which a request asks for an operation, with what is left in its bucket; nothing where the operation wants a
/// key, or one is shown, or no session is.
pub(super) async fn session(
    app: &App,
    operation: &Operation,
    parts: &Parts,
) -> Result<Option<(Session, Option<Bucket>)>, Problem> {
    if !operation.does.takes_session() || parts.headers.contains_key(header::AUTHORIZATION) {
        return Ok(None);
    }
    let Some(site) = Site::of(app.notifier.public_url(), &parts.headers, &parts.uri) else { return Ok(None) };
    let Some(token) = site.cookie(Cookie::Session, &parts.headers) else { return Ok(None) };
    if !site.is_own(&parts.method, &parts.headers) {
        return Err(Problem::cross_site());
    }
    let session = app.administration.session(&token).await.map_err(failed)?;
    let session = session.ok_or_else(|| Problem::new(Code::SignedOut, "session: is over, was ended, or never was"))?;
    let bucket = app.limit.as_ref().map(|limit| limit.take(session.bucket())).transpose()?;
    Ok(Some((session, bucket)))
}

/// Answers a person.
pub(super) async fn person(
    app: &App,
    operation: &Operation,
    session: &Session,
    parts: &Parts,
) -> Result<Success, Problem> {
    match operation.does {
        Does::Read(Reading::Sessions) => {
            let sessions = app.administration.sessions(session).await.map_err(failed)?;
            Success::json(&sessions.iter().map(view::administration::me::session).collect::<Vec<_>>())
        }
        Does::Change(Change::EndSessions) => {
            let agent = parts.headers.get(header::USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
            let visitor = Visitor {
                address: from(&parts.extensions, &parts.headers, &app.settings),
                agent: agent.map(|agent| agent.into_owned()).unwrap_or_default(),
                device: None,
                session: None,
                way: Way::Api,
            };
            app.administration.end_other_sessions(session, &visitor).await.map_err(failed)?;
            Success::json(&"Success")
        }
        _ => Success::json(&view::administration::me::person(session)),
    }
}

/// Tells a caller what it is.
pub(super) async fn caller(app: &App, caller: &Caller) -> Result<Success, Problem> {
    let name = organization(app, caller).await?;
    match &caller.shown {
        Shown::Key(key) => Success::json(&view::administration::me::key(key, &name)),
        Shown::Session(session) => Success::json(&view::administration::me::person(session)),
    }
}

/// The name of the organization, for which the caller may still speak.
pub(super) async fn organization(app: &App, caller: &Caller) -> Result<String, Problem> {
    let snapshot = app.engine.directory(caller.reader()).await.map_err(failed)?;
    Ok(snapshot.directory.name.clone())
}

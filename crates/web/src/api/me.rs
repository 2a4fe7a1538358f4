//! Operations about who asks. Outside the console they are nearly the only ones for which a session counts, since they change
//! and tell nothing but of whose it is.

use super::feed::give;
use super::page::{Wish, order_of};
use super::{App, Success, key};
use crate::gate::{Caller, Cookie, Fields, Problem, Shown, Site, failed, period};
use crate::operation::{Change, Code, Operation};
use crate::view;
use axum::http::HeaderMap;
use axum::http::header;
use axum::http::request::Parts;
use directory::audit::Way;
use directory::{FeedOf, Person, Session, Visitor};
use domain::incident::Routing;
use domain::notification::channels_for;
use domain::permission::Action;
use domain::{RefId, Urgency, Username, limits};
use engine::{Asker, Origin, Request};
use serde_json::json;
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
    let session = session.ok_or_else(|| Problem::new(Code::SignedOut, "session: is over, was ended, or never was"))?;
    if session.lacks_factor && operation.does.action() != Action::Read {
        return Err(Problem::new(Code::SecondFactorNeeded, "session: set up a second factor or a passkey first"));
    }
    Ok(Some(session))
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
async fn end_sessions(app: &App, caller: &Caller) -> Result<Success, Problem> {
    organization(app, caller).await?;
    if let Some(person) = caller.person() {
        let visitor = visitor(caller);
        app.administration.end_other_sessions(person, this(caller), &visitor).await.map_err(failed)?;
    }
    Success::json(&"Success")
}

/// Ends one session of whoever asks.
async fn end_session(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
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

/// The person who asks.
///
/// # Errors
/// `not_allowed`, where a key of the organization asks, which is nobody.
pub(super) fn person(caller: &Caller) -> Result<&Person, Problem> {
    let nobody = || Problem::new(Code::NotAllowed, "authorization: a key of the organization is nobody; use a token");
    caller.person().ok_or_else(nobody)
}

/// When whoever asks is on call.
pub(super) async fn shifts(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let period = period(fields, app.engine.now())?;
    organization(app, caller).await?;
    let Some(person) = caller.person() else { return Success::json(&[(); 0]) };
    let shifts = app.administration.shifts(caller.reader(), person.username.clone(), period).await.map_err(failed)?;
    Success::json(&shifts.iter().map(view::administration::me::shift).collect::<Vec<_>>())
}

/// Has somebody take the shifts of whoever asks.
async fn away(app: &App, caller: &Caller, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let (person, period) = (person(caller)?, period(fields, app.engine.now())?);
    let stand_in = fields.text("in").map(Username::from);
    if stand_in.as_ref() == Some(&person.username) {
        return Err(Problem::invalid(vec!["in: must be somebody else".to_owned()]));
    }
    let away = app.administration.be_away(asker, person.username.clone(), stand_in, period).await.map_err(failed)?;
    let uncovered: Vec<_> = away.uncovered.iter().map(view::administration::me::shift).collect();
    let swaps: Vec<_> = away.swaps.iter().map(view::swap::swap).collect();
    Success::json(&json!({"swaps": swaps, "uncovered": uncovered}))
}

/// Whoever asks, where a page of this urgency reaches them: one that reaches nobody goes on to others.
///
/// # Errors
/// `not_allowed` for a key of the organization, `invalid_fields` where nothing reaches them.
async fn reached<'a>(app: &App, caller: &'a Caller, fields: &Fields) -> Result<&'a Person, Problem> {
    let person = person(caller)?;
    let snapshot = app.engine.directory(caller.reader()).await.map_err(failed)?;
    let urgency = fields.number("urgency_level").and_then(|number| Urgency::try_from(number).ok());
    let channels = channels_for(&snapshot.directory, &person.username, urgency.unwrap_or(Urgency::High));
    if channels.is_empty() {
        let nothing = "test-page: none of your contacts is proved, so it would go to others";
        return Err(Problem::invalid(vec![nothing.to_owned()]));
    }
    Ok(person)
}

/// Pages whoever asks.
async fn test_page(app: &App, caller: &Caller, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let person = reached(app, caller, fields).await?;
    if !app.administration.count_test_page(person.organization, &person.ref_id).await.map_err(failed)? {
        let limit = limits::TEST_PAGES_AN_HOUR;
        return Err(Problem::new(Code::TooMany, format!("test-page: at most {limit} an hour are sent")));
    }
    let mut wish = Wish::default();
    let body = [
        ("title", json!(format!("Test: a page to see that it reaches {}", person.name))),
        ("description", json!("Acknowledge it by whatever reaches you, then resolve it.")),
        ("users", json!([person.username])),
        ("tags", json!(["test"])),
    ];
    wish.body.extend(body.map(|(name, value)| (name.to_owned(), value)));
    wish.body.extend(fields.number("urgency_level").map(|level| ("urgency_level".to_owned(), json!(level))));
    let request = Request {
        organization: caller.organization,
        method: caller.credential().method(),
        credential: Some(caller.credential()),
        by: Some(person.username.to_string()),
        integration: None,
        instance_id: None,
        command: order_of(wish, person.username.as_str(), RefId(app.engine.ids().ref_id()))?.routed(Routing::Test),
        idempotency: asker.idempotency,
    };
    let outcome = app.engine.act(request).await.map_err(failed)?;
    Success::json(&view::outcome::answer(&outcome))
}

/// Changes something of whoever asks.
pub(super) async fn change(
    app: &App,
    change: Change,
    caller: &Caller,
    asker: Asker,
    fields: &Fields,
) -> Result<Success, Problem> {
    match change {
        Change::EndSessions => end_sessions(app, caller).await,
        Change::EndSession => end_session(app, caller, fields).await,
        Change::AddToken => key::add_token(app, caller, asker, fields).await,
        Change::RevokeToken => key::revoke_token(app, caller, asker, fields).await,
        Change::Away => away(app, caller, asker, fields).await,
        Change::TestPage => test_page(app, caller, asker, fields).await,
        Change::OwnFeed => {
            let person = person(caller)?.username.to_string();
            give(app, asker, FeedOf::User(person), fields).await
        }
        _ => Err(Problem::internal("a change of something else was taken for one of one's own")),
    }
}

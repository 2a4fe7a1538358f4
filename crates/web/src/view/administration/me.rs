//! Who asks, as it is answered, and sessions.

use directory::{KeyRow, ListedSession, OwnShift, Person, Session};
use serde::Serialize;

/// Who asks.
#[derive(Debug, Serialize)]
pub struct Me<'a> {
    kind: &'static str,
    name: &'a str,
    organization: &'a str,
    preferred_username: Option<&'a str>,
    user_role: Option<&'static str>,
    scope: Option<&'static str>,
    session_ref_id: Option<&'a str>,
    signed_in_by: Option<&'static str>,
    ends_at: Option<String>,
}

/// A session.
#[derive(Debug, Serialize)]
pub struct SessionItem<'a> {
    session_ref_id: &'a str,
    is_this: bool,
    made_at: String,
    last_used_at: String,
    ends_at: String,
    signed_in_by: &'static str,
    device: &'a str,
    network: &'a str,
}

/// A key of the organization of this name.
pub fn key<'a>(key: &'a KeyRow, organization: &'a str) -> Me<'a> {
    Me {
        kind: "key",
        name: &key.name,
        organization,
        preferred_username: None,
        user_role: None,
        scope: Some(key.scope.word()),
        session_ref_id: None,
        signed_in_by: None,
        ends_at: key.expires_at.map(|at| at.wire()),
    }
}

/// A person by their token.
pub fn token<'a>(token: &'a KeyRow, person: &'a Person) -> Me<'a> {
    Me {
        kind: "token",
        name: &person.name,
        organization: &person.organization_name,
        preferred_username: Some(person.username.as_str()),
        user_role: Some(person.role.word()),
        scope: Some(token.scope.word()),
        session_ref_id: None,
        signed_in_by: None,
        ends_at: token.expires_at.map(|at| at.wire()),
    }
}

/// A person by their session.
pub fn person(session: &Session) -> Me<'_> {
    let person = &session.person;
    Me {
        kind: "person",
        name: &person.name,
        organization: &person.organization_name,
        preferred_username: Some(person.username.as_str()),
        user_role: Some(person.role.word()),
        scope: None,
        session_ref_id: Some(session.ref_id.as_str()),
        signed_in_by: Some(session.means.word()),
        ends_at: Some(session.ends_at.wire()),
    }
}

/// A time on call.
#[derive(Debug, Serialize)]
pub struct ShiftItem<'a> {
    routine_ref_id: &'a str,
    routine_name: &'a str,
    from: String,
    until: String,
}

/// A shift of whoever asks.
pub fn shift(shift: &OwnShift) -> ShiftItem<'_> {
    ShiftItem {
        routine_ref_id: shift.routine_ref_id.as_str(),
        routine_name: &shift.routine,
        from: shift.from.wire(),
        until: shift.until.wire(),
    }
}

/// A session of whoever asks.
pub fn session(session: &ListedSession) -> SessionItem<'_> {
    let ListedSession { ref_id, is_this, made_at, last_used_at, ends_at, means, device, network } = session;
    SessionItem {
        session_ref_id: ref_id.as_str(),
        is_this: *is_this,
        made_at: made_at.wire(),
        last_used_at: last_used_at.wire(),
        ends_at: ends_at.wire(),
        signed_in_by: means.word(),
        device,
        network,
    }
}

//! By what right somebody asks, looked at again at the moment it counts.

use crate::snapshot::Snapshot;
use domain::incident::{By, Method};
use domain::{Instant, OrganizationId, RefId, Refusal, Username};
use store::KeyRow;

/// By what right somebody asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A key, or the token of a person, by its number.
    Key(i64),
    /// The session of somebody who is signed in.
    Session {
        /// Id of the person, which stays when their name changes.
        person: RefId,
        /// Their username, for the audit log.
        username: Username,
        /// Id of the session, which is not its secret.
        session: RefId,
    },
}

/// Who reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The organization.
    pub organization: OrganizationId,
    /// By what right.
    pub credential: Credential,
}

impl Credential {
    /// By what way its requests come.
    #[must_use]
    pub fn method(&self) -> Method {
        match self {
            Self::Key(_) => Method::IncidentsApi,
            Self::Session { .. } => Method::Web,
        }
    }

    /// The name shown for who asks, if they may ask at `now`: that of the key, or of the person.
    ///
    /// # Errors
    /// `KeyRevoked`, also where the person of a token is gone or locked; `SignedOut` where that of a session is.
    pub fn shown_name<'a>(&self, snapshot: &'a Snapshot, now: Instant) -> Result<&'a str, Refusal> {
        match self {
            Self::Key(id) => {
                let key = valid_key(snapshot, *id, now)?;
                let Some(person) = &key.person else { return Ok(key.name.as_str()) };
                shown_person(snapshot, person).ok_or(Refusal::KeyRevoked)
            }
            Self::Session { person, .. } => shown_person(snapshot, person).ok_or(Refusal::SignedOut),
        }
    }

    /// Who asks, as the log of an incident keeps them.
    ///
    /// # Errors
    /// As [`Credential::shown_name`].
    pub(super) fn who(&self, snapshot: &Snapshot, now: Instant) -> Result<By, Refusal> {
        let name = self.shown_name(snapshot, now)?;
        let person = match self {
            Self::Key(id) => snapshot.keys.get(id).and_then(|key| key.person.as_ref()),
            Self::Session { person, .. } => Some(person),
        };
        Ok(person.map_or_else(|| By::Named(name.to_owned()), By::person))
    }
}

/// The name shown for a person, unless they are gone or locked.
fn shown_person<'a>(snapshot: &'a Snapshot, person: &RefId) -> Option<&'a str> {
    let user = snapshot.directory.users.with_ref(person.as_str()).map(|entry| &entry.component);
    user.filter(|user| !user.locked).map(|user| user.shown_name())
}

/// The key with this number, if it may be used at `now`.
fn valid_key(snapshot: &Snapshot, id: i64, now: Instant) -> Result<&KeyRow, Refusal> {
    let key = snapshot.keys.get(&id).ok_or(Refusal::KeyRevoked)?;
    let is_over = key.revoked_at.is_some() || key.expires_at.is_some_and(|at| at <= now);
    if is_over { Err(Refusal::KeyRevoked) } else { Ok(key) }
}

//! Who calls: the key of a request, and whether it may be used from here and for this.

use super::problem::Problem;
use crate::operation::Code;
use axum::http::{HeaderMap, header};
use directory::{Administration, KeyRow, KeyState, Person, Session};
use domain::directory::Role;
use domain::permission::{self, Action, Needs, Scope, key_may};
use domain::{Instant, OrganizationId};
use engine::{Asker, Credential, Failure, Idempotency, Origin, Reader};
use ipnet::IpNet;
use std::net::IpAddr;
use std::sync::Arc;

/// The address at the other end of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Who calls.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The organization.
    pub organization: OrganizationId,
    /// What was shown.
    pub shown: Shown,
    /// From where it calls, for the audit log.
    pub origin: Origin,
}

/// What a caller shows.
#[derive(Clone, Debug)]
pub enum Shown {
    /// A key of the organization.
    Key(Arc<KeyRow>),
    /// The token of a person.
    Token(Arc<KeyRow>, Arc<Person>),
    /// A session of the console.
    Session(Arc<Session>),
}

impl Caller {
    /// Somebody who is signed in.
    pub fn signed_in(session: Arc<Session>, origin: Origin) -> Self {
        Self { organization: session.person.organization, shown: Shown::Session(session), origin }
    }

    /// By what right the engine is asked.
    pub fn credential(&self) -> Credential {
        match &self.shown {
            Shown::Key(key) | Shown::Token(key, _) => Credential::Key(key.id),
            Shown::Session(session) => Credential::Session {
                person: session.person.ref_id.clone(),
                username: session.person.username.clone(),
                session: session.ref_id.clone(),
            },
        }
    }

    /// The same, as the engine reads for it.
    pub fn reader(&self) -> Reader {
        Reader { organization: self.organization, credential: self.credential() }
    }

    /// The same, as it asks for a change, for this person and with what a repetition is known by.
    pub fn asker(&self, by: Option<&str>, idempotency: Option<Idempotency>) -> Asker {
        let (organization, credential, origin) = (self.organization, self.credential(), self.origin.clone());
        Asker { organization, credential, by: by.map(str::to_owned), idempotency, origin }
    }

    /// Whether it is a person on a page, and no program.
    pub fn is_signed_in(&self) -> bool {
        matches!(self.shown, Shown::Session(_))
    }

    /// Whether it is told addresses and secrets whole.
    pub fn sees_all(&self) -> bool {
        match &self.shown {
            Shown::Key(key) => key.scope == Scope::Admin,
            Shown::Token(key, person) => key.scope == Scope::Admin && person.role >= Role::Admin,
            Shown::Session(session) => session.person.role >= Role::Admin,
        }
    }

    /// The person who calls; nobody where a key of the organization does.
    pub fn person(&self) -> Option<&Person> {
        match &self.shown {
            Shown::Key(_) => None,
            Shown::Token(_, person) => Some(person),
            Shown::Session(session) => Some(&session.person),
        }
    }

    /// The session of a person who signed in within the last ten minutes, for what nothing less may do.
    ///
    /// # Errors
    /// `fresh_sign_in_needed` to a key, to a token, and to who signed in before.
    pub fn fresh_session(&self, now: Instant) -> Result<&Session, Problem> {
        let refused = |words: &str| Problem::new(Code::FreshSignInNeeded, words);
        match &self.shown {
            Shown::Session(session) if session.is_fresh(now) => Ok(session),
            Shown::Session(_) => Err(refused("session: the sign-in is older than ten minutes")),
            Shown::Key(_) | Shown::Token(..) => {
                Err(refused("session: only a person who is signed in to the console may do this, not a key or a token"))
            }
        }
    }

    /// The number of its bucket of requests.
    pub fn bucket(&self) -> i64 {
        match &self.shown {
            Shown::Key(key) | Shown::Token(key, _) => key.id,
            Shown::Session(session) => session.bucket(),
        }
    }

    /// The key, or the token, that was shown.
    pub fn key(&self) -> Option<&Arc<KeyRow>> {
        match &self.shown {
            Shown::Key(key) | Shown::Token(key, _) => Some(key),
            Shown::Session(_) => None,
        }
    }
}

/// Checks the key of a request from `address` for what it wants to do.
///
/// # Errors
/// The problem to answer with.
pub async fn caller(
    administration: &Administration,
    headers: &HeaderMap,
    address: Option<IpAddr>,
    action: Action,
) -> Result<Caller, Problem> {
    let text = key_text(headers).ok_or_else(Problem::missing_key)?;
    let key = match administration.key(text).await.map_err(failed)? {
        KeyState::Unknown => return Err(Problem::unknown_key()),
        KeyState::Expired(key) => return Err(refused(administration, &key, address, Problem::expired_key())),
        KeyState::Revoked(key) => return Err(refused(administration, &key, address, Problem::revoked_key())),
        KeyState::Valid(key) => key,
    };
    if !allows(&key, address) {
        return Err(refused(administration, &key, address, Problem::address_not_allowed()));
    }
    let user_agent = headers.get(header::USER_AGENT).and_then(|text| text.to_str().ok()).map(str::to_owned);
    let origin = Origin { request_id: None, address: address.map(|address| address.to_string()), user_agent };
    let organization = key.organization;
    if key.person.is_some() {
        // What their token may do hangs on what it is done to, too.
        let Some(person) = administration.person_of(&key).await.map_err(failed)? else {
            return Err(refused(administration, &key, address, Problem::revoked_key()));
        };
        return Ok(Caller { organization, shown: Shown::Token(key, Arc::new(person)), origin });
    }
    let needed = match key_may(key.scope, None, action, None) {
        permission::Answer::Allowed => None,
        permission::Answer::Refused(Needs::Scope(needed)) => Some(needed),
        // Only an owner who is signed in does it, and a key of no scope.
        permission::Answer::Refused(_) | permission::Answer::Hidden => Some(Scope::Admin),
    };
    if let Some(needed) = needed {
        return Err(refused(administration, &key, address, Problem::scope_too_small(key.scope, needed)));
    }
    Ok(Caller { organization, shown: Shown::Key(key), origin })
}

/// The problem, after it was counted for the audit log.
fn refused(administration: &Administration, key: &Arc<KeyRow>, address: Option<IpAddr>, problem: Problem) -> Problem {
    administration.note_refusal(key, problem.code.word(), address);
    problem
}

/// Seconds after which a client may try again when the server was busy or its database away.
const RETRY_AFTER_SECONDS: u64 = 1;

/// The problem that tells of a failure; what exactly failed stands in the log only.
pub fn failed(failure: Failure) -> Problem {
    match failure {
        Failure::Refused(refusal) => refusal.into(),
        Failure::Busy(reason) => Problem::busy(RETRY_AFTER_SECONDS, reason),
        Failure::Unavailable(reason) => Problem::unavailable(RETRY_AFTER_SECONDS, reason),
        Failure::Broken(reason) => Problem::internal(reason),
    }
}

/// `token KEY`, `Bearer KEY` or `Token token=KEY`; the scheme in any case (contract §1).
fn key_text(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim();
    let (scheme, rest) = value.split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest);
    }
    if !scheme.eq_ignore_ascii_case("token") {
        return None;
    }
    match rest.split_once('=') {
        Some((name, key)) if name.trim().eq_ignore_ascii_case("token") => Some(key.trim().trim_matches('"')),
        _ => Some(rest),
    }
}

/// Whether the key may be used from this address; an unknown address is in no network.
fn allows(key: &KeyRow, address: Option<IpAddr>) -> bool {
    let within = |network: &String| {
        let network: Option<IpNet> = network.parse().ok();
        network.zip(address).is_some_and(|(network, address)| network.contains(&address))
    };
    key.allow.is_empty() || key.allow.iter().any(within)
}

/// The address a request came from: the peer's, unless the peer is a trusted proxy; then the last address that it and
/// the trusted proxies before it were told by somebody who is not one.
pub fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut found = peer.to_canonical();
    if !is_trusted(&found) {
        return found;
    }
    // By bytes: a client can put anything in front of what the proxy adds, and must not get the whole line ignored.
    let values = headers.get_all("x-forwarded-for").iter();
    let told: Vec<&[u8]> = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).collect();
    for bytes in told.iter().rev() {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let Ok(address) = text.trim().parse::<IpAddr>() else { break };
        found = address.to_canonical();
        if !is_trusted(&found) {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        headers
    }

    #[test]
    fn a_key_is_read_in_every_form_that_clients_send() {
        let expect = [
            ("token abc", Some("abc")),
            ("Token abc", Some("abc")),
            ("TOKEN  abc ", Some("abc")),
            ("Bearer abc", Some("abc")),
            ("bearer abc", Some("abc")),
            ("Token token=abc", Some("abc")),
            ("Token token=\"abc\"", Some("abc")),
            ("Basic abc", None),
            ("abc", None),
            ("", None),
        ];
        for (value, key) in expect {
            assert_eq!(key_text(&headers("authorization", value)), key, "{value}");
        }
        assert_eq!(key_text(&HeaderMap::new()), None);
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_about_addresses() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let expect = [
            ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
            ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
            ("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
            ("10.0.0.1", "nonsense", "10.0.0.1"),
            ("10.0.0.1", "\u{e9}, 198.51.100.7", "198.51.100.7"),
            ("10.0.0.1", "203.0.113.9, nonsense, 10.0.0.2", "10.0.0.2"),
            ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ];
        for (peer, told, found) in expect {
            let found: IpAddr = found.parse().unwrap();
            assert_eq!(address(peer.parse().unwrap(), &headers("x-forwarded-for", told), &trusted), found, "{told}");
        }
    }
}

//! Who stands before the sign-in page, and what becomes of them.

use super::person::Person;
use crate::audit;
use domain::limits;
use domain::sign_in::{PasskeyNameFault, PasswordFault};
use engine::Failure;
use std::net::IpAddr;

/// A browser that asks to be let in.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Where it asks from, as far as that is known.
    pub address: Option<IpAddr>,
    /// What it calls itself.
    pub agent: String,
    /// What it shows to be known as a device that was here before.
    pub device: Option<String>,
    /// The session that it has, which ends when another begins.
    pub session: Option<String>,
    /// By which way it asks.
    pub way: audit::Way,
}

impl Visitor {
    /// What it calls itself, on one line, as much of it as is kept.
    pub(crate) fn shown_agent(&self) -> String {
        self.agent.chars().filter(|sign| !sign.is_control()).take(limits::DEVICE_CHARACTERS).collect()
    }

    /// Where it asks from, as the audit log keeps it.
    pub(super) fn origin(&self) -> audit::From {
        let (address, agent) = (self.address.map(|address| address.to_string()), self.shown_agent());
        audit::From { address, user_agent: Some(agent).filter(|agent| !agent.is_empty()), file_digest: None }
    }

    /// Where it asks from, in words.
    pub(crate) fn shown_address(&self) -> String {
        self.address.map_or_else(|| "unknown".to_owned(), |address| address.to_string())
    }
}

/// Somebody is signed in from now on.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// What the browser shows from now on to be them. A secret.
    pub session: String,
    /// What the browser shows from now on to be known as this device.
    pub device: String,
}

/// Shows no secret.
impl std::fmt::Debug for SignedIn {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SignedIn({})", self.person.username)
    }
}

/// Why somebody is not signed in, or what they asked for was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInError {
    /// The password or the code is wrong, or there is no such person, or they are locked: which of it, nobody is told.
    Refused,
    /// It failed too often; nothing was looked at.
    TooMany {
        /// Seconds until it may be tried again.
        retry_after_seconds: u32,
    },
    /// More passwords are being looked at than this server takes on; nothing was looked at.
    Busy,
    /// The link was used before, is too old, was made for something else, or never was.
    UnknownLink,
    /// The password that was chosen is none.
    Password(PasswordFault),
    /// The name that was given to a passkey is none.
    PasskeyName(PasskeyNameFault),
    /// What a browser answered makes no passkey: it was asked something else, or too long ago, or the passkey is there.
    PasskeyNotTaken,
    /// The person has no such passkey.
    UnknownPasskey,
    /// The person has as many passkeys as there may be.
    TooManyPasskeys,
    /// Without it the person could not sign in any more.
    LastWayIn,
    /// The code that confirms a new second factor is wrong.
    WrongCode,
    /// It wants a sign-in of the last minutes.
    NotFresh,
    /// Something is wrong that is not the person's fault.
    Failed(Failure),
}

impl From<Failure> for SignInError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

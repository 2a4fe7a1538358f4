//! Passkeys (WebAuthn): made, signed in with, renamed, removed. One is both factors, since it is used only by whom its
//! device knows by a finger, a face or a code.

mod enrol;
mod enter;
mod kept;
mod site;

pub use enrol::PasskeyMade;
pub(super) use enrol::{NewPasskey, keep};
pub use kept::ListedPasskey;
pub use site::{PasskeyAsked, PasskeySite};

use domain::{Instant, OrganizationId, RefId, limits};
use engine::{Failure, digest};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use store::{Error, Tx};
use webauthn_rs::prelude::{Uuid, WebauthnError};

/// What is asked of a browser, by what is kept of it: challenges are signed and handed out instead of being kept, so that
/// whoever asks for many fills nothing, and an answer to one is taken once.
#[derive(Clone, Debug)]
struct Challenge(String);

impl Challenge {
    fn of(state: &impl Serialize) -> Result<Self, Failure> {
        let state = serde_json::to_string(state).map_err(|error| broken(&error))?;
        Ok(Self(digest(&state)))
    }

    /// Uses it up; `false` where it was answered before.
    fn use_up(&self, tx: &mut dyn Tx, organization: OrganizationId, now: Instant) -> Result<bool, Error> {
        store::passkey_challenge_use(tx, organization, &self.0, now.plus_minutes(limits::PASSKEY_MINUTES))
    }
}

/// The id by which a passkey is kept, of the one that its maker gave it.
fn kept_id(credential_id: &[u8]) -> String {
    let mut id = String::with_capacity(64);
    for byte in Sha256::digest(credential_id) {
        // Writing to a string does not fail.
        let _ = write!(id, "{byte:02x}");
    }
    id
}

/// What a passkey knows of whose it is: neither a name nor a number, and the same for each passkey of the person.
fn handle(organization: OrganizationId, person: &RefId) -> Uuid {
    let whole: [u8; 32] = Sha256::digest(format!("passkeys of\n{}\n{person}", organization.0).as_bytes()).into();
    let mut first = [0; 16];
    first.copy_from_slice(&whole[..16]);
    Uuid::from_bytes(first)
}

fn broken(error: &dyn std::fmt::Display) -> Failure {
    Failure::Broken(format!("passkeys: {error}"))
}

/// Notes that what a browser answered is not what it was asked for. Why, stands in the log for who looks into it, and nobody
/// is told.
fn note_not_taken(error: &WebauthnError) {
    tracing::info!(%error, "the answer of a passkey was not taken");
}

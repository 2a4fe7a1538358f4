//! Repetitions: what was answered under an `Idempotency-Key` is answered again, and nothing is done twice (contract §1).

use crate::failure::Undo;
use domain::{Instant, OrganizationId, Refusal, limits};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Error, Remembered, Tx};

/// An `Idempotency-Key` with what it stands for (contract §1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// The header's value.
    pub key: String,
    /// Digest of path and body.
    pub digest: String,
}

/// What was answered to the same request before.
pub(super) fn remembered<T: DeserializeOwned>(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    idempotency: Option<&Idempotency>,
    now: Instant,
) -> Result<Option<T>, Undo> {
    let Some(idempotency) = idempotency else { return Ok(None) };
    let Some(first) = store::idempotency_load(tx, organization, &idempotency.key, now)? else {
        return Ok(None);
    };
    if first.digest != idempotency.digest {
        return Err(Refusal::IdempotencyKeyReused.into());
    }
    let outcome = serde_json::from_str(&first.outcome).map_err(|error| Error::Corrupt(error.to_string()))?;
    Ok(Some(outcome))
}

/// Keeps what is answered, in the transaction that did it.
///
/// # Errors
/// As the store says.
pub fn remember<T: Serialize>(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    idempotency: Option<&Idempotency>,
    outcome: &T,
    now: Instant,
) -> Result<(), Error> {
    let Some(idempotency) = idempotency else { return Ok(()) };
    let outcome = serde_json::to_string(outcome).map_err(|error| Error::Statement(error.to_string()))?;
    let remembered = Remembered { digest: idempotency.digest.clone(), outcome };
    let expires_at = now.plus_minutes(limits::IDEMPOTENCY_HOURS * 60);
    store::idempotency_save(tx, organization, &idempotency.key, &remembered, now, expires_at)
}

/// Keeps another answer in the place of the one that was kept, once more is known.
///
/// # Errors
/// As the store says.
pub fn amend<T: Serialize>(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    idempotency: &Idempotency,
    outcome: &T,
) -> Result<(), Error> {
    let outcome = serde_json::to_string(outcome).map_err(|error| Error::Statement(error.to_string()))?;
    store::idempotency_amend(tx, organization, &idempotency.key, &outcome)
}

//! Changes by callers that are about no incident, such as swaps, in the transaction of a batch: each once, if the key is
//! valid.

use super::acting;
use super::credential::Credential;
use super::idempotency::{Idempotency, remember, remembered};
use crate::desk::Batch;
use crate::failure::Undo;
use crate::snapshot::Snapshot;
use domain::{Instant, OrganizationId, Refusal};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Who asks for a change.
#[derive(Clone, Debug)]
pub struct Asker {
    /// The organization.
    pub organization: OrganizationId,
    /// By what right it asks.
    pub credential: Credential,
    /// Preferred username of who acts; else the name of who asks is shown.
    pub by: Option<String>,
    /// How a repetition of this request is known.
    pub idempotency: Option<Idempotency>,
    /// From where it is asked.
    pub origin: Origin,
}

/// From where a change is asked, for the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Id of the request.
    pub request_id: Option<String>,
    /// The address, after trusted proxies.
    pub address: Option<String>,
    /// What the program called itself.
    pub user_agent: Option<String>,
}

/// What a change is made with.
#[derive(Debug)]
pub struct ChangeContext {
    /// The directory and keys as of this transaction.
    pub snapshot: Arc<Snapshot>,
    /// The name shown for who acts.
    pub by: Option<String>,
    /// The time.
    pub now: Instant,
}

/// Does `work` once, if whoever asks still may and nothing was answered to the same request before.
///
/// # Errors
/// `KeyRevoked`, `SignedOut`, `IdempotencyKeyReused`, `UnknownComponent` for whoever acts, what `work` refuses, or as the store says.
pub fn change_once<T: Serialize + DeserializeOwned>(
    batch: &mut Batch<'_>,
    asker: &Asker,
    work: impl FnOnce(&mut Batch<'_>, &ChangeContext) -> Result<T, Undo>,
) -> Result<T, Undo> {
    let now = batch.now();
    let snapshot = batch.snapshot(asker.organization)?;
    let asking = asker.credential.who(&snapshot, now)?;
    if let Some(outcome) = remembered(batch.tx, asker.organization, asker.idempotency.as_ref(), now)? {
        return Ok(outcome);
    }
    let by = acting(asker.by.as_deref(), Some(asking), &snapshot.directory)?;
    let by = by.and_then(|by| by.shown(&snapshot.directory).map(str::to_owned));
    let outcome = work(batch, &ChangeContext { snapshot: Arc::clone(&snapshot), by, now })?;
    remember(batch.tx, asker.organization, asker.idempotency.as_ref(), &outcome, now)?;
    Ok(outcome)
}

/// Likewise for what answers with a secret, which is told once and not kept: the same request again does nothing and is refused.
///
/// # Errors
/// `ToldOnce` for the same request again; otherwise as [`change_once`].
pub fn change_told_once<T>(
    batch: &mut Batch<'_>,
    asker: &Asker,
    work: impl FnOnce(&mut Batch<'_>, &ChangeContext) -> Result<T, Undo>,
) -> Result<T, Undo> {
    let mut told = None;
    change_once(batch, asker, |batch, context| {
        told = Some(work(batch, context)?);
        Ok(())
    })?;
    told.ok_or_else(|| Refusal::ToldOnce.into())
}

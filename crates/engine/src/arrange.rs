//! Arranging: changes by the API that are about no incident, such as swaps, in the transaction of a batch.

use crate::act::{acting_name, valid_key};
use crate::desk::Batch;
use crate::directory::Snapshot;
use crate::engine::Engine;
use crate::failure::{Failure, Undo};
use crate::idempotency::{Idempotency, remember, remembered};
use domain::{Instant, OrganizationId, Refusal};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Who arranges something.
#[derive(Clone, Debug)]
pub struct Asker {
    /// The organization.
    pub organization: OrganizationId,
    /// Number of the key that asks.
    pub key_id: i64,
    /// Preferred username of who acts; else the key's name is shown.
    pub by: Option<String>,
    /// How a repetition of this request is known.
    pub idempotency: Option<Idempotency>,
}

/// What an arrangement is made with.
pub(crate) struct Scene {
    /// The directory and keys as of this transaction.
    pub(crate) snapshot: Arc<Snapshot>,
    /// The name shown for who acts.
    pub(crate) by: Option<String>,
    /// The time.
    pub(crate) now: Instant,
}

/// Does `work` once, if the key is valid and nothing was answered to the same request before.
pub(crate) fn arrange<T: Serialize + DeserializeOwned>(
    batch: &mut Batch<'_>,
    asker: &Asker,
    work: impl FnOnce(&mut Batch<'_>, &Scene) -> Result<T, Undo>,
) -> Result<T, Undo> {
    let now = batch.now();
    let snapshot = batch.snapshot(asker.organization)?;
    let key = valid_key(&snapshot, asker.key_id, now)?;
    if let Some(outcome) = remembered(batch.tx, asker.organization, asker.idempotency.as_ref(), now)? {
        return Ok(outcome);
    }
    let by = acting_name(asker.by.as_deref(), Some(&key.name), &snapshot.directory)?;
    let outcome = work(batch, &Scene { snapshot: Arc::clone(&snapshot), by, now })?;
    remember(batch.tx, asker.organization, asker.idempotency.as_ref(), &outcome, now)?;
    Ok(outcome)
}

impl Engine {
    /// Runs an arrangement. The answer survives the death of the process from this moment on.
    pub(crate) async fn arrange<T, W>(&self, organization: OrganizationId, key_id: i64, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnMut(&mut Batch<'_>) -> Result<T, Undo> + Send + 'static,
    {
        let result = self.0.desk.submit(organization, work).await;
        match &result {
            Ok(_) => {
                self.0.handovers.directory_changed();
                self.0.wake.notify_one();
            }
            Err(Failure::Refused(Refusal::KeyRevoked)) => self.0.keys.forget(Some(key_id)),
            Err(_) => {}
        }
        result
    }
}

//! Handovers: when who is on call changes, those who go on and off are told, once, however many nodes there are.

use crate::desk::{Batch, Shared};
use crate::engine::Engine;
use crate::failure::{Failure, Undo};
use crate::ids::Ids;
use domain::handover::hand_over;
use domain::{Instant, OrganizationId};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::HandoverRow;

/// How often directories are looked at for changes; a change that was to come is seen at its instant.
const LOOK_MICROS: i64 = 60_000_000;

/// What this node knows of the next changes, so that nothing is worked out at most beats.
#[derive(Debug, Default)]
pub(crate) struct Handovers {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    looked_at: Option<Instant>,
    organizations: HashMap<OrganizationId, Next>,
}

/// When who is on call changes next, by the directory of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Next {
    version: i64,
    at: Option<Instant>,
}

impl Next {
    /// To be found out with the next look; no directory has this version.
    const UNKNOWN: Self = Self { version: 0, at: None };
}

impl Handovers {
    /// When the next change is that this node knows of.
    pub(crate) fn next_at(&self) -> Option<Instant> {
        self.known().organizations.values().filter_map(|next| next.at).min()
    }

    /// Says that a directory was changed just now, so that the next look does not wait.
    pub(crate) fn directory_changed(&self) {
        self.known().looked_at = None;
    }

    /// Whether anything may have changed since the last look, which this one becomes.
    fn look(&self, now: Instant) -> bool {
        let mut known = self.known();
        let is_new = known.looked_at.is_none_or(|last| now < last || last.plus_micros(LOOK_MICROS) <= now);
        let is_due = known.organizations.values().any(|next| next.at.is_some_and(|at| at <= now));
        if is_new {
            known.looked_at = Some(now);
        }
        is_new || is_due
    }

    fn is_settled(&self, organization: OrganizationId, version: i64, now: Instant) -> bool {
        let next = self.known().organizations.get(&organization).copied();
        next.is_some_and(|next| next.version == version && next.at.is_none_or(|at| now < at))
    }

    fn note(&self, organization: OrganizationId, next: Next) {
        self.known().organizations.insert(organization, next);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // What a panic left behind is at worst worked out once more.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// Queues notices to everybody who went on call or off call since they were told last. What fails for one
    /// organization is tried again with the next look, and does not stop the others.
    ///
    /// # Errors
    /// As the store says, when the organizations cannot be listed.
    pub(crate) async fn hand_over(&self) -> Result<(), Failure> {
        let handovers = &self.0.handovers;
        let now = self.now();
        if !handovers.look(now) {
            return Ok(());
        }
        let organizations = self.read(|tx, _: &Shared| Ok(store::organization_list(tx)?)).await?;
        for organization in organizations {
            if handovers.is_settled(organization.id, organization.version, now) {
                continue;
            }
            let (id, ids) = (organization.id, self.0.ids.clone());
            match self.0.desk.submit_own(id, move |batch| tell(batch, id, &ids)).await {
                Ok(next) => handovers.note(id, next),
                Err(failure) => {
                    tracing::warn!(?failure, organization = id.0, "handovers could not be told");
                    handovers.note(id, Next::UNKNOWN);
                }
            }
        }
        Ok(())
    }
}

/// Runs while the organization is held: what one node has told, the other finds told.
fn tell(batch: &mut Batch<'_>, organization: OrganizationId, ids: &Ids) -> Result<Next, Undo> {
    let now = batch.now();
    let snapshot = batch.snapshot(organization)?;
    let before = store::handover_load(batch.tx, organization)?;
    if let Some(row) = before.as_ref().filter(|row| now < row.told_until) {
        // Another node, whose clock is ahead, has told of a later instant.
        return Ok(Next { at: Some(row.told_until), ..Next::UNKNOWN });
    }
    let handover = hand_over(&snapshot.directory, before.as_ref().map(|row| &row.told), now);
    let next = Next { version: snapshot.directory.version, at: handover.next_at };
    if before.is_some_and(|row| row.told == handover.told) {
        return Ok(next);
    }
    for notice in &handover.notices {
        let drawn = i64::try_from(ids.jitter(i64::MAX.unsigned_abs())).unwrap_or(i64::MAX);
        store::notification_append_alone(batch.tx, organization, drawn, notice)?;
    }
    store::handover_save(batch.tx, organization, &HandoverRow { told_until: now, told: handover.told })?;
    Ok(next)
}

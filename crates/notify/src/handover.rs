//! Handing over: when who is on call changes, those who go on and off are told, once, however many nodes there are. With it
//! goes what else changes by the clock: maintenance windows that begin and end, and incidents that say how many alerts came.

use crate::cover::queue_notices;
use crate::next_handovers::Next;
use crate::notifier::Notifier;
use domain::OrganizationId;
use domain::handover::{came_on_call, hand_over, tell_of_maintenance};
use engine::{Batch, Failure, Ids, Shared, Undo, turn_windows};
use store::HandoverRow;

impl Notifier {
    /// Says that a directory was changed just now, so that it is looked for handovers at the next beat.
    pub fn directory_changed(&self) {
        self.0.handovers.directory_changed();
        self.engine().wake();
    }

    /// Queues notices to everybody who went on call or off call since they were told last. What fails for one
    /// organization is tried again with the next look, and does not stop the others.
    ///
    /// # Errors
    /// As the store says, when the organizations cannot be listed.
    pub(crate) async fn hand_over(&self) -> Result<(), Failure> {
        let handovers = &self.0.handovers;
        let now = self.engine().now();
        if !handovers.look(now) {
            return Ok(());
        }
        let organizations = self.engine().read(|tx, _: &Shared| Ok(store::organization_list(tx)?)).await?;
        for organization in organizations {
            if let Err(failure) = self.engine().say_counts(organization.id).await {
                tracing::warn!(?failure, organization = organization.id.0, "it could not be said how many alerts came");
            }
            if handovers.is_settled(organization.id, organization.version, now) {
                continue;
            }
            let (id, ids) = (organization.id, self.engine().ids().clone());
            match self.engine().desk().submit_own(id, move |batch| tell(batch, id, &ids)).await {
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
    // Windows begin and end as duties do: by the clock, once, and whoever wants to know looks at what was changed.
    let turn = turn_windows(batch, organization, ids)?;
    let handover = hand_over(&snapshot.directory, before.as_ref().map(|row| &row.told), now);
    let next_at = handover.next_at.into_iter().chain(turn.next_at).min();
    let next = Next { version: snapshot.directory.version, at: next_at };
    let came = before.as_ref().map(|row| came_on_call(&row.told, &handover.told)).unwrap_or_default();
    let of_maintenance = tell_of_maintenance(&snapshot.directory, &turn, &came, now);
    if turn.turned.is_empty() && before.is_some_and(|row| row.told == handover.told) {
        return Ok(next);
    }
    queue_notices(batch, organization, ids, &handover.notices)?;
    queue_notices(batch, organization, ids, &of_maintenance)?;
    store::handover_save(batch.tx, organization, &HandoverRow { told_until: now, told: handover.told })?;
    Ok(next)
}

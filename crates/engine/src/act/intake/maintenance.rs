//! Saying that maintenance windows begin and end: among what was changed, and as a metric.

use crate::desk::Batch;
use crate::failure::Undo;
use crate::ids::Ids;
use domain::intake::{ChangeEvent, Turn, Turned, turn};
use domain::{OrganizationId, RefId};

/// The digest of an event which says that a window began, until one says that it ended. Those of what senders tell are longer.
const IS_ON: &str = "on";
/// The digest of all others about windows: nobody repeats them.
const IS_SAID: &str = "said";

/// Keeps among what was changed that maintenance windows began or ended since it was looked last, on whichever node; which
/// did, and when one does next.
///
/// # Errors
/// As the store says.
pub fn turn_windows(batch: &mut Batch<'_>, organization: OrganizationId, ids: &Ids) -> Result<Turn, Undo> {
    let (now, snapshot) = (batch.now(), batch.snapshot(organization)?);
    let begun = store::change_event_with(batch.tx, organization, IS_ON)?;
    let turn = turn(&snapshot.directory, &begun, now);
    batch.shared.metrics.set_windows(organization, turn.on.iter());
    if !turn.turned.is_empty() {
        batch.took_in(organization);
    }
    for Turned { of, at, said, ends } in turn.turned.iter().cloned() {
        let digest = if ends.is_some() { IS_SAID } else { IS_ON };
        if let Some(begun) = ends {
            store::change_event_amend(batch.tx, organization, &begun, IS_SAID)?;
        }
        let integration = of.integration.unwrap_or_else(|| RefId(String::new()));
        let id = RefId(ids.timed_ref_id(now));
        let event = ChangeEvent { id, integration, service: of.service, occurred_at: at, received_at: now, said };
        store::change_event_insert(batch.tx, organization, digest, &event)?;
    }
    Ok(turn)
}

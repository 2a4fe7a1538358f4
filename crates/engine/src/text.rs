//! The text of an alert, wherever merging and un-merging have taken the alert since.

use domain::incident::Happening;
use domain::{InstanceId, OrganizationId, RefId};
use store::{Error, Tx};

/// Incidents that are followed at most; an alert that moved more often than this has lost its reader.
const HOPS: usize = 100;

/// The text of `alert`, which was in `incident` once: each incident's log says where an alert went from there. Empty
/// when the trail ends. An index by the alert's random id would find it at once, and would cost every create a page.
pub(crate) fn alert_text(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    incident: InstanceId,
    alert: &RefId,
) -> Result<String, Error> {
    let mut place = incident;
    for _ in 0..HOPS {
        if let Some(text) = store::alert_text(tx, organization, place, alert)? {
            return Ok(text);
        }
        let log = store::event_list(tx, organization, place)?;
        let left = log.into_iter().rev().find_map(|event| match event.what {
            Happening::MergedInto { survivor } => Some(survivor),
            Happening::UnMerge { task_ref_id, into, .. } if task_ref_id == *alert => Some(into),
            _ => None,
        });
        let Some(next) = left else { break };
        place = next;
    }
    Ok(String::new())
}

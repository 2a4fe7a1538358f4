//! The text of an alert, wherever merging and un-merging have taken the alert since.

use domain::incident::Happening;
use domain::{InstanceId, OrganizationId, RefId};
use std::collections::HashSet;
use store::{Error, Tx};

/// Incidents that are looked into at most.
const PLACES: usize = 100;

/// The text of `alert`, which was in `incident` once: each incident's log says where alerts went from there. Empty
/// when no trail leads to it. An index by the alert's random id would find it at once, and cost every create a page.
///
/// # Errors
/// As the store says.
pub fn alert_text(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    incident: InstanceId,
    alert: &RefId,
) -> Result<String, Error> {
    let mut seen = HashSet::new();
    let mut places = vec![incident];
    while let Some(place) = places.pop() {
        if seen.len() >= PLACES || !seen.insert(place) {
            continue;
        }
        if let Some(text) = store::alert_text(tx, organization, place, alert)? {
            return Ok(text);
        }
        let log = store::event_list(tx, organization, place)?;
        places.extend(log.into_iter().filter_map(|event| match event.what {
            Happening::MergedInto { survivor } => Some(survivor),
            Happening::UnMerge { task_ref_id, into, .. } if task_ref_id == *alert => Some(into),
            _ => None,
        }));
    }
    Ok(String::new())
}

//! Where an incident that was merged goes on.

use domain::OrganizationId;
use domain::incident::Incident;
use store::{Error, Tx};

/// Merges one after another that are followed.
const MERGES_FOLLOWED: usize = 16;

/// The incident in which another one goes on, if it was merged: the last of those that were merged one into the other.
///
/// # Errors
/// As the store says.
pub fn survivor(tx: &mut dyn Tx, merged: &Incident, organization: OrganizationId) -> Result<Option<Incident>, Error> {
    let mut survivor: Option<Incident> = None;
    for _ in 0..MERGES_FOLLOWED {
        let Some(next) = survivor.as_ref().unwrap_or(merged).merged_into else { break };
        let Some(found) = store::incident_load(tx, organization, next)? else { break };
        survivor = Some(found);
    }
    Ok(survivor)
}

//! Keys of integrations and heartbeats when a definition is applied: given ones are kept, missing ones are made.

use super::not_written::NotWritten;
use domain::directory::{ComponentKind, Definition, key_digits};
use domain::{Instant, OrganizationId, RefId, limits};
use engine::Ids;
use std::collections::HashMap;
use store::{IntegrationKeyRow, Tx};

/// Gives each integration and heartbeat a key, and ends the one before where another is given: it counts for a day more.
///
/// # Errors
/// `KeyTaken` when a given key is that of another integration, here or of another organization.
pub(super) fn keep_keys(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    wanted: &Definition,
    ids: &Ids,
    now: Instant,
) -> Result<(), NotWritten> {
    let integrations = wanted.integrations.iter().map(|one| (ComponentKind::Integration, &one.name, &one.key));
    let heartbeats = wanted.heartbeats.iter().map(|one| (ComponentKind::Heartbeat, &one.name, &one.key));
    let all: Vec<_> = integrations.chain(heartbeats).collect();
    if all.is_empty() {
        return Ok(());
    }
    let rows = store::component_list(tx, organization)?;
    let refs: HashMap<(ComponentKind, String), RefId> =
        rows.into_iter().map(|row| ((row.kind, row.name), row.ref_id)).collect();
    let known = store::integration_key_list(tx, organization)?;
    for (kind, name, key) in all {
        let Some(ref_id) = refs.get(&(kind, name.clone())) else { continue };
        let own = || known.iter().filter(|key| key.integration == *ref_id);
        let digits = match key.as_deref().and_then(key_digits) {
            Some(digits) => digits,
            None if own().any(|key| key.ends_at.is_none()) => continue,
            None => ids.uuid().replace('-', ""),
        };
        match store::integration_key_by_digits(tx, &digits)? {
            Some(key) if key.organization == organization && key.integration == *ref_id => {
                if key.ends_at.is_some() {
                    store::integration_key_resume(tx, organization, &digits, ref_id)?;
                }
            }
            // That of an integration which is gone.
            Some(key) if key.organization == organization && !refs.values().any(|id| *id == key.integration) => {
                store::integration_key_resume(tx, organization, &digits, ref_id)?;
            }
            Some(_) => return Err(NotWritten::KeyTaken(name.clone())),
            None => {
                let key = IntegrationKeyRow {
                    organization,
                    integration: ref_id.clone(),
                    digits: digits.clone(),
                    made_at: now,
                    ends_at: None,
                };
                store::integration_key_insert(tx, &key)?;
            }
        }
        // Those that end already were given their time when another took their place.
        if own().any(|key| key.ends_at.is_none() && key.digits != digits) {
            let at = now.plus_minutes(limits::OVERLAP_HOURS * 60);
            store::integration_key_end_others(tx, organization, ref_id, &digits, at)?;
        }
    }
    Ok(())
}

//! Saying how many alerts came to an incident that others belong to, where no further one came that would have said it.

use super::open::SAID_EVERY;
use super::{Intake, Taking};
use crate::desk::Batch;
use crate::failure::Undo;
use domain::intake::Group;
use domain::{Instant, OrganizationId};
use std::collections::BTreeMap;
use store::{Error, Tx};

/// Groups of an organization whose alerts are counted in one transaction.
const COUNTED_AT_ONCE: u32 = 100;
/// How long ago the last alert of a group came at most, microseconds: what nobody was there to say is said no more.
const CAME_WITHIN: i64 = 600_000_000;

/// Groups of which nothing was said for a minute though more alerts came.
///
/// # Errors
/// As the store says.
pub(crate) fn uncounted(tx: &mut dyn Tx, organization: OrganizationId, now: Instant) -> Result<Vec<String>, Error> {
    let (since, said_before) = (now.plus_micros(-CAME_WITHIN), now.plus_micros(-SAID_EVERY));
    store::group_unsaid(tx, organization, (since, said_before), COUNTED_AT_ONCE)
}

/// Has their incidents say how many came. One that is broken does not hold up the rest.
///
/// # Errors
/// As the store says.
pub(crate) fn count(batch: &mut Batch<'_>, organization: OrganizationId, digests: &[String]) -> Result<(), Undo> {
    for digest in digests {
        match batch.piece(|batch| count_one(batch, organization, digest))? {
            Ok(()) => {}
            Err(Undo::Store(error @ (Error::Conflict(_) | Error::Busy(_) | Error::Unavailable(_)))) => {
                return Err(error.into());
            }
            Err(Undo::Store(error)) => tracing::error!(%error, "an incident cannot say how many alerts came"),
            Err(Undo::Refused(refusal)) => tracing::error!(?refusal, "an incident cannot say how many alerts came"),
        }
    }
    Ok(())
}

fn count_one(batch: &mut Batch<'_>, organization: OrganizationId, digest: &str) -> Result<(), Undo> {
    let (now, snapshot) = (batch.now(), batch.snapshot(organization)?);
    let Some(group) = store::group_load(batch.tx, organization, digest)? else { return Ok(()) };
    let first = batch.incident(organization, group.instance_id)?;
    let opened_by = first.as_ref().and_then(|incident| incident.integration_name.as_deref());
    let entry = opened_by.and_then(|name| snapshot.directory.integrations.named(name));
    let Some(entry) = entry.filter(|_| group.is_unsaid(now, SAID_EVERY)) else { return Ok(()) };
    let (integration, intake) = (entry.component.clone(), Intake::of_nothing(organization, entry.ref_id.clone()));
    let (recurred, storms, conditions) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let (integration, intake, payloads) = (&integration, &intake, &[]);
    let mut taking = Taking { batch, intake, payloads, integration, snapshot, now, recurred, storms, conditions };
    let Some((group, incident)) = taking.open_group(digest)? else { return Ok(()) };
    let is_storm = taking.is_storm_of(digest, &incident);
    taking.say(incident.instance_id, &incident, &group, is_storm)?;
    let said = Group { said_at: now, unsaid: 0, ..group };
    Ok(store::group_save(taking.batch.tx, organization, digest, &said)?)
}

//! Erasing somebody who left: their name becomes that of nobody, and what was kept of their addresses goes (administration §7).
//! What people wrote is left as it is, and told.

mod sweep;
mod traces;

use crate::administration::Administration;
use crate::audit::{self, Entry, Object, record_asked};
use domain::directory::ComponentKind;
use domain::{InstanceId, Instant, OrganizationId, Refusal, limits};
use engine::{Asker, Batch, Failure, Ids, Reader, change_once, snapshot};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::{Error, Filter, Store, Tx};
use traces::Traces;

/// Incidents that are swept in one transaction.
const SWEPT_AT_ONCE: i64 = 1_000;

/// Somebody who was erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// What is shown for them from now on.
    pub name: String,
    /// Incidents in whose notes or status updates a name of theirs stands, newest first: each with its number within the organization;
    /// among the newest [`limits::PERSON_DATA_INCIDENTS`], and at most [`limits::ERASED_NOTES`].
    pub noted: Vec<(InstanceId, i64)>,
}

impl Administration {
    /// Erases somebody who left, by id or username; also who was erased before, for what was written since. `field` is the field of
    /// the request that names them. It goes through all incidents of the organization, a thousand at a time, behind what waits.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, also for who has not left, or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn erase_person(&self, asker: Asker, field: &'static str, person: String) -> Result<Erased, Failure> {
        let organization = asker.organization;
        let reader = Reader { organization, credential: asker.credential.clone() };
        let unknown = Refusal::UnknownComponent { field, kind: ComponentKind::User, name: person.clone() };
        let read = self.engine().read(move |tx, shared| {
            snapshot(tx, shared, &reader)?;
            let Some(traces) = Traces::gather(tx, organization, &person)? else { return Ok(None) };
            let noted = noted(tx, organization, &traces)?;
            Ok(Some((Arc::new(traces), noted, newest(tx, organization)?)))
        });
        let (traces, noted, newest) = read.await?.ok_or(Failure::Refused(unknown))?;
        for stretch in stretches(newest) {
            let traces = Arc::clone(&traces);
            let rows = u64::try_from(SWEPT_AT_ONCE).unwrap_or_default();
            let sweep = move |batch: &mut Batch<'_>| Ok(sweep::sweep(batch.tx, organization, &traces, stretch)?);
            self.engine().desk().submit_behind((organization, rows), sweep).await?;
        }
        let ids = self.engine().ids().clone();
        let finish = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let (name, changes) = traces::erase(batch.tx, organization, &traces)?;
                let object = object(&traces);
                record_asked(batch, &ids, (&asker, context), "user.erase", object, changes)?;
                batch.directory_changed(organization)?;
                Ok(Erased { name, noted: noted.clone() })
            })
        };
        self.change(organization, finish).await
    }
}

/// The same by a command beside the server; nothing where nobody left who is meant.
///
/// # Errors
/// As the store says.
pub fn erase_beside(
    store: &Store,
    ids: &Ids,
    now: Instant,
    organization: OrganizationId,
    person: &str,
) -> Result<Option<Erased>, Error> {
    let gathered = store.read(|tx| {
        let Some(traces) = Traces::gather(tx, organization, person)? else { return Ok::<_, Error>(None) };
        let noted = noted(tx, organization, &traces)?;
        Ok(Some((traces, noted, newest(tx, organization)?)))
    })?;
    let Some((traces, noted, newest)) = gathered else { return Ok(None) };
    for stretch in stretches(newest) {
        store.write(|tx| {
            store::organization_hold(tx, organization)?;
            sweep::sweep(tx, organization, &traces, stretch)
        })?;
    }
    store.write(|tx| {
        store::organization_hold(tx, organization)?;
        let (name, changes) = traces::erase(tx, organization, &traces)?;
        audit::record(tx, ids, organization, now, &Entry::of_command("user.erase", object(&traces), changes))?;
        store::organization_touch(tx, organization)?;
        Ok(Some(Erased { name, noted: noted.clone() }))
    })
}

fn object(traces: &Traces) -> Object {
    Object::new("user", Some(traces.left.ref_id.as_str()), traces.left.username.as_str())
}

/// The number of the newest incident of an organization.
fn newest(tx: &mut dyn Tx, organization: OrganizationId) -> Result<InstanceId, Error> {
    let found = store::incident_list(tx, organization, &Filter::default(), 1)?;
    Ok(found.first().map_or(InstanceId(0), |incident| incident.instance_id))
}

/// All numbers from 0 to this one in stretches, the newest first. What is about no incident has the number 0.
fn stretches(newest: InstanceId) -> impl Iterator<Item = (InstanceId, InstanceId)> {
    let last = newest.0.div_euclid(SWEPT_AT_ONCE);
    let stretch = |place| (InstanceId(place * SWEPT_AT_ONCE), InstanceId((place + 1) * SWEPT_AT_ONCE));
    (0..=last).rev().map(stretch)
}

fn noted(tx: &mut dyn Tx, organization: OrganizationId, traces: &Traces) -> Result<Vec<(InstanceId, i64)>, Error> {
    let newest = newest(tx, organization)?;
    let stretch = (InstanceId((newest.0 - limits::PERSON_DATA_INCIDENTS).max(1)), InstanceId(newest.0 + 1));
    let mut found = Vec::new();
    for name in &traces.names {
        found.extend(store::incident_noted(tx, organization, stretch, name, limits::ERASED_NOTES)?);
    }
    found.sort_by_key(|id| std::cmp::Reverse(id.0));
    found.dedup();
    found.truncate(usize::try_from(limits::ERASED_NOTES).unwrap_or(usize::MAX));
    let mut noted = Vec::with_capacity(found.len());
    for id in found {
        let incident = store::incident_load(tx, organization, id)?;
        noted.extend(incident.map(|incident| (id, incident.organization_instance_id)));
    }
    Ok(noted)
}

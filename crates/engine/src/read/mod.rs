//! Reading: incidents, their logs and alerts, as they stand now. Nothing here changes anything.

mod beginning;
mod change_event;
mod intake;
mod page;
mod rule;
mod sender;
mod text;
mod watch;

pub use beginning::Beginning;
pub use change_event::ChangeEventsAsked;
pub use intake::{Fates, FatesAsked};
pub use page::{FIRING_COUNTED, Numbered, Standing, Unresolved};
pub use rule::RuleHits;
pub use sender::{AlertName, SenderAlert, SenderHeartbeat, SortKey, Sought};
pub use text::alert_text;

use crate::act::{Reader, Rights};
use crate::engine::{Engine, snapshot};
use crate::failure::Failure;
use crate::snapshot::Snapshot;
use domain::alert::Alert;
use domain::incident::{Event, Happening, Incident};
use domain::permission::{Action, Answer};
use domain::{InstanceId, OrganizationId, Refusal};
use std::sync::Arc;
use store::{Filter, ListPlace, Sorting, Tx};

/// One incident with all that is told of it.
#[derive(Debug)]
pub struct Details {
    /// The incident.
    pub incident: Incident,
    /// Its log, oldest first.
    pub events: Vec<Event>,
    /// Text of the alert it began with.
    pub text: String,
    /// The directory at that moment.
    pub snapshot: Arc<Snapshot>,
}

/// Incidents of a list, with the directory at that moment.
#[derive(Debug)]
pub struct Listed {
    /// The incidents, each with its STATUS UPDATE events.
    pub incidents: Vec<(Incident, Vec<Event>)>,
    /// The directory.
    pub snapshot: Arc<Snapshot>,
}

/// The incident, or the refusal that says there is none, also where who reads must not know of it.
///
/// # Errors
/// `Refused(UnknownIncident)`, or as the store says.
pub fn incident_seen(
    tx: &mut dyn Tx,
    reader: &Reader,
    snapshot: &Snapshot,
    id: InstanceId,
) -> Result<Incident, Failure> {
    incident_for(tx, reader, snapshot, (id, Action::Read))
}

fn incident_for(
    tx: &mut dyn Tx,
    reader: &Reader,
    snapshot: &Snapshot,
    (id, action): (InstanceId, Action),
) -> Result<Incident, Failure> {
    let found = incident(tx, reader.organization, id)?;
    let rights = reader.rights(snapshot);
    if rights.to(action, rights.incident(&found)) == Answer::Allowed {
        return Ok(found);
    }
    Err(Failure::Refused(Refusal::UnknownIncident { field: "instance_id", instance_id: id }))
}

/// The incident, or the refusal that says there is none.
///
/// # Errors
/// `Refused(UnknownIncident)`, or as the store says.
pub fn incident(tx: &mut dyn Tx, organization: OrganizationId, id: InstanceId) -> Result<Incident, Failure> {
    let unknown = Refusal::UnknownIncident { field: "instance_id", instance_id: id };
    store::incident_load(tx, organization, id)?.ok_or(Failure::Refused(unknown))
}

/// Incidents that are looked at for a list of which some are hidden.
const LOOKED_AT: u32 = 5_000;

/// Incidents of a list in an order, behind where one of them stands.
pub type Ordered = (Sorting, Option<ListPlace>);

/// The first incidents that a filter lets through and somebody sees.
pub(crate) fn listed(
    tx: &mut dyn Tx,
    rights: &Rights<'_>,
    organization: OrganizationId,
    (filter, (sorting, mut behind)): (&Filter, Ordered),
    limit: u32,
) -> Result<Vec<Incident>, Failure> {
    if rights.sees_everything() {
        return Ok(store::incident_list_sorted(tx, organization, filter, (sorting, behind), limit)?);
    }
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let (mut seen, mut looked_at) = (Vec::new(), 0);
    while seen.len() < most && looked_at < LOOKED_AT {
        let found = store::incident_list_sorted(tx, organization, filter, (sorting, behind), limit)?;
        let Some(last) = found.last().filter(|_| found.len() == most) else {
            seen.extend(found.into_iter().filter(|incident| rights.sees_incident(incident)));
            break;
        };
        behind = Some(sorting.place(last));
        looked_at += limit.max(1);
        seen.extend(found.into_iter().filter(|incident| rights.sees_incident(incident)));
    }
    seen.truncate(most);
    Ok(seen)
}

impl Engine {
    /// An incident, whole.
    ///
    /// # Errors
    /// `Refused(UnknownIncident)`, `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn details(&self, reader: Reader, id: InstanceId) -> Result<Details, Failure> {
        self.read(move |tx, shared| {
            let organization = reader.organization;
            let snapshot = snapshot(tx, shared, &reader)?;
            let incident = incident_seen(tx, &reader, &snapshot, id)?;
            let events = store::event_list(tx, organization, id)?;
            let text = alert_text(tx, organization, id, &incident.task_ref_id)?;
            Ok(Details { incident, events, text, snapshot })
        })
        .await
    }

    /// An incident by itself.
    ///
    /// # Errors
    /// As [`Engine::details`].
    pub async fn incident(&self, reader: Reader, id: InstanceId) -> Result<Incident, Failure> {
        self.read(move |tx, shared| {
            let snapshot = snapshot(tx, shared, &reader)?;
            incident_seen(tx, &reader, &snapshot, id)
        })
        .await
    }

    /// An incident to which the reader may do this.
    ///
    /// # Errors
    /// As [`Engine::details`].
    pub async fn incident_for(&self, reader: Reader, id: InstanceId, action: Action) -> Result<Incident, Failure> {
        self.read(move |tx, shared| {
            let snapshot = snapshot(tx, shared, &reader)?;
            incident_for(tx, &reader, &snapshot, (id, action))
        })
        .await
    }

    /// An incident with its alerts, oldest first.
    ///
    /// # Errors
    /// As [`Engine::details`].
    pub async fn alerts(
        &self,
        reader: Reader,
        id: InstanceId,
    ) -> Result<(Incident, Vec<Alert>, Arc<Snapshot>), Failure> {
        self.read(move |tx, shared| {
            let organization = reader.organization;
            let snapshot = snapshot(tx, shared, &reader)?;
            let incident = incident_seen(tx, &reader, &snapshot, id)?;
            Ok((incident, store::alert_list(tx, organization, id)?, snapshot))
        })
        .await
    }

    /// The incidents that a filter lets through and who reads may see, newest first, at most `limit`; each with the events
    /// of its log that tell of status updates. Where something is hidden from them, at most 5,000 are looked at.
    ///
    /// # Errors
    /// As [`Engine::details`].
    pub async fn incidents(&self, reader: Reader, filter: Filter, limit: u32) -> Result<Listed, Failure> {
        self.incidents_sorted(reader, filter, (Sorting::Newest, None), limit).await
    }

    /// As [`Engine::incidents`], in another order, behind where one of them stands.
    ///
    /// # Errors
    /// As [`Engine::details`].
    pub async fn incidents_sorted(
        &self,
        reader: Reader,
        filter: Filter,
        ordered: Ordered,
        limit: u32,
    ) -> Result<Listed, Failure> {
        self.read(move |tx, shared| {
            let organization = reader.organization;
            let snapshot = snapshot(tx, shared, &reader)?;
            let found = listed(tx, &reader.rights(&snapshot), organization, (&filter, ordered), limit)?;
            let with_updates = |incident: Incident| {
                let mut events = Vec::new();
                if incident.status_updates > 0 {
                    events = store::event_list(tx, organization, incident.instance_id)?;
                    events.retain(|event| matches!(event.what, Happening::StatusUpdate { .. }));
                }
                Ok((incident, events))
            };
            let incidents = found.into_iter().map(with_updates).collect::<Result<_, Failure>>()?;
            Ok(Listed { incidents, snapshot })
        })
        .await
    }
}

//! What a page about incidents is made of, each in one transaction.

use super::{Reader, incident_seen};
use crate::engine::{Engine, snapshot};
use crate::failure::Failure;
use crate::snapshot::Snapshot;
use domain::alert::Alert;
use domain::incident::{Event, Happening, Incident, Status};
use domain::notification::Channel;
use domain::{InstanceId, Instant, OrganizationId, Refusal, Username};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::Tx;

/// Firing alerts of an incident that are counted.
pub const FIRING_COUNTED: u32 = 100;

/// An incident as a page shows it.
#[derive(Debug)]
pub struct Numbered {
    /// The incident.
    pub incident: Incident,
    /// Its log, oldest first.
    pub events: Vec<Event>,
    /// Its alerts, oldest first.
    pub alerts: Vec<Alert>,
    /// How many of them their senders say are firing; [`FIRING_COUNTED`] where there are so many or more.
    pub firing: u32,
    /// Numbers within the organization of the other incidents that it or its log names.
    pub others: BTreeMap<InstanceId, i64>,
    /// The directory at that moment.
    pub snapshot: Arc<Snapshot>,
}

/// How many incidents are not resolved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unresolved {
    /// Nobody acts on them.
    pub open: u64,
    /// Somebody acts on them.
    pub acknowledged: u64,
}

impl Unresolved {
    /// Those of an organization.
    ///
    /// # Errors
    /// As the store says.
    pub fn of(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Self, store::Error> {
        let mut count = |status| store::incident_count(tx, organization, status);
        Ok(Self { open: count(Status::Open)?, acknowledged: count(Status::Acknowledged)? })
    }
}

impl Engine {
    /// The incident with this number within the organization, whole.
    ///
    /// # Errors
    /// As [`Engine::details`].
    pub async fn numbered(&self, reader: Reader, number: i64) -> Result<Numbered, Failure> {
        self.read(move |tx, shared| {
            let organization = reader.organization;
            let snapshot = snapshot(tx, shared, &reader)?;
            let unknown = Refusal::UnknownIncident { field: "number", instance_id: InstanceId::UNSAVED };
            let found = store::incident_by_number(tx, organization, number)?;
            let found = found.filter(|incident| reader.rights(&snapshot).sees_incident(incident));
            let incident = found.ok_or(Failure::Refused(unknown))?;
            let id = incident.instance_id;
            let (events, alerts) = (store::event_list(tx, organization, id)?, store::alert_list(tx, organization, id)?);
            let mut others = BTreeMap::new();
            for other in events.iter().filter_map(named).chain(incident.merged_into) {
                if let Some(other) = store::incident_load(tx, organization, other)? {
                    others.insert(other.instance_id, other.organization_instance_id);
                }
            }
            let firing = store::problem_count_open(tx, organization, id, FIRING_COUNTED)?;
            Ok(Numbered { incident, events, alerts, firing, others, snapshot })
        })
        .await
    }

    /// The number within the organization of an incident.
    ///
    /// # Errors
    /// As [`Engine::details`].
    pub async fn number_of(&self, reader: Reader, id: InstanceId) -> Result<i64, Failure> {
        self.read(move |tx, shared| {
            let snapshot = snapshot(tx, shared, &reader)?;
            Ok(incident_seen(tx, &reader, &snapshot, id)?.organization_instance_id)
        })
        .await
    }

    /// How many incidents of the organization are not resolved.
    ///
    /// # Errors
    /// As [`Engine::details`].
    pub async fn unresolved(&self, reader: Reader) -> Result<Unresolved, Failure> {
        self.read(move |tx, shared| {
            snapshot(tx, shared, &reader)?;
            Ok(Unresolved::of(tx, reader.organization)?)
        })
        .await
    }
}

impl Engine {
    /// When each of these people was sent the last message, and by which channel; not whether it arrived.
    ///
    /// # Errors
    /// As [`Engine::details`].
    pub async fn last_messages(
        &self,
        reader: Reader,
        people: Vec<Username>,
    ) -> Result<BTreeMap<String, (Channel, Instant)>, Failure> {
        self.read(move |tx, shared| {
            snapshot(tx, shared, &reader)?;
            let mut last = BTreeMap::new();
            for user in people {
                let found = store::pace_last(tx, reader.organization, &user)?;
                last.extend(found.map(|found| (user.to_string(), found)));
            }
            Ok(last)
        })
        .await
    }
}

/// What changed in an organization, as it stands now.
#[derive(Debug)]
pub struct Standing {
    /// Incidents that changed; those that cannot be read are left out.
    pub incidents: Vec<Incident>,
    /// How many are not resolved.
    pub unresolved: Unresolved,
    /// The directory at that moment.
    pub snapshot: Arc<Snapshot>,
}

impl Engine {
    /// How these incidents of an organization stand now; for pages that were asked for by somebody who may see them.
    ///
    /// # Errors
    /// `Broken` where there is no such organization; otherwise as the store says.
    pub async fn standing_of(
        &self,
        organization: OrganizationId,
        ids: BTreeSet<InstanceId>,
    ) -> Result<Standing, Failure> {
        self.read(move |tx, shared| {
            let gone = || Failure::Broken(format!("no organization {}", organization.0));
            let snapshot = shared.directories.current(tx, organization)?.ok_or_else(gone)?;
            let mut incidents = Vec::new();
            for id in ids {
                match store::incident_load(tx, organization, id) {
                    Ok(found) => incidents.extend(found),
                    Err(store::Error::Corrupt(reason)) => tracing::error!(reason, "an incident cannot be shown"),
                    Err(error) => return Err(error.into()),
                }
            }
            Ok(Standing { incidents, unresolved: Unresolved::of(tx, organization)?, snapshot })
        })
        .await
    }
}

/// The other incident that an event names.
fn named(event: &Event) -> Option<InstanceId> {
    match event.what {
        Happening::MergedInto { survivor } => Some(survivor),
        Happening::Absorbed { absorbed, .. } => Some(absorbed),
        Happening::UnMerge { into, .. } => Some(into),
        _ => None,
    }
}

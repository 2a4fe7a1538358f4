//! Reading what somebody changed, of a service or near an incident in time.

use super::intake::{integration, service_entry};
use super::{Reader, Rights, incident_seen};
use crate::engine::{Engine, snapshot};
use crate::failure::Failure;
use crate::snapshot::Snapshot;
use domain::directory::Directory;
use domain::intake::ChangeEvent;
use domain::{InstanceId, Instant, OrganizationId, RefId, Refusal, limits};
use std::sync::Arc;
use store::{ChangeEventFilter, ChangeEventsOf, Tx};

/// Events that are looked at together, of which some may not be seen.
const LOOKED_AT_ONCE: u32 = 500;

/// Which change events are asked for; all where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct ChangeEventsAsked {
    /// Of this service, by id or name.
    pub service: Option<String>,
    /// Of this integration, by id or name.
    pub integration: Option<String>,
    /// Of the service of this incident, from a day before it began until it was resolved.
    pub instance_id: Option<InstanceId>,
    /// Not before.
    pub since: Option<Instant>,
    /// Not after.
    pub until: Option<Instant>,
    /// After this one in the order of the list.
    pub after: Option<String>,
}

impl Engine {
    /// What was changed, the last first, at most `limit`.
    ///
    /// # Errors
    /// `Refused(UnknownComponent)`, `Refused(UnknownIncident)`, `Refused(UnknownAlert)` for `after`; otherwise as
    /// [`Engine::details`].
    pub async fn change_events(
        &self,
        reader: Reader,
        asked: ChangeEventsAsked,
        limit: u32,
    ) -> Result<(Vec<ChangeEvent>, Arc<Snapshot>), Failure> {
        self.read(move |tx, shared| {
            let snapshot = snapshot(tx, shared, &reader)?;
            let rights = reader.rights(&snapshot);
            let known = |name| integration((&rights, &*snapshot), "integration", name);
            let by = asked.integration.as_deref().map(known).transpose()?;
            let by = by.map(|entry| entry.ref_id.clone());
            let filter = filter(tx, &reader, &snapshot, (&asked, by.as_ref()))?;
            let Some(filter) = filter else { return Ok((Vec::new(), snapshot)) };
            let is_seen = |event: &ChangeEvent| {
                by.as_ref().is_none_or(|by| event.integration == *by) && event_seen(&rights, &snapshot.directory, event)
            };
            let found = seen(tx, reader.organization, filter, limit, is_seen)?;
            Ok((found, Arc::clone(&snapshot)))
        })
        .await
    }
}

/// Whether somebody sees an event: of an integration and a service that they see. Where neither is there any more, nobody
/// knows whose it was, and those see it who see everything.
fn event_seen(rights: &Rights<'_>, directory: &Directory, event: &ChangeEvent) -> bool {
    let integration = directory.integrations.with_ref(event.integration.as_str());
    let service = event.service.as_ref().and_then(|service| directory.services.with_ref(service.as_str()));
    let integration = integration.map(|entry| rights.sees(entry.component.team.as_deref()));
    let service = service.map(|entry| rights.sees(entry.component.team.as_deref()));
    match (integration, service) {
        (None, None) => rights.sees_everything(),
        (integration, service) => integration.unwrap_or(true) && service.unwrap_or(true),
    }
}

/// What the store is asked for; nothing where there cannot be any.
fn filter(
    tx: &mut dyn Tx,
    reader: &Reader,
    snapshot: &Snapshot,
    (asked, by): (&ChangeEventsAsked, Option<&RefId>),
) -> Result<Option<ChangeEventFilter>, Failure> {
    let (mut since, mut until) = (asked.since.unwrap_or(Instant(0)), asked.until.unwrap_or(Instant(i64::MAX)));
    let known = |name| service_entry((&reader.rights(snapshot), snapshot), name);
    let on = asked.service.as_deref().map(known).transpose()?;
    let mut service = on.map(|entry| entry.ref_id.clone());
    if let Some(id) = asked.instance_id {
        let incident = incident_seen(tx, reader, snapshot, id)?;
        since = since.max(incident.created_at.plus_micros(-limits::CHANGES_BEFORE));
        until = until.min(incident.resolved_at.unwrap_or(Instant(i64::MAX)));
        if incident.service.is_none() || (service.is_some() && service != incident.service) {
            return Ok(None);
        }
        service = incident.service;
    }
    let of = match (service, by) {
        (Some(service), _) => ChangeEventsOf::Service(service),
        (None, Some(by)) => ChangeEventsOf::Integration(by.clone()),
        (None, None) => ChangeEventsOf::All,
    };
    let after = match &asked.after {
        None => None,
        Some(id) => {
            let unknown = || Failure::Refused(Refusal::UnknownAlert { field: "after", task_ref_id: id.clone() });
            let event = store::change_event_load(tx, reader.organization, id)?.ok_or_else(unknown)?;
            Some((event.occurred_at, event.id))
        }
    };
    Ok(Some(ChangeEventFilter { of, since, until, after }))
}

/// Those that are seen, looked for page by page.
fn seen(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    mut filter: ChangeEventFilter,
    limit: u32,
    is_seen: impl Fn(&ChangeEvent) -> bool,
) -> Result<Vec<ChangeEvent>, Failure> {
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let at_once = limit.max(LOOKED_AT_ONCE);
    let mut found = Vec::new();
    while found.len() < size {
        let page = store::change_event_list(tx, organization, &filter, at_once)?;
        let is_last = page.len() < usize::try_from(at_once).unwrap_or(usize::MAX);
        filter.after = page.last().map(|event| (event.occurred_at, event.id.clone()));
        found.extend(page.into_iter().filter(&is_seen));
        if is_last {
            break;
        }
    }
    found.truncate(size);
    Ok(found)
}

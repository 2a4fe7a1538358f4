//! Reading what became of alerts, and what came to an integration.

use super::{Reader, Rights};
use crate::act::{AlertPlace, AlertToEnd, place_of};
use crate::digest::problem_digest;
use crate::engine::{Engine, snapshot};
use crate::failure::Failure;
use crate::snapshot::Snapshot;
use domain::directory::{ComponentKind, Directory, Entry, Integration, Service};
use domain::intake::AlertFate;
use domain::{InstanceId, Instant, OrganizationId, RefId, Refusal};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::{FateFilter, FatesOf, PayloadRow, TopicRow, Tx};

/// Later fates of the same incident among which those of the same problem are told with one.
const LATER: u32 = 1_000;

/// Which fates are asked for; all where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct FatesAsked {
    /// Of this integration, by id or name.
    pub integration: Option<String>,
    /// Of this service, by id or name: of its incidents, and without an incident of what comes in on it.
    pub service: Option<String>,
    /// Of what a sender calls so.
    pub identity: Option<String>,
    /// Of this incident.
    pub instance_id: Option<InstanceId>,
    /// With this word.
    pub fate: Option<String>,
    /// Not before.
    pub since: Option<Instant>,
    /// Not after.
    pub until: Option<Instant>,
    /// After this alert in the order of the list.
    pub after: Option<String>,
}

/// Fates, with the directory that their integrations stand in.
#[derive(Debug)]
pub struct Fates {
    /// The fates, newest first.
    pub fates: Vec<AlertFate>,
    /// The directory.
    pub snapshot: Arc<Snapshot>,
}

/// Whether somebody sees what came by the integration or heartbeat that an alert came by.
fn is_seen(rights: &Rights<'_>, snapshot: &Snapshot, fate: &AlertFate) -> bool {
    let owner = |kind| snapshot.directory.owner(kind, fate.integration.as_str());
    rights.sees(owner(ComponentKind::Integration).or_else(|| owner(ComponentKind::Heartbeat)))
}

impl Engine {
    /// What became of an alert, then of later ones of the same problem in the same incident, the oldest first.
    ///
    /// # Errors
    /// `Refused(UnknownAlert)`; otherwise as [`Engine::details`].
    pub async fn fate(&self, reader: Reader, alert: String) -> Result<Fates, Failure> {
        self.read(move |tx, shared| {
            let organization = reader.organization;
            let snapshot = snapshot(tx, shared, &reader)?;
            let unknown = || Failure::Refused(Refusal::UnknownAlert { field: "alert_id", task_ref_id: alert.clone() });
            let fate = store::fate_load(tx, organization, &alert)?.ok_or_else(unknown)?;
            let rights = reader.rights(&snapshot);
            if !is_seen(&rights, &snapshot, &fate) {
                return Err(unknown());
            }
            let Some(id) = fate.judged.instance_id else { return Ok(Fates { fates: vec![fate], snapshot }) };
            let later = FateFilter {
                of: FatesOf::Incident(id),
                fate: String::new(),
                since: fate.received_at,
                until: Instant(i64::MAX),
                after: None,
            };
            let mut later = store::fate_list(tx, organization, &later, LATER)?;
            later.retain(|later| later.alert_id != fate.alert_id && later.problem == fate.problem);
            later.reverse();
            Ok(Fates { fates: std::iter::once(fate).chain(later).collect(), snapshot })
        })
        .await
    }

    /// Where an alert stands that is to be ended.
    ///
    /// # Errors
    /// `Refused(UnknownAlert)`; otherwise as [`Engine::details`].
    pub async fn alert_place(&self, reader: Reader, asked: AlertToEnd) -> Result<(AlertPlace, Arc<Snapshot>), Failure> {
        self.read(move |tx, shared| {
            let snapshot = snapshot(tx, shared, &reader)?;
            let unknown =
                || Failure::Refused(Refusal::UnknownAlert { field: "alert_id", task_ref_id: asked.alert.to_string() });
            Ok((place_of(tx, reader.organization, &asked)?.ok_or_else(unknown)?, snapshot))
        })
        .await
    }

    /// The topics of Amazon SNS that an integration is subscribed to.
    ///
    /// # Errors
    /// As the store says.
    pub async fn topics(&self, organization: OrganizationId, integration: RefId) -> Result<Vec<TopicRow>, Failure> {
        self.read(move |tx, _| Ok(store::topic_list(tx, organization, &integration)?)).await
    }

    /// The fates that are asked for, at most `limit`.
    ///
    /// # Errors
    /// `Refused(UnknownComponent)` for an integration that is not there, `Refused(UnknownAlert)` for `after`; otherwise as
    /// [`Engine::details`].
    pub async fn fates(&self, reader: Reader, asked: FatesAsked, limit: u32) -> Result<Fates, Failure> {
        self.read(move |tx, shared| {
            let organization = reader.organization;
            let snapshot = snapshot(tx, shared, &reader)?;
            let rights = reader.rights(&snapshot);
            let seen = (&rights, &*snapshot);
            let integration = asked.integration.as_deref().map(|name| integration(seen, "integration", name));
            let integration = integration.transpose()?.map(|entry| entry.ref_id.clone());
            let service = asked.service.as_deref().map(|name| service(seen, name)).transpose()?;
            let after = match &asked.after {
                Some(alert) => {
                    let unknown =
                        || Failure::Refused(Refusal::UnknownAlert { field: "after", task_ref_id: alert.clone() });
                    let fate = store::fate_load(tx, organization, alert)?.ok_or_else(unknown)?;
                    Some((fate.received_at, fate.alert_id))
                }
                None => None,
            };
            let mut search = Search { tx, organization, rights, snapshot: &snapshot, integration, service, asked };
            let mut fates = Vec::new();
            for of in search.places() {
                fates.append(&mut search.look(of, after.clone(), limit)?);
            }
            fates.sort_by(|one, other| (other.received_at, &other.alert_id).cmp(&(one.received_at, &one.alert_id)));
            fates.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok(Fates { fates, snapshot })
        })
        .await
    }

    /// An integration, by its id or name, and the last bodies that came to it, newest first.
    ///
    /// # Errors
    /// `Refused(UnknownComponent)`; otherwise as [`Engine::details`].
    pub async fn payloads(&self, reader: Reader, name: String) -> Result<(Integration, Vec<PayloadRow>), Failure> {
        self.read(move |tx, shared| {
            let organization = reader.organization;
            let snapshot = snapshot(tx, shared, &reader)?;
            let entry = integration((&reader.rights(&snapshot), &*snapshot), "integration_ref_id", &name)?;
            let payloads = store::payload_list(tx, organization, &entry.ref_id)?;
            Ok((entry.component.clone(), payloads))
        })
        .await
    }
}

/// The integration of this id or name, if whoever asks sees it.
pub(super) fn integration<'a>(
    (rights, snapshot): (&Rights<'_>, &'a Snapshot),
    field: &'static str,
    name: &str,
) -> Result<&'a Entry<Integration>, Failure> {
    let found =
        snapshot.directory.integrations.known(name).filter(|entry| rights.sees(entry.component.team.as_deref()));
    let unknown = || Refusal::UnknownComponent { field, kind: ComponentKind::Integration, name: name.to_owned() };
    Ok(found.ok_or_else(unknown)?)
}

/// Likewise a service.
pub(super) fn service_entry<'a>(
    (rights, snapshot): (&Rights<'_>, &'a Snapshot),
    name: &str,
) -> Result<&'a Entry<Service>, Failure> {
    let found = snapshot.directory.services.known(name).filter(|entry| rights.sees(entry.component.team.as_deref()));
    let (field, kind) = ("service", ComponentKind::Service);
    let unknown = || Refusal::UnknownComponent { field, kind, name: name.to_owned() };
    Ok(found.ok_or_else(unknown)?)
}

fn service((rights, snapshot): (&Rights<'_>, &Snapshot), name: &str) -> Result<OnService, Failure> {
    let directory = &snapshot.directory;
    let entry = service_entry((rights, snapshot), name)?;
    let is_on = |service: &Option<String>| service.as_ref() == Some(&entry.component.name);
    let integrations = directory.integrations.iter().filter(|entry| is_on(&entry.component.service));
    let heartbeats = directory.heartbeats.iter().filter(|entry| is_on(&entry.component.service));
    let sources = integrations.map(|entry| &entry.ref_id).chain(heartbeats.map(|entry| &entry.ref_id));
    Ok(OnService { ref_id: entry.ref_id.clone(), sources: sources.cloned().collect(), incidents: BTreeMap::new() })
}

/// A service whose fates are asked for.
struct OnService {
    ref_id: RefId,
    /// What comes in on it.
    sources: BTreeSet<RefId>,
    /// Whether incidents are of it, as far as that was looked up.
    incidents: BTreeMap<InstanceId, bool>,
}

/// Looking for fates.
struct Search<'a> {
    tx: &'a mut dyn Tx,
    organization: OrganizationId,
    rights: Rights<'a>,
    snapshot: &'a Snapshot,
    integration: Option<RefId>,
    service: Option<OnService>,
    asked: FatesAsked,
}

impl Search<'_> {
    /// Where those that are asked for stand, and others maybe.
    fn places(&self) -> Vec<FatesOf> {
        match (self.asked.instance_id, &self.integration, self.asked.identity.as_deref(), &self.service) {
            (Some(id), ..) => vec![FatesOf::Incident(id)],
            (None, Some(source), Some(identity), _) => vec![of_problem(source, identity)],
            (None, None, Some(identity), _) => {
                sources(&self.snapshot.directory).map(|source| of_problem(source, identity)).collect()
            }
            (None, Some(source), None, _) => vec![FatesOf::Integration(source.clone())],
            (None, None, None, Some(service)) => {
                let without = service.sources.iter().cloned().map(FatesOf::WithoutIncident);
                std::iter::once(FatesOf::Service(service.ref_id.clone())).chain(without).collect()
            }
            (None, None, None, None) => vec![FatesOf::All],
        }
    }

    /// The first of one place, at least `limit` where there are as many.
    fn look(&mut self, of: FatesOf, after: Option<(Instant, RefId)>, limit: u32) -> Result<Vec<AlertFate>, Failure> {
        let size = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut filter = FateFilter {
            of,
            fate: self.asked.fate.clone().unwrap_or_default(),
            since: self.asked.since.unwrap_or(Instant(0)),
            until: self.asked.until.unwrap_or(Instant(i64::MAX)),
            after,
        };
        let mut found = Vec::new();
        // They are looked through for what else is asked of them.
        while found.len() < size {
            let page = store::fate_list(self.tx, self.organization, &filter, limit)?;
            let is_last = page.len() < size;
            filter.after = page.last().map(|fate| (fate.received_at, fate.alert_id.clone()));
            for fate in page {
                if self.fits(&fate)? {
                    found.push(fate);
                }
            }
            if is_last {
                break;
            }
        }
        Ok(found)
    }

    fn fits(&mut self, fate: &AlertFate) -> Result<bool, Failure> {
        let of_source = self.integration.as_ref().is_none_or(|source| *source == fate.integration);
        let identity = self.asked.identity.as_deref();
        let of_problem = || identity.is_none_or(|identity| fate.problem == problem_digest(&fate.integration, identity));
        if !of_source || !is_seen(&self.rights, self.snapshot, fate) || !of_problem() {
            return Ok(false);
        }
        let Some(service) = &mut self.service else { return Ok(true) };
        let Some(id) = fate.judged.instance_id else { return Ok(service.sources.contains(&fate.integration)) };
        if let Some(is_of_it) = service.incidents.get(&id) {
            return Ok(*is_of_it);
        }
        let of = store::fate_incident_service(self.tx, self.organization, id)?;
        let is_of_it = of.as_ref() == Some(&service.ref_id);
        service.incidents.insert(id, is_of_it);
        Ok(is_of_it)
    }
}

/// Everything that an alert can have come from.
fn sources(directory: &Directory) -> impl Iterator<Item = &RefId> {
    let integrations = directory.integrations.by_name().into_iter().map(|entry| &entry.ref_id);
    integrations.chain(directory.heartbeats.by_name().into_iter().map(|entry| &entry.ref_id))
}

fn of_problem(source: &RefId, identity: &str) -> FatesOf {
    FatesOf::Problem(source.clone(), problem_digest(source, identity))
}

//! Reading what became of alerts, and what came to an integration.

use super::{Reader, Rights};
use crate::digest::problem_digest;
use crate::engine::{Engine, snapshot};
use crate::failure::Failure;
use crate::snapshot::Snapshot;
use domain::directory::{ComponentKind, Directory, Entry, Integration};
use domain::intake::AlertFate;
use domain::{InstanceId, Instant, OrganizationId, RefId, Refusal};
use std::sync::Arc;
use store::{FateFilter, FatesOf, PayloadRow, TopicRow};

/// Later fates of the same incident among which those of the same problem are told with one.
const LATER: u32 = 1_000;

/// Which fates are asked for; all where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct FatesAsked {
    /// Of this integration, by id or name.
    pub integration: Option<String>,
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
            let integration = asked.integration.as_deref().map(|name| integration(&snapshot, "integration", name));
            let integration = integration.transpose()?.map(|entry| entry.ref_id.clone());
            let identity = asked.identity.as_deref();
            let all = match (asked.instance_id, &integration, identity) {
                (Some(id), ..) => vec![FatesOf::Incident(id)],
                (None, Some(source), Some(identity)) => vec![of_problem(source, identity)],
                (None, None, Some(identity)) => {
                    sources(&snapshot.directory).map(|source| of_problem(source, identity)).collect()
                }
                (None, Some(source), None) => vec![FatesOf::Integration(source.clone())],
                (None, None, None) => vec![FatesOf::All],
            };
            let after = match &asked.after {
                Some(alert) => {
                    let unknown =
                        || Failure::Refused(Refusal::UnknownAlert { field: "after", task_ref_id: alert.clone() });
                    let fate = store::fate_load(tx, organization, alert)?.ok_or_else(unknown)?;
                    Some((fate.received_at, fate.alert_id))
                }
                None => None,
            };
            let rights = reader.rights(&snapshot);
            let fits = |fate: &AlertFate| {
                let of_source = integration.as_ref().is_none_or(|source| *source == fate.integration);
                of_source
                    && is_seen(&rights, &snapshot, fate)
                    && identity.is_none_or(|identity| fate.problem == problem_digest(&fate.integration, identity))
            };
            let size = usize::try_from(limit).unwrap_or(usize::MAX);
            let mut fates = Vec::new();
            for of in all {
                let mut filter = FateFilter {
                    of,
                    fate: asked.fate.clone().unwrap_or_default(),
                    since: asked.since.unwrap_or(Instant(0)),
                    until: asked.until.unwrap_or(Instant(i64::MAX)),
                    after: after.clone(),
                };
                let mut found = Vec::new();
                // Those of an incident are looked through for what else is asked of them; of others each fits.
                while found.len() < size {
                    let page = store::fate_list(tx, organization, &filter, limit)?;
                    let is_last = page.len() < size;
                    filter.after = page.last().map(|fate| (fate.received_at, fate.alert_id.clone()));
                    found.extend(page.into_iter().filter(&fits));
                    if is_last {
                        break;
                    }
                }
                fates.append(&mut found);
            }
            fates.sort_by(|one, other| (other.received_at, &other.alert_id).cmp(&(one.received_at, &one.alert_id)));
            fates.truncate(size);
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
            let entry = integration(&snapshot, "integration_ref_id", &name)?;
            let payloads = store::payload_list(tx, organization, &entry.ref_id)?;
            Ok((entry.component.clone(), payloads))
        })
        .await
    }
}

fn integration<'a>(snapshot: &'a Snapshot, field: &'static str, name: &str) -> Result<&'a Entry<Integration>, Failure> {
    let integrations = &snapshot.directory.integrations;
    let unknown = || Refusal::UnknownComponent { field, kind: ComponentKind::Integration, name: name.to_owned() };
    Ok(integrations.with_ref(name).or_else(|| integrations.named(name)).ok_or_else(unknown)?)
}

/// Everything that an alert can have come from.
fn sources(directory: &Directory) -> impl Iterator<Item = &RefId> {
    let integrations = directory.integrations.by_name().into_iter().map(|entry| &entry.ref_id);
    integrations.chain(directory.heartbeats.by_name().into_iter().map(|entry| &entry.ref_id))
}

fn of_problem(source: &RefId, identity: &str) -> FatesOf {
    FatesOf::Problem(source.clone(), problem_digest(source, identity))
}

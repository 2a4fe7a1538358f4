//! Reading for a sender, which has the key of an integration and sees what came through it, and no more.

use crate::digest::problem_digest;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::snapshot::Snapshot;
use domain::alert::Alert;
use domain::directory::Heartbeat;
use domain::incident::{Happening, Incident, Status};
use domain::intake::AlertFate;
use domain::{Instant, OrganizationId, RefId, limits};
use std::sync::Arc;
use store::{HeartbeatRow, ListedProblem, ProblemsOf, Tx};

/// Problems that are read together.
const PAGE: u32 = 500;
/// Newest events of an incident among which its snooze is looked for.
const LATEST: u32 = 50;

/// How a sender names an alert of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlertName {
    /// By the id that it was given, else by the identity of its problem.
    Id {
        /// The id.
        id: String,
        /// What its problem is called if it is no id.
        identity: String,
    },
    /// By the identity of its problem, as enrichments made it.
    Identity(String),
    /// By its incident's number within the organization.
    Number(i64),
}

/// An alert as its sender may see it.
#[derive(Debug)]
pub struct SenderAlert {
    /// The alert.
    pub alert: Alert,
    /// Its incident.
    pub incident: Incident,
    /// Whether its sender calls it over.
    pub is_over: bool,
    /// When its sender was heard of it last.
    pub heard_at: Instant,
    /// Until when nobody is asked, where somebody wanted that.
    pub snoozed_until: Option<Instant>,
    /// The directory.
    pub snapshot: Arc<Snapshot>,
}

/// A heartbeat, and when it was heard of; `None` where it never was.
pub type SenderHeartbeat = (Heartbeat, Option<HeartbeatRow>);

/// By what alerts are put in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// A number or a time.
    Number(i64),
    /// A text.
    Text(String),
}

/// Which alerts of an integration are sought, and how they are put in order.
pub struct Sought {
    /// Whose.
    pub organization: OrganizationId,
    /// The integration's.
    pub integration: RefId,
    /// Which problems are looked at.
    pub of: ProblemsOf,
    /// Which of them fit.
    pub fits: Box<dyn Fn(&ListedProblem) -> bool + Send>,
}

impl Engine {
    /// What became of an alert of this integration, and whether its problem ever had an incident.
    ///
    /// # Errors
    /// As the store says.
    pub async fn fate_for_sender(
        &self,
        organization: OrganizationId,
        integration: RefId,
        alert: String,
    ) -> Result<Option<(AlertFate, bool)>, Failure> {
        self.read(move |tx, _| {
            let Some(fate) = fate_of(tx, organization, &integration, &alert)? else { return Ok(None) };
            let problem = store::problem_load(tx, organization, &fate.problem)?;
            let had_incident = problem.is_some_and(|problem| problem.instance_id.is_some());
            Ok(Some((fate, had_incident)))
        })
        .await
    }

    /// The digest of the problem whose present alert is named so; `None` where an identity names it, which enrichments may
    /// change by what is said beside. An alert that another has followed is over for good, and its digest is nobody's.
    ///
    /// # Errors
    /// As the store says.
    pub async fn problem_for_sender(
        &self,
        organization: OrganizationId,
        integration: RefId,
        name: AlertName,
    ) -> Result<Option<String>, Failure> {
        self.read(move |tx, _| {
            let id = match &name {
                AlertName::Id { id, .. } => id,
                AlertName::Identity(_) => return Ok(None),
                AlertName::Number(_) => return digest_of(tx, organization, &integration, &name).map(Some),
            };
            let Some(fate) = fate_of(tx, organization, &integration, id)? else { return Ok(None) };
            let problem = store::problem_load(tx, organization, &fate.problem)?;
            let is_present =
                problem.is_none_or(|problem| speaks_of(&fate, problem.alert.as_ref(), problem.instance_id));
            Ok(Some(if is_present { fate.problem } else { problem_digest(&integration, &format!("\0{id}")) }))
        })
        .await
    }

    /// An alert that has an incident.
    ///
    /// # Errors
    /// As the store says.
    pub async fn alert_for_sender(
        &self,
        organization: OrganizationId,
        integration: RefId,
        name: AlertName,
    ) -> Result<Option<SenderAlert>, Failure> {
        self.read(move |tx, shared| {
            let Some(snapshot) = shared.directories.current(tx, organization)? else { return Ok(None) };
            let now = Instant(shared.clock.now());
            if let AlertName::Id { id, .. } = &name
                && let Some(fate) = fate_of(tx, organization, &integration, id)?
                && let Some(earlier) = earlier(tx, organization, &fate, (now, &snapshot))?
            {
                return Ok(Some(earlier));
            }
            let digest = digest_of(tx, organization, &integration, &name)?;
            let problem = store::problem_load(tx, organization, &digest)?;
            let Some(problem) = problem.filter(|problem| problem.integration == integration) else { return Ok(None) };
            let (Some(id), Some(alert)) = (problem.instance_id, problem.alert) else { return Ok(None) };
            let Some(alert) = store::alert_load(tx, organization, id, &alert)? else { return Ok(None) };
            let Some(incident) = store::incident_load(tx, organization, id)? else { return Ok(None) };
            let (is_over, heard_at) = (problem.is_over, problem.heard_at);
            let snoozed_until = snoozed_until(tx, &incident, organization, now)?;
            Ok(Some(SenderAlert { alert, incident, is_over, heard_at, snoozed_until, snapshot }))
        })
        .await
    }

    /// How many alerts of an integration fit, among the newest [`limits::PAGE_MOST`] that are looked at.
    ///
    /// # Errors
    /// As the store says.
    pub async fn count_for_sender(&self, sought: Sought) -> Result<usize, Failure> {
        self.read(move |tx, _| {
            let mut count = 0;
            look_through(tx, &sought, |_| count += 1)?;
            Ok(count)
        })
        .await
    }

    /// The alerts of an integration that fit, among the newest [`limits::PAGE_MOST`] that are looked at: those of `place` in
    /// the order of `key`, and how many fit in all. Alerts with the same key are in the order in which they came.
    ///
    /// # Errors
    /// As the store says.
    pub async fn alerts_for_sender(
        &self,
        sought: Sought,
        key: Box<dyn Fn(&ListedProblem) -> SortKey + Send>,
        is_descending: bool,
        (offset, limit): (usize, usize),
    ) -> Result<(Vec<SenderAlert>, usize), Failure> {
        self.read(move |tx, shared| {
            let organization = sought.organization;
            let Some(snapshot) = shared.directories.current(tx, organization)? else { return Ok((Vec::new(), 0)) };
            let mut found = Vec::new();
            look_through(tx, &sought, |listed| {
                let place = (key(&listed), listed.incident.instance_id, listed.created_at);
                found.push((place, listed.alert, (listed.is_over, listed.heard_at)));
            })?;
            found.sort();
            if is_descending {
                found.reverse();
            }
            let count = found.len();
            let mut shown = Vec::new();
            for ((_, id, _), alert, (is_over, heard_at)) in found.into_iter().skip(offset).take(limit) {
                let Some(incident) = store::incident_load(tx, organization, id)? else { continue };
                let Some(alert) = store::alert_load(tx, organization, id, &alert)? else { continue };
                let snoozed_until = snoozed_until(tx, &incident, organization, Instant(shared.clock.now()))?;
                let snapshot = Arc::clone(&snapshot);
                shown.push(SenderAlert { alert, incident, is_over, heard_at, snoozed_until, snapshot });
            }
            Ok((shown, count))
        })
        .await
    }

    /// The heartbeats of an organization, by name.
    ///
    /// # Errors
    /// As the store says.
    pub async fn heartbeats_for_sender(&self, organization: OrganizationId) -> Result<Vec<SenderHeartbeat>, Failure> {
        self.read(move |tx, shared| {
            let Some(snapshot) = shared.directories.current(tx, organization)? else { return Ok(Vec::new()) };
            let heard = store::heartbeat_list(tx, organization)?;
            let entries = snapshot.directory.heartbeats.by_name().into_iter();
            let heard_of =
                |ref_id: &RefId| heard.iter().find(|row| row.ref_id == *ref_id && row.run.is_none()).cloned();
            Ok(entries.map(|entry| (entry.component.clone(), heard_of(&entry.ref_id))).collect())
        })
        .await
    }
}

/// The fate of the alert with this id, if it came by this integration. What has other letters than an id is none.
fn fate_of(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    integration: &RefId,
    id: &str,
) -> Result<Option<AlertFate>, Failure> {
    if !id.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-_".contains(&letter)) {
        return Ok(None);
    }
    Ok(store::fate_load(tx, organization, id)?.filter(|fate| fate.integration == *integration))
}

/// Whether what is known of a problem is what the alert with this fate spoke of.
fn speaks_of(fate: &AlertFate, alert: Option<&RefId>, id: Option<domain::InstanceId>) -> bool {
    alert == Some(&fate.alert_id)
        || alert.is_none()
        || fate.judged.instance_id.is_none()
        || fate.judged.instance_id == id
}

/// An alert that another of the same problem has followed.
fn earlier(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    fate: &AlertFate,
    (now, snapshot): (Instant, &Arc<Snapshot>),
) -> Result<Option<SenderAlert>, Failure> {
    let problem = store::problem_load(tx, organization, &fate.problem)?;
    let (mut id, mut alert) = (fate.judged.instance_id, fate.alert_id.clone());
    let (mut is_over, mut heard_at) = (true, fate.received_at);
    if let Some(problem) = problem
        && speaks_of(fate, problem.alert.as_ref(), problem.instance_id)
    {
        (id, is_over, heard_at) = (problem.instance_id, problem.is_over, problem.heard_at);
        alert = problem.alert.unwrap_or(alert);
    }
    let Some(id) = id else { return Ok(None) };
    let Some(alert) = store::alert_load(tx, organization, id, &alert)? else { return Ok(None) };
    let Some(incident) = store::incident_load(tx, organization, id)? else { return Ok(None) };
    let snoozed_until = snoozed_until(tx, &incident, organization, now)?;
    Ok(Some(SenderAlert { alert, incident, is_over, heard_at, snoozed_until, snapshot: Arc::clone(snapshot) }))
}

fn digest_of(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    integration: &RefId,
    name: &AlertName,
) -> Result<String, Failure> {
    let number = match name {
        AlertName::Id { identity, .. } | AlertName::Identity(identity) => {
            return Ok(problem_digest(integration, identity));
        }
        AlertName::Number(number) => *number,
    };
    let found = match store::incident_by_number(tx, organization, number)? {
        Some(incident) => store::problem_of_incident(tx, organization, incident.instance_id, integration)?,
        None => None,
    };
    Ok(found.unwrap_or_else(|| problem_digest(integration, &number.to_string())))
}

/// Until when an incident is snoozed: by the last thing that set when it is looked at next.
fn snoozed_until(
    tx: &mut dyn Tx,
    incident: &Incident,
    organization: OrganizationId,
    now: Instant,
) -> Result<Option<Instant>, Failure> {
    let until = incident.next_alert_at;
    if incident.status == Status::Resolved || until <= now {
        return Ok(None);
    }
    let latest = store::event_list_latest(tx, organization, incident.instance_id, LATEST)?;
    let snoozes = |what: &Happening| matches!(what, Happening::Snooze { next_alert_at, .. } if *next_alert_at == until);
    Ok(latest.iter().any(|event| snoozes(&event.what)).then_some(until))
}

/// Takes each problem that fits, the newest incident's first.
fn look_through(tx: &mut dyn Tx, sought: &Sought, mut take: impl FnMut(ListedProblem)) -> Result<(), Failure> {
    let mut after = None;
    let mut looked = 0;
    while looked < limits::PAGE_MOST {
        let place = after.as_ref().map(|(id, digest): &(_, String)| (*id, digest.as_str()));
        let of = (&sought.integration, sought.of);
        let (page, rows) = store::problem_list(tx, sought.organization, of, place, PAGE)?;
        looked += PAGE;
        after = page.last().map(|last| (last.incident.instance_id, last.digest.clone()));
        page.into_iter().filter(|listed| (sought.fits)(listed)).for_each(&mut take);
        if rows < PAGE as usize || after.is_none() {
            break;
        }
    }
    Ok(())
}

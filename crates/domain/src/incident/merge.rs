//! Merge and un-merge: one incident of two, and two of one.

use super::change::{AlertChange, Outcome, Pending, Step};
use super::draft::Draft;
use super::event::{Alerting, Happening, Opening};
use super::seek::{Ladders, targets_from_level_1};
use super::{Incident, Status, Target, trigger};
use crate::Refusal;
use crate::alert::{Alert, Grouping};
use crate::directory::Directory;
use crate::ids::{InstanceId, RefId};

/// The draft's incident is absorbed by `survivor`, which the store knows as `id` (contract §2).
pub(super) fn merge(mut draft: Draft<'_>, survivor: Option<Incident>, id: InstanceId) -> Result<Step, Refusal> {
    let absorbed = draft.incident.instance_id;
    if absorbed == id {
        return Err(Refusal::MergedWithItself);
    }
    let unknown = Refusal::UnknownIncident { field: "related_instance_id", instance_id: id };
    let survivor = survivor.ok_or(unknown)?;
    if survivor.status == Status::Resolved {
        return Err(Refusal::AlreadyResolved { instance_id: id });
    }
    let mut surviving = Draft::new(survivor, draft.directory, draft.actor, draft.now);
    surviving.record(Happening::Absorbed {
        absorbed,
        subscribers: draft.incident.subscribers.clone(),
        impacts: draft.incident.impacts.clone(),
    });
    draft.call_off(Pending::DropAll);
    draft.record(Happening::MergedInto { survivor: id });
    Ok(Step {
        changes: vec![surviving.done(), draft.done()],
        alerts: vec![AlertChange::MoveAll { from: absorbed, to: id }],
        outcome: Outcome::Done,
    })
}

/// The alert leaves the draft's incident and becomes an incident of its own (contract §2).
pub(super) fn unmerge(mut draft: Draft<'_>, alerts: Vec<Alert>, task_ref_id: &RefId) -> Result<Step, Refusal> {
    let (leaving, staying): (Vec<Alert>, Vec<Alert>) =
        alerts.into_iter().partition(|alert| alert.ref_id == *task_ref_id);
    let unknown = || Refusal::UnknownAlert { task_ref_id: task_ref_id.0.clone() };
    let alert = leaving.into_iter().next().ok_or_else(unknown)?;
    let first = staying.into_iter().next().ok_or(Refusal::OnlyAlert)?;
    let opening = opening_of(&draft, &alert);
    let mut step = trigger::open(opening, draft.actor, draft.directory, draft.now, |_| {})?;
    step.alerts.push(AlertChange::MoveToNew(alert.ref_id.clone()));
    let (first_task_ref_id, dedup_key) = if draft.incident.task_ref_id == alert.ref_id {
        step.alerts.push(AlertChange::Regroup(first.ref_id.clone(), Grouping::Triggered));
        (first.ref_id, first.dedup_key)
    } else {
        (draft.incident.task_ref_id.clone(), draft.incident.dedup_key.clone())
    };
    let into = InstanceId::UNSAVED;
    draft.record(Happening::UnMerge { task_ref_id: alert.ref_id, into, first_task_ref_id, dedup_key });
    step.changes.push(draft.done());
    Ok(step)
}

fn opening_of(draft: &Draft<'_>, alert: &Alert) -> Opening {
    let own = own_targets(alert, draft.directory);
    let targets = if own.is_empty() { from_level_1(&draft.incident.targets) } else { own };
    let ladders = Ladders::of_targets(&targets, draft.directory, draft.now);
    let next_alert_at = draft.now.plus_minutes(ladders.minutes(1));
    let alerting = Alerting { level: 1, assignees: ladders.people(1), next_alert_at };
    Opening {
        title: alert.title.clone(),
        urgency: alert.urgency,
        service: alert.service.clone(),
        task_ref_id: alert.ref_id.clone(),
        integration_name: alert.integration_name.clone(),
        targets,
        tags: Vec::new(),
        dedup_key: alert.dedup_key.clone(),
        resolve_at: None,
        rule: None,
        alerting,
    }
}

/// What the alert itself named, as far as it still exists.
fn own_targets(alert: &Alert, directory: &Directory) -> Vec<Target> {
    let service = alert.service.as_ref().and_then(|id| directory.services.with_ref(id.as_str()));
    let of_service = service.and_then(|entry| directory.policies.named(&entry.component.escalation_policy));
    let policies = alert.addressed_to.policies.iter().filter(|policy| directory.ladder(policy).is_some());
    let own = alert.addressed_to.users.iter().filter_map(|user| directory.own_policy(user.as_str()));
    let all: Vec<RefId> =
        of_service.map(|entry| entry.ref_id.clone()).into_iter().chain(policies.chain(own).cloned()).collect();
    targets_from_level_1(&all)
}

fn from_level_1(targets: &[Target]) -> Vec<Target> {
    targets.iter().map(|target| Target { policy: target.policy.clone(), joined_at_level: 1 }).collect()
}

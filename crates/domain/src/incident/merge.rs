//! Merge and un-merge: one incident of two, and two of one.

use super::change::{AlertChange, Outcome, Pending, Step};
use super::draft::Draft;
use super::event::{Alerting, Event, Happening, Opening};
use super::replay::replay;
use super::seek::{Ladders, targets_from_level_1};
use super::{Incident, Status, Target, trigger};
use crate::alert::{Alert, Grouping};
use crate::directory::Directory;
use crate::ids::{InstanceId, RefId, Username};
use crate::{Instant, Refusal, limits};
use std::collections::HashSet;

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
    let all: HashSet<_> = survivor.subscribers.iter().chain(&draft.incident.subscribers).collect();
    if all.len() > limits::SUBSCRIBERS.max(survivor.subscribers.len()) {
        return Err(Refusal::TooMany { field: "subscribers", limit: limits::SUBSCRIBERS });
    }
    let mut surviving = Draft::new(survivor, draft.directory, draft.actor, draft.now);
    let ends_before = |at: Instant| draft.incident.resolve_at.is_some_and(|other| other <= at);
    let stays = surviving.incident.resolve_at.is_some_and(|at| !ends_before(at));
    surviving.record(Happening::Absorbed {
        absorbed,
        stays,
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

/// The alert leaves the draft's incident and becomes an incident of its own (contract §2). If an absorbed incident began with
/// it, who followed that one follows the new one, and the old one no more, unless they followed it before.
pub(super) fn unmerge(
    mut draft: Draft<'_>,
    alerts: Vec<Alert>,
    origin: Option<(Incident, Vec<Event>)>,
    task_ref_id: &RefId,
) -> Result<Step, Refusal> {
    let (leaving, staying): (Vec<Alert>, Vec<Alert>) =
        alerts.into_iter().partition(|alert| alert.ref_id == *task_ref_id);
    let unknown = || Refusal::UnknownAlert { field: "task_ref_id", task_ref_id: task_ref_id.0.clone() };
    let alert = leaving.into_iter().next().ok_or_else(unknown)?;
    let first = staying.into_iter().next().ok_or(Refusal::OnlyAlert)?;
    let opening = opening_of(&draft, &alert);
    let followers = origin.map(|(absorbed, log)| Followers::of(absorbed, &log)).unwrap_or_default();
    let mut step = trigger::open(opening, draft.actor, draft.directory, draft.now, |fresh| followers.join(fresh))?;
    step.alerts.push(AlertChange::MoveToNew(alert.ref_id.clone()));
    let (first_task_ref_id, dedup_key, title) = if draft.incident.task_ref_id == alert.ref_id {
        step.alerts.push(AlertChange::Regroup(first.ref_id.clone(), Grouping::Triggered));
        // A title that somebody edited is about what is left, too.
        let title = (draft.incident.title == alert.title).then(|| first.title.clone());
        (first.ref_id.clone(), first.shown_key(), title)
    } else {
        (draft.incident.task_ref_id.clone(), draft.incident.dedup_key.clone(), None)
    };
    let into = InstanceId::UNSAVED;
    draft.record(Happening::UnMerge { task_ref_id: alert.ref_id, into, first_task_ref_id, dedup_key, title });
    followers.leave(&mut draft);
    step.changes.push(draft.done());
    Ok(step)
}

/// Who followed an incident that another one absorbed.
#[derive(Default)]
struct Followers {
    subscribers: Vec<Username>,
    impacts: Vec<RefId>,
    /// Those of them that the other one had by itself.
    shared: (Vec<Username>, Vec<RefId>),
}

impl Followers {
    fn of(absorbed: Incident, log: &[Event]) -> Self {
        let is_it = |event: &Event| matches!(event.what, Happening::Absorbed { absorbed: id, .. } if id == absorbed.instance_id);
        let before = log.iter().position(is_it).and_then(|at| replay(&log[..at]));
        let shared = before.map(|before| (before.subscribers, before.impacts)).unwrap_or_default();
        Self { subscribers: absorbed.subscribers, impacts: absorbed.impacts, shared }
    }

    fn join(&self, fresh: &mut Draft<'_>) {
        if !self.subscribers.is_empty() {
            fresh.record(Happening::AddSubscribers { users: self.subscribers.clone() });
        }
        for business_service in self.impacts.iter().cloned() {
            fresh.record(Happening::AddImpact { business_service });
        }
    }

    fn leave(self, old: &mut Draft<'_>) {
        let (subscribers, impacts) = self.shared;
        let goes = |user: &Username| !subscribers.contains(user) && old.incident.subscribers.contains(user);
        let users: Vec<_> = self.subscribers.into_iter().filter(goes).collect();
        let goes = |service: &RefId| !impacts.contains(service) && old.incident.impacts.contains(service);
        let gone: Vec<_> = self.impacts.into_iter().filter(goes).collect();
        if !users.is_empty() {
            old.record(Happening::RemoveSubscribers { users });
        }
        for business_service in gone {
            old.record(Happening::RemoveImpact { business_service });
        }
    }
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
        dedup_key: alert.shown_key(),
        // It ends by its time if all that was in it does.
        resolve_at: draft.incident.resolve_at,
        rule: None,
        after_maintenance: None,
        is_outside_support_hours: false,
        raise: None,
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

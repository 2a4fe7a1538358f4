//! What an event does to the state; so the log, replayed, gives the stored incident.

use super::event::{Alerting, Event, Happening, Opening, Reopening};
use super::seek::targets_from_level_1;
use super::spelling::Method;
use super::{Incident, Status, Target};
use crate::Instant;
use crate::ids::{InstanceId, RefId, Username};

/// The incident that a log tells of; `None` when the log does not begin with a TRIGGER.
/// Numbers, version, suppressed alerts and the minutely retries of a stranded incident are not in the log.
pub fn replay(events: &[Event]) -> Option<Incident> {
    let (first, rest) = events.split_first()?;
    let mut incident = opened(first)?;
    for event in rest {
        apply(&mut incident, event);
    }
    Some(incident)
}

/// The incident as a TRIGGER event says it began.
pub(super) fn opened(event: &Event) -> Option<Incident> {
    let Happening::Trigger(opening) = &event.what else { return None };
    let Opening { alerting, .. } = opening.as_ref();
    Some(Incident {
        instance_id: InstanceId::UNSAVED,
        organization_instance_id: 0,
        version: 0,
        status: Status::Open,
        title: opening.title.clone(),
        urgency: opening.urgency,
        service: opening.service.clone(),
        task_ref_id: opening.task_ref_id.clone(),
        created_by: event.by.clone(),
        integration_name: opening.integration_name.clone(),
        created_at: event.at,
        resolved_at: None,
        ended_by_itself: false,
        last_alert_at: event.at,
        next_alert_at: alerting.next_alert_at,
        resolve_at: opening.resolve_at,
        raise: opening.raise,
        level: alerting.level,
        targets: opening.targets.clone(),
        began_for: None,
        assignees: alerting.assignees.clone(),
        tags: opening.tags.clone(),
        subscribers: Vec::new(),
        impacts: Vec::new(),
        bridges: Vec::new(),
        status_updates: 0,
        dedup_key: opening.dedup_key.clone(),
        suppressed_count: 0,
        last_suppressed_at: None,
        merged_into: None,
        round: 0,
        stranded: false,
        kept_back: None,
        passed_over: Vec::new(),
    })
}

/// Applies one event to the state before it.
pub(super) fn apply(incident: &mut Incident, event: &Event) {
    if let Some(status) = event.status_after() {
        incident.status = status;
    }
    match &event.what {
        Happening::Trigger(_) | Happening::Notate { .. } => {}
        Happening::RunResponseSet { .. } | Happening::RunWorkflow { .. } => {}
        Happening::DeliveryFailed { .. } | Happening::DeliveryPaused { .. } => {}
        Happening::Resent { is_page: true, .. } => incident.last_alert_at = event.at,
        Happening::Resent { is_page: false, .. } => {}
        Happening::StatusUpdate { .. } => incident.status_updates += 1,
        Happening::Reopen(reopening) => begin_again(incident, reopening, event),
        Happening::Dispatch { alerting, stranded, .. } => {
            incident.stranded = *stranded;
            if alerting.level < incident.level {
                restart(&mut incident.targets);
            }
            alert(incident, alerting, event);
        }
        Happening::Acknowledge { next_alert_at } => {
            wait_until(incident, *next_alert_at);
            incident.stranded = false;
        }
        Happening::Snooze { next_alert_at, .. } => wait_until(incident, *next_alert_at),
        Happening::KeepBack { window, until } => keep_back(incident, window, *until),
        Happening::UnAcknowledge { alerting } => alert(incident, alerting, event),
        Happening::Escalate { alerting, passed_over } => {
            pass_over(incident, alerting, passed_over);
            alert(incident, alerting, event);
        }
        Happening::Reassign { targets, alerting, .. } => {
            incident.set_targets(targets_from_level_1(targets));
            incident.passed_over.clear();
            incident.round += 1;
            alert(incident, alerting, event);
        }
        Happening::AddResponders { targets, notified, first_levels } => {
            join(incident, (targets, first_levels), notified, event);
        }
        Happening::AmendUrgency { urgency, notified } => {
            (incident.urgency, incident.raise) = (*urgency, None);
            notice(incident, event, notified);
        }
        Happening::MergedInto { survivor } => {
            incident.merged_into = Some(*survivor);
            end(incident, event);
        }
        Happening::Absorbed { subscribers, impacts, stays, .. } => {
            incident.resolve_at = incident.resolve_at.filter(|_| !stays);
            unite(&mut incident.subscribers, subscribers);
            unite(&mut incident.impacts, impacts);
        }
        Happening::UnMerge { first_task_ref_id, dedup_key, title, .. } => {
            if let Some(title) = title {
                incident.title.clone_from(title);
            }
            incident.task_ref_id.clone_from(first_task_ref_id);
            incident.dedup_key.clone_from(dedup_key);
        }
        Happening::AddSubscribers { users } => unite(&mut incident.subscribers, users),
        Happening::RemoveSubscribers { users } => incident.subscribers.retain(|user| !users.contains(user)),
        Happening::AddImpact { business_service } => {
            unite(&mut incident.impacts, std::slice::from_ref(business_service));
        }
        Happening::RemoveImpact { business_service } => incident.impacts.retain(|known| known != business_service),
        Happening::AddConferenceBridge { bridge } => unite(&mut incident.bridges, std::slice::from_ref(bridge)),
        Happening::EditTitle { title } => incident.title.clone_from(title),
        Happening::UpdateTags { tags } => incident.tags.clone_from(tags),
        Happening::Resolve => end(incident, event),
    }
}

/// Nobody is asked before then, and what was to be sent is called off.
fn wait_until(incident: &mut Incident, at: Instant) {
    incident.next_alert_at = at;
    incident.round += 1;
    incident.kept_back = None;
}

/// It waits for the end of this window.
fn keep_back(incident: &mut Incident, window: &str, until: Instant) {
    wait_until(incident, until);
    incident.kept_back = Some(window.to_owned());
}

/// Targets that come to those that there are, each on its first level on which somebody can be reached.
fn join(incident: &mut Incident, (targets, first_levels): (&[RefId], &[u32]), notified: &[Username], event: &Event) {
    for (place, policy) in targets.iter().enumerate() {
        let first = first_levels.get(place).copied().unwrap_or(1);
        let joined_at_level = (incident.level + 1).saturating_sub(first);
        incident.targets.push(Target { policy: policy.clone(), joined_at_level });
    }
    incident.passed_over.clear();
    unite(&mut incident.assignees, notified);
    notice(incident, event, notified);
}

fn alert(incident: &mut Incident, alerting: &Alerting, event: &Event) {
    incident.level = alerting.level;
    incident.assignees.clone_from(&alerting.assignees);
    incident.next_alert_at = alerting.next_alert_at;
    incident.kept_back = None;
    notice(incident, event, &alerting.assignees);
}

/// Notes which levels the log says are without anybody, until one of them has somebody.
fn pass_over(incident: &mut Incident, alerting: &Alerting, passed_over: &[u32]) {
    if !passed_over.is_empty() {
        incident.passed_over = passed_over.to_vec();
    } else if !alerting.assignees.is_empty() && incident.passed_over.contains(&alerting.level) {
        incident.passed_over.clear();
    }
}

/// Notes that people were notified, which ends a stranding.
fn notice(incident: &mut Incident, event: &Event, notified: &[Username]) {
    if !notified.is_empty() {
        incident.last_alert_at = event.at;
        incident.stranded = false;
    }
}

fn restart(targets: &mut [Target]) {
    for target in targets {
        target.joined_at_level = 1;
    }
}

/// What ended is open again; whoever was kept informed still is.
fn begin_again(incident: &mut Incident, reopening: &Reopening, event: &Event) {
    (incident.resolved_at, incident.ended_by_itself) = (None, false);
    (incident.urgency, incident.raise) = (reopening.urgency, reopening.raise);
    incident.resolve_at = reopening.resolve_at;
    incident.set_targets(reopening.targets.clone());
    incident.tags.clone_from(&reopening.tags);
    incident.passed_over.clear();
    alert(incident, &reopening.alerting, event);
}

fn end(incident: &mut Incident, event: &Event) {
    incident.resolved_at = Some(event.at);
    let is_nobodys_doing = matches!(event.method, Method::IntegrationsApi | Method::System);
    incident.ended_by_itself = is_nobodys_doing && event.what == Happening::Resolve;
    incident.assignees.clear();
    (incident.stranded, incident.kept_back) = (false, None);
    incident.round += 1;
}

fn unite<T: Clone + PartialEq>(list: &mut Vec<T>, more: &[T]) {
    for item in more {
        if !list.contains(item) {
            list.push(item.clone());
        }
    }
}

//! What responders and the clock do to an incident: acknowledge, escalate, snooze, un-acknowledge, elapse.

use super::change::{Outcome, Pending, Step};
use super::draft::Draft;
use super::event::Happening;
use super::seek::Ladders;
use super::{Status, annotate, maintenance};
use crate::{Refusal, limits};

/// Open or acknowledged becomes acknowledged; the wait begins anew.
pub(super) fn acknowledge(mut draft: Draft<'_>) -> Step {
    let service = draft.incident.service.as_ref().and_then(|id| draft.directory.services.with_ref(id.as_str()));
    let minutes = service.and_then(|entry| entry.component.acknowledgement_minutes);
    let at = draft.now.plus_minutes(minutes.unwrap_or(limits::ACKNOWLEDGEMENT_MINUTES));
    draft.call_off(Pending::DropAll);
    draft.record(Happening::Acknowledge { next_alert_at: at });
    Step::of(draft.done(), Outcome::NextAlert { at })
}

/// The next level of every target that has one, now.
pub(super) fn escalate(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let next = draft.incident.level + 1;
    let ladders = Ladders::of(&draft.incident, draft.directory, draft.now);
    // Who asks for the next level must not be told that it was asked when nobody there can be reached.
    if ladders.first_with_people(next..=ladders.top()).is_none() {
        return Err(Refusal::NoFurtherLevel);
    }
    climb(draft, next);
    Ok(())
}

fn climb(draft: &mut Draft<'_>, level: u32) {
    draft.call_off(Pending::DropNotYetDue);
    draft.alert(level, |alerting| Happening::Escalate { alerting, passed_over: Vec::new() });
}

/// The clock asks for `level`. Where nobody is, and the log says so already, it is not said again each time: whoever can be
/// reached is asked as if there were no such levels.
fn climb_on(draft: &mut Draft<'_>, level: u32) {
    let ladders = Ladders::of(&draft.incident, draft.directory, draft.now);
    match ladders.first_with_people((level..=ladders.top()).chain(1..level)) {
        Some((found, passed_over)) if !passed_over.is_empty() && passed_over == draft.incident.passed_over => {
            if found == draft.incident.level {
                return dispatch(draft, found);
            }
            draft.call_off(Pending::DropNotYetDue);
            let alerting = draft.alerting(found);
            draft.record_by_system(Happening::Escalate { alerting, passed_over });
            draft.page_assignees();
        }
        _ => climb(draft, level),
    }
}

/// Nobody is notified for `minutes`.
pub(super) fn snooze(draft: &mut Draft<'_>, minutes: u32) {
    draft.call_off(Pending::DropAll);
    let next_alert_at = draft.now.plus_minutes(minutes);
    draft.record(Happening::Snooze { minutes, next_alert_at });
}

/// Acknowledged becomes open again, on the same level, which is notified.
pub(super) fn unacknowledge(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    if draft.incident.status != Status::Acknowledged {
        return Err(Refusal::NotAcknowledged);
    }
    draft.alert(draft.incident.level, |alerting| Happening::UnAcknowledge { alerting });
    Ok(())
}

/// It is now `now`: does what the state implies, and nothing when nothing is due.
pub(super) fn elapse(draft: &mut Draft<'_>) {
    if draft.incident.status == Status::Resolved {
        return;
    }
    if draft.incident.resolve_at.is_some_and(|at| at <= draft.now) {
        return draft.resolve();
    }
    if let Some(raise) = draft.incident.raise.filter(|raise| raise.at <= draft.now) {
        return annotate::amend_urgency(draft, raise.urgency);
    }
    let kept = draft.incident.maintenance(draft.directory, draft.now);
    let is_due = draft.incident.next_alert_at <= draft.now;
    match (kept, &draft.incident.kept_back) {
        // The window ends at another time than it was to.
        (Some(kept), Some(_)) if kept.until != draft.incident.next_alert_at => {
            return maintenance::keep_back(draft, kept);
        }
        (Some(kept), None) if is_due => return maintenance::keep_back(draft, kept),
        (None, Some(_)) => return dispatch(draft, draft.incident.level),
        _ if !is_due => return,
        _ => {}
    }
    let level = draft.incident.level;
    let ladders = Ladders::of(&draft.incident, draft.directory, draft.now);
    if draft.incident.stranded {
        return seek_again(draft);
    }
    match draft.incident.status {
        Status::Open if level < ladders.top() => climb_on(draft, level + 1),
        Status::Open if ladders.restarts() => dispatch(draft, 1),
        Status::Open => dispatch(draft, level.min(ladders.top())),
        Status::Acknowledged => dispatch(draft, level),
        Status::Resolved => {}
    }
}

/// Nobody could be found a minute ago; perhaps somebody can be now.
fn seek_again(draft: &mut Draft<'_>) {
    let ladders = Ladders::of(&draft.incident, draft.directory, draft.now);
    let level = draft.incident.level;
    match ladders.first_with_people((level..=ladders.top()).chain(1..level)) {
        Some((found, _)) => dispatch(draft, found),
        None if draft.fall_back() => {}
        None => draft.strand(),
    }
}

fn dispatch(draft: &mut Draft<'_>, level: u32) {
    draft.call_off(Pending::Supersede);
    let after_maintenance = draft.incident.kept_back.clone();
    draft.alert(level, |alerting| Happening::Dispatch { alerting, stranded: false, after_maintenance });
}

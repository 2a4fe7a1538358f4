//! The step: the one function by which incidents change. The product on one screen.

use super::change::{Outcome, Step};
use super::command::{Actor, Command};
use super::draft::Draft;
use super::event::{Event, Happening};
use super::{Incident, Status, annotate, assign, maintenance, merge, reopen, respond, response, trigger};
use crate::alert::Alert;
use crate::directory::Directory;
use crate::ids::{InstanceId, Username};
use crate::notification::Channel;
use crate::{Instant, Refusal};

/// What is loaded for a command.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// The incident it names; for a trigger, the unresolved incident with the same dedup key.
    pub incident: Option<Incident>,
    /// For a merge, the incident that goes on.
    pub related: Option<Incident>,
    /// For an unmerge, the incident's alerts, oldest first.
    pub alerts: Vec<Alert>,
    /// For an unmerge, the incident that began with the alert and was absorbed, if there is one, and the log of the one that
    /// absorbed it.
    pub origin: Option<(Incident, Vec<Event>)>,
    /// When the incident may end, whom its pages reached, and by which channels.
    pub reached: Vec<(Username, Channel)>,
}

/// Performs a command: `(state, command, directory, now) -> (state, events, notifications)`, or a refusal.
/// Pure: the same arguments give the same answer.
pub fn step(case: Case, command: Command, actor: &Actor, directory: &Directory, now: Instant) -> Result<Step, Refusal> {
    let Case { incident, related, alerts, origin, reached } = case;
    if let Command::Trigger(order) = command {
        return trigger::trigger(incident, *order, actor, directory, now);
    }
    let unknown = Refusal::UnknownIncident { field: "instance_id", instance_id: InstanceId::UNSAVED };
    let incident = incident.ok_or(unknown)?;
    if incident.status == Status::Resolved && !command.works_on_resolved() {
        return Err(Refusal::AlreadyResolved { instance_id: incident.instance_id });
    }
    if let Command::Recur(times) = command {
        return Ok(trigger::recur(incident, times, now));
    }
    let mut draft = Draft::new(incident, directory, actor, now);
    draft.reached = reached;
    match command {
        Command::Trigger(_) | Command::Recur(_) => {}
        Command::Reopen(order) => return reopen::reopen(draft, *order),
        Command::Acknowledge => return Ok(respond::acknowledge(draft)),
        Command::Resolve => draft.resolve(),
        Command::Escalate => respond::escalate(&mut draft)?,
        Command::Snooze(minutes) => respond::snooze(&mut draft, minutes),
        Command::Unacknowledge => respond::unacknowledge(&mut draft)?,
        Command::Elapse => respond::elapse(&mut draft),
        Command::KeepBack => maintenance::keep_pages_back(&mut draft),
        Command::Reassign(to) => assign::reassign(&mut draft, &to)?,
        Command::AddResponders(assignees) => assign::add_responders(&mut draft, &assignees)?,
        Command::AmendUrgency(urgency) => annotate::amend_urgency(&mut draft, urgency),
        Command::Notate(notes) => draft.record(Happening::Notate { notes }),
        Command::AddSubscribers(users) => annotate::add_subscribers(&mut draft, users)?,
        Command::RemoveSubscribers(users) => annotate::remove_subscribers(&mut draft, users)?,
        Command::UpdateStatus(text) => annotate::update_status(&mut draft, text),
        Command::AddImpact(service) => annotate::add_impact(&mut draft, service)?,
        Command::RemoveImpact(service) => annotate::remove_impact(&mut draft, service)?,
        Command::EditTitle(title) => draft.record(Happening::EditTitle { title }),
        Command::UpdateTags(tags) => {
            draft.record(Happening::UpdateTags { tags: response::with_added(&[], &tags) });
        }
        Command::RunResponseSet(id) => response::run_response_set(&mut draft, &id)?,
        Command::RunWorkflow(id) => response::run_workflow(&mut draft, &id)?,
        Command::Merge(survivor) => return merge::merge(draft, related, survivor),
        Command::Unmerge { task_ref_id } => return merge::unmerge(draft, alerts, origin, &task_ref_id),
        Command::ReportFault { user, channel, answer, paused_until, next, instead } => {
            draft.record(match paused_until {
                Some(until) => Happening::DeliveryPaused { user, channel, answer, until, next },
                None => Happening::DeliveryFailed { user, channel, answer, next },
            });
            if let Some(instead) = instead {
                draft.queue(*instead);
            }
        }
        Command::Resend(notification) => {
            let (user, channel) = (notification.user.clone(), notification.channel);
            let is_page = notification.content.reason.is_page();
            draft.record(Happening::Resent { user, channel, is_page });
            draft.queue(*notification);
        }
    }
    Ok(Step::of(draft.done(), Outcome::Done))
}

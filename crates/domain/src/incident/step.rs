//! The step: the one function by which incidents change. The product on one screen.

use super::command::{Actor, Command};
use super::draft::Draft;
use super::event::{Event, Happening};
use super::{Incident, Status, annotate, assign, merge, respond, response, trigger};
use crate::alert::{Alert, Grouping};
use crate::directory::Directory;
use crate::ids::{InstanceId, RefId};
use crate::notification::Notification;
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
}

/// What a command brought about. Everything in it is saved together, or nothing is.
#[derive(Clone, Debug)]
pub struct Step {
    /// The incidents it changed or made, new ones first.
    pub changes: Vec<Change>,
    /// The alerts it added or moved.
    pub alerts: Vec<AlertChange>,
    /// What the caller is told.
    pub outcome: Outcome,
}

/// One incident after a step.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its state; unsaved if it is new.
    pub incident: Incident,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Whom to tell.
    pub notifications: Vec<Notification>,
    /// What becomes of those already waiting.
    pub pending: Pending,
}

impl Change {
    /// Writes the number that a new incident was given into the events that speak of it.
    pub fn name_new(&mut self, given: InstanceId) {
        for event in &mut self.events {
            if let Happening::UnMerge { into, .. } = &mut event.what
                && *into == InstanceId::UNSAVED
            {
                *into = given;
            }
        }
    }
}

/// What becomes of an incident's waiting pages; the later the stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pending {
    /// They stay.
    Keep,
    /// Those not yet due are dropped: the next level is asked.
    DropNotYetDue,
    /// Those to people who are now notified again are dropped.
    Supersede,
    /// All are dropped: somebody acted.
    DropAll,
}

/// One alert after a step.
#[derive(Clone, Debug, PartialEq)]
pub enum AlertChange {
    /// A new alert of the new incident in `changes`.
    Add(Box<Alert>),
    /// The alert goes to the new incident in `changes`.
    MoveToNew(RefId),
    /// All alerts of one incident go to another, grouped.
    MoveAll {
        /// Their incident.
        from: InstanceId,
        /// Where they go.
        to: InstanceId,
    },
    /// The alert stands differently in its incident.
    Regroup(RefId, Grouping),
    /// All alerts of the incident are resolved.
    ResolveAll(InstanceId),
}

/// What the caller is told.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Done,
    /// Done, and the engine acts next at this instant.
    NextAlert {
        /// When.
        at: Instant,
    },
    /// A new incident.
    Created {
        /// Its number; unsaved until the store has given it one.
        instance_id: InstanceId,
        /// When it began.
        at: Instant,
    },
    /// An unresolved incident has the same dedup key; nobody was notified.
    Deduplicated {
        /// That incident.
        instance_id: InstanceId,
        /// When that incident began.
        at: Instant,
    },
    /// A routing rule made no incident of it.
    Suppressed {
        /// The rule's name.
        rule: String,
        /// When it came.
        at: Instant,
    },
}

/// Performs a command: `(state, command, directory, now) -> (state, events, notifications)`, or a refusal.
/// Pure: the same arguments give the same answer.
pub fn step(case: Case, command: Command, actor: &Actor, directory: &Directory, now: Instant) -> Result<Step, Refusal> {
    let Case { incident, related, alerts } = case;
    if let Command::Trigger(order) = command {
        return trigger::trigger(incident, *order, actor, directory, now);
    }
    let unknown = Refusal::UnknownIncident { field: "instance_id", instance_id: InstanceId::UNSAVED };
    let incident = incident.ok_or(unknown)?;
    if incident.status == Status::Resolved && !command.works_on_resolved() {
        return Err(Refusal::AlreadyResolved { instance_id: incident.instance_id });
    }
    let mut draft = Draft::new(incident, directory, actor, now);
    match command {
        Command::Trigger(_) => {}
        Command::Acknowledge => return Ok(respond::acknowledge(draft)),
        Command::Resolve => draft.resolve(),
        Command::Escalate => respond::escalate(&mut draft)?,
        Command::Snooze(minutes) => respond::snooze(&mut draft, minutes),
        Command::Unacknowledge => respond::unacknowledge(&mut draft)?,
        Command::Elapse => respond::elapse(&mut draft),
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
        Command::Unmerge { task_ref_id } => return merge::unmerge(draft, alerts, &task_ref_id),
        Command::ReportTrouble { user, channel, answer, paused_until, next, instead } => {
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
            draft.record(Happening::Resent { user, channel });
            draft.queue(*notification);
        }
    }
    Ok(Step::of(draft.done(), Outcome::Done))
}

impl Step {
    /// A step that changed one incident; its alerts are resolved with it.
    pub(super) fn of(change: Change, outcome: Outcome) -> Self {
        let resolved_now = change.events.iter().any(|event| matches!(event.what, Happening::Resolve));
        let alerts = resolved_now.then_some(AlertChange::ResolveAll(change.incident.instance_id));
        Self { changes: vec![change], alerts: alerts.into_iter().collect(), outcome }
    }
}

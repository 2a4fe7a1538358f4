//! What a step brings about: changed incidents with events and notifications, changed alerts, and the answer.

use super::Incident;
use super::event::{Event, Happening};
use crate::Instant;
use crate::alert::{Alert, Grouping};
use crate::ids::{InstanceId, RefId};
use crate::notification::Notification;

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

impl Step {
    /// A step that changed one incident; its alerts are resolved with it.
    pub(super) fn of(change: Change, outcome: Outcome) -> Self {
        let resolved_now = change.events.iter().any(|event| matches!(event.what, Happening::Resolve));
        let alerts = resolved_now.then_some(AlertChange::ResolveAll(change.incident.instance_id));
        Self { changes: vec![change], alerts: alerts.into_iter().collect(), outcome }
    }
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
    /// Those not yet due are dropped, but for what stays of people who are on the next level, too: it is asked.
    DropNotYetDue,
    /// Those to people who are now notified again are dropped, but for what stays of them.
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

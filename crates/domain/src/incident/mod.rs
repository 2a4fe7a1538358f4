//! Incidents: what responders work on, and every way in which they change.

mod action;
mod annotate;
mod assign;
mod by;
mod change;
mod command;
mod draft;
mod event;
mod forecast;
mod maintenance;
mod merge;
mod reopen;
mod replay;
mod respond;
mod response;
mod seek;
mod spelling;
mod step;
mod trigger;
mod words;

pub use crate::status::Status;
pub use action::Action;
pub use by::By;
pub use change::{AlertChange, Change, Outcome, Pending, Step};
pub use command::{Actor, Command, Order, Routing};
pub use event::{Alerting, Event, Happening, Opening, Raise, Reopening};
pub use forecast::{Forecast, forecast};
pub use maintenance::KeptBack;
pub use replay::replay;
pub use spelling::{EventType, Method};
pub use step::{Case, step};
pub use trigger::{Route, alert_of, route, signal_of};
pub use words::words;

use crate::ids::{InstanceId, RefId, Username};
use crate::{Instant, Urgency};
use serde::{Deserialize, Serialize};

/// An escalation policy, or a user's own, that an incident is assigned to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The policy.
    pub policy: RefId,
    /// The incident's level at which this target stands on its own level 1: 1, unless it was added later; 0 where it stood on
    /// level 2 when the incident was on level 1.
    pub joined_at_level: u32,
}

/// An incident's whole state. Its description lives in its alerts; its notes and status updates in its events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Global number; [`InstanceId::UNSAVED`] until the store has given it one.
    #[serde(skip, default = "unsaved")]
    pub instance_id: InstanceId,
    /// Number within the organization, from 1; 0 until the store has given it one.
    #[serde(skip)]
    pub organization_instance_id: i64,
    /// Counts the saves; the store refuses a save over a version it has not seen.
    #[serde(skip)]
    pub version: i64,
    /// Where it stands.
    pub status: Status,
    /// What happened, in brief.
    pub title: String,
    /// How loud it is.
    pub urgency: Urgency,
    /// Service it is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<RefId>,
    /// The alert it began with, or the oldest that is left.
    pub task_ref_id: RefId,
    /// Who or what created it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<By>,
    /// Integration that took its first alert in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integration_name: Option<String>,
    /// When it was triggered.
    pub created_at: Instant,
    /// When it was resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Instant>,
    /// Whether it ended without anybody's doing: its senders called it over, or its time was over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ended_by_itself: bool,
    /// Last time that people were notified to act.
    pub last_alert_at: Instant,
    /// When the engine acts on it next, unless somebody does before.
    pub next_alert_at: Instant,
    /// When the system resolves it (a routing rule's `resolve_after_minutes`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve_at: Option<Instant>,
    /// When it becomes louder, because its service is supported again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raise: Option<Raise>,
    /// Shared level of its targets, from 1.
    pub level: u32,
    /// What it is assigned to.
    pub targets: Vec<Target>,
    /// The first policy that it was for, where it has been for others since: whose it is does not change by that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_for: Option<RefId>,
    /// Whom it is with at this level, as resolved when they were last notified.
    pub assignees: Vec<Username>,
    /// Words that group incidents (`labels` on the wire).
    pub tags: Vec<String>,
    /// Who is told of status updates and the resolution.
    pub subscribers: Vec<Username>,
    /// Business services it impacts.
    pub impacts: Vec<RefId>,
    /// Where responders meet.
    pub bridges: Vec<String>,
    /// How many status updates were published; the updates themselves are events.
    pub status_updates: u32,
    /// Key under which further alerts are suppressed while it is unresolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dedup_key: Option<String>,
    /// Alerts that were suppressed for it.
    pub suppressed_count: u32,
    /// When the last of them came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_suppressed_at: Option<Instant>,
    /// The incident that absorbed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<InstanceId>,
    /// Counts the times its waiting pages were called off; a page of an earlier round is not sent.
    pub round: u32,
    /// Nobody could be found for it, the fallback policy included; tried again every minute.
    pub stranded: bool,
    /// The maintenance window that keeps it from asking anybody until it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_back: Option<String>,
    /// The levels without anybody that were passed over when it climbed last, and of which the log tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<u32>,
}

fn unsaved() -> InstanceId {
    InstanceId::UNSAVED
}

impl Incident {
    /// How loud it is, or will be when its service is supported again: what is no louder than that changes nothing.
    pub fn own_urgency(&self) -> Urgency {
        self.raise.map_or(self.urgency, |raise| raise.urgency.max(self.urgency))
    }

    /// The first policy that it was for when it began.
    pub fn first_policy(&self) -> Option<&RefId> {
        self.began_for.as_ref().or_else(|| self.targets.first().map(|target| &target.policy))
    }

    /// Gives it other targets.
    pub(crate) fn set_targets(&mut self, targets: Vec<Target>) {
        self.began_for = self.first_policy().cloned();
        self.targets = targets;
        if self.began_for.as_ref() == self.targets.first().map(|target| &target.policy) {
            self.began_for = None;
        }
    }

    /// When the engine must look at it: never, once it is resolved.
    /// Invariant: every unresolved incident has a due time (checker `every_unresolved_incident_has_a_due_time`).
    pub fn due_at(&self) -> Option<Instant> {
        match self.status {
            Status::Resolved => None,
            Status::Open | Status::Acknowledged => {
                let raise_at = self.raise.map(|raise| raise.at);
                [Some(self.next_alert_at), self.resolve_at, raise_at].into_iter().flatten().min()
            }
        }
    }
}

#[cfg(test)]
mod tests;

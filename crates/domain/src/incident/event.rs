//! Events: what happened to an incident, in its log, with all that is needed to replay it.

use super::by::By;
use super::spelling::{EventType, Method};
use super::{Status, Target};
use crate::channel::Channel;
use crate::ids::{InstanceId, RefId, Username};
use crate::{Instant, Urgency};
use serde::{Deserialize, Serialize};

/// Whom an incident is with from now on, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerting {
    /// Shared level of its targets.
    pub level: u32,
    /// Who was notified; nobody where the level was passed over.
    pub assignees: Vec<Username>,
    /// When the engine acts next.
    pub next_alert_at: Instant,
}

/// An incident as it began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Its title.
    pub title: String,
    /// Its urgency.
    pub urgency: Urgency,
    /// Its service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<RefId>,
    /// Its alert.
    pub task_ref_id: RefId,
    /// Integration that took the alert in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integration_name: Option<String>,
    /// What it was assigned to.
    pub targets: Vec<Target>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Its dedup key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dedup_key: Option<String>,
    /// When the system resolves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve_at: Option<Instant>,
    /// Name of the routing rule that was applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The maintenance window that kept its alert back until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_maintenance: Option<String>,
    /// Whether its service was not supported then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_outside_support_hours: bool,
    /// When it is raised to what it would have been in those hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raise: Option<Raise>,
    /// Whom it was with.
    pub alerting: Alerting,
}

/// That an incident is to become louder, unless somebody says before how loud it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raise {
    /// When.
    pub at: Instant,
    /// How loud it becomes.
    pub urgency: Urgency,
}

/// An incident as it began again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopening {
    /// Its urgency.
    pub urgency: Urgency,
    /// What it is assigned to.
    pub targets: Vec<Target>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// When the system resolves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve_at: Option<Instant>,
    /// Name of the routing rule that was applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The maintenance window that kept its alert back until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_maintenance: Option<String>,
    /// Whether its service was not supported then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_outside_support_hours: bool,
    /// When it is raised to what it would have been in those hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raise: Option<Raise>,
    /// Whom it is with.
    pub alerting: Alerting,
}

/// What happened. Applying it to the state before gives the state after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Happening {
    /// It began.
    Trigger(Box<Opening>),
    /// It came due, and its level was notified; an acknowledged incident is open again.
    Dispatch {
        /// Whom it is with.
        alerting: Alerting,
        /// Nobody can be found for it at all.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        stranded: bool,
        /// The maintenance window that kept it back until then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after_maintenance: Option<String>,
    },
    /// Somebody acts.
    Acknowledge {
        /// When it opens again.
        next_alert_at: Instant,
    },
    /// Nobody acts any more.
    UnAcknowledge {
        /// Whom it is with.
        alerting: Alerting,
    },
    /// A further level was asked.
    Escalate {
        /// Whom it is with.
        alerting: Alerting,
        /// Levels on which nobody could be reached.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        passed_over: Vec<u32>,
    },
    /// All targets were replaced.
    Reassign {
        /// The new targets.
        targets: Vec<RefId>,
        /// Whom it is with.
        alerting: Alerting,
        /// The fallback policy took over because nobody could be reached.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        fallback: bool,
    },
    /// Targets were added.
    AddResponders {
        /// The level of each added target on which it is asked first, where that is not level 1 of all.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        first_levels: Vec<u32>,
        /// The added targets.
        targets: Vec<RefId>,
        /// Who was notified.
        notified: Vec<Username>,
    },
    /// It is quiet for a while.
    Snooze {
        /// Minutes.
        minutes: u32,
        /// When it is due again.
        next_alert_at: Instant,
    },
    /// It came due in a maintenance window. Shown as a SNOOZE by the system that says so.
    KeepBack {
        /// The window's name.
        window: String,
        /// When it ends, as far as is known.
        until: Instant,
    },
    /// It is louder or quieter.
    AmendUrgency {
        /// The new urgency.
        urgency: Urgency,
        /// Who was notified because it rose.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        notified: Vec<Username>,
    },
    /// Something was written down.
    Notate {
        /// The note.
        notes: String,
    },
    /// It was absorbed.
    MergedInto {
        /// The incident that goes on.
        survivor: InstanceId,
    },
    /// It absorbed another.
    Absorbed {
        /// The other.
        absorbed: InstanceId,
        /// Subscribers that came with it.
        subscribers: Vec<Username>,
        /// Impacted business services that came with it.
        impacts: Vec<RefId>,
        /// Whether it does not end by its time any more, since what came with it was to stay.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        stays: bool,
    },
    /// One of its alerts became an incident of its own.
    UnMerge {
        /// The alert.
        task_ref_id: RefId,
        /// The new incident.
        into: InstanceId,
        /// The alert that stands for this incident from now on, and its dedup key.
        first_task_ref_id: RefId,
        /// See `first_task_ref_id`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dedup_key: Option<String>,
        /// Its title from now on, where it had that of the alert.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
    },
    /// People are kept informed.
    AddSubscribers {
        /// Who.
        users: Vec<Username>,
    },
    /// People are kept informed no longer.
    RemoveSubscribers {
        /// Who.
        users: Vec<Username>,
    },
    /// All who are kept informed were told.
    StatusUpdate {
        /// What they were told.
        text: String,
    },
    /// A business service is impacted.
    AddImpact {
        /// Which.
        business_service: RefId,
    },
    /// A business service is impacted no longer.
    RemoveImpact {
        /// Which.
        business_service: RefId,
    },
    /// Responders meet here.
    AddConferenceBridge {
        /// Where.
        bridge: String,
    },
    /// A response set was run; what it did follows in events of its own.
    RunResponseSet {
        /// Its id.
        response_set: RefId,
        /// Its name then.
        name: String,
    },
    /// A workflow was run; what it did follows in events of its own.
    RunWorkflow {
        /// Its id.
        workflow: RefId,
        /// Its name then.
        name: String,
    },
    /// It is called something else.
    EditTitle {
        /// The new title.
        title: String,
    },
    /// Its tags were replaced.
    UpdateTags {
        /// The new set.
        tags: Vec<String>,
    },
    /// A notification to somebody was given up. Shown as a DISPATCH that names the failure.
    DeliveryFailed {
        /// Who was not reached.
        user: Username,
        /// By which channel.
        channel: Channel,
        /// What came back.
        answer: String,
        /// The channel that was asked at once instead.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<Channel>,
    },
    /// A target failed again and again and is left alone for a while. Shown as a DISPATCH that says so.
    DeliveryPaused {
        /// Who is not reached meanwhile.
        user: Username,
        /// By which channel.
        channel: Channel,
        /// What came back last.
        answer: String,
        /// When it is tried again.
        until: Instant,
        /// The channel that was asked at once instead.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<Channel>,
    },
    /// Somebody had a notification sent once more. Shown as a DISPATCH by who asked for it.
    Resent {
        /// To whom.
        user: Username,
        /// By which channel.
        channel: Channel,
        /// Whether it asks them to act.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_page: bool,
    },
    /// It is over.
    Resolve,
    /// It had ended by itself, and what it was about came back. Shown as a TRIGGER that says so.
    Reopen(Box<Reopening>),
}

impl Happening {
    /// Its type on the wire.
    pub fn event_type(&self) -> EventType {
        match self {
            Self::Trigger(_) | Self::Reopen(_) => EventType::Trigger,
            Self::Dispatch { .. } | Self::DeliveryFailed { .. } | Self::DeliveryPaused { .. } | Self::Resent { .. } => {
                EventType::Dispatch
            }
            Self::Acknowledge { .. } => EventType::Acknowledge,
            Self::UnAcknowledge { .. } => EventType::UnAcknowledge,
            Self::Escalate { .. } => EventType::Escalate,
            Self::Reassign { .. } => EventType::Reassign,
            Self::AddResponders { .. } => EventType::AddResponders,
            Self::Snooze { .. } | Self::KeepBack { .. } => EventType::Snooze,
            Self::AmendUrgency { .. } => EventType::UrgencyAmendment,
            Self::Notate { .. } => EventType::Notate,
            Self::MergedInto { .. } | Self::Absorbed { .. } => EventType::Merge,
            Self::UnMerge { .. } => EventType::UnMerge,
            Self::AddSubscribers { .. } => EventType::AddSubscribers,
            Self::RemoveSubscribers { .. } => EventType::RemoveSubscribers,
            Self::StatusUpdate { .. } => EventType::StatusUpdate,
            Self::AddImpact { .. } => EventType::AddImpact,
            Self::RemoveImpact { .. } => EventType::RemoveImpact,
            Self::AddConferenceBridge { .. } => EventType::AddConferenceBridge,
            Self::RunResponseSet { .. } => EventType::RunResponseSet,
            Self::RunWorkflow { .. } => EventType::RunWorkflow,
            Self::EditTitle { .. } => EventType::EditTitle,
            Self::UpdateTags { .. } => EventType::UpdateTags,
            Self::Resolve => EventType::Resolve,
        }
    }
}

/// One entry of an incident's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it happened.
    pub at: Instant,
    /// By what way.
    pub method: Method,
    /// Who did it; `None` for the system.
    pub by: Option<By>,
    /// What happened.
    pub what: Happening,
}

impl Event {
    /// Whether the status after this event is known from it alone, and which it is.
    pub fn status_after(&self) -> Option<Status> {
        match &self.what {
            Happening::Acknowledge { .. } => Some(Status::Acknowledged),
            Happening::Resolve | Happening::MergedInto { .. } => Some(Status::Resolved),
            Happening::Trigger(_)
            | Happening::Reopen(_)
            | Happening::Dispatch { .. }
            | Happening::UnAcknowledge { .. }
            | Happening::Escalate { .. }
            | Happening::Reassign { .. } => Some(Status::Open),
            _ => None,
        }
    }
}

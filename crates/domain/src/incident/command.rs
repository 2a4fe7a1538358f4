//! Commands: everything that can be asked of an incident, by people, programs and the clock.

use super::by::By;
use super::spelling::Method;
use crate::alert::{Addressees, AlertSource};
use crate::channel::Channel;
use crate::ids::{InstanceId, RefId, Username};
use crate::notification::Notification;
use crate::{Instant, Urgency};
use serde_json::Value;
use std::sync::Arc;

/// Who acts, and by what way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The way.
    pub method: Method,
    /// Who it is for the log; `None` for the system.
    pub by: Option<By>,
    /// The user, where it is one.
    pub user: Option<Username>,
}

impl Actor {
    /// The system itself.
    pub const SYSTEM: Self = Self { method: Method::System, by: None, user: None };
}

/// Whether conditional routing applies to an order (contract §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routing {
    /// A create by API, or an alert from an integration or e-mail.
    Apply,
    /// An incident made by hand.
    Skip,
    /// One that somebody makes to see that a page reaches them: it ends by itself.
    Test,
}

/// An order for a new incident. Lengths and shapes were checked by whoever read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Id that its alert will have.
    pub task_ref_id: RefId,
    /// What happened, in brief.
    pub title: String,
    /// What happened, at length.
    pub text: String,
    /// How loud it is.
    pub urgency: Urgency,
    /// Service it comes in on.
    pub service: Option<RefId>,
    /// Policies and users it names beside.
    pub addressed_to: Addressees,
    /// First note.
    pub notes: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Key under which it is one with others.
    pub dedup_key: Option<String>,
    /// Integration that took it in.
    pub integration_name: Option<String>,
    /// What the integration's sender told beside.
    pub source: Option<Box<AlertSource>>,
    /// The body it came in, for rules that look into it.
    pub payload: Arc<Value>,
    /// Whether rules are tried on it.
    pub routing: Routing,
    /// The maintenance window that kept it back until now.
    pub after_maintenance: Option<String>,
}

/// Something asked of an incident (contract §2).
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Make an incident.
    Trigger(Box<Order>),
    /// Count that it was reported again, so many times.
    Recur(u32),
    /// Say that somebody acts.
    Acknowledge,
    /// End it.
    Resolve,
    /// Ask the next level now.
    Escalate,
    /// Replace all targets: policy ids, users' policy ids or usernames.
    Reassign(Vec<String>),
    /// Be quiet for so many minutes.
    Snooze(u32),
    /// Say that nobody acts any more.
    Unacknowledge,
    /// Change how loud it is.
    AmendUrgency(Urgency),
    /// Add targets: policy ids, users' policy ids or usernames.
    AddResponders(Vec<String>),
    /// Write something down.
    Notate(String),
    /// Be absorbed by this other incident.
    Merge(InstanceId),
    /// Make an incident of one of its alerts.
    Unmerge {
        /// The alert.
        task_ref_id: RefId,
    },
    /// Keep these people informed.
    AddSubscribers(Vec<Username>),
    /// Keep these people informed no longer.
    RemoveSubscribers(Vec<Username>),
    /// Tell all who are kept informed.
    UpdateStatus(String),
    /// Mark a business service as impacted.
    AddImpact(RefId),
    /// Take that mark back.
    RemoveImpact(RefId),
    /// Run a response set.
    RunResponseSet(RefId),
    /// Run a workflow.
    RunWorkflow(RefId),
    /// Call it something else.
    EditTitle(String),
    /// Replace its tags.
    UpdateTags(Vec<String>),
    /// Open it again, since an alert of what it was about came back. Asked by integrations only: what ended by itself, and no
    /// other command, can be undone so.
    Reopen(Box<Order>),
    /// It is now `now`: do what the state implies. Asked by the clock only.
    Elapse,
    /// A maintenance window keeps back what was to be sent: wait for its end. Asked by delivery only.
    KeepBack,
    /// A channel does not reach somebody: say so, and ask another one. Asked by delivery only.
    ReportFault {
        /// Who is not reached.
        user: Username,
        /// By which channel.
        channel: Channel,
        /// What came back.
        answer: String,
        /// Until when the target is left alone; `None` when the notification was given up.
        paused_until: Option<Instant>,
        /// The channel that is asked at once instead.
        next: Option<Channel>,
        /// The notification that asks it, where none waits.
        instead: Option<Box<Notification>>,
    },
    /// Send a notification once more, as it was.
    Resend(Box<Notification>),
}

impl Command {
    /// The same, where what it makes an incident of is routed so.
    #[must_use]
    pub fn routed(self, routing: Routing) -> Self {
        match self {
            Self::Trigger(order) => Self::Trigger(Box::new(Order { routing, ..*order })),
            other => other,
        }
    }

    /// Whether it may be asked of a resolved incident: only writing down and looking back may (contract §2).
    pub(super) fn works_on_resolved(&self) -> bool {
        match self {
            Self::Notate(_) | Self::Elapse | Self::KeepBack | Self::Reopen(_) | Self::ReportFault { .. } => true,
            Self::Resend(notification) => !notification.content.reason.is_page(),
            _ => false,
        }
    }
}

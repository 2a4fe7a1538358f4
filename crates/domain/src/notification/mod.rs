//! Notifications: who is told what by which channel, and what an attempt at it means.

mod breaker;
mod cover_news;
mod delivery;
mod next;
mod pacing;
mod plan;
mod reach;
mod renew;

pub use crate::channel::Channel;
pub use breaker::{Breaker, Gate};
pub use cover_news::CoverNews;
pub use delivery::{Answer, Fate, after_attempt};
pub use next::{Next, Progress, Queued, next_channel};
pub use pacing::{Pace, Pacing};
pub use plan::{channels_for, plan, quiet_channel, steps_for, steps_of};
pub use reach::{LeftOut, Reach, reach};
pub use renew::WaitingPage;

use crate::ids::{InstanceId, RefId, Username};
use crate::status::Status;
use crate::{Instant, Urgency};
use serde::{Deserialize, Serialize};

/// One message to one person by one channel. What it says is frozen when it is queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// To whom.
    pub user: Username,
    /// By which channel.
    pub channel: Channel,
    /// When it is due.
    pub due_at: Instant,
    /// The incident's round in which it was queued; pages of an earlier round are no longer called for.
    pub round: u32,
    /// What it says.
    pub content: Content,
}

/// What a notification says. Until it is tried for the first time, a page says the present title of its incident; then it is frozen,
/// so that a retry says the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Why the person is told.
    pub reason: Reason,
    /// Title of the incident.
    pub title: String,
    /// Its urgency.
    pub urgency: Urgency,
    /// When it began.
    pub created_at: Instant,
    /// Alert whose text is shown.
    pub task_ref_id: RefId,
    /// Channels that the person's rules name and that cannot be used; kept by the first notification of a plan only,
    /// as the trace of what was skipped (on-call §3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Channel>,
}

/// Why a person is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// The incident is theirs to act on, at this level.
    Page {
        /// Level of the incident, from 1.
        level: u32,
    },
    /// A status update was published.
    StatusUpdate {
        /// The update.
        text: String,
    },
    /// The incident was resolved.
    Resolved,
    /// The person goes on call or off call; there is no incident.
    Handover {
        /// Name of the routine by which.
        routine: String,
        /// What changes for the person.
        duty: Duty,
        /// What changes for them at the same instant by other routines.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        more: Vec<(String, Duty)>,
    },
    /// A maintenance window keeps back what the person would be asked about first; there is no incident.
    Maintenance {
        /// Its name.
        window: String,
        /// Until when it lasts.
        until: Instant,
        /// Names of the services, integrations and heartbeats that it is about.
        covers: Vec<String>,
        /// What it keeps back, and what comes of that, in words.
        said: String,
    },
    /// The person is asked to take a shift over, or told what became of such a request; there is no incident.
    Cover {
        /// Id of the request.
        cover_ref_id: RefId,
        /// Name of the routine.
        routine: String,
        /// From when the shift is.
        from: Instant,
        /// Until when.
        until: Instant,
        /// What they are told.
        news: CoverNews,
    },
}

/// What a handover is to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "duty", rename_all = "snake_case")]
pub enum Duty {
    /// It begins.
    Begins {
        /// Until when; `None` where no end is within `limits::ON_CALL_DAYS`.
        until: Option<Instant>,
        /// Who is on call together with them.
        with: Vec<Username>,
    },
    /// It ends.
    Ends {
        /// Who is on call from now on.
        after: Vec<Username>,
    },
}

impl Reason {
    /// Whether it asks the person to act, and so stops being called for when somebody does.
    pub fn is_page(&self) -> bool {
        matches!(self, Self::Page { .. })
    }
}

/// What of an incident decides whether a waiting notification is still called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The incident.
    pub instance_id: InstanceId,
    /// Its status.
    pub status: Status,
    /// Its round.
    pub round: u32,
}

impl Standing {
    /// Whether, at this instant, the incident still calls for the notification (contract §3).
    pub fn calls_for(&self, reason: &Reason, round: u32) -> bool {
        !reason.is_page() || (self.status != Status::Resolved && self.round == round)
    }
}

#[cfg(test)]
mod tests;

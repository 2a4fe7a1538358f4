//! Change events: what somebody changed, such as a release, which a responder wants to know of (intake §4.1).

use super::received::{Link, Received};
use crate::Instant;
use crate::ids::RefId;
use serde::{Deserialize, Serialize};

/// Something that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeEvent {
    /// Its id.
    pub id: RefId,
    /// The integration that it came by or is about; empty where it is neither.
    pub integration: RefId,
    /// The service of that integration when it came, or that it is about.
    pub service: Option<RefId>,
    /// When it was changed, by its sender, else when it came.
    pub occurred_at: Instant,
    /// When it came.
    pub received_at: Instant,
    /// What its sender says of it.
    pub said: ChangeSaid,
}

/// What the sender of a change event says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSaid {
    /// What was changed, in brief.
    pub summary: String,
    /// Where.
    pub source: Option<String>,
    /// What was changed, at length.
    pub text: String,
    /// Where a responder looks next.
    pub links: Vec<Link>,
    /// The maintenance window that began or ended; nobody sent it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintenance_window: Option<RefId>,
}

impl From<&Received> for ChangeSaid {
    fn from(received: &Received) -> Self {
        Self {
            summary: received.title.clone(),
            source: received.labels.get("source").cloned(),
            text: received.text.clone(),
            links: received.links.clone(),
            maintenance_window: None,
        }
    }
}

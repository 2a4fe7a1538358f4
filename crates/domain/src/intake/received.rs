//! What one payload says, in the same words for all senders.

use super::asked::{Asked, Responder};
use crate::directory::Integration;
use crate::{Instant, Urgency};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a sender says of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is there.
    Firing,
    /// It is over.
    Resolved,
    /// Somebody acts; who, if the sender says it.
    Acknowledged {
        /// A username or e-mail address as the sender knows it.
        by: Option<String>,
    },
    /// It goes on as before: a comment, a change that pages nobody.
    Noted,
    /// Somebody changed something, such as a release: nobody is paged, and responders may want to know.
    Changed,
    /// Something is asked of its incident.
    Asked(Box<Asked>),
    /// It always fires, which shows that the way here is open: the word of the heartbeat of this name, where there is one.
    Alive(String),
    /// Nothing that concerns anybody; why, as one word, such as `test`, `informational` or `auto_reply`.
    Ignored(&'static str),
    /// What the sender says of it cannot be told; what was missing.
    Unknown(String),
}

impl State {
    /// It in a word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Resolved => "resolved",
            Self::Acknowledged { .. } => "acknowledged",
            Self::Noted => "noted",
            Self::Changed => "changed",
            Self::Asked(_) => "asked",
            Self::Alive(_) => "alive",
            Self::Ignored(_) => "ignored",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Whether it says something of a problem.
    pub(super) fn is_about_a_problem(&self) -> bool {
        !matches!(self, Self::Changed | Self::Alive(_) | Self::Ignored(_) | Self::Unknown(_))
    }
}

/// A link for the responder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it leads to, in a word or two.
    pub text: String,
    /// Where it leads; `http`, `https` or `mailto`.
    pub url: String,
}

fn firing() -> State {
    State::Firing
}

/// What a sender said of one problem. Texts are as long as the sender made them; intake cuts them. What is kept for later is
/// always firing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Received {
    /// Whether it is there or over.
    #[serde(skip, default = "firing")]
    pub state: State,
    /// What the sender calls the same problem; without one, every alert is another.
    pub identity: Option<String>,
    /// What happened, in brief; empty where the sender says nothing.
    pub title: String,
    /// What happened, at length.
    pub text: String,
    /// The sender's own word for how bad it is, in lower case, for the integration's own map.
    pub severity: Option<String>,
    /// What that word comes to by the sender's habits.
    pub urgency: Option<Urgency>,
    /// The urgency that the integration gives it whatever the sender says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_urgency: Option<Urgency>,
    /// Tags, as `name:value` where they have names.
    pub tags: Vec<String>,
    /// What grouping and routing may look at by name.
    pub labels: BTreeMap<String, String>,
    /// Where a responder looks next.
    pub links: Vec<Link>,
    /// Addresses of pictures.
    pub images: Vec<String>,
    /// The sender's time of this state.
    pub occurred_at: Option<Instant>,
    /// Whether that is when the sender spoke of it, so that it does not say when the problem began.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub says_no_beginning: bool,
    /// When it counts as over if the sender is not heard of again, where the sender says so.
    pub expires_at: Option<Instant>,
    /// For how many minutes after its last word it counts, where its sender never says that it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts_minutes: Option<u32>,
    /// Whom the sender wants to be asked beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responders: Vec<Responder>,
    /// What is to be written down on the incident.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The part of the body that it came from.
    pub payload: Value,
    /// What had to be repaired or left out so that it could be read, in words for whoever sets up the sender.
    pub repairs: Vec<String>,
}

impl Received {
    /// Something of this state, of which nothing else is known.
    pub fn of(state: State) -> Self {
        Self {
            state,
            identity: None,
            title: String::new(),
            text: String::new(),
            severity: None,
            urgency: None,
            set_urgency: None,
            tags: Vec::new(),
            labels: BTreeMap::new(),
            links: Vec::new(),
            images: Vec::new(),
            occurred_at: None,
            says_no_beginning: false,
            expires_at: None,
            lasts_minutes: None,
            responders: Vec::new(),
            note: String::new(),
            payload: Value::Null,
            repairs: Vec::new(),
        }
    }

    /// How urgent it is for this integration.
    pub fn urgency_for(&self, integration: &Integration) -> Urgency {
        self.set_urgency.unwrap_or_else(|| integration.urgency_of(self.severity.as_deref(), self.urgency))
    }
}

/// All that one body says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delivery {
    /// The sender's own id of this delivery, where it has one.
    pub event_id: Option<String>,
    /// Each problem of which it speaks, in the order of the body.
    pub received: Vec<Received>,
    /// What more is known of it if it came by e-mail.
    pub origin: Option<MailOrigin>,
}

/// What is known of a mail beside what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailOrigin {
    /// Who sent it, in lower case: by it is counted how many come.
    pub sender: String,
    /// The ids of earlier mails that it answers or goes on from, the nearest first.
    pub thread: Vec<String>,
}

/// Why nothing at all could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub String);

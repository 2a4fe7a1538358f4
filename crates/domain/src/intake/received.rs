//! What one payload says, in the same words for all senders.

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
    /// Nothing that concerns anybody; why, as one word, such as `test`, `informational` or `auto_reply`.
    Ignored(&'static str),
    /// What the sender says of it cannot be told; what was missing.
    Unknown(String),
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
    /// When it counts as over if the sender is not heard of again, where the sender says so.
    pub expires_at: Option<Instant>,
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
            tags: Vec::new(),
            labels: BTreeMap::new(),
            links: Vec::new(),
            images: Vec::new(),
            occurred_at: None,
            expires_at: None,
            payload: Value::Null,
            repairs: Vec::new(),
        }
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

//! Alerts: the signals received, each grouped into one incident (`task` on the wire).

use crate::ids::{RefId, Username};
use crate::intake::Link;
use crate::{Instant, Urgency};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How an alert came to its incident (contract §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Grouping {
    /// The incident began with it.
    Triggered,
    /// It was merged or grouped in.
    Grouped,
}

impl Grouping {
    /// Its spelling on the wire and in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Triggered => "TRIGGERED",
            Self::Grouped => "GROUPED",
        }
    }
}

/// One signal as it was received. What changes of it is its incident, `dedup_key`, `grouping` and `resolved_at`, and as long as
/// it is there, what its sender tells: `text` and `source`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// `task_ref_id`.
    pub ref_id: RefId,
    /// When it was received.
    pub created_at: Instant,
    /// Its own title.
    pub title: String,
    /// Its own text (`text_msg`); empty when none was sent.
    pub text: String,
    /// Its own urgency.
    pub urgency: Urgency,
    /// The service it came in on.
    pub service: Option<RefId>,
    /// Policies and users it named; used again when it is un-merged.
    pub addressed_to: Addressees,
    /// Integration that took it in; null for the API.
    pub integration_name: Option<String>,
    /// Its dedup key: while its incident is unresolved, further alerts with it are suppressed. Lost when its incident
    /// cannot be read and such an alert comes.
    pub dedup_key: Option<String>,
    /// How it came to its incident.
    pub grouping: Grouping,
    /// When its sender called it over, else when its incident was resolved.
    pub resolved_at: Option<Instant>,
    /// What a monitoring tool told beside.
    pub source: Option<Box<AlertSource>>,
}

impl Alert {
    /// The key under which it is one with others, as it is shown: its dedup key, or what its sender calls the problem.
    pub fn shown_key(&self) -> Option<String> {
        let of_sender = || self.source.as_ref().and_then(|source| source.identity.clone());
        self.dedup_key.clone().or_else(of_sender)
    }
}

/// What a monitoring tool told of an alert beside its title and text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertSource {
    /// What it calls the problem, as it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// Its labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Where a responder looks next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Addresses of pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<String>,
}

/// Whom an alert named beside its service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressees {
    /// Escalation policies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<RefId>,
    /// Users.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<Username>,
}

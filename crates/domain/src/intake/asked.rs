//! What a sender asks of the incident of a problem, beside opening, acknowledging and ending it (intake §4.2).

use crate::{Instant, Urgency};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whom a sender names: a policy, a user, a team or a routine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Responder {
    /// `team`, `user`, `escalation` or `schedule`, in lower case, where the sender says it.
    pub kind: Option<String>,
    /// A name, a username, an e-mail address or an id.
    pub name: String,
}

/// Something asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What.
    pub what: SenderCommand,
    /// By whom: a username or e-mail address as the sender knows it.
    pub by: Option<String>,
}

/// What a sender can ask of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SenderCommand {
    /// Say that nobody acts any more.
    Unacknowledge,
    /// Add tags to those that there are.
    AddTags(Vec<String>),
    /// Take tags away.
    RemoveTags(Vec<String>),
    /// Add to what the sender told of the problem by name, or replace it.
    AddDetails(BTreeMap<String, String>),
    /// Take away what the sender told under these names.
    RemoveDetails(Vec<String>),
    /// Be quiet until then.
    Snooze(Instant),
    /// Ask the next level, or this policy where the incident is not with it yet.
    Escalate(Option<String>),
    /// Be with this person alone.
    Assign(String),
    /// Ask these people, too.
    AddResponders(Vec<Responder>),
    /// Change how loud it is.
    AmendUrgency(Urgency),
    /// Something that has no counterpart here, by its name.
    Perform(String),
}

//! The book of one caller: what it asked for, and what of that was answered.

use serde_json::{Value, json};

/// What is known of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It was answered 200: it must be there.
    Answered,
    /// The connection ended before the answer, or the answer was that it is not known: it may be there, whole.
    Unsure,
    /// It was answered with an error: it must not be there.
    Refused,
}

/// Whom an incident goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Somebody with a webhook.
    Hook,
    /// Somebody with e-mail.
    Mail,
    /// Somebody with a webhook, and after a minute somebody else.
    Climb,
}

impl Way {
    /// The name of its escalation policy.
    pub(super) fn policy(self) -> &'static str {
        match self {
            Self::Hook => "hook",
            Self::Mail => "mail",
            Self::Climb => "climb",
        }
    }
}

/// What is asked of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Acknowledge,
    Escalate,
    Notate,
    UpdateTags,
    Resolve,
}

impl Kind {
    /// The operation.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Acknowledge => "/incidents/acknowledge",
            Self::Escalate => "/incidents/escalate",
            Self::Notate => "/incidents/notate",
            Self::UpdateTags => "/incidents/update-tags",
            Self::Resolve => "/incidents/resolve",
        }
    }

    /// The event that tells of it.
    pub(super) fn event_type(self) -> &'static str {
        match self {
            Self::Acknowledge => "ACKNOWLEDGE",
            Self::Escalate => "ESCALATE",
            Self::Notate => "NOTATE",
            Self::UpdateTags => "UPDATE TAGS",
            Self::Resolve => "RESOLVE",
        }
    }

    /// Whether it may call pages off, or pages others instead.
    pub(super) fn calls_off(self) -> bool {
        matches!(self, Self::Acknowledge | Self::Escalate | Self::Resolve)
    }
}

/// A command as it was asked.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) kind: Kind,
    /// What tells it from all others; also its idempotency key and its note.
    pub(super) mark: String,
    pub(super) is_repeatable: bool,
    pub(super) standing: Standing,
}

/// An incident as it was asked for.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) title: String,
    pub(super) way: Way,
    pub(super) has_dedup_key: bool,
    pub(super) has_idempotency_key: bool,
    pub(super) standing: Standing,
    /// Its number, once answered or found.
    pub(super) id: Option<i64>,
    /// Its number in the organization, once found.
    pub(super) number: Option<i64>,
    /// In the order in which they were asked.
    pub(super) commands: Vec<Asked>,
    /// Alerts with the same key that were answered as counted on it, and those of which it is not known.
    pub(super) suppressed: (u32, u32),
}

impl Entry {
    /// The body of its create.
    pub(super) fn body(&self, policies: &Policies) -> Value {
        let mut body = json!({"title": self.title, "policy_ref_id": [policies.id(self.way)], "urgency_level": 4});
        if self.has_dedup_key {
            body["dedup_key"] = json!(self.title);
        }
        body
    }

    /// Whether its pages may have been called off by what was asked.
    pub(super) fn may_be_called_off(&self) -> bool {
        self.commands.iter().any(|asked| asked.kind.calls_off() && asked.standing != Standing::Refused)
    }
}

/// The ids of the escalation policies.
#[derive(Clone, Debug)]
pub(super) struct Policies(Vec<(String, String)>);

impl Policies {
    /// From what `GET /list/escalation-policies` answers.
    pub(super) fn of(listed: &Value) -> Self {
        let text = |policy: &Value, key: &str| policy[key].as_str().expect("a text").to_owned();
        let listed = listed.as_array().expect("a list");
        Self(listed.iter().map(|policy| (text(policy, "name"), text(policy, "policy_ref_id"))).collect())
    }

    /// The id of the policy of a way.
    pub(super) fn id(&self, way: Way) -> &str {
        self.0.iter().find(|(name, _)| name == way.policy()).map(|(_, id)| id.as_str()).expect("it is defined")
    }
}

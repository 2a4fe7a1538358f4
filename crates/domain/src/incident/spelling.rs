//! The one table of how events and the ways they come about are spelled on the wire (contract §3).

use serde::{Deserialize, Serialize};

/// By what way an event came about (contract §3, `event_method`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Method {
    /// The Incidents API.
    IncidentsApi,
    /// An integration.
    IntegrationsApi,
    /// The console.
    Web,
    /// A reply by e-mail.
    Email,
    /// A reply by SMS.
    Sms,
    /// Digits pressed in a call.
    Call,
    /// A chat message.
    Chat,
    /// A signed link.
    Link,
    /// The system itself.
    System,
}

impl Method {
    /// Every way.
    pub const ALL: [Self; 9] = [
        Self::IncidentsApi,
        Self::IntegrationsApi,
        Self::Web,
        Self::Email,
        Self::Sms,
        Self::Call,
        Self::Chat,
        Self::Link,
        Self::System,
    ];

    /// Its spelling on the wire and in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::IncidentsApi => "INCIDENTS_API",
            Self::IntegrationsApi => "INTEGRATIONS_API",
            Self::Web => "WEB",
            Self::Email => "EMAIL",
            Self::Sms => "SMS",
            Self::Call => "CALL",
            Self::Chat => "CHAT",
            Self::Link => "LINK",
            Self::System => "SYSTEM",
        }
    }
}

macro_rules! event_types {
    ($($(#[$doc:meta])* $name:ident = $spelling:literal,)*) => {
        /// What kind of thing happened. This table holds the spellings of `event_type` (contract §3).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventType {
            $($(#[$doc])* $name,)*
        }

        impl EventType {
            /// Every type.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its spelling on the wire.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $spelling,)*
                }
            }
        }
    };
}

event_types! {
    /// It began.
    Trigger = "TRIGGER",
    /// The system notified people.
    Dispatch = "DISPATCH",
    /// Somebody acts.
    Acknowledge = "ACKNOWLEDGE",
    /// Nobody acts any more.
    UnAcknowledge = "UN-ACKNOWLEDGE",
    /// A further level was asked.
    Escalate = "ESCALATE",
    /// All targets were replaced.
    Reassign = "REASSIGN",
    /// Targets were added.
    AddResponders = "ADD RESPONDERS",
    /// It is quiet for a while.
    Snooze = "SNOOZE",
    /// It is louder or quieter.
    UrgencyAmendment = "URGENCY AMENDMENT",
    /// Something was written down.
    Notate = "NOTATE",
    /// It absorbed an incident, or was absorbed.
    Merge = "MERGE",
    /// One of its alerts became an incident.
    UnMerge = "UN-MERGE",
    /// People are kept informed.
    AddSubscribers = "ADD SUBSCRIBERS",
    /// People are kept informed no longer.
    RemoveSubscribers = "REMOVE SUBSCRIBERS",
    /// All who are kept informed were told.
    StatusUpdate = "STATUS UPDATE",
    /// A business service is impacted.
    AddImpact = "ADD IMPACTED BUSINESS SERVICE",
    /// A business service is impacted no longer.
    RemoveImpact = "REMOVE IMPACTED BUSINESS SERVICE",
    /// Responders meet here.
    AddConferenceBridge = "ADD CONFERENCE BRIDGE",
    /// A response set was run.
    RunResponseSet = "RUN RESPONSE SET",
    /// A workflow was run.
    RunWorkflow = "RUN WORKFLOW",
    /// It is called something else.
    EditTitle = "EDIT TITLE",
    /// Its tags were replaced.
    UpdateTags = "UPDATE TAGS",
    /// It is over.
    Resolve = "RESOLVE",
    /// Called off; known to clients, and nothing in this version brings it about.
    Cancel = "CANCEL",
}

//! Fates: what became of an alert that was accepted, and why (intake §1).

use crate::Instant;
use crate::ids::{InstanceId, RefId};

macro_rules! fates {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What became of an accepted alert.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Fate { $($(#[$doc])* $name,)* }

        impl Fate {
            /// Every fate.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
            /// Their words, in the same order.
            pub const WORDS: &[&str] = &[$($word,)*];

            /// Its word on the wire and in the store.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

fates! {
    /// It opened an incident.
    Opened = "opened",
    /// It opened an incident again that had ended by itself.
    Reopened = "reopened",
    /// Its problem is open already; it was counted.
    Joined = "joined",
    /// It was grouped into the incident of others.
    Grouped = "grouped",
    /// It waits for a while before it opens an incident.
    Held = "held",
    /// It came in a maintenance window.
    Maintenance = "maintenance",
    /// It was over before it would have opened an incident.
    Transient = "transient",
    /// Its problem comes and goes; it was counted.
    Flapping = "flapping",
    /// It ended its problem.
    Resolved = "resolved",
    /// It acknowledged an incident.
    Acknowledged = "acknowledged",
    /// It was written down and changed nothing.
    Noted = "noted",
    /// A routing rule wants no incident of it.
    Suppressed = "suppressed",
    /// What it says had come before.
    Repeated = "repeated",
    /// It is older than what is known of its problem.
    Stale = "stale",
    /// It concerns nobody.
    Ignored = "ignored",
    /// Its integration is switched off.
    Disabled = "disabled",
    /// What it says cannot be told.
    Unmappable = "unmappable",
}

impl Fate {
    /// The fate with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fate| fate.word() == word)
    }
}

/// A fate with what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The fate.
    pub fate: Fate,
    /// Why: a rule's name, or a word or sentence of intake §1.
    pub because: Option<String>,
    /// The incident.
    pub instance_id: Option<InstanceId>,
}

/// One accepted alert, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertFate {
    /// Its id.
    pub alert_id: RefId,
    /// What became of it.
    pub judged: Judged,
    /// The integration that took it in.
    pub integration: RefId,
    /// SHA-256 of the integration and what the sender calls the problem.
    pub problem: String,
    /// When it came.
    pub received_at: Instant,
    /// Since when it has this fate.
    pub fate_at: Instant,
    /// What it said, as JSON: `state`, `title`, `identity`, `urgency_level`, `occurred_at`, `repairs`.
    pub body: String,
}

//! Where an incident stands.

use serde::{Deserialize, Serialize};

/// Where an incident stands; there are no others (contract §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// Somebody must act.
    Open,
    /// Somebody acts.
    Acknowledged,
    /// Over; cannot be undone, but by what it was about coming back within the time of its service.
    Resolved,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Open, Self::Acknowledged, Self::Resolved];

    /// Its spelling on the wire and in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Acknowledged => "ACKNOWLEDGED",
            Self::Resolved => "RESOLVED",
        }
    }

    /// The status with this spelling.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}

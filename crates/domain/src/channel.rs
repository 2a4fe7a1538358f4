//! The ways by which people are reached.

use serde::{Deserialize, Serialize};

/// The kind of way by which a person is reached (on-call §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// SMTP.
    Email,
    /// A signed POST.
    Webhook,
}

impl Channel {
    /// Every channel, in the order in which a person's are used.
    pub const ALL: [Self; 2] = [Self::Email, Self::Webhook];

    /// Its word in the store, metrics and messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
        }
    }

    /// The channel with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.word() == word)
    }
}

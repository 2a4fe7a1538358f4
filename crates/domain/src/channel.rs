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
    /// A text message to a telephone.
    Sms,
    /// A call that speaks.
    Voice,
    /// A message in a chat room, by an incoming webhook.
    Chat,
    /// A push message by ntfy.
    Push,
}

impl Channel {
    /// Every channel, in the order in which a person's are used.
    pub const ALL: [Self; 6] = [Self::Email, Self::Webhook, Self::Sms, Self::Voice, Self::Chat, Self::Push];

    /// Its word in the store, metrics and messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Chat => "chat",
            Self::Push => "push",
        }
    }

    /// Whether a contact must prove by a code that it is the person's before it is used (on-call §4). The directory
    /// file is believed about e-mail and webhooks.
    pub fn needs_verification(self) -> bool {
        match self {
            Self::Email | Self::Webhook => false,
            Self::Sms | Self::Voice | Self::Chat | Self::Push => true,
        }
    }

    /// The channel with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.word() == word)
    }
}

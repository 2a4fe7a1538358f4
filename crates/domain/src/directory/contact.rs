//! How a person is reached: the contacts of a user, and the rules that say when which is used (on-call §3 and §4).

use crate::Urgency;
use crate::channel::Channel;
use serde::{Deserialize, Serialize};

/// A person's webhook, signed with every one of its secrets, so that they can be changed in turn.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookContact {
    /// Where to POST.
    pub url: String,
    /// `whsec_…`, newest first.
    pub secrets: Vec<String>,
}

impl std::fmt::Debug for WebhookContact {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "WebhookContact(URL and {} secrets hidden)", self.secrets.len())
    }
}

/// The chats that can be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatKind {
    /// Slack.
    Slack,
    /// Microsoft Teams.
    Teams,
    /// Discord.
    Discord,
    /// Mattermost.
    Mattermost,
    /// Google Chat.
    GoogleChat,
    /// Telegram; the only one that names a recipient.
    Telegram,
}

/// A chat by its incoming webhook. The URL is a secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChatContact {
    /// Which chat.
    pub kind: ChatKind,
    /// Its incoming webhook; for Telegram the bot's `sendMessage`.
    pub url: String,
    /// Telegram's id of the chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
}

impl std::fmt::Debug for ChatContact {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "ChatContact({:?}, URL hidden)", self.kind)
    }
}

/// A topic of an ntfy server. Whoever knows its name can read it, so it is a secret, too.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushContact {
    /// The topic's URL: `https://ntfy.example.org/topic`.
    pub url: String,
    /// Access token, where the topic asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl std::fmt::Debug for PushContact {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PushContact(URL and token hidden)")
    }
}

/// A browser in which somebody who was signed in allowed it to be pushed to (console §7). Whoever knows it can push there, so
/// its `Debug` shows no more than its name.
#[derive(Clone, PartialEq, Eq)]
pub struct PushDevice {
    /// Digest of its endpoint, by which it is removed.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The URL at which the push service of its maker takes messages to it.
    pub endpoint: String,
    /// Its public key on P-256, in base64 of URLs.
    pub p256dh: String,
    /// The secret that it made beside, in base64 of URLs.
    pub auth: String,
}

impl std::fmt::Debug for PushDevice {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PushDevice({:?}, subscription hidden)", self.name)
    }
}

/// When which channel is used for incidents of some urgencies (on-call §3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotificationRule {
    /// The urgencies that it is for.
    pub urgencies: Vec<Urgency>,
    /// What is done, in order.
    pub steps: Vec<RuleStep>,
}

/// One step of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleStep {
    /// Minutes after the person was to be notified.
    pub after_minutes: u32,
    /// By which channel.
    pub channel: Channel,
}

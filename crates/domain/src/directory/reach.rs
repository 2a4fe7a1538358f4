//! A person's contact of one channel: what tells it from another one, and how it is shown without giving it away.

use super::{ChatKind, User};
use crate::channel::Channel;

impl User {
    /// The whole address of the contact, in which a change makes it another contact, and so not verified any more.
    /// Secrets that are renewed now and then, such as a token, are no part of it. `None` where there is no contact.
    pub fn contact_address(&self, channel: Channel) -> Option<String> {
        match channel {
            Channel::Email => self.email.clone(),
            Channel::Webhook => self.webhook.as_ref().map(|webhook| webhook.url.clone()),
            Channel::Sms => self.sms.clone(),
            Channel::Voice => self.voice.clone(),
            Channel::Chat => self.chat.as_ref().map(|chat| {
                let recipient = chat.recipient.as_deref().unwrap_or_default();
                format!("{}\n{}\n{recipient}", chat.kind.word(), chat.url)
            }),
            Channel::Push => self.push.as_ref().map(|push| push.url.clone()),
        }
    }

    /// The contact as people other than its owner may see it: enough to tell which one it is. `None` where there is
    /// none.
    pub fn masked_contact(&self, channel: Channel) -> Option<String> {
        match channel {
            Channel::Email => self.email.as_deref().map(masked_email),
            Channel::Webhook => self.webhook.as_ref().map(|webhook| host(&webhook.url).to_owned()),
            Channel::Sms => self.sms.as_deref().map(masked_number),
            Channel::Voice => self.voice.as_deref().map(masked_number),
            Channel::Chat => self.chat.as_ref().map(|chat| format!("{} at {}", chat.kind.word(), host(&chat.url))),
            Channel::Push => self.push.as_ref().map(|push| host(&push.url).to_owned()),
        }
    }
}

impl ChatKind {
    /// Its word in the directory file and in messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Discord => "discord",
            Self::Mattermost => "mattermost",
            Self::GoogleChat => "google_chat",
            Self::Telegram => "telegram",
        }
    }
}

/// Digits at the end of a telephone number that are shown.
const DIGITS_SHOWN: usize = 3;

fn masked_number(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    format!("…{}", digits.iter().rev().take(DIGITS_SHOWN).rev().collect::<String>())
}

fn masked_email(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    format!("{}…@{domain}", local.chars().take(1).collect::<String>())
}

/// The host of a URL, without names and passwords before it. The rest may hold a secret.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn eve(contact: Value) -> User {
        let mut user = json!({"username": "eve"});
        user.as_object_mut().unwrap().extend(contact.as_object().unwrap().clone());
        serde_json::from_value(user).unwrap()
    }

    #[test]
    fn a_contact_is_shown_without_being_given_away() {
        for (channel, contact, shown) in [
            (Channel::Email, json!({"email": "eve@house.example"}), "e…@house.example"),
            (Channel::Sms, json!({"sms": "+4915112345678"}), "…678"),
            (Channel::Voice, json!({"voice": "+4915112345999"}), "…999"),
            (Channel::Webhook, json!({"webhook": {"url": "https://a:b@x.example/s3cret", "secrets": []}}), "x.example"),
            (
                Channel::Chat,
                json!({"chat": {"kind": "google_chat", "url": "https://c.example/s3cret?key=k"}}),
                "google_chat at c.example",
            ),
            (Channel::Push, json!({"push": {"url": "https://ntfy.example/s3cret", "token": "tk"}}), "ntfy.example"),
        ] {
            let user = eve(contact);
            assert_eq!(user.masked_contact(channel).as_deref(), Some(shown));
            assert!(user.contact_address(channel).is_some());
            for other in Channel::ALL.into_iter().filter(|other| *other != channel) {
                assert_eq!((user.masked_contact(other), user.contact_address(other)), (None, None));
            }
        }
    }

    #[test]
    fn another_kind_url_or_recipient_is_another_contact_and_another_token_is_not() {
        let chat = |kind: &str, url: &str, recipient: Value| {
            eve(json!({"chat": {"kind": kind, "url": url, "recipient": recipient}})).contact_address(Channel::Chat)
        };
        let first = chat("telegram", "https://c.example/a", json!("7"));
        assert_ne!(first, chat("telegram", "https://c.example/a", json!("8")));
        assert_ne!(first, chat("telegram", "https://c.example/b", json!("7")));
        assert_ne!(first, chat("slack", "https://c.example/a", json!("7")));
        let push = |token: &str| {
            eve(json!({"push": {"url": "https://n.example/t", "token": token}})).contact_address(Channel::Push)
        };
        assert_eq!(push("one"), push("two"));
    }
}

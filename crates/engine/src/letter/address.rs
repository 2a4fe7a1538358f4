//! Where a person is reached by a channel, and what tells one such place from another.

use crate::carrier::Address;
use domain::directory::{Directory, User};
use domain::notification::Channel;

/// The address of `user` by `channel`; `Err` says that there is none any more.
pub(crate) fn address(channel: Channel, user: &User) -> Result<Address, String> {
    let gone = || format!("user `{}` has no {} contact any more", user.username, channel.word());
    match channel {
        Channel::Email => user.email.clone().map(Address::Email).ok_or_else(gone),
        Channel::Webhook => {
            let webhook = user.webhook.as_ref().ok_or_else(gone)?;
            Ok(Address::Webhook { url: webhook.url.clone(), secrets: webhook.secrets.clone() })
        }
        Channel::Sms => user.sms.clone().map(|to| Address::Sms { to }).ok_or_else(gone),
        Channel::Voice => user.voice.clone().map(|to| Address::Voice { to }).ok_or_else(gone),
        Channel::Chat => {
            let chat = user.chat.as_ref().ok_or_else(gone)?;
            Ok(Address::Chat { kind: chat.kind, url: chat.url.clone(), recipient: chat.recipient.clone() })
        }
        Channel::Push => {
            let push = user.push.as_ref().ok_or_else(gone)?;
            Ok(Address::Push { url: push.url.clone(), token: push.token.clone() })
        }
    }
}

/// The place that a channel to a person leads to: the same for all who share it, such as the chat of a team.
pub(crate) fn target(channel: Channel, username: &str, directory: &Directory) -> Option<(Channel, String)> {
    let place = match address(channel, directory.user(username)?).ok()? {
        Address::Email(address) => address,
        Address::Webhook { url, .. } | Address::Push { url, .. } => url,
        Address::Sms { to } | Address::Voice { to } => to,
        Address::Chat { url, recipient, .. } => format!("{url} {}", recipient.unwrap_or_default()),
        Address::Terminal(name) => name,
    };
    Some((channel, place))
}

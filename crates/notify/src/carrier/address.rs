//! Addresses: where a person's channel leads.

use super::Address;
use domain::directory::User;
use domain::notification::Channel;

/// Where messages by `channel` go to this person; `Err` says that there is nowhere.
pub fn address(channel: Channel, user: &User) -> Result<Address, String> {
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

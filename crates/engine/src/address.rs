//! Addresses: where a person's channel leads, and the digest by which it is known whether it is still the same.

use crate::carrier::Address;
use crate::digest::digest;
use domain::directory::User;
use domain::notification::Channel;

/// Where letters by `channel` go to this person; `Err` says that there is nowhere.
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

/// SHA-256 of a person's contact, in hexadecimal: it changes when the address does. `None` where there is no contact.
pub(crate) fn address_digest(channel: Channel, user: &User) -> Option<String> {
    user.contact_address(channel).map(|address| digest(&format!("{}\n{address}", channel.word())))
}

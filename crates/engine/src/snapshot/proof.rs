//! Which contacts are known to be their person's: those whose address is still the one that was proved.

use crate::digest::digest;
use domain::Username;
use domain::directory::{Directory, User};
use domain::notification::Channel;
use std::collections::HashSet;
use store::ContactRow;

/// SHA-256 of a person's contact, in hexadecimal: it changes when the address does. `None` where there is no contact.
#[must_use]
pub fn address_digest(channel: Channel, user: &User) -> Option<String> {
    user.contact_address(channel).map(|address| digest(&format!("{}\n{address}", channel.word())))
}

/// The contacts that were proved, as far as their addresses are still the same.
#[must_use]
pub fn verified(directory: &Directory, rows: Vec<ContactRow>) -> HashSet<(Username, Channel)> {
    let is_proved = |row: &ContactRow| {
        let present = directory.user(row.user.as_str()).and_then(|user| address_digest(row.channel, user));
        row.verified_at.is_some() && present.as_ref() == Some(&row.address_digest)
    };
    rows.into_iter().filter(is_proved).map(|row| (row.user, row.channel)).collect()
}

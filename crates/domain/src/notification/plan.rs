//! By which channels and when a person is notified. Personal notification rules will stand here (on-call §3).

use super::{Channel, Message, Notification};
use crate::Instant;
use crate::directory::Directory;
use crate::ids::Username;

/// The notifications that tell `user` of `message`: one for each channel they can be reached by, due at `now`.
pub fn plan(directory: &Directory, user: &Username, message: &Message, round: u32, now: Instant) -> Vec<Notification> {
    let notify =
        |channel: Channel| Notification { user: user.clone(), channel, due_at: now, round, message: message.clone() };
    directory.channels_of(user).into_iter().map(notify).collect()
}

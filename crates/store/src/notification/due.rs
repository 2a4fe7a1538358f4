//! What is due: a notification by itself, one that its mailbox lets go, or the first of a message that is tried again.

use super::{NotificationId, read};
use crate::{Error, Row};
use domain::notification::Notification;

/// From here on `next_at` is no instant but says why a notification is held.
pub(super) const HELD: i64 = 9_000_000_000_000_000_000;

/// A notification that is due.
#[derive(Clone, Debug)]
pub struct Due {
    /// Which one.
    pub id: NotificationId,
    /// What is sent, to whom, by which channel.
    pub notification: Notification,
    /// How often it was tried.
    pub attempts: u32,
    /// The message that it belongs to, if it was tried as part of one; then `attempts` and `code` are the message's.
    pub bundle: Option<String>,
    /// What a reply names it by, if it was given a code.
    pub code: Option<String>,
    /// Where it waits.
    pub place: Place,
}

/// Where something waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Due by itself.
    Due,
    /// Held in its mailbox.
    Held,
    /// In a message that is due: one that is tried again, or whose lease is over.
    Message,
}

/// What waits for the pace of its channel has this fate until it goes out.
pub const PACED: &str = "goes out together with what follows";

/// Reads a row of what is due.
pub(super) fn due(row: &Row, place: Place) -> Result<Due, Error> {
    let (id, notification, attempts) = read(row)?;
    let bundle = row.optional_text(9)?.map(str::to_owned);
    let code = row.optional_text(10)?.map(str::to_owned);
    Ok(Due { id, notification, attempts, bundle, code, place })
}

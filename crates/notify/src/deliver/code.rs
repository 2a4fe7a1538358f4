//! Codes by which replies to text messages name them.

use crate::message::link::Replies;
use domain::limits;
use domain::notification::Channel;
use engine::{Batch, Ids, Undo};
use store::Due;

/// Codes that are drawn before a longer one is.
const DRAWS: u32 = 20;

/// The code by which a reply to a text message names it. One that is tried again keeps its code.
pub(super) fn code(
    batch: &mut Batch<'_>,
    (channel, replies): (Channel, Replies),
    ids: &Ids,
    due: &Due,
    bundle: Option<&str>,
) -> Result<Option<String>, Undo> {
    let can_reply = channel == Channel::Sms && replies == Replies::Taken;
    if !can_reply || due.code.is_some() {
        return Ok(due.code.clone());
    }
    let since = batch.now().plus_micros(-i64::from(limits::LINK_HOURS) * 3_600_000_000);
    let mut code = String::new();
    for draw in 0..=DRAWS {
        // So many messages in a day that nearly all short codes are taken: twice as many digits.
        let digits = if draw < DRAWS { limits::REPLY_DIGITS } else { 2 * limits::REPLY_DIGITS };
        code = ids.digits(digits);
        if !store::notification_code_taken(batch.tx, due.id.organization, &due.notification.user, &code, since)? {
            break;
        }
    }
    store::notification_give_code(batch.tx, &due.id, bundle, &code)?;
    Ok(Some(code))
}

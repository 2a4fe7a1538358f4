//! What comes back after a message was handed over: codes in replies, links, and the carrier's receipts.

use super::{NotificationId, NotificationRow, notification_load, whole};
use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::{Instant, OrganizationId, Username};

/// What went out as one message and was not left out of it.
macro_rules! of_message {
    () => {
        "where n.bundle is not null and n.bundle = $1 and n.state <> 'left'"
    };
}

statements! {
    NOTIFICATION_CODE = "update notification set code = $4
        where organization_id = $1 and instance_id = $2 and sequence = $3";
    MESSAGE_CODE = "update message set code = $2 where delivery_id = $1";
    NOTIFICATION_BY_CODE = concat!(notification_seen!(), "where +n.organization_id = $1 and n.username = $2
        and n.code is not null and n.code = $3 and n.due_at > $4 order by n.sequence limit 1");
    MESSAGE_BY_CODE = "select delivery_id from message where +organization_id = $1 and username = $2 and code is not null
        and code = $3 and due_at > $4 order by due_at limit 1";
    NOTIFICATION_BY_BUNDLE = concat!(notification_seen!(), of_message!(), " and +n.organization_id = $2
        order by n.instance_id, n.sequence limit $3");
    NOTIFICATION_CONFIRM = "update notification set confirmed_at = $4
        where organization_id = $1 and instance_id = $2 and sequence = $3 and bundle is null and confirmed_at is null";
    // One that went out alone, or messages of a release that kept no rows of theirs.
    NOTIFICATION_CONFIRM_BUNDLE = "update notification set confirmed_at = $3
        where +organization_id = $1 and bundle is not null and bundle = $2 and confirmed_at is null";
    MESSAGE_CONFIRM = "update message set confirmed_at = $3
        where delivery_id = $1 and organization_id = $2 and confirmed_at is null";
    MESSAGE_CONFIRM_SIZE = "select size from message where delivery_id = $1 and organization_id = $2";
    NOTIFICATION_UNDELIVERED = "update notification set state = 'failed', next_at = null, finished_at = $4,
        fate = $5 where organization_id = $1 and instance_id = $2 and sequence = $3 and confirmed_at is null
        and (state in ('sending', 'sent') or (state in ('in message', 'dropped') and exists (select 1 from message
        where message.delivery_id = notification.bundle and message.confirmed_at is null
        and (message.state = 'sent' or (message.state = 'sending' and notification.state = 'in message')))))";
}

/// Whether a message to `user` since `since` has this code already.
pub fn notification_code_taken(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    user: &Username,
    code: &str,
    since: Instant,
) -> Result<bool, Error> {
    Ok(notification_by_code(tx, organization, user, code, since)?.is_some())
}

/// Gives the code to a notification, and to all that go out in one message with it.
pub fn notification_give_code(
    tx: &mut dyn Tx,
    id: &NotificationId,
    bundle: Option<&str>,
    code: &str,
) -> Result<(), Error> {
    let is_message = match bundle {
        Some(bundle) => tx.run(MESSAGE_CODE, &[bundle.into(), code.into()])? > 0,
        None => false,
    };
    if is_message {
        return Ok(());
    }
    let [a, b, c] = id.key();
    tx.run(NOTIFICATION_CODE, &[a, b, c, code.into()]).map(drop)
}

/// A notification to `user` that was due after `since` and has this code.
pub fn notification_by_code(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    user: &Username,
    code: &str,
    since: Instant,
) -> Result<Option<NotificationRow>, Error> {
    let values = [organization.0.into(), user.as_str().into(), code.into(), since.0.into()];
    if let Some(row) = tx.one(NOTIFICATION_BY_CODE, &values)? {
        return whole(&row).map(Some);
    }
    let Some(message) = tx.one(MESSAGE_BY_CODE, &values)? else { return Ok(None) };
    let first = tx.one(NOTIFICATION_BY_BUNDLE, &[message.text(0)?.into(), organization.0.into(), 1_u32.into()])?;
    first.as_ref().map(whole).transpose()
}

/// All notifications that went out as the message of this delivery id, by incident, at most `limit`.
pub fn notification_by_delivery(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    delivery_id: &str,
    limit: u32,
) -> Result<Vec<NotificationRow>, Error> {
    let rows = tx.all(NOTIFICATION_BY_BUNDLE, &[delivery_id.into(), organization.0.into(), limit.into()])?;
    if !rows.is_empty() {
        return rows.iter().map(whole).collect();
    }
    let Some(id) = NotificationId::from_delivery_id(organization, delivery_id) else { return Ok(Vec::new()) };
    let alone = notification_load(tx, &id)?.filter(|row| row.bundle.is_none());
    Ok(alone.into_iter().collect())
}

/// Records that the person has got a message; how many notifications of it were not known to be received before.
pub fn notification_confirm(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    delivery_id: &str,
    now: Instant,
) -> Result<u64, Error> {
    if let Some(row) = tx.one(MESSAGE_CONFIRM_SIZE, &[delivery_id.into(), organization.0.into()])? {
        let confirmed = tx.run(MESSAGE_CONFIRM, &[delivery_id.into(), organization.0.into(), now.0.into()])?;
        return Ok(confirmed * u64::try_from(row.integer(0)?).unwrap_or(0));
    }
    let bundled = tx.run(NOTIFICATION_CONFIRM_BUNDLE, &[organization.0.into(), delivery_id.into(), now.0.into()])?;
    match NotificationId::from_delivery_id(organization, delivery_id) {
        Some(id) if bundled == 0 => {
            let [a, b, c] = id.key();
            tx.run(NOTIFICATION_CONFIRM, &[a, b, c, now.0.into()])
        }
        _ => Ok(bundled),
    }
}

/// Records that a notification which the carrier took did not arrive; whether it was taken for sent until now.
pub fn notification_undelivered(
    tx: &mut dyn Tx,
    id: &NotificationId,
    reason: &str,
    now: Instant,
) -> Result<bool, Error> {
    let [a, b, c] = id.key();
    Ok(tx.run(NOTIFICATION_UNDELIVERED, &[a, b, c, now.0.into(), reason.into()])? == 1)
}

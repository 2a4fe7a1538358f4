//! What one person is still to be told of one incident, what of it is brought forward, and whom its pages reached.

use super::{NotificationId, NotificationRow, whole};
use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::notification::Channel;
use domain::{InstanceId, Instant, OrganizationId, Username};

statements! {
    NOTIFICATION_OF_PERSON = "select organization_id, instance_id, sequence, username, channel, round, due_at, body,
        attempts, state, next_at, finished_at, fate, bundle, confirmed_at from notification
        where organization_id = $1 and instance_id = $2 and username = $3 and round = $4 and is_page
        order by sequence";
    NOTIFICATION_REACHED = "select distinct username, channel from notification where organization_id = $1
        and instance_id = $2 and is_page and state in ('sent', 'sending')";
    NOTICE_LIST = "select organization_id, instance_id, sequence, username, channel, round, due_at, body,
        attempts, state, case when next_at < 9000000000000000000 then next_at else (select mailbox.next_at from mailbox
        where mailbox.organization_id = notification.organization_id and mailbox.channel = notification.channel
        and mailbox.username = notification.username and notification.next_at is not null) end,
        finished_at, fate, bundle, confirmed_at from notification
        where organization_id = $1 and username = $2 and instance_id = 0 and (due_at, sequence) < ($3, $4)
        order by due_at desc, sequence desc limit $5";
    NOTIFICATION_TO_PERSON = "select organization_id, instance_id, sequence, username, channel, round, due_at, body,
        attempts, state, next_at, finished_at, fate, bundle, confirmed_at from notification
        where organization_id = $1 and instance_id > $2 and instance_id < $3 and username = $4
        order by instance_id desc, sequence desc limit $5";
    NOTIFICATION_HURRY = "update notification set due_at = $4, next_at = $4 where organization_id = $1
        and instance_id = $2 and sequence = $3 and state = 'waiting' and attempts = 0 and next_at > $4";
}

/// The pages to one person of one round of an incident, in the order they were queued.
pub fn notification_of_person(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    user: &Username,
    round: u32,
) -> Result<Vec<NotificationRow>, Error> {
    let values = [organization.0.into(), id.0.into(), user.as_str().into(), round.into()];
    tx.all(NOTIFICATION_OF_PERSON, &values)?.iter().map(whole).collect()
}

/// Makes a notification that waits for its time due at `now`; whether it did wait.
pub fn notification_hurry(tx: &mut dyn Tx, id: &NotificationId, now: Instant) -> Result<bool, Error> {
    let [a, b, c] = id.key();
    Ok(tx.run(NOTIFICATION_HURRY, &[a, b, c, now.0.into()])? == 1)
}

/// Whom pages of an incident reached, and by which channels: a carrier took one, or has one in its hands.
pub fn notification_reached(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
) -> Result<Vec<(Username, Channel)>, Error> {
    let rows = tx.all(NOTIFICATION_REACHED, &[organization.0.into(), id.0.into()])?;
    let reached = |row: &Row| {
        let word = row.text(1)?;
        let channel = Channel::from_word(word).ok_or_else(|| Error::Corrupt(format!("no channel `{word}`")))?;
        Ok((Username(row.text(0)?.to_owned()), channel))
    };
    rows.iter().map(reached).collect()
}

/// Notifications to a person about the incidents between two numbers, both excluded, newest incidents first, at most `limit`.
pub fn notification_to_person(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    user: &Username,
    (after, before): (InstanceId, InstanceId),
    limit: u32,
) -> Result<Vec<NotificationRow>, Error> {
    let values = [organization.0.into(), after.0.into(), before.0.into(), user.as_str().into(), limit.into()];
    tx.all(NOTIFICATION_TO_PERSON, &values)?.iter().map(whole).collect()
}

/// Notices to a person about no incident, such as handovers, newest first; those before the one that is due at `before` and has
/// this sequence.
pub fn notice_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    user: &Username,
    before: (Instant, i64),
    limit: u32,
) -> Result<Vec<NotificationRow>, Error> {
    let values = [organization.0.into(), user.as_str().into(), before.0.0.into(), before.1.into(), limit.into()];
    tx.all(NOTICE_LIST, &values)?.iter().map(whole).collect()
}

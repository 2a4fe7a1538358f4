//! What one person is still to be told of one incident, what of it is brought forward, and whom its pages reached.

use super::{NotificationId, NotificationRow, whole};
use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::notification::Channel;
use domain::{InstanceId, Instant, OrganizationId, Username};

statements! {
    NOTIFICATION_OF_PERSON = concat!(notification_seen!(), "where n.organization_id = $1 and n.instance_id = $2
        and n.username = $3 and n.round = $4 and n.is_page order by n.sequence");
    NOTIFICATION_REACHED = "select distinct n.username, n.channel from notification n
        left join message m on m.delivery_id = n.bundle where n.organization_id = $1 and n.instance_id = $2 and n.is_page
        and (n.state in ('sent', 'sending') or (n.state = 'in message' and m.state in ('sent', 'sending'))
            or (n.state = 'dropped' and m.state = 'sent'))";
    NOTICE_LIST = concat!(notification_seen!(), "where n.organization_id = $1 and n.username = $2 and n.instance_id = 0
        and (n.due_at, n.sequence) < ($3, $4) order by n.due_at desc, n.sequence desc limit $5");
    NOTIFICATION_TO_PERSON = concat!(notification_seen!(), "where n.organization_id = $1 and n.instance_id > $2
        and n.instance_id < $3 and n.username = $4 order by n.instance_id desc, n.sequence desc limit $5");
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

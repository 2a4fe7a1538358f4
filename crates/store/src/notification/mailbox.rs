//! Mailboxes: what waits for one person on one channel until its pace or a pause lets it go. Held notifications have no
//! due time of their own; the mailbox is due for all of them, so that it costs the same however many there are.

use super::due::{Due, HELD, PACED, Place, due};
use super::message::message_resume;
use super::{NotificationId, put_aside, read};
use crate::seam::statement::statements;
use crate::{Error, Tx, Value};
use domain::notification::{Channel, Notification};
use domain::{Instant, OrganizationId, Username};

/// Why notifications are held. What is taken out first comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hold {
    /// The destination is left alone, and the incident says so.
    Told,
    /// The destination is left alone, and the incident has yet to say so.
    Untold,
    /// The channel's pace allows no message yet.
    Paced,
}

impl Hold {
    const fn mark(self) -> i64 {
        match self {
            Self::Told => HELD + 1,
            Self::Untold => HELD + 2,
            Self::Paced => HELD + 3,
        }
    }
}

/// What is held for one person on one channel.
#[derive(Clone, Copy, Debug)]
pub struct Mailbox<'a> {
    /// Whose it is.
    pub organization: OrganizationId,
    /// For whom.
    pub user: &'a Username,
    /// On which channel.
    pub channel: Channel,
}

impl Mailbox<'_> {
    fn key(&self) -> [Value; 3] {
        [self.organization.0.into(), self.channel.word().into(), self.user.as_str().into()]
    }

    /// As notifications are looked up by their reader.
    pub(super) fn person(&self) -> [Value; 3] {
        [self.organization.0.into(), self.user.as_str().into(), self.channel.word().into()]
    }
}

statements! {
    MAILBOX_HOLD_FRESH = "update notification set next_at = $5, fate = $6 where (organization_id, instance_id, sequence) in
        (select organization_id, instance_id, sequence from notification
        where organization_id = $1 and username = $2 and channel = $3 and next_at is not null and next_at <= $4
        and bundle is null and attempts = 0 and instance_id <> 0 order by next_at, instance_id, sequence limit $7)";
    MAILBOX_HOLD_ALL = "update notification set state = 'waiting', next_at = $5, fate = $6
        where (organization_id, instance_id, sequence) in
        (select organization_id, instance_id, sequence from notification
        where organization_id = $1 and username = $2 and channel = $3 and next_at is not null and next_at <= $4
        order by next_at, instance_id, sequence limit $7)";
    MAILBOX_HOLD_ONE = "update notification set state = 'waiting', next_at = $4, fate = $5
        where organization_id = $1 and instance_id = $2 and sequence = $3 and next_at is not null";
    MAILBOX_CLOSE = "insert into mailbox (organization_id, channel, username, next_at, reason) values ($1, $2, $3, $4, $5)
        on conflict (organization_id, channel, username) do update set reason = excluded.reason, next_at =
        case when mailbox.next_at < excluded.next_at then mailbox.next_at else excluded.next_at end";
    MAILBOX_SET = "update mailbox set next_at = $4, reason = $5
        where organization_id = $1 and channel = $2 and username = $3";
    MAILBOX_DOUBT = "update mailbox set reason = null where organization_id = $1 and reason is not null";
    MAILBOX_DOUBT_ALL = "update mailbox set reason = null where channel = $1 and next_at is not null and next_at > $2";
    MAILBOX_RESUME = "update mailbox set next_at = $4
        where organization_id = $1 and channel = $2 and username = $3 and next_at is not null and next_at > $4";
    MAILBOX_NEXT_AT = "select next_at from mailbox where organization_id = $1 and channel = $2 and username = $3";
    MAILBOX_DUE = "select username from mailbox
        where +organization_id = $1 and channel = $2 and next_at is not null and next_at <= $3
        order by next_at, organization_id, username limit $4";
    pub(super) MAILBOX_DUE_WHERE = "select organization_id from mailbox
        where channel = $1 and next_at is not null and next_at <= $2 order by next_at limit 1000";
    pub(super) MAILBOX_OLDEST = "select min(due_at) from (select (select n.due_at from notification n
        where n.organization_id = mailbox.organization_id and n.username = mailbox.username and n.channel = mailbox.channel
        and n.next_at is not null and n.next_at >= 9000000000000000000
        order by n.next_at, n.instance_id, n.sequence limit 1) as due_at from mailbox
        where channel = $1 and next_at is not null
        and (reason is null or reason <> 'goes out together with what follows') order by next_at limit 100) as soonest";
    MAILBOX_FIRST = "select organization_id, instance_id, sequence, username, channel, round, due_at, body,
        attempts, bundle, code from notification where organization_id = $1 and username = $2 and channel = $3
        and next_at is not null and next_at >= $4 order by next_at, instance_id, sequence limit 1";
    MAILBOX_UNTOLD = "select organization_id, instance_id, sequence, username, channel, round, due_at, body,
        attempts, fate from notification where +organization_id = $1 and channel = $2 and next_at = 9000000000000000002
        order by organization_id, instance_id, sequence limit $3";
}

/// Holds, from this moment on, what is due for the first time to `user` by `channel`, at most `limit`; how many that is.
/// What is about no incident keeps no pace. It is not counted as an attempt.
pub fn mailbox_hold_fresh(tx: &mut dyn Tx, mailbox: &Mailbox<'_>, now: Instant, limit: u32) -> Result<u64, Error> {
    let [a, b, c] = mailbox.person();
    let values = [a, b, c, now.0.into(), Hold::Paced.mark().into(), PACED.into(), limit.into()];
    tx.run(MAILBOX_HOLD_FRESH, &values)
}

/// Holds all that is due to `user` by `channel` because the destination is left alone, at most `limit`; how many that is.
/// `reason` is told meanwhile, and each incident has yet to say it.
pub fn mailbox_hold_all(
    tx: &mut dyn Tx,
    mailbox: &Mailbox<'_>,
    now: Instant,
    reason: &str,
    limit: u32,
) -> Result<u64, Error> {
    let [a, b, c] = mailbox.person();
    let values = [a, b, c, now.0.into(), Hold::Untold.mark().into(), reason.into(), limit.into()];
    tx.run(MAILBOX_HOLD_ALL, &values)
}

/// Holds one notification of a destination that is left alone, whose incident says so now; `reason` is told meanwhile.
pub fn mailbox_hold_told(tx: &mut dyn Tx, id: &NotificationId, reason: &str) -> Result<(), Error> {
    let [a, b, c] = id.key();
    tx.run(MAILBOX_HOLD_ONE, &[a, b, c, Hold::Told.mark().into(), reason.into()]).map(drop)
}

/// Why what comes for a person is held until their mailbox is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed<'a> {
    /// The channel's pace allows no message yet.
    Paced,
    /// The destination is left alone, which is told so.
    Paused(&'a str),
}

impl Closed<'_> {
    fn reason(&self) -> &str {
        match self {
            Self::Paced => PACED,
            Self::Paused(reason) => reason,
        }
    }
}

/// Closes a mailbox until `at`, or until it is due before.
pub fn mailbox_close(tx: &mut dyn Tx, mailbox: &Mailbox<'_>, at: Instant, why: Closed<'_>) -> Result<(), Error> {
    let [a, b, c] = mailbox.key();
    tx.run(MAILBOX_CLOSE, &[a, b, c, at.0.into(), why.reason().into()]).map(drop)
}

/// Closes a mailbox until `at` and no shorter; `None` where nothing is held in it.
pub fn mailbox_set(tx: &mut dyn Tx, mailbox: &Mailbox<'_>, closed: Option<(Instant, Closed<'_>)>) -> Result<(), Error> {
    let [a, b, c] = mailbox.key();
    let (at, why) = closed.map_or((Value::Null, Value::Null), |(at, why)| (at.0.into(), why.reason().into()));
    tx.run(MAILBOX_SET, &[a, b, c, at, why]).map(drop)
}

/// Says that it must be found out again whether what comes is held: the directory has changed, and with it perhaps where
/// its channels lead. What is held stays so.
pub fn mailbox_doubt(tx: &mut dyn Tx, organization: OrganizationId) -> Result<(), Error> {
    tx.run(MAILBOX_DOUBT, &[organization.0.into()]).map(drop)
}

/// The same for all organizations: nobody knows any more which destinations failed.
pub fn mailbox_doubt_all(tx: &mut dyn Tx, now: Instant) -> Result<(), Error> {
    Channel::ALL
        .into_iter()
        .try_for_each(|channel| tx.run(MAILBOX_DOUBT_ALL, &[channel.word().into(), now.0.into()]).map(drop))
}

/// Makes a mailbox in which something is held due at `now`, and the messages to its owner that wait: their destination works
/// again.
pub fn mailbox_resume(tx: &mut dyn Tx, mailbox: &Mailbox<'_>, now: Instant) -> Result<(), Error> {
    let [a, b, c] = mailbox.key();
    tx.run(MAILBOX_RESUME, &[a, b, c, now.0.into()])?;
    message_resume(tx, mailbox.person(), now)
}

/// When a mailbox is due; `None` while nothing is held there.
pub fn mailbox_next_at(tx: &mut dyn Tx, mailbox: &Mailbox<'_>) -> Result<Option<Instant>, Error> {
    let row = tx.one(MAILBOX_NEXT_AT, &mailbox.key())?;
    Ok(row.map(|row| row.optional_integer(0)).transpose()?.flatten().map(Instant))
}

/// Whose mailboxes of a channel are due at `now`, the longest due first, at most `limit`.
pub fn mailbox_due(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    channel: Channel,
    now: Instant,
    limit: u32,
) -> Result<Vec<Username>, Error> {
    let values = [organization.0.into(), channel.word().into(), now.0.into(), limit.into()];
    tx.all(MAILBOX_DUE, &values)?.iter().map(|row| Ok(row.text(0)?.into())).collect()
}

/// What is held the longest in a mailbox. A row that cannot be read is ended, so that the rest goes on.
pub fn mailbox_first(tx: &mut dyn Tx, mailbox: &Mailbox<'_>, now: Instant) -> Result<Option<Due>, Error> {
    let [a, b, c] = mailbox.person();
    let values = [a, b, c, HELD.into()];
    while let Some(row) = tx.one(MAILBOX_FIRST, &values)? {
        match due(&row, Place::Held) {
            Ok(due) => return Ok(Some(due)),
            Err(error) => put_aside(tx, mailbox.organization, &row, &error, now)?,
        }
    }
    Ok(None)
}

/// Notifications of a channel that are held though their incidents have yet to say so, at most `limit`, each with the
/// reason that is told meanwhile.
pub fn mailbox_untold(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    channel: Channel,
    now: Instant,
    limit: u32,
) -> Result<Vec<(NotificationId, Notification, String)>, Error> {
    let values = [organization.0.into(), channel.word().into(), limit.into()];
    let rows = tx.all(MAILBOX_UNTOLD, &values)?;
    let mut untold = Vec::with_capacity(rows.len());
    for row in &rows {
        match read(row) {
            Ok((id, notification, _)) => {
                untold.push((id, notification, row.optional_text(9)?.unwrap_or_default().to_owned()));
            }
            Err(error) => put_aside(tx, organization, row, &error, now)?,
        }
    }
    Ok(untold)
}

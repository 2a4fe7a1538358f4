//! Notifications and the attempts at them: the rows are the queue.

use crate::event::sequence;
use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::incident::Pending;
use domain::notification::{Channel, Fate, Message, Notification};
use domain::{InstanceId, Instant, OrganizationId, Username};
use std::collections::BTreeSet;

/// Which notification: stable over restarts and attempts, unique on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NotificationId {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its incident.
    pub instance_id: InstanceId,
    /// Its number within the incident.
    pub sequence: i64,
}

/// A notification that this node may send until its lease is over.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Which one.
    pub id: NotificationId,
    /// Number of this attempt, from 1.
    pub attempt: u32,
    /// What is sent, to whom, by which channel.
    pub notification: Notification,
}

/// What is recorded of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// Its number, from 1.
    pub attempt: u32,
    /// When it began.
    pub at: Instant,
    /// How long it took, microseconds.
    pub elapsed_micros: i64,
    /// `delivered`, `temporary failure` or `permanent failure`.
    pub outcome: String,
    /// What came back.
    pub answer: String,
}

/// A notification with what became of it.
#[derive(Clone, Debug)]
pub struct NotificationRow {
    /// Which one.
    pub id: NotificationId,
    /// What was queued.
    pub notification: Notification,
    /// `waiting`, `sending`, `sent`, `failed` or `dropped`.
    pub state: String,
    /// When its fate was known.
    pub finished_at: Option<Instant>,
    /// Why it has this fate.
    pub fate: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
}

statements! {
    NOTIFICATION_INSERT = "insert into notification (organization_id, instance_id, sequence, username, channel, state,
        is_page, round, due_at, next_at, attempts, body) values ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8, $8, 0, $9)";
    NOTIFICATION_CLAIMABLE = "select organization_id, instance_id, sequence, username, channel, round, due_at, body,
        attempts from notification where channel = $3 and next_at is not null and next_at <= $1
        order by next_at, organization_id, instance_id, sequence limit $2 {skip_locked}";
    NOTIFICATION_CLAIM = "update notification set state = 'sending', attempts = attempts + 1, next_at = $4
        where organization_id = $1 and instance_id = $2 and sequence = $3";
    NOTIFICATION_RELEASE = "update notification set next_at = $1
        where channel = $2 and state = 'sending' and next_at is not null and next_at > $1";
    NOTIFICATION_SENT = "update notification set state = 'sent', next_at = null, finished_at = $5, fate = null
        where organization_id = $1 and instance_id = $2 and sequence = $3 and attempts = $4";
    NOTIFICATION_RETRY = "update notification set state = 'waiting', next_at = $5
        where organization_id = $1 and instance_id = $2 and sequence = $3 and attempts = $4 and state = 'sending'";
    NOTIFICATION_END = "update notification set state = $5, next_at = null, finished_at = $6, fate = $7
        where organization_id = $1 and instance_id = $2 and sequence = $3 and attempts = $4 and state = 'sending'";
    NOTIFICATION_DROP_ALL = "update notification set state = 'dropped', next_at = null, finished_at = $3,
        fate = 'somebody acted' where organization_id = $1 and instance_id = $2 and next_at is not null and is_page = $4";
    NOTIFICATION_DROP_NOT_YET_DUE = "update notification set state = 'dropped', next_at = null, finished_at = $3,
        fate = 'the next level was asked' where organization_id = $1 and instance_id = $2 and next_at is not null
        and is_page = $4 and state = 'waiting' and due_at > $3";
    NOTIFICATION_SUPERSEDE = "update notification set state = 'dropped', next_at = null, finished_at = $3,
        fate = 'notified again' where organization_id = $1 and instance_id = $2 and next_at is not null
        and is_page = $4 and username = $5";
    NOTIFICATION_NEXT = "select min(next_at) from notification where channel = $1 and next_at is not null";
    NOTIFICATION_OLDEST = "select min(due_at) from (select due_at from notification
        where channel = $1 and next_at is not null order by next_at limit 100) as soonest";
    NOTIFICATION_LIST = "select organization_id, instance_id, sequence, username, channel, round, due_at, body,
        attempts, state, finished_at, fate from notification
        where organization_id = $1 and instance_id = $2 order by sequence";
    ATTEMPT_INSERT = "insert into attempt (organization_id, instance_id, sequence, attempt, at, elapsed_micros, outcome,
        answer) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
    ATTEMPT_LIST = "select attempt, at, elapsed_micros, outcome, answer from attempt
        where organization_id = $1 and instance_id = $2 and sequence = $3 order by attempt";
}

/// Queues what a step wants said; `version` is the incident's after it was saved.
pub fn notification_append(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    version: i64,
    notifications: &[Notification],
) -> Result<(), Error> {
    for (place, notification) in notifications.iter().enumerate() {
        let body = serde_json::to_string(&notification.message).map_err(|error| Error::Statement(error.to_string()))?;
        let values = [
            organization.0.into(),
            id.0.into(),
            sequence(version, place)?.into(),
            notification.user.as_str().into(),
            notification.channel.word().into(),
            notification.message.reason.is_page().into(),
            notification.round.into(),
            notification.due_at.0.into(),
            body.into(),
        ];
        tx.run(NOTIFICATION_INSERT, &values)?;
    }
    Ok(())
}

/// Does what a step says of the incident's waiting pages, before its new notifications are queued.
pub fn notification_call_off(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    pending: Pending,
    coming: &[Notification],
    now: Instant,
) -> Result<(), Error> {
    let values = [organization.0.into(), id.0.into(), now.0.into(), true.into()];
    match pending {
        Pending::Keep => Ok(()),
        Pending::DropNotYetDue => tx.run(NOTIFICATION_DROP_NOT_YET_DUE, &values).map(drop),
        Pending::DropAll => tx.run(NOTIFICATION_DROP_ALL, &values).map(drop),
        Pending::Supersede => {
            // A notice replaces no page: its reader must still be woken.
            let pages = coming.iter().filter(|notification| notification.message.reason.is_page());
            let users: BTreeSet<&Username> = pages.map(|notification| &notification.user).collect();
            for user in users {
                let [a, b, c, d] = values.clone();
                tx.run(NOTIFICATION_SUPERSEDE, &[a, b, c, d, user.as_str().into()])?;
            }
            Ok(())
        }
    }
}

fn read(row: &Row) -> Result<(NotificationId, Notification, u32), Error> {
    let corrupt = |reason: String| Error::Corrupt(format!("a notification: {reason}"));
    let id = NotificationId {
        organization: OrganizationId(row.integer(0)?),
        instance_id: InstanceId(row.integer(1)?),
        sequence: row.integer(2)?,
    };
    let message: Message = serde_json::from_str(row.text(7)?).map_err(|error| corrupt(error.to_string()))?;
    let notification = Notification {
        user: row.text(3)?.into(),
        channel: Channel::from_word(row.text(4)?).ok_or_else(|| corrupt("unknown channel".to_owned()))?,
        round: u32::try_from(row.integer(5)?).map_err(|error| corrupt(error.to_string()))?,
        due_at: Instant(row.integer(6)?),
        message,
    };
    let attempts = u32::try_from(row.integer(8)?).map_err(|error| corrupt(error.to_string()))?;
    Ok((id, notification, attempts))
}

fn key(id: &NotificationId) -> [crate::Value; 3] {
    [id.organization.0.into(), id.instance_id.0.into(), id.sequence.into()]
}

/// Claims notifications of a channel due at `now`, longest due first, then by id, at most `limit`: each belongs to this node until
/// `lease_until`, and comes due again then unless its fate was recorded. A row that cannot be read is ended, with the
/// reason as its fate, so that the rest goes on.
pub fn notification_claim(
    tx: &mut dyn Tx,
    channel: Channel,
    now: Instant,
    lease_until: Instant,
    limit: u32,
) -> Result<Vec<Claimed>, Error> {
    let rows = tx.all(NOTIFICATION_CLAIMABLE, &[now.0.into(), limit.into(), channel.word().into()])?;
    let mut claimed = Vec::with_capacity(rows.len());
    for row in &rows {
        let raw = [row.integer(0)?.into(), row.integer(1)?.into(), row.integer(2)?.into()];
        let [a, b, c] = raw.clone();
        tx.run(NOTIFICATION_CLAIM, &[a, b, c, lease_until.0.into()])?;
        match read(row) {
            Ok((id, notification, attempts)) => claimed.push(Claimed { id, attempt: attempts + 1, notification }),
            Err(error) => {
                tracing::error!(%error, "a notification cannot be read and is put aside");
                let [a, b, c] = raw;
                let attempts = (row.integer(8)? + 1).into();
                let values = [a, b, c, attempts, "failed".into(), now.0.into(), error.to_string().into()];
                tx.run(NOTIFICATION_END, &values)?;
            }
        }
    }
    Ok(claimed)
}

/// Ends every lease: what was claimed and is not settled is due at `now`. How many there were.
pub fn notification_release(tx: &mut dyn Tx, now: Instant) -> Result<u64, Error> {
    let release = |channel: Channel| tx.run(NOTIFICATION_RELEASE, &[now.0.into(), channel.word().into()]);
    Channel::ALL.into_iter().map(release).sum()
}

/// Records an attempt and what becomes of its notification. That it was sent is recorded even when it was dropped
/// meanwhile; a retry or failure of a dropped one changes nothing more. Whether
/// the fate took effect.
pub fn notification_settle(
    tx: &mut dyn Tx,
    id: &NotificationId,
    row: &AttemptRow,
    fate: Fate,
    now: Instant,
) -> Result<bool, Error> {
    let [a, b, c] = key(id);
    let attempt = [
        a,
        b,
        c,
        row.attempt.into(),
        row.at.0.into(),
        row.elapsed_micros.into(),
        row.outcome.as_str().into(),
        row.answer.as_str().into(),
    ];
    tx.run(ATTEMPT_INSERT, &attempt)?;
    let [a, b, c] = key(id);
    let number = row.attempt.into();
    let changed = match fate {
        Fate::Sent => tx.run(NOTIFICATION_SENT, &[a, b, c, number, now.0.into()]),
        Fate::Retry(at) => tx.run(NOTIFICATION_RETRY, &[a, b, c, number, at.0.into()]),
        Fate::Failed => {
            let values = [a, b, c, number, "failed".into(), now.0.into(), row.answer.as_str().into()];
            tx.run(NOTIFICATION_END, &values)
        }
    }?;
    Ok(changed == 1)
}

/// Records that a claimed notification is not called for any more, and why.
pub fn notification_drop(
    tx: &mut dyn Tx,
    id: &NotificationId,
    attempt: u32,
    reason: &str,
    now: Instant,
) -> Result<(), Error> {
    let [a, b, c] = key(id);
    tx.run(NOTIFICATION_END, &[a, b, c, attempt.into(), "dropped".into(), now.0.into(), reason.into()]).map(drop)
}

/// When the next notification of a channel is due, or the next lease on one is over.
pub fn notification_next(tx: &mut dyn Tx, channel: Channel) -> Result<Option<Instant>, Error> {
    let row = tx.one(NOTIFICATION_NEXT, &[channel.word().into()])?;
    Ok(row.map(|row| row.optional_integer(0)).transpose()?.flatten().map(Instant))
}

/// Since when the longest undelivered notification of a channel has been due, among the hundred that come next:
/// enough to see that a carrier is down, and as cheap when very many wait.
pub fn notification_oldest(tx: &mut dyn Tx, channel: Channel) -> Result<Option<Instant>, Error> {
    let row = tx.one(NOTIFICATION_OLDEST, &[channel.word().into()])?;
    Ok(row.map(|row| row.optional_integer(0)).transpose()?.flatten().map(Instant))
}

/// All notifications of an incident, in the order they were queued.
pub fn notification_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
) -> Result<Vec<NotificationRow>, Error> {
    let rows = tx.all(NOTIFICATION_LIST, &[organization.0.into(), id.0.into()])?;
    let whole = |row: &Row| {
        let (id, notification, attempts) = read(row)?;
        Ok(NotificationRow {
            id,
            notification,
            attempts,
            state: row.text(9)?.to_owned(),
            finished_at: row.optional_integer(10)?.map(Instant),
            fate: row.optional_text(11)?.map(str::to_owned),
        })
    };
    rows.iter().map(whole).collect()
}

/// The attempts at a notification, first to last.
pub fn attempt_list(tx: &mut dyn Tx, id: &NotificationId) -> Result<Vec<AttemptRow>, Error> {
    let read = |row: &Row| {
        Ok(AttemptRow {
            attempt: u32::try_from(row.integer(0)?).map_err(|error| Error::Corrupt(error.to_string()))?,
            at: Instant(row.integer(1)?),
            elapsed_micros: row.integer(2)?,
            outcome: row.text(3)?.to_owned(),
            answer: row.text(4)?.to_owned(),
        })
    };
    tx.all(ATTEMPT_LIST, &key(id))?.iter().map(read).collect()
}

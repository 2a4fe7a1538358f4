//! Messages that list several notifications: each is claimed, tried, sent and given up as one row, however many it lists.
//!
//! A notification that is `in message` has the fate of its message. One that is dropped while the message is on its way was in
//! it, unless it is found dropped when the message is written: then it is `left` out for good.

use super::due::{Due, Place, due};
use super::settle::AttemptRow;
use super::{NotificationId, put_aside, read};
use crate::seam::statement::statements;
use crate::{Error, Row, Tx, Value};
use domain::incident::Status;
use domain::notification::{Channel, Notification, Standing};
use domain::{InstanceId, Instant, OrganizationId, Urgency};
use serde::Deserialize;

/// One notification of a message, with how its incident stands.
#[derive(Clone, Debug)]
pub struct Bundled {
    /// Which one.
    pub id: NotificationId,
    /// What it says.
    pub notification: Notification,
    /// The incident's number within its organization.
    pub number: i64,
    /// What decides whether it is still called for.
    pub standing: Standing,
    /// How loud the incident is now.
    pub urgency: Urgency,
}

/// A try at a message by the node that holds it; what another node has tried since has no say any more.
#[derive(Clone, Debug)]
pub struct Try {
    /// The message.
    pub delivery_id: String,
    /// Number of the try, from 1.
    pub attempt: u32,
}

impl Try {
    fn key(&self) -> [Value; 2] {
        [self.delivery_id.as_str().into(), self.attempt.into()]
    }
}

/// What a message consists of.
#[derive(Debug, Default)]
pub struct Contents {
    /// What it lists, by incident.
    pub bundled: Vec<Bundled>,
    /// What was dropped since it was claimed, or since it was tried the last time.
    pub dropped: Vec<NotificationId>,
    /// What cannot be read, and why.
    pub unreadable: Vec<(NotificationId, String)>,
}

impl Contents {
    /// The last notification that was found.
    #[must_use]
    pub fn last(&self) -> Option<NotificationId> {
        let bundled = self.bundled.iter().map(|bundled| bundled.id);
        let unreadable = self.unreadable.iter().map(|(id, _)| *id);
        bundled.chain(self.dropped.iter().copied()).chain(unreadable).max()
    }
}

/// What of an incident's state is looked at: to read all of it would take ten times as long.
#[derive(Deserialize)]
struct Round {
    round: u32,
}

statements! {
    pub(super) MESSAGE_DUE_WHERE = "select organization_id from message
        where channel = $1 and next_at is not null and next_at <= $2 order by next_at limit 1000";
    pub(super) MESSAGE_OLDEST = "select min(due_at) from (select due_at from message where channel = $1
        and next_at is not null order by next_at limit 100) as soonest";
    MESSAGE_INSERT = "insert into message (delivery_id, organization_id, channel, username, state, attempts, due_at, next_at,
        size) values ($1, $2, $3, $4, 'sending', 1, $5, $6, $7)";
    MESSAGE_DUE = "select delivery_id from message where +organization_id = $1 and channel = $2 and next_at is not null
        and next_at <= $3 order by next_at, organization_id, delivery_id limit $4 {skip_locked}";
    MESSAGE_FIRST = "select n.organization_id, n.instance_id, n.sequence, n.username, n.channel, n.round, n.due_at, n.body,
        m.attempts, n.bundle, m.code from notification n join message m on m.delivery_id = n.bundle
        where n.bundle is not null and n.bundle = $1 and n.state = 'in message'
        order by n.instance_id, n.sequence limit 1";
    MESSAGE_NOTHING_LEFT = "update message set state = 'dropped', next_at = null, finished_at = $2 where delivery_id = $1";
    MESSAGE_CLAIM = "update message set state = 'sending', attempts = attempts + 1, next_at = $2, fate = null,
        told_instance_id = null, told_sequence = null where delivery_id = $1 and next_at is not null";
    MESSAGE_RENEW = "update message set next_at = $3 where delivery_id = $1 and attempts = $2 and state = 'sending'";
    MESSAGE_ADD = "update message set size = size + $3 where delivery_id = $1 and attempts = $2";
    MESSAGE_SIZE = "select size from message where delivery_id = $1";
    MESSAGE_LIST = "select n.organization_id, n.instance_id, n.sequence, n.username, n.channel, n.round, n.due_at, n.body,
        n.attempts, n.state, i.organization_instance_id, i.status, i.urgency, i.body from notification n
        join message m on m.delivery_id = n.bundle and m.attempts = $2 and m.state = 'sending'
        join incident i on i.organization_id = n.organization_id and i.instance_id = n.instance_id
        where n.bundle is not null and n.bundle = $1 and n.state in ('in message', 'dropped')
        and (n.instance_id, n.sequence) > ($3, $4) order by n.instance_id, n.sequence limit $5";
    MESSAGE_LEAVE = "update notification set state = 'left', attempts = $4, finished_at = $5, fate = $6
        where organization_id = $1 and instance_id = $2 and sequence = $3 and state = 'in message'";
    MESSAGE_LEAVE_DROPPED = "update notification set state = 'left', attempts = $4
        where organization_id = $1 and instance_id = $2 and sequence = $3 and state = 'dropped'";
    MESSAGE_FAIL_ONE = "update notification set state = 'failed', finished_at = $4, fate = $5
        where organization_id = $1 and instance_id = $2 and sequence = $3 and state = 'in message'";
    MESSAGE_ATTEMPT = "insert into message_attempt (delivery_id, attempt, at, elapsed_micros, outcome, answer)
        values ($1, $2, $3, $4, $5, $6) on conflict do nothing";
    MESSAGE_END = "update message set state = $3, next_at = null, finished_at = $4, fate = $5
        where delivery_id = $1 and attempts = $2";
    MESSAGE_RETRY = "update message set state = 'waiting', next_at = $3
        where delivery_id = $1 and attempts = $2 and state = 'sending'";
    MESSAGE_PAUSE = "update message set state = 'waiting', next_at = $2, fate = $3, told_instance_id = $4, told_sequence = $5
        where delivery_id = $1 and next_at is not null";
    MESSAGE_RESUME = "update message set next_at = $4 where organization_id = $1 and username = $2 and channel = $3
        and next_at is not null and next_at > $4 and state = 'waiting' and fate is not null";
    MESSAGE_RELEASE = "update message set next_at = $1 where channel = $2 and next_at is not null and next_at > $1
        and state = 'sending'";
    MESSAGE_UNTOLD = "select delivery_id, next_at, fate, told_instance_id, told_sequence from message
        where channel = $1 and organization_id = $2 and told_sequence is not null order by delivery_id limit 1";
    MESSAGE_UNTOLD_LIST = "select organization_id, instance_id, sequence, username, channel, round, due_at, body, attempts
        from notification where bundle is not null and bundle = $1 and (instance_id, sequence) > ($2, $3)
        and state = 'in message' order by instance_id, sequence limit $4";
    MESSAGE_TOLD = "update message set told_instance_id = $2, told_sequence = $3
        where delivery_id = $1 and told_sequence is not null";
}

/// A message of `size` notifications, which was claimed now and is named after the first of them.
pub(super) fn message_insert(tx: &mut dyn Tx, first: &Due, size: u64, lease_until: Instant) -> Result<(), Error> {
    let values = [
        first.id.delivery_id().into(),
        first.id.organization.0.into(),
        first.notification.channel.word().into(),
        first.notification.user.as_str().into(),
        first.notification.due_at.0.into(),
        lease_until.0.into(),
        i64::try_from(size).unwrap_or(i64::MAX).into(),
    ];
    tx.run(MESSAGE_INSERT, &values).map(drop)
}

/// Holds a message for longer; whether it was still held.
pub(super) fn message_renew(tx: &mut dyn Tx, this: &Try, lease_until: Instant) -> Result<bool, Error> {
    let [a, b] = this.key();
    Ok(tx.run(MESSAGE_RENEW, &[a, b, lease_until.0.into()])? == 1)
}

/// So many notifications more are in a message.
pub(super) fn message_add(tx: &mut dyn Tx, this: &Try, added: u64) -> Result<(), Error> {
    let [a, b] = this.key();
    tx.run(MESSAGE_ADD, &[a, b, i64::try_from(added).unwrap_or(i64::MAX).into()]).map(drop)
}

/// The messages of a channel due at `now`, longest due first, at most `limit`, each by the first notification that is left of
/// it. One of which nothing is left is ended.
pub fn message_due(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    channel: Channel,
    now: Instant,
    limit: u32,
) -> Result<Vec<Due>, Error> {
    let rows = tx.all(MESSAGE_DUE, &[organization.0.into(), channel.word().into(), now.0.into(), limit.into()])?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let delivery_id = row.text(0)?;
        match first(tx, organization, delivery_id, now)? {
            Some(due) => all.push(due),
            None => nothing_left(tx, delivery_id, now)?,
        }
    }
    Ok(all)
}

/// The first notification that is left of a message. One that cannot be read is ended, so that the rest goes on.
fn first(tx: &mut dyn Tx, organization: OrganizationId, delivery_id: &str, now: Instant) -> Result<Option<Due>, Error> {
    while let Some(row) = tx.one(MESSAGE_FIRST, &[delivery_id.into()])? {
        match due(&row, Place::Message) {
            Ok(due) => return Ok(Some(due)),
            Err(error) => put_aside(tx, organization, &row, &error, now)?,
        }
    }
    Ok(None)
}

/// Ends a message that lists nothing any more: it is not sent.
fn nothing_left(tx: &mut dyn Tx, delivery_id: &str, now: Instant) -> Result<(), Error> {
    tx.run(MESSAGE_NOTHING_LEFT, &[delivery_id.into(), now.0.into()]).map(drop)
}

/// Claims a message that was tried before until `lease_until`; how many notifications it had at first.
pub fn message_claim(tx: &mut dyn Tx, delivery_id: &str, lease_until: Instant) -> Result<u64, Error> {
    tx.run(MESSAGE_CLAIM, &[delivery_id.into(), lease_until.0.into()])?;
    let size = tx.one(MESSAGE_SIZE, &[delivery_id.into()])?.map(|row| row.integer(0)).transpose()?;
    Ok(size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0))
}

/// What a message that is tried now consists of, after the notification `after`, at most `limit`.
pub fn message_contents(
    tx: &mut dyn Tx,
    this: &Try,
    after: Option<&NotificationId>,
    limit: u32,
) -> Result<Contents, Error> {
    let (instance_id, sequence) = after.map_or((InstanceId(0), -1), |id| (id.instance_id, id.sequence));
    let [a, b] = this.key();
    let rows = tx.all(MESSAGE_LIST, &[a, b, instance_id.0.into(), sequence.into(), limit.into()])?;
    let mut contents = Contents::default();
    for row in &rows {
        let id = id_of(row)?;
        if row.text(9)? == "dropped" {
            contents.dropped.push(id);
            continue;
        }
        match bundled(row) {
            Ok(bundled) => contents.bundled.push(bundled),
            Err(error) => contents.unreadable.push((id, error.to_string())),
        }
    }
    Ok(contents)
}

fn id_of(row: &Row) -> Result<NotificationId, Error> {
    let (organization, instance_id) = (OrganizationId(row.integer(0)?), InstanceId(row.integer(1)?));
    Ok(NotificationId { organization, instance_id, sequence: row.integer(2)? })
}

fn bundled(row: &Row) -> Result<Bundled, Error> {
    let (id, notification, _) = read(row)?;
    let corrupt = |reason: String| Error::Corrupt(format!("incident {}: {reason}", id.instance_id));
    let status = row.text(11)?;
    let status = Status::from_word(status).ok_or_else(|| corrupt(format!("unknown status `{status}`")))?;
    let Round { round } = serde_json::from_str(row.text(13)?).map_err(|error| corrupt(error.to_string()))?;
    let standing = Standing { instance_id: id.instance_id, status, round };
    let urgency = Urgency::try_from(row.integer(12)?).map_err(|error| corrupt(error.to_owned()))?;
    Ok(Bundled { id, notification, number: row.integer(10)?, standing, urgency })
}

/// Leaves a notification out of the message that is tried now, and says why.
pub fn message_leave(
    tx: &mut dyn Tx,
    this: &Try,
    id: &NotificationId,
    reason: &str,
    now: Instant,
) -> Result<(), Error> {
    let [a, b, c] = id.key();
    let before = this.attempt.saturating_sub(1);
    tx.run(MESSAGE_LEAVE, &[a, b, c, before.into(), now.0.into(), reason.into()]).map(drop)
}

/// Leaves out one that was dropped before the message was written, so that it is not taken for sent when the message is.
pub fn message_leave_dropped(tx: &mut dyn Tx, this: &Try, id: &NotificationId) -> Result<(), Error> {
    let [a, b, c] = id.key();
    tx.run(MESSAGE_LEAVE_DROPPED, &[a, b, c, this.attempt.saturating_sub(1).into()]).map(drop)
}

/// Gives up one notification of a message that is given up.
pub fn message_fail_one(tx: &mut dyn Tx, id: &NotificationId, answer: &str, now: Instant) -> Result<(), Error> {
    let [a, b, c] = id.key();
    tx.run(MESSAGE_FAIL_ONE, &[a, b, c, now.0.into(), answer.into()]).map(drop)
}

/// Records a try.
pub fn message_attempt(tx: &mut dyn Tx, delivery_id: &str, row: &AttemptRow) -> Result<(), Error> {
    let values = [
        delivery_id.into(),
        row.attempt.into(),
        row.at.0.into(),
        row.elapsed_micros.into(),
        row.outcome.as_str().into(),
        row.answer.as_str().into(),
    ];
    tx.run(MESSAGE_ATTEMPT, &values).map(drop)
}

/// How a message ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageEnd<'a> {
    /// A carrier took it, also for those of its notifications that were dropped meanwhile.
    Sent,
    /// It is not tried any more, after each of its notifications was given up.
    Failed(&'a str),
    /// Nothing that it lists is called for any more.
    Nothing,
}

/// Records how a message ends.
pub fn message_end(tx: &mut dyn Tx, this: &Try, end: MessageEnd<'_>, now: Instant) -> Result<(), Error> {
    let (state, fate) = match end {
        MessageEnd::Sent => ("sent", Value::Null),
        MessageEnd::Failed(answer) => ("failed", answer.into()),
        MessageEnd::Nothing => ("dropped", Value::Null),
    };
    let [a, b] = this.key();
    tx.run(MESSAGE_END, &[a, b, state.into(), now.0.into(), fate]).map(drop)
}

/// Records that what is left of a message is tried again at `at`.
pub fn message_retry(tx: &mut dyn Tx, this: &Try, at: Instant) -> Result<(), Error> {
    let [a, b] = this.key();
    tx.run(MESSAGE_RETRY, &[a, b, at.0.into()]).map(drop)
}

/// Lets a message wait until its destination is tried again; `reason` is told meanwhile, and each of its incidents has yet to
/// say it, but for that of `told`.
pub fn message_pause(
    tx: &mut dyn Tx,
    delivery_id: &str,
    until: Instant,
    reason: &str,
    told: Option<&NotificationId>,
) -> Result<(), Error> {
    let (instance_id, sequence) = told.map_or((0, -1), |id| (id.instance_id.0, id.sequence));
    let values = [delivery_id.into(), until.0.into(), reason.into(), instance_id.into(), sequence.into()];
    tx.run(MESSAGE_PAUSE, &values).map(drop)
}

/// Makes due at `now` what waits until the destination of a person, as notifications are looked up by their reader, is tried
/// again: it works.
pub(super) fn message_resume(tx: &mut dyn Tx, [a, b, c]: [Value; 3], now: Instant) -> Result<(), Error> {
    tx.run(MESSAGE_RESUME, &[a, b, c, now.0.into()]).map(drop)
}

/// Ends the leases on the messages of a channel; how many there were.
pub(super) fn message_release(tx: &mut dyn Tx, channel: Channel, now: Instant) -> Result<u64, Error> {
    tx.run(MESSAGE_RELEASE, &[now.0.into(), channel.word().into()])
}

/// Notifications of a message that waits for its destination.
#[derive(Debug)]
pub struct Untold {
    /// The message.
    pub delivery_id: String,
    /// Until when it waits.
    pub until: Option<Instant>,
    /// What is told meanwhile.
    pub reason: String,
    /// Those whose incidents have yet to say so.
    pub notifications: Vec<(NotificationId, Notification)>,
}

/// The next notifications of a message of this channel whose incidents have yet to say that it waits for its destination, at
/// most `limit`. They are taken for told: who asks tells them in the same transaction.
pub fn message_untold(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    channel: Channel,
    now: Instant,
    limit: u32,
) -> Result<Option<Untold>, Error> {
    let Some(row) = tx.one(MESSAGE_UNTOLD, &[channel.word().into(), organization.0.into()])? else { return Ok(None) };
    let delivery_id = row.text(0)?.to_owned();
    let after = [row.integer(3)?, row.integer(4)?].map(Value::from);
    let [instance_id, sequence] = after;
    let rows = tx.all(MESSAGE_UNTOLD_LIST, &[delivery_id.as_str().into(), instance_id, sequence, limit.into()])?;
    let mut notifications = Vec::with_capacity(rows.len());
    for row in &rows {
        match read(row) {
            Ok((id, notification, _)) => notifications.push((id, notification)),
            Err(error) => put_aside(tx, organization, row, &error, now)?,
        }
    }
    let is_all = rows.len() < limit as usize;
    let told = match rows.last() {
        Some(last) if !is_all => [last.integer(1)?, last.integer(2)?].map(Value::from),
        _ => [Value::Null, Value::Null],
    };
    let [instance_id, sequence] = told;
    tx.run(MESSAGE_TOLD, &[delivery_id.as_str().into(), instance_id, sequence])?;
    let (until, reason) = (row.optional_integer(1)?.map(Instant), row.optional_text(2)?.unwrap_or_default().to_owned());
    Ok(Some(Untold { delivery_id, until, reason, notifications }))
}

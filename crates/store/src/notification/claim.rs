//! Claiming: which notifications are due, who sends them, and which must wait for longer.

use super::due::{Due, HELD, Place, due};
use super::mailbox::{MAILBOX_DUE_WHERE, MAILBOX_OLDEST, Mailbox};
use super::message::{
    MESSAGE_DUE_WHERE, MESSAGE_OLDEST, Try, message_add, message_insert, message_release, message_renew,
};
use super::{NotificationId, put_aside};
use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::notification::Channel;
use domain::{Instant, OrganizationId};

statements! {
    // That it is no mark is said in so many words, since the index holds no others.
    NOTIFICATION_DUE_WHERE = "select organization_id from notification where channel = $1 and next_at is not null
        and next_at < 9000000000000000000 and next_at <= $2 order by next_at limit 1000";
    // The plus keeps SQLite from taking the organization out of the order, and so from sorting what the index has in order.
    NOTIFICATION_DUE = "select organization_id, instance_id, sequence, username, channel, round, due_at, body,
        attempts, bundle, code from notification
        where +organization_id = $1 and channel = $2 and next_at is not null and next_at < 9000000000000000000
        and next_at <= $3 order by next_at, organization_id, instance_id, sequence limit $4 {skip_locked}";
    NOTIFICATION_CLAIM = "update notification set state = 'sending', attempts = attempts + 1, next_at = $4, fate = null
        where organization_id = $1 and instance_id = $2 and sequence = $3 and next_at is not null";
    NOTIFICATION_CLAIM_NAMED = "update notification set state = 'sending', attempts = attempts + 1, next_at = $4, bundle = $5,
        fate = null where organization_id = $1 and instance_id = $2 and sequence = $3 and next_at is not null";
    NOTIFICATION_FRESH = "select 1 from notification
        where organization_id = $1 and username = $2 and channel = $3 and next_at is not null
        and next_at >= $4 and next_at <= $5 and bundle is null and attempts = 0 and instance_id <> 0 limit 2";
    NOTIFICATION_INTO_MESSAGE = "update notification set state = 'in message', next_at = null, bundle = $6, fate = null
        where (organization_id, instance_id, sequence) in
        (select organization_id, instance_id, sequence from notification
        where organization_id = $1 and username = $2 and channel = $3 and next_at is not null
        and next_at >= $4 and next_at <= $5
        and bundle is null and attempts = 0 and instance_id <> 0 order by next_at, instance_id, sequence limit $7)";
    NOTIFICATION_RELEASE = "update notification set next_at = $1
        where channel = $2 and state = 'sending' and next_at is not null and next_at < 9000000000000000000 and next_at > $1";
    // Not the minimum: a PostgreSQL without statistics would read all that wait to find it.
    NOTIFICATION_NEXT = "select column1,
        (select next_at from notification where channel = column1 and next_at is not null
            and next_at < 9000000000000000000 order by next_at limit 1),
        (select next_at from mailbox where channel = column1 and next_at is not null order by next_at limit 1),
        (select next_at from message where channel = column1 and next_at is not null order by next_at limit 1),
        (select organization_id from notification where channel = column1 and next_at = 9000000000000000002
            order by organization_id limit 1),
        (select organization_id from message where channel = column1 and told_sequence is not null
            order by organization_id limit 1)
        from (values (cast($1 as text)), ($2), ($3), ($4), ($5), ($6)) as channels";
    NOTIFICATION_OLDEST = "select min(due_at) from (select due_at from notification where channel = $1
        and next_at is not null and next_at < 9000000000000000000 order by next_at limit 100) as soonest";
}

/// Organizations that have messages or notifications of a channel due at `now`, the longest due first; of very many that
/// are due, only the first thousand are looked at.
pub fn notification_due_where(tx: &mut dyn Tx, channel: Channel, now: Instant) -> Result<Vec<OrganizationId>, Error> {
    let mut organizations = due_where(tx, MESSAGE_DUE_WHERE, channel, now)?;
    organizations.extend(due_where(tx, NOTIFICATION_DUE_WHERE, channel, now)?);
    Ok(once_each(organizations))
}

/// Likewise those that have mailboxes of a channel due at `now`.
pub fn mailbox_due_where(tx: &mut dyn Tx, channel: Channel, now: Instant) -> Result<Vec<OrganizationId>, Error> {
    due_where(tx, MAILBOX_DUE_WHERE, channel, now).map(once_each)
}

fn due_where(tx: &mut dyn Tx, sql: &str, channel: Channel, now: Instant) -> Result<Vec<OrganizationId>, Error> {
    let rows = tx.all(sql, &[channel.word().into(), now.0.into()])?;
    rows.iter().map(|row| row.integer(0).map(OrganizationId)).collect()
}

fn once_each(organizations: Vec<OrganizationId>) -> Vec<OrganizationId> {
    let mut once = Vec::new();
    for organization in organizations {
        if !once.contains(&organization) {
            once.push(organization);
        }
    }
    once
}

/// The notifications of a channel due at `now`, longest due first, then by id, at most `limit`. A row that cannot be
/// read is ended, with the reason as its fate, so that the rest goes on.
pub fn notification_due(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    channel: Channel,
    now: Instant,
    limit: u32,
) -> Result<Vec<Due>, Error> {
    let rows = tx.all(NOTIFICATION_DUE, &[organization.0.into(), channel.word().into(), now.0.into(), limit.into()])?;
    let mut due = Vec::with_capacity(rows.len());
    for row in &rows {
        match self::due(row, Place::Due) {
            Ok(one) => due.push(one),
            Err(error) => put_aside(tx, organization, row, &error, now)?,
        }
    }
    Ok(due)
}

/// Claims one notification: it belongs to this node until `lease_until`, and comes due again then unless its fate was
/// recorded.
pub fn notification_claim(tx: &mut dyn Tx, id: &NotificationId, lease_until: Instant) -> Result<(), Error> {
    let [a, b, c] = id.key();
    tx.run(NOTIFICATION_CLAIM, &[a, b, c, lease_until.0.into()]).map(drop)
}

/// Claims what is held or due for the first time to the reader of `first` as one message, which is named after it, at most
/// `limit`; what waits where `first` does comes first, so that it is among them. How many notifications that is. One alone
/// is claimed by itself, under the name that its message would have.
pub fn notification_claim_new(
    tx: &mut dyn Tx,
    first: &Due,
    now: Instant,
    lease_until: Instant,
    limit: u32,
) -> Result<u64, Error> {
    let (user, channel) = (&first.notification.user, first.notification.channel);
    let reader = Mailbox { organization: first.id.organization, user, channel };
    let (held, due) = ((HELD, i64::MAX), (i64::MIN, now.0));
    let places = match first.place {
        Place::Held => [held, due],
        Place::Due | Place::Message => [due, held],
    };
    let mut known = 0;
    for (from, to) in places {
        let [a, b, c] = reader.person();
        known += if known < 2 { tx.all(NOTIFICATION_FRESH, &[a, b, c, from.into(), to.into()])?.len() } else { 0 };
    }
    if known < 2 || limit < 2 {
        let [a, b, c] = first.id.key();
        let values = [a, b, c, lease_until.0.into(), first.id.delivery_id().into()];
        return tx.run(NOTIFICATION_CLAIM_NAMED, &values);
    }
    let claimed = into_message(tx, &reader, places, &first.id.delivery_id(), limit)?;
    message_insert(tx, first, claimed, lease_until)?;
    Ok(claimed)
}

/// Adds what is held or due to the reader of a message that is tried for the first time, at most `limit`, and holds it until
/// `lease_until`. How many that is; none where another node holds it.
pub fn message_grow(
    tx: &mut dyn Tx,
    this: &Try,
    reader: &Mailbox<'_>,
    now: Instant,
    lease_until: Instant,
    limit: u32,
) -> Result<u64, Error> {
    if !message_renew(tx, this, lease_until)? {
        return Ok(0);
    }
    let places = [(HELD, i64::MAX), (i64::MIN, now.0)];
    let added = into_message(tx, reader, places, &this.delivery_id, limit)?;
    message_add(tx, this, added)?;
    Ok(added)
}

/// Puts what waits at these places for a reader into a message, at most `limit`.
fn into_message(
    tx: &mut dyn Tx,
    reader: &Mailbox<'_>,
    places: [(i64, i64); 2],
    delivery_id: &str,
    limit: u32,
) -> Result<u64, Error> {
    let mut claimed = 0;
    for (from, to) in places {
        let left = i64::try_from(u64::from(limit).saturating_sub(claimed)).unwrap_or(i64::MAX);
        let [a, b, c] = reader.person();
        let values = [a, b, c, from.into(), to.into(), delivery_id.into(), left.into()];
        claimed += tx.run(NOTIFICATION_INTO_MESSAGE, &values)?;
    }
    Ok(claimed)
}

/// Ends every lease: what was claimed and is not settled is due at `now`. How many there were, a message counted as one.
pub fn notification_release(tx: &mut dyn Tx, now: Instant) -> Result<u64, Error> {
    let mut count = 0;
    for channel in Channel::ALL {
        count += tx.run(NOTIFICATION_RELEASE, &[now.0.into(), channel.word().into()])?;
        count += message_release(tx, channel, now)?;
    }
    Ok(count)
}

/// What waits on one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// On which.
    pub channel: Channel,
    /// When the next notification or message is due, or the next lease is over.
    pub own_at: Option<Instant>,
    /// When the next mailbox is due.
    pub mailbox_at: Option<Instant>,
    /// An organization that has notifications which are held though their incidents have yet to say so.
    pub untold: Option<OrganizationId>,
}

impl Waiting {
    /// When the first of all these is due.
    #[must_use]
    pub fn next_at(&self) -> Option<Instant> {
        self.own_at.into_iter().chain(self.mailbox_at).min()
    }
}

/// What waits, by channel.
pub fn notification_next(tx: &mut dyn Tx) -> Result<Vec<Waiting>, Error> {
    let mut waiting = Vec::new();
    for row in tx.all(NOTIFICATION_NEXT, &Channel::ALL.map(|channel| channel.word().into()))? {
        let own_at = row.optional_integer(1)?.into_iter().chain(row.optional_integer(3)?).min().map(Instant);
        let mailbox_at = row.optional_integer(2)?.map(Instant);
        let untold = row.optional_integer(4)?.or(row.optional_integer(5)?).map(OrganizationId);
        waiting.extend(Channel::from_word(row.text(0)?).map(|channel| Waiting { channel, own_at, mailbox_at, untold }));
    }
    Ok(waiting)
}

/// Since when the longest undelivered notification of a channel has been due, among the hundred notifications, messages and
/// mailboxes that come next: enough to see that a carrier is down, and as cheap when very many wait. What waits for the
/// channel's pace is where it should be and does not count.
pub fn notification_oldest(tx: &mut dyn Tx, channel: Channel) -> Result<Option<Instant>, Error> {
    let mut oldest: Option<i64> = None;
    for sql in [NOTIFICATION_OLDEST, MESSAGE_OLDEST, MAILBOX_OLDEST] {
        let row = tx.one(sql, &[channel.word().into()])?;
        let found = row.map(|row| row.optional_integer(0)).transpose()?.flatten();
        oldest = oldest.into_iter().chain(found).min();
    }
    Ok(oldest.map(Instant))
}

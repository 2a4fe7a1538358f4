//! Notifications: what is queued, called off and listed; the rows are the queue. Beside this file: how they are claimed,
//! what becomes of them, those that go out as one message, and what people answer.

/// A notification as it is seen, with what became of it: what was `in message` has the message's fate, and what was dropped
/// while its message was on its way was in it. What was `left` out of its message before that was sent is dropped.
macro_rules! notification_seen {
    () => {
        "select n.organization_id, n.instance_id, n.sequence, n.username, n.channel, n.round, n.due_at, n.body,
        case when n.state = 'left' then n.attempts else coalesce(m.attempts, n.attempts) end,
        case when n.state = 'in message' then m.state when n.state = 'left' then 'dropped'
            when n.state = 'dropped' and m.state = 'sent' then 'sent' else n.state end,
        case when n.state = 'in message' then m.next_at when n.next_at < 9000000000000000000 then n.next_at
            when n.next_at is not null then (select mailbox.next_at from mailbox
            where mailbox.organization_id = n.organization_id and mailbox.channel = n.channel
            and mailbox.username = n.username) end,
        case when n.state = 'in message' or (n.state = 'dropped' and m.state = 'sent') then m.finished_at
            else n.finished_at end,
        case when n.state = 'in message' then m.fate when n.state = 'dropped' and m.state = 'sent' then null
            else n.fate end,
        case when n.state = 'left' then null else n.bundle end,
        case when n.state = 'left' then n.confirmed_at else coalesce(n.confirmed_at, m.confirmed_at) end
        from notification n left join message m on m.delivery_id = n.bundle "
    };
}

pub(crate) mod answer;
pub(crate) mod breaker;
pub(crate) mod call_off;
pub(crate) mod claim;
pub(crate) mod due;
pub(crate) mod last_told;
pub(crate) mod mailbox;
pub(crate) mod message;
pub(crate) mod pace;
pub(crate) mod person;
pub(crate) mod settle;

use crate::incident::event::sequence;
use crate::seam::statement::statements;
use crate::{Error, Row, Tx, Value};
use domain::notification::{Channel, Content, Notification};
use domain::{InstanceId, Instant, OrganizationId};

/// Which notification: stable over restarts and attempts, unique on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NotificationId {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its incident; `InstanceId::UNSAVED` for one that is about none.
    pub instance_id: InstanceId,
    /// Its number within the incident; drawn by chance for one that is about none.
    pub sequence: i64,
}

impl NotificationId {
    /// Whether there is an incident that it is about.
    pub fn is_about_incident(&self) -> bool {
        self.instance_id != InstanceId::UNSAVED
    }

    /// The id of the message in which it goes out, unless it goes out with others; unique on the server.
    pub fn delivery_id(&self) -> String {
        format!("ntf_{}_{:x}", self.instance_id, self.sequence)
    }

    /// The notification that a delivery id is named after.
    pub fn from_delivery_id(organization: OrganizationId, delivery_id: &str) -> Option<Self> {
        let (instance_id, sequence) = delivery_id.strip_prefix("ntf_")?.split_once('_')?;
        let instance_id = InstanceId(instance_id.parse().ok()?);
        let sequence = i64::from_str_radix(sequence, 16).ok()?;
        Some(Self { organization, instance_id, sequence })
    }

    fn key(&self) -> [Value; 3] {
        [self.organization.0.into(), self.instance_id.0.into(), self.sequence.into()]
    }
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
    /// When it is looked at again: due, its mailbox is due, or the lease on it is over. `None` once its fate is known.
    pub next_at: Option<Instant>,
    /// When its fate was known.
    pub finished_at: Option<Instant>,
    /// Why it has this fate; of one that waits, what it waits for.
    pub fate: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
    /// The id of the message in which it went out together with others, or could have.
    pub bundle: Option<String>,
    /// When the person was known to have got it: the carrier reported it, or the person answered.
    pub confirmed_at: Option<Instant>,
}

impl NotificationRow {
    /// The id of the message in which it goes out.
    pub fn delivery_id(&self) -> String {
        self.bundle.clone().unwrap_or_else(|| self.id.delivery_id())
    }
}

statements! {
    // What is due at once goes where its reader's mailbox is closed, also where that is due and was not opened yet: held, with the
    // reason.
    NOTIFICATION_INSERT = "insert into notification (organization_id, instance_id, sequence, username, channel, state,
        is_page, round, due_at, next_at, attempts, body, fate) values ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8,
        coalesce((select case when reason = 'goes out together with what follows' then 9000000000000000003
            else 9000000000000000002 end from mailbox where mailbox.organization_id = $1 and mailbox.channel = $5
            and mailbox.username = $4 and mailbox.reason is not null and mailbox.next_at is not null
            and cast($8 as bigint) <= cast($10 as bigint)), $8), 0, $9,
        (select reason from mailbox where mailbox.organization_id = $1 and mailbox.channel = $5
            and mailbox.username = $4 and mailbox.reason is not null and mailbox.next_at is not null
            and cast($8 as bigint) <= cast($10 as bigint)))";
    NOTIFICATION_PUT_ASIDE = "update notification set state = 'failed', next_at = null, finished_at = $4, fate = $5
        where organization_id = $1 and instance_id = $2 and sequence = $3";
    NOTIFICATION_LIST = concat!(notification_seen!(), "where n.organization_id = $1 and n.instance_id = $2
        and n.sequence > $3 order by n.sequence limit $4");
    NOTIFICATION_LOAD = concat!(notification_seen!(), "where n.organization_id = $1 and n.instance_id = $2
        and n.sequence = $3");
}

/// Queues what a step wants said at `now`; `version` is the incident's after it was saved. What is due by then and comes to
/// a closed mailbox is held there.
pub fn notification_append(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    version: i64,
    notifications: &[Notification],
    now: Instant,
) -> Result<(), Error> {
    for (place, notification) in notifications.iter().enumerate() {
        insert(
            tx,
            &NotificationId { organization, instance_id: id, sequence: sequence(version, place)? },
            notification,
            now,
        )?;
    }
    Ok(())
}

/// Queues a notification that is about no incident, by a number drawn by chance. It goes out by itself.
pub fn notification_append_alone(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    drawn: i64,
    notification: &Notification,
) -> Result<(), Error> {
    let instance_id = InstanceId::UNSAVED;
    insert(tx, &NotificationId { organization, instance_id, sequence: drawn }, notification, Instant::EARLIEST)
}

fn insert(tx: &mut dyn Tx, id: &NotificationId, notification: &Notification, now: Instant) -> Result<(), Error> {
    let body = serde_json::to_string(&notification.content).map_err(|error| Error::Statement(error.to_string()))?;
    let [a, b, c] = id.key();
    let values = vec![
        a,
        b,
        c,
        notification.user.as_str().into(),
        notification.channel.word().into(),
        notification.content.reason.is_page().into(),
        notification.round.into(),
        notification.due_at.0.into(),
        body.into(),
        now.0.into(),
    ];
    tx.queue(NOTIFICATION_INSERT, values)
}

fn read(row: &Row) -> Result<(NotificationId, Notification, u32), Error> {
    let corrupt = |reason: String| Error::Corrupt(format!("a notification: {reason}"));
    let id = NotificationId {
        organization: OrganizationId(row.integer(0)?),
        instance_id: InstanceId(row.integer(1)?),
        sequence: row.integer(2)?,
    };
    let content: Content = serde_json::from_str(row.text(7)?).map_err(|error| corrupt(error.to_string()))?;
    let notification = Notification {
        user: row.text(3)?.into(),
        channel: Channel::from_word(row.text(4)?).ok_or_else(|| corrupt("unknown channel".to_owned()))?,
        round: u32::try_from(row.integer(5)?).map_err(|error| corrupt(error.to_string()))?,
        due_at: Instant(row.integer(6)?),
        content,
    };
    let attempts = u32::try_from(row.integer(8)?).map_err(|error| corrupt(error.to_string()))?;
    Ok((id, notification, attempts))
}

/// Ends a row that cannot be read, loudly; the first three columns are its key.
fn put_aside(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    row: &Row,
    error: &Error,
    now: Instant,
) -> Result<(), Error> {
    tracing::error!(%error, "a notification cannot be read and is put aside");
    let (instance_id, sequence) = (row.integer(1)?.into(), row.integer(2)?.into());
    let values = [organization.0.into(), instance_id, sequence, now.0.into(), error.to_string().into()];
    tx.run(NOTIFICATION_PUT_ASIDE, &values).map(drop)
}

fn whole(row: &Row) -> Result<NotificationRow, Error> {
    let (id, notification, attempts) = read(row)?;
    Ok(NotificationRow {
        id,
        notification,
        attempts,
        state: row.text(9)?.to_owned(),
        next_at: row.optional_integer(10)?.map(Instant),
        finished_at: row.optional_integer(11)?.map(Instant),
        fate: row.optional_text(12)?.map(str::to_owned),
        bundle: row.optional_text(13)?.map(str::to_owned),
        confirmed_at: row.optional_integer(14)?.map(Instant),
    })
}

/// Notifications of an incident after number `after`, in the order they were queued, at most `limit`. Before all of
/// them is number -1.
pub fn notification_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    after: i64,
    limit: u32,
) -> Result<Vec<NotificationRow>, Error> {
    let values = [organization.0.into(), id.0.into(), after.into(), limit.into()];
    tx.all(NOTIFICATION_LIST, &values)?.iter().map(whole).collect()
}

/// The notification with this id.
pub fn notification_load(tx: &mut dyn Tx, id: &NotificationId) -> Result<Option<NotificationRow>, Error> {
    tx.one(NOTIFICATION_LOAD, &id.key())?.as_ref().map(whole).transpose()
}

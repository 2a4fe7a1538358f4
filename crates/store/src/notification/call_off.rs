//! Calling off: what becomes of an incident's waiting pages before its new notifications are queued.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx, Value};
use domain::incident::Pending;
use domain::notification::{Channel, Content, Notification, WaitingPage};
use domain::{InstanceId, Instant, OrganizationId, Username};
use std::collections::BTreeSet;

/// What is not sent yet, and not given up.
macro_rules! unsettled {
    () => {
        " and (next_at is not null or (state = 'in message' and exists (select 1 from message
        where message.delivery_id = notification.bundle and message.next_at is not null)))"
    };
}

statements! {
    NOTIFICATION_DROP_ALL = concat!("update notification set state = 'dropped', next_at = null, finished_at = $3,
        fate = 'somebody acted' where organization_id = $1 and instance_id = $2 and is_page = $4", unsettled!());
    NOTIFICATION_DROP_NOT_YET_DUE = "update notification set state = 'dropped', next_at = null, finished_at = $3,
        fate = 'the next level was asked' where organization_id = $1 and instance_id = $2 and next_at is not null
        and is_page = $4 and state = 'waiting' and due_at > $3";
    NOTIFICATION_SUPERSEDE = concat!("update notification set state = 'dropped', next_at = null, finished_at = $3,
        fate = 'notified again' where organization_id = $1 and instance_id = $2 and is_page = $4 and username = $5",
        unsettled!());
    NOTIFICATION_DROP_ONE = concat!("update notification set state = 'dropped', next_at = null, finished_at = $4,
        fate = $5 where organization_id = $1 and instance_id = $2 and sequence = $3", unsettled!());
    NOTIFICATION_WAITING = concat!("select sequence, username, channel, case when state = 'in message' then (select message.state
        from message where message.delivery_id = notification.bundle) else state end, due_at from notification where organization_id = $1 and instance_id = $2 and is_page = $3", unsettled!(), " order by sequence");
    NOTIFICATION_UNTRIED = "select sequence, body from notification where organization_id = $1 and instance_id = $2
        and next_at is not null and is_page = $3 and state = 'waiting' and attempts = 0";
    NOTIFICATION_SAY = "update notification set body = $4 where organization_id = $1 and instance_id = $2 and sequence = $3
        and state = 'waiting' and attempts = 0";
}

/// Has the incident's pages that were never tried say its new title. Of others it is not known who has read them already: they
/// are tried again as they were.
pub fn notification_retitle(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    title: &str,
) -> Result<(), Error> {
    for row in tx.all(NOTIFICATION_UNTRIED, &[organization.0.into(), id.0.into(), true.into()])? {
        let corrupt = |error: serde_json::Error| Error::Corrupt(format!("a notification: {error}"));
        let mut content: Content = serde_json::from_str(row.text(1)?).map_err(corrupt)?;
        title.clone_into(&mut content.title);
        let body = serde_json::to_string(&content).map_err(|error| Error::Statement(error.to_string()))?;
        let values = vec![organization.0.into(), id.0.into(), row.integer(0)?.into(), body.into()];
        tx.queue(NOTIFICATION_SAY, values)?;
    }
    Ok(())
}

/// Does what a step says of the incident's waiting pages; what of `coming` is to be queued then.
pub fn notification_call_off(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    pending: Pending,
    coming: Vec<Notification>,
    now: Instant,
) -> Result<Vec<Notification>, Error> {
    let values = vec![organization.0.into(), id.0.into(), now.0.into(), true.into()];
    // A notice replaces no page: its reader must still be woken.
    let pages = || coming.iter().filter(|notification| notification.content.reason.is_page());
    let has_later = pages().any(|page| page.due_at > now);
    match pending {
        Pending::Keep => {}
        Pending::DropAll => tx.queue(NOTIFICATION_DROP_ALL, values)?,
        Pending::DropNotYetDue | Pending::Supersede if has_later => {
            return renew(tx, (organization, id), pending, coming, now);
        }
        Pending::DropNotYetDue => tx.queue(NOTIFICATION_DROP_NOT_YET_DUE, values)?,
        Pending::Supersede => {
            let users: BTreeSet<&Username> = pages().map(|page| &page.user).collect();
            for user in users {
                let values = values.iter().cloned().chain([user.as_str().into()]).collect();
                tx.queue(NOTIFICATION_SUPERSEDE, values)?;
            }
        }
    }
    Ok(coming)
}

/// The same where somebody is asked again who has steps to come: those that stay are not queued again.
fn renew(
    tx: &mut dyn Tx,
    (organization, id): (OrganizationId, InstanceId),
    pending: Pending,
    mut coming: Vec<Notification>,
    now: Instant,
) -> Result<Vec<Notification>, Error> {
    let rows = tx.all(NOTIFICATION_WAITING, &[organization.0.into(), id.0.into(), true.into()])?;
    let rows: Vec<_> = rows.iter().map(waiting).collect::<Result<_, _>>()?;
    let own = rows.iter().filter(|(_, is_sending, _)| !is_sending);
    let waiting: Vec<WaitingPage> = own.map(|(.., page)| page.clone()).collect();
    let mut staying = Vec::new();
    for (sequence, is_sending, page) in rows {
        if !is_sending && page.stays(&waiting, &coming, now) {
            staying.push(page);
            continue;
        }
        let is_asked = coming.iter().any(|one| one.content.reason.is_page() && one.user == page.user);
        let fate = match pending {
            Pending::DropNotYetDue if !is_sending && page.due_at > now => "the next level was asked",
            Pending::Supersede if is_asked => "notified again",
            _ => continue,
        };
        let values = [organization.0, id.0, sequence, now.0].map(Value::from);
        tx.queue(NOTIFICATION_DROP_ONE, values.into_iter().chain([fate.into()]).collect())?;
    }
    coming.retain(|notification| !staying.iter().any(|page| page.is_of(notification)));
    Ok(coming)
}

/// A row of what waits: its number, whether it is on its way, and what it is.
fn waiting(row: &Row) -> Result<(i64, bool, WaitingPage), Error> {
    let word = row.text(2)?;
    let channel = Channel::from_word(word).ok_or_else(|| Error::Corrupt(format!("a page by {word}")))?;
    let page = WaitingPage { user: row.text(1)?.into(), channel, due_at: Instant(row.integer(4)?) };
    Ok((row.integer(0)?, row.text(3)? == "sending", page))
}

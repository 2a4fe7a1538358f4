//! The delivery ledger: every notification of an incident with the attempts at it; and sending one again.

use crate::notifier::Notifier;
use domain::directory::ComponentKind;
use domain::incident::Command;
use domain::notification::{Content, Notification};
use domain::{InstanceId, Instant, OrganizationId, Refusal, Username};
use engine::{Asker, Batch, Failure, Reader, Request, Undo, act, incident_seen, snapshot};
use store::{AttemptRow, NotificationId, NotificationRow};

impl Notifier {
    /// Notifications of an incident with the attempts at each, in the order they were queued, at most `limit`; from the
    /// first on, or after the one with this delivery id.
    ///
    /// # Errors
    /// `Refused` with `UnknownIncident`, `UnknownNotification` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn notifications(
        &self,
        reader: Reader,
        id: InstanceId,
        after: Option<String>,
        limit: u32,
    ) -> Result<Vec<(NotificationRow, Vec<AttemptRow>)>, Failure> {
        self.engine()
            .read(move |tx, shared| {
                let organization = reader.organization;
                let snapshot = snapshot(tx, shared, &reader)?;
                incident_seen(tx, &reader, &snapshot, id)?;
                let after = match after {
                    Some(delivery_id) => named(organization, id, "after", &delivery_id)?.sequence,
                    None => -1,
                };
                let rows = store::notification_list(tx, organization, id, after, limit)?;
                let last = rows.last().map_or(after, |row| row.id.sequence);
                let attempts = store::attempt_list(tx, organization, id, after.saturating_add(1), last)?;
                let mut attempts = attempts.into_iter().peekable();
                let with_attempts = |row: NotificationRow| {
                    let mut own = Vec::new();
                    while let Some((_, attempt)) = attempts.next_if(|(sequence, _)| *sequence <= row.id.sequence) {
                        own.push(attempt);
                    }
                    (row, own)
                };
                Ok(rows.into_iter().map(with_attempts).collect())
            })
            .await
    }

    /// Notices to a person about no incident, such as handovers, with the attempts at each, newest first, at most `limit`; from
    /// the newest on, or after the one with this delivery id.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `UnknownNotification` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn notices(
        &self,
        reader: Reader,
        user: Username,
        after: Option<String>,
        limit: u32,
    ) -> Result<Vec<(NotificationRow, Vec<AttemptRow>)>, Failure> {
        self.engine()
            .read(move |tx, shared| {
                let organization = reader.organization;
                let directory = &snapshot(tx, shared, &reader)?.directory;
                if directory.user(user.as_str()).is_none() {
                    let (field, name) = ("preferred_username", user.0);
                    return Err(Refusal::UnknownComponent { field, kind: ComponentKind::User, name }.into());
                }
                let before = match after {
                    Some(delivery_id) => {
                        let last = named(organization, InstanceId::UNSAVED, "after", &delivery_id)?;
                        let row = store::notification_load(tx, &last)?;
                        let row = row.filter(|row| row.notification.user == user);
                        (row.ok_or_else(|| no_notification("after", &delivery_id))?.notification.due_at, last.sequence)
                    }
                    None => (Instant(i64::MAX), i64::MAX),
                };
                let rows = store::notice_list(tx, organization, &user, before, limit)?;
                let with_attempts = |row: NotificationRow| {
                    let sequence = row.id.sequence;
                    let attempts = store::attempt_list(tx, organization, row.id.instance_id, sequence, sequence)?;
                    Ok((row, attempts.into_iter().map(|(_, attempt)| attempt).collect()))
                };
                rows.into_iter().map(with_attempts).collect()
            })
            .await
    }

    /// Sends a notification again now: a new one to the same person by the same channel, which says the same.
    ///
    /// # Errors
    /// `Refused` with `UnknownIncident`, `UnknownNotification`, `AlreadyResolved` for a page, `IdempotencyKeyReused` or
    /// `KeyRevoked`; otherwise see [`Failure`].
    pub async fn resend(&self, asker: Asker, id: InstanceId, delivery_id: String) -> Result<(), Failure> {
        let organization = asker.organization;
        let again = move |batch: &mut Batch<'_>| resend(batch, &asker, id, &delivery_id);
        self.engine().desk().submit(organization, again).await.inspect(|()| self.engine().wake())
    }
}

fn resend(batch: &mut Batch<'_>, asker: &Asker, id: InstanceId, delivery_id: &str) -> Result<(), Undo> {
    let now = batch.now();
    asker.credential.shown_name(&*batch.snapshot(asker.organization)?, now)?;
    let unknown = || Refusal::UnknownIncident { field: "instance_id", instance_id: id };
    let incident = store::incident_load(batch.tx, asker.organization, id)?.ok_or_else(unknown)?;
    let known = named(asker.organization, id, "delivery_id", delivery_id)?;
    let row = store::notification_load(batch.tx, &known)?;
    let Notification { user, channel, content, .. } =
        row.ok_or_else(|| no_notification("delivery_id", delivery_id))?.notification;
    // What was skipped when the person was first notified is told there.
    let content = Content { skipped: Vec::new(), ..content };
    let again = Notification { user, channel, due_at: now, round: incident.round, content };
    let request = Request {
        organization: asker.organization,
        method: asker.credential.method(),
        credential: Some(asker.credential.clone()),
        by: asker.by.clone(),
        integration: None,
        instance_id: Some(id),
        command: Command::Resend(Box::new(again)),
        idempotency: asker.idempotency.clone(),
    };
    act(batch, &request).map(drop)
}

/// The notification of this incident that a delivery id names; whether there is one is asked later.
fn named(
    organization: OrganizationId,
    id: InstanceId,
    field: &'static str,
    delivery_id: &str,
) -> Result<NotificationId, Refusal> {
    let named = NotificationId::from_delivery_id(organization, delivery_id);
    // One spelling only, and of this incident.
    let own = named.filter(|named| named.instance_id == id && named.delivery_id() == delivery_id);
    own.ok_or_else(|| no_notification(field, delivery_id))
}

fn no_notification(field: &'static str, delivery_id: &str) -> Refusal {
    Refusal::UnknownNotification { field, delivery_id: delivery_id.to_owned() }
}

//! Preparing: whether a claimed message is still called for at this instant, and what it says.

use super::claim::Claimed;
use super::destination::destination;
use super::draft::{Draft, FALLEN, NOT_CALLED_FOR, has_fallen};
use crate::carrier::Message;
use crate::message::link::Links;
use crate::message::{cover, handover, maintenance, many, one};
use crate::notifier::Notifier;
use domain::notification::{CoverNews, Reason, Standing};
use domain::{Instant, limits};
use engine::{Batch, Failure, Rights, Snapshot, alert_text};
use std::sync::Arc;
use store::{Destination, MessageEnd, Try, Tx};

/// What becomes of a claimed message before it is sent.
pub(super) enum Prepared {
    Send(Box<Message>, Destination),
    /// The incident does not call for it any more.
    Drop(&'static str),
    /// A maintenance window keeps it back.
    KeptBack,
    /// Nothing of it is left, and that is recorded.
    Nothing,
    /// There is nowhere to send it.
    Nowhere(String),
    /// It could not be found out what to send; waiting for the lease to run out would keep the person waiting too.
    NotNow(String),
}

impl Notifier {
    /// Checks that what a message says is still called for, at this instant, and writes the message.
    pub(super) async fn prepare(&self, message: &Claimed) -> Result<Prepared, Failure> {
        let links = self.links().await?;
        match message.as_message() {
            Some(this) => self.prepare_many(message, this, links).await,
            None => self.prepare_one(message, links).await,
        }
    }

    async fn prepare_one(&self, message: &Claimed, links: Option<Links>) -> Result<Prepared, Failure> {
        let (message, now) = (message.clone(), self.engine().now());
        self.engine()
            .read(move |tx, shared| {
                let (organization, id) = (message.id.organization, message.id.instance_id);
                let Some(snapshot) = shared.directories.current(tx, organization)? else {
                    return Ok(Prepared::Drop("the organization is gone"));
                };
                if is_about_no_incident(&message.notification.content.reason) {
                    return notice(tx, &message, &snapshot, links.as_ref(), now);
                }
                let Some(incident) = store::incident_load(tx, organization, id)? else {
                    return Ok(Prepared::Drop("the incident is gone"));
                };
                let notification = &message.notification;
                let standing = Standing { instance_id: id, status: incident.status, round: incident.round };
                if !standing.calls_for(&notification.content.reason, notification.round) {
                    return Ok(Prepared::Drop(NOT_CALLED_FOR));
                }
                if has_fallen(&snapshot.directory, notification, incident.urgency) {
                    return Ok(Prepared::Drop(FALLEN));
                }
                if notification.content.reason.is_page() && incident.keeps_pages_back(&snapshot.directory, now) {
                    return Ok(Prepared::KeptBack);
                }
                let may_read = Rights::of_person(&notification.user, &snapshot).sees_incident(&incident);
                let text = match may_read || notification.content.reason.is_page() {
                    true => alert_text(tx, organization, id, &notification.content.task_ref_id)?,
                    false => String::new(),
                };
                let envelope = message.envelope();
                let written = one(&envelope, notification, &incident, &text, &snapshot.directory, links.as_ref());
                Ok(addressed(&message, &snapshot, written))
            })
            .await
    }

    /// What it lists is read without the writer. What is not called for any more leaves the message for good, so that what is
    /// recorded of the message later is recorded of what was in it; what is dropped from then on was in it.
    async fn prepare_many(&self, message: &Claimed, this: Try, links: Option<Links>) -> Result<Prepared, Failure> {
        let (organization, of_message, now) = (message.id.organization, this.clone(), self.engine().now());
        let draft = self
            .engine()
            .read(move |tx, shared| {
                let Some(snapshot) = shared.directories.current(tx, organization)? else { return Ok(None) };
                let contents = store::message_contents(tx, &of_message, None, limits::BUNDLE_NOTIFICATIONS)?;
                Ok(Some(Draft::of(contents, snapshot, now)))
            })
            .await?;
        let Some(mut draft) = draft else { return Ok(Prepared::NotNow("the organization is gone".to_owned())) };
        if draft.leaves_something() {
            let (of_message, leaving) = (this.clone(), draft.leaving());
            let count = leaving.count();
            let leave = move |batch: &mut Batch<'_>| leaving.leave(batch, &of_message);
            let kept = self.engine().desk().submit_behind((organization, count), leave).await?;
            draft.called_for.extend(kept);
            draft.called_for.sort_by_key(|bundled| bundled.id);
        }
        if draft.called_for.is_empty() {
            let end = move |batch: &mut Batch<'_>| {
                let now = batch.now();
                batch.messages_changed(organization);
                Ok(store::message_end(batch.tx, &this, MessageEnd::Nothing, now)?)
            };
            self.engine().desk().submit_behind((organization, 1), end).await?;
            return Ok(Prepared::Nothing);
        }
        let (envelope, user) = (message.envelope(), &message.notification.user);
        let written = many(&envelope, user, &draft.called_for, &draft.snapshot.directory, links.as_ref());
        Ok(addressed(message, &draft.snapshot, written))
    }
}

/// Whether it is about who is on call, or maintenance, and no incident.
fn is_about_no_incident(reason: &Reason) -> bool {
    matches!(reason, Reason::Handover { .. } | Reason::Maintenance { .. } | Reason::Cover { .. })
}

/// The message of what is about no incident. Nobody is asked to take a shift any more once somebody did.
fn notice(
    tx: &mut dyn Tx,
    message: &Claimed,
    snapshot: &Arc<Snapshot>,
    links: Option<&Links>,
    now: Instant,
) -> Result<Prepared, Failure> {
    let (envelope, notification, directory) = (message.envelope(), &message.notification, &snapshot.directory);
    let written = match &notification.content.reason {
        Reason::Handover { routine, duty, more } => {
            handover(&envelope, notification, (routine, duty, more), directory, links)
        }
        Reason::Maintenance { window, until, covers, said } => {
            maintenance(&envelope, notification, (window, *until, covers, said), directory, links)
        }
        Reason::Cover { cover_ref_id, routine, news, .. } => {
            let Some(asked) = store::cover_load(tx, message.id.organization, cover_ref_id)? else {
                return Ok(Prepared::Drop("the request for cover is gone"));
            };
            let is_asked = matches!(news, CoverNews::Asked { .. });
            if is_asked && asked.can_be_answered(directory, now).is_err() {
                return Ok(Prepared::Drop("the request for cover is closed"));
            }
            cover(&envelope, notification, (&asked, routine, news), directory, links)
        }
        Reason::Page { .. } | Reason::StatusUpdate { .. } | Reason::Resolved => {
            return Ok(Prepared::Drop("it is about no incident, and about nothing else"));
        }
    };
    Ok(addressed(message, snapshot, written))
}

fn addressed(message: &Claimed, snapshot: &Arc<Snapshot>, written: Result<Message, String>) -> Prepared {
    let notification = &message.notification;
    let destination =
        destination(message.id.organization, notification.channel, notification.user.as_str(), &snapshot.directory);
    match (written, destination) {
        (Ok(outgoing), Some(destination)) => Prepared::Send(Box::new(outgoing), destination),
        (Ok(_), None) => Prepared::Nowhere("there is no contact any more".to_owned()),
        (Err(reason), _) => Prepared::Nowhere(reason),
    }
}

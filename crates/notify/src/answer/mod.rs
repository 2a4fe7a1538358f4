//! Answers: what a person does from a message, by a link, a reply or a digit, and what becomes of it.

mod digits;
mod head;
mod link;
mod many;
mod receipt;
mod reply;
mod signed;

pub use digits::Pressed;
pub use head::LinkHead;
pub use link::LinkView;
pub use receipt::Receipt;
pub use reply::Reply;

use crate::metrics::ChannelLabels;
use crate::notifier::Notifier;
use domain::incident::{Action, Incident, Method, Status};
use domain::notification::Channel;
use domain::{InstanceId, OrganizationId, Refusal, Username, limits};
use engine::{Batch, Failure, Idempotency, Request, Undo, act, survivor};
use std::collections::BTreeSet;
use store::{Error, NotificationRow, Tx};

/// An incident as the person who answers knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Its number within its organization.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Number of the unresolved incident in which it goes on, since it was merged into it.
    pub goes_on_in: Option<i64>,
}

impl About {
    /// An incident, and where it goes on.
    fn of(tx: &mut dyn Tx, organization: OrganizationId, incident: Incident) -> Result<Self, Error> {
        let survivor = survivor(tx, &incident, organization)?.filter(|survivor| survivor.status != Status::Resolved);
        let goes_on_in = survivor.map(|survivor| survivor.organization_instance_id);
        Ok(Self { number: incident.organization_instance_id, title: incident.title, goes_on_in })
    }
}

/// What became of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It was done.
    Done {
        /// What.
        action: Action,
        /// To which incident; of several, the first; `None` where none called for it any more.
        first: Option<About>,
        /// To how many.
        count: usize,
        /// How many of the message did not call for it any more.
        untouched: usize,
    },
    /// It was done already, by this very link or message; nothing was changed.
    Already(Action),
    /// The rules said no; nothing was changed.
    Refused {
        /// What was asked.
        action: Action,
        /// Of which incident.
        about: About,
        /// Why not.
        refusal: Refusal,
    },
    /// It came too late; nothing was changed.
    Expired,
    /// There is no such message, or its reader is gone; nothing was changed.
    Unknown,
}

/// What somebody asks by answering a message.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) organization: OrganizationId,
    pub(crate) delivery_id: String,
    pub(crate) action: Action,
    /// By what way it came; `None` stands for a link, which tells its way by the channel that it went by.
    pub(crate) method: Option<Method>,
    /// How a repetition of this very answer is known; no client can send such a key, since it holds spaces.
    pub(crate) once: Option<String>,
}

/// A message as its reader answers it.
#[derive(Clone, Debug)]
struct Message {
    user: Username,
    channel: Channel,
    /// The incidents that it asks to act on.
    incidents: Vec<InstanceId>,
}

impl Message {
    /// `None` when nothing of it asks to act.
    fn of(rows: &[NotificationRow]) -> Option<Self> {
        let pages = rows.iter().filter(|row| row.notification.content.reason.is_page());
        let incidents: BTreeSet<InstanceId> = pages.map(|row| row.id.instance_id).collect();
        let first = rows.first().filter(|_| !incidents.is_empty())?;
        let (user, channel) = (first.notification.user.clone(), first.notification.channel);
        Some(Self { user, channel, incidents: incidents.into_iter().collect() })
    }
}

impl Asked {
    fn method(&self, channel: Channel) -> Method {
        let of_link = if channel == Channel::Chat { Method::Chat } else { Method::Link };
        self.method.unwrap_or(of_link)
    }

    fn request(&self, message: &Message, id: InstanceId) -> Request {
        Request {
            organization: self.organization,
            credential: None,
            method: self.method(message.channel),
            by: Some(message.user.0.clone()),
            integration: None,
            instance_id: Some(id),
            command: self.action.command(),
            idempotency: None,
        }
    }

    fn idempotency(&self) -> Option<Idempotency> {
        let once = self.once.clone()?;
        Some(Idempotency { key: once, digest: self.action.word().to_owned() })
    }
}

impl Notifier {
    /// Does what is asked, once.
    pub(crate) async fn answer(&self, asked: Asked) -> Result<Answered, Failure> {
        let (organization, delivery_id) = (asked.organization, asked.delivery_id.clone());
        let most = limits::BUNDLE_NOTIFICATIONS;
        let rows = self
            .engine()
            .read(move |tx, _| Ok(store::notification_by_delivery(tx, organization, &delivery_id, most)?))
            .await?;
        let Some(message) = Message::of(&rows) else { return Ok(Answered::Unknown) };
        let channel = message.channel;
        let (answered, confirmed) = match message.incidents.as_slice() {
            [id] => self.answer_one(asked, message.clone(), *id).await?,
            _ => self.answer_many(asked, message).await?,
        };
        let labels = ChannelLabels { channel: channel.word() };
        self.0.metrics.confirmed.get_or_create(&labels).inc_by(confirmed);
        self.engine().wake();
        Ok(answered)
    }

    async fn answer_one(&self, asked: Asked, message: Message, id: InstanceId) -> Result<(Answered, u64), Failure> {
        let organization = asked.organization;
        let answer = move |batch: &mut Batch<'_>| {
            if is_answered(batch, &asked)? {
                return Ok((Answered::Already(asked.action), 0));
            }
            let Some(about) = about(batch, organization, id)? else { return Ok((Answered::Unknown, 0)) };
            let mut request = asked.request(&message, id);
            request.idempotency = asked.idempotency();
            let action = asked.action;
            match act(batch, &request) {
                Ok(_) => {
                    let confirmed = confirm(batch, &asked)?;
                    Ok((Answered::Done { action, first: Some(about), count: 1, untouched: 0 }, confirmed))
                }
                Err(Undo::Refused(refusal)) => Ok((refused(action, about, refusal), 0)),
                Err(undo) => Err(undo),
            }
        };
        self.engine().desk().submit_own(organization, answer).await
    }
}

fn refused(action: Action, about: About, refusal: Refusal) -> Answered {
    match refusal {
        // Only the person themselves is named in the request.
        Refusal::UnknownComponent { .. } => Answered::Unknown,
        refusal => Answered::Refused { action, about, refusal },
    }
}

fn about(batch: &mut Batch<'_>, organization: OrganizationId, id: InstanceId) -> Result<Option<About>, Error> {
    let incident = store::incident_load(batch.tx, organization, id)?;
    incident.map(|incident| About::of(batch.tx, organization, incident)).transpose()
}

/// Whether this very answer was given before.
fn is_answered(batch: &mut Batch<'_>, asked: &Asked) -> Result<bool, Error> {
    let Some(once) = &asked.once else { return Ok(false) };
    let now = batch.now();
    Ok(store::idempotency_load(batch.tx, asked.organization, once, now)?.is_some())
}

/// Who answers a message has got it.
fn confirm(batch: &mut Batch<'_>, asked: &Asked) -> Result<u64, Error> {
    let now = batch.now();
    batch.messages_changed(asked.organization);
    store::notification_confirm(batch.tx, asked.organization, &asked.delivery_id, now)
}

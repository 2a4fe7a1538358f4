//! Links in messages: looked at by anybody, followed once (on-call §4).

use super::{About, Answered, Asked, Message};
use crate::message::link::ActSubject;
use crate::notifier::Notifier;
use crate::token::{Purpose, TokenFault};
use domain::incident::{Action, By, Happening, Status};
use domain::{InstanceId, OrganizationId, limits};
use engine::Failure;
use store::Tx;

/// What a link would do, or why it does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkView {
    /// It can be followed.
    Open {
        /// What it does.
        action: Action,
        /// To which incident; of several, the first.
        about: About,
        /// To how many beside.
        others: usize,
        /// Display name of the person in whose name it is done.
        person: String,
        /// Who is at work on it already, if it is one incident; a name, or that of the key by which it was done.
        acknowledged_by: Option<String>,
    },
    /// It was followed already.
    Already(Action),
    /// The incident is resolved.
    Resolved(About),
    /// Its time is over.
    Expired,
    /// We made no such link, or what it speaks of is gone.
    Unknown,
}

fn once(subject: &ActSubject) -> String {
    format!("link {} {}", subject.1, subject.2.word())
}

/// Who acknowledged an incident last.
fn acknowledged_by(tx: &mut dyn Tx, organization: OrganizationId, id: InstanceId) -> Result<Option<By>, store::Error> {
    let events = store::event_list(tx, organization, id)?;
    let last = events.into_iter().rev().find(|event| matches!(event.what, Happening::Acknowledge { .. }));
    Ok(last.and_then(|event| event.by))
}

impl Notifier {
    /// What a link would do. Nothing is changed, however often it is asked: programs that look for malice in mail fetch
    /// every link.
    ///
    /// # Errors
    /// As the store says.
    pub async fn look_at_link(&self, token: &str) -> Result<LinkView, Failure> {
        let subject: ActSubject = match self.open_token(Purpose::Act, token).await? {
            Ok(subject) => subject,
            Err(TokenFault::Expired) => return Ok(LinkView::Expired),
            Err(TokenFault::Forged) => return Ok(LinkView::Unknown),
        };
        let now = self.engine().now();
        self.engine()
            .read(move |tx, shared| {
                let ActSubject(organization, delivery_id, action) = &subject;
                if store::idempotency_load(tx, *organization, &once(&subject), now)?.is_some() {
                    return Ok(LinkView::Already(*action));
                }
                let rows =
                    store::notification_by_delivery(tx, *organization, delivery_id, limits::BUNDLE_NOTIFICATIONS)?;
                let message = Message::of(&rows);
                let snapshot = shared.directories.current(tx, *organization)?;
                let Some((message, snapshot)) = message.zip(snapshot) else { return Ok(LinkView::Unknown) };
                let Some(user) = snapshot.directory.user(message.user.as_str()) else { return Ok(LinkView::Unknown) };
                let person = user.shown_name().to_owned();
                let Some(first) = message.incidents.first() else { return Ok(LinkView::Unknown) };
                let Some(incident) = store::incident_load(tx, *organization, *first)? else {
                    return Ok(LinkView::Unknown);
                };
                let status = incident.status;
                let about = About::of(tx, *organization, incident)?;
                let others = message.incidents.len() - 1;
                if others == 0 && status == Status::Resolved {
                    return Ok(LinkView::Resolved(about));
                }
                let is_taken = others == 0 && status == Status::Acknowledged;
                let acknowledged_by = if is_taken { acknowledged_by(tx, *organization, *first)? } else { None };
                let acknowledged_by = acknowledged_by.and_then(|by| by.shown(&snapshot.directory).map(str::to_owned));
                Ok(LinkView::Open { action: *action, about, others, person, acknowledged_by })
            })
            .await
    }

    /// Does what a link is for, in the name of the person whom it was sent to; the second time it changes nothing.
    ///
    /// # Errors
    /// As the store says.
    pub async fn follow_link(&self, token: &str) -> Result<Answered, Failure> {
        let subject: ActSubject = match self.open_token(Purpose::Act, token).await? {
            Ok(subject) => subject,
            Err(TokenFault::Expired) => return Ok(Answered::Expired),
            Err(TokenFault::Forged) => return Ok(Answered::Unknown),
        };
        let once = Some(once(&subject));
        let ActSubject(organization, delivery_id, action) = subject;
        self.answer(Asked { organization, delivery_id, action, method: None, once }).await
    }
}

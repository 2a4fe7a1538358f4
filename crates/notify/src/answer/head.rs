//! What is told of an incident beside the link in a message about it: as much as its page shows to the person whose link it is.

use super::Message;
use crate::message::link::ActSubject;
use crate::notifier::Notifier;
use crate::token::Purpose;
use domain::incident::Incident;
use domain::limits;
use engine::{Failure, Rights, Snapshot};
use std::sync::Arc;

/// An incident as the person whose link it is may see it.
#[derive(Clone, Debug)]
pub struct LinkHead {
    /// The incident, as it is now.
    pub incident: Incident,
    /// How many alerts it has.
    pub alerts: u64,
    /// In which zone the person reads times; nothing where nobody said.
    pub zone: Option<String>,
    /// The directory at that moment.
    pub snapshot: Arc<Snapshot>,
}

impl Notifier {
    /// The incident that a link is about; nothing where it is about several, where the person may not see it, and where the link
    /// counts no more.
    ///
    /// # Errors
    /// As the store says.
    pub async fn head_of_link(&self, token: &str) -> Result<Option<LinkHead>, Failure> {
        let Ok(subject) = self.open_token::<ActSubject>(Purpose::Act, token).await? else { return Ok(None) };
        let ActSubject(organization, delivery_id, _) = subject;
        let found = self.engine().read(move |tx, shared| {
            let rows = store::notification_by_delivery(tx, organization, &delivery_id, limits::BUNDLE_NOTIFICATIONS)?;
            let Some(message) = Message::of(&rows) else { return Ok(None) };
            let Some(snapshot) = shared.directories.current(tx, organization)? else { return Ok(None) };
            let (user, [id]) = (snapshot.directory.user(message.user.as_str()), message.incidents.as_slice()) else {
                return Ok(None);
            };
            let zone =
                user.and_then(|user| user.timezone.clone()).or_else(|| snapshot.directory.settings.timezone.clone());
            let Some(incident) = store::incident_load(tx, organization, *id)? else { return Ok(None) };
            if !Rights::of_person(&message.user, &snapshot).sees_incident(&incident) {
                return Ok(None);
            }
            let alerts = store::alert_count(tx, organization, *id)?;
            Ok(Some(LinkHead { incident, alerts, zone, snapshot }))
        });
        found.await
    }
}

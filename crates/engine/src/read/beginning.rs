//! Whether an organization has been paged for real yet, which is the last that there is to set up.

use crate::act::Reader;
use crate::engine::{Engine, snapshot};
use crate::failure::Failure;
use domain::incident::{Happening, Incident, Status};
use domain::{OrganizationId, limits};
use store::{Filter, Tx};

/// After so many incidents an organization is past its beginning, whatever became of them.
const INCIDENTS: u32 = 50;

/// How far an organization has come with being paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// No page was received and answered yet.
    Unpaged,
    /// A page of an incident at a service was handed over to somebody, and the incident was acknowledged.
    Answered,
    /// There were so many incidents that nobody begins any more.
    Past,
}

impl Engine {
    /// How far an organization has come with being paged.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn beginning(&self, reader: Reader) -> Result<Beginning, Failure> {
        self.read(move |tx, shared| {
            let organization = reader.organization;
            snapshot(tx, shared, &reader)?;
            if store::number_last(tx, organization)? > i64::from(INCIDENTS) {
                return Ok(Beginning::Past);
            }
            let filter = Filter { statuses: vec![Status::Acknowledged, Status::Resolved], ..Filter::default() };
            for incident in store::incident_list(tx, organization, &filter, INCIDENTS)? {
                if is_answered(tx, organization, &incident)? {
                    return Ok(Beginning::Answered);
                }
            }
            Ok(Beginning::Unpaged)
        })
        .await
    }
}

fn is_answered(tx: &mut dyn Tx, organization: OrganizationId, incident: &Incident) -> Result<bool, store::Error> {
    if incident.service.is_none() {
        return Ok(false);
    }
    if incident.status != Status::Acknowledged {
        let events = store::event_list(tx, organization, incident.instance_id)?;
        if !events.iter().any(|event| matches!(event.what, Happening::Acknowledge { .. })) {
            return Ok(false);
        }
    }
    let pages = store::notification_list(tx, organization, incident.instance_id, -1, limits::PAGE_MOST)?;
    Ok(pages.iter().any(|page| page.state == "sent" && page.notification.content.reason.is_page()))
}

//! What was changed on the service of an incident, shortly before it began, as its page shows it.

use super::outward::{Outward, outward};
use crate::console::seen::Seen;
use crate::console::time::Moment;
use crate::gate::{Problem, failed};
use domain::incident::Incident;
use domain::intake::ChangeEvent;
use engine::ChangeEventsAsked;

/// Changes on one page.
const ON_PAGE: u32 = 10;

/// One change.
#[derive(Clone, Debug)]
pub(super) struct Changed {
    pub(super) summary: String,
    pub(super) text: String,
    pub(super) source: Option<String>,
    pub(super) when: Moment,
    /// The integration that it came by.
    pub(super) by: Option<String>,
    pub(super) links: Vec<Outward>,
}

/// The last of them.
pub(super) async fn before(seen: &Seen<'_>, incident: &Incident) -> Result<Vec<Changed>, Problem> {
    let (instance_id, until) = (Some(incident.instance_id), Some(incident.created_at));
    let asked = ChangeEventsAsked { instance_id, until, ..ChangeEventsAsked::default() };
    let found = seen.visit.app.engine.change_events(seen.reader(), asked, ON_PAGE).await;
    let (events, snapshot) = found.map_err(failed)?;
    let changed = |event: ChangeEvent| {
        let by = snapshot.directory.integrations.with_ref(event.integration.as_str());
        Changed {
            summary: event.said.summary,
            text: event.said.text,
            source: event.said.source,
            when: seen.visit.clock.moment(event.occurred_at),
            by: by.map(|entry| entry.component.name.clone()),
            links: event.said.links.iter().filter_map(|link| outward(&link.url, &link.text)).collect(),
        }
    };
    Ok(events.into_iter().map(changed).collect())
}

//! What somebody changed (intake §4.1).

use super::service_pair;
use domain::directory::Directory;
use domain::intake::ChangeEvent;
use serde_json::{Value, json};

/// Change events, in the order given.
pub fn list(events: &[ChangeEvent], directory: &Directory) -> Vec<Value> {
    events.iter().map(|event| item(event, directory)).collect()
}

fn item(event: &ChangeEvent, directory: &Directory) -> Value {
    let integration = directory.integrations.with_ref(event.integration.as_str());
    let window = event.said.maintenance_window.as_ref();
    let window = window.map(|id| (directory.maintenance_window_name(id).unwrap_or(id.as_str()), id.as_str()));
    let links = event.said.links.iter().map(|link| [link.text.as_str(), link.url.as_str()]);
    json!({
        "id": event.id,
        "summary": event.said.summary,
        "source": event.said.source,
        "text": event.said.text,
        "links": links.collect::<Vec<_>>(),
        "occurred_at": event.occurred_at.wire(),
        "received_at": event.received_at.wire(),
        "service": service_pair(directory, event.service.as_ref()),
        "integration": integration.map(|entry| &entry.component.name),
        "integration_ref_id": Some(&event.integration).filter(|id| !id.as_str().is_empty()),
        "maintenance_window": window,
    })
}

//! An alert as Opsgenie's API shows it.

use domain::alert::Alert;
use domain::incident::{Incident, Status};
use domain::intake::Problem;
use domain::{Instant, Urgency};
use serde_json::{Value, json};

/// One alert, with how its incident stands.
pub(super) fn shown(
    (integration, name): (&str, &str),
    (problem, incident, alert): (&Problem, &Incident, &Alert),
) -> Value {
    let is_closed = problem.is_over || incident.status == Status::Resolved;
    let is_acknowledged = incident.status == Status::Acknowledged;
    let source = alert.source.as_deref();
    json!({
        "id": alert.ref_id,
        "tinyId": incident.organization_instance_id.to_string(),
        "alias": alert.shown_key(),
        "message": alert.title,
        "status": if is_closed { "closed" } else { "open" },
        "acknowledged": is_acknowledged,
        "isSeen": is_acknowledged,
        "tags": incident.tags,
        "snoozed": false,
        "count": incident.suppressed_count.saturating_add(1),
        "createdAt": time(alert.created_at),
        "updatedAt": time(problem.heard_at),
        "lastOccurredAt": time(problem.heard_at),
        "source": "",
        "owner": incident.assignees.first().map_or("", |user| user.as_str()),
        "priority": priority(alert.urgency),
        "responders": [],
        "integration": {"id": integration, "name": name, "type": "API"},
        "entity": "",
        "description": alert.text,
        "details": source.map(|source| json!(source.labels)).unwrap_or_else(|| json!({})),
        "actions": [],
    })
}

fn time(at: Instant) -> String {
    format!("{}Z", at.wire())
}

fn priority(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Critical => "P1",
        Urgency::High => "P2",
        Urgency::Medium => "P3",
        Urgency::Low => "P4",
        Urgency::Minor => "P5",
    }
}

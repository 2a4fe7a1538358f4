//! Alerts and heartbeats as Opsgenie's API shows them.

use domain::directory::{Directory, Heartbeat};
use domain::incident::{Incident, Status, Target};
use domain::{Instant, RefId, Urgency};
use engine::{HeartbeatRow, SenderAlert};
use serde_json::{Value, json};

/// Minutes of an hour and of a day.
const HOUR_MINUTES: u32 = 60;
const DAY_MINUTES: u32 = 24 * HOUR_MINUTES;

/// One alert, with how its incident stands. `integration`: id and name of its integration.
pub(super) fn alert(integration: (&str, &str), shown: &SenderAlert) -> Value {
    let SenderAlert { alert, incident, is_over, heard_at, snoozed_until, snapshot } = shown;
    let is_closed = *is_over || incident.status == Status::Resolved;
    let is_acknowledged = incident.status == Status::Acknowledged;
    let labels = alert.source.as_ref().map(|source| &source.labels);
    let label = |name: &str| labels.and_then(|labels| labels.get(name)).map_or("", String::as_str);
    let mut value = json!({
        "id": alert.ref_id,
        "tinyId": incident.organization_instance_id.to_string(),
        "alias": alert.shown_key(),
        "message": alert.title,
        "status": if is_closed { "closed" } else { "open" },
        "acknowledged": is_acknowledged,
        "isSeen": is_acknowledged,
        "tags": incident.tags,
        "snoozed": snoozed_until.is_some(),
        "count": incident.suppressed_count.saturating_add(1),
        "createdAt": time(alert.created_at),
        "updatedAt": time(*heard_at),
        "lastOccurredAt": time(*heard_at),
        "source": label("source"),
        "owner": incident.assignees.first().map_or("", |user| user.as_str()),
        "priority": priority(urgency_of(incident, &alert.ref_id, alert.urgency)),
        "responders": responders(&incident.targets, &snapshot.directory),
        "integration": {"id": integration.0, "name": integration.1, "type": "API"},
        "entity": label("entity"),
        "description": alert.text,
        "details": labels.map_or_else(|| json!({}), |labels| json!(labels)),
        "actions": [],
    });
    if let Some(until) = snoozed_until {
        value["snoozedUntil"] = json!(time(*until));
    }
    value
}

/// How loud an alert is: as its incident, where that began with it, because that can be changed.
pub(super) fn urgency_of(incident: &Incident, alert: &RefId, urgency: Urgency) -> Urgency {
    if incident.task_ref_id == *alert { incident.urgency } else { urgency }
}

/// Whom the incident is assigned to: policies, and users by policies of their own.
fn responders(targets: &[Target], directory: &Directory) -> Vec<Value> {
    let responder = |target: &Target| match directory.policies.with_ref(target.policy.as_str()) {
        Some(entry) => Some(json!({"type": "escalation", "id": entry.ref_id, "name": entry.component.name})),
        None => {
            let mut users = directory.users.by_name().into_iter();
            let own = |name: &str| directory.own_policy(name) == Some(&target.policy);
            let entry = users.find(|entry| own(entry.component.username.as_str()))?;
            Some(json!({"type": "user", "id": entry.ref_id, "username": entry.component.username}))
        }
    };
    targets.iter().filter_map(responder).collect()
}

/// One heartbeat, with when it was heard of.
pub(super) fn heartbeat(heartbeat: &Heartbeat, heard: Option<&HeartbeatRow>) -> Value {
    let mut value = json!({
        "name": heartbeat.name,
        "description": described(heartbeat),
        "enabled": heartbeat.enabled,
        "expired": heard.is_some_and(|heard| heard.state == "down"),
        "alertPriority": priority(heartbeat.urgency),
    });
    if let Some(seconds) = heartbeat.every_seconds {
        let minutes = seconds.div_ceil(60);
        let (interval, unit) = match minutes {
            minutes if minutes % DAY_MINUTES == 0 => (minutes / DAY_MINUTES, "days"),
            minutes if minutes % HOUR_MINUTES == 0 => (minutes / HOUR_MINUTES, "hours"),
            minutes => (minutes, "minutes"),
        };
        value["interval"] = json!(interval);
        value["intervalUnit"] = json!(unit);
    }
    if let Some(heard) = heard {
        value["lastPingTime"] = json!(time(heard.heard_at));
    }
    value
}

/// When it is to be heard of, in words, since not each way of saying it has a counterpart.
fn described(heartbeat: &Heartbeat) -> String {
    let grace = heartbeat.grace_seconds;
    match (&heartbeat.cron, heartbeat.every_seconds) {
        (Some(cron), _) => {
            let zone = heartbeat.timezone.as_deref().unwrap_or("UTC");
            format!("By cron `{cron}` in {zone}, and {grace} seconds of grace.")
        }
        (None, seconds) => format!("Every {} seconds, and {grace} of grace.", seconds.unwrap_or_default()),
    }
}

/// A time as this API writes it.
pub(super) fn time(at: Instant) -> String {
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

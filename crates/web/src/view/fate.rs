//! What became of alerts, and what came to an integration (intake §1).

use domain::Instant;
use domain::directory::{Directory, Integration};
use domain::intake::{AlertFate, Received, Unreadable};
use engine::PayloadRow;
use serde_json::{Map, Value, json};

/// One alert and what became of it, and of later ones of the same problem.
pub fn one(fates: &[AlertFate], directory: &Directory) -> Value {
    let mut items = list(fates, directory).into_iter();
    let first = items.next().unwrap_or(Value::Null);
    let Value::Object(mut first) = first else { return Value::Null };
    first.insert("later".to_owned(), items.collect());
    Value::Object(first)
}

/// Alerts and what became of them, in the order given.
pub fn list(fates: &[AlertFate], directory: &Directory) -> Vec<Value> {
    fates.iter().map(|fate| item(fate, directory)).collect()
}

fn item(fate: &AlertFate, directory: &Directory) -> Value {
    let integration = directory.integrations.with_ref(fate.integration.as_str());
    let head = json!({
        "alert_id": fate.alert_id,
        "fate": fate.judged.fate.word(),
        "because": fate.judged.because,
        "instance_id": fate.judged.instance_id,
        "received_at": fate.received_at.wire(),
        "integration": integration.map(|entry| &entry.component.name),
        "integration_ref_id": fate.integration,
    });
    let said: Map<String, Value> = serde_json::from_str(&fate.body).unwrap_or_default();
    let Value::Object(mut item) = head else { return head };
    for key in ["state", "title", "identity", "urgency_level", "occurred_at", "repairs"] {
        item.insert(key.to_owned(), said.get(key).cloned().unwrap_or(Value::Null));
    }
    Value::Object(item)
}

/// What would be read in a body, and what would be by other settings, where that differs.
pub fn tried(
    received_at: Option<Instant>,
    integration: &Integration,
    read: &Result<Vec<Received>, Unreadable>,
    before: Option<(&Integration, &[Received])>,
) -> Value {
    let list = |integration: &Integration, alerts: &[Received]| {
        alerts.iter().map(|received| received_as(integration, received)).collect::<Vec<_>>()
    };
    json!({
        "received_at": received_at.map(Instant::wire),
        "is_read": read.is_ok(),
        "reason": read.as_ref().err().map(|unreadable| &unreadable.0),
        "alerts": read.as_ref().ok().map(|alerts| list(integration, alerts)),
        "before": before.map(|(integration, alerts)| list(integration, alerts)),
    })
}

fn received_as(integration: &Integration, received: &Received) -> Value {
    json!({
        "state": received.state.word(),
        "identity": received.identity,
        "title": received.title,
        "text": received.text,
        "severity": received.severity,
        "urgency_level": received.urgency_for(integration).number(),
        "tags": received.tags,
        "labels": received.labels,
        "links": received.links,
        "images": received.images,
        "occurred_at": received.occurred_at.map(Instant::wire),
        "repairs": received.repairs,
    })
}

/// A body that came to an integration, and what was made of it.
pub fn payload(row: &PayloadRow) -> Value {
    let outcome: Value = match row.is_read {
        true => serde_json::from_str(&row.outcome).unwrap_or(Value::Null),
        false => Value::Null,
    };
    json!({
        "received_at": row.received_at.wire(),
        "is_read": row.is_read,
        "reason": (!row.is_read).then_some(&row.outcome),
        "alerts": outcome.get("alerts"),
        "more": outcome.get("more"),
        "body": row.body,
    })
}

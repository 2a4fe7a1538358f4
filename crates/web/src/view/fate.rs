//! What became of alerts, what came to an integration (intake §1), and what would become of an alert that is tried on the rules.

use domain::Instant;
use domain::directory::{Directory, Integration};
use domain::incident::{Change, Order, signal_of};
use domain::intake::{AlertFate, Received, Unreadable};
use domain::routing::CompiledRule;
use engine::PayloadRow;
use serde_json::{Map, Value, json};

/// Letters of a value that are told.
const LETTERS: usize = 500;

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
        "fate_at": fate.fate_at.wire(),
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

/// All rules in their order, each with its conditions and what they saw.
pub fn verdicts(directory: &Directory, order: &Order, now: Instant) -> Vec<Value> {
    let signal = signal_of(order, directory);
    let mut is_over = false;
    let verdict = |(rule, position): (&CompiledRule, i64)| {
        let verdict = rule.verdict(&signal, now);
        let is_tried = !is_over && rule.rule.enabled;
        is_over |= verdict.fits;
        let conditions = verdict.conditions.iter().map(|judged| {
            json!({
                "condition": judged.condition,
                "seen": cut(judged.seen.clone()),
                "holds": judged.holds,
            })
        });
        json!({
            "rule": rule.rule.name,
            "position": position,
            "is_enabled": rule.rule.enabled,
            "is_tried": is_tried,
            "is_in_hours": verdict.is_in_hours,
            "minimum": rule.rule.minimum.unwrap_or(rule.rule.conditions.len()),
            "conditions": conditions.collect::<Vec<_>>(),
            "fits": verdict.fits,
        })
    };
    directory.rules.iter().zip(1..).map(verdict).collect()
}

/// A value that is not longer than can be looked at; a structure stays one while it is short.
fn cut(value: Value) -> Value {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() <= LETTERS {
        return value;
    }
    Value::from(text.chars().take(LETTERS).chain(['…']).collect::<String>())
}

/// What would come of an alert: the verdicts, the rule that is applied, and the incident with whom it pages, where there is one.
pub fn tried_on_rules(
    (order, is_whole): (&Order, bool),
    verdicts: Vec<Value>,
    made: Option<&Change>,
    directory: &Directory,
) -> Value {
    let applied = verdicts.iter().position(|verdict| verdict["fits"] == true);
    let rule = applied.and_then(|place| directory.rules.get(place)).map(|rule| &rule.rule);
    let incident = made.map(|change| {
        let incident = &change.incident;
        let service = incident.service.as_ref().and_then(|id| directory.services.with_ref(id.as_str()));
        json!({
            "title": incident.title,
            "urgency_level": incident.urgency.number(),
            "service": service.map(|entry| &entry.component.name),
            "tags": incident.tags,
            "assignees": incident.assignees,
        })
    });
    let pages = made.into_iter().flat_map(|change| &change.notifications).map(|notification| {
        json!({
            "username": notification.user,
            "channel": notification.channel.word(),
            "due_at": notification.due_at.wire(),
        })
    });
    json!({
        "title": order.title,
        "is_whole": is_whole,
        "rules": verdicts,
        "rule": rule.map(|rule| &rule.name),
        "suppressed": rule.is_some_and(|rule| rule.actions.suppress),
        "incident": incident,
        "pages": pages.collect::<Vec<_>>(),
    })
}

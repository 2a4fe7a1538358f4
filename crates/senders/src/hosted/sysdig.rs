//! Sysdig Monitor's webhook (intake §3.5).

use crate::links::add;
use crate::members::{Object, as_object, entries, object, paragraphs, text};
use crate::remarks::if_unnamed;
use crate::times::time;
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::Value;

/// One alert; `None` without `alert`.
pub(crate) fn read(body: &Object) -> Option<Vec<Received>> {
    let alert = object(body, "alert")?;
    let by_hand = text(body, "resolved").is_some_and(|word| word == "true");
    let is_over = by_hand || text(body, "state").is_some_and(|word| word.eq_ignore_ascii_case("ok"));
    let mut received = Received::of(if is_over { State::Resolved } else { State::Firing });
    let entities: Vec<&Object> =
        body.get("entities").map(entries).unwrap_or_default().iter().filter_map(as_object).collect();
    let names: Vec<String> = entities.iter().filter_map(|entity| text(entity, "entity")).collect();
    let event = object(body, "event");
    let of_entity = || text(alert, "id").map(|id| format!("{id} {}", names.join(", ")));
    received.identity = event.and_then(|event| text(event, "id")).or_else(of_entity);
    if_unnamed(&mut received, "`event.id` and `alert.id` are");
    received.title = text(alert, "name").unwrap_or_default();
    let condition = text(body, "condition").map(|condition| format!("Condition: {condition}"));
    let measured: Vec<String> = entities.iter().map(|entity| measured(entity)).collect();
    let description = text(alert, "description").unwrap_or_default();
    received.text = paragraphs([description, condition.unwrap_or_default(), measured.join("\n")]);
    let level = text(alert, "severity");
    received.severity = text(alert, "severityLabel").or_else(|| level.clone()).map(|word| word.to_lowercase());
    received.urgency = level.as_deref().and_then(urgency);
    received.tags = names.iter().map(|name| format!("entity:{name}")).collect();
    received.labels.extend(text(alert, "scope").map(|scope| ("scope".to_owned(), scope)));
    add(&mut received, "Sysdig", event.and_then(|event| text(event, "url")));
    add(&mut received, "Alert", text(alert, "editUrl"));
    received.occurred_at = body.get("timestamp").and_then(time);
    received.says_no_beginning = true;
    received.payload = Value::Object(body.clone());
    Some(vec![received])
}

/// `host.hostName = 'web-1': cpu.used.percent 97.5`
fn measured(entity: &Object) -> String {
    let values = entity.get("metricValues").map(entries).unwrap_or_default().iter().filter_map(as_object);
    let values = values.filter_map(|one| Some(format!("{} {}", text(one, "metric")?, text(one, "value")?)));
    let said = [text(entity, "entity").unwrap_or_default(), values.collect::<Vec<_>>().join(", ")];
    said.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
}

/// Severities count from 0, the worst, to 7.
fn urgency(level: &str) -> Option<Urgency> {
    match level.parse::<u8>().ok()? {
        0 | 1 => Some(Urgency::Critical),
        2 | 3 => Some(Urgency::High),
        4 => Some(Urgency::Medium),
        5 => Some(Urgency::Low),
        6 | 7 => Some(Urgency::Minor),
        _ => None,
    }
}

//! Azure Monitor's common alert schema (intake §3.5). Other schemas of Azure are read as any JSON.

use crate::labelled;
use crate::links::add;
use crate::members::{Object, as_object, entries, object, paragraphs, spelled, text, texts};
use crate::remarks::if_unnamed;
use crate::times::time;
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::Value;

/// One alert; `None` without `data.essentials`.
pub(crate) fn read(body: &Object) -> Option<Vec<Received>> {
    let data = object(body, "data")?;
    let essentials = object(data, "essentials")?;
    let is_over = text(essentials, "monitorCondition").is_some_and(|word| word.eq_ignore_ascii_case("resolved"));
    let mut received = Received::of(if is_over { State::Resolved } else { State::Firing });
    received.identity = text(essentials, "alertId").or_else(|| text(essentials, "originAlertId"));
    if_unnamed(&mut received, "`alertId` is");
    received.title = text(essentials, "alertRule").unwrap_or_default();
    received.severity = text(essentials, "severity").map(|word| word.to_lowercase());
    received.urgency = received.severity.as_deref().and_then(urgency);
    let items = essentials.get("configurationItems").map(entries).unwrap_or_default();
    let items: Vec<String> = items.iter().filter_map(spelled).collect();
    let affected = if items.is_empty() { String::new() } else { format!("Affected: {}", items.join(", ")) };
    received.text =
        paragraphs([text(essentials, "description").unwrap_or_default(), measured(data).join("\n"), affected]);
    received.labels = object(data, "customProperties").map(texts).unwrap_or_default();
    received.tags = labelled::tags(&received.labels);
    received.tags.extend(items.iter().map(|item| format!("resource:{item}")));
    for name in ["alertRule", "severity", "signalType", "monitoringService"] {
        received.labels.extend(text(essentials, name).map(|value| (name.to_owned(), value)));
    }
    add(&mut received, "Azure", text(essentials, "investigationLink"));
    let at = if is_over { "resolvedDateTime" } else { "firedDateTime" };
    received.occurred_at = essentials.get(at).and_then(time);
    received.payload = Value::Object(body.clone());
    Some(vec![received])
}

/// What each condition of the rule found.
fn measured(data: &Object) -> Vec<String> {
    let condition = object(data, "alertContext").and_then(|context| object(context, "condition"));
    let all = condition.and_then(|condition| condition.get("allOf")).map(entries).unwrap_or_default();
    let found = all.iter().filter_map(as_object).filter_map(|one| {
        let value = text(one, "metricValue")?;
        let name = text(one, "metricName").or_else(|| text(one, "searchQuery"))?;
        let bound = text(one, "threshold").map(|bound| {
            let operator = text(one, "operator").unwrap_or_else(|| "threshold".to_owned());
            format!(" ({operator} {bound})")
        });
        Some(format!("{name}: {value}{}", bound.unwrap_or_default()))
    });
    found.collect()
}

fn urgency(severity: &str) -> Option<Urgency> {
    match severity {
        "sev0" => Some(Urgency::Critical),
        "sev1" => Some(Urgency::High),
        "sev2" => Some(Urgency::Medium),
        "sev3" => Some(Urgency::Low),
        "sev4" => Some(Urgency::Minor),
        _ => None,
    }
}

//! Splunk: the webhook of its alert actions, and that of its Observability Cloud (intake §3.5).

use crate::input::Options;
use crate::links::{add, add_image};
use crate::members::{Object, first, lines, object, paragraphs, text};
use crate::severity;
use crate::times::time;
use domain::intake::{Received, State};
use serde_json::Value;

/// One alert; `None` if it is of neither form.
pub(crate) fn read(body: &Object, options: &Options) -> Option<Vec<Received>> {
    let has = |name: &str| body.contains_key(name);
    let mut received = if has("incidentId") {
        observed(body)
    } else if has("sid") || has("search_name") {
        searched(body, options)
    } else {
        return None;
    };
    received.payload = Value::Object(body.clone());
    Some(vec![received])
}

/// What a search found; its first row. Nothing ever says that it is over.
fn searched(body: &Object, options: &Options) -> Received {
    let name = text(body, "search_name");
    let is_test = name.is_none() && !options.tests_open;
    let mut received = Received::of(if is_test { State::Ignored("test") } else { State::Firing });
    let row = object(body, "result");
    let host = row.and_then(|row| text(row, "host"));
    received.identity = name.as_ref().map(|name| match &host {
        Some(host) => format!("{name} {host}"),
        None => name.clone(),
    });
    received.title = match (name, &host) {
        (Some(name), Some(host)) => format!("{name} on {host}"),
        (name, _) => name.unwrap_or_default(),
    };
    received.text = row.map(lines).unwrap_or_default().join("\n");
    received.tags = host.iter().map(|host| format!("host:{host}")).collect();
    let labels = [("host", host), ("app", text(body, "app")), ("owner", text(body, "owner"))];
    received.labels = labels.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    add(&mut received, "Splunk", text(body, "results_link"));
    received.occurred_at = row.and_then(|row| row.get("_time")).and_then(time);
    received.says_no_beginning = true;
    received
}

/// A detector of the Observability Cloud.
fn observed(body: &Object) -> Received {
    let word = first(body, &["statusExtended", "status"]).map(|(_, word)| word.to_lowercase()).unwrap_or_default();
    let is_over = ["ok", "auto resolved", "manually resolved", "stopped"].contains(&word.as_str());
    let mut received = Received::of(if is_over { State::Resolved } else { State::Firing });
    if !is_over && word != "anomalous" {
        received.repairs.push("`status` is neither ok nor anomalous: taken as firing".to_owned());
    }
    received.identity = text(body, "incidentId");
    received.title = first(body, &["messageTitle", "detector", "rule"]).map(|(_, title)| title).unwrap_or_default();
    let told = ["messageBody", "description", "tip"].map(|name| text(body, name).unwrap_or_default());
    received.text = paragraphs(told);
    received.severity = text(body, "severity").map(|word| word.to_lowercase());
    received.urgency = received.severity.as_deref().and_then(severity::urgency);
    for name in ["detector", "rule"] {
        received.labels.extend(text(body, name).map(|value| (name.to_owned(), value)));
    }
    add(&mut received, "Splunk", text(body, "detectorUrl"));
    add(&mut received, "Runbook", text(body, "runbookUrl"));
    add_image(&mut received, text(body, "imageUrl"));
    received.occurred_at = body.get("timestamp").and_then(time);
    received
}

//! Any JSON, form or query: what most senders call things (intake §3.7).

use crate::alertmanager::{instant, texts};
use crate::input::{Options, Read};
use crate::json::{first, link, member, members, shown, usual_urgency};
use domain::intake::{Received, State};
use serde_json::{Map, Value};

const TITLES: [&str; 6] = ["title", "summary", "message", "subject", "alert_name", "name"];
const TEXTS: [&str; 4] = ["text", "description", "details", "body"];
const STATES: [&str; 4] = ["status", "state", "action", "event_action"];
const SEVERITIES: [&str; 4] = ["severity", "priority", "level", "urgency"];
const IDENTITIES: [&str; 6] = ["id", "dedup_key", "alias", "fingerprint", "incident_key", "key"];
const RESOLVED: [&str; 13] = [
    "ok",
    "resolved",
    "resolve",
    "close",
    "closed",
    "up",
    "recovery",
    "recovered",
    "normal",
    "success",
    "green",
    "cleared",
    "inactive",
];
const LINKS: [&str; 3] = ["url", "link", "runbook_url"];

/// Reads one alert, or each of an array.
pub(crate) fn read(read: &Read, _: &Options) -> Vec<Received> {
    match &read.value {
        Value::Array(values) => values.iter().map(one).collect(),
        value => vec![one(value)],
    }
}

/// Reads what another kind was expected to send and is not.
pub(crate) fn instead(read: &Read, options: &Options, why: &str) -> Vec<Received> {
    let mut received = self::read(read, options);
    received.iter_mut().for_each(|received| received.repairs.push(format!("{why}; it was read as generic")));
    received
}

fn one(value: &Value) -> Received {
    let body = members(value);
    let state = match first(body, &STATES).map(|word| word.to_ascii_lowercase()) {
        Some(word) if RESOLVED.contains(&word.as_str()) => State::Resolved,
        Some(word) if word.starts_with("ack") => State::Acknowledged { by: first(body, &["by", "user"]) },
        _ => State::Firing,
    };
    let severity = first(body, &SEVERITIES).map(|word| word.to_ascii_lowercase());
    let tags = match body.get("tags") {
        Some(Value::Array(tags)) => tags.iter().filter_map(crate::json::text).collect(),
        Some(Value::String(tags)) => tags.split(',').map(|tag| tag.trim().to_owned()).collect(),
        Some(Value::Object(_)) => texts(body, "tags").iter().map(|(name, value)| format!("{name}:{value}")).collect(),
        _ => Vec::new(),
    };
    let title = first(body, &TITLES).unwrap_or_else(|| first_line(value));
    Received {
        identity: first(body, &IDENTITIES),
        text: text_of(body, value, &title),
        title,
        urgency: severity.as_deref().and_then(usual_urgency),
        severity,
        tags,
        labels: texts(body, "labels"),
        links: LINKS.iter().filter_map(|name| link("Source", member(body, name))).collect(),
        occurred_at: first(body, &["occurred_at", "timestamp"]).as_deref().and_then(instant),
        payload: value.clone(),
        ..Received::of(state)
    }
}

/// A text that is named so; else all that was sent, since nobody knows what of it matters.
fn text_of(body: &Map<String, Value>, value: &Value, title: &str) -> String {
    let named = TEXTS.iter().find_map(|name| body.get(*name)).map(shown).filter(|text| !text.trim().is_empty());
    // What was shortened to a title is told whole.
    let message = member(body, "message").filter(|message| message != title);
    named.or(message).unwrap_or_else(|| shown(value))
}

fn first_line(value: &Value) -> String {
    shown(value).lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

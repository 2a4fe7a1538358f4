//! Datadog's webhook, by the template that our documents give: its variables as members (intake §3.5).

use crate::links::{add, add_image};
use crate::members::{Object, first, paragraphs, text, words};
use crate::remarks::if_unnamed;
use crate::severity;
use crate::times::time;
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::Value;

/// One alert; `None` if neither a transition nor an alert's id is among the members.
pub(crate) fn read(body: &Object) -> Option<Vec<Received>> {
    if !["transition", "alert_id"].iter().any(|name| body.contains_key(*name)) {
        return None;
    }
    // Datadog leaves a variable that it does not know as it stands.
    let mut known = body.clone();
    known.retain(|_, value| !unexpanded(value));
    let mut received = Received::of(State::Firing);
    received.state = state(&known, &mut received.repairs);
    received.identity = identity(&known);
    if_unnamed(&mut received, "`cycle_key`, `aggreg_key` and `alert_id` are");
    received.title = bare(&text(&known, "title").unwrap_or_default()).to_owned();
    received.severity = text(&known, "priority").map(|word| word.to_lowercase());
    received.urgency = received.severity.as_deref().and_then(urgency);
    let facts = ["status", "hostname", "metric", "scope"].map(|name| Some(format!("{name}: {}", text(&known, name)?)));
    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join("\n");
    received.text = paragraphs([text(&known, "body").unwrap_or_default(), facts]);
    received.tags = known.get("tags").map(words).unwrap_or_default();
    let named = received.tags.iter().filter_map(|tag| tag.split_once(':'));
    received.labels = named.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    add(&mut received, "Datadog", text(&known, "link"));
    add_image(&mut received, text(&known, "snapshot"));
    received.occurred_at = known.get("date").and_then(time);
    received.says_no_beginning = true;
    received.payload = Value::Object(body.clone());
    Some(vec![received])
}

/// Whether a value is nothing but a variable such as `$ALERT_TRANSITION`.
fn unexpanded(value: &Value) -> bool {
    let name = value.as_str().and_then(|text| text.trim().strip_prefix('$'));
    name.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains(char::is_whitespace))
}

fn state(body: &Object, repairs: &mut Vec<String>) -> State {
    match text(body, "transition").unwrap_or_default().to_lowercase().as_str() {
        "recovered" | "no data recovered" | "warn recovered" => return State::Resolved,
        "triggered" | "re-triggered" | "warn" | "re-warn" | "no data" | "re-no data" | "renotify" => {}
        _ => repairs.push("`transition` is none that Datadog has: taken as firing".to_owned()),
    }
    State::Firing
}

/// A monitor has as many alerts as it has groups; the cycle's key is one for a firing and its recovery.
fn identity(body: &Object) -> Option<String> {
    if let Some((_, key)) = first(body, &["cycle_key", "aggreg_key"]) {
        return Some(key);
    }
    let monitor = text(body, "alert_id")?;
    Some(text(body, "scope").map_or(monitor.clone(), |scope| format!("{monitor} {scope}")))
}

/// A title without the brackets that Datadog puts before it, as in `[P1] [Triggered on {host:web-1}] CPU is high`.
fn bare(title: &str) -> &str {
    let mut rest = title.trim();
    while let Some((_, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        rest = after.trim_start();
    }
    if rest.is_empty() { title } else { rest }
}

fn urgency(word: &str) -> Option<Urgency> {
    if word == "normal" { Some(Urgency::High) } else { severity::urgency(word) }
}

//! Alerts of Opsgenie's API (intake §4.2).

use crate::alertmanager::texts;
use crate::generic;
use crate::input::{Options, Read};
use crate::json::{member, members, text};
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::Value;

/// Characters of a message that become the title; the whole of it stands in the text.
const MESSAGE_CHARACTERS: usize = 130;

/// What an integration of this kind is sent at its own URL: an alert, or its end, as `action` says.
pub(crate) fn read(read: &Read, options: &Options) -> Vec<Received> {
    let action = member(members(&read.value), "action").map(|action| action.to_ascii_lowercase());
    if let Some(state) = action.as_deref().and_then(state_of) {
        let alias = member(members(&read.value), "alias");
        return vec![Received { identity: alias, payload: read.value.clone(), ..Received::of(state) }];
    }
    match create(&read.value) {
        Ok(received) => vec![received],
        Err(_) => generic::instead(read, options, "the body has no `message`"),
    }
}

fn state_of(action: &str) -> Option<State> {
    match action {
        "close" => Some(State::Resolved),
        "acknowledge" => Some(State::Acknowledged { by: None }),
        _ => None,
    }
}

/// Reads the body of `POST /v2/alerts`.
///
/// # Errors
/// Each field with what is wrong with it.
pub fn create(value: &Value) -> Result<Received, Vec<(String, String)>> {
    let body = members(value);
    let Some(message) = member(body, "message") else {
        return Err(vec![("message".to_owned(), "must not be empty".to_owned())]);
    };
    let is_long = message.chars().count() > MESSAGE_CHARACTERS;
    let details = texts(body, "details");
    let lines = details.iter().map(|(name, value)| format!("{name}: {value}"));
    let beside = [("Entity", "entity"), ("Source", "source"), ("Note", "note")];
    let beside = beside.into_iter().filter_map(|(name, key)| member(body, key).map(|value| format!("{name}: {value}")));
    let whole = is_long.then(|| message.clone());
    let text_lines = whole.into_iter().chain(member(body, "description")).chain(beside).chain(lines);
    let tags = body.get("tags").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let priority = member(body, "priority").map(|word| word.to_ascii_lowercase());
    let title = match is_long {
        true => message.chars().take(MESSAGE_CHARACTERS - 1).chain(['…']).collect(),
        false => message,
    };
    Ok(Received {
        identity: member(body, "alias"),
        title,
        text: text_lines.collect::<Vec<_>>().join("\n"),
        urgency: Some(priority.as_deref().and_then(urgency).unwrap_or(Urgency::Medium)),
        severity: priority,
        tags: tags.iter().filter_map(text).collect(),
        labels: details,
        payload: value.clone(),
        ..Received::of(State::Firing)
    })
}

/// The urgency of a priority.
pub fn urgency(priority: &str) -> Option<Urgency> {
    match priority {
        "p1" => Some(Urgency::Critical),
        "p2" => Some(Urgency::High),
        "p3" => Some(Urgency::Medium),
        "p4" => Some(Urgency::Low),
        "p5" => Some(Urgency::Minor),
        _ => None,
    }
}

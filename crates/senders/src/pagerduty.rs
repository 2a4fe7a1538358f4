//! Events of PagerDuty's API, version 2 and the one before (intake §4.1).

use crate::alertmanager::instant;
use crate::generic;
use crate::input::{Options, Read};
use crate::json::{first, link, member, members, shown};
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::{Map, Value};

/// An event that is well formed.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The integration's key, where the body names it.
    pub routing_key: Option<String>,
    /// What it says. Without an identity, it is to be given one.
    pub received: Received,
}

/// What an integration of this kind is sent at its own URL.
pub(crate) fn read(read: &Read, options: &Options) -> Vec<Received> {
    let body = members(&read.value);
    let event = if body.contains_key("event_type") { event_v1(&read.value) } else { event(&read.value) };
    match event {
        Ok(event) => vec![event.received],
        Err(errors) => generic::instead(read, options, &errors.join(", ")),
    }
}

/// Reads the body of `/v2/enqueue`.
///
/// # Errors
/// Every mistake, as clients of the original show them.
pub fn event(value: &Value) -> Result<Event, Vec<String>> {
    let body = members(value);
    let identity = member(body, "dedup_key");
    let mut errors = Vec::new();
    let state = match member(body, "event_action").as_deref() {
        Some("trigger") => State::Firing,
        Some("acknowledge") => State::Acknowledged { by: None },
        Some("resolve") => State::Resolved,
        _ => {
            errors.push("'event_action' must be one of trigger, acknowledge, resolve".to_owned());
            State::Noted
        }
    };
    if identity.is_none() && state != State::Firing && errors.is_empty() {
        errors.push("'dedup_key' is missing or blank".to_owned());
    }
    let payload = body.get("payload").map(members);
    let summary = payload.and_then(|payload| member(payload, "summary"));
    if state == State::Firing && summary.is_none() {
        errors.push("'payload.summary' is missing or blank".to_owned());
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut received = Received { identity, payload: value.clone(), ..Received::of(state) };
    // What is told beside another state, such as "[RESOLVED] …", is not what the problem is called.
    if let Some(payload) = payload {
        received.title = summary.unwrap_or_default();
        describe(&mut received, body, payload);
    }
    Ok(Event { routing_key: member(body, "routing_key"), received })
}

fn describe(received: &mut Received, body: &Map<String, Value>, payload: &Map<String, Value>) {
    let severity = member(payload, "severity").map(|word| word.to_ascii_lowercase());
    received.urgency = severity.as_deref().and_then(urgency);
    if received.urgency.is_none() && received.state == State::Firing {
        let said = severity.as_deref().unwrap_or("nothing");
        received.repairs.push(format!("the severity is {said}; the integration's default urgency counts"));
    }
    received.severity = severity;
    received.text = payload.get("custom_details").map(shown).unwrap_or_default();
    let tags = ["source", "component", "group", "class"];
    let tag = |name: &str| member(payload, name).map(|value| (name.to_owned(), value));
    received.labels = tags.into_iter().filter_map(tag).collect();
    received.tags = received.labels.iter().map(|(name, value)| format!("{name}:{value}")).collect();
    received.occurred_at = member(payload, "timestamp").as_deref().and_then(instant);
    let entries = |name: &str| {
        body.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default().iter().map(members)
    };
    let links = entries("links").filter_map(|entry| {
        let text = first(entry, &["text", "href"]).unwrap_or_default();
        link(&text, member(entry, "href"))
    });
    received.links = links.collect();
    received
        .links
        .extend(link(&member(body, "client").unwrap_or_else(|| "Source".to_owned()), member(body, "client_url")));
    received.images = entries("images").filter_map(|entry| member(entry, "src")).collect();
}

/// Reads the body of the older `create_event.json`.
///
/// # Errors
/// Every mistake.
pub fn event_v1(value: &Value) -> Result<Event, Vec<String>> {
    let body = members(value);
    let identity = member(body, "incident_key");
    let mut errors = Vec::new();
    let state = match member(body, "event_type").as_deref() {
        Some("trigger") => State::Firing,
        Some("acknowledge") => State::Acknowledged { by: None },
        Some("resolve") => State::Resolved,
        _ => {
            errors.push("'event_type' must be one of trigger, acknowledge, resolve".to_owned());
            State::Noted
        }
    };
    let description = member(body, "description");
    if state == State::Firing && description.is_none() {
        errors.push("'description' is missing or blank".to_owned());
    }
    if identity.is_none() && state != State::Firing && errors.is_empty() {
        errors.push("'incident_key' is missing or blank".to_owned());
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let contexts = body.get("contexts").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let (images, links): (Vec<_>, Vec<_>) =
        contexts.iter().map(members).partition(|context| member(context, "type").as_deref() == Some("image"));
    let mut all: Vec<_> = links
        .into_iter()
        .filter_map(|context| {
            link(&member(context, "text").unwrap_or_else(|| "Link".to_owned()), member(context, "href"))
        })
        .collect();
    all.extend(link(&member(body, "client").unwrap_or_else(|| "Source".to_owned()), member(body, "client_url")));
    let received = Received {
        identity,
        title: description.unwrap_or_default(),
        text: body.get("details").map(shown).unwrap_or_default(),
        links: all,
        images: images.into_iter().filter_map(|context| member(context, "src")).collect(),
        payload: value.clone(),
        ..Received::of(state)
    };
    Ok(Event { routing_key: member(body, "service_key"), received })
}

fn urgency(severity: &str) -> Option<Urgency> {
    match severity {
        "critical" => Some(Urgency::Critical),
        "error" => Some(Urgency::High),
        "warning" => Some(Urgency::Medium),
        "info" => Some(Urgency::Minor),
        _ => None,
    }
}

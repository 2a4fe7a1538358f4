//! Nagios and Icinga 2, by the original product's scripts: a flat object of texts (intake §3.3).

use crate::alertmanager::instant;
use crate::generic;
use crate::input::{Options, Read};
use crate::json::{link, members};
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::{Map, Value};

pub(crate) fn read(read: &Read, options: &Options) -> Vec<Received> {
    let body = members(&read.value);
    if said(body, "host_name").is_none() {
        return generic::instead(read, options, "the body has no `host_name`");
    }
    vec![one(&read.value, body)]
}

fn one(value: &Value, body: &Map<String, Value>) -> Received {
    let host = said(body, "host_name").unwrap_or_default();
    let is_service =
        said(body, "entity_type").map_or_else(|| said(body, "service_desc").is_some(), |of| of == "service");
    let service = said(body, "service_desc").filter(|_| is_service);
    let of = |name: &str| said(body, &format!("{}_{name}", if is_service { "service" } else { "host" }));
    let word = of("state").unwrap_or_default().to_ascii_uppercase();
    let state = state(said(body, "notification_type").unwrap_or_default().as_str(), &word, body);
    let subject = match &service {
        Some(service) => format!("{service} on {host}"),
        None => host.clone(),
    };
    let long = said(body, if is_service { "long_service_output" } else { "long_host_output" });
    let details = [("Address", "host_address"), ("Time", "long_date_time"), ("Comment", "notification_comment")];
    let details = details.into_iter().filter_map(|(name, key)| said(body, key).map(|value| format!("{name}: {value}")));
    let groups = said(body, "host_group_names").unwrap_or_default();
    let mut tags: Vec<_> =
        groups.split(',').map(|group| group.trim().to_owned()).filter(|group| !group.is_empty()).collect();
    tags.push(format!("host:{host}"));
    tags.extend(service.as_ref().map(|service| format!("service:{service}")));
    Received {
        // No name may hold a semicolon.
        identity: Some(service.map_or_else(|| host.clone(), |service| format!("{host};{service}"))),
        title: if word.is_empty() { subject } else { format!("{subject} is {word}") },
        text: of("output").into_iter().chain(long).chain(details).collect::<Vec<_>>().join("\n"),
        urgency: urgency(&word),
        severity: Some(word.to_ascii_lowercase()).filter(|word| !word.is_empty()),
        tags,
        links: link("Notes", of("notes_url")).into_iter().collect(),
        // The one of Nagios names a zone, which is no zone to anybody else.
        occurred_at: said(body, "long_date_time").as_deref().and_then(instant),
        payload: value.clone(),
        ..Received::of(state)
    }
}

fn state(kind: &str, word: &str, body: &Map<String, Value>) -> State {
    let is_well = matches!(word, "OK" | "UP");
    match kind.to_ascii_uppercase().as_str() {
        "PROBLEM" | "" if is_well => State::Resolved,
        "PROBLEM" | "" => State::Firing,
        "RECOVERY" => State::Resolved,
        "ACKNOWLEDGEMENT" => State::Acknowledged { by: said(body, "notification_author") },
        "CUSTOM" if !is_well => State::Firing,
        kind if kind == "CUSTOM" || kind.starts_with("FLAPPING") || kind.starts_with("DOWNTIME") => State::Noted,
        kind => State::Unknown(format!("the notification type `{kind}`")),
    }
}

fn urgency(word: &str) -> Option<Urgency> {
    match word {
        "CRITICAL" | "DOWN" => Some(Urgency::Critical),
        "UNREACHABLE" | "UNKNOWN" => Some(Urgency::Medium),
        "WARNING" => Some(Urgency::Low),
        _ => None,
    }
}

/// The text of a member; a macro that was not expanded counts as absent.
fn said(body: &Map<String, Value>, name: &str) -> Option<String> {
    let is_macro = |text: &String| text.len() > 2 && text.starts_with('$') && text.ends_with('$');
    crate::json::member(body, name).filter(|text| !is_macro(text))
}

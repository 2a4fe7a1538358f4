//! Zabbix, by the original product's media type (intake §3.3).

use crate::generic;
use crate::input::{Options, Read};
use crate::json::{link, members};
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::{Map, Value};

pub(crate) fn read(read: &Read, options: &Options) -> Vec<Received> {
    let body = members(&read.value);
    if said(body, "eventid").is_none() {
        return generic::instead(read, options, "the body has no `eventid`");
    }
    vec![one(&read.value, body)]
}

fn one(value: &Value, body: &Map<String, Value>) -> Received {
    let flag = |name: &str| said(body, name).is_some_and(|text| text == "1" || text.eq_ignore_ascii_case("yes"));
    // Discovery and automatic registration have no end.
    let is_endless = said(body, "eventsource").is_some_and(|source| source == "1" || source == "2");
    let state = if is_endless {
        State::Ignored("informational")
    } else if flag("eventupdate") && flag("eventack") {
        State::Acknowledged { by: None }
    } else if flag("eventupdate") {
        State::Noted
    } else {
        match said(body, "eventvalue").as_deref() {
            Some("0") => State::Resolved,
            Some("1") => State::Firing,
            other => State::Unknown(format!("the event's value `{}`", other.unwrap_or_default())),
        }
    };
    let severity = said(body, "severity").map(|word| word.to_ascii_lowercase());
    let (host, event) = (said(body, "hostname"), said(body, "eventid"));
    let subject = said(body, "eventname").map(|subject| stripped(&subject));
    let details = [
        ("Host", host.clone()),
        ("Address", said(body, "hostip")),
        ("Trigger", said(body, "triggerdesc")),
        ("Data", said(body, "triggeropdata")),
    ];
    let details = details.into_iter().filter_map(|(name, value)| value.map(|value| format!("{name}: {value}")));
    let mut tags: Vec<_> = said(body, "eventtags")
        .unwrap_or_default()
        .split(',')
        .map(|tag| tag.trim().replacen(": ", ":", 1))
        .filter(|tag| !tag.is_empty())
        .collect();
    tags.extend(host.map(|host| format!("host:{host}")));
    Received {
        title: subject.unwrap_or_default(),
        text: said(body, "alertmessage").into_iter().chain(details).collect::<Vec<_>>().join("\n"),
        urgency: severity.as_deref().map(urgency),
        severity,
        tags,
        links: event_link(body, event.as_deref()).into_iter().collect(),
        identity: event,
        payload: value.clone(),
        ..Received::of(state)
    }
}

fn event_link(body: &Map<String, Value>, event: Option<&str>) -> Option<domain::intake::Link> {
    let (base, trigger) = (said(body, "url")?, said(body, "triggerid")?);
    let url = format!("{}/tr_events.php?triggerid={trigger}&eventid={}", base.trim_end_matches('/'), event?);
    link("Zabbix", Some(url))
}

/// What stands before a problem's name in subjects.
fn stripped(subject: &str) -> String {
    let rest = match subject.split_once(": ") {
        Some((before, rest))
            if before == "Problem" || before.starts_with("Resolved") || before.starts_with("Updated problem") =>
        {
            rest
        }
        _ => subject,
    };
    rest.to_owned()
}

/// By the names that Zabbix ships; others are in between until the integration says more.
fn urgency(severity: &str) -> Urgency {
    match severity {
        "disaster" => Urgency::Critical,
        "high" => Urgency::High,
        "warning" | "not classified" => Urgency::Low,
        "information" => Urgency::Minor,
        _ => Urgency::Medium,
    }
}

/// The text of a member; a macro that was not expanded counts as absent.
fn said(body: &Map<String, Value>, name: &str) -> Option<String> {
    crate::json::member(body, name).filter(|text| !(text.starts_with('{') && text.ends_with('}')))
}

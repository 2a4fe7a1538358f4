//! Zabbix, as TaskCall's media type posts it: parameters that are macros, all text (intake §3.3).

use crate::input::Options;
use crate::links;
use crate::members::{Object, paragraphs, text, words};
use crate::remarks::if_unnamed;
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::Value;

/// One alert; `None` if neither an event's id nor its name is among the members.
pub(crate) fn read(body: &Object, options: &Options) -> Option<Vec<Received>> {
    if !["eventid", "eventname"].iter().any(|name| body.contains_key(*name)) {
        return None;
    }
    let subject = parameter(body, "eventname").unwrap_or_default();
    let message = parameter(body, "alertmessage").unwrap_or_default();
    let mut received = Received::of(State::Firing);
    received.state = state(body, &subject, options, &mut received.repairs);
    received.identity = parameter(body, "eventid");
    if_unnamed(&mut received, "`eventid` is");
    let description = parameter(body, "triggerdesc");
    let name = Some(bare(&subject).to_owned()).filter(|name| !name.is_empty());
    let head = || description.as_deref().unwrap_or(&message).lines().next().map(str::to_owned);
    received.title = name.or_else(head).unwrap_or_default();
    received.severity = parameter(body, "severity").map(|word| word.to_lowercase());
    received.urgency = received.severity.as_deref().map(urgency);
    describe(&mut received, body, message, description);
    received.payload = Value::Object(body.clone());
    Some(vec![received])
}

/// A parameter, unless its macro was not expanded or could not be.
fn parameter(body: &Object, name: &str) -> Option<String> {
    text(body, name).filter(|text| !unexpanded(text) && text != "*UNKNOWN*")
}

/// Whether a text is nothing but a macro such as `{EVENT.ID}` or `{$ZABBIX.URL}`.
fn unexpanded(text: &str) -> bool {
    let inside = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    inside.is_some_and(|inside| {
        let named = inside.starts_with(|first: char| first.is_ascii_uppercase() || "$#?".contains(first));
        named && !inside.contains(['{', '}', '"'])
    })
}

/// What an event says of the problem. What comes without any value is a test of the media type: only there is nothing
/// that the macros could say.
fn state(body: &Object, subject: &str, options: &Options, repairs: &mut Vec<String>) -> State {
    let is = |name: &str, value: &str| parameter(body, name).is_some_and(|text| text.eq_ignore_ascii_case(value));
    if is("eventsource", "1") || is("eventsource", "2") {
        return State::Ignored("informational");
    }
    let value = parameter(body, "eventvalue");
    let untold = value.is_none() && parameter(body, "eventid").is_none();
    let left = ["eventid", "eventvalue"].iter().any(|name| text(body, name).is_some_and(|text| unexpanded(&text)));
    if untold && left && !options.tests_open {
        return State::Ignored("test");
    }
    if is("eventupdate", "1") || (value.is_none() && subject.starts_with("Updated problem")) {
        return if is("eventack", "yes") { State::Acknowledged { by: None } } else { State::Noted };
    }
    match value.as_deref() {
        Some("0") => State::Resolved,
        Some("1") => State::Firing,
        _ => {
            repairs.push("`eventvalue` is neither 0 nor 1: the subject was taken".to_owned());
            if subject.starts_with("Resolved") { State::Resolved } else { State::Firing }
        }
    }
}

/// The name of the event, without what Zabbix puts before it in a subject.
fn bare(subject: &str) -> &str {
    for word in ["Problem", "Resolved", "Updated problem", "Discovery", "Autoregistration"] {
        let Some(rest) = subject.strip_prefix(word) else { continue };
        if let Some(name) = rest.strip_prefix(':') {
            return name.trim();
        }
        let Some((age, name)) = rest.strip_prefix(" in ").and_then(|rest| rest.split_once(':')) else { continue };
        if age.chars().all(|c| c.is_ascii_digit() || "ywdhms ".contains(c)) {
            return name.trim();
        }
    }
    subject
}

/// Names of severities can be changed by whoever runs Zabbix; the others lie in the middle.
fn urgency(severity: &str) -> Urgency {
    match severity {
        "disaster" => Urgency::Critical,
        "high" => Urgency::High,
        "warning" | "not classified" => Urgency::Low,
        "information" => Urgency::Minor,
        _ => Urgency::Medium,
    }
}

fn describe(received: &mut Received, body: &Object, message: String, description: Option<String>) {
    let host = parameter(body, "hostname");
    let ip = parameter(body, "hostip");
    let when = [parameter(body, "eventdate"), parameter(body, "eventtime")];
    let when = when.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let facts = [
        ("Operational data", parameter(body, "triggeropdata")),
        ("Host", host.clone()),
        ("Address", ip.clone()),
        ("Time", Some(when).filter(|when| !when.is_empty())),
    ];
    let untold = facts.into_iter().filter(|(_, value)| value.as_ref().is_some_and(|value| !message.contains(value)));
    let facts = untold.filter_map(|(name, value)| Some(format!("{name}: {}", value?)));
    let facts = facts.collect::<Vec<_>>().join("\n");
    let description = description.filter(|description| !message.contains(description.as_str()));
    received.text = paragraphs([message, description.unwrap_or_default(), facts]);
    let tags = body.get("eventtags").filter(|_| parameter(body, "eventtags").is_some());
    let tags = tags.map(words).unwrap_or_default();
    for (name, value) in tags.iter().filter_map(|tag| tag.split_once(':')) {
        received.labels.insert(name.trim().to_owned(), value.trim().to_owned());
    }
    let trigger = parameter(body, "triggerid");
    for (name, value) in [("host", host.clone()), ("host_address", ip), ("triggerid", trigger)] {
        received.labels.extend(value.map(|value| (name.to_owned(), value)));
    }
    received.tags = tags;
    received.tags.extend(host.map(|host| format!("host:{host}")));
    received.tags.sort_unstable();
    received.tags.dedup();
    links::add(received, "Zabbix", event_page(body));
}

/// The page of the event in Zabbix, or its first page if the ids are not known.
fn event_page(body: &Object) -> Option<String> {
    let url = parameter(body, "url")?;
    let id = |name| parameter(body, name).filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()));
    Some(match (id("triggerid"), id("eventid")) {
        (Some(trigger), Some(event)) => {
            format!("{}/tr_events.php?triggerid={trigger}&eventid={event}", url.trim_end_matches('/'))
        }
        _ => url,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_event_stands_without_what_a_subject_adds() {
        let table = [
            ("Problem: Disk full", "Disk full"),
            ("Resolved in 5m 3s: Disk full", "Disk full"),
            ("Resolved: Disk full", "Disk full"),
            ("Updated problem in 1h 2m: Disk: full", "Disk: full"),
            ("Problem with the disk", "Problem with the disk"),
            ("Resolved in Berlin: x", "Resolved in Berlin: x"),
            ("", ""),
        ];
        for (subject, expect) in table {
            assert_eq!(bare(subject), expect, "{subject}");
        }
    }

    #[test]
    fn a_macro_is_told_from_text_in_braces() {
        for (text, expect) in [
            ("{EVENT.ID}", true),
            ("{$ZABBIX.URL}", true),
            ("{\"a\": 1}", false),
            ("{A} and {B}", false),
            ("{}", false),
            ("{", false),
        ] {
            assert_eq!(unexpanded(text), expect, "{text}");
        }
    }
}

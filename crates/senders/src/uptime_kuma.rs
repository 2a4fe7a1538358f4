//! Uptime Kuma's webhook with its preset of JSON (intake §3.5).

use crate::input::Options;
use crate::json::json;
use crate::links::{add, is_address};
use crate::members::{Object, as_object, entries, object, paragraphs, text};
use crate::remarks::if_unnamed;
use crate::times::time;
use crate::titles::entitle;
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::Value;

/// Minutes for which it counts that something expires.
const DAY_MINUTES: u32 = 24 * 60;

/// One alert; `None` without `heartbeat`, which may be null.
pub(crate) fn read(body: &Object, options: &Options) -> Option<Vec<Received>> {
    if !body.contains_key("heartbeat") {
        return None;
    }
    let unfolded = unfolded(body);
    let body = &unfolded;
    let mut received = match object(body, "heartbeat") {
        Some(heartbeat) => beat(heartbeat, body),
        None => word(body, options),
    };
    if let Some(monitor) = object(body, "monitor") {
        describe(&mut received, monitor);
    }
    received.payload = Value::Object(body.clone());
    Some(vec![received])
}

/// The body with JSON in place of texts that hold it, as they come in a query or form.
fn unfolded(body: &Object) -> Object {
    let mut unfolded = body.clone();
    for name in ["heartbeat", "monitor"] {
        let held = body.get(name).and_then(Value::as_str).and_then(|text| json(text.as_bytes()).ok());
        unfolded.extend(held.map(|(value, _)| (name.to_owned(), value)));
    }
    unfolded
}

/// A monitor that went down or came back.
fn beat(heartbeat: &Object, body: &Object) -> Received {
    let mut received = Received::of(State::Firing);
    let word = match text(heartbeat, "status").as_deref() {
        Some("1") => (State::Resolved, "up"),
        Some("2") => (State::Noted, "pending"),
        Some("3") => (State::Noted, "in maintenance"),
        Some("0") => (State::Firing, "down"),
        _ => {
            received.repairs.push("`status` is none that Uptime Kuma has: taken as down".to_owned());
            (State::Firing, "down")
        }
    };
    received.state = word.0;
    let monitor = object(body, "monitor");
    received.identity = monitor.and_then(|one| text(one, "id")).or_else(|| text(heartbeat, "monitorID"));
    if_unnamed(&mut received, "`monitor.id` is");
    let name = monitor.and_then(|one| text(one, "name"));
    let title = name.map(|name| format!("{name} is {}", word.1));
    let said = text(heartbeat, "msg").or_else(|| text(body, "msg")).unwrap_or_default();
    entitle(&mut received, &title.unwrap_or_default(), said);
    received.urgency = Some(Urgency::Critical);
    received.occurred_at = heartbeat.get("time").and_then(time);
    received.says_no_beginning = true;
    received
}

/// What comes without a heartbeat: the test button, and that a certificate or a domain is about to expire. The days
/// that are left change in the message; what is left without its digits is the same problem.
fn word(body: &Object, options: &Options) -> Received {
    let message = text(body, "msg").unwrap_or_default();
    let is_test = message.trim_end().ends_with("Testing") && !options.tests_open;
    let mut received = Received::of(if is_test { State::Ignored("test") } else { State::Firing });
    let same: String = message.chars().filter(|c| !c.is_ascii_digit()).collect();
    received.identity = Some(format!("message: {same}")).filter(|_| !message.is_empty());
    received.urgency = Some(Urgency::Medium);
    // It is told again each day, and not that it is over.
    received.lasts_minutes = Some(DAY_MINUTES);
    entitle(&mut received, &message, String::new());
    received
}

fn describe(received: &mut Received, monitor: &Object) {
    for entry in monitor.get("tags").map(entries).unwrap_or_default().iter().filter_map(as_object) {
        let Some(name) = text(entry, "name") else { continue };
        received.tags.push(match text(entry, "value") {
            Some(value) => format!("{name}:{value}"),
            None => name,
        });
    }
    for (label, member) in [("monitor", "name"), ("type", "type"), ("host", "hostname")] {
        received.labels.extend(text(monitor, member).map(|value| (label.to_owned(), value)));
    }
    let host = text(monitor, "hostname").map(|host| format!("Host: {host}"));
    received.text = paragraphs([std::mem::take(&mut received.text), host.unwrap_or_default()]);
    // Monitors without an address have a bare scheme here, which leads nowhere.
    add(received, "Monitored", text(monitor, "url").filter(|url| is_address(url)));
}

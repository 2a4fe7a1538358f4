//! What people see in a story: entries of an incident's log, and messages; each as one line.

use domain::Instant;
use domain::incident::Happening;
use domain::notification::Channel;
use engine::Details;
use notify::carrier::{Outcome, Report};
use serde_json::{Map, Value};

use super::names::Names;
use super::wall::Wall;
use crate::Sent;

/// One thing that was seen.
pub(super) enum Seen {
    /// An entry of an incident's log, as the API answers it.
    Event(Box<Event>),
    /// A message that a carrier was given.
    Message(Box<Sent>),
    /// What a real peer of the server heard.
    Outside(Instant, String),
}

/// An entry of the log.
pub(super) struct Event {
    at: Instant,
    /// The incident's number within its organization.
    number: i64,
    is_failure: bool,
    told: Value,
}

impl Seen {
    /// Whether it says that a message was given up, which is seen after the message.
    pub(super) fn is_failure(&self) -> bool {
        matches!(self, Self::Event(event) if event.is_failure)
    }

    /// By what entries of the logs are put in order where chance has put them in another.
    pub(super) fn order(&self) -> (i64, String) {
        match self {
            Self::Event(event) => (event.number, event.told["event_log"].to_string()),
            Self::Message(_) | Self::Outside(..) => (0, String::new()),
        }
    }

    /// As one line.
    pub(super) fn line(&self, wall: &Wall, names: &Names) -> String {
        match self {
            Self::Event(event) => {
                format!("{}  #{}  {}", wall.show(event.at), event.number, names.tidy(&event_text(event, wall)))
            }
            Self::Message(sent) => {
                let (at, user, channel) = (wall.show(sent.at), &sent.user, sent.channel.word());
                format!("{at}  {user} {channel}: {}", names.tidy(&message_text(sent)))
            }
            Self::Outside(at, text) => format!("{}  {}", wall.show(*at), names.tidy(text)),
        }
    }
}

/// The events of an incident, as the API tells them.
pub(super) fn events_of(details: &Details) -> Vec<Seen> {
    let id = details.incident.instance_id;
    let items = serde_json::to_value(web::view::event::events(id, &details.events, &details.snapshot.directory))
        .expect("events are JSON");
    let seen = |(event, told): (&domain::incident::Event, &Value)| {
        let is_failure = matches!(event.what, Happening::DeliveryFailed { .. });
        let number = details.incident.organization_instance_id;
        Seen::Event(Box::new(Event { at: event.at, number, is_failure, told: told.clone() }))
    };
    details.events.iter().zip(items.as_array().expect("a list")).map(seen).collect()
}

/// `ACKNOWLEDGE by Ana (INCIDENTS_API), next 08:20`.
fn event_text(event: &Event, wall: &Wall) -> String {
    let word = |key: &str| event.told[key].as_str().unwrap_or_default();
    let by = event.told["event_by"].as_str().map(|by| format!(" by {by}")).unwrap_or_default();
    let log: Map<String, Value> = serde_json::from_str(word("event_log")).expect("a string that holds JSON");
    let next = log.get("next_alert_timestamp").map(|value| format!("next {}", shown(value, event.at, wall)));
    let level = log.get("assignee_level").map(|level| format!("level {level}: {}", listed(&log["assignees"])));
    let more = log.iter().filter_map(|(key, value)| phrase(key, value, event.at, wall));
    let said: Vec<String> = level.into_iter().chain(more).chain(next).map(|said| format!(", {said}")).collect();
    format!("{}{by} ({}){}", word("event_type"), word("event_method"), said.concat())
}

/// One member of an event's log, in words.
fn phrase(key: &str, value: &Value, now: Instant, wall: &Wall) -> Option<String> {
    Some(match key {
        "next_alert_timestamp" | "assignee_level" | "assignees" => return None,
        "passed_over" => format!("passed over level {}", listed(value)),
        "nobody_reachable" => "nobody can be reached".to_owned(),
        "fallback" => "the fallback policy".to_owned(),
        // The messages say it.
        "urgency_level" if value == 4 => return None,
        "urgency_level" => format!("urgency {value}"),
        "delivery_failed" => {
            let word = |key: &str| value[key].as_str().unwrap_or_default();
            format!("{} {} was given up: {}{}", word("user"), word("channel"), word("answer"), instead(value))
        }
        "resent" => {
            let word = |key: &str| value[key].as_str().unwrap_or_default();
            format!("{} {} is sent again", word("user"), word("channel"))
        }
        "delivery_paused" => {
            let word = |key: &str| value[key].as_str().unwrap_or_default();
            let until = shown(&value["until"], now, wall);
            let answer = word("answer");
            format!("{} {} is left alone until {until}: {answer}{}", word("user"), word("channel"), instead(value))
        }
        "notified" => format!("notified {}", listed(value)),
        _ if value.as_array().is_some_and(Vec::is_empty) => return None,
        other => format!("{} {}", other.replace('_', " "), listed(value)),
    })
}

/// The channel that is asked in the place of another.
fn instead(value: &Value) -> String {
    value["next_channel"].as_str().map(|next| format!("; {next} is asked at once")).unwrap_or_default()
}

/// A timestamp of the wire, as the wall clock shows it.
fn shown(value: &Value, now: Instant, wall: &Wall) -> String {
    let at = value.as_str().and_then(Instant::parse);
    at.map_or_else(|| value.to_string(), |at| wall.show_from(now, at))
}

fn listed(value: &Value) -> String {
    match value {
        Value::Array(items) if items.is_empty() => "nobody".to_owned(),
        Value::Array(items) => items.iter().map(listed).collect::<Vec<_>>().join(" and "),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What its reader sees of a message first, and what the carrier answers where it does not take it.
fn message_text(sent: &Sent) -> String {
    let message = &sent.message;
    let said = match sent.channel {
        Channel::Email | Channel::Webhook | Channel::Chat => &message.subject,
        Channel::Sms | Channel::Push => &message.brief,
        Channel::Voice => &message.spoken,
    };
    let again = if message.attempt > 1 { format!(" (attempt {})", message.attempt) } else { String::new() };
    let answered = match &sent.report {
        None => " -> silence".to_owned(),
        Some(Report { outcome: Outcome::Delivered, .. }) => String::new(),
        Some(Report { outcome: Outcome::TemporaryFailure { .. }, answer, .. }) => {
            format!(" -> failed for now: {answer}")
        }
        Some(Report { outcome: Outcome::PermanentFailure | Outcome::Gone, answer, .. }) => {
            format!(" -> failed for good: {answer}")
        }
    };
    format!("{}{again}{answered}", said.replace('\n', " / "))
}

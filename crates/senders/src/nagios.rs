//! Nagios and Icinga 2, as TaskCall's scripts post them: flat members, each a macro (intake §3.3).

use crate::input::Options;
use crate::links;
use crate::members::{Object, paragraphs, text};
use crate::times::time;
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::Value;

/// Who acknowledged, by whichever of its macros the script sends.
const AUTHORS: [&str; 5] =
    ["notification_author", "notification_author_name", "service_ack_author", "host_ack_author", "ack_author"];
const COMMENTS: [&str; 4] = ["notification_comment", "service_ack_comment", "host_ack_comment", "ack_comment"];

/// A host, or a service on it.
struct Checked {
    host: String,
    service: Option<String>,
    state: Option<String>,
}

/// One alert; `None` without a host.
pub(crate) fn read(body: &Object, _: &Options) -> Option<Vec<Received>> {
    let checked = checked(body)?;
    let mut received = Received::of(State::Firing);
    received.state = state(body, &checked, &mut received.repairs);
    received.identity = Some(match &checked.service {
        Some(service) => format!("{}\0{service}", checked.host),
        None => checked.host.clone(),
    });
    received.title = title(&checked, &received.state);
    received.text = in_words(body, &checked);
    received.severity = checked.state.as_ref().map(|state| state.to_lowercase());
    received.urgency = checked.state.as_deref().and_then(urgency);
    let groups = macro_text(body, "host_group_names").unwrap_or_default();
    let groups = groups.split(',').map(str::trim).filter(|group| !group.is_empty()).map(str::to_owned);
    received.tags = groups.chain([format!("host:{}", checked.host)]).collect();
    received.tags.extend(checked.service.iter().map(|service| format!("service:{service}")));
    let labels = [
        ("host", Some(checked.host.clone())),
        ("service", checked.service.clone()),
        ("host_address", macro_text(body, "host_address")),
        ("host_group_names", macro_text(body, "host_group_names")),
        ("state", checked.state.clone()),
    ];
    received.labels.extend(labels.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    for (name, caption) in [
        ("service_notes_url", "Notes"),
        ("host_notes_url", "Host notes"),
        ("service_action_url", "Action"),
        ("host_action_url", "Host action"),
    ] {
        links::add(&mut received, caption, macro_text(body, name));
    }
    received.occurred_at = body.get("long_date_time").and_then(time);
    received.says_no_beginning = true;
    received.payload = Value::Object(body.clone());
    Some(vec![received])
}

/// A member, unless it is a macro that was not expanded.
fn macro_text(body: &Object, name: &str) -> Option<String> {
    text(body, name).filter(|text| !(text.len() > 1 && text.starts_with('$') && text.ends_with('$')))
}

fn first(body: &Object, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| macro_text(body, name))
}

fn checked(body: &Object) -> Option<Checked> {
    let host = macro_text(body, "host_name")?;
    let of_host = macro_text(body, "entity_type").is_some_and(|kind| kind.eq_ignore_ascii_case("host"));
    let service = macro_text(body, "service_desc").filter(|_| !of_host);
    let state = macro_text(body, if service.is_some() { "service_state" } else { "host_state" });
    Some(Checked { host, service, state: state.map(|state| state.to_uppercase()) })
}

/// What a notification says of the problem. A problem that is fine is a recovery; what the type does not tell, the
/// state of the host or service does.
fn state(body: &Object, checked: &Checked, repairs: &mut Vec<String>) -> State {
    let kind = macro_text(body, "notification_type").unwrap_or_default().to_uppercase();
    let fine = checked.state.as_deref().is_some_and(|state| matches!(state, "OK" | "UP"));
    match kind.as_str() {
        "RECOVERY" => State::Resolved,
        "PROBLEM" if fine => State::Resolved,
        "PROBLEM" => State::Firing,
        "CUSTOM" if fine => State::Noted,
        "CUSTOM" => State::Firing,
        kind if kind.starts_with("ACKNOWLEDGE") => State::Acknowledged { by: first(body, &AUTHORS) },
        kind if kind.starts_with("FLAPPING") || kind.starts_with("DOWNTIME") => State::Noted,
        _ if checked.state.is_none() => State::Unknown("`notification_type` and the state".to_owned()),
        _ => {
            repairs.push("`notification_type` is missing or not known: the state was taken".to_owned());
            if fine { State::Resolved } else { State::Firing }
        }
    }
}

fn urgency(state: &str) -> Option<Urgency> {
    match state {
        "CRITICAL" | "DOWN" => Some(Urgency::Critical),
        "UNREACHABLE" | "UNKNOWN" => Some(Urgency::Medium),
        "WARNING" => Some(Urgency::Low),
        _ => None,
    }
}

fn title(checked: &Checked, state: &State) -> String {
    let what = match &checked.service {
        Some(service) => format!("{service} on {}", checked.host),
        None => checked.host.clone(),
    };
    match (&checked.state, state) {
        (Some(word), _) => format!("{what} is {word}"),
        (None, State::Resolved) => format!("{what} recovered"),
        (None, _) => format!("{what} has a problem"),
    }
}

/// Nagios writes the end of a line in a long output as `\n`; a text that has real ones is left as it is.
fn unescaped(output: String) -> String {
    if output.contains('\n') { output } else { output.replace("\\n", "\n") }
}

/// What the check said, what a person said, and what else helps a responder to find the machine.
fn in_words(body: &Object, checked: &Checked) -> String {
    let kind = if checked.service.is_some() { "service" } else { "host" };
    let output = macro_text(body, &format!("{kind}_output"));
    let long = macro_text(body, &format!("long_{kind}_output")).map(unescaped);
    let output = output.filter(|output| !long.as_ref().is_some_and(|long| long.starts_with(output.as_str())));
    let comment = first(body, &COMMENTS).map(|comment| match first(body, &AUTHORS) {
        Some(author) => format!("{author}: {comment}"),
        None => comment,
    });
    let host_state = macro_text(body, "host_state").filter(|_| checked.service.is_some());
    let facts = [
        ("Notification", macro_text(body, "notification_type")),
        ("Address", macro_text(body, "host_address")),
        ("Host state", host_state),
        ("State type", macro_text(body, &format!("{kind}_state_type"))),
        ("Check", macro_text(body, &format!("{kind}_check_command"))),
        ("Time", macro_text(body, "long_date_time")),
    ];
    let facts = facts.into_iter().filter_map(|(name, value)| Some(format!("{name}: {}", value?)));
    let facts: Vec<String> = facts.collect();
    let parts = [output, long, comment, Some(facts.join("\n"))];
    paragraphs(parts.into_iter().flatten())
}

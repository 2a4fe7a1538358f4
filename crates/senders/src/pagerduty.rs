//! Events as senders post them to PagerDuty's API of events, version 2 and 1 (intake §4.1). The answers are given
//! elsewhere.

use crate::input::Options;
use crate::labelled::hex;
use crate::links::{add, add_image};
use crate::members::{Object, as_object, entries, first, lines, object, paragraphs, spelled, text};
use crate::times::time;
use crate::titles::entitle;
use domain::intake::{Received, State};
use domain::{Urgency, limits};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// What an event asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagerdutyAction {
    /// There is a problem.
    Trigger,
    /// Somebody acts.
    Acknowledge,
    /// The problem is over.
    Resolve,
}

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct PagerdutyEvent {
    /// The key of the integration, as it stands in the body: `routing_key`, in version 1 `service_key`.
    pub routing_key: Option<String>,
    /// What it says. The tag and label `source` are missing where the sender gave none.
    pub received: Received,
    /// The sender's name for the problem, for the answer: `dedup_key`, in version 1 `incident_key`; one of more than
    /// 255 bytes is the SHA-256 of it. `None` only on a trigger: the caller makes one.
    pub dedup_key: Option<String>,
    /// What it asks for.
    pub action: PagerdutyAction,
}

/// Reads the body of `POST /v2/enqueue`.
///
/// # Errors
/// All that is wrong with it, in words for `errors` of the answer.
pub fn event(value: &Value) -> Result<PagerdutyEvent, Vec<String>> {
    let body = as_object(value).ok_or_else(|| vec!["the event is not an object".to_owned()])?;
    let action = text(body, "event_action").as_deref().and_then(action);
    let empty = Object::new();
    let payload = object(body, "payload").unwrap_or(&empty);
    let summary = text(payload, "summary");
    let mut event = begun(body, ["event_action", "dedup_key", "payload.summary"], action, summary)?;
    event.routing_key = text(body, "routing_key");
    let received = &mut event.received;
    received.occurred_at = payload.get("timestamp").and_then(time);
    received.says_no_beginning = true;
    if event.action == PagerdutyAction::Trigger {
        grade(received, text(payload, "severity"));
        for name in ["source", "component", "group", "class"] {
            let Some(value) = text(payload, name) else { continue };
            received.tags.push(format!("{name}:{value}"));
            received.labels.insert(name.to_owned(), value);
        }
        let title = std::mem::take(&mut received.title);
        entitle(received, &title, paragraphs([details(payload.get("custom_details")), client(body)]));
        look(received, body);
    }
    Ok(event)
}

/// Reads the body of `POST /v2/change/enqueue`: the key that it names, and what was changed.
///
/// # Errors
/// All that is wrong with it, in words for `errors` of the answer.
pub fn change_event(value: &Value) -> Result<(Option<String>, Received), Vec<String>> {
    let body = as_object(value).ok_or_else(|| vec!["the event is not an object".to_owned()])?;
    let empty = Object::new();
    let payload = object(body, "payload").unwrap_or(&empty);
    let missing = || vec!["'payload.summary' is missing or blank".to_owned()];
    let summary = text(payload, "summary").ok_or_else(missing)?;
    let mut received = Received { payload: Value::Object(body.clone()), ..Received::of(State::Changed) };
    received.occurred_at = payload.get("timestamp").and_then(time);
    received.says_no_beginning = true;
    received.labels.extend(text(payload, "source").map(|source| ("source".to_owned(), source)));
    entitle(&mut received, &summary, details(payload.get("custom_details")));
    look(&mut received, body);
    Ok((text(body, "routing_key"), received))
}

/// Reads the body of version 1, `POST /generic/2010-04-15/create_event.json`.
///
/// # Errors
/// All that is wrong with it, in words for `errors` of the answer.
pub fn event_v1(value: &Value) -> Result<PagerdutyEvent, Vec<String>> {
    let body = as_object(value).ok_or_else(|| vec!["the event is not an object".to_owned()])?;
    let action = text(body, "event_type").as_deref().and_then(action);
    let mut event = begun(body, ["event_type", "incident_key", "description"], action, text(body, "description"))?;
    event.routing_key = text(body, "service_key");
    let received = &mut event.received;
    if event.action == PagerdutyAction::Trigger {
        let title = std::mem::take(&mut received.title);
        entitle(received, &title, paragraphs([details(body.get("details")), client(body)]));
        look(received, body);
    }
    Ok(event)
}

/// One event of either version; `None` if it is neither.
pub(crate) fn read(body: &Object, _: &Options) -> Option<Vec<Received>> {
    let value = Value::Object(body.clone());
    let event = if body.contains_key("event_action") { event(&value) } else { event_v1(&value) };
    event.ok().map(|event| vec![event.received])
}

fn action(word: &str) -> Option<PagerdutyAction> {
    match word.to_lowercase().as_str() {
        "trigger" => Some(PagerdutyAction::Trigger),
        "acknowledge" => Some(PagerdutyAction::Acknowledge),
        "resolve" => Some(PagerdutyAction::Resolve),
        _ => None,
    }
}

/// The event without its details; `names` are those of its action, its key and its summary.
fn begun(
    body: &Object,
    names: [&str; 3],
    action: Option<PagerdutyAction>,
    summary: Option<String>,
) -> Result<PagerdutyEvent, Vec<String>> {
    let [action_name, key_name, summary_name] = names;
    let dedup_key = text(body, key_name).map(held);
    let mut errors = Vec::new();
    match action {
        None => errors.push(format!("'{action_name}' must be trigger, acknowledge or resolve")),
        Some(PagerdutyAction::Trigger) if summary.is_none() => {
            errors.push(format!("'{summary_name}' is missing or blank"));
        }
        Some(PagerdutyAction::Acknowledge | PagerdutyAction::Resolve) if dedup_key.is_none() => {
            errors.push(format!("'{key_name}' is missing or blank"));
        }
        Some(_) => {}
    }
    let Some(action) = action.filter(|_| errors.is_empty()) else { return Err(errors) };
    let mut received = Received::of(match action {
        PagerdutyAction::Trigger => State::Firing,
        PagerdutyAction::Acknowledge => State::Acknowledged { by: None },
        PagerdutyAction::Resolve => State::Resolved,
    });
    received.identity.clone_from(&dedup_key);
    received.title = summary.filter(|_| action == PagerdutyAction::Trigger).unwrap_or_default();
    received.payload = Value::Object(body.clone());
    Ok(PagerdutyEvent { routing_key: None, received, dedup_key, action })
}

/// A key of any length in at most 255 bytes.
fn held(key: String) -> String {
    if key.len() <= limits::DEDUP_KEY_BYTES { key } else { hex(&Sha256::digest(key)) }
}

/// Templates yield anything: what is no severity leaves the urgency to the integration.
fn grade(received: &mut Received, severity: Option<String>) {
    received.severity = severity.map(|word| word.to_lowercase());
    received.urgency = match received.severity.as_deref() {
        Some("critical") => Some(Urgency::Critical),
        Some("error") => Some(Urgency::High),
        Some("warning") => Some(Urgency::Medium),
        Some("info") => Some(Urgency::Minor),
        _ => None,
    };
    if received.urgency.is_none() {
        received.repairs.push("`severity` is none of critical, error, warning, info".to_owned());
    }
}

/// Details as lines: an object, a list or a text.
fn details(value: Option<&Value>) -> String {
    match value {
        Some(Value::Object(object)) => lines(object).join("\n"),
        Some(Value::Array(items)) => items.iter().map(|item| details(Some(item))).collect::<Vec<_>>().join("\n"),
        other => other.and_then(spelled).unwrap_or_default(),
    }
}

fn client(body: &Object) -> String {
    text(body, "client").map(|client| format!("Client: {client}")).unwrap_or_default()
}

/// Links and pictures, in version 1 together as `contexts`.
fn look(received: &mut Received, body: &Object) {
    let all = ["links", "images", "contexts"].iter().filter_map(|name| body.get(*name)).flat_map(entries);
    for found in all {
        let Some(context) = as_object(found) else {
            add(received, "Link", spelled(found));
            continue;
        };
        let caption = first(context, &["text", "alt"]).map_or_else(|| "Link".to_owned(), |(_, text)| text);
        add(received, &caption, text(context, "href"));
        add_image(received, text(context, "src"));
    }
    add(received, &text(body, "client").unwrap_or_else(|| "Client".to_owned()), text(body, "client_url"));
}

//! Sentry's internal integrations: alerts about events, about metrics, and what becomes of issues (intake §3.5).

use crate::links::add;
use crate::members::{Object, as_object, entries, first, object, paragraphs, spelled, text};
use crate::times::time;
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::Value;

/// What Sentry tells beside, about which nobody can do anything here.
const OTHERS: [&str; 3] = ["installation", "comment", "error"];

/// One alert; `None` if `data` holds nothing that Sentry tells of.
pub(crate) fn read(body: &Object) -> Option<Vec<Received>> {
    let data = object(body, "data")?;
    let action = text(body, "action").unwrap_or_default().to_lowercase();
    let mut received = if let Some(event) = object(data, "event") {
        event_alert(event, data)
    } else if let Some(alert) = object(data, "metric_alert") {
        metric_alert(alert, data, &action)
    } else if let Some(issue) = object(data, "issue") {
        issue_alert(issue, &action)
    } else if OTHERS.iter().any(|name| data.contains_key(*name)) {
        Received::of(State::Ignored("informational"))
    } else {
        return None;
    };
    if received.identity.is_none() && received.state == State::Firing {
        received.repairs.push("the id of the issue is missing: each is a new alert".to_owned());
    }
    received.payload = Value::Object(body.clone());
    Some(vec![received])
}

/// An event that an alert rule looked for. It is over when its issue is.
fn event_alert(event: &Object, data: &Object) -> Received {
    let mut received = Received::of(State::Firing);
    received.identity = text(event, "issue_id");
    describe(&mut received, event);
    let rule = text(data, "triggered_rule").map(|rule| format!("Rule: {rule}"));
    received.text = paragraphs([std::mem::take(&mut received.text), rule.unwrap_or_default()]);
    received.occurred_at = ["datetime", "timestamp"].iter().find_map(|name| event.get(*name).and_then(time));
    received.says_no_beginning = true;
    for tag in event.get("tags").map(entries).unwrap_or_default() {
        let [name, value] = entries(tag) else { continue };
        let (Some(name), Some(value)) = (spelled(name), spelled(value)) else { continue };
        received.tags.push(format!("{name}:{value}"));
        received.labels.insert(name, value);
    }
    received
}

fn metric_alert(alert: &Object, data: &Object, action: &str) -> Received {
    let mut received = Received::of(if action == "resolved" { State::Resolved } else { State::Firing });
    let rule = object(alert, "alert_rule");
    let rule_id = rule.and_then(|rule| text(rule, "id")).unwrap_or_default();
    received.identity = text(alert, "id").map(|id| format!("metric:{rule_id}:{id}"));
    let name = rule.and_then(|rule| text(rule, "name"));
    received.title = text(data, "description_title").or_else(|| name.clone()).unwrap_or_default();
    received.text = text(data, "description_text").unwrap_or_default();
    received.urgency = match action {
        "critical" => Some(Urgency::Critical),
        "warning" => Some(Urgency::Medium),
        _ => None,
    };
    received.severity = received.urgency.map(|_| action.to_owned());
    received.labels.extend(name.map(|name| ("rule".to_owned(), name)));
    add(&mut received, "Sentry", text(data, "web_url"));
    let at = if received.state == State::Resolved { "date_closed" } else { "date_started" };
    received.occurred_at = alert.get(at).and_then(time);
    received
}

/// What becomes of an issue. Which issues wake somebody is said by alert rules, so that a new one is noted only.
fn issue_alert(issue: &Object, action: &str) -> Received {
    let mut received = Received::of(match action {
        "resolved" | "archived" | "ignored" => State::Resolved,
        _ => State::Noted,
    });
    received.identity = text(issue, "id");
    describe(&mut received, issue);
    received
}

/// What events and issues have in common.
fn describe(received: &mut Received, of: &Object) {
    received.title = text(of, "title").unwrap_or_default();
    let place = text(of, "culprit").map(|culprit| format!("In: {culprit}"));
    let said = text(of, "message").filter(|said| *said != received.title);
    received.text = paragraphs([said.unwrap_or_default(), place.unwrap_or_default()]);
    received.severity = text(of, "level").map(|word| word.to_lowercase());
    received.urgency = received.severity.as_deref().and_then(urgency);
    for name in ["environment", "platform", "project"] {
        let value = of.get(name).filter(|value| as_object(value).is_none()).and_then(spelled);
        received.labels.extend(value.map(|value| (name.to_owned(), value)));
    }
    let link = first(of, &["web_url", "permalink", "issue_url"]).map(|(_, url)| url);
    add(received, "Sentry", link);
}

fn urgency(level: &str) -> Option<Urgency> {
    match level {
        "fatal" => Some(Urgency::Critical),
        "error" => Some(Urgency::High),
        "warning" => Some(Urgency::Medium),
        "info" => Some(Urgency::Low),
        "debug" => Some(Urgency::Minor),
        _ => None,
    }
}

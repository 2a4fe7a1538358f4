//! Prometheus Alertmanager's webhook (intake §3.4).

use crate::generic;
use crate::input::{Options, Read};
use crate::json::{link, member, members, usual_urgency};
use domain::Instant;
use domain::intake::{Received, State};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Labels that tell how bad it is.
const SEVERITIES: [&str; 2] = ["severity", "priority"];
/// Rules that fire always, so that somebody notices when nothing arrives any more.
const ALWAYS_FIRING: [&str; 2] = ["Watchdog", "DeadMansSwitch"];

pub(crate) fn read(read: &Read, options: &Options) -> Vec<Received> {
    let body = members(&read.value);
    let Some(Value::Array(alerts)) = body.get("alerts") else {
        return generic::instead(read, options, "the body has no `alerts`");
    };
    if options.per_group {
        return vec![group(body, alerts)];
    }
    let cut = body.get("truncatedAlerts").and_then(Value::as_u64).filter(|cut| *cut > 0);
    let external = member(body, "externalURL");
    alerts
        .iter()
        .map(|value| {
            let mut received = alert(value, external.as_deref());
            received.repairs.extend(cut.map(|cut| format!("the sender left out {cut} alerts of this group")));
            received
        })
        .collect()
}

/// One alert, in the form of the webhook and of what Prometheus posts.
pub(crate) fn alert(value: &Value, external: Option<&str>) -> Received {
    let alert = members(value);
    let (labels, annotations) = (texts(alert, "labels"), texts(alert, "annotations"));
    if labels.is_empty() {
        return Received {
            payload: value.clone(),
            ..Received::of(State::Unknown("an alert has no `labels`".to_owned()))
        };
    }
    let state = state_of(alert, &labels);
    let severity = SEVERITIES.iter().find_map(|name| labels.get(*name)).map(|word| word.to_ascii_lowercase());
    let name = labels.get("alertname").cloned().unwrap_or_default();
    let named = match labels.get("instance") {
        Some(instance) if !name.is_empty() => format!("{name} ({instance})"),
        _ => name,
    };
    let told = |names: &[&str]| names.iter().find_map(|name| annotations.get(*name)).cloned();
    let time = |name: &str| member(alert, name).as_deref().and_then(instant);
    let occurred_at = if state == State::Resolved { time("endsAt") } else { time("startsAt") };
    let mut links: Vec<_> = annotations
        .iter()
        .filter(|(name, _)| *name == "runbook_url" || *name == "runbook" || name.starts_with("dashboard"))
        .filter_map(|(name, url)| {
            link(if name.starts_with("runbook") { "Runbook" } else { "Dashboard" }, Some(url.clone()))
        })
        .collect();
    links.extend(link("Source", member(alert, "generatorURL")));
    links.extend(link("Alertmanager", external.map(str::to_owned)));
    Received {
        identity: member(alert, "fingerprint"),
        title: told(&["summary", "title"]).unwrap_or(named),
        text: text_of(&annotations),
        urgency: severity.as_deref().and_then(usual_urgency),
        severity,
        tags: labels.iter().map(|(name, value)| format!("{name}:{value}")).collect(),
        links,
        occurred_at,
        payload: value.clone(),
        labels,
        ..Received::of(state)
    }
}

fn state_of(alert: &Map<String, Value>, labels: &BTreeMap<String, String>) -> State {
    let always = labels.get("alertname").is_some_and(|name| ALWAYS_FIRING.contains(&name.as_str()));
    if always || labels.get("severity").is_some_and(|word| word == "none") {
        return State::Ignored("informational");
    }
    match member(alert, "status").as_deref() {
        Some("resolved") => State::Resolved,
        Some("firing") | None => State::Firing,
        Some(other) => State::Unknown(format!("the status `{other}`")),
    }
}

/// Description or message, then the other annotations that are no links.
fn text_of(annotations: &BTreeMap<String, String>) -> String {
    let first = ["description", "message"].iter().find_map(|name| annotations.get(*name));
    let is_told = |name: &str| {
        matches!(name, "summary" | "title" | "description" | "message")
            || name.starts_with("runbook")
            || name.starts_with("dashboard")
    };
    let others = annotations.iter().filter(|(name, _)| !is_told(name)).map(|(name, value)| format!("{name}: {value}"));
    first.cloned().into_iter().chain(others).collect::<Vec<_>>().join("\n")
}

/// The whole group as one alert.
fn group(body: &Map<String, Value>, alerts: &[Value]) -> Received {
    let (labels, annotations) = (texts(body, "commonLabels"), texts(body, "commonAnnotations"));
    let state = match member(body, "status").as_deref() {
        Some("resolved") => State::Resolved,
        _ => State::Firing,
    };
    let members_of: Vec<_> = alerts.iter().map(|value| alert(value, None)).collect();
    let severity = SEVERITIES.iter().find_map(|name| labels.get(*name)).map(|word| word.to_ascii_lowercase());
    let worst = members_of.iter().filter_map(|alert| alert.urgency).max();
    let group = texts(body, "groupLabels");
    let shown = |labels: &BTreeMap<String, String>| labels.values().cloned().collect::<Vec<_>>().join(" ");
    let name = labels.get("alertname").cloned().unwrap_or_else(|| shown(&group));
    let lines = members_of.iter().map(|alert| match alert.state {
        State::Resolved => format!("resolved: {}", alert.title),
        _ => alert.title.clone(),
    });
    Received {
        identity: member(body, "groupKey"),
        title: ["summary", "title"].iter().find_map(|name| annotations.get(*name)).cloned().unwrap_or(name),
        text: lines.collect::<Vec<_>>().join("\n"),
        urgency: severity.as_deref().and_then(usual_urgency).or(worst),
        severity,
        tags: labels.iter().map(|(name, value)| format!("{name}:{value}")).collect(),
        links: link("Alertmanager", member(body, "externalURL")).into_iter().collect(),
        payload: Value::Object(body.clone()),
        labels,
        ..Received::of(state)
    }
}

/// An object of texts; what is no text is left out.
pub(crate) fn texts(object: &Map<String, Value>, name: &str) -> BTreeMap<String, String> {
    let members = object.get(name).map(members);
    let text = |(name, value): (&String, &Value)| Some((name.clone(), crate::json::text(value)?));
    members.into_iter().flatten().filter_map(text).collect()
}

/// A time of the sender's; the year 1 stands for none.
pub(crate) fn instant(text: &str) -> Option<Instant> {
    Instant::parse(text).filter(|at| at.0 > 0)
}

//! Grafana's webhook, of today and of before version 8 (intake §3.4).

use crate::alertmanager;
use crate::generic;
use crate::input::{Options, Read};
use crate::json::{first, link, member, members, shown};
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::{Map, Value};

/// Alerts that tell of the asking and not of what was asked about.
const OF_ASKING: [&str; 2] = ["DatasourceError", "DatasourceNoData"];

pub(crate) fn read(read: &Read, options: &Options) -> Vec<Received> {
    let body = members(&read.value);
    if body.contains_key("ruleId") || (body.contains_key("evalMatches") && !body.contains_key("alerts")) {
        return vec![legacy(&read.value, body)];
    }
    let mut received = alertmanager::read(read, options);
    if options.per_group {
        return received;
    }
    let Some(Value::Array(alerts)) = body.get("alerts") else {
        return generic::instead(read, options, "the body has no `alerts`");
    };
    for (received, value) in received.iter_mut().zip(alerts) {
        complete(received, members(value), options);
    }
    received
}

fn complete(received: &mut Received, alert: &Map<String, Value>, options: &Options) {
    let name = received.labels.get("alertname").map(String::as_str).unwrap_or_default();
    let is_test = name == "TestAlert" && received.labels.get("instance").is_some_and(|instance| instance == "Grafana");
    if is_test && !options.tests_open {
        received.state = State::Ignored("test");
    }
    if OF_ASKING.contains(&name) {
        received.urgency = received.urgency.or(Some(Urgency::Medium));
    }
    let own = [("Dashboard", "dashboardURL"), ("Panel", "panelURL"), ("Silence", "silenceURL")];
    received.links.retain(|link| link.text != "Alertmanager");
    received.links.extend(own.into_iter().filter_map(|(text, name)| link(text, member(alert, name))));
    received.images.extend(member(alert, "imageURL"));
    // Its values are often 0 once it is over.
    if received.state == State::Firing {
        let values =
            first(alert, &["valueString"]).or_else(|| alert.get("values").map(shown).filter(|text| !text.is_empty()));
        let lines = [Some(received.text.clone()).filter(|text| !text.is_empty()), values];
        received.text = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
    }
}

fn legacy(value: &Value, body: &Map<String, Value>) -> Received {
    let state = match member(body, "state").as_deref() {
        Some("ok") => State::Resolved,
        Some("alerting" | "no_data" | "pending") => State::Firing,
        Some("paused") => State::Ignored("informational"),
        other => State::Unknown(format!("the state `{}`", other.unwrap_or_default())),
    };
    let matches = body.get("evalMatches").and_then(Value::as_array);
    let line = |value: &Value| {
        let found = members(value);
        format!("{}: {}", member(found, "metric").unwrap_or_default(), member(found, "value").unwrap_or_default())
    };
    let values = matches.into_iter().flatten().map(line);
    Received {
        identity: member(body, "ruleId"),
        title: first(body, &["ruleName", "title"]).unwrap_or_default(),
        text: member(body, "message").into_iter().chain(values).collect::<Vec<_>>().join("\n"),
        links: link("Rule", member(body, "ruleUrl")).into_iter().collect(),
        images: member(body, "imageUrl").into_iter().collect(),
        tags: alertmanager::texts(body, "tags").iter().map(|(name, value)| format!("{name}:{value}")).collect(),
        labels: alertmanager::texts(body, "tags"),
        payload: value.clone(),
        ..Received::of(state)
    }
}

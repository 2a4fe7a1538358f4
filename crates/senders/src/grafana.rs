//! Grafana's webhook: that of unified alerting, which is Alertmanager's with more, and the one before Grafana 8
//! (intake §3.4).

use crate::input::Options;
use crate::labelled;
use crate::links::{add, add_image};
use crate::members::{Object, as_object, entries, lines, object, paragraphs, text, texts};
use crate::{alertmanager, group};
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::Value;

/// Alerts that say that a rule could not be evaluated.
const TROUBLES: [&str; 2] = ["DatasourceError", "DatasourceNoData"];
/// What the test button of Grafana before 8 calls its rule.
const TEST_RULE: &str = "Test notification";

/// One for each alert of the group, or one for the whole group; `None` if it has neither alerts nor a rule.
pub(crate) fn read(body: &Object, options: &Options) -> Option<Vec<Received>> {
    if let Some(alerts) = body.get("alerts").filter(|alerts| !alerts.is_null()) {
        let alerts: Vec<Received> = entries(alerts).iter().map(|entry| alert(entry, body, options)).collect();
        return Some(if options.per_group { vec![group::whole(body, &alerts)] } else { group::noted(alerts, body) });
    }
    let legacy = ["ruleId", "ruleName", "evalMatches"].iter().any(|name| body.contains_key(*name));
    legacy.then(|| vec![before_8(body, options)])
}

fn alert(entry: &Value, body: &Object, options: &Options) -> Received {
    let mut received = alertmanager::alert(entry, body);
    let Some(alert) = as_object(entry) else { return received };
    for link in received.links.iter_mut().filter(|link| link.text == "Alertmanager") {
        link.text = "Grafana".to_owned();
    }
    for (name, caption) in [("silenceURL", "Silence"), ("dashboardURL", "Dashboard"), ("panelURL", "Panel")] {
        add(&mut received, caption, text(alert, name));
    }
    add_image(&mut received, text(alert, "imageURL"));
    if received.state != State::Resolved {
        received.text = paragraphs([std::mem::take(&mut received.text), values(alert)]);
    }
    let name = received.labels.get("alertname");
    if name.is_some_and(|name| TROUBLES.contains(&name.as_str())) {
        (received.severity, received.urgency) = (None, Some(Urgency::Medium));
        if let Some(rule) = received.labels.get("rulename") {
            received.title = format!("{rule}: {}", received.title);
        }
    }
    if labelled::test(&received.labels) && !options.tests_open {
        received.state = State::Ignored("test");
    }
    received
}

/// What the rule measured; on a resolve that is often 0 and says nothing.
fn values(alert: &Object) -> String {
    match object(alert, "values").map(lines).filter(|values| !values.is_empty()) {
        Some(values) => format!("Values: {}", values.join(", ")),
        None => text(alert, "valueString").map(|values| format!("Values: {values}")).unwrap_or_default(),
    }
}

fn before_8(body: &Object, options: &Options) -> Received {
    let state = text(body, "state").unwrap_or_default().to_lowercase();
    let rule = text(body, "ruleName");
    let mut received = Received::of(match state.as_str() {
        "ok" => State::Resolved,
        "pending" | "paused" => State::Noted,
        _ => State::Firing,
    });
    if rule.as_deref() == Some(TEST_RULE) && !options.tests_open {
        received.state = State::Ignored("test");
    }
    if !matches!(state.as_str(), "ok" | "pending" | "paused" | "alerting" | "no_data") {
        received.repairs.push("`state` is none that Grafana has: taken as firing".to_owned());
    }
    received.identity = text(body, "ruleId").or_else(|| rule.clone());
    received.title = rule.clone().or_else(|| text(body, "title")).unwrap_or_default();
    let matches = body.get("evalMatches").map(entries).unwrap_or_default().iter().filter_map(as_object);
    let matches: Vec<String> = matches.map(measured).collect();
    received.text = paragraphs([text(body, "message").unwrap_or_default(), matches.join("\n")]);
    received.labels = object(body, "tags").map(texts).unwrap_or_default();
    received.tags = labelled::tags(&received.labels);
    (received.severity, received.urgency) = labelled::severity_of(&received.labels);
    if state == "no_data" {
        received.urgency = Some(Urgency::Medium);
    }
    if let Some(rule) = rule {
        received.labels.entry("rulename".to_owned()).or_insert(rule);
    }
    add(&mut received, "Rule", text(body, "ruleUrl"));
    add_image(&mut received, text(body, "imageUrl"));
    received.payload = Value::Object(body.clone());
    received
}

fn measured(found: &Object) -> String {
    let metric = text(found, "metric").unwrap_or_else(|| "value".to_owned());
    let tags = object(found, "tags").map(texts).map(|tags| labelled::tags(&tags).join(" ")).unwrap_or_default();
    format!("{metric}: {} {tags}", text(found, "value").unwrap_or_else(|| "none".to_owned())).trim_end().to_owned()
}

//! Incidents that ended by themselves and are opened again, because their alerts came back. Tests begin on Wednesday,
//! 2021-05-05, at 17:20:14 UTC.

use checks::Api;
use serde_json::{Value, json};

const MINUTE: i64 = 60_000_000;

const SHOP: &str = r#"
[[service]]
name = "shop"
escalation_policy = "primary"
reopen_minutes = 30
hold_seconds = 0

[[integration]]
name = "tools"
kind = "generic"
service = "shop"

[[integration]]
name = "grouped"
kind = "generic"
service = "shop"
group_by = { fields = ["label:team"] }
"#;

fn on_both(more: &str, body: impl Fn(&Api)) {
    Api::reached_on_both(|api| {
        api.extend(&format!("{SHOP}{more}"));
        body(api);
    });
}

/// Says something of a problem a second later; its fate, why, and the incident.
fn say(api: &Api, integration: &str, id: &str, more: &Value) -> (Value, Value, Value) {
    api.clock.advance(1_000_000);
    let mut body = json!({"id": id, "title": format!("{id} is down"), "labels": {"team": "db"}});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let alert = api.deliver(integration, &body).ok()["alerts"][0].clone();
    (alert["fate"].clone(), alert["because"].clone(), alert["instance_id"].clone())
}

fn fires(api: &Api, integration: &str, id: &str) -> (Value, Value) {
    let (fate, _, incident) = say(api, integration, id, &json!({}));
    (fate, incident)
}

fn ends(api: &Api, integration: &str, id: &str) {
    assert_eq!(say(api, integration, id, &json!({"status": "ok"})).0, "resolved");
}

fn pass(api: &Api, minutes: i64) {
    api.clock.advance(minutes * MINUTE);
    api.beat();
}

#[test]
fn an_alert_that_comes_back_in_time_opens_its_incident_again_and_says_so() {
    on_both("", |api| {
        let (_, incident) = fires(api, "tools", "a");
        let number = incident.as_i64().expect("a number");
        api.ok("add-subscribers", &json!({"instance_id": number, "subscribers": ["eva"]}));
        api.ok("escalate", &json!({"instance_id": number}));
        ends(api, "tools", "a");
        assert_eq!(api.details(number)["status"], "RESOLVED");
        pass(api, 29);
        api.sent.lock().expect("no panic").clear();
        assert_eq!(fires(api, "tools", "a"), (json!("reopened"), incident.clone()));
        api.beat();
        let details = api.details(number);
        assert_eq!((&details["status"], &details["assignee_level"]), (&json!("OPEN"), &json!(1)), "{details}");
        assert_eq!(details["resolved_on"], Value::Null);
        let events = details["events"].as_array().expect("events");
        let triggers: Vec<_> = events.iter().filter(|event| event["event_type"] == "TRIGGER").collect();
        let log: Value = serde_json::from_str(triggers[1]["event_log"].as_str().expect("a text")).expect("JSON");
        assert_eq!((triggers.len(), &log["reopened"]), (2, &json!(true)), "{log}");
        assert_eq!(
            (&triggers[1]["event_by"], &triggers[1]["event_method"]),
            (&json!("tools"), &json!("INTEGRATIONS_API"))
        );
        assert_eq!(log["next_alert_timestamp"], details["next_alert_timestamp"]);
        let sent = api.sent.lock().expect("no panic").clone();
        let told = |kind: &str| sent.iter().filter(|message| message.payload["type"] == kind).count();
        assert!(told("incident.page") >= 1, "somebody is paged anew");
        assert_eq!(told("incident.status_update"), 1, "who was told that it is over is told that it is not");
        let alerts = api.ok("alerts", &json!({"instance_id": number}));
        assert_eq!((alerts.as_array().map(Vec::len), &alerts[0]["resolved_on"]), (Some(1), &Value::Null), "{alerts}");
        // Lists, the key and what comes next know it as an open one.
        assert_eq!(api.ok("list", &json!({"status": "OPEN"})).as_array().map(Vec::len), Some(1));
        assert_eq!(api.ok("list", &json!({"status": "RESOLVED"})), json!([]));
        let (fate, _, joined) = say(api, "tools", "a", &json!({"description": "it goes on"}));
        assert_eq!((fate, joined), (json!("joined"), incident.clone()));
        api.ok("acknowledge", &json!({"instance_id": number}));
        ends(api, "tools", "a");
        pass(api, 31);
        assert_eq!(fires(api, "tools", "a").0, "opened", "too late");
    });
}

#[test]
fn what_a_person_resolved_stays_so() {
    on_both("", |api| {
        let (_, incident) = fires(api, "tools", "a");
        api.ok("resolve", &json!({"instance_id": incident}));
        assert_eq!(say(api, "tools", "a", &json!({"status": "ok"})).1, "resolved_before");
        let (fate, again) = fires(api, "tools", "a");
        assert_eq!(fate, "opened");
        assert_ne!(again, incident);
    });
}

#[test]
fn what_comes_back_joins_the_open_incident_of_its_group_and_opens_its_own_where_there_is_none() {
    on_both("", |api| {
        let (_, first) = fires(api, "grouped", "a");
        assert_eq!(fires(api, "grouped", "b"), (json!("grouped"), first.clone()));
        ends(api, "grouped", "a");
        ends(api, "grouped", "b");
        assert_eq!(fires(api, "grouped", "a"), (json!("reopened"), first.clone()));
        assert_eq!(fires(api, "grouped", "b"), (json!("joined"), first.clone()));
        assert_eq!(fires(api, "grouped", "c"), (json!("grouped"), first.clone()));
        for id in ["a", "b", "c"] {
            ends(api, "grouped", id);
        }
        assert_eq!(api.details(first.as_i64().expect("a number"))["status"], "RESOLVED");
    });
}

#[test]
fn a_rule_and_maintenance_count_before_and_what_waited_opens_it_at_the_end() {
    let more = r#"
[[maintenance_window]]
name = "move"
services = ["shop"]
starts = "2021-05-05T17:25"
duration_minutes = 10
timezone = "UTC"

[[routing_rule]]
name = "noise"
conditions = [{ field = "title", contains = "noise" }]
actions = { suppress = true }
"#;
    on_both(more, |api| {
        let (_, quiet) = fires(api, "tools", "b");
        ends(api, "tools", "b");
        assert_eq!(say(api, "tools", "b", &json!({"title": "noise"})).0, "suppressed");
        assert_eq!(api.details(quiet.as_i64().expect("a number"))["status"], "RESOLVED");
        let (_, incident) = fires(api, "tools", "a");
        ends(api, "tools", "a");
        pass(api, 5);
        assert_eq!(say(api, "tools", "a", &json!({})).0, "maintenance");
        assert_eq!(api.details(incident.as_i64().expect("a number"))["status"], "RESOLVED");
        pass(api, 11);
        assert_eq!(api.details(incident.as_i64().expect("a number"))["status"], "OPEN");
        let fates = api.get("/v1/alerts?fate=reopened");
        assert_eq!(fates.as_array().map(Vec::len), Some(1), "{fates}");
    });
}

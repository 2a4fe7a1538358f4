//! One alert of an incident that somebody ends by hand, while its sender has not called it over. Tests begin on Wednesday,
//! 2021-05-05, at 17:20:14 UTC.

use super::console::{hidden, says, welcomed};
use checks::{Answer, Api, Call};
use domain::permission::Scope;
use serde_json::{Value, json};

const MINUTE: i64 = 60_000_000;

const SHOP: &str = r#"
[[service]]
name = "shop"
escalation_policy = "primary"
hold_seconds = 0

[[service]]
name = "patient"
escalation_policy = "primary"
hold_seconds = 60
hold_max_urgency = 5

[[integration]]
name = "grouped"
kind = "generic"
service = "shop"
group_by = { fields = ["label:team"] }

[[integration]]
name = "looked-at"
kind = "generic"
service = "shop"
on_resolve = "note"

[[integration]]
name = "slow"
kind = "generic"
service = "patient"
"#;

fn on_both(body: impl Fn(&Api)) {
    Api::reached_on_both(|api| {
        api.extend(SHOP);
        body(api);
    });
}

/// What became of what one sender said a second later of a problem.
fn say(api: &Api, integration: &str, id: &str, more: &Value) -> Value {
    api.clock.advance(1_000_000);
    let mut body = json!({"id": id, "title": format!("{id} is down"), "labels": {"team": "db"}});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    api.deliver(integration, &body).ok()["alerts"][0].clone()
}

fn fires(api: &Api, integration: &str, id: &str) -> Value {
    say(api, integration, id, &json!({}))
}

fn ask(api: &Api, key: &str, alert: &Value, body: &Value) -> Answer {
    let path = format!("/v1/alerts/{}/resolve", alert.as_str().expect("an id"));
    api.send(Call::post(&path).key(key).json(body))
}

fn end(api: &Api, alert: &Value, body: &Value) {
    assert_eq!(ask(api, &api.key, alert, body).ok(), "Success");
}

fn status(api: &Api, incident: &Value) -> Value {
    api.details(incident.as_i64().expect("a number"))["status"].clone()
}

/// Type and actor of the last events of an incident, the newest first.
fn log(api: &Api, incident: &Value) -> Vec<(String, Value)> {
    let details = api.details(incident.as_i64().expect("a number"));
    let events = details["events"].as_array().expect("events").clone();
    events
        .iter()
        .rev()
        .map(|event| (event["event_type"].as_str().expect("a type").to_owned(), event["event_by"].clone()))
        .collect()
}

#[test]
fn an_incident_is_resolved_when_the_last_of_its_alerts_was_ended_by_hand() {
    on_both(|api| {
        let (first, second) = (fires(api, "grouped", "db-1"), fires(api, "grouped", "db-2"));
        let incident = first["instance_id"].clone();
        assert_eq!((&second["fate"], &second["instance_id"]), (&json!("grouped"), &incident));
        end(api, &first["alert_id"], &json!({"by": "ana"}));
        assert_eq!(status(api, &incident), "OPEN", "another alert goes on");
        let told = log(api, &incident);
        assert_eq!(told[0], ("NOTATE".to_owned(), json!("Ana Alves")), "{told:?}");
        let alerts = api.ok("alerts", &json!({"instance_id": incident}));
        let over: Vec<_> =
            alerts.as_array().expect("alerts").iter().map(|alert| !alert["resolved_on"].is_null()).collect();
        assert_eq!(over, [false, true], "newest first: {alerts}");
        end(api, &first["alert_id"], &json!({"by": "ana"}));
        assert_eq!(log(api, &incident), told, "what is over stays as it is");

        end(api, &second["alert_id"], &json!({"by": "ben"}));
        assert_eq!(status(api, &incident), "RESOLVED");
        let told = log(api, &incident);
        assert_eq!((told[0].0.as_str(), told[1].0.as_str(), &told[0].1), ("RESOLVE", "NOTATE", &told[1].1), "{told:?}");
    });
}

#[test]
fn a_sender_that_goes_on_after_an_end_by_hand_opens_anew_only_what_begins_anew_or_goes_on_for_long() {
    on_both(|api| {
        let first = fires(api, "grouped", "db-1");
        let incident = first["instance_id"].clone();
        end(api, &first["alert_id"], &json!({}));
        api.clock.advance(2 * MINUTE);
        let goes_on = fires(api, "grouped", "db-1");
        assert_eq!((&goes_on["fate"], &goes_on["because"]), (&json!("noted"), &json!("ended_here")), "{goes_on}");
        assert_eq!(status(api, &incident), "RESOLVED");
        assert_eq!(say(api, "grouped", "db-1", &json!({"status": "ok"}))["fate"], "resolved", "its sender says so too");
        let anew = fires(api, "grouped", "db-1");
        assert_eq!((&anew["fate"], anew["instance_id"] != incident), (&json!("opened"), true), "{anew}");

        end(api, &anew["alert_id"], &json!({}));
        api.clock.advance(61 * MINUTE);
        let long = fires(api, "grouped", "db-1");
        assert_eq!((&long["fate"], long["instance_id"] != anew["instance_id"]), (&json!("opened"), true), "{long}");
        end(api, &first["alert_id"], &json!({}));
        assert_eq!(status(api, &long["instance_id"]), "OPEN", "an alert of before is not the one of now");
    });
}

#[test]
fn an_alert_that_joins_again_keeps_its_incident_open_again() {
    on_both(|api| {
        let (first, second) = (fires(api, "grouped", "db-1"), fires(api, "grouped", "db-2"));
        let incident = first["instance_id"].clone();
        end(api, &first["alert_id"], &json!({}));
        api.clock.advance(61 * MINUTE);
        let again = fires(api, "grouped", "db-1");
        assert_eq!((&again["fate"], &again["instance_id"]), (&json!("joined"), &incident), "{again}");
        let over = say(api, "grouped", "db-2", &json!({"status": "ok"}));
        assert_eq!(over["because"], "1 remain", "{over}");
        end(api, &again["alert_id"], &json!({}));
        assert_eq!(status(api, &incident), "RESOLVED");
        end(api, &second["alert_id"], &json!({}));
    });
}

#[test]
fn what_waits_and_is_ended_by_hand_opens_nothing() {
    on_both(|api| {
        let held = fires(api, "slow", "disk");
        assert_eq!(held["fate"], "held");
        end(api, &held["alert_id"], &json!({}));
        api.clock.advance(2 * MINUTE);
        api.beat();
        let fate = api.get(&format!("/v1/alerts/{}", held["alert_id"].as_str().expect("an id")));
        assert_eq!((&fate["fate"], &fate["because"]), (&json!("transient"), &json!("ended_here")), "{fate}");
        assert_eq!(fires(api, "slow", "disk")["because"], "ended_here");
        assert_eq!(say(api, "slow", "disk", &json!({"status": "ok"}))["fate"], "transient");
        assert_eq!(fires(api, "slow", "disk")["fate"], "held");
    });
}

#[test]
fn an_incident_that_must_be_looked_at_stays_open_when_its_alert_is_ended_by_hand() {
    on_both(|api| {
        let alert = fires(api, "looked-at", "disk");
        end(api, &alert["alert_id"], &json!({}));
        assert_eq!(status(api, &alert["instance_id"]), "OPEN");
    });
}

#[test]
fn an_alert_that_was_created_is_ended_in_the_incident_that_is_named() {
    on_both(|api| {
        let (one, other) = (api.incident("the one"), api.incident("the other"));
        let alert = |id: i64| api.details(id)["task"]["task_ref_id"].clone();
        let (first, second) = (alert(one), alert(other));
        api.ok("merge", &json!({"instance_id": other, "related_instance_id": one}));
        ask(api, &api.key, &first, &json!({})).refused(404, "unknown_alert");
        ask(api, &api.key, &first, &json!({"instance_id": other})).refused(404, "unknown_alert");
        end(api, &first, &json!({"instance_id": one}));
        assert_eq!(status(api, &json!(one)), "OPEN");
        end(api, &second, &json!({"instance_id": one}));
        assert_eq!(status(api, &json!(one)), "RESOLVED");
    });
}

#[test]
fn the_same_request_under_an_idempotency_key_is_answered_again_and_done_once() {
    let api = Api::reachable(checks::Database::Sqlite);
    api.extend(SHOP);
    let alert = fires(&api, "grouped", "db-1");
    let path = format!("/v1/alerts/{}/resolve", alert["alert_id"].as_str().expect("an id"));
    let again = || api.send(Call::post(&path).key(&api.key).header("idempotency-key", "once").json(&json!({}))).ok();
    assert_eq!(again(), "Success");
    api.clock.advance(61 * MINUTE);
    let opened = fires(&api, "grouped", "db-1");
    assert_eq!(again(), "Success");
    assert_eq!(status(&api, &opened["instance_id"]), "OPEN");
}

#[test]
fn who_does_not_see_an_alert_is_told_that_there_is_none() {
    on_both(|api| {
        api.extend(
            "\n[[team]]\nname = \"vault\"\nprivate = true\nmembers = [\"ben\"]\n\n[[integration]]\nname = \"safes\"\n\
             kind = \"generic\"\nservice = \"strongroom\"\nteam = \"vault\"\n\n[[service]]\nname = \"strongroom\"\n\
             escalation_policy = \"primary\"\nteam = \"vault\"\n",
        );
        let alert = fires(api, "safes", "door");
        let (stranger, member) = (api.token_of("cho", Scope::Admin), api.token_of("ben", Scope::Admin));
        let unseen = ask(api, &stranger, &alert["alert_id"], &json!({}));
        let unknown = ask(api, &stranger, &json!("nobody-has-this-name00"), &json!({}));
        let code = |answer: &Answer| (answer.status, answer.json()["code"].clone());
        assert_eq!(code(&unseen), code(&unknown));
        unseen.refused(404, "unknown_alert");
        assert_eq!(status(api, &alert["instance_id"]), "OPEN");
        assert_eq!(ask(api, &member, &alert["alert_id"], &json!({})).ok(), "Success");
        assert_eq!(status(api, &alert["instance_id"]), "RESOLVED");
    });
}

#[test]
fn an_alert_is_ended_by_a_button_of_its_incidents_page() {
    let api = Api::reachable(checks::Database::Sqlite);
    api.extend(SHOP);
    let (first, second) = (fires(&api, "grouped", "db-1"), fires(&api, "grouped", "db-2"));
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let path = format!("/app/incidents/1/alerts/{}", first["alert_id"].as_str().expect("an id"));
    let page = ana.get("/app/incidents/1");
    says(&page, 200, &format!("action=\"{path}\""));
    let key = hidden(&page, "idempotency_key");
    let answered = ana.post(&path, &[("idempotency_key", &key)]);
    says(&answered, 200, "The alert is over.");
    assert!(!answered.text().contains(&format!("action=\"{path}\"")), "{}", answered.text());
    says(&answered, 200, &format!("/alerts/{}", second["alert_id"].as_str().expect("an id")));
    assert_eq!(log(&api, &first["instance_id"])[0], ("NOTATE".to_owned(), json!("Ana Alves")));
}

#[test]
fn the_page_of_an_incident_says_that_its_senders_still_call_it_firing() {
    let api = Api::reachable(checks::Database::Sqlite);
    api.extend(SHOP);
    let first = fires(&api, "grouped", "db-1");
    fires(&api, "grouped", "db-2");
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let told = || {
        let page = ana.get("/app/incidents/1");
        ["Senders still say that 2 of its 2 alerts", "The sender of one of its 2 alerts still says"]
            .map(|words| page.text().contains(words))
    };
    assert_eq!(told(), [true, false]);
    say(&api, "grouped", "db-1", &json!({"status": "ok"}));
    assert_eq!(told(), [false, true]);
    api.ok("resolve", &json!({"instance_id": first["instance_id"]}));
    assert_eq!(told(), [false, true], "whoever resolved it is told so, too");
    say(&api, "grouped", "db-2", &json!({"status": "ok"}));
    assert_eq!(told(), [false, false]);
}

#[test]
fn a_sender_whose_time_is_that_of_its_word_says_nothing_new_when_it_goes_on_after_a_person_resolved_it() {
    let api = Api::new();
    let kind = |kind: &str| format!("[[integration]]\nname = \"{kind}\"\nkind = \"{kind}\"\nservice = \"shop\"\n");
    api.extend(&[SHOP, &kind("icinga2"), &kind("alertmanager")].concat());
    let icinga = |at: &str| {
        json!({"entity_type": "host", "notification_type": "PROBLEM", "host_name": "db-1", "host_state": "DOWN",
            "long_date_time": format!("2021-05-05 {at} +0000")})
    };
    let alertmanager = |at: &str| {
        json!({"version": "4", "status": "firing", "alerts": [{"status": "firing", "labels": {"alertname": "Down"},
            "startsAt": format!("2021-05-05T{at}Z"), "fingerprint": "1"}]})
    };
    let fate = |integration: &str, body: &Value| api.deliver(integration, body).ok()["alerts"][0]["fate"].clone();
    for (integration, first, later, told) in [
        ("icinga2", icinga("17:20:14"), icinga("17:25:14"), "noted"),
        ("alertmanager", alertmanager("17:20:14"), alertmanager("17:25:14"), "opened"),
    ] {
        let opened = api.deliver(integration, &first).ok()["alerts"][0].clone();
        assert_eq!(opened["fate"], "opened");
        api.clock.advance(5 * MINUTE);
        api.ok("resolve", &json!({"instance_id": opened["instance_id"]}));
        assert_eq!(fate(integration, &later), told, "{integration}");
    }
}

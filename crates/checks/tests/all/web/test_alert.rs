//! Tests that are sent to integrations: marked, by the way of all alerts, and apart from what senders speak of.

use checks::{Answer, Api, Call, Database};
use domain::directory::SenderKind;
use serde_json::{Value, json};

const MAPPED: &str = r#"
[[integration]]
name = "batch"
kind = "generic"
escalation_policies = ["primary"]

[integration.mapping]
identity = "/job"
title = "Job {{ job }} failed"
resolved_when = [{ field = "/exit_code", equals = 0 }]
"#;

fn test(api: &Api, integration: &str, body: &Value) -> Answer {
    api.send(Call::post(&format!("/v1/integrations/{integration}/test")).key(&api.key).json(body))
}

fn fates(told: &Value) -> Vec<&str> {
    told.as_array().expect("a list").iter().map(|alert| alert["fate"].as_str().expect("a fate")).collect()
}

#[test]
fn a_test_is_marked_opens_an_incident_and_asks_people_and_another_one_joins_it() {
    Api::reached_on_both(|api| {
        let told = test(api, "scripts", &json!({})).ok();
        assert_eq!(fates(&told), ["opened"], "{told}");
        assert_eq!(told[0]["repairs"][0], "test: sent by a key", "{told}");
        let id = told[0]["instance_id"].as_i64().expect("a number");
        let details = api.details(id);
        assert!(details["task"]["task_title"].as_str().is_some_and(|title| title.starts_with("Test: ")), "{details}");
        assert!(details["task"]["labels"].to_string().contains("\"test\""), "{details}");
        assert!(!details["assignees"].as_array().expect("people").is_empty(), "{details}");
        let second = test(api, "scripts", &json!({})).ok();
        assert_eq!(fates(&second), ["joined"], "{second}");
        assert_eq!(api.get("/v1/integrations/scripts/payloads").as_array().map(Vec::len), Some(2));
    });
}

#[test]
fn a_test_neither_joins_nor_ends_what_its_sender_speaks_of() {
    Api::reached_on_both(|api| {
        api.extend(MAPPED);
        let real = api.deliver("batch", &json!({"job": "backup", "exit_code": 3})).ok();
        assert_eq!(real["alerts"][0]["fate"], "opened", "{real}");
        let over = test(api, "batch", &json!({"payload": {"job": "backup", "exit_code": 0}})).ok();
        assert_ne!(fates(&over), ["resolved"], "{over}");
        let fires = test(api, "batch", &json!({"payload": {"job": "backup", "exit_code": 3}})).ok();
        assert_eq!((fates(&fires), &fires[0]["title"]), (vec!["opened"], &json!("Test: Job backup failed")));
        let over = test(api, "batch", &json!({"payload": {"job": "backup", "exit_code": 0}})).ok();
        assert_eq!(fates(&over), ["resolved"], "{over}");
        assert_eq!(api.details(real["alerts"][0]["instance_id"].as_i64().expect("a number"))["status"], "OPEN");
    });
}

#[test]
fn every_kind_has_an_example_that_fires_when_it_is_sent_as_a_test() {
    let api = Api::reachable(Database::Sqlite);
    let mut lines = String::new();
    for word in SenderKind::WORDS {
        lines += &format!("\n[[integration]]\nname = \"of {word}\"\nkind = \"{word}\"\nservice = \"checkout\"\n");
    }
    api.extend(&lines);
    for word in SenderKind::WORDS {
        let told = test(&api, &format!("of%20{word}"), &json!({})).ok();
        let first = fates(&told)[0];
        assert!(matches!(first, "opened" | "joined" | "grouped"), "{word}: {told}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_by_its_field_and_nothing_is_kept() {
    let api = Api::reachable(Database::Sqlite);
    api.extend(MAPPED);
    let many: Vec<_> = (0..11).map(|number| json!({"title": number.to_string()})).collect();
    for (integration, body, words) in [
        ("scripts", json!({"payload": "{\"title\":"}), "payload: "),
        ("scripts", json!({"payload": many}), "payload: must hold at most 10 alerts"),
        ("scripts", json!({"pay": 1}), "pay: "),
    ] {
        let refused = test(&api, integration, &body).refused(400, "invalid_fields");
        assert!(refused["errors"][0].as_str().is_some_and(|error| error.starts_with(words)), "{body}: {refused}");
    }
    test(&api, "none", &json!({})).refused(404, "unknown_component");
    assert_eq!(api.get("/v1/integrations/scripts/payloads"), json!([]));
    assert_eq!(api.ok("list", &json!({})), json!([]));
}

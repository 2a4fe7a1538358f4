//! The log of an incident: one of each operation is played, and each event says what the contract promises.

use super::events;
use checks::{Api, Database, START, number};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Keys that the log of an event of this type must have (contract §3, and what else tells what happened).
fn required(event_type: &str) -> &'static [&'static str] {
    match event_type {
        "TRIGGER" => &["next_alert_timestamp", "assignee_level", "assignees", "urgency_level"],
        "DISPATCH" | "UN-ACKNOWLEDGE" | "ESCALATE" => &["next_alert_timestamp", "assignee_level", "assignees"],
        "ACKNOWLEDGE" => &["next_alert_timestamp"],
        "REASSIGN" => &["next_alert_timestamp", "assignee_level", "assignees", "reassign_to"],
        "ADD RESPONDERS" => &["new_responders", "notified"],
        "SNOOZE" => &["snooze_for", "next_alert_timestamp"],
        "URGENCY AMENDMENT" => &["urgency_level", "notified"],
        "NOTATE" => &["notes"],
        "UN-MERGE" => &["task_ref_id", "new_instance_id"],
        "ADD SUBSCRIBERS" | "REMOVE SUBSCRIBERS" => &["subscribers"],
        "STATUS UPDATE" => &["status_update"],
        "ADD IMPACTED BUSINESS SERVICE" | "REMOVE IMPACTED BUSINESS SERVICE" => &["business_service_ref_id"],
        "ADD CONFERENCE BRIDGE" => &["conference_bridge"],
        "RUN RESPONSE SET" => &["response_set_ref_id", "name"],
        "RUN WORKFLOW" => &["workflow_ref_id", "name"],
        "EDIT TITLE" => &["title"],
        "UPDATE TAGS" => &["tags"],
        "RESOLVE" => &[],
        other => panic!("no such type of event: {other}"),
    }
}

/// One of each operation upon one incident, and its number.
fn play(api: &Api) -> i64 {
    let create = json!({"title": "x", "service_ref_id": api.ref_id("services", "checkout"), "notes": "look"});
    let id = number(&api.ok("create", &create));
    let absorbed = api.incident("absorbed");
    let alert = api.details(absorbed)["task"]["task_ref_id"].clone();
    let business = api.ref_id("business-services", "trading");
    let set = api.ref_id("response-sets", "major incident");
    let workflow = api.ref_id("workflows", "open a war room");
    api.ok("merge", &json!({"instance_id": absorbed, "related_instance_id": id}));
    let acts: [(&str, Value); 18] = [
        ("acknowledge", json!({})),
        ("unacknowledge", json!({})),
        ("snooze", json!({"snooze_for": 30})),
        ("escalate", json!({})),
        ("reassign", json!({"reassign_to": ["ben"]})),
        ("add-responders", json!({"assignees": ["cho"]})),
        ("amend-urgency", json!({"amend-urgency": 5})),
        ("notate", json!({"notes": "seen"})),
        ("unmerge", json!({"task_ref_id": alert})),
        ("add-subscribers", json!({"subscribers": ["eva", "adsmi"]})),
        ("remove-subscribers", json!({"subscribers": "adsmi"})),
        ("update-status", json!({"status_update": "Soon"})),
        ("add-impact", json!({"business_service_ref_id": business})),
        ("remove-impact", json!({"business_service_ref_id": business})),
        ("edit-title", json!({"task_title": "y"})),
        ("update-tags", json!({"tags": ["ops"]})),
        ("run-response-set", json!({"response_set_ref_id": set})),
        ("run-workflow", json!({"workflow_ref_id": workflow})),
    ];
    for (operation, more) in acts {
        let mut body = more;
        body["instance_id"] = json!(id);
        body["by"] = json!("dee");
        api.pass_minutes(1);
        api.ok(operation, &body);
    }
    api.clock.advance(3_600_000_000);
    api.beat();
    api.ok("resolve", &json!({"instance_id": id}));
    id
}

#[test]
fn every_type_of_event_carries_what_the_contract_says() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let id = play(&api);
        let mut seen = BTreeSet::new();
        for (event_type, log) in events(&api, id) {
            let wanted: &[&str] = match event_type.as_str() {
                "MERGE" => &["absorbed", "subscribers", "business_service_ref_ids"],
                other => required(other),
            };
            for key in wanted {
                assert!(!log[key].is_null(), "{event_type}: no {key} in {log}");
            }
            if let Some(at) = log["next_alert_timestamp"].as_str() {
                assert_eq!(at.len(), "2021-05-05T17:20:14.343825".len());
            }
            seen.insert(event_type);
        }
        let all = domain::incident::EventType::ALL.iter().map(|event_type| event_type.word().to_owned());
        let unseen: Vec<_> = all.filter(|word| !seen.contains(word)).collect();
        // Nothing in this version brings about a CANCEL.
        assert_eq!(unseen, ["CANCEL"]);
    }
}

#[test]
fn the_log_says_exactly_what_was_asked() {
    let api = Api::new();
    let id = play(&api);
    let log = events(&api, id);
    let of = |event_type: &str| {
        let found = log.iter().find(|(found, _)| found == event_type);
        found.unwrap_or_else(|| panic!("no {event_type}")).1.clone()
    };
    let at = |minutes: u32| json!(START.plus_minutes(minutes).wire());
    assert_eq!(of("TRIGGER")["next_alert_timestamp"], at(5));
    assert_eq!(of("ACKNOWLEDGE")["next_alert_timestamp"], at(1 + 10));
    assert_eq!(of("UN-ACKNOWLEDGE")["next_alert_timestamp"], at(2 + 5));
    assert_eq!(of("SNOOZE"), json!({"snooze_for": 30, "next_alert_timestamp": at(3 + 30)}));
    assert_eq!((&of("ESCALATE")["assignee_level"], &of("ESCALATE")["assignees"]), (&json!(2), &json!(["ben"])));
    assert_eq!(of("REASSIGN")["reassign_to"].as_array().map(Vec::len), Some(1));
    assert_eq!(of("ADD RESPONDERS")["notified"], json!(["cho"]));
    assert_eq!(of("URGENCY AMENDMENT")["urgency_level"], 5);
    assert_eq!(of("ADD SUBSCRIBERS"), json!({"subscribers": ["eva", "adsmi"]}));
    assert_eq!(of("REMOVE SUBSCRIBERS"), json!({"subscribers": ["adsmi"]}));
    assert_eq!(of("STATUS UPDATE"), json!({"status_update": "Soon"}));
    assert_eq!((of("EDIT TITLE"), of("UPDATE TAGS")), (json!({"title": "y"}), json!({"tags": ["ops"]})));
    assert_eq!((of("NOTATE"), of("RESOLVE")), (json!({"notes": "look"}), json!({})));
}

#[test]
fn events_are_told_oldest_first_with_day_way_and_actor() {
    let api = Api::new();
    let id = play(&api);
    let details = api.details(id);
    let events = details["events"].as_array().expect("a list");
    let times: Vec<&str> = events.iter().filter_map(|event| event["event_timestamp"].as_str()).collect();
    assert!(times.is_sorted() && times.len() == events.len());
    for event in events {
        assert_eq!(event["event_date"].as_str(), event["event_timestamp"].as_str().map(|at| &at[..10]));
        let by = match event["event_type"].as_str() {
            Some("TRIGGER" | "MERGE" | "RESOLVE") => json!("batch"),
            Some("DISPATCH") => Value::Null,
            _ if event["event_method"] == "SYSTEM" => Value::Null,
            _ if event["event_log"] == r#"{"notes":"look"}"# => json!("batch"),
            _ => json!("Dee Diallo"),
        };
        assert_eq!(event["event_by"], by, "{event}");
        assert_eq!(event["event_method"], if by.is_null() { "SYSTEM" } else { "INCIDENTS_API" }, "{event}");
    }
    let note = |notes: &str| details["notes"].as_array().into_iter().flatten().any(|note| note["notes"] == notes);
    assert!(note("look") && note("seen"));
    let update = json!({"status_update": "Soon", "timestamp": START.plus_minutes(12).wire(), "by": "Dee Diallo"});
    assert_eq!(details["status_update"][0], update);
}

#[test]
fn the_absorbed_and_the_new_incident_say_where_they_come_from_and_go_to() {
    let api = Api::new();
    let id = play(&api);
    let log = events(&api, id);
    let left = log.iter().find(|(event_type, _)| event_type == "UN-MERGE").expect("an un-merge");
    let new = left.1["new_instance_id"].as_i64().expect("a number");
    assert_eq!(api.details(new)["task"]["task_ref_id"], left.1["task_ref_id"]);
    assert_eq!(events(&api, id + 1).last(), Some(&("MERGE".to_owned(), json!({"merged_into": id}))));
}

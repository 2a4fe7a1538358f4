//! Reading incidents: the keys of `details` and `alerts` in each state, and the filters of `POST /incidents/list`.

use super::{column, keys};
use checks::{Api, Database, START, number};
use serde_json::{Value, json};

const DETAILS: [&str; 21] = [
    "impacted_business_services",
    "conference_bridges",
    "instance_timestamp",
    "last_alert_timestamp",
    "subscribers",
    "resolved_on",
    "status_update",
    "organization_instance_id",
    "status",
    "events",
    "notes",
    "task",
    "assignee_level",
    "assignees",
    "state_timestamp",
    "instance_id",
    "next_alert_timestamp",
    "dedup_key",
    "suppressed_count",
    "last_suppressed_timestamp",
    "merged_into",
];

const TASK: [&str; 17] = [
    "integration_key",
    "services",
    "assignees",
    "task_ref_id",
    "related_task_id",
    "task_timezone",
    "labels",
    "text_msg",
    "with_completion_notice",
    "integration_name",
    "task_title",
    "urgency_level",
    "created_by",
    "task_id",
    "repeat",
    "task_time",
    "start_date",
];

const EVENT: [&str; 7] =
    ["event_type", "event_timestamp", "event_method", "event_by", "event_date", "event_log", "instance_id"];

fn has_the_keys(details: &Value) {
    assert_eq!(keys(details), DETAILS);
    assert_eq!(keys(&details["task"]), TASK);
    for event in details["events"].as_array().expect("a list") {
        assert_eq!(keys(event), EVENT);
        assert_eq!(event["instance_id"], details["instance_id"]);
    }
    let task = &details["task"];
    assert_eq!([&task["task_id"], &task["related_task_id"]], [&task["task_ref_id"]; 2]);
    assert_eq!(task["task_ref_id"].as_str().map(str::len), Some(22));
    assert_eq!(task["assignees"], details["assignees"]);
}

#[test]
fn details_have_exactly_the_documented_keys_in_order_in_every_state() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let id = api.incident("Down");
        let asked = json!({"instance_id": id});
        let open = api.details(id);
        has_the_keys(&open);
        let nothing_yet =
            ["impacted_business_services", "conference_bridges", "subscribers", "resolved_on", "status_update"];
        for key in nothing_yet.into_iter().chain(["dedup_key", "last_suppressed_timestamp", "merged_into"]) {
            assert_eq!(open[key], Value::Null, "{key}");
        }
        assert_eq!((&open["status"], &open["notes"]), (&json!("OPEN"), &json!([])));
        assert_eq!(open["assignees"], json!([["Ana Alves", "ana", null]]));
        let [began, due] = [START, START.plus_minutes(5)].map(|at| json!(at.wire()));
        assert_eq!([&open["instance_timestamp"], &open["last_alert_timestamp"], &open["state_timestamp"]], [&began; 3]);
        assert_eq!((&open["next_alert_timestamp"], &open["assignee_level"]), (&due, &json!(1)));
        assert_eq!(
            (&open["task"]["task_time"], &open["task"]["start_date"]),
            (&json!("17:20:00"), &json!("2021-05-05"))
        );

        api.pass_minutes(1);
        let answer = api.ok("acknowledge", &asked);
        let acknowledged = api.details(id);
        has_the_keys(&acknowledged);
        assert_eq!(acknowledged["status"], "ACKNOWLEDGED");
        assert_eq!(acknowledged["next_alert_timestamp"], answer["next_alert_timestamp"]);
        assert_eq!(acknowledged["state_timestamp"], START.plus_minutes(1).wire());

        api.ok("resolve", &asked);
        let resolved = api.details(id);
        has_the_keys(&resolved);
        assert_eq!((&resolved["status"], &resolved["assignees"]), (&json!("RESOLVED"), &json!([])));
        assert_eq!(resolved["resolved_on"], START.plus_minutes(1).wire());
        // Kept, as in the original's sample.
        assert_eq!(resolved["next_alert_timestamp"], acknowledged["next_alert_timestamp"]);
    }
}

#[test]
fn an_absorbed_incident_still_tells_what_it_was_about() {
    let api = Api::new();
    let survivor = api.incident("survivor");
    let body = json!({"title": "absorbed", "users": ["ben"], "description": "The text of the alert"});
    let absorbed = number(&api.ok("create", &body));
    let last = api.incident("last");
    for (from, into) in [(absorbed, survivor), (survivor, last)] {
        api.ok("merge", &json!({"instance_id": from, "related_instance_id": into}));
    }
    let details = api.details(absorbed);
    has_the_keys(&details);
    assert_eq!((&details["status"], &details["merged_into"]), (&json!("RESOLVED"), &json!(survivor)));
    assert_eq!((&details["resolved_on"], &details["assignees"]), (&json!(START.wire()), &json!([])));
    assert_eq!(details["task"]["text_msg"], "The text of the alert");
    assert_eq!(api.ok("alerts", &json!({"instance_id": absorbed})), json!([]));
}

#[test]
fn alerts_have_exactly_the_documented_keys_and_the_newest_comes_first() {
    let api = Api::new();
    let first = api.incident("first");
    api.pass_minutes(1);
    let second = json!({"title": "second", "users": ["ben"], "urgency_level": 2, "description": "text"});
    let second = number(&api.ok("create", &second));
    api.pass_minutes(1);
    api.ok("merge", &json!({"instance_id": second, "related_instance_id": first}));
    let alerts = api.ok("alerts", &json!({"instance_id": first}));
    let expect = [
        "text_msg",
        "organization_instance_id",
        "timestamp",
        "integration_name",
        "urgency_level",
        "instance_id",
        "task_title",
        "task_ref_id",
        "status",
        "services",
        "resolved_on",
        "identity",
        "labels",
        "links",
        "images",
    ];
    for alert in alerts.as_array().expect("a list") {
        assert_eq!(keys(alert), expect);
        assert_eq!((&alert["instance_id"], &alert["organization_instance_id"]), (&json!(first), &json!(1)));
        assert_eq!(alert["resolved_on"], Value::Null);
    }
    assert_eq!(column(&alerts, "task_title"), ["second", "first"]);
    assert_eq!(column(&alerts, "status"), ["GROUPED", "TRIGGERED"]);
    assert_eq!(column(&alerts, "urgency_level"), [2, 4]);
    assert_eq!(column(&alerts, "text_msg"), ["text", ""]);
    assert_eq!(column(&alerts, "timestamp"), [START.plus_minutes(1).wire(), START.wire()]);
    assert_eq!(alerts[1]["services"], json!(["checkout", api.ref_id("services", "checkout")]));
    api.ok("resolve", &json!({"instance_id": first}));
    let ended = column(&api.ok("alerts", &json!({"instance_id": first})), "resolved_on");
    assert_eq!(ended, [START.plus_minutes(2).wire(), START.plus_minutes(2).wire()]);
}

#[test]
fn an_item_of_a_list_is_the_details_without_events_notes_and_text() {
    let api = Api::new();
    let id = number(&api.ok("create", &json!({"title": "x", "users": ["ana"], "notes": "n", "description": "text"})));
    api.ok("update-status", &json!({"instance_id": id, "status_update": "Soon"}));
    api.ok("add-subscribers", &json!({"instance_id": id, "subscribers": ["eva"]}));
    let mut expect = api.details(id);
    for (object, key) in [("", "events"), ("", "notes"), ("/task", "text_msg")] {
        expect.pointer_mut(object).and_then(Value::as_object_mut).expect("an object").shift_remove(key);
    }
    assert_eq!(api.ok("list", &json!({})).to_string(), json!([expect]).to_string());
}

/// Five incidents, a minute apart: 0 open on checkout, 1 acknowledged, 2 resolved, 3 of urgency 5, 4 with two tags.
fn five(api: &Api) -> Vec<i64> {
    let bodies = [
        json!({"service_ref_id": api.ref_id("services", "checkout")}),
        json!({"users": ["ben"]}),
        json!({"users": ["ben"], "tags": ["a"]}),
        json!({"users": ["eva"], "urgency_level": 2}),
        json!({"users": ["eva"], "tags": ["a", "b"]}),
    ];
    let create = |body: &Value| {
        let mut body = body.clone();
        body["title"] = json!("x");
        let id = number(&api.ok("create", &body));
        api.pass_minutes(1);
        id
    };
    let ids: Vec<i64> = bodies.iter().map(create).collect();
    api.ok("acknowledge", &json!({"instance_id": ids[1]}));
    api.ok("resolve", &json!({"instance_id": ids[2]}));
    ids
}

fn filters_find_what_they_say(database: Database) {
    let api = Api::on(database);
    let ids = five(&api);
    let at = |minutes: u32| START.plus_minutes(minutes).wire();
    let table = [
        (json!({}), vec![4, 3, 2, 1, 0]),
        (json!({"status": "OPEN"}), vec![4, 3, 0]),
        (json!({"status": ["ACKNOWLEDGED", "RESOLVED"]}), vec![2, 1]),
        (json!({"status": []}), vec![4, 3, 2, 1, 0]),
        (json!({"service_ref_id": api.ref_id("services", "checkout")}), vec![0]),
        (json!({"service_ref_id": "nobody's"}), vec![]),
        (json!({"urgency_level": 2}), vec![3]),
        (json!({"assignee": "eva"}), vec![4, 3]),
        // A resolved incident is with nobody.
        (json!({"assignee": "ben"}), vec![1]),
        (json!({"assignee": "nobody"}), vec![]),
        (json!({"tags": "a"}), vec![4, 2]),
        (json!({"tags": ["b", "a"]}), vec![4]),
        (json!({"tags": ["a", "c"]}), vec![]),
        (json!({"start_timestamp": at(3)}), vec![4, 3]),
        (json!({"end_timestamp": at(1)}), vec![1, 0]),
        (json!({"start_timestamp": at(1), "end_timestamp": at(3)}), vec![3, 2, 1]),
        (json!({"start_timestamp": at(3), "end_timestamp": at(1)}), vec![3, 2, 1]),
        (json!({"limit": 2}), vec![4, 3]),
        (json!({"before_instance_id": ids[2]}), vec![1, 0]),
        (json!({"before_instance_id": ids[4].to_string(), "limit": 1}), vec![3]),
        (json!({"tags": "a", "status": "OPEN", "assignee": "eva", "urgency_level": 4}), vec![4]),
    ];
    for (filter, expect) in table {
        let expect: Vec<i64> = expect.into_iter().map(|place: usize| ids[place]).collect();
        assert_eq!(column(&api.ok("list", &filter), "instance_id"), expect, "{filter}");
    }
    for bad in [json!({"status": "open"}), json!({"limit": 0}), json!({"limit": 5001}), json!({"start_timestamp": "5"})]
    {
        api.ask("list", &bad).refused(400, "invalid_fields");
    }
}

#[test]
fn each_filter_of_the_list_finds_what_it_says() {
    filters_find_what_they_say(Database::Sqlite);
}

#[test]
fn each_filter_of_the_list_finds_the_same_on_postgresql() {
    filters_find_what_they_say(Database::Postgresql);
}

#[test]
fn a_timestamp_is_taken_in_every_form() {
    let api = Api::new();
    api.incident("x");
    let at_the_instant = [
        "2021-05-05T17:20:14.343825",
        "2021-05-05 17:20:14.343825",
        "2021-05-05T17:20:14.343825Z",
        "2021-05-05T19:20:14.343825+02:00",
        "2021-05-05 11:50:14.343825-05:30",
        "2021-05-05T17:20:14.343825000",
    ];
    for text in at_the_instant {
        let both = json!({"start_timestamp": text, "end_timestamp": text});
        assert_eq!(api.ok("list", &both).as_array().map(Vec::len), Some(1), "{text}");
    }
    for (text, found) in [("2021-05-05T17:20:14", 1), ("2021-05-05T17:20:15", 0), ("2021-05-05", 1), ("2021-05-06", 0)]
    {
        let listed = api.ok("list", &json!({"start_timestamp": text}));
        assert_eq!(listed.as_array().map(Vec::len), Some(found), "{text}");
    }
    for text in ["yesterday", "2021-02-29", "2021-05-05T24:00:00", "2021-05-05T17:20", "1620235214"] {
        api.ask("list", &json!({"start_timestamp": text})).refused(400, "invalid_fields");
    }
}

#[test]
fn an_incident_is_found_by_a_number_or_by_its_digits_and_by_nothing_else() {
    let api = Api::new();
    let id = api.incident("x");
    for good in [json!(id), json!(id.to_string()), json!(id as f64)] {
        api.ok("details", &json!({"instance_id": good}));
    }
    for unknown in [json!(id + 1), json!(i64::MAX), json!("999999999999999999")] {
        api.ask("details", &json!({"instance_id": unknown})).refused(404, "unknown_incident");
    }
    for bad in [json!(0), json!(-1), json!(1.5), json!("x"), json!(" 1"), json!(true), json!([id]), json!(1e300)] {
        api.ask("details", &json!({"instance_id": bad})).refused(400, "invalid_fields");
    }
}

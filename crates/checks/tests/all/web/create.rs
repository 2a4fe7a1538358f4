//! Creating incidents: who may be named, what is assumed, what deduplication and routing answer.

use super::{column, events, everything, keys};
use checks::{Api, Call, Database, START, number};
use domain::permission::Scope;
use serde_json::{Value, json};

fn assignees(api: &Api, id: i64) -> Vec<Value> {
    let details = api.details(id);
    details["assignees"].as_array().expect("a list").iter().map(|person| person[1].clone()).collect()
}

#[test]
fn a_service_policies_and_users_may_be_combined_in_every_way() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let service = json!(api.ref_id("services", "checkout"));
        let policy = json!(api.ref_id("escalation-policies", "management"));
        let own_policy = column(&api.get("/list/users"), "policy_ref_id")[7].clone();
        let table = [
            (json!({"service_ref_id": service}), vec!["ana"]),
            (json!({"policy_ref_id": policy}), vec!["eva"]),
            (json!({"policy_ref_id": [policy, policy]}), vec!["eva"]),
            (json!({"policy_ref_id": [own_policy]}), vec!["mofab"]),
            (json!({"users": "ben"}), vec!["ben"]),
            (json!({"users": ["ben", "cho"]}), vec!["ben", "cho"]),
            (json!({"service_ref_id": service, "users": ["ana", "cho"]}), vec!["ana", "cho"]),
            (json!({"service_ref_id": service, "policy_ref_id": [policy]}), vec!["ana", "eva"]),
            (json!({"policy_ref_id": [policy], "users": ["dee"]}), vec!["eva", "dee"]),
            (
                json!({"service_ref_id": service, "policy_ref_id": [policy], "users": ["dee"]}),
                vec!["ana", "eva", "dee"],
            ),
            // A script with unset variables still gets its alert through.
            (json!({"service_ref_id": "", "policy_ref_id": [], "users": ["ben"], "tags": null}), vec!["ben"]),
        ];
        for (number_of, (named, expect)) in (1..).zip(table) {
            let mut body = named;
            body["title"] = json!("Down");
            let answer = api.ok("create", &body);
            assert_eq!(keys(&answer), ["instance_id", "timestamp"]);
            assert_eq!(answer["timestamp"], START.wire());
            let id = number(&answer);
            assert_eq!(assignees(&api, id), expect, "{body}");
            let details = api.details(id);
            assert_eq!(details["organization_instance_id"], number_of);
            let has_service = body["service_ref_id"].as_str().is_some_and(|id| !id.is_empty());
            let services = if has_service { json!(["checkout", service]) } else { Value::Null };
            assert_eq!(details["task"]["services"], services);
        }
    }
}

#[test]
fn what_is_not_said_is_assumed_and_what_is_said_is_kept() {
    let api = Api::new();
    let plain = api.details(number(&api.ok("create", &json!({"title": "Down", "users": ["ana"]}))));
    assert_eq!((&plain["task"]["urgency_level"], &plain["task"]["text_msg"]), (&json!(4), &json!("")));
    assert_eq!(
        (&plain["task"]["labels"], &plain["notes"], &plain["dedup_key"]),
        (&json!(null), &json!([]), &json!(null))
    );
    let hard = "Störung ≥ 5 € 'quoted' \"double\" \\ \u{1}\u{2028} 👩‍🚒\r\n\t{skip_locked} $1 ?1 </script>";
    let body = json!({
        "title": hard, "description": hard, "notes": hard, "tags": [hard, "ops", "ops"], "dedup_key": hard,
        "urgency_level": 3.0, "users": ["ana"], "by": "ben", "unheard_of": {"in": [2031]},
    });
    let details = api.details(number(&api.ok("create", &body)));
    let task = &details["task"];
    assert_eq!(
        [&task["task_title"], &task["text_msg"], &details["dedup_key"], &details["notes"][0]["notes"]],
        [hard; 4]
    );
    assert_eq!((&task["labels"], &task["urgency_level"]), (&json!([hard, "ops"]), &json!(3)));
    assert_eq!((&task["created_by"], &details["notes"][0]["by"]), (&json!("Ben Bauer"), &json!("Ben Bauer")));
    assert_eq!(column(&details["events"], "event_type"), ["TRIGGER", "NOTATE"]);
}

#[test]
fn texts_at_their_limits_are_kept_whole() {
    let api = Api::new();
    let body = json!({
        "title": "é".repeat(512), "description": "x".repeat(128 * 1024), "notes": "n".repeat(32 * 1024),
        "tags": (0..50).map(|number| format!("{number:0>128}")).collect::<Vec<_>>(), "dedup_key": "d".repeat(255),
        "users": ["ana"],
    });
    let details = api.details(number(&api.ok("create", &body)));
    assert_eq!((&details["task"]["task_title"], &details["task"]["text_msg"]), (&body["title"], &body["description"]));
    assert_eq!((&details["notes"][0]["notes"], &details["task"]["labels"]), (&body["notes"], &body["tags"]));
    let over = json!({"title": "x", "description": "x".repeat(128 * 1024 + 1), "users": ["ana"]});
    assert!(api.ask("create", &over).first_error(400, "invalid_fields").contains("131072 bytes"));
}

#[test]
fn while_its_incident_is_unresolved_a_dedup_key_leads_to_it_and_nobody_is_notified() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let body = json!({"title": "first", "users": ["ana"], "dedup_key": "k"});
        let first = api.ok("create", &body);
        api.beat();
        api.pass_minutes(2);
        let again = json!({"title": "second", "users": ["ben"], "dedup_key": "k", "urgency_level": 5, "notes": "n"});
        let expect =
            json!({"instance_id": first["instance_id"], "timestamp": first["timestamp"], "deduplicated": true});
        assert_eq!(api.ok("create", &again).to_string(), expect.to_string());
        api.ok("acknowledge", &json!({"instance_id": number(&first)}));
        assert_eq!(api.ok("create", &again), expect);
        api.beat();
        let details = api.details(number(&first));
        assert_eq!((&details["task"]["task_title"], &details["notes"]), (&json!("first"), &json!([])));
        assert_eq!(details["suppressed_count"], 2);
        assert_eq!(details["last_suppressed_timestamp"], START.plus_minutes(2).wire());
        assert_eq!(api.sent.lock().expect("no panic").len(), 1);
        // Validation comes first.
        let unknown = json!({"title": "x", "users": ["nobody"], "dedup_key": "k"});
        api.ask("create", &unknown).refused(404, "unknown_component");
        api.ok("resolve", &json!({"instance_id": number(&first)}));
        assert_eq!(keys(&api.ok("create", &body)), ["instance_id", "timestamp"]);
        assert_eq!(api.ok("list", &json!({})).as_array().map(Vec::len), Some(2));
    }
}

#[test]
fn a_rule_that_suppresses_makes_no_incident_and_says_its_name() {
    let api = Api::new();
    let answer = api.ok("create", &json!({"title": "a [test] of the pager", "users": ["ana"], "notes": "n"}));
    let expect =
        json!({"instance_id": null, "timestamp": START.wire(), "suppressed": true, "rule": "tests wake nobody"});
    assert_eq!(answer.to_string(), expect.to_string());
    assert_eq!(api.ok("list", &json!({})), json!([]));
    let next = number(&api.ok("create", &json!({"title": "x", "users": ["ana"], "urgency_level": 5})));
    let details = api.details(next);
    assert_eq!(details["organization_instance_id"], 1);
    // The first rule that fits is applied, and the beginning says which.
    assert_eq!(events(&api, next)[0].1["rule"], "critical calls everyone it takes");
    assert_eq!(details["task"]["labels"], json!(["critical"]));
}

#[test]
fn a_create_that_names_what_does_not_exist_says_what_and_changes_nothing() {
    let api = Api::new();
    let service = api.ref_id("services", "checkout");
    let policy = api.ref_id("escalation-policies", "primary");
    let table = [
        (json!({"service_ref_id": "x"}), "service_ref_id: there is no service `x`"),
        // A name is no id, and an id of one kind none of another.
        (json!({"service_ref_id": "checkout"}), "service_ref_id: there is no service `checkout`"),
        (json!({"service_ref_id": policy}), ""),
        (json!({"policy_ref_id": [policy, "x"]}), "policy_ref_id: there is no escalation policy `x`"),
        (json!({"service_ref_id": service, "users": ["ana", "x"]}), "users: there is no user `x`"),
        (json!({"users": ["Ana Alves"]}), "users: there is no user `Ana Alves`"),
        (json!({"users": ["ana"], "by": "x"}), "by: there is no user `x`"),
        (json!({"users": ["ana"], "by": "x", "dedup_key": "k"}), "by: there is no user `x`"),
    ];
    let first = api.incident("before");
    let before = everything(&api);
    for (body, expect) in table {
        let mut body = body;
        body["title"] = json!("x");
        let error = api.ask("create", &body).first_error(404, "unknown_component");
        assert!(error.starts_with(expect), "{error}");
    }
    assert_eq!(everything(&api), before);
    assert_eq!(api.details(api.incident("after"))["organization_instance_id"], 2);
    assert_eq!(api.details(first)["suppressed_count"], 0);
}

#[test]
fn who_acts_is_shown_by_the_users_name_else_by_the_keys() {
    let api = Api::new();
    let id = api.incident("x");
    let key = api.new_key("demo", "night watch", Scope::Incidents);
    api.send(Call::post("/notate").key(&key).json(&json!({"instance_id": id, "notes": "a"}))).ok();
    api.send(Call::post("/notate").key(&key).json(&json!({"instance_id": id, "notes": "b", "by": "cho"}))).ok();
    let by_nobody = json!({"instance_id": id, "notes": "c", "by": "nobody"});
    let error = api.ask("notate", &by_nobody).first_error(404, "unknown_component");
    assert_eq!(error, "by: there is no user `nobody`");
    let details = api.details(id);
    assert_eq!(column(&details["events"], "event_by"), ["batch", "night watch", "Cho Min-seo"]);
    assert_eq!(column(&details["events"], "event_method"), ["INCIDENTS_API"; 3]);
}

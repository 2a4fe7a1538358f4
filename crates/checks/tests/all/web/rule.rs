//! Routing rules tried on an alert by the API: what the page of rules goes by.

use super::column;
use checks::{Answer, Api, Call, Database};
use serde_json::{Value, json};

fn attempt(api: &Api, body: &Value) -> Answer {
    api.send(Call::post("/v1/routing-rules/try").key(&api.key).json(body))
}

fn furnished(database: Database) -> Api {
    let api = Api::on(database);
    api.extend(
        r#"
[[routing_rule]]
name = "storage is quiet"
conditions = [{ field = "/labels/team", equals = "storage" }, { field = "tags", contains = "env" }]
minimum = 1
actions = { set_urgency = 2, add_tags = ["quiet"] }
"#,
    );
    api
}

#[test]
fn each_rule_is_judged_condition_by_condition_and_what_comes_of_it_is_what_a_create_does() {
    for api in [Database::Sqlite, Database::Postgresql].map(furnished) {
        let service = api.ref_id("services", "checkout");
        let alert =
            json!({"title": "Disk full", "service_ref_id": "checkout", "payload": {"labels": {"team": "storage"}}});
        let told = attempt(&api, &alert).ok();
        assert_eq!(
            (&told["rule"], &told["suppressed"], &told["is_whole"]),
            (&json!("storage is quiet"), &json!(false), &json!(true))
        );
        let rules = told["rules"].as_array().expect("a list");
        assert_eq!(column(&told["rules"], "position"), [1, 2, 3, 4].map(Value::from));
        let judged = &rules[3]["conditions"];
        assert_eq!(column(judged, "seen"), [json!("storage"), Value::Null]);
        assert_eq!(column(judged, "holds"), [json!(true), json!(false)]);
        assert_eq!(judged[0]["condition"], json!({"field": "/labels/team", "equals": "storage"}));
        assert_eq!(
            (&rules[3]["minimum"], &rules[3]["fits"], &rules[3]["is_tried"]),
            (&json!(1), &json!(true), &json!(true))
        );
        assert_eq!((&told["incident"]["urgency_level"], &told["incident"]["tags"]), (&json!(2), &json!(["quiet"])));
        assert!(!told["pages"].as_array().expect("a list").is_empty(), "{told}");
        assert_eq!(api.ok("list", &json!({})), json!([]), "a try leaves no trace");

        let create = json!({"title": "Disk full", "service_ref_id": service, "labels": {"team": "storage"}});
        let made = api.ok("create", &create)["instance_id"].as_i64().expect("a number");
        let details = api.details(made);
        let names = |list: &Value| list.as_array().expect("a list").len();
        assert_eq!(names(&details["assignees"]), names(&told["incident"]["assignees"]));
        let pages = api.get(&format!("/v1/incidents/{made}/notifications"));
        assert_eq!(names(&pages), names(&told["pages"]), "{pages}");
    }
}

#[test]
fn an_alert_that_came_is_read_anew_and_one_whose_body_is_gone_is_said_not_to_be_whole() {
    for api in [Database::Sqlite, Database::Postgresql].map(furnished) {
        let body = json!({"id": "disk", "title": "Disk full", "labels": {"team": "storage"}});
        let sent = api.deliver("scripts", &body).ok();
        let id = sent["alerts"][0]["alert_id"].clone();
        let told = attempt(&api, &json!({"alert_id": id})).ok();
        assert_eq!((&told["rule"], &told["is_whole"]), (&json!("storage is quiet"), &json!(true)), "{told}");
        // Fifty bodies more, and the first is not kept any longer.
        for number in 0..50 {
            api.deliver("scripts", &json!({"id": "fan", "title": "Fan", "state": "ok", "number": number})).ok();
        }
        let told = attempt(&api, &json!({"alert_id": id})).ok();
        assert_eq!((&told["title"], &told["is_whole"]), (&json!("Disk full"), &json!(false)));
        assert_eq!(told["rule"], Value::Null, "what is not kept is not guessed");
        let pasted = json!({"integration_ref_id": "scripts", "payload": body});
        assert_eq!(attempt(&api, &pasted).ok()["rule"], "storage is quiet");
    }
}

#[test]
fn what_cannot_be_tried_says_what_is_missing() {
    let api = furnished(Database::Sqlite);
    let said = |body: Value| attempt(&api, &body).first_error(400, "invalid_fields");
    assert!(said(json!({})).starts_with("title: is needed"));
    assert!(said(json!({"integration_ref_id": "scripts"})).starts_with("payload: is needed"));
    assert!(said(json!({"integration_ref_id": "scripts", "payload": "{\"a\": "})).starts_with("payload: "));
    attempt(&api, &json!({"alert_id": "none"})).refused(404, "unknown_alert");
    attempt(&api, &json!({"title": "x", "service_ref_id": "none"})).refused(404, "unknown_component");
    attempt(&api, &json!({"title": "x", "users": ["none"]})).refused(404, "unknown_component");
    let nobody = attempt(&api, &json!({"title": "it"})).ok();
    assert_eq!((&nobody["incident"], &nobody["pages"]), (&Value::Null, &json!([])));
}

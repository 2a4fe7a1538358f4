//! To whom an incident is assigned, named in every way.

use super::column;
use checks::Api;
use serde_json::{Value, json};

fn people(api: &Api, id: i64) -> Vec<Value> {
    api.details(id)["assignees"].as_array().expect("a list").iter().map(|person| person[1].clone()).collect()
}

#[test]
fn targets_are_named_by_policy_by_a_persons_own_policy_or_by_name() {
    let api = Api::new();
    let id = api.incident("x");
    let management = api.ref_id("escalation-policies", "management");
    let users = api.get("/list/users");
    let own = column(&users, "policy_ref_id")[0].clone();
    assert_eq!(users[0]["preferred_username"], "adsmi");
    let table = [
        (json!(management), vec!["eva"]),
        (json!([own]), vec!["adsmi"]),
        (json!(["cho", "dee", "cho"]), vec!["cho", "dee"]),
        (json!([management, own, "ben"]), vec!["eva", "adsmi", "ben"]),
    ];
    for (to, expect) in table {
        api.ok("acknowledge", &json!({"instance_id": id}));
        api.ok("reassign", &json!({"instance_id": id, "reassign_to": to}));
        assert_eq!(people(&api, id), expect, "{to}");
        let details = api.details(id);
        assert_eq!((&details["status"], &details["assignee_level"]), (&json!("OPEN"), &json!(1)));
    }
    api.ok("add-responders", &json!({"instance_id": id, "assignees": ["dee", management]}));
    assert_eq!(people(&api, id), ["eva", "adsmi", "ben", "dee"]);
}

#[test]
fn an_unknown_target_among_known_ones_changes_nothing() {
    let api = Api::new();
    let id = api.incident("x");
    let before = super::everything(&api);
    for (operation, field) in [("reassign", "reassign_to"), ("add-responders", "assignees")] {
        let mut body = json!({"instance_id": id});
        body[field] = json!(["ben", "nobody"]);
        let error = api.ask(operation, &body).first_error(404, "unknown_component");
        assert!(error.starts_with(field) && error.contains("`nobody`"), "{error}");
        body[field] = json!([]);
        api.ask(operation, &body).refused(400, "invalid_fields");
    }
    assert_eq!(super::everything(&api), before);
}

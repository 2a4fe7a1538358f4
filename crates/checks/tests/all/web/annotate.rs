//! What is written on an incident.

use checks::Api;
use serde_json::{Value, json};

#[test]
fn an_urgency_may_be_spelled_as_in_the_originals_example() {
    let api = Api::new();
    let id = api.incident("x");
    let table = [
        (json!({"amend-urgency": 3}), 3),
        (json!({"urgency_level": 2}), 2),
        (json!({"urgency_level": 5, "amend-urgency": 1}), 5),
    ];
    for (body, expect) in table {
        let mut body = body;
        body["instance_id"] = json!(id);
        api.ok("amend-urgency", &body);
        assert_eq!(api.details(id)["task"]["urgency_level"], expect);
    }
    api.ask("amend-urgency", &json!({"instance_id": id})).refused(400, "invalid_fields");
}

#[test]
fn title_and_tags_are_replaced_and_the_alert_keeps_its_title() {
    let api = Api::new();
    let id = api.incident("old");
    for (field, title) in [("title", "new"), ("task_title", "newer")] {
        let mut body = json!({"instance_id": id});
        body[field] = json!(title);
        api.ok("edit-title", &body);
        assert_eq!(api.details(id)["task"]["task_title"], title);
    }
    assert_eq!(api.ok("alerts", &json!({"instance_id": id}))[0]["task_title"], "old");
    let table = [(json!(["a", "b", "a"]), json!(["a", "b"])), (json!("c"), json!(["c"])), (json!([]), Value::Null)];
    for (tags, expect) in table {
        api.ok("update-tags", &json!({"instance_id": id, "tags": tags}));
        assert_eq!(api.details(id)["task"]["labels"], expect);
    }
}

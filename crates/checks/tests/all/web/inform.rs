//! Who is kept informed, and responses made ready.

use checks::{Api, number};
use serde_json::{Value, json};

#[test]
fn subscribing_twice_and_leaving_twice_succeed() {
    let api = Api::new();
    let id = api.incident("x");
    let both = json!({"instance_id": id, "subscribers": ["eva", "mofab"]});
    let expect = json!([["Eva Eriksen", "eva"], ["Mo Fabri", "mofab"]]);
    for _ in 0..2 {
        api.ok("add-subscribers", &both);
        assert_eq!(api.details(id)["subscribers"], expect);
    }
    let eva = json!({"instance_id": id, "subscribers": "eva"});
    for _ in 0..2 {
        api.ok("remove-subscribers", &eva);
        assert_eq!(api.details(id)["subscribers"], json!([["Mo Fabri", "mofab"]]));
    }
    api.ok("remove-subscribers", &both);
    assert_eq!(api.details(id)["subscribers"], Value::Null);
    let error = api.ask("remove-subscribers", &json!({"instance_id": id, "subscribers": ["eva", "x"]}));
    assert_eq!(error.first_error(404, "unknown_component"), "subscribers: there is no user `x`");
}

#[test]
fn a_business_service_is_impacted_once_and_relieved_once() {
    let api = Api::new();
    let id = api.incident("x");
    let trading = api.ref_id("business-services", "trading");
    let body = json!({"instance_id": id, "business_service_ref_id": trading});
    for _ in 0..2 {
        api.ok("add-impact", &body);
        let expect = json!([{"name": "trading", "business_service_ref_id": trading}]);
        assert_eq!(api.details(id)["impacted_business_services"], expect);
    }
    for _ in 0..2 {
        api.ok("remove-impact", &body);
        assert_eq!(api.details(id)["impacted_business_services"], Value::Null);
    }
}

#[test]
fn a_status_update_is_told_to_subscribers_and_those_of_impacted_services_once_each() {
    let api = Api::new();
    let id = number(&api.ok("create", &json!({"title": "x", "users": ["ana"]})));
    api.beat();
    api.ok("add-subscribers", &json!({"instance_id": id, "subscribers": ["mofab", "eva"]}));
    let shop = api.ref_id("business-services", "web shop");
    api.ok("add-impact", &json!({"instance_id": id, "business_service_ref_id": shop}));
    api.ok("update-status", &json!({"instance_id": id, "status_update": "Soon"}));
    api.beat();
    assert_eq!(api.sent.lock().expect("no panic").len(), 1 + 3);
}

#[test]
fn whoever_may_not_read_an_incident_is_told_how_it_stands_and_not_what_the_tool_said() {
    let api = Api::new();
    let order = json!({"title": "Down", "users": ["ana"], "description": "stack trace of db-7"});
    let id = number(&api.ok("create", &order));
    api.beat();
    api.ok("add-subscribers", &json!({"instance_id": id, "subscribers": ["mofab", "eva"]}));
    api.ok("update-status", &json!({"instance_id": id, "status_update": "We are on it"}));
    api.beat();
    let sent = api.sent.lock().expect("no panic");
    let told = |username: &str| {
        let is_theirs = |message: &&notify::carrier::Message| {
            message.payload["type"] == "incident.status_update"
                && message.payload["data"]["preferred_username"] == username
        };
        let message = sent.iter().find(is_theirs).expect("a message");
        assert!(message.text.contains("We are on it"), "{}", message.text);
        assert_eq!(message.payload["data"]["text_msg"] == "", !message.text.contains("stack trace"));
        message.text.contains("stack trace")
    };
    assert_eq!((told("mofab"), told("eva")), (true, false), "Eva is a stakeholder");
}

#[test]
fn a_response_set_does_all_it_says_in_one_step() {
    let api = Api::new();
    let id = api.incident("x");
    let set = api.ref_id("response-sets", "major incident");
    api.ok("run-response-set", &json!({"instance_id": id, "response_set_ref_id": set}));
    let details = api.details(id);
    let people = json!([["Ana Alves", "ana", null], ["Eva Eriksen", "eva", null], ["Dee Diallo", "dee", null]]);
    assert_eq!(details["assignees"], people);
    assert_eq!(details["subscribers"], json!([["Adrian Smith", "adsmi"], ["Mo Fabri", "mofab"]]));
    assert_eq!(details["conference_bridges"], json!(["https://meet.example.com/major-incident"]));
    assert_eq!(details["status_update"].as_array().map(Vec::len), Some(1));
    let kinds = super::column(&details["events"], "event_type");
    let expect =
        ["TRIGGER", "RUN RESPONSE SET", "ADD RESPONDERS", "ADD SUBSCRIBERS", "ADD CONFERENCE BRIDGE", "STATUS UPDATE"];
    assert_eq!(kinds, expect);
}

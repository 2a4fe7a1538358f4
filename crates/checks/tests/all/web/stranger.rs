//! Another organization's key: it sees nothing of the demo, not even that there is something, and changes nothing.

use super::{Scene, call_at_home, everything, request};
use checks::{Answer, Api, Call, Database, number};
use domain::permission::Scope;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use web::operation::{Operation, Shape, operations};

/// Fields that name an incident, an alert or a component of the caller's organization.
const NAMES: [&str; 24] = [
    "instance_id",
    "related_instance_id",
    "service_ref_id",
    "policy_ref_id",
    "users",
    "reassign_to",
    "assignees",
    "subscribers",
    "business_service_ref_id",
    "response_set_ref_id",
    "workflow_ref_id",
    "preferred_username",
    "routine_ref_id",
    "swap_ref_id",
    "delivery_id",
    "device_id",
    "alert_id",
    "integration_ref_id",
    "out",
    "in",
    "team_ref_id",
    "routing_rule_ref_id",
    "heartbeat_ref_id",
    "maintenance_window_ref_id",
];

/// What the other organization has itself, so that all but one name of a request is its own.
struct Mine {
    incidents: [i64; 2],
    /// Ids by the name of the field that takes them.
    ids: BTreeMap<&'static str, String>,
}

impl Mine {
    fn new(api: &Api, key: &str) -> Self {
        let table = [
            ("service_ref_id", "services", "vault"),
            ("policy_ref_id", "escalation-policies", "primary"),
            ("business_service_ref_id", "business-services", "safes"),
            ("response_set_ref_id", "response-sets", "alarm"),
            ("workflow_ref_id", "workflows", "lock down"),
            ("routine_ref_id", "routines", "test turns"),
            ("integration_ref_id", "integrations", "probes"),
        ];
        let ids = table.map(|(field, kind, name)| (field, api.ref_id_for(key, kind, name)));
        let create = |title: &str| {
            let body = json!({"title": title, "users": ["zed"]});
            number(&api.send(Call::post("/create").key(key).json(&body)).ok())
        };
        let mut mine = Self { incidents: ["mine", "mine too"].map(create), ids: ids.into() };
        let swap = json!({"out": "zed", "in": "ana", "from": "2026-06-08", "until": "2026-06-09"});
        let made = api.send(Call::post("/v1/routines/test%20turns/swaps").key(key).json(&swap)).ok();
        mine.ids.insert("swap_ref_id", made["swap_ref_id"].as_str().expect("an id").to_owned());
        mine
    }

    fn request(&self, operation: &Operation) -> Value {
        let mut body = super::example(operation);
        for (name, value) in &mut body {
            *value = match name.as_str() {
                "instance_id" => json!(self.incidents[0]),
                "related_instance_id" => json!(self.incidents[1]),
                "users" | "reassign_to" | "assignees" | "subscribers" => json!(["zed"]),
                "preferred_username" | "out" => json!("zed"),
                "in" => json!("ana"),
                name => self.ids.get(name).map_or_else(|| value.clone(), |id| json!(id)),
            };
        }
        Value::Object(body)
    }
}

/// A name that nobody has, of the same kind as `value`.
fn of_nobody(value: &Value) -> Value {
    match value {
        Value::Number(_) => json!(999_999_999),
        Value::Array(_) => json!(["nobody-has-this-name00"]),
        _ => json!("nobody-has-this-name00"),
    }
}

fn spelled(value: &Value) -> String {
    match value {
        Value::Array(items) => spelled(&items[0]),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The body but for the name that was asked for: what is left must not depend on whether it exists elsewhere.
fn without(answer: &Answer, name: &Value) -> String {
    let text = answer.text().replace(answer.header("x-request-id"), "ID");
    let name = spelled(name);
    text.replace(&format!("`{name}`"), "NAME").replace(&format!("incident {name}\""), "NAME\"")
}

fn strangers_see_nothing(database: Database) {
    let api = Api::on(database);
    let key = api.new_key("other", "spy", Scope::Admin);
    let scene = Scene::set(&api);
    let before = everything(&api);
    let mine = Mine::new(&api, &key);
    let mut seen = 0;
    for operation in super::of_keys().filter(|operation| operation.name != "list") {
        let theirs = request(&api, operation, &scene);
        let own = mine.request(operation);
        for (name, value) in theirs.as_object().expect("an object") {
            // What the body of a component names is asked for in `component.rs`.
            let is_in_component = operation.body.is_some() && operation.parameter(name).is_none();
            if !NAMES.contains(&name.as_str()) || is_in_component {
                continue;
            }
            let ask = |value: &Value| {
                let mut body = own.clone();
                body[name] = value.clone();
                api.send(call_at_home(operation, &body).key(&key))
            };
            let place = format!("{}.{name}", operation.name);
            let (found, unknown) = (ask(value), ask(&of_nobody(value)));
            assert_eq!(found.status, 404, "{place}: {}", found.text());
            assert_eq!(without(&found, value), without(&unknown, &of_nobody(value)), "{place}");
            let code = match name.as_str() {
                "instance_id" | "related_instance_id" => "unknown_incident",
                "swap_ref_id" => "unknown_swap",
                "device_id" => "unknown_contact",
                "delivery_id" => "unknown_notification",
                "alert_id" => "unknown_alert",
                _ => "unknown_component",
            };
            found.refused(404, code);
            seen += 1;
        }
    }
    assert_eq!(everything(&api), before);
    assert!(seen >= 35, "{seen}");
}

#[test]
fn what_another_organization_has_is_as_unknown_as_what_nobody_has() {
    strangers_see_nothing(Database::Sqlite);
}

#[test]
fn what_another_organization_has_is_as_unknown_on_postgresql() {
    strangers_see_nothing(Database::Postgresql);
}

/// Fields that name something and have tests of their own below, or filter a list of what is the caller's.
const OTHERS: [&str; 21] = [
    "adopt",
    "team",
    "teams",
    "username",
    "session_ref_id",
    "task_ref_id",
    "integration",
    "identity",
    "by",
    "assignee",
    "after",
    "before_instance_id",
    "actor",
    "action",
    "object",
    "names",
    "fallback_policy",
    "people",
    "cover_ref_id",
    "provider",
    "service",
];

#[test]
fn every_field_that_names_something_is_asked_for_by_a_stranger() {
    fn names(shape: &Shape) -> bool {
        match shape {
            Shape::Id | Shape::InstanceId => true,
            Shape::ListOf { item, .. } => names(item),
            _ => false,
        }
    }
    for operation in operations() {
        let fields = operation.fields.iter().chain(operation.parameters).filter(|field| names(&field.shape));
        for field in fields {
            let is_known = NAMES.contains(&field.name) || OTHERS.contains(&field.name);
            assert!(
                is_known,
                "{}.{}: who asks for it with a name of another organization?",
                operation.name, field.name
            );
        }
    }
}

#[test]
fn the_alert_of_another_organization_is_unknown_too() {
    let api = Api::new();
    let scene = Scene::set(&api);
    let key = api.new_key("other", "spy", Scope::Admin);
    let body = json!({"instance_id": Mine::new(&api, &key).incidents[0], "task_ref_id": scene.alert});
    api.send(Call::post("/unmerge").key(&key).json(&body)).refused(404, "unknown_alert");
}

#[test]
fn lists_show_only_what_is_ones_own() {
    let api = Api::new();
    Scene::set(&api);
    let key = api.new_key("other", "spy", Scope::Admin);
    let get = |path: &str| api.send(Call::get(path).key(&key)).ok();
    let post = |path: &str, body: Value| api.send(Call::post(path).key(&key).json(&body));
    let none = json!([]);
    assert_eq!(get("/list/incidents?status=OPEN&status=ACKNOWLEDGED&status=RESOLVED"), none);
    assert_eq!(post("/incidents/list", json!({})).ok(), none);
    let service = json!({"service_ref_id": api.ref_id("services", "checkout")});
    assert_eq!(post("/incidents/list", service).ok(), none);
    assert_eq!(post("/incidents/list", json!({"assignee": "ana"})).ok(), none);
    let names = |path: &str| super::column(&get(path), "name");
    assert_eq!(names("/list/services"), ["vault"]);
    assert_eq!(names("/list/escalation-policies"), ["primary"]);
    assert_eq!(names("/list/business-services"), ["safes"]);
    assert_eq!(names("/list/response-sets"), ["alarm"]);
    assert_eq!(names("/list/workflows"), ["lock down"]);
    assert_eq!(names("/list/users"), ["Another Ana", "zed"]);
    assert_eq!(super::column(&post("/users/list", json!({})).ok(), "preferred_username"), ["ana", "zed"]);
    assert_eq!(post("/users/details", json!({"preferred_username": "ana"})).ok()["email"], "ana@example.net");
    let after = format!("/list/services?after={}", api.ref_id("services", "checkout"));
    api.send(Call::get(&after).key(&key)).refused(404, "unknown_component");
    post("/create", json!({"title": "x", "users": ["zed"], "by": "ben"})).refused(404, "unknown_component");
    assert_eq!(names("/list/routines"), ["test turns"]);
    assert_eq!(names("/v1/on-call"), ["primary"]);
    let swaps = get("/v1/routines/test%20turns/swaps");
    assert_eq!(super::column(&swaps, "out"), ["zed"]);
}

#[test]
fn each_organization_counts_its_incidents_for_itself() {
    let api = Api::new();
    let first = api.incident("one");
    let key = api.new_key("other", "bell", Scope::Incidents);
    let post = |path: &str, body: Value| api.send(Call::post(path).key(&key).json(&body)).ok();
    // A dedup key of one organization means nothing to another.
    let dedup = json!({"title": "x", "users": ["ana"], "dedup_key": "k"});
    let ours = number(&api.ok("create", &dedup));
    let theirs = post("/create", dedup);
    assert_eq!(super::keys(&theirs), ["instance_id", "timestamp"]);
    assert!(number(&theirs) > ours && ours > first);
    let details = post("/details", json!({"instance_id": number(&theirs)}));
    assert_eq!((&details["organization_instance_id"], &details["suppressed_count"]), (&json!(1), &json!(0)));
    assert_eq!(details["assignees"], json!([["Another Ana", "ana", null]]));
    assert_eq!(api.details(ours)["organization_instance_id"], 2);
}

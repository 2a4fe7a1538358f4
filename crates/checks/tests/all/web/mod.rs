//! The HTTP API through the real router: a file per family of operations, as in `web/src/operation/table`, and a file
//! for each thing that holds for all of them.

mod act;
mod admission;
mod alert;
mod annotate;
mod assign;
mod audit;
mod body;
mod caller;
mod change_event;
mod codes;
mod component;
mod console;
mod contact;
mod cover;
mod create;
mod device;
mod directory;
mod erase;
mod escalation;
mod every;
mod feed;
mod gone;
mod group;
mod heartbeat;
mod history;
mod idempotency;
mod inform;
mod intake;
mod integration_key;
mod invitation;
mod key;
mod layer;
mod list;
mod maintenance;
mod mapping;
mod matrix;
mod me;
mod merge;
mod notification;
mod on_call;
mod opsgenie;
mod organization;
mod overload;
mod person;
mod preview;
mod private;
mod probe;
mod rate;
mod read;
mod removed;
mod reopen;
mod reping;
mod report;
mod respond;
mod rule;
mod session;
mod sns;
mod storm;
mod stranger;
mod support_hours;
mod swap;
mod team;
mod test_alert;
mod token;
mod told;
mod turned_away;
mod twilio;
mod users;
mod ways;

use checks::{Api, Call, number};
use domain::sign_in::Means;
use domain::{OrganizationId, RefId};
use serde_json::{Value, json};
use store::SessionRow;
use web::operation::{ComponentAct, Does, Field, Method, Operation, example_value, operations};

/// What there is for an operation to work on: an acknowledged incident with two alerts and a page, another one, and a swap.
pub(crate) struct Scene {
    /// The incident; on level 1 of three, acknowledged.
    incident: i64,
    /// Its alert that did not begin it.
    alert: String,
    /// The other incident.
    other: i64,
    /// A page of the incident.
    delivery: String,
    /// A swap of the routine `test turns`.
    swap: String,
    /// An alert that a monitoring tool sent, of which a rule makes no incident.
    sent: String,
}

impl Scene {
    pub(crate) fn set(api: &Api) -> Self {
        let incident = api.incident("the one");
        let absorbed = api.incident("grouped into it");
        let alert = api.details(absorbed)["task"]["task_ref_id"].as_str().expect("an id").to_owned();
        api.ok("merge", &json!({"instance_id": absorbed, "related_instance_id": incident}));
        api.ok("acknowledge", &json!({"instance_id": incident}));
        let swap = json!({"out": "ben", "in": "cho", "from": "2026-06-08", "until": "2026-06-09"});
        let made = api.send(Call::post("/v1/routines/test%20turns/swaps").key(&api.key).json(&swap)).ok();
        let swap = made["swap_ref_id"].as_str().expect("an id").to_owned();
        let notifications = api.get(&format!("/v1/incidents/{incident}/notifications"));
        let delivery = notifications[0]["delivery_id"].as_str().expect("an id").to_owned();
        let other = api.incident("the other");
        let sent = api.deliver("scripts", &json!({"id": "it", "title": "[test] it"})).ok();
        let sent = sent["alerts"][0]["alert_id"].as_str().expect("an id").to_owned();
        Self { incident, alert, other, delivery, swap, sent }
    }
}

/// The example of a request with the variable parts of its path.
fn example(operation: &Operation) -> serde_json::Map<String, Value> {
    let mut example = operation.example_request();
    let parameters = operation.parameters.iter();
    example.extend(parameters.map(|field| (field.name.to_owned(), example_value(field.example))));
    example
}

/// A request of the operation that works in this scene: the fields of path, query and body, by their names.
pub(crate) fn request(api: &Api, operation: &Operation, scene: &Scene) -> Value {
    let mut body = example(operation);
    if let Does::Component(act, _) = operation.does {
        return of_component(api, operation, act, body);
    }
    for (name, value) in &mut body {
        *value = match name.as_str() {
            "instance_id" => json!(scene.incident),
            "related_instance_id" => json!(scene.other),
            "task_ref_id" => json!(scene.alert),
            "service_ref_id" => json!(api.ref_id("services", "checkout")),
            "policy_ref_id" if value.is_array() => json!([api.ref_id("escalation-policies", "management")]),
            "policy_ref_id" => json!(api.ref_id("escalation-policies", "test cover")),
            "routine_ref_id" if is_of_layer(operation) => layered(api),
            "layer" => json!(if operation.path.contains("/exceptions") { 2 } else { 1 }),
            "routine_ref_id" => json!(api.ref_id("routines", "test turns")),
            "swap_ref_id" => json!(scene.swap),
            "delivery_id" => json!(scene.delivery),
            "alert_id" => json!(scene.sent),
            "maintenance_window_ref_id" => json!(window(api)),
            "integration_ref_id" => json!(api.ref_id("integrations", "scripts")),
            "preferred_username" => json!("pia"),
            "session_ref_id" => json!(session_of_pia(api)),
            "channel" if ["set-contact", "remove-contact"].contains(&operation.name) => json!("sms"),
            "channel" => json!(unproved(api)),
            "version" => json!(1),
            "until" if operation.name == "directory-diff" => json!(1),
            "key_id" => json!(spare_key(api)),
            "names" => json!(directory::rules_in_order(api)),
            "out" => json!("ben"),
            "in" => json!("cho"),
            "users" | "reassign_to" | "assignees" => json!(["ben"]),
            "business_service_ref_id" => json!(api.ref_id("business-services", "trading")),
            "response_set_ref_id" => json!(api.ref_id("response-sets", "major incident")),
            "workflow_ref_id" => json!(api.ref_id("workflows", "open a war room")),
            _ => value.clone(),
        };
    }
    if operation.path.starts_with("invitations") && operation.method != Method::Get {
        let guest = format!("guest{}", scene.incident);
        let asked = json!({"email": format!("{guest}@example.org")});
        if operation.name == "invite" {
            body.insert("email".to_owned(), asked["email"].clone());
        } else {
            // It may be there already.
            api.send(Call::post("/v1/invitations").key(&api.key).json(&asked));
            body.insert("preferred_username".to_owned(), json!(guest));
        }
    }
    if operation.path.starts_with("sign-in-providers") {
        provider(api, operation);
    }
    if operation.path.starts_with("users/{preferred_username}/devices/") || operation.name == "devices" {
        let made = operations().find(|operation| operation.name == "add-device").expect("an operation");
        let of_pia = Call::post("/v1/users/pia/devices").key(&api.key);
        let made = api.send(of_pia.json(&Value::Object(made.example_request()))).ok();
        if operation.name == "remove-device" {
            body.insert("device_id".to_owned(), made["device_id"].clone());
        }
    }
    if operation.name == "change-directory" {
        // What it makes is not there yet.
        api.send(Call::new("DELETE", "/v1/teams/network").key(&api.key).header("if-match", "*"));
    }
    if operation.name == "verify-contact" {
        body.insert("code".to_owned(), json!(code(api, &plain(&body["channel"]))));
    }
    Value::Object(body)
}

fn is_of_layer(operation: &Operation) -> bool {
    ["/layers", "/exceptions"].iter().any(|part| operation.path.contains(part))
}

/// A routine that the API manages, with a layer 1 and an exception 2, as if nothing had been asked of it yet.
fn layered(api: &Api) -> Value {
    let routine = json!({"name": "layered", "timezone": "UTC", "routine_layers": [
        {"layer": 1, "layer_name": "always", "valid_start": "2026-06-01", "rotations": [["ana"]]},
        {"layer": 2, "layer_name": "feast", "valid_start": "2026-12-24", "valid_end": "2026-12-27", "is_exception": true,
            "rotations": [["cho"]]}]});
    drop(api.send(Call::post("/v1/routines").key(&api.key).json(&routine)));
    let again = Call::new("PUT", "/v1/routines/layered").key(&api.key).header("if-match", "*").json(&routine);
    api.send(again).ok()["ref_id"].clone()
}

/// The sign-in provider `acme`: there already, or not yet where it is to be made.
fn provider(api: &Api, operation: &Operation) {
    let body = json!({"name": "acme", "issuer": "https://id.example.com", "client_id": "reveille"});
    match operation.name {
        "add-sign-in-provider" => {
            let gone = Call::new("DELETE", "/v1/sign-in-providers/acme").key(&api.key).header("if-match", "*");
            drop(api.send(gone));
        }
        _ => drop(api.send(Call::post("/v1/sign-in-providers").key(&api.key).json(&body))),
    }
}

/// A session of Pia's, by its id.
fn session_of_pia(api: &Api) -> String {
    let organization = OrganizationId(1);
    let person = RefId::from(api.get("/v1/users/pia")["ref_id"].as_str().expect("an id"));
    let now = domain::Instant(api.clock.now());
    let row = SessionRow {
        digest: api.ids.uuid(),
        session: RefId(api.ids.ref_id()),
        person,
        made_at: now,
        last_used_at: now,
        ends_at: now.plus_minutes(60),
        fresh_at: now,
        means: Means::Password,
        with_factor: false,
        device: "a browser".to_owned(),
        network: "192.0.2.7".to_owned(),
    };
    api.test.store().write(|tx| store::session_insert(tx, organization, &row)).expect("a session");
    row.session.to_string()
}

/// A key that nobody uses, by its number.
fn spare_key(api: &Api) -> Value {
    let new = json!({"name": "spare", "scope": "read"});
    api.send(Call::post("/v1/keys").key(&api.key).json(&new)).ok()["key_id"].clone()
}

/// A request about a component that nothing refers to: there already, or not yet where it is to be made.
fn of_component(
    api: &Api,
    operation: &Operation,
    act: ComponentAct,
    mut body: serde_json::Map<String, Value>,
) -> Value {
    let add = operations().find(|other| match (other.does, operation.does) {
        (Does::Component(ComponentAct::Add, kind), Does::Component(_, asked)) => kind == asked,
        _ => false,
    });
    let add = add.expect("every kind can be made");
    let mut made = add.example_request();
    if made.contains_key("username") {
        // The name of who left is never given again.
        let newest = api.get("/v1/audit?limit=1");
        let fresh = json!(format!("lou{}", newest[0]["number"].as_i64().unwrap_or_default()));
        // Their address is nobody else's, either.
        let address = json!(format!("{}@example.org", plain(&fresh)));
        for (key, value) in [("username", fresh), ("email", address)] {
            made.insert(key.to_owned(), value.clone());
            body.entry(key).and_modify(|said| *said = value);
        }
    }
    let name = plain(made.get("name").or(made.get("username")).expect("a name"));
    let path = format!("{}/{}", add.documented_path(), name.replace(' ', "%20"));
    if act == ComponentAct::Add {
        api.send(Call::new("DELETE", &path).key(&api.key).header("if-match", "*"));
    } else {
        api.send(Call::post(&add.documented_path()).key(&api.key).json(&Value::Object(made)));
    }
    if let Some(parameter) = operation.parameters.first() {
        body.insert(parameter.name.to_owned(), api.get(&path)["ref_id"].clone());
    }
    Value::Object(body)
}

/// A maintenance window of June 2026.
fn window(api: &Api) -> String {
    let window = json!({"name": "move", "services": ["checkout"], "starts": "2026-06-03T22:00:00",
        "duration_minutes": 60, "timezone": "Europe/Berlin"});
    api.send(Call::post("/v1/maintenance-windows").key(&api.key).json(&window));
    "move".to_owned()
}

/// A channel by which Pia's contact has not been proved yet.
fn unproved(api: &Api) -> String {
    let contacts = api.get("/v1/users/pia/contacts");
    let missing = contacts.as_array().expect("a list").iter().find(|contact| contact["proof"] == "missing");
    missing.expect("one that is left")["channel"].as_str().expect("a text").to_owned()
}

/// The code that is sent to Pia's contact.
fn code(api: &Api, channel: &str) -> String {
    api.send(Call::post(&format!("/v1/users/pia/contacts/{channel}/code")).key(&api.key)).ok();
    let message = api.sent.lock().expect("no panic").last().cloned().expect("a message");
    message.payload["data"]["code"].as_str().expect("a code").to_owned()
}

/// A call of the operation at this path, with each field where it belongs.
fn call(operation: &Operation, path: &str, body: &Value) -> Call {
    let path = filled(operation, path, body);
    let mut rest = body.clone();
    if let Some(object) = rest.as_object_mut() {
        object.retain(|name, _| operation.parameter(name).is_none());
    }
    let sent = match operation.method {
        Method::Get => {
            let pairs = rest.as_object().into_iter().flatten();
            let query: Vec<_> = pairs.map(|(name, value)| format!("{name}={}", plain(value))).collect();
            Call::get(&format!("{path}?{}", query.join("&")))
        }
        Method::Post | Method::Put | Method::Patch => Call::new(operation.method.word(), &path).json(&rest),
        Method::Delete => Call::new("DELETE", &path),
    };
    if operation.takes_if_match() { sent.header("if-match", "*") } else { sent }
}

/// The path with the variable parts that stand in the body.
fn filled(operation: &Operation, path: &str, body: &Value) -> String {
    let put = |path: String, field: &Field| path.replace(&format!("{{{}}}", field.name), &plain(&body[field.name]));
    operation.parameters.iter().fold(path.to_owned(), put)
}

/// A value as it stands in a path or a query.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A call of the operation at its documented path.
fn call_at_home(operation: &Operation, body: &Value) -> Call {
    call(operation, &operation.documented_path(), body)
}

/// The operations that a key can ask for with success: only people have tokens, and sessions to end.
fn of_keys() -> impl Iterator<Item = &'static Operation> {
    let of_people = [
        "add-my-token",
        "revoke-my-token",
        "end-my-session",
        "be-away",
        "test-page",
        "my-feed",
        "trust-contact",
        "send-enrolment",
    ];
    let is_of_cover = |name: &str| name.contains("cover") && !["my-cover-requests", "policy-coverage"].contains(&name);
    operations().filter(move |operation| !of_people.contains(&operation.name) && !is_of_cover(operation.name))
}

/// The commands about one incident that works is done on.
fn commands() -> impl Iterator<Item = &'static Operation> {
    let is_command = |operation: &&Operation| matches!(operation.does, web::operation::Does::Command(_));
    operations().filter(is_command).filter(|operation| operation.name != "create")
}

/// All that can be read of the demo's incidents and swaps, as one text, to compare before and after.
pub(crate) fn everything(api: &Api) -> String {
    let listed = api.ok("list", &json!({"limit": 5000}));
    let mut told = format!("{}\n{}", api.get("/list/incidents?status=RESOLVED"), listed);
    for incident in listed.as_array().expect("a list") {
        let asked = json!({"instance_id": number(incident)});
        let notifications = api.get(&format!("/v1/incidents/{}/notifications", number(incident)));
        told += &format!("\n{}\n{}\n{notifications}", api.ok("details", &asked), api.ok("alerts", &asked));
    }
    for routine in ["test%20turns", "test%20nights"] {
        told += &format!("\n{}", api.get(&format!("/v1/routines/{routine}/swaps")));
    }
    told
}

/// The texts of `key` in the items of a list.
fn column(list: &Value, key: &str) -> Vec<Value> {
    list.as_array().expect("a list").iter().map(|item| item[key].clone()).collect()
}

/// The names of an object's members, in order.
fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap_or_else(|| panic!("not an object: {object}")).keys().map(String::as_str).collect()
}

/// The incident's events as pairs of type and log.
fn events(api: &Api, instance_id: i64) -> Vec<(String, Value)> {
    let details = api.details(instance_id);
    let events = details["events"].as_array().expect("a list");
    let pair = |event: &Value| {
        let log = event["event_log"].as_str().expect("a string that holds JSON");
        (event["event_type"].as_str().expect("a type").to_owned(), serde_json::from_str(log).expect("JSON"))
    };
    events.iter().map(pair).collect()
}

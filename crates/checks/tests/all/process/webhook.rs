//! Pages by webhook, verified by the reference library of Standard Webhooks, and refused where egress is not allowed.

use checks::{Database, Home, Peer};
use serde_json::{Value, json};

const SECRET: &str = "whsec_dGhlIHNlY3JldCBvZiB0aGUgdGVzdHMsIGxvbmcgZW5vdWdo";

fn definition(receiver: &Peer) -> String {
    format!(
        r#"
[organization]
name = "acme"

[[user]]
username = "ana"
webhook = {{ url = "http://127.0.0.1:{}/pages", secrets = ["{SECRET}"] }}
"#,
        receiver.port
    )
}

#[test]
fn a_page_by_webhook_is_verified_by_the_receivers_own_library() {
    let mut receiver = Peer::receiver(SECRET);
    let mut home = Home::with(Database::Sqlite, &definition(&receiver));
    home.set("egress.allow", "127.0.0.0/8");
    let server = home.serve();
    let mut client = server.client(&home.key(&[]));
    let body = json!({"title": "Disk full", "users": "ana", "description": "97 % of /var\nused", "urgency_level": 5});
    let id = client.done("/incidents/create", &body)["instance_id"].clone();

    let request = receiver.wait_for_one();
    assert_eq!(request["fault"], Value::Null, "{request}");
    let (told, data) = (&request["body"], &request["body"]["data"]);
    assert_eq!(told["type"], "incident.page");
    assert_eq!(data["delivery_id"], request["headers"]["webhook-id"]);
    assert_eq!((&data["instance_id"], &data["title"], &data["urgency_level"]), (&id, &body["title"], &json!(5)));
    assert_eq!((&data["preferred_username"], &data["assignee_level"]), (&json!("ana"), &json!(1)));
    assert_eq!(data["text_msg"], body["description"]);
    assert!(server.terminate().success());
}

#[test]
fn a_page_to_an_address_that_is_not_allowed_is_refused_and_the_incident_says_so() {
    let mut receiver = Peer::receiver(SECRET);
    let home = Home::with(Database::Sqlite, &definition(&receiver));
    let mut server = home.serve();
    let mut client = server.client(&home.key(&[]));
    let created = client.done("/incidents/create", &json!({"title": "Disk full", "users": "ana"}));

    let given_up = server.logged("a notification was given up");
    assert_eq!(given_up["user"], "ana");
    let details = client.details(created["instance_id"].as_i64().unwrap());
    let last = details["events"].as_array().unwrap().last().unwrap();
    assert_eq!(last["event_type"], "DISPATCH", "{details}");
    let log: Value = serde_json::from_str(last["event_log"].as_str().unwrap()).unwrap();
    let refusal = "refused: 127.0.0.1 is not a public address, and is not in the allowed networks";
    assert_eq!(log["delivery_failed"], json!({"user": "ana", "channel": "webhook", "answer": refusal}));
    assert_eq!(log["next_alert_timestamp"], details["next_alert_timestamp"], "the escalation goes on");
    let ready = client.get("/readyz");
    assert_eq!((ready.status, &ready.json()["status"]), (200, &json!("ready")), "{}", ready.body);
    assert!(server.terminate().success());
    assert!(receiver.waiting().is_empty(), "nothing was sent");
}

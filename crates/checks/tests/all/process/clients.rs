//! The official clients of PagerDuty's events and Opsgenie's alerts, and apprise, unmodified.

use checks::{Database, Home, NewerClients, official_clients};
use serde_json::json;

const DEFINITION: &str = r#"
[organization]
name = "acme"

[[user]]
username = "ana"
email = "ana@example.org"

[[user]]
username = "ben"
email = "ben@example.org"

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, users = ["ana"] }]

[[integration]]
name = "events"
kind = "pagerduty"
users = ["ana"]
key = "00000000-0000-4000-8000-000000000002"

[[integration]]
name = "alerts"
kind = "opsgenie"
users = ["ana"]
key = "00000000-0000-4000-8000-000000000003"

[[integration]]
name = "jobs"
kind = "generic"
users = ["ana"]
key = "00000000-0000-4000-8000-000000000004"
mapping = { identity = "/title", title = "/title", text = "/message", resolved_when = [{ field = "/type", equals = "success" }] }

[[heartbeat]]
name = "backup"
users = ["ana"]
every_seconds = 3600
"#;

#[test]
fn the_official_clients_find_here_what_they_know() {
    let home = Home::with(Database::Sqlite, DEFINITION);
    let server = home.serve();
    let keys = ["00000000000040008000000000000002", "00000000-0000-4000-8000-000000000003"];
    let told = official_clients(server.address, keys);
    let expected = json!([
        ["triggered", 32],
        ["acknowledged", true],
        ["resolved", true],
        ["changed", 22],
        ["wrong key", ["Invalid routing key"]],
        ["created", [true, "Created alert"]],
        ["got", ["Disk full", "disk", "open", "P1", ["db"], false, 1]],
        ["acknowledged", [true, "Acknowledged alert"]],
        ["got", true],
        ["noted", [true, "Added note"]],
        ["listed", [["disk"], 1]],
        ["tagged", [true, "Added tags"]],
        ["untagged", [true, "Removed tags"]],
        ["snoozed", [true, "Snoozed alert"]],
        ["assigned", [true, "Assigned alert"]],
        ["escalated", [true, "Escalated alert"]],
        ["got", [["hot"], ["user", "escalation"], false]],
        ["closed", [true, "Closed alert"]],
        ["got", "closed"],
        ["heartbeats", [["backup", 1, "hours"]]],
        ["disabled", 403],
        ["pinged", "PONG - Heartbeat received"],
    ]);
    assert_eq!(told, expected);
    let mut client = server.client(&home.key(&[]));
    assert_eq!(client.get("/list/incidents").json(), json!([]), "each was resolved by who opened it");
    let details = client.details(2);
    let events = details["events"].as_array().expect("events");
    let events = events.iter().filter(|event| event["event_method"] == "INTEGRATIONS_API");
    let kinds: Vec<_> = events.map(|event| event["event_type"].as_str().expect("a type")).collect();
    let asked = ["UPDATE TAGS", "UPDATE TAGS", "SNOOZE", "REASSIGN", "ADD RESPONDERS"];
    let expected = [&["TRIGGER", "ACKNOWLEDGE", "NOTATE"][..], &asked, &["RESOLVE"]].concat();
    assert_eq!(kinds, expected);
    assert!(server.terminate().success());
}

#[test]
fn newer_clients_fire_and_resolve_and_one_asks_again_until_the_server_is_back() {
    let home = Home::with(Database::Sqlite, DEFINITION);
    let server = home.serve();
    let keys = ["00000000000040008000000000000002", "00000000-0000-4000-8000-000000000004"];
    let mut clients = NewerClients::to(server.address, keys);
    let expected = json!([
        ["triggered", 32],
        ["again", true],
        ["acknowledged", true],
        ["changed", null],
        ["wrong key", ["Invalid routing key"]],
        ["json", [true, true, true]],
        ["form", [true, true, true]],
        ["waiting", true],
    ]);
    for told in expected.as_array().expect("a list") {
        assert_eq!(clients.wait_for_one(), *told);
    }
    let key = home.key(&[]);
    let mut client = server.client(&key);
    let alerts = client.get("/v1/alerts").json();
    let fates: Vec<_> =
        alerts.as_array().expect("a list").iter().rev().map(|alert| (&alert["title"], &alert["fate"])).collect();
    let expected = [
        ("Disk full", "opened"),
        ("Disk full", "joined"),
        ("Alert from events", "acknowledged"),
        ("Deployed", "ignored"),
        ("Backup by json", "opened"),
        ("Backup by json", "repeated"),
        ("Backup by json", "resolved"),
        ("Backup by form", "opened"),
        ("Backup by form", "repeated"),
        ("Backup by form", "resolved"),
    ];
    let expected = expected.map(|(title, fate)| (json!(title), json!(fate)));
    assert_eq!(fates, expected.iter().map(|(title, fate)| (title, fate)).collect::<Vec<_>>());
    let change = &client.get("/v1/change-events").json()[0];
    assert_eq!((&change["source"], &change["text"]), (&json!("ci"), &json!("revision: 1f3a")));
    assert_ne!(change["occurred_at"], change["received_at"], "its sender said when");

    server.kill_9();
    clients.go_on("the server is away");
    assert_eq!(clients.wait_for_one(), json!(["unavailable", true]));
    let server = home.serve();
    clients.go_on(&server.address.to_string());
    assert_eq!(clients.wait_for_one(), json!(["resolved", true]));
    let mut client = server.client(&key);
    assert_eq!(client.get("/list/incidents").json(), json!([]), "each was resolved by who opened it");
    assert!(server.terminate().success());
}

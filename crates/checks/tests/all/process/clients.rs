//! The official clients of PagerDuty's events and Opsgenie's alerts, and apprise, unmodified.

use checks::{Client, Database, Home, Script, official_clients};
use serde_json::{Value, json};

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

[[integration]]
name = "mail"
kind = "email"
users = ["ana"]
key = "00000000-0000-4000-8000-000000000005"

[integration.mail]
rules = [
  { conditions = [{ field = "subject", matches = "^RECOVERY" }], do = "resolve", identity = "^RECOVERY: (.*)$" },
  { conditions = [{ field = "subject", matches = "^PROBLEM" }], identity = "^PROBLEM: (.*)$" },
]

[[heartbeat]]
name = "backup"
users = ["ana"]
every_seconds = 3600
"#;

/// Titles and fates of all alerts, the first one first.
fn fates(client: &mut Client) -> Vec<(Value, Value)> {
    let listed = client.get("/v1/alerts").json();
    let alerts = listed.as_array().expect("a list").iter().rev();
    alerts.map(|alert| (alert["title"].clone(), alert["fate"].clone())).collect()
}

/// What was done to an incident by those who sent it, in order.
fn asked(client: &mut Client, incident: i64) -> Vec<String> {
    let details = client.details(incident);
    let events = details["events"].as_array().expect("events").iter();
    let events = events.filter(|event| event["event_method"] == "INTEGRATIONS_API");
    events.map(|event| event["event_type"].as_str().expect("a type").to_owned()).collect()
}

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
    let changes = ["UPDATE TAGS", "UPDATE TAGS", "SNOOZE", "REASSIGN", "ADD RESPONDERS"];
    let expected = [&["TRIGGER", "ACKNOWLEDGE", "NOTATE"][..], &changes, &["RESOLVE"]].concat();
    assert_eq!(asked(&mut client, 2), expected);
    assert!(server.terminate().success());
}

#[test]
fn newer_clients_fire_and_resolve_and_one_asks_again_until_the_server_is_back() {
    let home = Home::with(Database::Sqlite, DEFINITION);
    let server = home.serve();
    let keys = ["00000000000040008000000000000002", "00000000-0000-4000-8000-000000000004"];
    let mut clients = Script::newer_clients(server.address, keys);
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
    assert_eq!(fates(&mut client), expected.map(|(title, fate)| (json!(title), json!(fate))));
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

#[test]
fn opsgenie_s_client_for_node_works_on_an_alert_and_asks_again_until_the_server_is_back() {
    let mut home = Home::with(Database::Sqlite, DEFINITION);
    let server = home.serve();
    let (address, key) = (server.address, home.key(&[]));
    let mut node = Script::opsgenie_for_node(address, "00000000-0000-4000-8000-000000000003");
    let expected = json!([
        ["created", [true, "Created alert"]],
        ["counted", [true, "Created alert"]],
        ["got", ["Disk full", "open", "P1", 2, {"host": "db-1"}]],
        ["listed", ["disk"]],
        ["acknowledged", [true, "Acknowledged alert"]],
        ["noted", [true, "Added note"]],
        ["tagged", [true, "Added tags"]],
        ["untagged", [true, "Removed tags"]],
        ["performed", [true, "Added note of the action, which is not known here"]],
        ["pinged", "PONG - Heartbeat received"],
        ["refused", 422],
        ["waiting", true],
    ]);
    for told in expected.as_array().expect("a list") {
        assert_eq!(node.wait_for_one(), *told);
    }
    server.kill_9();
    node.go_on("the server is away");
    assert_eq!(node.wait_for("attempt"), json!("ECONNREFUSED"));
    home.set("server.listen", &address.to_string());
    let server = home.serve();
    assert_eq!(node.wait_for("closed"), json!([true, "Closed alert"]));
    let mut client = server.client(&key);
    assert_eq!(client.get("/list/incidents").json(), json!([]));
    let expected = ["TRIGGER", "ACKNOWLEDGE", "NOTATE", "UPDATE TAGS", "UPDATE TAGS", "NOTATE", "NOTATE", "RESOLVE"];
    assert_eq!(asked(&mut client, 1), expected);
    assert!(server.terminate().success());
}

#[test]
fn apprise_fires_and_resolves_by_mail_and_as_if_here_were_pagerduty_and_opsgenie_through_a_restart_of_the_server() {
    let mut home = Home::with(Database::Sqlite, DEFINITION);
    home.set("intake.smtp.listen", "127.0.0.1:0");
    home.set("intake.smtp.domains", "alerts.example.org");
    let mut server = home.serve();
    let listening = server.logged("listening for mail")["listen"].take();
    let listening = listening.as_str().expect("an address");
    let port = listening.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).expect("a port");
    let keys = ["00000000000040008000000000000002", "00000000-0000-4000-8000-000000000003"];
    let mail = (port, "00000000000040008000000000000005@alerts.example.org");
    let mut apprise = Script::apprise(server.address, mail, keys);
    for name in ["mail", "mail", "events", "events", "alerts", "alerts", "waiting"] {
        assert_eq!(apprise.wait_for_one(), json!([name, true]));
    }
    let key = home.key(&[]);
    server.kill_9();
    apprise.go_on("the server is away");
    assert_eq!(apprise.wait_for_one(), json!(["unavailable", true]));
    home.set("intake.smtp.listen", listening);
    let server = home.serve();
    apprise.go_on(&server.address.to_string());
    for name in ["alerts", "mail", "events", "alerts"] {
        assert_eq!(apprise.wait_for_one(), json!([name, true]));
    }
    let mut client = server.client(&key);
    let expected = [
        ("PROBLEM: Backup", "opened"),
        ("PROBLEM: Backup", "joined"),
        ("Backup", "opened"),
        ("Backup", "joined"),
        ("Backup", "opened"),
        ("Backup", "joined"),
        ("Backup", "joined"),
        ("RECOVERY: Backup", "resolved"),
        ("Alert from events", "resolved"),
        ("close", "resolved"),
    ];
    assert_eq!(fates(&mut client), expected.map(|(title, fate)| (json!(title), json!(fate))));
    assert_eq!(client.get("/list/incidents").json(), json!([]), "each was resolved by who opened it");
    assert!(server.terminate().success());
}

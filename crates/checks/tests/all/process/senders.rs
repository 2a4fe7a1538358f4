//! Real Prometheus, Nagios, Icinga 2 and the script by which a real Zabbix speaks to Opsgenie, all pointed here.

use checks::{Database, Home, Monitor, Prometheus, Server, zabbix_notifies};
use serde_json::{Value, json};
use std::net::SocketAddr;

const DEFINITION: &str = r#"
[organization]
name = "acme"

[[user]]
username = "ana"
email = "ana@example.org"

[[integration]]
name = "prometheus"
kind = "alertmanager"
users = ["ana"]
key = "00000000-0000-4000-8000-000000000001"

[[integration]]
name = "zabbix"
kind = "opsgenie"
users = ["ana"]
key = "00000000-0000-4000-8000-000000000003"

[[integration]]
name = "nagios"
kind = "nagios"
users = ["ana"]
group_by = { fields = ["label:host"] }
key = "00000000-0000-4000-8000-000000000004"

[[integration]]
name = "icinga2"
kind = "icinga2"
users = ["ana"]
group_by = { fields = ["label:host"] }
key = "00000000-0000-4000-8000-000000000005"
"#;

/// Waits until an alert was taken in whose fate is this.
fn wait_for(server: &mut Server, fate: &str) {
    while server.logged("alerts were taken in")["first"] != fate {}
}

#[test]
fn prometheus_opens_an_incident_without_an_alertmanager_and_ends_it_after_a_restart_of_the_server() {
    let mut home = Home::with(Database::Sqlite, DEFINITION);
    home.set("log.level", "debug");
    let mut server = home.serve();
    let (address, key) = (server.address, home.key(&[]));
    let prometheus = Prometheus::firing(address, "00000000-0000-4000-8000-000000000001");
    wait_for(&mut server, "opened");
    server.kill_9();
    home.set("server.listen", &address.to_string());
    let mut server = home.serve();
    wait_for(&mut server, "joined");
    let mut client = server.client(&key);
    let incidents = client.get("/list/incidents").json();
    let told = (&incidents[0]["name"], &incidents[0]["urgency_level"], incidents.as_array().map(Vec::len));
    assert_eq!(told, (&json!("The cellar is too hot"), &json!(5), Some(1)), "{incidents}");
    prometheus.calm_down();
    wait_for(&mut server, "resolved");
    assert_eq!(client.get("/list/incidents").json(), json!([]));
    let details = client.details(incidents[0]["instance_id"].as_i64().expect("a number"));
    let last = details["events"].as_array().expect("events").last().expect("one").clone();
    assert_eq!((&last["event_type"], &last["event_by"]), (&json!("RESOLVE"), &json!("prometheus")));
    drop(prometheus);
    assert!(server.terminate().success());
}

#[test]
fn zabbix_own_script_creates_works_on_and_closes_an_alert() {
    let mut home = Home::with(Database::Sqlite, DEFINITION);
    let server = home.serve();
    let (address, robot) = (server.address, home.key(&[]));
    let mut client = server.client(&robot);
    let key = "00000000-0000-4000-8000-000000000003";
    let event = |more: Value| {
        let mut event = json!({"event_id": "42", "event_source": "0", "event_value": "1", "event_nseverity": "4",
            "event_update_status": "0", "event_update_action": "", "trigger_id": "7", "zbxuser": "Ana Alves",
            "zbxurl": "https://zabbix.example.org", "event_tags_json": "[{\"tag\": \"scope\", \"value\": \"disk\"}]",
            "alert_subject": "Problem: Disk full", "alert_message": "97 % used", "opsgenie_teams": "", "opsgenie_tags": ""});
        event.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        zabbix_notifies(address, key, &event)
    };
    let update = |action: &str| {
        event(json!({"event_update_status": "1", "event_update_action": action, "alert_message": "mine"}))
    };
    let made = event(json!({})).expect("it is told");
    let id = made["tags"]["__zbx_ops_issuekey"].as_str().expect("an id").to_owned();
    let incidents = client.get("/list/incidents").json();
    assert_eq!((&incidents[0]["name"], &incidents[0]["urgency_level"]), (&json!("Problem: Disk full"), &json!(4)));
    let number = incidents[0]["instance_id"].as_i64().expect("a number");
    let details = client.details(number);
    assert_eq!(
        (&details["task"]["task_ref_id"], &details["task"]["labels"]),
        (&json!(id), &json!(["scope:disk", "source:Zabbix"]))
    );
    for action in ["acknowledged", "unacknowledged", "commented"] {
        assert_eq!(update(action), Ok(json!({"tags": {}})), "{action}");
    }
    assert_eq!(event(json!({"event_value": "0", "alert_message": "Resolved"})), Ok(json!({"tags": {}})));
    assert_eq!(event(json!({"event_value": "0", "alert_message": "Resolved again"})), Ok(json!({"tags": {}})));
    let details = client.details(number);
    assert_eq!(details["status"], "RESOLVED");
    let events = details["events"].as_array().expect("events");
    let events = events.iter().filter(|event| event["event_method"] == "INTEGRATIONS_API");
    let kinds: Vec<_> = events.map(|event| event["event_type"].as_str().expect("a type")).collect();
    let expected = ["TRIGGER", "NOTATE", "ACKNOWLEDGE", "NOTATE", "UN-ACKNOWLEDGE", "NOTATE", "NOTATE", "RESOLVE"];
    assert_eq!(kinds, expected);
    let fault = event(json!({"event_id": "43", "event_update_status": "1"})).expect_err("nothing is open");
    assert!(fault.contains("There is no open alert"), "{fault}");
    server.kill_9();
    let fault = event(json!({"event_id": "44"})).expect_err("nobody is there");
    assert!(!fault.contains("There is no open alert"), "{fault}");
    home.set("server.listen", &address.to_string());
    let server = home.serve();
    event(json!({"event_id": "44"})).expect("it is told at the next attempt");
    let open = server.client(&robot).get("/list/incidents").json();
    assert_eq!(open.as_array().map(Vec::len), Some(1), "{open}");
    assert!(server.terminate().success());
}

#[test]
fn nagios_opens_groups_and_ends_incidents_through_a_restart_of_the_server() {
    watched("nagios", |server| Monitor::nagios(server, "00000000-0000-4000-8000-000000000004"));
}

#[test]
fn icinga_2_opens_groups_and_ends_incidents_through_a_restart_of_the_server() {
    watched("icinga2", |server| Monitor::icinga2(server, "00000000-0000-4000-8000-000000000005"));
}

/// Two problems on one host, of which the second begins while the server is away; then one that a person resolves too early.
fn watched(name: &str, start: impl Fn(SocketAddr) -> Monitor) {
    let mut home = Home::with(Database::Sqlite, DEFINITION);
    home.set("log.level", "debug");
    let mut server = home.serve();
    let (address, key) = (server.address, home.key(&[]));
    let mut monitor = start(address);
    monitor.set("disk", 2);
    wait_for(&mut server, "opened");
    monitor.acknowledge("disk", "ana", "I am on it");
    wait_for(&mut server, "acknowledged");
    server.kill_9();
    monitor.set("load", 2);
    monitor.is_not_heard("load");
    home.set("server.listen", &address.to_string());
    let mut server = home.serve();
    wait_for(&mut server, "grouped");
    let mut client = server.client(&key);
    let open = client.get("/list/incidents").json();
    let told = (&open[0]["name"], &open[0]["urgency_level"], open.as_array().map(Vec::len));
    assert_eq!(told, (&json!("disk on db-1 is CRITICAL"), &json!(5), Some(1)), "{open}");
    for service in ["load", "disk"] {
        monitor.set(service, 0);
        wait_for(&mut server, "resolved");
    }
    let number = open[0]["instance_id"].as_i64().expect("a number");
    let details = client.details(number);
    assert_eq!(details["status"], "RESOLVED");
    let labels = details["task"]["labels"].as_array().expect("tags");
    assert!(
        ["databases", "linux", "host:db-1", "service:disk"].iter().all(|tag| labels.contains(&json!(tag))),
        "{labels:?}"
    );
    let events = details["events"].as_array().expect("events").iter();
    // What is said again of the second problem, if there is time for it, adds its tags.
    let aside = ["NOTATE", "UPDATE TAGS"].map(|kind| json!(kind));
    let events =
        events.filter(|event| event["event_method"] == "INTEGRATIONS_API" && !aside.contains(&event["event_type"]));
    let told: Vec<_> = events.map(|event| (event["event_type"].clone(), event["event_by"].clone())).collect();
    let expected = [("TRIGGER", name), ("ACKNOWLEDGE", "ana"), ("RESOLVE", name)];
    assert_eq!(told, expected.map(|(what, by)| (json!(what), json!(by))));

    monitor.set("disk", 2);
    wait_for(&mut server, "opened");
    let again = client.get("/list/incidents").json();
    client.done("/incidents/resolve", &json!({"instance_id": again[0]["instance_id"]}));
    let fate = loop {
        match server.logged("alerts were taken in")["first"].as_str() {
            Some("joined") => {}
            fate => break fate.map(str::to_owned),
        }
    };
    assert_eq!(fate.as_deref(), Some("noted"), "it goes on, which is nothing new");
    monitor.set("disk", 0);
    wait_for(&mut server, "resolved");
    assert_eq!(client.get("/list/incidents").json(), json!([]));
    drop(monitor);
    assert!(server.terminate().success());
}

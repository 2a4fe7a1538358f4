//! A real Alertmanager, by each way in which it can be pointed here.

use checks::{Alertmanager, Client, Database, Home, Server};
use serde_json::{Value, json};
use std::net::SocketAddr;

const DEFINITION: &str = r#"
[organization]
name = "acme"

[[user]]
username = "ana"
email = "ana@example.org"

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, users = ["ana"] }]

[[service]]
name = "shop"
escalation_policy = "primary"

[[integration]]
name = "webhook"
kind = "alertmanager"
service = "shop"
key = "00000000-0000-4000-8000-000000000001"

[[integration]]
name = "events"
kind = "pagerduty"
service = "shop"
key = "00000000-0000-4000-8000-000000000002"

[[integration]]
name = "alerts"
kind = "opsgenie"
service = "shop"
key = "00000000-0000-4000-8000-000000000003"
"#;

/// The three receivers, pointed at a server.
fn receivers(address: SocketAddr) -> String {
    format!(
        "  webhook_configs:\n  - url: http://{address}/alertmanager/00000000-0000-4000-8000-000000000001\n  \
         pagerduty_configs:\n  - url: http://{address}/v2/enqueue\n    routing_key: \"00000000000040008000000000000002\"\n  \
         opsgenie_configs:\n  - api_url: http://{address}/\n    api_key: 00000000-0000-4000-8000-000000000003\n    \
         update_alerts: true\n"
    )
}

fn alert(instance: &str, severity: &str, more: &Value) -> Value {
    let mut alert = json!({
        "labels": {"alertname": "HighLatency", "instance": instance, "severity": severity},
        "annotations": {"summary": format!("Latency of {instance} is high"), "runbook_url": "https://wiki.example.org/run"},
    });
    alert.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    alert
}

fn over(instance: &str, severity: &str) -> Value {
    alert(instance, severity, &json!({"startsAt": "2026-01-01T00:00:00Z", "endsAt": "2026-01-01T00:00:01Z"}))
}

/// Waits until alerts of each of these integrations were taken in, the first of which had this fate.
fn wait_for(server: &mut Server, fate: &str, integrations: &[&str]) {
    let mut missing: Vec<_> = integrations.to_vec();
    while !missing.is_empty() {
        let taken = server.logged("alerts were taken in");
        missing.retain(|name| taken["first"] != fate || taken["integration"] != *name);
    }
}

fn open(client: &mut Client) -> Vec<Value> {
    client.get("/list/incidents").json().as_array().expect("a list").clone()
}

fn home() -> Home {
    let mut home = Home::with(Database::Sqlite, DEFINITION);
    home.set("log.level", "debug");
    home
}

#[test]
fn its_alerts_open_and_resolve_incidents_by_all_three_of_its_receivers() {
    let home = home();
    let mut server = home.serve();
    let mut client = server.client(&home.key(&[]));
    let alertmanager = Alertmanager::with(&receivers(server.address));
    alertmanager.tell(&json!([alert("web-1", "critical", &json!({})), alert("web-2", "warning", &json!({}))]));
    wait_for(&mut server, "opened", &["webhook", "events", "alerts"]);
    let incidents = open(&mut client);
    let titles: Vec<_> = incidents.iter().map(|incident| incident["name"].as_str().expect("a name")).collect();
    assert_eq!(incidents.len(), 4, "each alert by the webhook, the group by the others: {titles:?}");
    assert!(titles.contains(&"Latency of web-1 is high") && titles.contains(&"Latency of web-2 is high"), "{titles:?}");
    let urgencies: Vec<_> = incidents.iter().map(|incident| incident["urgency_level"].as_i64()).collect();
    assert!(urgencies.contains(&Some(5)), "{urgencies:?}");

    alertmanager.tell(&json!([over("web-1", "critical"), over("web-2", "warning")]));
    wait_for(&mut server, "resolved", &["webhook", "events", "alerts"]);
    assert_eq!(open(&mut client), Vec::<Value>::new());
    let details = client.details(incidents[0]["instance_id"].as_i64().expect("a number"));
    let events = details["events"].as_array().expect("events");
    let told: Vec<_> = events.iter().map(|event| (&event["event_type"], &event["event_method"])).collect();
    let by_integration = json!("INTEGRATIONS_API");
    assert_eq!(told.first(), Some(&(&json!("TRIGGER"), &by_integration)));
    assert_eq!(told.last(), Some(&(&json!("RESOLVE"), &by_integration)), "{told:?}");
    assert!(server.terminate().success());
}

#[test]
fn what_it_could_not_tell_while_we_were_away_it_tells_when_we_are_back() {
    let mut home = home();
    let server = home.serve();
    let (address, key) = (server.address, home.key(&[]));
    let alertmanager = Alertmanager::with(&receivers(address));
    server.kill_9();
    alertmanager.tell(&json!([alert("web-1", "critical", &json!({}))]));
    home.set("server.listen", &address.to_string());
    let mut server = home.serve();
    wait_for(&mut server, "opened", &["webhook", "events", "alerts"]);
    assert_eq!(open(&mut server.client(&key)).len(), 3);
    assert!(server.terminate().success());
}

//! A night in the demo, faster than real: pages arrive at a real mail server, level by level.

use std::collections::BTreeSet;

use checks::{Client, Database, Home, Peer, Server};
use serde_json::{Value, json};

/// The last level waits so long that it ends in no run. Nobody is told of shifts: at this speed one begins at any time.
const DEMO: &str = r#"
organization = { name = "demo" }
escalation_policy = [{ name = "primary", levels = [
  { minutes = 5, users = ["ana"] },
  { minutes = 5, users = ["ben"] },
  { minutes = 600, users = ["cho", "dee"] },
] }]
service = [{ name = "checkout", escalation_policy = "primary", acknowledgement_minutes = 5 }]
user = [
  { username = "ana", email = "ana@example.com", handover_notices = false },
  { username = "ben", email = "ben@example.com", handover_notices = false },
  { username = "cho", email = "cho@example.com", handover_notices = false },
  { username = "dee", email = "dee@example.com", handover_notices = false },
  { username = "mofab", email = "mofab@example.com", handover_notices = false },
]
"#;

#[test]
fn pages_climb_level_by_level_and_an_acknowledgement_keeps_them_quiet_until_its_wait_ends() {
    let mut mailbox = Peer::mailbox();
    let mut home = Home::new(Database::Sqlite);
    home.send_mail_to(&mailbox);
    // Five minutes of a level pass in three seconds.
    let mut server = home.demo(&["--speed", "100", "--without-incidents"]);
    let mut client = client_of_demo(&mut server);
    home.set("database.url", &format!("sqlite:{}", home.path("demo/demo.db").display()));
    home.write("demo.toml", DEMO);
    assert!(home.succeed(&["apply", "--adopt-all", "demo.toml"]).contains("primary"));
    let service = reference(&mut client, "services", "checkout");

    let created = client.done("/incidents/create", &json!({"title": "Checkout is slow", "service_ref_id": service}));
    let id = created["instance_id"].as_i64().unwrap();
    let mut mails =
        vec![mailbox.wait_for_one(), mailbox.wait_for_one(), mailbox.wait_for_one(), mailbox.wait_for_one()];
    client.done("/incidents/acknowledge", &json!({"instance_id": id, "by": "cho"}));
    assert_eq!(to(&mails), ["ana@example.com", "ben@example.com", "cho@example.com", "dee@example.com"]);

    mails.extend([mailbox.wait_for_one(), mailbox.wait_for_one()]);
    let details = client.details(id);
    assert_eq!(to(&mails[4..6]), ["cho@example.com", "dee@example.com"], "the same level again");
    assert_eq!((&details["status"], &details["assignee_level"]), (&json!("OPEN"), &json!(3)));
    let events = details["events"].as_array().unwrap();
    let types: Vec<_> = events.iter().map(|event| event["event_type"].as_str().unwrap()).collect();
    assert_eq!(types, ["TRIGGER", "ESCALATE", "ESCALATE", "ACKNOWLEDGE", "DISPATCH"]);
    let until: Value = serde_json::from_str(events[3]["event_log"].as_str().unwrap()).unwrap();
    let reopened = events[4]["event_timestamp"].as_str().unwrap();
    assert!(reopened >= until["next_alert_timestamp"].as_str().unwrap(), "{details}");
    assert!(until["next_alert_timestamp"].as_str() > events[3]["event_timestamp"].as_str(), "{details}");

    client.done("/incidents/resolve", &json!({"instance_id": id}));
    client.done("/incidents/create", &json!({"title": "Another", "users": "mofab"}));
    // Whom it reached is told that it is over, at the same time.
    let mut after = vec![mailbox.wait_for_one()];
    while after.last().is_none_or(|mail| mail["recipients"][0] != "mofab@example.com") {
        after.push(mailbox.wait_for_one());
    }
    let is_page = |mail: &&Value| mail["subject"].as_str().unwrap().starts_with("[#1] High");
    assert_eq!(after.iter().find(is_page), None, "nobody is asked any more to act on what is resolved");
    mails.extend(after);
    let ids: BTreeSet<_> = mails.iter().map(|mail| mail["message_id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), mails.len(), "each page arrives once: {mails:#?}");
    let threads: BTreeSet<_> = mails[..6].iter().map(|mail| mail["in_reply_to"].as_str().unwrap()).collect();
    assert_eq!(threads.len(), 1, "one conversation");
    assert!(mails[..6].iter().all(|mail| mail["subject"].as_str().unwrap().contains("Checkout is slow")));
    assert!(server.terminate().success());
}

/// The recipients, in the order of their names: people of one level are paged at the same time.
fn to(mails: &[Value]) -> Vec<&str> {
    let mut recipients: Vec<_> = mails.iter().map(|mail| mail["recipients"][0].as_str().unwrap()).collect();
    recipients.sort_unstable();
    recipients
}

/// A client with the key that a demo prints.
pub(super) fn client_of_demo(server: &mut Server) -> Client {
    let key = server.printed(|line| line.strip_prefix("api key: ").map(str::to_owned));
    server.client(&key)
}

/// The id of a component, by its name.
pub(super) fn reference(client: &mut Client, kind: &str, name: &str) -> String {
    let listed = client.get(&format!("/list/{kind}")).json();
    let found = listed.as_array().unwrap().iter().find(|item| item["name"] == name);
    found.unwrap_or_else(|| panic!("no {name}: {listed}"))["ref_id"].as_str().unwrap().to_owned()
}

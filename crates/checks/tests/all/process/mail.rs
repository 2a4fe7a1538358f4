//! The mail server gone and back: pages wait, the breaker pauses, and afterwards everybody is paged once.

use std::collections::BTreeSet;

use checks::{Database, Home, Peer};
use serde_json::{Value, json};

use super::ACME;

/// As many as are sent in vain before the target is left alone, and more that wait.
const INCIDENTS: usize = 8;

#[test]
fn pages_arrive_once_the_mail_server_is_back_and_the_pause_ends() {
    let mailbox = Peer::mailbox();
    let mut home = Home::with(Database::Sqlite, ACME);
    home.send_mail_to(&mailbox);
    home.set("storm.gap_seconds", "0");
    let port = mailbox.port;
    drop(mailbox);
    let (server, key) = (home.serve(), home.key(&[]));
    let mut client = server.client(&key);
    let create = |number| json!({"title": format!("disk {number} is full"), "users": "ana"});
    let mut ids: Vec<i64> = Vec::new();
    for number in 0..INCIDENTS {
        ids.push(client.done("/incidents/create", &create(number))["instance_id"].as_i64().unwrap());
    }
    // The first are tried in vain and retried; what comes after the fifth failure waits out the pause.
    let mut is_paused = || {
        ids.iter().any(|id| {
            let events = client.details(*id)["events"].take();
            events
                .as_array()
                .unwrap()
                .iter()
                .any(|event| event["event_log"].as_str().unwrap().contains("delivery_paused"))
        })
    };
    while !is_paused() {}
    let mut mailbox = Peer::mailbox_on(port);
    let mut paged = BTreeSet::new();
    while paged.len() < INCIDENTS {
        let mail = mailbox.wait_for_one();
        let is_new = paged.insert(mail["subject"].as_str().unwrap().split_once(": ").unwrap().1.to_owned());
        assert!(is_new, "twice: {mail}");
    }
    let expected: BTreeSet<_> = (0..INCIDENTS).map(|number| format!("disk {number} is full")).collect();
    assert_eq!(paged, expected);
    // The connection before was idle for so long that the server may have closed it.
    let mut client = server.client(&key);
    for id in ids {
        let rows = client.get(&format!("/v1/incidents/{id}/notifications")).json();
        let outcomes =
            |row: &Value| row["attempts"].as_array().unwrap().iter().map(|a| a["outcome"].clone()).collect::<Vec<_>>();
        assert_eq!(rows.as_array().unwrap().len(), 1, "{rows}");
        assert!(outcomes(&rows[0]).iter().filter(|outcome| **outcome == "delivered").count() <= 1, "{rows}");
    }
    assert!(server.terminate().success());
    assert!(mailbox.waiting().is_empty(), "nobody is paged twice");
}

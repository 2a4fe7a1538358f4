//! One storm, one incident: a thousand creates with the same dedup key at once.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

use checks::{Client, Database, Home};
use serde_json::{Value, json};

use super::ACME;

const CONNECTIONS: usize = 64;
const CREATES: usize = 1_000;

#[test]
fn a_thousand_creates_with_one_dedup_key_are_one_incident_on_sqlite() {
    a_thousand_creates_are_one_incident(Database::Sqlite);
}

#[test]
fn a_thousand_creates_with_one_dedup_key_are_one_incident_on_postgresql() {
    a_thousand_creates_are_one_incident(Database::Postgresql);
}

fn a_thousand_creates_are_one_incident(database: Database) {
    let home = Home::with(database, ACME);
    let key = home.key(&[]);
    let server = home.serve();
    let address = server.address;
    let (together, next) = (Barrier::new(CONNECTIONS), AtomicUsize::new(0));
    let create = || {
        let mut client = Client::new(address, &key);
        together.wait();
        let mut answers = Vec::new();
        while next.fetch_add(1, Ordering::Relaxed) < CREATES {
            let body = json!({"title": "Disk full", "users": "ana", "dedup_key": "disk of db1"});
            answers.push(client.done("/incidents/create", &body));
        }
        answers
    };
    let answers: Vec<Value> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(create)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(answers.len(), CREATES);
    let id = answers[0]["instance_id"].as_i64().unwrap();
    let firsts = answers.iter().filter(|answer| answer["deduplicated"] != true).count();
    assert!(answers.iter().all(|answer| answer["instance_id"] == id), "{answers:?}");
    assert_eq!(firsts, 1, "one create began the incident, all others were counted on it");
    let mut client = server.client(&key);
    let listed = client.done("/incidents/list", &json!({}));
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(client.details(id)["suppressed_count"], CREATES - 1);
}

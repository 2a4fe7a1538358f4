//! The heartbeat of the real program: an outside service hears it, until an incident is forgotten.

use checks::{Database, Home, PATIENCE};
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use store::Store;

const DEFINITION: &str = "[organization]\nname = \"acme\"\n[[user]]\nusername = \"ana\"\n";

/// An outside service; what it was asked.
fn service() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/ping/secret", listener.local_addr().expect("an address"));
    let (told, heard) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut stream = BufReader::new(stream);
            let mut first = String::new();
            stream.read_line(&mut first).expect("a request");
            // The test may have ended.
            let _ = told.send(first);
            let _ = stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
        }
    });
    (url, heard)
}

#[test]
fn a_heartbeat_is_heard_until_an_incident_is_forgotten() {
    let (url, heard) = service();
    let mut home = Home::with(Database::Sqlite, DEFINITION);
    home.set("watchdog.heartbeat_url", &url);
    home.set("watchdog.heartbeat_seconds", "1");
    let mut server = home.serve();
    let mut client = server.client(&home.key(&[]));
    client.done("/incidents/create", &json!({"title": "Disk full", "users": "ana"}));
    for _ in 0..2 {
        let request = heard.recv_timeout(PATIENCE).expect("a heartbeat");
        assert!(request.starts_with("GET /ping/secret HTTP/1.1"), "{request}");
    }

    let outside = Store::open(&home.url().parse().expect("a URL")).expect("the database opens once more");
    let forget = |tx: &mut dyn store::Tx| tx.run("update incident set due_at = null", &[]);
    assert_eq!(outside.write(forget).expect("a change"), 1);
    let said = "the audit found what should not be";
    server.logged(said);
    // What was heard before that may have been on its way still.
    let before = heard.try_iter().count();
    server.logged(said);
    server.logged(said);
    assert_eq!(heard.try_iter().count(), 0, "{before} before");
    let warnings = client.get("/readyz").json()["warnings"].take();
    let found = json!("audit: 1 unresolved incidents or more have no due time");
    assert!(warnings.as_array().expect("a list").contains(&found), "{warnings}");
    assert!(client.get("/metrics").body.contains("reveille_audit_findings 1"));
}

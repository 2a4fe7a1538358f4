//! The end of the server: what is under way is answered, and nobody can hold it up.

use std::io::{Read, Write};

use checks::{Database, Home, PATIENCE, Server, connect, read_answer, request};
use serde_json::json;

use super::ACME;

/// A server that would wait much longer than the tests do for requests to finish.
fn patient() -> (Home, Server, String) {
    let mut home = Home::with(Database::Sqlite, ACME);
    home.set("server.shutdown_seconds", &(10 * PATIENCE.as_secs()).to_string());
    let (server, key) = (home.serve(), home.key(&[]));
    (home, server, key)
}

#[test]
fn requests_under_way_are_answered_before_the_end() {
    let (home, mut server, key) = patient();
    let mut begun = Vec::new();
    for number in 0..8 {
        let body = json!({"title": format!("disk {number} is full"), "users": "ana"}).to_string();
        let whole = request("POST", "/incidents/create", &key, &body);
        // The server has the head and knows how much is to come.
        let (first, second) = whole.split_at(whole.len() - body.len() / 2);
        let mut connection = connect(server.address).unwrap();
        connection.get_mut().write_all(first.as_bytes()).unwrap();
        begun.push((connection, second.to_owned()));
    }
    // Connections are accepted in order, so that with this answer the server has all of them.
    assert_eq!(server.client(&key).get("/healthz").status, 200);
    server.ask_to_stop();
    server.logged("stopping: requests and messages under way are finished");
    for (connection, rest) in &mut begun {
        connection.get_mut().write_all(rest.as_bytes()).unwrap();
        let answer = read_answer(connection).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    assert_eq!(server.ended().code(), Some(0));
    let server = home.serve();
    let listed = server.client(&key).get("/list/incidents").json();
    assert_eq!(listed.as_array().unwrap().len(), begun.len(), "what was answered at the end is kept");
}

#[test]
fn clients_that_stay_connected_do_not_hold_up_the_end() {
    let (_home, server, key) = patient();
    let mut idle = connect(server.address).unwrap();
    idle.get_mut().write_all(request("GET", "/healthz", &key, "").as_bytes()).unwrap();
    assert_eq!(read_answer(&mut idle).unwrap().status, 200);
    let mut silent = connect(server.address).unwrap();
    assert_eq!(server.client(&key).get("/healthz").status, 200);
    assert_eq!(server.terminate().code(), Some(0));
    for connection in [&mut idle, &mut silent] {
        assert_eq!(connection.read(&mut [0]).unwrap(), 0, "the server closed it");
    }
}

#[test]
fn a_client_that_is_slow_with_the_head_of_its_request_is_cut_off() {
    let mut home = Home::with(Database::Sqlite, ACME);
    home.set("limits.header_seconds", "1");
    let server = home.serve();
    // The last is the beginning of what an HTTP/2 client sends first.
    for beginning in ["GET /healthz HTTP/1.1\r\nhost: local", "G", "", "PRI * HTTP/2.0\r\n"] {
        let mut connection = connect(server.address).unwrap();
        connection.get_mut().write_all(beginning.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap_or_else(|error| panic!("after {beginning:?}: {error}"));
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "after {beginning:?}: {answer}");
    }
    assert_eq!(server.client("").get("/healthz").status, 200, "others are served");
    assert_eq!(server.terminate().code(), Some(0));
}

#[test]
fn a_client_that_never_ends_its_request_holds_up_the_end_only_as_long_as_configured() {
    let mut home = Home::with(Database::Sqlite, ACME);
    home.set("server.shutdown_seconds", "1");
    home.set("limits.header_seconds", "300");
    let mut server = home.serve();
    let mut connection = connect(server.address).unwrap();
    let half = "POST /incidents/list HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{";
    connection.get_mut().write_all(half.as_bytes()).unwrap();
    assert_eq!(server.client("").get("/healthz").status, 200);
    server.ask_to_stop();
    server.logged("stopping: requests and messages under way are finished");
    assert_eq!(server.ended().code(), Some(0));
}

//! Many connections and bad manners: places are bounded, and who only holds one loses it to the next.

use std::io::{BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;

use checks::{Database, Home, Server, connect, read_answer, request};

use super::ACME;

const PING: u8 = 6;
const SETTINGS: u8 = 4;
const HEADERS: u8 = 1;
const GOAWAY: u8 = 7;
const ACK: u8 = 1;
/// Pings after which a server that does not cut anybody off is seen through; it sends one a second.
const PINGS: usize = 30;

/// A server with so many places, on which nobody is hurried but by `idle` seconds.
fn crowded(places: &str, idle: &str) -> (Home, Server) {
    let mut home = Home::with(Database::Sqlite, ACME);
    home.set("limits.connections", places);
    home.set("limits.idle_seconds", idle);
    home.set("limits.header_seconds", "1");
    let server = home.serve();
    (home, server)
}

fn ask(connection: &mut BufReader<TcpStream>, path: &str) {
    connection.get_mut().write_all(request("GET", path, "", "").as_bytes()).unwrap();
}

/// The place that the first client held is given to this one.
fn next_is_served(mut next: BufReader<TcpStream>) {
    ask(&mut next, "/healthz");
    assert_eq!(read_answer(&mut next).unwrap().status, 200);
}

#[test]
fn as_many_connections_as_configured_are_open_and_the_next_waits_for_a_place() {
    let (_home, server) = crowded("2", "3600");
    let mut under_way = [connect(server.address).unwrap(), connect(server.address).unwrap()];
    for connection in &mut under_way {
        ask(connection, "/healthz");
        assert_eq!(read_answer(connection).unwrap().status, 200);
    }
    let mut next = connect(server.address).unwrap();
    ask(&mut next, "/healthz");
    ask(&mut under_way[0], "/healthz");
    assert_eq!(read_answer(&mut under_way[0]).unwrap().status, 200);
    next.get_ref().set_nonblocking(true).unwrap();
    assert_eq!(next.get_mut().read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock, "nobody answers it yet");
    next.get_ref().set_nonblocking(false).unwrap();
    drop(under_way);
    assert_eq!(read_answer(&mut next).unwrap().status, 200);
}

#[test]
fn a_client_that_stops_reading_loses_its_place() {
    let (_home, server) = crowded("1", "1");
    let mut deaf = connect(server.address).unwrap();
    // The answers are more than both ends of a connection keep for somebody who does not read.
    for _ in 0..200 {
        ask(&mut deaf, "/openapi.json");
    }
    next_is_served(connect(server.address).unwrap());
}

/// The first bytes of an HTTP/2 client that takes so many bytes of each answer before it is asked again, and a request.
fn http_2(connection: &mut BufReader<TcpStream>, window: u32, path: &str) {
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    // SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113 §6.5.2).
    bytes.extend(frame(SETTINGS, 0, 0, &[&[0, 4][..], &window.to_be_bytes()].concat()));
    // GET, http, and the path as a literal (RFC 7541, appendix A).
    let head = [&[0x82, 0x86, 0x04, u8::try_from(path.len()).unwrap()][..], path.as_bytes()].concat();
    // END_STREAM and END_HEADERS.
    bytes.extend(frame(HEADERS, 0x1 | 0x4, 1, &head));
    connection.get_mut().write_all(&bytes).unwrap();
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// The next frame: its kind, its flags, its payload; none at the end.
fn read_frame(connection: &mut BufReader<TcpStream>) -> Option<(u8, u8, Vec<u8>)> {
    let mut head = [0; 9];
    connection.read_exact(&mut head).ok()?;
    let mut payload = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
    connection.read_exact(&mut payload).ok()?;
    Some((head[3], head[4], payload))
}

/// Does nothing but answer settings and pings, and send a ping for each; what kinds of frames came before the end.
fn answer_pings(connection: &mut BufReader<TcpStream>) -> Vec<u8> {
    let mut seen = Vec::new();
    while let Some((kind, flags, payload)) = read_frame(connection) {
        seen.push(kind);
        assert!(seen.iter().filter(|kind| **kind == PING).count() < PINGS, "it is never cut off");
        let answer = match kind {
            PING if flags & ACK == 0 => [frame(PING, ACK, 0, &payload), frame(PING, 0, 0, &[7; 8])].concat(),
            SETTINGS if flags & ACK == 0 => frame(SETTINGS, ACK, 0, &[]),
            _ => continue,
        };
        if connection.get_mut().write_all(&answer).is_err() {
            break;
        }
    }
    seen
}

#[test]
fn a_client_that_only_answers_pings_loses_its_place() {
    // With a window of nothing, its answer can never be sent; with a large one, it has been.
    for (window, path) in [(0, "/openapi.json"), (65_535, "/healthz")] {
        let (_home, server) = crowded("1", "2");
        let mut idle = connect(server.address).unwrap();
        http_2(&mut idle, window, path);
        let next = connect(server.address).unwrap();
        let seen = answer_pings(&mut idle);
        assert!(seen.contains(&HEADERS) && seen.contains(&GOAWAY), "{path}: it is answered, then told: {seen:?}");
        next_is_served(next);
    }
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let (_home, server) = crowded("10", "60");
    // Who shows no key is refused before the body is waited for; the carrier's paths take a body from anybody.
    for (path, beginning, status) in [("/create", "{", 401), ("/v1/carrier/twilio/sms", "From=%2B4", 400)] {
        let mut connection = connect(server.address).unwrap();
        let head = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{beginning}");
        connection.get_mut().write_all(head.as_bytes()).unwrap();
        let answer = read_answer(&mut connection).unwrap();
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert_eq!(connection.read(&mut [0]).unwrap(), 0, "the rest is not waited for either");
    }
}

#[test]
fn a_head_that_is_too_long_is_refused_before_it_ends() {
    let (_home, server) = crowded("10", "60");
    let many = (0..200).map(|number| format!("x-{number}: y\r\n")).collect::<String>();
    for head in [format!("x: {}", "y".repeat(domain::limits::HEAD_BYTES)), format!("{many}\r\n")] {
        let mut connection = connect(server.address).unwrap();
        let sent = format!("GET /healthz HTTP/1.1\r\nhost: localhost\r\n{head}");
        connection.get_mut().write_all(&sent.as_bytes()[..sent.len().min(domain::limits::HEAD_BYTES)]).unwrap();
        assert_eq!(read_answer(&mut connection).unwrap().status, 431);
    }
    assert_eq!(server.client("").get("/healthz").status, 200);
}

//! Real peers of the server, written in Python by others: a mail server, and a receiver of webhooks that verifies.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::wire::Lines;

/// A peer that tells of each message it receives. Ends with the test, also when the test is killed.
pub struct Peer {
    /// Where it listens, on the loopback.
    pub port: u16,
    child: Child,
    heard: Lines,
}

impl Peer {
    /// A mail server (aiosmtpd). Each mail has `recipients`, `subject`, `message_id`, `in_reply_to` and `body`, and the
    /// number of the `connection` that it came by.
    pub fn mailbox() -> Self {
        Self::start(include_str!("mailbox.py"), &[])
    }

    /// The same, on the port of one that ended.
    pub fn mailbox_on(port: u16) -> Self {
        Self::start(include_str!("mailbox.py"), &[&port.to_string()])
    }

    /// A receiver of webhooks that verifies each request with the package standardwebhooks and `secret`. Each has
    /// `fault` (null, or what the package objects to), `headers` and `body`.
    pub fn receiver(secret: &str) -> Self {
        Self::start(include_str!("receiver.py"), &[secret])
    }

    /// The same for a test whose clock is held: for the receiver it is always `seconds` since the Unix epoch.
    pub fn receiver_at(secret: &str, seconds: i64) -> Self {
        Self::start(include_str!("receiver.py"), &[secret, &seconds.to_string()])
    }

    /// A push service, and a browser that subscribed to it, which opens what it is pushed with the package http_ece. First it
    /// tells its `p256dh` and `auth`; then of each push the `path`, `fault` (null, or what the package objects to), `headers`
    /// and `body`. What is sent to `/gone` is answered 410.
    pub fn push_service() -> Self {
        Self::start(include_str!("push_service.py"), &[])
    }

    fn start(script: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new(python())
            .args(["-c", script])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python runs");
        let heard = Lines::of(child.stdout.take().expect("a pipe"));
        let mut peer = Self { port: 0, child, heard };
        peer.port = peer.heard.find(|line| line.parse().ok());
        peer
    }

    /// Waits for the next message.
    pub fn wait_for_one(&mut self) -> Value {
        self.heard.find(|line| serde_json::from_str(line).ok())
    }

    /// The messages that have arrived already.
    pub fn waiting(&mut self) -> Vec<Value> {
        self.heard.waiting().iter().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the official clients of PagerDuty's events and Opsgenie's alerts find at a server, with the keys of an integration of
/// each: pairs of a name and what was answered.
pub fn official_clients(server: SocketAddr, [events, alerts]: [&str; 2]) -> Value {
    let script = include_str!("clients.py");
    let server = format!("http://{server}");
    let ended = Command::new(python()).args(["-c", script, &server, events, alerts]).output().expect("Python runs");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let text = String::from_utf8_lossy(&ended.stdout).into_owned();
    text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")).collect()
}

pub(crate) fn python() -> PathBuf {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/python/bin/python");
    assert!(python.exists(), "this test needs Python packages: run `bash scripts/prepare.sh` once");
    python
}

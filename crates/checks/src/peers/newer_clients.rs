//! The newest client of PagerDuty's events, which takes a server by TLS only, and apprise.

use crate::peers::Authority;
use crate::wire::Lines;
use serde_json::Value;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

/// The clients at work; they end with the test.
pub struct NewerClients {
    child: Child,
    told: Lines,
    input: ChildStdin,
    _authority: Authority,
}

impl NewerClients {
    /// They send to this server: PagerDuty's client by a front that ends TLS, with the first key, and apprise with the second.
    pub fn to(server: SocketAddr, [events, notifications]: [&str; 2]) -> Self {
        let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/senders/bin/python");
        assert!(python.exists(), "this test needs Python packages: run `bash scripts/prepare.sh` once");
        let authority = Authority::new();
        let mut child = Command::new(python)
            .args(["-c", include_str!("newer_clients.py"), events, notifications])
            .arg(authority.folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python runs");
        let told = Lines::of(child.stdout.take().expect("a pipe"));
        let input = child.stdin.take().expect("a pipe");
        let mut clients = Self { child, told, input, _authority: authority };
        clients.go_on(&server.to_string());
        clients
    }

    /// Waits for the next pair of a name and what was answered.
    pub fn wait_for_one(&mut self) -> Value {
        self.told.find(|line| serde_json::from_str(line).ok())
    }

    /// Lets them go on, where they wait for this.
    pub fn go_on(&mut self, said: &str) {
        writeln!(self.input, "{said}").expect("it is read");
    }
}

impl Drop for NewerClients {
    fn drop(&mut self) {
        // They may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

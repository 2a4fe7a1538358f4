//! A provider of OpenID Connect, written by others: the Python package oidc-provider-mock.

use super::peer::python;
use crate::wire::Lines;
use serde_json::Value;
use std::io::Write as _;
use std::process::{Child, Command, Stdio};

/// The provider, with one person. Ends with the test, also when the test is killed.
pub struct Provider {
    /// Where it listens, on the loopback.
    pub port: u16,
    child: Child,
    heard: Lines,
}

impl Provider {
    /// Starts it; `claims` are those of the person, with `sub`.
    pub fn start(claims: &Value) -> Self {
        let mut child = Command::new(python())
            .args(["-c", include_str!("provider.py"), &claims.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Python runs");
        let mut heard = Lines::of(child.stdout.take().expect("a pipe"));
        let port = heard.find(|line| line.parse().ok());
        Self { port, child, heard }
    }

    /// The person signs in there whose browser was sent to `address`; where the browser is sent back to.
    pub fn sign_in(&mut self, address: &str, subject: &str) -> String {
        let pipe = self.child.stdin.as_mut().expect("a pipe");
        writeln!(pipe, "{address} {subject}").expect("it reads");
        pipe.flush().expect("it reads");
        let answer: Value = self.heard.find(|line| serde_json::from_str(line).ok());
        answer["location"].as_str().unwrap_or_else(|| panic!("it sends nobody back: {answer}")).to_owned()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! What others wrote in other languages, driven by a script: clients of PagerDuty and Opsgenie, apprise, and moto's SNS.

use crate::peers::Authority;
use crate::wire::Lines;
use serde_json::Value;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

/// A script at work; it ends with the test.
pub struct Script {
    child: Child,
    told: Lines,
    input: ChildStdin,
    _authority: Option<Authority>,
}

impl Script {
    /// PagerDuty's newest client sends to this server by a front that ends TLS, with the first key, and apprise with the second.
    pub fn newer_clients(server: SocketAddr, [events, notifications]: [&str; 2]) -> Self {
        let text = concat!(include_str!("front.py"), include_str!("newer_clients.py"));
        Self::fronted(server, text, &[events, notifications], Authority::new())
    }

    /// apprise sends mail to this port and address, and what its plugins for PagerDuty and Opsgenie say, with these keys, to
    /// this server, which has the names of theirs.
    pub fn apprise(server: SocketAddr, (port, to): (u16, &str), [events, alerts]: [&str; 2]) -> Self {
        let text = concat!(include_str!("front.py"), include_str!("notifier.py"));
        let authority = Authority::of(&["events.pagerduty.com", "api.opsgenie.com"]);
        Self::fronted(server, text, &[&port.to_string(), to, events, alerts], authority)
    }

    /// Opsgenie's client for Node sends to this server, with this key.
    pub fn opsgenie_for_node(server: SocketAddr, key: &str) -> Self {
        let folder = installed("target/node", "node_modules");
        let mut command = Command::new("node");
        command.args(["-e", include_str!("node_client.js")]).arg(folder).args([&format!("http://{server}"), key]);
        Self::start(&mut command, None)
    }

    /// moto plays Amazon's SNS, with a topic that this address is subscribed to. It tells the topic first, and then answers
    /// each line: `{"url": …}` with status and body of what is there, anything else with the id under which it published that.
    pub fn sns(endpoint: &str) -> Self {
        let mut command = Command::new(installed("target/senders", "bin/python"));
        Self::start(command.args(["-c", include_str!("topic.py"), endpoint]), None)
    }

    /// A script for Python that sends by a front, the certificate of which is this authority's.
    fn fronted(server: SocketAddr, text: &str, arguments: &[&str], authority: Authority) -> Self {
        let mut command = Command::new(installed("target/senders", "bin/python"));
        command.args(["-c", text]).args(arguments).arg(authority.folder());
        let mut script = Self::start(&mut command, Some(authority));
        script.go_on(&server.to_string());
        script
    }

    fn start(command: &mut Command, authority: Option<Authority>) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
        let told = Lines::of(child.stdout.take().expect("a pipe"));
        let input = child.stdin.take().expect("a pipe");
        Self { child, told, input, _authority: authority }
    }

    /// Waits for the next pair of a name and what was answered.
    pub fn wait_for_one(&mut self) -> Value {
        self.told.find(|line| serde_json::from_str(line).ok())
    }

    /// Waits for what is told next under this name.
    pub fn wait_for(&mut self, name: &str) -> Value {
        let told = |line: &str| serde_json::from_str(line).ok().filter(|told: &Value| told[0] == name);
        self.told.find(told)[1].take()
    }

    /// Lets it go on, where it waits for this.
    pub fn go_on(&mut self, said: &str) {
        writeln!(self.input, "{said}").expect("it is read");
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A file of a folder that scripts/prepare.sh fills.
fn installed(folder: &str, file: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder).join(file);
    assert!(path.exists(), "this test needs {folder}: run `bash scripts/prepare.sh` once");
    path
}

//! A real Alertmanager, as Debian packages it.

use crate::wire::{Client, Lines};
use serde_json::Value;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// An Alertmanager that tells a server of ours. Ends with the test.
pub struct Alertmanager {
    address: SocketAddr,
    child: Child,
    _log: Lines,
    _folder: TempDir,
}

impl Alertmanager {
    /// One with these receivers, as `receivers:` has them in its configuration below the one that all alerts go to.
    pub fn with(receivers: &str) -> Self {
        let program = Path::new("/usr/bin/prometheus-alertmanager");
        assert!(
            program.exists(),
            "this test needs Debian's prometheus-alertmanager: run `bash scripts/prepare.sh` once"
        );
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("alertmanager.yml");
        let route = "route:\n  receiver: all\n  group_by: [alertname]\n  group_wait: 1s\n  group_interval: 1s\n  \
            repeat_interval: 1h\nreceivers:\n- name: all\n";
        std::fs::write(&file, [route, receivers].concat()).expect("a file");
        let address = free_address();
        let mut child = Command::new(program)
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--cluster.listen-address=")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Alertmanager runs");
        let mut log = Lines::of(child.stderr.take().expect("a pipe"));
        log.find(|line| line.contains("Listening on").then_some(()));
        Self { address, child, _log: log, _folder: folder }
    }

    /// Tells it of alerts, in the form of its own API.
    pub fn tell(&self, alerts: &Value) {
        let answer = Client::new(self.address, "none").post("/api/v2/alerts", alerts);
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address that nobody listens on.
pub(super) fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("an address")
}

//! A real Prometheus, as Debian packages it.

use super::alertmanager::free_address;
use crate::wire::{Client, Lines};
use serde_json::json;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A Prometheus with one rule, which tells a server of ours as if it were an Alertmanager. Ends with the test.
pub struct Prometheus {
    address: SocketAddr,
    child: Child,
    _log: Lines,
    folder: TempDir,
}

impl Prometheus {
    /// One that tells the server with the key of an integration, and whose rule fires.
    pub fn firing(server: SocketAddr, key: &str) -> Self {
        let program = Path::new("/usr/bin/prometheus");
        assert!(program.exists(), "this test needs Debian's prometheus: run `bash scripts/prepare.sh` once");
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("prometheus.yml");
        let configuration = format!(
            "global:\n  evaluation_interval: 1s\nrule_files: [rules.yml]\nalerting:\n  alertmanagers:\n  - path_prefix: \
             /alertmanager/{key}\n    static_configs:\n    - targets: ['{server}']\n"
        );
        std::fs::write(&file, configuration).expect("a file");
        write_rule(folder.path(), "== 1");
        let address = free_address();
        let mut child = Command::new(program)
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--web.enable-lifecycle")
            // It learns whom to tell some seconds after its rule fires, and would tell again a minute later.
            .arg("--rules.alert.resend-delay=1s")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Prometheus runs");
        let mut log = Lines::of(child.stderr.take().expect("a pipe"));
        log.find(|line| line.contains("Server is ready to receive web requests").then_some(()));
        Self { address, child, _log: log, folder }
    }

    /// What its rule looks for is there no more.
    pub fn calm_down(&self) {
        write_rule(self.folder.path(), "> 1");
        let answer = Client::new(self.address, "none").post("/-/reload", &json!({}));
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

fn write_rule(folder: &Path, condition: &str) {
    let expression = format!("label_replace(vector(1), 'room', 'cellar', '', '') {condition}");
    let rule = format!(
        "groups:\n- name: all\n  rules:\n  - alert: TooHot\n    expr: \"{expression}\"\n    labels: {{severity: critical}}\n    \
         annotations: {{summary: 'The {{{{ $labels.room }}}} is too hot'}}\n"
    );
    std::fs::write(folder.join("rules.yml"), rule).expect("a file");
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

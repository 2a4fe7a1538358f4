//! A real mail server that queues what it cannot deliver: nullmailer of Debian, in a folder of its own.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::PATIENCE;
use crate::wire::Lines;

/// The variable that makes nullmailer seek everything below a folder: settings, queue, and its own programs.
const PREFIX: &str = "NULLMAILER_TEST_PREFIX";

/// A mail server that passes all that it is given on to a server of ours, and tries again every second. Ends with the test.
pub struct Nullmailer {
    child: Child,
    log: Lines,
    folder: TempDir,
}

/// One try of a [`Nullmailer`] to deliver a mail.
#[derive(Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The reply by which the mail was taken; `Err` holds the reply by which it was not, or why there was none.
    pub told: Result<String, String>,
    /// How many mails are in the queue after it. A mail that is given up is not.
    pub kept: usize,
}

impl Nullmailer {
    /// One that passes on to this port of the loopback.
    pub fn towards(port: u16) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        for name in ["conf", "queue/queue", "queue/tmp", "queue/failed"] {
            fs::create_dir_all(path(name)).expect("a folder");
        }
        let made = Command::new("mkfifo").arg(path("queue/trigger")).status().expect("mkfifo runs");
        assert!(made.success(), "there is no pipe");
        for (name, programs) in [("bin", "usr/bin"), ("sbin", "usr/sbin"), ("protocols", "usr/lib/nullmailer")] {
            symlink(unpacked(programs), path(name)).expect("a link");
        }
        let lifetime = PATIENCE.as_secs().to_string();
        let remote = format!("127.0.0.1 smtp port={port}");
        let files = [
            ("mailname", "mon.example.org"),
            ("conf/remotes", &remote),
            ("conf/pausetime", "1"),
            ("conf/maxpause", "1"),
            // What never is delivered is given up, and does not hang the test.
            ("conf/queuelifetime", &lifetime),
        ];
        for (name, text) in files {
            fs::write(path(name), format!("{text}\n")).expect("a file");
        }
        // What it says and what the program says that it delivers by are told apart by nobody here.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" 2>&1"])
            .arg(unpacked("usr/sbin/nullmailer-send"))
            .env(PREFIX, folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("nullmailer runs");
        let mut log = Lines::of(child.stdout.take().expect("a pipe"));
        // Only now does it hear that a mail has come.
        log.find(|line| (line == "Rescanning queue.").then_some(()));
        Self { child, log, folder }
    }

    /// Gives it a mail of a monitoring tool that adds neither a date nor an id, and returns when it is queued.
    pub fn post(&self, to: &str, subject: &str) {
        let mut child = Command::new(unpacked("usr/bin/nullmailer-inject"))
            .args(["-f", "nagios@mon.example.org", to])
            .env(PREFIX, self.folder.path())
            .stdin(Stdio::piped())
            .spawn()
            .expect("nullmailer runs");
        let mail = format!("From: Nagios <nagios@mon.example.org>\nTo: {to}\nSubject: {subject}\n\n/var is full\n");
        child.stdin.take().expect("a pipe").write_all(mail.as_bytes()).expect("it is read");
        assert!(child.wait().expect("it was started").success(), "it is not queued");
    }

    /// Waits for the next try.
    pub fn next_attempt(&mut self) -> Attempt {
        let told = self.log.find(|line| {
            let taken = line.strip_prefix("smtp: Succeeded: ").map(|reply| Ok(reply.to_owned()));
            taken.or_else(|| Some(Err(line.strip_prefix("smtp: Failed: ")?.to_owned())))
        });
        let kept = self.log.find(|line| line.strip_prefix("Delivery complete, ")?.split(' ').next()?.parse().ok());
        Attempt { told, kept }
    }
}

impl Drop for Nullmailer {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where scripts/prepare.sh puts a file of the package.
fn unpacked(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/nullmailer").join(name);
    assert!(path.exists(), "this test needs Debian's nullmailer: run `bash scripts/prepare.sh` once");
    path
}

//! Real Nagios and Icinga 2, as Debian packages them, each with two checks on one host and a notification command.

use crate::wire::Lines;
use std::fs::{self, OpenOptions};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// Where scripts/prepare.sh unpacks both.
const PACKAGES: &str = "../../target";

/// A Nagios or an Icinga 2 that watches `disk` and `load` of the host `db-1`, both well in the beginning, and tells a server of
/// ours, again and again while a problem lasts. Ends with the test.
pub struct Monitor {
    child: Child,
    /// What its notification command told.
    told: Lines,
    _log: Lines,
    folder: TempDir,
}

impl Monitor {
    /// A Nagios that tells this server with the key of an integration.
    pub fn nagios(server: SocketAddr, key: &str) -> Self {
        let folder = folder(&format!("http://{server}/nagios/{key}"));
        for inner in ["results", "archives"] {
            fs::create_dir(folder.path().join(inner)).expect("a folder");
        }
        let mut command = Command::new(package("nagios4/usr/sbin/nagios4"));
        command.arg(folder.path().join("nagios.cfg"));
        Self::run(command, folder, "Successfully launched command file worker")
    }

    /// An Icinga 2 that does.
    pub fn icinga2(server: SocketAddr, key: &str) -> Self {
        let folder = folder(&format!("http://{server}/icinga2/{key}"));
        let libraries = format!("icinga2/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
        let mut command = Command::new(package(&format!("{libraries}/icinga2/sbin/icinga2")));
        command.env("LD_LIBRARY_PATH", package(&libraries));
        command.arg("daemon").arg("-c").arg(folder.path().join("icinga2.conf"));
        let include = package("icinga2/usr/share/icinga2/include");
        command.arg("-D").arg(format!("IncludeConfDir={}", include.display()));
        for constant in ["ConfigDir", "DataDir", "LogDir", "CacheDir", "SpoolDir", "InitRunDir"] {
            command.arg("-D").arg(format!("{constant}={}", folder.path().display()));
        }
        let (user, group) = (own("-un"), own("-gn"));
        command.args(["-D", &format!("RunAsUser={user}"), "-D", &format!("RunAsGroup={group}")]);
        Self::run(command, folder, "Activated all objects")
    }

    fn run(mut command: Command, folder: TempDir, ready: &str) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("it runs");
        let mut log = Lines::of(child.stdout.take().expect("a pipe"));
        log.find(|line| line.contains(ready).then_some(()));
        // Open for writing as well, so that it has no end.
        let told = OpenOptions::new().read(true).write(true).open(folder.path().join("told")).expect("a pipe");
        Self { child, told: Lines::of(told), _log: log, folder }
    }

    /// From now on this is what the check of a service says: 0 is OK, 1 WARNING, 2 CRITICAL.
    pub fn set(&self, service: &str, state: u8) {
        set(self.folder.path(), service, state);
    }

    /// Somebody acknowledges the problem of a service there.
    pub fn acknowledge(&self, service: &str, by: &str, comment: &str) {
        let line = format!("[1] ACKNOWLEDGE_SVC_PROBLEM;db-1;{service};1;1;0;{by};{comment}\n");
        fs::write(self.folder.path().join("commands"), line).expect("it listens");
    }

    /// Returns once it has told of a problem of this service, and nobody heard it.
    pub fn is_not_heard(&mut self, service: &str) {
        let line = format!("{service} PROBLEM unheard");
        self.told.find(|told| (told == line).then_some(()));
    }
}

/// A folder with all that either needs.
fn folder(url: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("notify.py", include_str!("notify.py")),
        ("check.sh", include_str!("check.sh")),
        ("nagios.cfg", include_str!("nagios.cfg")),
        ("objects.cfg", include_str!("objects.cfg")),
        ("icinga2.conf", include_str!("icinga2.conf")),
    ] {
        let here = folder.path().display().to_string();
        let text =
            text.replace("FOLDER", &here).replace("URL ", &format!("{url} ")).replace("\"URL\"", &format!("\"{url}\""));
        let text =
            text.replace("=USER\n", &format!("={}\n", own("-un"))).replace("=GROUP\n", &format!("={}\n", own("-gn")));
        fs::write(folder.path().join(name), text).expect("a file");
    }
    for service in ["disk", "load"] {
        set(folder.path(), service, 0);
    }
    let made = Command::new("mkfifo").arg(folder.path().join("told")).status().expect("mkfifo runs");
    assert!(made.success(), "a pipe is made");
    folder
}

/// Whole at once: a check may be about to read it.
fn set(folder: &Path, service: &str, state: u8) {
    let new = folder.join(format!("{service}.new"));
    fs::write(&new, state.to_string()).expect("a file");
    fs::rename(new, folder.join(service)).expect("the same file system");
}

fn package(path: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(PACKAGES).join(path);
    assert!(path.exists(), "this test needs {}: run `bash scripts/prepare.sh` once", path.display());
    path
}

/// What `id` says of whoever runs the tests.
fn own(what: &str) -> String {
    let said = Command::new("id").arg(what).output().expect("id runs").stdout;
    String::from_utf8(said).expect("text").trim().to_owned()
}

impl Drop for Monitor {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

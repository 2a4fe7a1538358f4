//! A small disk of a test's own, a file system in memory or in a file, which can be filled up and go wrong. Mounting takes root, or `sudo`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A mounted file system; gone with the test.
pub struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// One in memory that holds so many bytes. Fails the test where nothing may be mounted.
    pub fn of(bytes: u64) -> Self {
        let disk = Self { folder: tempfile::tempdir().expect("a folder") };
        let size = format!("size={bytes},mode=0777");
        disk.as_root(&["mount", "-t", "tmpfs", "-o", &size, "reveille-test"]);
        disk
    }

    /// A path on it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Fills it up with a file of this name, to the last byte.
    pub fn fill(&self, name: &str) {
        let mut filler = std::fs::File::create(self.path(name)).expect("a file");
        for size in [65_536, 4_096, 1] {
            while filler.write_all(&vec![b'x'; size]).is_ok() {}
        }
    }

    /// Lets nobody write to it any more, or everybody again. Nothing on it may be open for writing.
    pub fn remount(&self, how: &str) {
        self.as_root(&["mount", "-o", &format!("remount,{how}")]);
    }

    /// Runs a command as root, with the folder as its last argument.
    fn as_root(&self, command: &[&str]) {
        let (finished, told) = as_root(command, self.folder.path());
        assert!(finished, "this test mounts a small file system of its own, which takes root, or sudo: {told}");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the server may be ending still. What cannot be unmounted is in memory, and empty.
        let _ = as_root(&["umount", "--lazy"], self.folder.path());
    }
}

fn as_root(command: &[&str], folder: &Path) -> (bool, String) {
    let script = r#"if [ "$(id -u)" = 0 ]; then exec "$@"; else exec sudo -n "$@"; fi"#;
    let output =
        Command::new("sh").args(["-c", script, "as-root"]).args(command).arg(folder).output().expect("a shell");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

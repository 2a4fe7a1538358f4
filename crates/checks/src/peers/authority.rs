//! A certificate authority of an operator's own, made by OpenSSL, with one server that it vouches for.

use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The files go away with it.
pub struct Authority {
    folder: TempDir,
}

impl Authority {
    /// One that vouches for `localhost` and 127.0.0.1.
    pub fn new() -> Self {
        Self::of(&[])
    }

    /// The same, for a server that has these names, too.
    pub fn of(more: &[&str]) -> Self {
        let authority = Self { folder: tempfile::tempdir().expect("a directory") };
        let more: String = more.iter().map(|name| format!(",DNS:{name}")).collect();
        let names = format!("subjectAltName=DNS:localhost,IP:127.0.0.1{more}");
        std::fs::write(authority.folder().join("names"), names).expect("a file");
        for arguments in [
            "req -x509 -newkey ed25519 -nodes -keyout ca.key -out ca.crt -subj /CN=acme -days 2",
            "req -newkey ed25519 -nodes -keyout server.key -out server.csr -subj /CN=localhost",
            "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -extfile names -out server.crt -days 2",
        ] {
            let made = Command::new("openssl").args(arguments.split(' ')).current_dir(authority.folder()).output();
            let made = made.expect("openssl");
            assert!(made.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&made.stderr));
        }
        authority
    }

    /// Where `server.crt` and `server.key` are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its own certificate.
    pub fn certificate(&self) -> PathBuf {
        self.folder().join("ca.crt")
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

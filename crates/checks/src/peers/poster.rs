//! Real senders of mail: Python's smtplib, and swaks of Debian.

use super::peer::python;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a server said of a mail.
#[derive(Debug, PartialEq, Eq)]
pub struct Posted {
    /// Its reply to the mail; `None` if no recipient was taken.
    pub code: Option<i64>,
    /// Its replies to recipients that it refused.
    pub refused: BTreeMap<String, i64>,
    /// The version of TLS, by which it was sent.
    pub tls: Option<String>,
}

/// Sends a mail by smtplib.
pub fn post_mail(port: u16, from: &str, to: &[&str], mail: &str) -> Posted {
    post(port, from, to, mail, "")
}

/// The same after STARTTLS, to a server for whose certificate this authority vouches.
pub fn post_mail_by_tls(port: u16, from: &str, to: &[&str], mail: &str, authority: &Path) -> Posted {
    post(port, from, to, mail, authority.to_str().expect("text"))
}

fn post(port: u16, from: &str, to: &[&str], mail: &str, authority: &str) -> Posted {
    let script = include_str!("poster.py");
    let arguments = ["-c", script, &port.to_string(), from, &to.join(","), authority];
    let told = run(Command::new(python()).args(arguments), mail);
    let told: Value = serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error}: {told}"));
    let refused = told["refused"].as_object().expect("an object").iter();
    Posted {
        code: told["code"].as_i64(),
        refused: refused.map(|(recipient, code)| (recipient.clone(), code.as_i64().expect("a code"))).collect(),
        tls: told["cipher"].as_str().map(str::to_owned),
    }
}

/// Runs swaks against a server with these further arguments; what both said, line by line.
pub fn swaks(port: u16, arguments: &[&str]) -> String {
    let always = ["--server", "127.0.0.1", "--port", &port.to_string(), "--timeout", "60"];
    run(Command::new("swaks").args(always).args(arguments), "")
}

fn run(command: &mut Command, input: &str) -> String {
    let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = started.expect("a client: run `bash scripts/prepare.sh` once");
    let mut stdin = child.stdin.take().expect("a pipe");
    // Who does not read its input may be gone by then.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let ended = child.wait_with_output().expect("it was started");
    assert!(!ended.stdout.is_empty(), "{}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8_lossy(&ended.stdout).into_owned()
}

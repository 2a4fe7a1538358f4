//! A reader of calendars written by others: the Python packages icalendar and recurring-ical-events.

use std::io::Write;
use std::process::{Command, Stdio};

use domain::Instant;
use serde_json::Value;

use super::peer::python;

/// What `text` says of the time from `from` until `until`: `name`, `refresh_seconds`, `faults` (what the reader objects to) and
/// `events` in order, each with `from`, `until` (as on the wire), `summary`, `description`, `uid` and `stamp`.
pub fn read_calendar(text: &str, from: Instant, until: Instant) -> Value {
    let mut reader = Command::new(python())
        .args(["-c", include_str!("reader.py"), &from.wire(), &until.wire()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python runs");
    let mut input = reader.stdin.take().expect("a pipe");
    input.write_all(text.as_bytes()).expect("the reader reads all before it writes");
    drop(input);
    let output = reader.wait_with_output().expect("the reader ends");
    assert!(output.status.success(), "the reader failed on:\n{text}");
    serde_json::from_slice(&output.stdout).expect("the reader writes JSON")
}

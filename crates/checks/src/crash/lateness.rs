//! How late incidents were that nobody touched: told by their logs, from when they were due to when they escalated.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::findings::Findings;

/// By how much a due incident may be late when a node is killed every five seconds.
const LATE_MICROS: i64 = 5_000_000;

/// The lateness of all incidents that were due before some instant.
pub(super) struct Lateness {
    until: i64,
    late: Mutex<Vec<(i64, i64)>>,
}

impl Lateness {
    /// Of those that were due by `until`, and before that by more than may be.
    pub(super) fn at(until: i64) -> Self {
        Self { until, late: Mutex::default() }
    }

    /// Notes the incident of these details.
    pub(super) fn note(&self, details: &Value) {
        let events = details["events"].as_array().expect("a list");
        let due = due(&events[0]);
        if due > self.until - LATE_MICROS {
            return;
        }
        let escalated = events.iter().find(|event| event["event_type"] == "ESCALATE");
        let late = escalated.map_or(self.until, |event| instant(&event["event_timestamp"])) - due;
        let id = details["instance_id"].as_i64().expect("a number");
        self.late.lock().unwrap_or_else(PoisonError::into_inner).push((late, id));
    }

    /// The figures; who was too late is a finding.
    pub(super) fn rows(&self, findings: &Findings) -> Vec<(&'static str, u64)> {
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner).clone();
        late.sort_unstable();
        for (micros, id) in late.iter().filter(|(micros, _)| *micros > LATE_MICROS) {
            findings.say(format!("incident {id} was late by {} ms", micros / 1000));
        }
        let millis = |place: usize| late.get(place).map_or(0, |(micros, _)| micros.unsigned_abs() / 1000);
        vec![
            ("incidents that came due, untouched", late.len() as u64),
            ("median of their lateness, ms", millis(late.len() / 2)),
            ("most, ms", millis(late.len().saturating_sub(1))),
        ]
    }
}

/// When an incident was due by its beginning, microseconds since the epoch.
pub(super) fn due(trigger: &Value) -> i64 {
    let log: Value = serde_json::from_str(trigger["event_log"].as_str().expect("a text")).expect("JSON");
    instant(&log["next_alert_timestamp"])
}

fn instant(wire: &Value) -> i64 {
    let text = format!("{}Z", wire.as_str().expect("a text"));
    text.parse::<jiff::Timestamp>().expect("a timestamp").as_microsecond()
}

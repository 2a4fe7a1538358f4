//! Tables of what recurs when: by rule, in UTC.

mod cron;
mod dateutil;
mod oracle;
mod properties;
mod rules;
mod windows;

use super::Recurring;
use crate::Instant;
use serde_json::{Value, json};

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap_or_else(|| panic!("`{text}` is no timestamp"))
}

/// What recurs for an hour, with what else `keys` says of it.
fn recurring(starts: &str, timezone: &str, keys: &Value) -> Recurring {
    let mut whole = json!({"starts": starts, "timezone": timezone, "duration_minutes": 60});
    whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    serde_json::from_value(whole).unwrap()
}

/// The starts between two instants, to the minute.
fn starts(recurring: &Recurring, from: &str, until: &str) -> Vec<String> {
    let occurrences = recurring.occurrences(instant(from), instant(until));
    occurrences.iter().map(|occurrence| occurrence.start.wire()[..16].to_owned()).collect()
}

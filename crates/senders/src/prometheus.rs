//! What Prometheus and its relatives post to an Alertmanager (intake §3.4).

use crate::alertmanager::{alert, instant};
use crate::input::{Input, Options};
use crate::json::{member, members};
use domain::Instant;
use domain::intake::{Delivery, State, Unreadable};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Reads an array of alerts. One whose end has come by `now` is over; one without an end goes on.
///
/// # Errors
/// Why it is no JSON, or no array.
pub fn read_prometheus(input: &Input<'_>, _: &Options, now: Instant) -> Result<Delivery, Unreadable> {
    let read = input.read()?;
    let alerts = match read.value {
        Value::Array(alerts) => alerts,
        Value::Object(_) => vec![read.value],
        _ => return Err(Unreadable("must be an array of alerts".to_owned())),
    };
    let received = alerts.iter().map(|value| {
        let mut received = alert(value, None);
        let ends_at = member(members(value), "endsAt").as_deref().and_then(instant);
        if received.state == State::Firing && ends_at.is_some_and(|at| at <= now) {
            received.state = State::Resolved;
            received.occurred_at = ends_at;
        }
        let labels: Vec<_> = received.labels.iter().map(|(name, value)| format!("{name}\0{value}")).collect();
        let digest = Sha256::digest(labels.join("\0").as_bytes());
        received.identity = Some(digest.iter().map(|byte| format!("{byte:02x}")).collect());
        received.repairs.splice(0..0, read.repairs.iter().cloned());
        received
    });
    Ok(Delivery { event_id: None, received: received.collect() })
}

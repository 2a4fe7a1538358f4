//! What is said beside an alert: that a part of the body could not be read, and what was repaired or left out.

use domain::intake::{Received, State};
use serde_json::Value;

/// Something of which the state cannot be told; what was missing.
pub(crate) fn unknown(source: &Value, missing: &str) -> Received {
    let mut received = Received::of(State::Unknown(missing.to_owned()));
    received.payload = source.clone();
    received
}

/// Says what is missing where a sender does not say which alerts are the same.
pub(crate) fn if_unnamed(received: &mut Received, missing: &str) {
    if received.identity.is_none() {
        received.repairs.push(format!("{missing} missing: each is a new alert"));
    }
}

/// A remark that is worth making once for each alert.
pub(crate) fn say_once(received: &mut Received, remark: &str) {
    if received.repairs.iter().all(|known| known != remark) {
        received.repairs.push(remark.to_owned());
    }
}

/// What the body was repaired of holds for each alert in it.
pub(crate) fn repaired(mut received: Vec<Received>, repairs: &[String]) -> Vec<Received> {
    for one in &mut received {
        for repair in repairs {
            say_once(one, repair);
        }
    }
    received
}

//! What a command brought about, as its caller is told (contract §2).

use domain::Instant;
use domain::incident::Outcome;
use serde::Serialize;

/// The answer to a command.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum OutcomeAnswer<'a> {
    /// `"Success"`.
    Success(&'static str),
    /// When the engine acts next.
    NextAlert {
        /// That instant.
        next_alert_timestamp: String,
    },
    /// A new incident.
    Created {
        /// Its number.
        instance_id: i64,
        /// When it began.
        timestamp: String,
    },
    /// No new incident: another has the same key.
    Deduplicated {
        /// Number of that one.
        instance_id: i64,
        /// When that one began.
        timestamp: String,
        /// Always true.
        deduplicated: bool,
    },
    /// No incident: a routing rule said so.
    Suppressed {
        /// Always null.
        instance_id: (),
        /// When the request came.
        timestamp: String,
        /// Always true.
        suppressed: bool,
        /// The rule's name.
        rule: &'a str,
    },
}

/// The answer that tells of `outcome`.
pub fn answer(outcome: &Outcome) -> OutcomeAnswer<'_> {
    let wire = |at: &Instant| at.wire();
    match outcome {
        Outcome::Done => OutcomeAnswer::Success("Success"),
        Outcome::NextAlert { at } => OutcomeAnswer::NextAlert { next_alert_timestamp: wire(at) },
        Outcome::Created { instance_id, at } => {
            OutcomeAnswer::Created { instance_id: instance_id.0, timestamp: wire(at) }
        }
        Outcome::Deduplicated { instance_id, at } => {
            OutcomeAnswer::Deduplicated { instance_id: instance_id.0, timestamp: wire(at), deduplicated: true }
        }
        Outcome::Suppressed { rule, at } => {
            OutcomeAnswer::Suppressed { instance_id: (), timestamp: wire(at), suppressed: true, rule }
        }
    }
}

//! What a sender's word for how bad it is comes to, where the sender is of the Prometheus family or unknown.

use domain::Urgency;

/// The urgency of a word, in any case, by the habits of the field (intake §3.4); `None` for a word that nobody knows.
pub(crate) fn urgency(word: &str) -> Option<Urgency> {
    match word.trim().to_lowercase().as_str() {
        "critical" | "crit" | "page" | "p1" | "disaster" | "fatal" | "emergency" => Some(Urgency::Critical),
        "error" | "err" | "high" | "major" | "p2" => Some(Urgency::High),
        "warning" | "warn" | "medium" | "average" | "p3" => Some(Urgency::Medium),
        "low" | "minor" | "p4" => Some(Urgency::Low),
        "info" | "information" | "informational" | "debug" | "none" | "p5" => Some(Urgency::Minor),
        _ => None,
    }
}

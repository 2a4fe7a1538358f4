//! Compares what was asked and answered with what is there.

use serde_json::Value;

use super::book::{Asked, Entry, Standing};
use super::findings::Findings;

/// How much may have been asked since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// The load goes on: what was answered by then must be there, and more may be.
    UnderLoad,
    /// Nothing more is asked: nothing else may be there.
    AtTheEnd,
}

/// Compares an incident with its entry; whether it is there as answered.
pub(super) fn compare(entry: &Entry, details: &Value, moment: Moment, findings: &Findings) -> bool {
    let before = findings.len();
    let say = |what: String| findings.say(format!("{:?}, incident {:?}: {what}", entry.title, entry.id));
    if details["task"]["task_title"] != entry.title.as_str() || details["instance_id"].as_i64() != entry.id {
        say(format!("there is {details} instead"));
        return false;
    }
    let empty = Vec::new();
    let events = details["events"].as_array().unwrap_or(&empty);
    if events.first().is_none_or(|event| event["event_type"] != "TRIGGER") {
        say(format!("its log does not begin with its beginning: {events:?}"));
    }
    let mut logged = events.iter().skip(1).filter(|event| event["event_method"] == "INCIDENTS_API").peekable();
    for asked in &entry.commands {
        match asked.standing {
            Standing::Answered => {
                // Under load, nothing can have come between: one caller asks one thing after the other.
                if logged.next_if(|event| tells_of(event, asked)).is_none() {
                    say(format!("answered and not in the log where it belongs: {asked:?}; the log: {events:?}"));
                }
            }
            Standing::Unsure => {
                logged.next_if(|event| tells_of(event, asked));
            }
            Standing::Refused => {}
        }
    }
    if moment == Moment::AtTheEnd {
        for event in logged {
            say(format!("nobody asked for this, or it was refused: {event}"));
        }
        let (answered, unsure) = entry.suppressed;
        let counted = details["suppressed_count"].as_u64().unwrap_or(u64::MAX);
        if !(u64::from(answered)..=u64::from(answered + unsure)).contains(&counted) {
            say(format!("{answered} to {} were suppressed, and {counted} counted", answered + unsure));
        }
    }
    findings.len() == before
}

fn tells_of(event: &Value, asked: &Asked) -> bool {
    let log = event["event_log"].as_str().unwrap_or_default();
    let marked = !matches!(asked.kind, super::book::Kind::Notate) || log.contains(&format!("\"{}\"", asked.mark));
    event["event_type"] == asked.kind.event_type() && marked
}

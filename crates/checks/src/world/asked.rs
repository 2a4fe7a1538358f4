//! What was asked of the product, and what it answered.

use domain::incident::EventType;
use serde_json::Value;

use crate::Answer;

/// What an answer promises.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    /// It was done, and is there for good.
    Done(Value),
    /// It was refused, and nothing was changed.
    Refused(String),
    /// It could not be done now, and nothing was changed.
    NotNow,
    /// Nobody knows: the answer says so, or there is none.
    Unknown,
}

/// A request and its answer.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// In words.
    pub(super) what: String,
    /// The incident that it names.
    pub(super) incident: Option<i64>,
    /// What the log tells of it, once it is done.
    pub(super) told: Option<EventType>,
    /// On how many incidents; `None` where it may have been so already.
    pub(super) count: Option<usize>,
    pub(super) verdict: Verdict,
}

/// What an answer of the API promises; none came from an engine that died.
pub(super) fn verdict(answer: Option<&Answer>) -> Verdict {
    let Some(answer) = answer else { return Verdict::Unknown };
    match answer.status {
        200 => Verdict::Done(answer.json()),
        503 => Verdict::NotNow,
        500.. => Verdict::Unknown,
        status => Verdict::Refused(format!("{status} {}", answer.json()["code"].as_str().unwrap_or_default())),
    }
}

/// What the page of a link, or the carrier's script, says: how many incidents it was done to.
pub(super) fn told_by(answer: Option<&Answer>) -> (Verdict, Option<usize>) {
    let Some(answer) = answer else { return (Verdict::Unknown, None) };
    let text = answer.text();
    let is_done = |word: &str| text.contains(&format!("is {word}")) || text.contains(&format!("are {word}"));
    if text.contains("That did not work") || answer.status >= 500 {
        return (Verdict::Unknown, None);
    }
    if answer.status != 200 || !["acknowledged", "resolved", "escalated"].iter().any(|word| is_done(word)) {
        return (Verdict::Refused(format!("{}", answer.status)), None);
    }
    if text.contains("is resolved already") || text.contains("was merged into") {
        return (Verdict::Refused("resolved already".to_owned()), None);
    }
    let before = |mark: &str| {
        let (head, _) = text.split_once(mark)?;
        head.rsplit(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
    };
    let count = before(" incidents are ").or_else(|| before(" incident is ")).unwrap_or(1);
    (Verdict::Done(Value::Null), Some(count))
}

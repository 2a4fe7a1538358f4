//! What came to an integration and was turned away, in words.

use crate::console::seen::Seen;
use crate::console::time::Moment;
use domain::Instant;
use serde_json::Value;

/// What was turned away for one reason.
#[derive(Clone, Debug)]
pub(in crate::console) struct Away {
    /// How much, and why.
    pub(in crate::console) words: String,
    /// When the last came.
    pub(in crate::console) at: Moment,
    /// From where, for whoever may see it.
    pub(in crate::console) from: Option<String>,
}

impl Away {
    /// What is told of this reason.
    pub(in crate::console) fn of(
        seen: &Seen<'_>,
        (reason, times): (&str, u64),
        (at, from): (Instant, Option<&str>),
    ) -> Self {
        let from = from.filter(|_| seen.sees_all()).map(str::to_owned);
        Self { words: words(reason, times), at: seen.visit.clock.moment(at), from }
    }
}

/// What the reading of an integration says was turned away.
pub(super) fn all(seen: &Seen<'_>, component: &Value) -> Vec<Away> {
    let listed = component.get("turned_away").and_then(Value::as_array).into_iter().flatten();
    let one = |away: &Value| {
        let text = |key: &str| away.get(key).and_then(Value::as_str);
        let at = Instant::parse(&format!("{}Z", text("last_at")?))?;
        let times = away.get("times").and_then(Value::as_u64)?;
        Some(Away::of(seen, (text("reason")?, times), (at, text("last_from"))))
    };
    listed.filter_map(one).collect()
}

fn words(reason: &str, times: u64) -> String {
    let requests = if times == 1 { "1 request".to_owned() } else { format!("{times} requests") };
    let why = match reason {
        "ended_key" => "came with a key that counts no more",
        "network" => "came from a network from which nothing is taken",
        "signature" if times == 1 => "was not signed as is wanted",
        "signature" => "were not signed as is wanted",
        "too_large" if times == 1 => "was too large",
        "too_large" => "were too large",
        _ => "could not be read",
    };
    format!("{requests} {why}")
}

#[cfg(test)]
mod tests {
    use super::words;
    use directory::TurnedAwayFor as For;

    #[test]
    fn every_reason_for_which_something_is_turned_away_has_its_words() {
        let table = [
            (For::EndedKey, 12, "12 requests came with a key that counts no more"),
            (For::Network, 1, "1 request came from a network from which nothing is taken"),
            (For::Signature, 2, "2 requests were not signed as is wanted"),
            (For::TooLarge, 1, "1 request was too large"),
            (For::Unreadable, 3, "3 requests could not be read"),
        ];
        for (reason, times, expected) in table {
            assert_eq!(words(reason.word(), times), expected);
        }
    }
}

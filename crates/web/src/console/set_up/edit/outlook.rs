//! What a change would come to: what is warned of, and when nobody would be on call.

use crate::console::seen::Seen;
use domain::Instant;
use serde_json::Value;

/// What was found when a change was looked at first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::console) struct Outlook {
    /// What would change, in the words of `apply`.
    pub(in crate::console) plan: Vec<String>,
    pub(in crate::console) warnings: Vec<String>,
    pub(in crate::console) gaps: Vec<Gap>,
}

/// When nobody is on the first level of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console) struct Gap {
    /// In words.
    pub(in crate::console) words: String,
    /// By what a tick names it.
    pub(in crate::console) mark: String,
    /// Whether it is not there without the change.
    pub(in crate::console) is_new: bool,
}

impl Outlook {
    /// What a change answers that is only tried.
    pub(in crate::console) fn of(seen: &Seen<'_>, answer: &Value) -> Self {
        let texts = |key: &str| -> Vec<String> {
            let items = answer.get(key).and_then(Value::as_array).into_iter().flatten();
            items.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let plan = answer.get("plan").and_then(Value::as_str).unwrap_or_default();
        let gaps = answer.get("gaps").and_then(Value::as_array).into_iter().flatten();
        Self {
            plan: plan.lines().map(str::to_owned).collect(),
            warnings: texts("warnings"),
            gaps: gaps.flat_map(|policy| gaps_of(seen, policy)).collect(),
        }
    }

    /// The gaps that the change brings and that no tick names.
    pub(in crate::console) fn unnamed(&self, ticks: &[&str]) -> Vec<String> {
        let new = self.gaps.iter().filter(|gap| gap.is_new && !ticks.contains(&gap.mark.as_str()));
        new.map(|gap| gap.words.clone()).collect()
    }
}

fn gaps_of(seen: &Seen<'_>, policy: &Value) -> Vec<Gap> {
    let name = policy.get("escalation_policy").and_then(Value::as_str).unwrap_or_default();
    let spans = |key: &str| -> Vec<(Instant, Instant)> {
        let at = |gap: &Value, key: &str| Instant::parse(gap.get(key)?.as_str()?);
        let gaps = policy.get(key).and_then(Value::as_array).into_iter().flatten();
        gaps.filter_map(|gap| at(gap, "from").zip(at(gap, "until"))).collect()
    };
    let before = spans("before");
    let told = spans("after").into_iter().map(|(from, until)| Gap {
        words: format!("{name}: nobody is on level 1, {}", seen.visit.clock.span(from, until)),
        mark: format!("{name} {} {}", from.wire(), until.wire()),
        is_new: !is_covered((from, until), &before),
    });
    told.collect()
}

/// Whether a stretch lies in one of those that were there.
fn is_covered((from, until): (Instant, Instant), before: &[(Instant, Instant)]) -> bool {
    before.iter().any(|(begin, end)| *begin <= from && until <= *end)
}

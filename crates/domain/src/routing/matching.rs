//! Whether a rule fits an alert: patterns compiled once, judged often.

use super::{Condition, Day, Rule, Test};
use crate::{Instant, Urgency};
use regex::{Regex, RegexBuilder};
use serde_json::Value;

/// The alert as rules see it.
#[derive(Clone, Copy, Debug)]
pub struct Signal<'a> {
    /// Title of the alert.
    pub title: &'a str,
    /// Its text.
    pub description: &'a str,
    /// Its urgency.
    pub urgency: Urgency,
    /// Name of its service.
    pub service: Option<&'a str>,
    /// Name of the integration that took it in.
    pub integration: Option<&'a str>,
    /// Its tags.
    pub tags: &'a [String],
    /// Its dedup key.
    pub dedup_key: Option<&'a str>,
    /// The body it came in.
    pub payload: &'a Value,
}

/// A rule with its patterns compiled.
#[derive(Clone, Debug)]
pub struct CompiledRule {
    /// The rule as it is written.
    pub rule: Rule,
    conditions: CompiledConditions,
}

/// Conditions with their patterns compiled.
#[derive(Clone, Debug)]
pub struct CompiledConditions {
    conditions: Vec<(Condition, Option<Regex>)>,
    minimum: usize,
}

/// Bytes that a compiled pattern may take.
const PATTERN_BYTES: usize = 1 << 20;

/// Compiles a pattern within the size that a pattern may have.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn compile_pattern(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern).size_limit(PATTERN_BYTES).build().map_err(|error| error.to_string())
}

/// The pattern of a test, where it has one.
fn pattern_of(test: &Test) -> Result<Option<Regex>, String> {
    match test {
        Test::Matches(pattern) => compile_pattern(pattern).map(Some),
        _ => Ok(None),
    }
}

/// A rule as it is judged for an alert.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleVerdict<'a> {
    /// Whether its days and hours hold now.
    pub is_in_hours: bool,
    /// Its conditions, in order.
    pub conditions: Vec<ConditionVerdict<'a>>,
    /// Whether it fits: it is enabled, holds now, and enough of its conditions hold.
    pub fits: bool,
}

/// A condition as it is judged for an alert.
#[derive(Clone, Debug, PartialEq)]
pub struct ConditionVerdict<'a> {
    /// The condition.
    pub condition: &'a Condition,
    /// What the alert has in its field; null where there is nothing.
    pub seen: Value,
    /// Whether it holds.
    pub holds: bool,
}

/// A field's value as a test sees it.
enum Seen<'a> {
    Absent,
    Texts(Vec<&'a str>),
    Number(f64),
    Truth(bool),
    Structure,
}

impl CompiledRule {
    /// Compiles the patterns of a rule. The error says which pattern is wrong.
    pub fn new(rule: Rule) -> Result<Self, String> {
        let conditions = CompiledConditions::new(&rule.conditions, rule.minimum)?;
        Ok(Self { rule, conditions })
    }

    /// Whether the rule is enabled, holds at `now`, and enough of its conditions hold for `signal`.
    pub fn fits(&self, signal: &Signal<'_>, now: Instant) -> bool {
        self.rule.enabled && window_holds(&self.rule, now) && self.conditions.hold(signal)
    }

    /// What [`Self::fits`] goes by, piece by piece.
    pub fn verdict(&self, signal: &Signal<'_>, now: Instant) -> RuleVerdict<'_> {
        let verdict = |(condition, pattern): &'_ (Condition, Option<Regex>)| {
            let seen = see(&condition.field, signal);
            (shown(&condition.field, signal, &seen), holds_of(&condition.test, pattern.as_ref(), &seen))
        };
        let conditions = self.conditions.conditions.iter().map(|judged| {
            let (seen, holds) = verdict(judged);
            ConditionVerdict { condition: &judged.0, seen, holds }
        });
        RuleVerdict {
            is_in_hours: window_holds(&self.rule, now),
            conditions: conditions.collect(),
            fits: self.fits(signal, now),
        }
    }
}

impl CompiledConditions {
    /// Compiles conditions of which at least `minimum` must hold; all where none is given.
    ///
    /// # Errors
    /// Which pattern is wrong.
    pub fn new(conditions: &[Condition], minimum: Option<usize>) -> Result<Self, String> {
        let compiled = conditions.iter().map(|condition| Ok((condition.clone(), pattern_of(&condition.test)?)));
        Ok(Self { conditions: compiled.collect::<Result<_, String>>()?, minimum: minimum.unwrap_or(conditions.len()) })
    }

    /// Whether enough of them hold for an alert.
    pub fn hold(&self, signal: &Signal<'_>) -> bool {
        self.enough(|condition, pattern| holds_of(&condition.test, pattern, &see(&condition.field, signal)))
    }

    /// Whether enough of them hold for values that are found by their pointers.
    pub fn hold_of<'a>(&self, find: impl Fn(&str) -> Option<&'a Value>) -> bool {
        self.enough(|condition, pattern| holds_of(&condition.test, pattern, &seen(find(&condition.field))))
    }

    fn enough(&self, holds: impl Fn(&Condition, Option<&Regex>) -> bool) -> bool {
        let held = self.conditions.iter().filter(|(condition, pattern)| holds(condition, pattern.as_ref()));
        held.count() >= self.minimum
    }
}

/// Seconds since midnight of `HH:MM`; `24:00` is the end of the day.
pub(crate) fn wall_seconds(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let two_digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !two_digits(hours) || !two_digits(minutes) {
        return None;
    }
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let whole = hours * 3600 + minutes * 60;
    (minutes < 60 && whole <= 24 * 3600).then_some(whole)
}

fn window_holds(rule: &Rule, now: Instant) -> bool {
    let Some((weekday, second)) = now.wall_clock(&rule.timezone) else { return false };
    let on = |day: Day| rule.days.is_empty() || rule.days.contains(&day);
    let (today, yesterday) = (Day::numbered(weekday), Day::numbered(weekday + 6));
    let bound = |text: &Option<String>| text.as_deref().and_then(wall_seconds);
    match (bound(&rule.from), bound(&rule.until)) {
        (Some(from), Some(until)) if from < until => on(today) && (from..until).contains(&second),
        (Some(from), Some(until)) => (on(today) && second >= from) || (on(yesterday) && second < until),
        _ => on(today),
    }
}

fn see<'a>(field: &str, signal: &Signal<'a>) -> Seen<'a> {
    let text = |value: Option<&'a str>| value.map_or(Seen::Absent, |text| Seen::Texts(vec![text]));
    match field {
        "title" => Seen::Texts(vec![signal.title]),
        "description" => text((!signal.description.is_empty()).then_some(signal.description)),
        #[expect(clippy::cast_precision_loss, reason = "urgencies are 1 to 5")]
        "urgency_level" => Seen::Number(signal.urgency.number() as f64),
        "service" => text(signal.service),
        "integration" => text(signal.integration),
        "tags" if signal.tags.is_empty() => Seen::Absent,
        "tags" => Seen::Texts(signal.tags.iter().map(String::as_str).collect()),
        "dedup_key" => text(signal.dedup_key),
        pointer => seen(signal.payload.pointer(pointer)),
    }
}

/// What a test saw, to be shown.
fn shown(field: &str, signal: &Signal<'_>, seen: &Seen<'_>) -> Value {
    match seen {
        Seen::Absent => Value::Null,
        Seen::Texts(texts) if field == "tags" => texts.iter().copied().collect(),
        Seen::Texts(texts) => texts.first().copied().into(),
        Seen::Truth(truth) => Value::from(*truth),
        Seen::Number(_) if field == "urgency_level" => Value::from(signal.urgency.number()),
        Seen::Number(_) | Seen::Structure => signal.payload.pointer(field).cloned().unwrap_or_default(),
    }
}

fn seen(value: Option<&Value>) -> Seen<'_> {
    match value {
        None | Some(Value::Null) => Seen::Absent,
        Some(Value::String(found)) => Seen::Texts(vec![found.as_str()]),
        Some(Value::Number(found)) => found.as_f64().map_or(Seen::Structure, Seen::Number),
        Some(Value::Bool(found)) => Seen::Truth(*found),
        Some(Value::Array(_) | Value::Object(_)) => Seen::Structure,
    }
}

/// A test of texts that are no alert's, such as those of a mail, with its pattern compiled.
#[derive(Clone, Debug)]
pub struct CompiledTest {
    test: Test,
    pattern: Option<Regex>,
}

impl CompiledTest {
    /// Compiles a test. The error says which pattern is wrong.
    pub fn new(test: &Test) -> Result<Self, String> {
        Ok(Self { test: test.clone(), pattern: pattern_of(test)? })
    }

    /// Whether it holds for any of the texts, a negated one for none; without any the field is absent.
    pub fn holds(&self, texts: &[&str]) -> bool {
        let seen = if texts.is_empty() { Seen::Absent } else { Seen::Texts(texts.to_vec()) };
        holds_of(&self.test, self.pattern.as_ref(), &seen)
    }
}

fn holds_of(test: &Test, pattern: Option<&Regex>, seen: &Seen<'_>) -> bool {
    match test {
        Test::Equals(expected) => equals(seen, expected),
        Test::NotEquals(expected) => !equals(seen, expected),
        Test::Contains(part) => contains(seen, part),
        Test::NotContains(part) => !contains(seen, part),
        Test::Matches(_) => match (seen, pattern) {
            (Seen::Texts(texts), Some(pattern)) => texts.iter().any(|text| pattern.is_match(text)),
            _ => false,
        },
        Test::Gte(bound) => number(seen).is_some_and(|number| number >= *bound),
        Test::Lte(bound) => number(seen).is_some_and(|number| number <= *bound),
        Test::Exists(expected) => matches!(seen, Seen::Absent) != *expected,
    }
}

fn equals(seen: &Seen<'_>, expected: &Value) -> bool {
    match (seen, expected) {
        (Seen::Texts(texts), Value::String(expected)) => texts.contains(&expected.as_str()),
        (Seen::Number(number), Value::Number(expected)) => expected.as_f64() == Some(*number),
        (Seen::Truth(truth), Value::Bool(expected)) => truth == expected,
        _ => false,
    }
}

fn contains(seen: &Seen<'_>, part: &str) -> bool {
    let part = part.to_lowercase();
    match seen {
        Seen::Texts(texts) => texts.iter().any(|text| text.to_lowercase().contains(&part)),
        _ => false,
    }
}

fn number(seen: &Seen<'_>) -> Option<f64> {
    match seen {
        Seen::Number(number) => Some(*number),
        Seen::Texts(texts) => texts.first().and_then(|text| text.trim().parse().ok()),
        _ => None,
    }
}

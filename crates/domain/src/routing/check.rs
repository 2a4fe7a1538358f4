//! Why a rule, by itself, can never take effect; such a rule is refused when it is written (contract §3).

use super::matching::{compile_pattern, wall_seconds};
use super::{Actions, CompiledTest, Condition, Rule, Test};
use crate::instant::zone_is_known;
use crate::limits;
use crate::place::Place;
use serde_json::Value;

/// `24:00`, which is an end but no beginning.
const DAY_SECONDS: u32 = 24 * 3600;

const FIELDS: [&str; 7] = ["title", "description", "urgency_level", "service", "integration", "tags", "dedup_key"];

impl Rule {
    /// What is wrong with the rule by itself: `(place, problem)`; names of other components are judged elsewhere.
    pub fn faults(&self) -> Vec<(Place, String)> {
        let mut faults: Vec<(Place, String)> = Vec::new();
        if !zone_is_known(&self.timezone) {
            faults.push(("timezone".into(), format!("`{}` is not an IANA time zone", self.timezone)));
        }
        faults.extend(self.window_fault().map(|(field, problem)| (field.into(), problem)));
        let conditions = condition_faults(&self.conditions, self.minimum).into_iter();
        faults.extend(conditions.map(|(item, problem)| match item {
            Some(item) => (Place::item("conditions", item), problem),
            None => ("minimum".into(), problem),
        }));
        faults.extend(self.actions.faults());
        faults
    }

    /// Whether it fits every alert at every time, so that no later rule is ever tried.
    pub fn fits_everything(&self) -> bool {
        self.enabled && self.conditions.is_empty() && self.days.is_empty() && self.from.is_none()
    }

    /// Whether the earlier rule surely fits whatever this one fits, so that this one is never applied. Where it cannot be
    /// told from what is written, it is not.
    pub fn is_shadowed_by(&self, earlier: &Self) -> bool {
        let window = |rule: &Self| (rule.timezone.clone(), rule.days.clone(), rule.from.clone(), rule.until.clone());
        let is_always = earlier.days.is_empty() && earlier.from.is_none();
        let least = |rule: &Self| rule.minimum.unwrap_or(rule.conditions.len());
        // So many of the earlier one's conditions surely hold where this one fits.
        let wants_all = least(self) == self.conditions.len();
        let shared = earlier.conditions.iter().filter(|condition| self.conditions.contains(condition)).count();
        let is_same = self.conditions == earlier.conditions && least(self) >= least(earlier);
        earlier.enabled
            && (is_always || window(earlier) == window(self))
            && (least(earlier) == 0 || is_same || (wants_all && shared >= least(earlier)))
    }

    fn window_fault(&self) -> Option<(&'static str, String)> {
        match (self.from.as_deref(), self.until.as_deref()) {
            (None, None) => None,
            (Some(_), None) => Some(("until", "is needed together with `from`".to_owned())),
            (None, Some(_)) => Some(("from", "is needed together with `until`".to_owned())),
            (Some(from), Some(until)) => match (wall_seconds(from), wall_seconds(until)) {
                (None, _) => Some(("from", format!("`{from}` is not a time of the form HH:MM"))),
                (_, None) => Some(("until", format!("`{until}` is not a time of the form HH:MM"))),
                (Some(DAY_SECONDS), _) => {
                    Some(("from", "is the end of the day, where the rule would never hold; write 00:00".to_owned()))
                }
                (from, until) if from == until => {
                    Some(("until", "equals `from`, so the rule would never hold".to_owned()))
                }
                _ => None,
            },
        }
    }
}

impl Actions {
    fn faults(&self) -> Vec<(Place, String)> {
        let mut faults: Vec<(Place, String)> = Vec::new();
        let without_suppress = Self { suppress: false, ..self.clone() };
        let others = without_suppress != Self::default();
        if !self.suppress && !others {
            faults.push(("actions".into(), "do nothing".to_owned()));
        }
        let mut fault = |key, problem| faults.push((Place::inside("actions", key), problem));
        if self.suppress && others {
            fault("suppress", "`suppress` makes no incident, so the other actions would have no effect".to_owned());
        }
        if self.resolve_after_minutes == Some(0) {
            fault("resolve_after_minutes", "resolve_after_minutes must be at least 1".to_owned());
        }
        if self.add_note.as_ref().is_some_and(|note| note.is_empty() || note.len() > limits::NOTES_BYTES) {
            fault("add_note", format!("add_note must have 1 to {} bytes", limits::NOTES_BYTES));
        }
        if let Some(problem) = tag_fault(&self.add_tags) {
            fault("add_tags", problem);
        }
        faults
    }
}

/// What is wrong with a list of tags.
pub(crate) fn tag_fault(tags: &[String]) -> Option<String> {
    let too_long = |tag: &&String| tag.is_empty() || tag.chars().count() > limits::TAG_CHARACTERS;
    if tags.len() > limits::TAGS {
        return Some(format!("at most {} tags", limits::TAGS));
    }
    tags.iter().find(too_long).map(|tag| format!("tag `{tag}` must have 1 to {} characters", limits::TAG_CHARACTERS))
}

/// What is wrong with conditions of which at least `minimum` must hold (all where none is given): with which, or, without a
/// number, with the minimum.
pub(crate) fn condition_faults(conditions: &[Condition], minimum: Option<usize>) -> Vec<(Option<usize>, String)> {
    let each = conditions.iter().enumerate();
    let mut faults: Vec<_> =
        each.filter_map(|(item, condition)| Some((Some(item), condition_fault(condition)?))).collect();
    match minimum {
        Some(0) if !conditions.is_empty() => {
            faults.push((None, "0 makes the conditions meaningless; leave them out instead".to_owned()));
        }
        Some(minimum) if minimum > conditions.len() => {
            faults.push((None, format!("{minimum} of {} conditions can never hold", conditions.len())));
        }
        _ => {}
    }
    if minimum.is_none_or(|minimum| minimum == conditions.len()) {
        faults.extend(contradiction(conditions).map(|(item, problem)| (Some(item), problem)));
    }
    faults
}

fn condition_fault(condition: &Condition) -> Option<String> {
    let field = condition.field.as_str();
    if !FIELDS.contains(&field) && !field.starts_with('/') {
        return Some(format!(
            "unknown field `{field}`; known are {}, and JSON pointers such as `/labels/team`",
            FIELDS.join(", ")
        ));
    }
    test_fault(field, &condition.test)
}

impl CompiledTest {
    /// What is wrong with a test of a field that holds texts.
    pub(crate) fn fault(field: &str, test: &Test) -> Option<String> {
        test_fault(field, test)
    }
}

fn test_fault(field: &str, test: &Test) -> Option<String> {
    let numeric = field == "urgency_level";
    let always_there = matches!(field, "title" | "urgency_level");
    match test {
        Test::Matches(pattern) => match compile_pattern(pattern) {
            Err(problem) => Some(format!("`{pattern}` is not a regular expression: {problem}")),
            Ok(_) if numeric => Some("urgency_level is a number: use equals, gte or lte".to_owned()),
            Ok(_) => None,
        },
        Test::Contains(part) | Test::NotContains(part) if part.is_empty() || numeric => {
            Some(format!("`{field}` cannot be tested for containing `{part}`"))
        }
        Test::Equals(value) | Test::NotEquals(value) => value_fault(field, value),
        Test::Gte(bound) | Test::Lte(bound) if !bound.is_finite() => {
            Some(format!("`{field}` is compared with {bound}, which is not a number"))
        }
        Test::Gte(bound) if numeric && *bound > 5.0 => Some("no urgency is above 5".to_owned()),
        Test::Lte(bound) if numeric && *bound < 1.0 => Some("no urgency is below 1".to_owned()),
        Test::Gte(_) | Test::Lte(_) if !numeric && !field.starts_with('/') => {
            Some(format!("`{field}` is a text: gte and lte can never hold"))
        }
        Test::Exists(false) if always_there => Some(format!("`{field}` is always there")),
        _ => None,
    }
}

fn value_fault(field: &str, value: &Value) -> Option<String> {
    let fits = match field {
        "urgency_level" => value.as_f64().is_some_and(|number| (1.0..=5.0).contains(&number) && number.fract() == 0.0),
        _ if field.starts_with('/') => !matches!(value, Value::Array(_) | Value::Object(_) | Value::Null),
        _ => value.is_string(),
    };
    (!fits).then(|| format!("`{field}` can never equal {value}"))
}

/// Two conditions that must both hold and cannot: which one, and what to say of it.
fn contradiction(conditions: &[Condition]) -> Option<(usize, String)> {
    let clashes = |a: &Condition| conditions.iter().any(|b| a.field == b.field && exclude(&a.field, &a.test, &b.test));
    let (item, first) = conditions.iter().enumerate().find(|(_, condition)| clashes(condition))?;
    Some((item, format!("conditions on `{}` contradict each other", first.field)))
}

/// Whether the first test, where it holds, keeps the second from holding. An incident has many tags, so two tests
/// may hold of two of them; a negated test speaks of all.
fn exclude(field: &str, first: &Test, second: &Test) -> bool {
    let single = field != "tags";
    let within = |part: &str, whole: &str| whole.to_lowercase().contains(&part.to_lowercase());
    match (first, second) {
        (Test::Equals(a), Test::Equals(b)) => single && a != b,
        (Test::Equals(a), Test::NotEquals(b)) => a == b,
        (Test::Equals(Value::String(whole)), Test::NotContains(part)) => within(part, whole),
        (Test::Equals(Value::String(whole)), Test::Contains(part)) => single && !within(part, whole),
        (Test::Equals(Value::String(whole)), Test::Matches(pattern)) => {
            single && compile_pattern(pattern).is_ok_and(|pattern| !pattern.is_match(whole))
        }
        (Test::Contains(whole), Test::NotContains(part)) => within(part, whole),
        (Test::Gte(least), Test::Lte(most)) => least > most,
        (Test::Equals(value), Test::Gte(least)) => value.as_f64().is_some_and(|value| value < *least),
        (Test::Equals(value), Test::Lte(most)) => value.as_f64().is_some_and(|value| value > *most),
        (Test::Exists(false), Test::Equals(_) | Test::Contains(_) | Test::Matches(_)) => true,
        (Test::Exists(false), Test::Gte(_) | Test::Lte(_) | Test::Exists(true)) => true,
        _ => false,
    }
}

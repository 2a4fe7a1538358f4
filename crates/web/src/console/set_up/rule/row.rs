//! One rule in the list: what it asks for, what it does, and how often it was applied of late.

use super::super::kind::Kind;
use super::super::list::{managed, said};
use crate::console::piece::{Managed, StateBadge};
use crate::console::seen::Seen;
use crate::console::time::Moment;
use domain::directory::{ComponentKind, Directory};
use domain::routing::Rule;
use engine::RuleHits;
use serde_json::Value;

/// A rule in the list.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) number: i64,
    pub(super) reference: String,
    pub(super) name: String,
    pub(super) address: String,
    pub(super) description: String,
    pub(super) managed: Option<Managed>,
    pub(super) when: Vec<String>,
    pub(super) then: Vec<String>,
    pub(super) hits: u32,
    /// What there is to know of how they were counted.
    pub(super) hint: &'static str,
    pub(super) last: Option<Moment>,
    pub(super) state: StateBadge,
    /// The earlier rule because of which it is never applied: address and name.
    pub(super) shadow: Option<(String, String)>,
}

/// The row of a rule.
pub(super) fn row(seen: &Seen<'_>, address: String, rule: &Value, hits: &RuleHits) -> Row {
    let text = |key: &str| rule.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let name = text("name");
    let hit = hits.by_rule.get(&name);
    let actions = rule.get("actions").and_then(Value::as_object);
    let is_off = rule.get("enabled").and_then(Value::as_bool) == Some(false);
    let suppresses = actions.is_some_and(|actions| actions.contains_key("suppress"));
    let shadow = shadow(&seen.snapshot.directory, &name).filter(|_| !is_off);
    Row {
        number: rule.get("position").and_then(Value::as_i64).unwrap_or_default(),
        reference: text("ref_id"),
        address,
        description: text("description"),
        managed: managed(rule),
        when: when(rule),
        then: actions.into_iter().flatten().map(|(key, value)| said(key, value)).collect(),
        hits: hit.map_or(0, |(count, _)| *count),
        hint: if suppresses { "without what was reported by the API" } else { "" },
        last: hit.map(|(_, last)| seen.visit.clock.moment(*last)),
        state: if is_off { StateBadge::new("over", "off") } else { StateBadge::new("good", "on") },
        shadow: shadow.map(|rule| (Kind::of(ComponentKind::RoutingRule).page(&rule.name), rule.name.clone())),
        name,
    }
}

/// The first earlier rule that surely fits whatever the one of this name fits.
fn shadow<'a>(directory: &'a Directory, name: &str) -> Option<&'a Rule> {
    let place = directory.rules.iter().position(|rule| rule.rule.name == name)?;
    let (earlier, rule) = (&directory.rules[..place], &directory.rules[place].rule);
    earlier.iter().map(|earlier| &earlier.rule).find(|earlier| rule.is_shadowed_by(earlier))
}

/// When it fits, a line for each condition.
fn when(rule: &Value) -> Vec<String> {
    let list = |key: &str| rule.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let text = |key: &str| rule.get(key).and_then(Value::as_str);
    let mut lines: Vec<String> = list("conditions").iter().map(condition).collect();
    let least = rule.get("minimum").and_then(Value::as_u64).filter(|least| *least < lines.len() as u64);
    if let Some(least) = least {
        lines.insert(0, format!("at least {least} of these:"));
    }
    let days: Vec<_> = list("days").iter().filter_map(Value::as_str).collect();
    if !days.is_empty() {
        lines.push(format!("on {}", days.join(", ")));
    }
    if let (Some(from), Some(until)) = (text("from"), text("until")) {
        lines.push(format!("{from}–{until} {}", text("timezone").unwrap_or("UTC")));
    }
    if lines.is_empty() {
        lines.push("always".to_owned());
    }
    lines
}

/// `title contains "[test]"`.
pub(super) fn condition(condition: &Value) -> String {
    let field = condition.get("field").and_then(Value::as_str).unwrap_or_default();
    let test = condition.as_object().into_iter().flatten().find(|(key, _)| *key != "field");
    let Some((test, value)) = test else { return field.to_owned() };
    match (test.as_str(), value) {
        ("exists", Value::Bool(true)) => format!("{field} is there"),
        ("exists", _) => format!("{field} is not there"),
        ("gte", value) => format!("{field} is {value} or more"),
        ("lte", value) => format!("{field} is {value} or less"),
        (test, value) => format!("{field} {} {value}", test.replace('_', " ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{condition, when};
    use serde_json::json;

    #[test]
    fn conditions_are_told_in_words() {
        for (written, told) in [
            (json!({"field": "title", "contains": "[test]"}), r#"title contains "[test]""#),
            (json!({"field": "/labels/team", "not_equals": "db"}), r#"/labels/team not equals "db""#),
            (json!({"field": "urgency_level", "lte": 3}), "urgency_level is 3 or less"),
            (json!({"field": "service", "exists": false}), "service is not there"),
        ] {
            assert_eq!(condition(&written), told);
        }
    }

    #[test]
    fn a_rule_says_when_it_fits() {
        assert_eq!(when(&json!({})), ["always"]);
        let conditions = json!([{"field": "title", "contains": "a"}, {"field": "title", "contains": "b"}]);
        let rule = json!({"conditions": conditions, "minimum": 1, "days": ["sunday"], "from": "22:00", "until": "07:00",
            "timezone": "Europe/Berlin"});
        assert_eq!(when(&rule)[0], "at least 1 of these:");
        assert_eq!(when(&rule)[3..], ["on sunday", "22:00–07:00 Europe/Berlin"]);
    }
}

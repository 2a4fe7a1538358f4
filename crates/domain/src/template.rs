//! Templates: short texts with places that are filled from what a sender said. They may do a bounded amount of work, and
//! reach nothing but what they are given: no files, no other templates, no time.

use crate::limits;
use minijinja::value::Serde;
use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use serde::Serialize;
use std::collections::BTreeMap;

/// What a template may name.
#[derive(Clone, Debug)]
pub struct Context(minijinja::Value);

impl Context {
    /// The members of `first`, and those of `names`, which win where both have one.
    pub fn of(first: &impl Serialize, names: BTreeMap<String, Self>) -> Self {
        let names = minijinja::Value::from_pairs(names.into_iter().map(|(name, value)| (name, value.0)));
        let first = minijinja::Value::from(Serde(first));
        let is_object = first.kind() == minijinja::value::ValueKind::Map;
        Self(if is_object { minijinja::value::merge_maps([first, names]) } else { names })
    }

    /// One value.
    pub fn value(value: &impl Serialize) -> Self {
        Self(minijinja::Value::from(Serde(value)))
    }
}

/// How much work the templates of one body, or of one try, may do together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget(u64);

impl Default for Budget {
    fn default() -> Self {
        Self(limits::TEMPLATES_FUEL)
    }
}

impl Budget {
    /// That of what tells problems apart, without which an alert could not be ended: ten times as much.
    pub fn for_identities() -> Self {
        Self(10 * limits::TEMPLATES_FUEL)
    }

    /// Takes what so many bytes cost that are kept for one alert; whether there was as much.
    pub fn pay_for(&mut self, bytes: usize) -> bool {
        let cost = u64::try_from(bytes).unwrap_or(u64::MAX) / BYTES_FOR_A_UNIT;
        let can = self.0 >= cost;
        self.0 = self.0.saturating_sub(cost);
        can
    }
}

/// Bytes that cost as much as an instruction.
const BYTES_FOR_A_UNIT: u64 = 64;

/// What a template came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// Its text, without white space around it.
    pub text: String,
    /// What it named that was not there, where there was such a thing; it counts as empty.
    pub missing: Option<String>,
}

/// Why a text is no template; `None` if it is one.
pub fn template_fault(template: &str) -> Option<String> {
    if template.len() > limits::TEMPLATE_BYTES {
        return Some(format!("at most {} bytes", limits::TEMPLATE_BYTES));
    }
    let environment = Environment::new();
    environment.template_from_str(template).err().map(|error| format!("`{template}` is no template: {}", why(&error)))
}

/// Fills a template, and takes from the budget what it costs.
///
/// # Errors
/// What is wrong with it, or that it would do too much work or become too long.
pub fn fill(template: &str, context: &Context, budget: &mut Budget) -> Result<Filled, String> {
    if budget.0 == 0 {
        return Err("the templates do too much work for one body".to_owned());
    }
    // The first time what is missing is told, the second time it is empty.
    match attempt(template, context, UndefinedBehavior::SemiStrict) {
        Ok((text, work)) => {
            budget.0 = budget.0.saturating_sub(work);
            Ok(Filled { text, missing: None })
        }
        Err(error) if error.kind() == ErrorKind::UndefinedError => {
            let again = attempt(template, context, UndefinedBehavior::Chainable);
            let work = again.as_ref().map_or(limits::TEMPLATE_FUEL, |(_, work)| work.saturating_mul(2));
            budget.0 = budget.0.saturating_sub(work);
            let (text, _) = again.map_err(|error| why(&error))?;
            Ok(Filled { text, missing: Some(why(&error)) })
        }
        Err(error) => {
            budget.0 = budget.0.saturating_sub(limits::TEMPLATE_FUEL);
            Err(why(&error))
        }
    }
}

/// The text, and what it cost.
fn attempt(template: &str, context: &Context, undefined: UndefinedBehavior) -> Result<(String, u64), minijinja::Error> {
    let mut environment = Environment::new();
    // It tells which name is missing.
    environment.set_debug(true);
    environment.set_fuel(Some(limits::TEMPLATE_FUEL));
    environment.set_undefined_behavior(undefined);
    let rendered = environment.template_from_str(template)?.render_captured(&context.0)?;
    let (text, work) = (rendered.output().trim(), rendered.state().fuel_levels().map_or(0, |(consumed, _)| consumed));
    if text.len() > limits::TEMPLATE_OUTPUT_BYTES {
        let most = limits::TEMPLATE_OUTPUT_BYTES;
        return Err(minijinja::Error::new(ErrorKind::InvalidOperation, format!("it becomes longer than {most} bytes")));
    }
    Ok((text.to_owned(), work.saturating_add(1)))
}

fn why(error: &minijinja::Error) -> String {
    if error.kind() == ErrorKind::OutOfFuel {
        return "it does too much work".to_owned();
    }
    let line = error.line().filter(|line| *line > 1).map(|line| format!(" in line {line}")).unwrap_or_default();
    let kind = error.kind().to_string();
    match error.detail() {
        Some(detail) => format!("{kind}{line}: {detail}"),
        None => format!("{kind}{line}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn filled(template: &str) -> Result<Filled, String> {
        let names = BTreeMap::from([("body".to_owned(), Context::value(&json!({"of": "all"})))]);
        let known = json!({"host": "db1", "body": "own", "tags": ["a", "b"], "n": 3});
        fill(template, &Context::of(&known, names), &mut Budget::default())
    }

    fn text(template: &str) -> String {
        let filled = filled(template).unwrap();
        assert_eq!(filled.missing, None, "{template}");
        filled.text
    }

    #[test]
    fn a_template_is_filled_with_members_and_names_of_which_the_names_win() {
        assert_eq!(text(" {{ host }}: {{ tags | join(', ') }} of {{ body.of }} "), "db1: a, b of all");
        assert_eq!(text("{% if n > 2 %}many{% else %}few{% endif %} <&>"), "many <&>");
        assert_eq!(text("{{ host | replace('db', 'database ') | upper }}"), "DATABASE 1");
    }

    #[test]
    fn what_is_missing_is_empty_and_named() {
        let filled = filled("{{ host }} {{ rack.row.place }} here").unwrap();
        assert_eq!(filled.text, "db1  here");
        let missing = filled.missing.unwrap_or_default();
        assert!(missing.contains("rack"), "{missing}");
        assert_eq!(text("{% if rack %}in a rack{% endif %}{{ rack | default('loose') }}"), "loose");
    }

    #[test]
    fn a_text_that_is_no_template_is_told_when_it_is_written() {
        assert_eq!(template_fault("{{ host | upper }}"), None);
        for wrong in ["{{ host", "{% for %}", "{{ }}", "{% include 'passwd' %}", "{% import 'a' as b %}"] {
            let fault = template_fault(wrong).unwrap_or_default();
            assert!(fault.contains("is no template"), "{wrong}: {fault}");
        }
        let long = template_fault(&"x".repeat(limits::TEMPLATE_BYTES + 1));
        assert_eq!(long, Some("at most 8192 bytes".to_owned()));
    }

    #[test]
    fn a_template_does_a_bounded_amount_of_work_and_writes_a_bounded_text() {
        let doubled = format!("{{% set x = 'aaaaaaaa' %}}{}{{{{ x }}}}", "{% set x = x ~ x %}".repeat(60));
        let work = "it does too much work";
        for endless in [
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
            "{{ 'x' * 90000000 }}",
            &doubled,
        ] {
            assert_eq!(filled(endless), Err(work.to_owned()), "{endless:.60}");
        }
        let long = filled("{{ 'x' * 70000 }}").unwrap_err();
        assert_eq!(long, "invalid operation: it becomes longer than 65536 bytes");
        assert_eq!(text("{{ 'x' * 65536 }}").len(), 65536);
    }

    #[test]
    fn all_templates_of_a_body_together_do_a_bounded_amount_of_work() {
        let (context, mut budget) = (Context::of(&json!({"host": "db1"}), BTreeMap::new()), Budget::default());
        let small = (0..20_000).filter(|_| fill("{{ host }} is down", &context, &mut budget).is_ok()).count();
        assert_eq!(small, 20_000, "as many as alerts in one body");
        let large = (0..20_000).filter(|_| fill("{{ 'x' * 65536 }}", &context, &mut budget).is_ok()).count();
        assert!((100..4_000).contains(&large), "{large}");
        let refused = fill("{{ host }}", &context, &mut budget);
        assert_eq!(refused, Err("the templates do too much work for one body".to_owned()));
    }
}

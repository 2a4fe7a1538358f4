//! Routing rules as they are judged for an alert, and what would come of it.

use domain::Instant;
use domain::directory::Directory;
use domain::incident::{Change, Order, signal_of};
use domain::routing::CompiledRule;
use serde_json::{Value, json};

/// Letters of a value that are told.
const LETTERS: usize = 500;

/// All rules in their order, each with its conditions and what they saw.
pub fn verdicts(directory: &Directory, order: &Order, now: Instant) -> Vec<Value> {
    let signal = signal_of(order, directory);
    let mut is_over = false;
    let verdict = |(rule, position): (&CompiledRule, i64)| {
        let verdict = rule.verdict(&signal, now);
        let is_tried = !is_over && rule.rule.enabled;
        is_over |= verdict.fits;
        let conditions = verdict.conditions.iter().map(|judged| {
            json!({
                "condition": judged.condition,
                "seen": cut(judged.seen.clone()),
                "holds": judged.holds,
            })
        });
        json!({
            "rule": rule.rule.name,
            "position": position,
            "is_enabled": rule.rule.enabled,
            "is_tried": is_tried,
            "is_in_hours": verdict.is_in_hours,
            "minimum": rule.rule.minimum.unwrap_or(rule.rule.conditions.len()),
            "conditions": conditions.collect::<Vec<_>>(),
            "fits": verdict.fits,
        })
    };
    directory.rules.iter().zip(1..).map(verdict).collect()
}

/// A value that is not longer than can be looked at; a structure stays one while it is short.
fn cut(value: Value) -> Value {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() <= LETTERS {
        return value;
    }
    Value::from(text.chars().take(LETTERS).chain(['…']).collect::<String>())
}

/// What would come of an alert: the verdicts, the rule that is applied, and the incident with whom it pages, where there is one.
pub fn tried(
    (order, is_whole): (&Order, bool),
    verdicts: Vec<Value>,
    made: Option<&Change>,
    directory: &Directory,
) -> Value {
    let applied = verdicts.iter().position(|verdict| verdict["fits"] == true);
    let rule = applied.and_then(|place| directory.rules.get(place)).map(|rule| &rule.rule);
    let incident = made.map(|change| {
        let incident = &change.incident;
        let service = incident.service.as_ref().and_then(|id| directory.services.with_ref(id.as_str()));
        json!({
            "title": incident.title,
            "urgency_level": incident.urgency.number(),
            "service": service.map(|entry| &entry.component.name),
            "tags": incident.tags,
            "assignees": incident.assignees,
        })
    });
    let pages = made.into_iter().flat_map(|change| &change.notifications).map(|notification| {
        json!({
            "username": notification.user,
            "channel": notification.channel.word(),
            "due_at": notification.due_at.wire(),
        })
    });
    json!({
        "title": order.title,
        "is_whole": is_whole,
        "rules": verdicts,
        "rule": rule.map(|rule| &rule.name),
        "suppressed": rule.is_some_and(|rule| rule.actions.suppress),
        "incident": incident,
        "pages": pages.collect::<Vec<_>>(),
    })
}

//! What differs in components, told as entries: secrets hidden, what belongs to a person marked so that it can be erased.

use super::entry::{Changed, Entry, Object, Value};
use crate::file::{Change, Plan, component_fields, is_secret};
use domain::directory::{ComponentKind, Definition};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

/// Fields of a user that say who the person is or where they are reached.
const PERSONAL: [&str; 11] = [
    "display_name",
    "first_name",
    "last_name",
    "email",
    "webhook.url",
    "sms",
    "voice",
    "chat.recipient",
    "job_title",
    "phone",
    "profile_picture",
];

/// The fields in which a component differs, by its JSON before and after; one that is new or removed was nothing, or is.
/// A table's fields stand each by themselves, such as `webhook.url`. `ref_id` is the component's.
#[must_use]
pub fn component_changes(
    kind: ComponentKind,
    ref_id: &str,
    before: Option<&Map<String, Json>>,
    after: Option<&Map<String, Json>>,
) -> Vec<Changed> {
    let empty = Map::new();
    let mut changes = Vec::new();
    let of = Of { kind, ref_id };
    of.differences("", before.unwrap_or(&empty), after.unwrap_or(&empty), &mut changes);
    changes
}

/// Whose fields are compared.
struct Of<'a> {
    kind: ComponentKind,
    ref_id: &'a str,
}

impl Of<'_> {
    fn differences(
        &self,
        prefix: &str,
        before: &Map<String, Json>,
        after: &Map<String, Json>,
        changes: &mut Vec<Changed>,
    ) {
        let empty = Map::new();
        let added = after.keys().filter(|key| !before.contains_key(*key));
        for key in before.keys().chain(added) {
            let (old, new) = (before.get(key), after.get(key));
            if old == new {
                continue;
            }
            let field = format!("{prefix}{key}");
            let tables = (old.map_or(Some(&empty), Json::as_object), new.map_or(Some(&empty), Json::as_object));
            if let (Some(old), Some(new)) = tables {
                self.differences(&format!("{field}."), old, new, changes);
            } else {
                changes.push(Changed { before: self.value(&field, old), after: self.value(&field, new), field });
            }
        }
    }

    fn value(&self, field: &str, value: Option<&Json>) -> Value {
        let Some(value) = value else { return Value::Unset };
        if is_secret(field) {
            return Value::Hidden;
        }
        if self.kind == ComponentKind::User && PERSONAL.contains(&field) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            return Value::Personal { person: self.ref_id.to_owned(), value };
        }
        Value::Plain(value.clone())
    }
}

/// The entries of a plan that was carried out: one for each component that was made, changed or removed, and one for what
/// the organization itself has become. `base` says who did it and how; ids of components are asked of `ref_id`.
pub fn of_plan(
    plan: &Plan,
    current: &Definition,
    wanted: &Definition,
    ref_id: &dyn Fn(ComponentKind, &str) -> Option<String>,
    base: &Entry,
) -> Vec<Entry> {
    let (before, after) = (by_name(current), by_name(wanted));
    let organization = |field: &str, before: &str, after: &str| {
        let value = |text: &str| if text == "(not set)" { Value::Unset } else { Value::text(text.trim_matches('"')) };
        Changed { field: field.to_owned(), before: value(before), after: value(after) }
    };
    let mut settings: Vec<_> =
        plan.settings.iter().map(|change| organization(&change.field, &change.before, &change.after)).collect();
    if let Some(order) = &plan.rule_order {
        let rules = current.routing_rules.iter().map(|rule| rule.name.as_str());
        settings.push(Changed {
            field: "routing_rules".to_owned(),
            before: Value::Plain(rules.collect()),
            after: Value::Plain(order.iter().map(String::as_str).collect()),
        });
    }
    let mut entries = Vec::new();
    if !settings.is_empty() {
        let object = Object::new("organization", None, &plan.organization);
        entries.push(base.with("organization.update", object, settings));
    }
    for entry in &plan.entries {
        let (kind, name) = (entry.kind, entry.name.as_str());
        let ref_id = ref_id(kind, name);
        let verb = match entry.change {
            Change::Create => "create",
            Change::Update { .. } => "update",
            Change::Remove => "remove",
        };
        let handle = (kind, name.to_owned());
        let id = ref_id.as_deref().unwrap_or_default();
        let changes = component_changes(kind, id, before.get(&handle), after.get(&handle));
        let object = Object::new(kind.word(), ref_id.as_deref(), name);
        entries.push(base.with(&format!("{}.{verb}", kind.word()), object, changes));
    }
    entries
}

fn by_name(definition: &Definition) -> HashMap<(ComponentKind, String), Map<String, Json>> {
    component_fields(definition).map(|(kind, name, fields)| ((kind, name), fields)).collect()
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Way;
    use crate::audit::{Actor, Entry};
    use crate::file::{plan, read_text};
    use serde_json::json;

    const BEFORE: &str = r#"
        [organization]
        name = "acme"
        [[user]]
        username = "ana"
        email = "ana@example.org"
        webhook = { url = "https://ana.example.org", secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] }
        [[user]]
        username = "ben"
        email = "ben@example.org"
        [[escalation_policy]]
        name = "primary"
        levels = [{ minutes = 5, users = ["ana"] }]
    "#;
    const AFTER: &str = r#"
        [organization]
        name = "acme"
        fallback_policy = "primary"
        [[user]]
        username = "ana"
        email = "ana@example.net"
        sms = "+4915112345678"
        role = "manager"
        [[escalation_policy]]
        name = "primary"
        levels = [{ minutes = 10, users = ["ana"] }]
        [[team]]
        name = "core"
        members = ["ana"]
    "#;

    /// The entries that a definition leaves behind when another is applied.
    fn entries() -> Vec<Entry> {
        let read = |text: &str| read_text("acme.toml", text).expect("a definition");
        let (before, after) = (read(BEFORE), read(AFTER));
        let base = Entry::new(Actor::operator(), Way::File, "", Object::new("", None, ""), Vec::new());
        let ref_id = |kind: ComponentKind, name: &str| Some(format!("{}-{name}", kind.word()));
        of_plan(&plan(&before, &after), &before, &after, &ref_id, &base)
    }

    #[test]
    fn a_plan_is_an_entry_for_each_component_and_one_for_the_organization() {
        let told: Vec<String> = entries()
            .iter()
            .map(|entry| format!("{} {}", entry.action, entry.object.ref_id.as_deref().unwrap_or("-")))
            .collect();
        let expected = [
            "organization.update -",
            "user.update user-ana",
            "team.create team-core",
            "escalation_policy.update escalation_policy-primary",
            "user.remove user-ben",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn addresses_are_personal_secrets_are_hidden_and_all_else_is_plain() {
        let entries = entries();
        let of = |action: &str| &entries.iter().find(|entry| entry.action == action).expect("an entry").changes;
        let change = |action: &str, field: &str| {
            let found = of(action).iter().find(|changed| changed.field == field);
            let found = found.unwrap_or_else(|| panic!("{action} {field}: {:?}", of(action)));
            (found.before.clone(), found.after.clone())
        };
        let of_ana = |value: &str| Value::Personal { person: "user-ana".to_owned(), value: value.to_owned() };
        assert_eq!(change("user.update", "email"), (of_ana("ana@example.org"), of_ana("ana@example.net")));
        assert_eq!(change("user.update", "sms"), (Value::Unset, of_ana("+4915112345678")));
        assert_eq!(change("user.update", "webhook.url"), (of_ana("https://ana.example.org"), Value::Unset));
        assert_eq!(change("user.update", "webhook.secrets"), (Value::Hidden, Value::Unset));
        assert_eq!(change("user.update", "role"), (Value::Unset, Value::text("manager")));
        let level = |minutes: u32| Value::Plain(json!([{"minutes": minutes, "users": ["ana"]}]));
        assert_eq!(change("escalation_policy.update", "levels"), (level(5), level(10)));
        assert_eq!(change("team.create", "members"), (Value::Unset, Value::Plain(json!(["ana"]))));
        assert_eq!(change("organization.update", "fallback_policy"), (Value::Unset, Value::text("primary")));
        let gone = Value::Personal { person: "user-ben".to_owned(), value: "ben@example.org".to_owned() };
        assert_eq!(change("user.remove", "email"), (gone, Value::Unset));
    }
}

//! What differs in components, told as entries: secrets hidden, what belongs to a person marked so that it can be erased.

use super::entry::{Changed, Value};
use crate::file::is_secret;
use domain::directory::ComponentKind;
use serde_json::{Map, Value as Json};

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

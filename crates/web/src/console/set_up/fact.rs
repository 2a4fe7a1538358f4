//! The fields of a component in words.

use super::cell::Cell;
use super::kind::Kind;
use super::words::{label, urgency};
use directory::file::{schema, write_field};
use directory::named_kinds;
use domain::directory::{ComponentKind, Directory};
use serde_json::Value;

/// What a field is called, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) cell: Cell,
}

/// The fields of a component that a directory file has, in its order, without these and without the name.
pub(super) fn facts(kind: ComponentKind, component: &Value, directory: &Directory, without: &[&str]) -> Vec<Fact> {
    let schema = schema(kind);
    let keys = schema["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    let keys = keys.filter(|key| !["name", "username", "description"].contains(key) && !without.contains(key));
    let told = keys.filter_map(|key| {
        let value = component.get(key).filter(|value| !value.is_null())?;
        Some(Fact { label: label(key), cell: cell(kind, key, value, directory) })
    });
    told.collect()
}

fn cell(kind: ComponentKind, key: &str, value: &Value, directory: &Directory) -> Cell {
    let named = named_kinds(kind, key);
    let link = |name: &str| (Kind::of(which(named, name, directory)).page(name), name.to_owned());
    match value {
        Value::String(name) if !named.is_empty() => Cell::Links(vec![link(name)]),
        Value::String(text) => Cell::Text(text.clone()),
        Value::Bool(truth) => Cell::Text(if *truth { "yes" } else { "no" }.to_owned()),
        Value::Number(number) if key.contains("urgency") => {
            let word = number.as_i64().map(urgency).unwrap_or_default();
            Cell::Text(format!("{number} {word}"))
        }
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let texts = items.iter().filter_map(Value::as_str);
            if named.is_empty() {
                Cell::Lines(texts.map(str::to_owned).collect())
            } else {
                Cell::Links(texts.map(link).collect())
            }
        }
        Value::Array(_) | Value::Object(_) => Cell::Code(write_field(key, value)),
        other => Cell::Text(other.to_string()),
    }
}

/// The kind of which there is one of this name.
fn which(kinds: &[ComponentKind], name: &str, directory: &Directory) -> ComponentKind {
    let is_heartbeat = directory.heartbeats.named(name).is_some() && directory.integrations.named(name).is_none();
    match kinds {
        [_, ComponentKind::Heartbeat] if is_heartbeat => ComponentKind::Heartbeat,
        [first, ..] => *first,
        [] => ComponentKind::Service,
    }
}

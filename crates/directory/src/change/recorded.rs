//! What the audit log is told of a change: an entry for each component that was made, changed or removed, and one for what the
//! organization itself has become.

use super::author::Author;
use super::draft::body_of;
use super::kept::without_past;
use super::weighed::Weighed;
use crate::audit::{Changed, Entry, Object, Value, component_changes};
use domain::RefId;
use domain::directory::{ComponentKind, ManagedBy, Settings};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;
use store::{ComponentRow, Error};

/// The entries of a change.
///
/// # Errors
/// `Corrupt` when a body is no JSON object.
pub(super) fn entries(weighed: &Weighed, author: &Author) -> Result<Vec<Entry>, Error> {
    let before: HashMap<&RefId, &ComponentRow> = weighed.before.iter().map(|row| (&row.ref_id, row)).collect();
    let mut entries: Vec<Entry> = organization(weighed, author).into_iter().collect();
    for write in weighed.writes.iter().filter(|write| write.is_changed) {
        let row = &write.row;
        let stored = before.get(&row.ref_id);
        let old = stored.map(|stored| said(stored)).transpose()?;
        let mut changes = component_changes(row.kind, row.ref_id.as_str(), old.as_ref(), Some(&said(row)?));
        if weighed.rewrites && row.kind == ComponentKind::Routine {
            changes.push(Changed::set("rewrite", Value::Plain(true.into())));
        }
        // A rule that only has another place is told with the order of all rules.
        if changes.is_empty() && stored.is_some() {
            continue;
        }
        let verb = if stored.is_some() { "update" } else { "create" };
        entries.push(of_component(author, row, verb, changes));
    }
    for row in &weighed.removed {
        let changes = component_changes(row.kind, row.ref_id.as_str(), Some(&body_of(row)?), None);
        entries.push(of_component(author, row, "remove", changes));
    }
    entries.extend(taken_over(weighed, author));
    Ok(entries)
}

/// What a row says of a component; what a routine was has entries of its own.
fn said(row: &ComponentRow) -> Result<Map<String, Json>, Error> {
    Ok(without_past(&body_of(row)?))
}

/// An entry for each component that a file took over.
pub(super) fn taken_over(weighed: &Weighed, author: &Author) -> Vec<Entry> {
    let before: HashMap<&RefId, ManagedBy> =
        weighed.before.iter().map(|row| (&row.ref_id, row.provenance.managed_by)).collect();
    let (api, file) = (ManagedBy::Api, ManagedBy::File);
    let rows = weighed.writes.iter().map(|write| &write.row);
    let taken = rows.filter(|row| row.provenance.managed_by == file && before.get(&row.ref_id) == Some(&api));
    let change =
        || Changed { field: "managed_by".to_owned(), before: Value::text(api.word()), after: Value::text(file.word()) };
    taken.map(|row| of_component(author, row, "adopt", vec![change()])).collect()
}

fn of_component(author: &Author, row: &ComponentRow, verb: &str, changes: Vec<Changed>) -> Entry {
    let object = Object::new(row.kind.word(), Some(row.ref_id.as_str()), &row.name);
    author.base.with(&format!("{}.{verb}", row.kind.word()), object, changes)
}

/// What the organization itself has become.
fn organization(weighed: &Weighed, author: &Author) -> Option<Entry> {
    let value = |text: &str| match text {
        "(not set)" => Value::Unset,
        text => Value::text(text.trim_matches('"')),
    };
    let mut changes = Vec::new();
    // Of settings the values themselves are told, and not how a plan spells them.
    let told = |text: &str| serde_json::from_str::<Settings>(text).unwrap_or_default().told();
    let (before, after) = (told(&weighed.settings_before), told(&weighed.settings));
    let is_setting = |field: &str| after.contains_key(field);
    for change in weighed.plan.settings.iter().filter(|change| !is_setting(&change.field)) {
        changes.push(Changed {
            field: change.field.clone(),
            before: value(&change.before),
            after: value(&change.after),
        });
    }
    for (field, after) in after.into_iter().filter(|(field, after)| before.get(field) != Some(after)) {
        let before = before.get(&field).cloned().map_or(Value::Unset, Value::Plain);
        changes.push(Changed { field, before, after: Value::Plain(after) });
    }
    if let Some(order) = &weighed.plan.rule_order {
        let names = order.iter().map(String::as_str).collect();
        changes.push(Changed::set("routing_rules", Value::Plain(names)));
    }
    let object = Object::new("organization", None, &weighed.definition.name);
    (!changes.is_empty()).then(|| author.base.with("organization.update", object, changes))
}

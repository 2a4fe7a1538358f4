//! Components that a file manages and that were removed beside it: without looking, the file would make them anew.

use super::author::Author;
use super::said::Said;
use crate::audit::Way;
use crate::file::name_key;
use domain::directory::ManagedBy;
use domain::{Instant, OrganizationId, RefId};
use serde_json::{Map, Value};
use std::collections::HashSet;
use store::{ComponentRow, Error, RemovedBesideRow, Tx};

/// That a component which is removed is the file's, where it is not the file that removes it.
pub(super) fn removal_beside_file(row: &ComponentRow, author: &Author, now: Instant) -> Option<RemovedBesideRow> {
    if row.provenance.managed_by != ManagedBy::File || author.way() == Way::File {
        return None;
    }
    // Another name that it got beside the file is none by which the file knows it.
    let applied = row.provenance.applied.as_deref().and_then(|applied| serde_json::from_str(applied).ok());
    let called = applied.as_ref().and_then(|applied: &Map<String, Value>| applied.get(name_key(row.kind))?.as_str());
    Some(RemovedBesideRow {
        ref_id: row.ref_id.clone(),
        kind: row.kind,
        name_in_file: called.unwrap_or(&row.name).to_owned(),
        source: row.provenance.source.clone(),
        removed_by: author.name.clone(),
        removed_at: now,
    })
}

/// What was removed beside its file and is not there: no component has its id, nor what the file calls it.
pub(super) fn missing(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    present: &[ComponentRow],
) -> Result<Vec<RemovedBesideRow>, Error> {
    let ids: HashSet<&RefId> = present.iter().map(|row| &row.ref_id).collect();
    let names: HashSet<_> = present.iter().map(|row| (row.kind, row.name.as_str())).collect();
    let mut missing = store::removed_beside_list(tx, organization)?;
    missing.retain(|row| !ids.contains(&row.ref_id) && !names.contains(&(row.kind, row.name_in_file.as_str())));
    Ok(missing)
}

/// Those of them that the file still has, by what it calls them now.
pub(super) fn still_said(missing: Vec<RemovedBesideRow>, said: &Said<'_>) -> Vec<RemovedBesideRow> {
    let named = |row: RemovedBesideRow| {
        let name_in_file = said.name_now(row.kind, &row.name_in_file)?.to_owned();
        Some(RemovedBesideRow { name_in_file, ..row })
    };
    missing.into_iter().filter_map(named).collect()
}

/// That it was removed, as it is told to whoever applies the file.
pub(super) fn sentence(row: &RemovedBesideRow) -> String {
    let RemovedBesideRow { kind, name_in_file, removed_by, removed_at, .. } = row;
    let by = if removed_by.is_empty() { "somebody" } else { removed_by };
    format!("{} `{name_in_file}` was removed by {by} at {}", kind.word().replace('_', " "), removed_at.wire())
}

/// Once a file was applied, after which there is what `rows` tell: forgets what it has made anew and what it does not say any
/// more, and keeps of all else what the file calls it now. Whether anything was kept or forgotten.
pub(super) fn reconcile(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    rows: &[ComponentRow],
    said: &Said<'_>,
) -> Result<bool, Error> {
    let mut is_other = false;
    for removed in store::removed_beside_list(tx, organization)? {
        let is_back = |name: &str| {
            let has_name = |row: &ComponentRow| row.kind == removed.kind && row.name == name;
            rows.iter().any(|row| {
                row.ref_id == removed.ref_id || (has_name(row) && row.provenance.managed_by == ManagedBy::File)
            })
        };
        let name = said.name_now(removed.kind, &removed.name_in_file).filter(|name| !is_back(name));
        if name != Some(removed.name_in_file.as_str()) {
            store::removed_beside_name(tx, organization, &removed.ref_id, name)?;
            is_other = true;
        }
    }
    Ok(is_other)
}

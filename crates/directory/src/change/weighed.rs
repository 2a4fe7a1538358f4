//! A change that was judged: what it comes to, and the rows that have to be written for it.

use super::author::Author;
use super::draft::{Draft, Piece, Renamed};
use super::kept::is_as_applied;
use crate::file::{Plan, plan};
use domain::directory::{ComponentKind, Definition, ManagedBy, Settings};
use domain::{Instant, RefId};
use engine::Ids;
use serde_json::{Map, Value};
use std::collections::HashMap;
use store::{ComponentRow, Error, Provenance};

/// A change that can be written.
#[derive(Debug)]
pub(super) struct Weighed {
    /// The organization's version on which it was judged.
    pub(super) base: i64,
    /// What is different.
    pub(super) plan: Plan,
    /// The rows that are new or different.
    pub(super) writes: Vec<Write>,
    /// The rows that are gone.
    pub(super) removed: Vec<ComponentRow>,
    pub(super) renamed: Vec<Renamed>,
    /// What the organization was called, where it gets another name.
    pub(super) organization_renamed_from: Option<String>,
    /// What there is afterwards.
    pub(super) definition: Definition,
    /// The settings afterwards, as JSON.
    pub(super) settings: String,
    /// Whether the settings are different.
    pub(super) settings_differ: bool,
    /// The settings before, with the fallback policy, as a version keeps them.
    pub(super) settings_before: String,
    /// All rows afterwards, by the places of the pieces.
    pub(super) rows: Vec<ComponentRow>,
    /// All rows before.
    pub(super) before: Vec<ComponentRow>,
    /// Whether what is said of routines counts for what has been, too.
    pub(super) rewrites: bool,
}

impl Weighed {
    /// Whether there is nothing to write.
    pub(super) fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.removed.is_empty() && self.plan.is_empty() && !self.settings_differ
    }
}

/// A row to write.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) row: ComponentRow,
    /// Whether the component itself is different, and not only where it comes from.
    pub(super) is_changed: bool,
}

/// What a draft comes to; `definition` is what its pieces define.
///
/// # Errors
/// `Corrupt` when what is stored cannot be read.
pub(super) fn weigh(
    draft: Draft,
    definition: Definition,
    ids: &Ids,
    author: &Author,
    now: Instant,
) -> Result<Weighed, Error> {
    let settings_before: Settings = serde_json::from_str(&draft.organization.settings)
        .map_err(|error| Error::Corrupt(format!("the settings of an organization: {error}")))?;
    let mut plan = plan(&draft.stands()?, &definition).with_settings(&settings_before, &draft.settings);
    plan.renamed =
        draft.renamed.iter().map(|renamed| (renamed.kind, renamed.old.clone(), renamed.new.clone())).collect();
    plan.adopted = adopted(&draft);
    let bodies = draft.bodies(&definition)?;
    let mut next = next_positions(&draft);
    let (mut writes, mut rows) = (Vec::new(), Vec::with_capacity(bodies.len()));
    for (piece, body) in draft.pieces.iter().zip(bodies) {
        let position = position(&draft, piece, &mut next);
        let Some(stored) = draft.row(piece) else {
            let row = made(piece, body, position, ids, author, now);
            rows.push(row.clone());
            writes.push(Write { row, is_changed: true });
            continue;
        };
        let body = if piece.is_touched { body } else { stored.body.clone() };
        let is_changed = stored.name != piece.name || stored.body != body || stored.position != position;
        let mut row = ComponentRow { name: piece.name.clone(), body, position, ..stored.clone() };
        let applied = match &piece.applied {
            Some(applied) if is_as_applied(&row, applied)? => None,
            applied => applied.clone(),
        };
        let provenance = &mut row.provenance;
        provenance.managed_by = piece.managed_by;
        provenance.source.clone_from(&piece.source);
        // What is as the file said is not beside it any more.
        provenance.applied = applied;
        provenance.personal.clone_from(&piece.personal);
        let is_other = *provenance != stored.provenance;
        if is_changed {
            provenance.version += 1;
            provenance.updated_at = Some(now);
            provenance.updated_by = Some(author.name.clone());
        }
        if is_changed || is_other {
            writes.push(Write { row: row.clone(), is_changed });
        }
        rows.push(row);
    }
    let stays = |place: usize| draft.pieces.iter().any(|piece| piece.stored == Some(place));
    let gone = draft.before.iter().enumerate().filter(|(place, _)| !stays(*place));
    let removed = gone.map(|(_, row)| row.clone()).collect();
    let settings = serde_json::to_string(&draft.settings).map_err(|error| Error::Statement(error.to_string()))?;
    let old_name = (draft.name != draft.organization.name).then(|| draft.organization.name.clone());
    Ok(Weighed {
        base: draft.organization.version,
        plan,
        writes,
        removed,
        renamed: draft.renamed,
        organization_renamed_from: old_name,
        definition,
        settings_differ: settings_before != draft.settings,
        settings_before: settings_with(draft.organization.fallback_policy.as_deref(), &draft.organization.settings),
        settings,
        rows,
        before: draft.before,
        rewrites: false,
    })
}

/// What a file takes over from the API.
fn adopted(draft: &Draft) -> Vec<(ComponentKind, String)> {
    let was_of_api = |piece: &&Piece| draft.row(piece).is_some_and(|row| row.provenance.managed_by == ManagedBy::Api);
    let of_file = draft.pieces.iter().filter(|piece| piece.managed_by == ManagedBy::File);
    of_file.filter(was_of_api).map(|piece| (piece.kind, piece.name.clone())).collect()
}

fn made(piece: &Piece, body: String, position: i64, ids: &Ids, author: &Author, now: Instant) -> ComponentRow {
    ComponentRow {
        kind: piece.kind,
        name: piece.name.clone(),
        ref_id: piece.ref_id.clone().unwrap_or_else(|| RefId(ids.ref_id())),
        own_policy: (piece.kind == ComponentKind::User).then(|| RefId(ids.ref_id())),
        position,
        body,
        provenance: Provenance {
            version: 1,
            managed_by: piece.managed_by,
            source: piece.source.clone(),
            applied: None,
            personal: None,
            created_at: Some(now),
            updated_at: Some(now),
            updated_by: Some(author.name.clone()),
        },
    }
}

/// The position that the next component of each kind gets. Rules are tried in their order, so they are counted anew.
fn next_positions(draft: &Draft) -> HashMap<ComponentKind, i64> {
    let mut next = HashMap::new();
    for row in draft.before.iter().filter(|row| row.kind != ComponentKind::RoutingRule) {
        let known = next.entry(row.kind).or_insert(0);
        *known = (*known).max(row.position + 1);
    }
    next
}

fn position(draft: &Draft, piece: &Piece, next: &mut HashMap<ComponentKind, i64>) -> i64 {
    match draft.row(piece) {
        Some(row) if piece.kind != ComponentKind::RoutingRule => row.position,
        _ => {
            let next = next.entry(piece.kind).or_insert(0);
            *next += 1;
            *next - 1
        }
    }
}

/// The settings of an organization with its fallback policy, as a version of its directory keeps them.
pub(super) fn settings_with(fallback_policy: Option<&str>, settings: &str) -> String {
    let mut all: Map<String, Value> = serde_json::from_str(settings).unwrap_or_default();
    if let Some(policy) = fallback_policy {
        all.insert("fallback_policy".to_owned(), policy.into());
    }
    Value::Object(all).to_string()
}

//! Versions of a directory: listed, compared, gone back to.

use super::draft::{Draft, Piece, body_of};
use super::gap::{none_is_emptied, without};
use super::kept::without_past;
use super::lock::locked;
use super::personal::keep_own;
use super::secret::hide;
use crate::administration::Administration;
use crate::file::{Plan, plan, write};
use domain::directory::{ComponentKind, Definition, ManagedBy, Settings};
use domain::{Instant, OrganizationId, Refusal};
use engine::{Batch, Failure, Reader, Undo, definition_of, snapshot};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::{ComponentRow, Error, Provenance, Tx, VersionRow};

/// Versions that are forgotten in one transaction.
const CUT_AT_ONCE: u32 = 100;
const DAY_MICROS: i64 = 86_400_000_000;

impl Administration {
    /// Forgets the versions of all directories that are older than their organization says, in pieces that keep nobody
    /// waiting; to be called now and then.
    ///
    /// # Errors
    /// As the store says.
    pub async fn cut_versions(&self) -> Result<(), Failure> {
        for organization in self.engine().read(|tx, _| Ok(store::organization_list(tx)?)).await? {
            let id = organization.id;
            let settings: Settings = serde_json::from_str(&organization.settings).unwrap_or_default();
            loop {
                let days = i64::from(settings.version_days);
                let cut = move |batch: &mut Batch<'_>| {
                    let before = Instant(batch.now().0 - days * DAY_MICROS);
                    Ok(store::version_cut(batch.tx, id, before, i64::from(CUT_AT_ONCE))?)
                };
                if self.engine().desk().submit_behind((id, u64::from(CUT_AT_ONCE)), cut).await? == 0 {
                    break;
                }
            }
        }
        Ok(())
    }

    /// What the organization has set, with its name and defaults; and the version of its directory.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn settings(&self, reader: Reader) -> Result<(Value, i64), Failure> {
        let read = self.engine().read(move |tx, shared| {
            snapshot(tx, shared, &reader)?;
            let found = store::organization_load(tx, reader.organization)?;
            let found = found.ok_or_else(|| Error::Corrupt(format!("no organization {}", reader.organization.0)))?;
            let version = found.version;
            Ok((Value::Object(Draft::of(found, Vec::new())?.told_settings()), version))
        });
        read.await
    }

    /// At most `limit` versions of the directory before the version `before`, newest first.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn versions(&self, reader: Reader, before: i64, limit: u32) -> Result<Vec<VersionRow>, Failure> {
        let read = self.engine().read(move |tx, shared| {
            snapshot(tx, shared, &reader)?;
            Ok(store::version_list(tx, reader.organization, before, limit)?)
        });
        read.await
    }

    /// One version, and the directory file of that time, with its secrets hidden.
    ///
    /// # Errors
    /// `Refused` with `UnknownVersion` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn version(&self, reader: Reader, version: i64) -> Result<(VersionRow, String), Failure> {
        let read = self.engine().read(move |tx, shared| {
            let snapshot = snapshot(tx, shared, &reader)?;
            let row = row(tx, reader.organization, "version", version)?;
            let mut rows = rows_at(tx, reader.organization, row.version)?;
            for row in &mut rows {
                let mut body = body_of(row)?;
                hide(&mut body);
                row.body = Value::Object(body).to_string();
            }
            let mut definition = definition_of(&rows)?;
            definition.fallback_policy = fallback_of(&row);
            definition.name.clone_from(&snapshot.directory.name);
            Ok((row, write(&definition)))
        });
        read.await
    }

    /// What is different at the version `until` from what was at the version `from`.
    ///
    /// # Errors
    /// `Refused` with `UnknownVersion` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn diff(&self, reader: Reader, from: i64, until: i64) -> Result<Plan, Failure> {
        let read = self.engine().read(move |tx, shared| {
            snapshot(tx, shared, &reader)?;
            let (old, new) =
                (row(tx, reader.organization, "from", from)?, row(tx, reader.organization, "until", until)?);
            Ok(plan_between(tx, reader.organization, &old, &new)?)
        });
        read.await
    }
}

/// The version of this number, which the field of a request gave.
pub(super) fn row(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    field: &'static str,
    version: i64,
) -> Result<VersionRow, engine::Undo> {
    let found = store::version_list(tx, organization, version.saturating_add(1), 1)?.into_iter().next();
    let found = found.filter(|row| row.version == version);
    found.ok_or_else(|| Refusal::UnknownVersion { field, version }.into())
}

/// The components as of a version.
fn rows_at(tx: &mut dyn Tx, organization: OrganizationId, version: i64) -> Result<Vec<ComponentRow>, Error> {
    let mut rows = Vec::new();
    for row in store::component_version_at(tx, organization, version)? {
        let Some(body) = row.body else { continue };
        let (kind, name, ref_id, position) = (row.kind, row.name, row.ref_id, row.position);
        rows.push(ComponentRow {
            kind,
            name,
            ref_id,
            own_policy: None,
            position,
            body,
            provenance: Provenance::default(),
        });
    }
    let key = |row: &ComponentRow| (row.kind, row.position, row.name.clone());
    rows.sort_by_key(key);
    Ok(rows)
}

/// The directory as of a version.
pub(super) fn definition_at(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    version: &VersionRow,
) -> Result<Definition, Error> {
    let mut definition = definition_of(&rows_at(tx, organization, version.version)?)?;
    definition.fallback_policy = fallback_of(version);
    Ok(definition)
}

/// What is different at the version `new` from what was at the version `old`.
pub(super) fn plan_between(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    old: &VersionRow,
    new: &VersionRow,
) -> Result<Plan, Error> {
    let name = store::organization_load(tx, organization)?.map(|found| found.name).unwrap_or_default();
    let (old_definition, new_definition) =
        (definition_at(tx, organization, old)?, definition_at(tx, organization, new)?);
    let named = |definition: Definition| Definition { name: name.clone(), ..definition };
    let plan = plan(&named(old_definition), &named(new_definition));
    Ok(plan.with_settings(&settings_of(old), &settings_of(new)))
}

fn kept_settings(version: &VersionRow) -> Map<String, Value> {
    serde_json::from_str(&version.settings).unwrap_or_default()
}

fn settings_of(version: &VersionRow) -> Settings {
    serde_json::from_value(Value::Object(kept_settings(version))).unwrap_or_default()
}

fn fallback_of(version: &VersionRow) -> Option<String> {
    kept_settings(version).get("fallback_policy").and_then(Value::as_str).map(str::to_owned)
}

/// Makes what the API manages what it was at a version. What is a person's own stays as it is.
///
/// # Errors
/// `UnknownVersion`; `ManagedByFile` where something was different that a file manages now; or as the store says.
pub(super) fn go_back(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    draft: &mut Draft,
    version: i64,
) -> Result<Vec<Option<usize>>, Undo> {
    let version = row(tx, organization, "version", version)?;
    let then = rows_at(tx, organization, version.version)?;
    draft.fallback_policy = fallback_of(&version);
    draft.settings = settings_of(&version);
    let mut order = HashMap::new();
    let mut stays = HashSet::new();
    let left = left_since(tx, organization, draft, &then)?;
    for old in then.iter().filter(|old| old.kind != ComponentKind::User || !left.contains(&old.name)) {
        order.insert((old.kind, old.name.clone()), order.len());
        let mut body = body_of(old)?;
        if old.kind != ComponentKind::User {
            for person in &left {
                without(&mut body, person);
            }
        }
        let by_id = |piece: &Piece| draft.row(piece).is_some_and(|row| row.ref_id == old.ref_id);
        let place = draft.pieces.iter().position(by_id).or_else(|| draft.named(old.kind, &old.name));
        let Some(place) = place else {
            stays.insert((old.kind, old.name.clone()));
            draft.pieces.push(Piece {
                stored: None,
                kind: old.kind,
                name: old.name.clone(),
                body,
                is_touched: true,
                managed_by: ManagedBy::Api,
                source: None,
                applied: None,
                personal: None,
                // Whatever knew it knows it again, and its keys count.
                ref_id: Some(old.ref_id.clone()),
            });
            continue;
        };
        if old.kind == ComponentKind::User {
            keep_own(&draft.pieces[place].body, &mut body);
        }
        if old.kind == ComponentKind::Routine {
            // What it was is no part of what it is.
            body = without_past(&body);
            body.extend(draft.pieces[place].body.get_key_value("past").map(|(key, past)| (key.clone(), past.clone())));
        }
        let is_same = draft.pieces[place].body == body;
        if draft.pieces[place].managed_by == ManagedBy::File && !is_same {
            return Err(locked(draft, &draft.pieces[place]).into());
        }
        if draft.pieces[place].name != old.name {
            draft.rename(place, &old.name);
        }
        stays.insert((old.kind, old.name.clone()));
        let piece = &mut draft.pieces[place];
        piece.is_touched = piece.is_touched || !is_same;
        piece.body = body;
    }
    let who = left.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    none_is_emptied(draft, |policy| {
        format!(
            "version: escalation policy `{policy}` asked nobody then who is still here, and who left ({who}) does not come back: \
             export that version, name somebody else in the file, and apply it"
        )
    })?;
    draft
        .pieces
        .retain(|piece| piece.managed_by == ManagedBy::File || stays.contains(&(piece.kind, piece.name.clone())));
    let place = |piece: &Piece| order.get(&(piece.kind, piece.name.clone())).copied().unwrap_or(usize::MAX);
    draft.pieces.sort_by_key(place);
    Ok(Vec::new())
}

/// Who was there then and left since. They do not come back: their turns are gaps, as they became when they left.
fn left_since(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    draft: &Draft,
    then: &[ComponentRow],
) -> Result<BTreeSet<String>, Error> {
    let mut left = BTreeSet::new();
    for old in then.iter().filter(|old| old.kind == ComponentKind::User) {
        let is_here = draft.named(ComponentKind::User, &old.name).is_some();
        if !is_here && store::former_person_exists(tx, organization, &old.name)? {
            left.insert(old.name.clone());
        }
    }
    Ok(left)
}

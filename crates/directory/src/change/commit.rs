//! Writes a change that was judged, with the version of the directory that it makes.

use super::author::Author;
use super::draft::Renamed;
use super::integration_key::keep_keys;
use super::not_written::NotWritten;
use super::recorded::entries;
use super::removed::removal_beside_file;
use super::weighed::{Weighed, settings_with};
use crate::{audit, sign_in};
use domain::directory::{ComponentKind, User};
use domain::incident::Incident;
use domain::{Instant, OrganizationId, RefId};
use engine::Ids;
use std::collections::HashMap;
use store::{ComponentRow, ComponentVersionRow, Error, FormerPersonRow, Tx, VersionRow};

/// Refuses to remove what unresolved incidents refer to.
///
/// # Errors
/// `Referenced`, or as the store says.
pub(super) fn check_removed(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    removed: &[ComponentRow],
) -> Result<(), NotWritten> {
    if removed.is_empty() {
        return Ok(());
    }
    let unresolved = store::incident_unresolved(tx, organization)?;
    let refused: Vec<String> = removed.iter().filter_map(|row| holder(row, &unresolved)).collect();
    if refused.is_empty() { Ok(()) } else { Err(NotWritten::Referenced(refused)) }
}

/// The sentence that says which unresolved incident refers to a component.
fn holder(row: &ComponentRow, unresolved: &[Incident]) -> Option<String> {
    let refers = |incident: &&Incident| {
        let targets = |policy: &RefId| incident.targets.iter().any(|target| target.policy == *policy);
        match row.kind {
            ComponentKind::User => {
                let people = incident.assignees.iter().chain(&incident.subscribers);
                row.own_policy.as_ref().is_some_and(targets) || people.into_iter().any(|user| user.as_str() == row.name)
            }
            ComponentKind::EscalationPolicy => targets(&row.ref_id),
            ComponentKind::Service => incident.service.as_ref() == Some(&row.ref_id),
            ComponentKind::BusinessService => incident.impacts.contains(&row.ref_id),
            ComponentKind::Team
            | ComponentKind::ResponseSet
            | ComponentKind::Workflow
            | ComponentKind::RoutingRule
            | ComponentKind::Routine
            | ComponentKind::Integration
            | ComponentKind::Heartbeat
            | ComponentKind::MaintenanceWindow => false,
        }
    };
    let incident = unresolved.iter().find(refers)?;
    let (noun, name) = (row.kind.word().replace('_', " "), &row.name);
    let (number, id) = (incident.organization_instance_id, incident.instance_id);
    let incident = format!("incident #{number} (instance_id {id})");
    Some(format!("{noun} `{name}` cannot be removed: {incident} refers to it and is not resolved"))
}

/// Writes it. The organization is held, and its version is the one on which the change was judged.
///
/// # Errors
/// `KeyTaken`, or as the store says; the transaction is to be undone then.
pub(super) fn commit(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    weighed: &Weighed,
    ids: &Ids,
    author: &Author,
    now: Instant,
) -> Result<(), NotWritten> {
    for row in &weighed.removed {
        store::component_delete(tx, organization, row.kind, &row.name)?;
        forget(tx, organization, row, author, now)?;
    }
    for renamed in &weighed.renamed {
        store::component_delete(tx, organization, renamed.kind, &renamed.old)?;
        follow(tx, organization, renamed)?;
    }
    for write in &weighed.writes {
        store::component_save(tx, organization, &write.row)?;
        if write.row.kind == ComponentKind::User && write.row.provenance.version == 1 {
            // A directory file can bring somebody back.
            store::former_person_return(tx, organization, &write.row.name)?;
        }
        let is_locked = |user: &User| user.locked && user.username.as_str() == write.row.name;
        if write.row.kind == ComponentKind::User && weighed.definition.users.iter().any(is_locked) {
            sign_in::lock_out(tx, organization, &write.row.ref_id, now)?;
        }
    }
    if let Some(old) = &weighed.organization_renamed_from {
        store::organization_rename(tx, organization, old, &weighed.definition.name)?;
    }
    keep_keys(tx, organization, &weighed.definition, ids, now)?;
    if weighed.plan.entries.iter().any(|entry| entry.kind == ComponentKind::MaintenanceWindow) {
        // What a window keeps back is looked at anew: it may have ended.
        store::problem_hurry_waiting(tx, organization, now)?;
        look_again(tx, organization, weighed, now)?;
    }
    if weighed.settings_differ {
        store::organization_settle(tx, organization, &weighed.settings)?;
    }
    remember(tx, organization, weighed, author, now)?;
    audit::record_all(tx, ids, organization, now, &entries(weighed, author)?)?;
    Ok(store::organization_changed(tx, organization, weighed.definition.fallback_policy.as_deref())?)
}

/// Incidents that wait for the end of a window are looked at now where it is another time than it was.
fn look_again(tx: &mut dyn Tx, organization: OrganizationId, weighed: &Weighed, now: Instant) -> Result<(), Error> {
    let name = |id: &RefId| weighed.rows.iter().find(|row| row.ref_id == *id).map(|row| row.name.as_str());
    let is_window = |row: &&ComponentRow| row.kind == ComponentKind::MaintenanceWindow;
    let made: HashMap<_, _> =
        (weighed.rows.iter().filter(is_window)).map(|row| (row.name.as_str(), row.provenance.created_at)).collect();
    let made_at = |name: &str| made.get(name).copied().unwrap_or(Some(now));
    let waiting = store::incident_unresolved(tx, organization)?;
    for incident in waiting.iter().filter(|incident| incident.kept_back.is_some()) {
        let service = incident.service.as_ref().and_then(name);
        let windows = weighed.definition.maintenance_windows.iter().map(|window| (window, made_at(&window.name)));
        let kept = incident.maintenance_by(windows, service, now);
        if kept.is_none_or(|kept| kept.until != incident.next_alert_at) {
            store::incident_look_again(tx, organization, incident.instance_id, now)?;
        }
    }
    Ok(())
}

/// Forgets what was kept about a component that is gone, and remembers that it was.
fn forget(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    row: &ComponentRow,
    author: &Author,
    now: Instant,
) -> Result<(), Error> {
    let beside = removal_beside_file(row, author, now);
    // What a person was called is told by the row of those who left.
    if row.kind != ComponentKind::User || beside.is_some() {
        store::former_component_insert(tx, organization, (row.kind, &row.ref_id, &row.name), beside.as_ref())?;
    }
    match row.kind {
        ComponentKind::User => {
            store::contact_forget(tx, organization, &row.name)?;
            sign_in::forget(tx, organization, &row.ref_id, now)?;
            store::former_person_insert(tx, organization, &former(row, now)?)?;
        }
        ComponentKind::Routine => store::swap_delete_all(tx, organization, &row.name)?,
        ComponentKind::Heartbeat => drop(store::heartbeat_delete(tx, organization, &row.ref_id, None)?),
        ComponentKind::Integration => {
            store::payload_delete_all(tx, organization, &row.ref_id)?;
            store::topic_delete_all(tx, organization, &row.ref_id)?;
            store::turned_away_delete_all(tx, organization, &row.ref_id)?;
        }
        ComponentKind::Team
        | ComponentKind::EscalationPolicy
        | ComponentKind::Service
        | ComponentKind::BusinessService
        | ComponentKind::ResponseSet
        | ComponentKind::Workflow
        | ComponentKind::RoutingRule
        | ComponentKind::MaintenanceWindow => {}
    }
    Ok(())
}

/// What stays of somebody who leaves.
fn former(row: &ComponentRow, now: Instant) -> Result<FormerPersonRow, Error> {
    let user: User =
        serde_json::from_str(&row.body).map_err(|error| Error::Corrupt(format!("user `{}`: {error}", row.name)))?;
    let (name, username) = (user.shown_name().to_owned(), user.username.clone());
    Ok(FormerPersonRow { ref_id: row.ref_id.clone(), username, name, left_at: now, erased: None })
}

/// What is kept by a component's name follows its new one: the swaps of a routine, and who was told that they are on call
/// by it.
fn follow(tx: &mut dyn Tx, organization: OrganizationId, renamed: &Renamed) -> Result<(), Error> {
    if renamed.kind != ComponentKind::Routine {
        return Ok(());
    }
    store::swap_rename(tx, organization, &renamed.old, &renamed.new)?;
    if let Some(mut handover) = store::handover_load(tx, organization)?
        && let Some(told) = handover.told.remove(&renamed.old)
    {
        handover.told.insert(renamed.new.clone(), told);
        store::handover_save(tx, organization, &handover)?;
    }
    Ok(())
}

/// Keeps the version that the change makes. Before the first one is kept, what there was is kept as a version of its own.
fn remember(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    weighed: &Weighed,
    author: &Author,
    now: Instant,
) -> Result<(), Error> {
    let mut last = store::version_last(tx, organization)?;
    if last == 0 && !weighed.before.is_empty() {
        last = 1;
        let plan = "as it was before versions were kept".to_owned();
        let first = VersionRow {
            version: last,
            made_at: now,
            author: String::new(),
            way: "upgrade".to_owned(),
            plan,
            settings: weighed.settings_before.clone(),
        };
        store::version_insert(tx, organization, &first)?;
        for row in &weighed.before {
            store::component_version_insert(tx, organization, &component_version(row, last, Some(row.body.clone())))?;
        }
    }
    let version = VersionRow {
        version: last + 1,
        made_at: now,
        author: author.name.clone(),
        way: author.way().word().to_owned(),
        plan: weighed.plan.to_string(),
        settings: settings_with(weighed.definition.fallback_policy.as_deref(), &weighed.settings),
    };
    store::version_insert(tx, organization, &version)?;
    for write in weighed.writes.iter().filter(|write| write.is_changed) {
        let body = Some(write.row.body.clone());
        store::component_version_insert(tx, organization, &component_version(&write.row, version.version, body))?;
    }
    for row in &weighed.removed {
        store::component_version_insert(tx, organization, &component_version(row, version.version, None))?;
    }
    Ok(())
}

fn component_version(row: &ComponentRow, version: i64, body: Option<String>) -> ComponentVersionRow {
    ComponentVersionRow {
        ref_id: row.ref_id.clone(),
        version,
        kind: row.kind,
        name: row.name.clone(),
        position: row.position,
        body,
    }
}

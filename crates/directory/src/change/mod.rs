//! Applying a definition: an organization is made what its directory file says, in one transaction, or not at all.

mod integration_key;
mod warnings;

pub(crate) use integration_key::OVERLAP_MINUTES;
pub use warnings::warnings;

use crate::file::{Change, Plan, plan};
use crate::sign_in;
use domain::directory::{Component, ComponentKind, Definition};
use domain::incident::Incident;
use domain::{Instant, OrganizationId, RefId};
use engine::{Ids, definition_of};
use integration_key::keep_keys;
use std::collections::{HashMap, HashSet};
use store::{ComponentRow, Error, OrganizationRow, Store, Tx};

/// Why a definition was not applied; nothing was changed.
#[derive(Debug)]
pub enum ApplyError {
    /// The store failed.
    Store(Error),
    /// Components that would be removed are referred to by unresolved incidents: one sentence for each.
    Referenced(Vec<String>),
    /// The key that is given to this integration is that of another one.
    KeyTaken(String),
}

impl From<Error> for ApplyError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

/// What would change if `wanted` were applied.
///
/// # Errors
/// As [`apply`]; nothing is changed in any case.
pub fn dry_run(store: &Store, wanted: &Definition) -> Result<Plan, ApplyError> {
    store.read(|tx| {
        let found = store::organization_by_name(tx, &wanted.name)?;
        let (plan, _) = weigh(tx, found.as_ref(), wanted)?;
        Ok(plan)
    })
}

/// Makes the organization that `wanted` names what it says, and returns what changed. The definition was found to be
/// without faults. Applying it again changes nothing.
///
/// # Errors
/// When unresolved incidents refer to what would be removed, a key of an integration is another's, or the store fails.
pub fn apply(store: &Store, ids: &Ids, now: Instant, wanted: &Definition) -> Result<Plan, ApplyError> {
    store.write(|tx| {
        if let Some(organization) = store::organization_by_name(tx, &wanted.name)? {
            // From here on nobody makes an incident that refers to what is about to be removed.
            store::organization_hold(tx, organization.id)?;
        }
        let found = store::organization_by_name(tx, &wanted.name)?;
        let (plan, rows) = weigh(tx, found.as_ref(), wanted)?;
        let id = match &found {
            Some(organization) => organization.id,
            None => store::organization_insert(tx, &wanted.name)?,
        };
        if plan.is_empty() && found.is_some() {
            return Ok(plan);
        }
        save(tx, id, &plan, &rows, wanted, ids)?;
        keep_keys(tx, id, wanted, ids, now)?;
        if plan.entries.iter().any(|entry| entry.kind == ComponentKind::MaintenanceWindow) {
            // What a window keeps back is looked at anew: it may have ended.
            store::problem_hurry_waiting(tx, id, now)?;
        }
        store::organization_changed(tx, id, wanted.fallback_policy.as_deref())?;
        Ok(plan)
    })
}

/// The organization of this name as a definition; `None` when there is none.
///
/// # Errors
/// As the store says.
pub fn export(store: &Store, organization: &str) -> Result<Option<Definition>, Error> {
    store.read(|tx| {
        let Some(found) = store::organization_by_name(tx, organization)? else { return Ok(None) };
        let rows = store::component_list(tx, found.id)?;
        current(&found, &rows).map(Some)
    })
}

fn current(organization: &OrganizationRow, rows: &[ComponentRow]) -> Result<Definition, Error> {
    let mut definition = definition_of(rows)?;
    definition.name.clone_from(&organization.name);
    definition.fallback_policy.clone_from(&organization.fallback_policy);
    Ok(definition)
}

/// The plan, and what is stored now.
fn weigh(
    tx: &mut dyn Tx,
    found: Option<&OrganizationRow>,
    wanted: &Definition,
) -> Result<(Plan, Vec<ComponentRow>), ApplyError> {
    let Some(organization) = found else {
        return Ok((plan(&Definition::default(), wanted), Vec::new()));
    };
    let rows = store::component_list(tx, organization.id)?;
    let plan = plan(&current(organization, &rows)?, wanted);
    let removed: HashSet<_> = plan.removed().collect();
    let leaving: Vec<&ComponentRow> =
        rows.iter().filter(|row| removed.contains(&(row.kind, row.name.as_str()))).collect();
    if !leaving.is_empty() {
        let unresolved = store::incident_unresolved(tx, organization.id)?;
        let refused: Vec<String> = leaving.into_iter().filter_map(|row| holder(row, &unresolved)).collect();
        if !refused.is_empty() {
            return Err(ApplyError::Referenced(refused));
        }
    }
    Ok((plan, rows))
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

fn save(
    tx: &mut dyn Tx,
    id: OrganizationId,
    plan: &Plan,
    rows: &[ComponentRow],
    wanted: &Definition,
    ids: &Ids,
) -> Result<(), Error> {
    let stored: HashMap<(ComponentKind, &str), &ComponentRow> =
        rows.iter().map(|row| ((row.kind, row.name.as_str()), row)).collect();
    let of_rules = |kind| kind == ComponentKind::RoutingRule;
    let rules_move = plan.rule_order.is_some() || plan.entries.iter().any(|entry| of_rules(entry.kind));
    let changed: HashSet<(ComponentKind, &str)> =
        plan.entries.iter().map(|entry| (entry.kind, entry.name.as_str())).collect();
    let locked: HashSet<&str> =
        wanted.users.iter().filter(|user| user.locked).map(|user| user.username.as_str()).collect();
    for mut row in wanted_rows(wanted)? {
        let handle = (row.kind, row.name.as_str());
        let moves = rules_move && of_rules(row.kind);
        if !changed.contains(&handle) && !moves {
            continue;
        }
        match stored.get(&handle) {
            Some(old) => {
                row.ref_id = old.ref_id.clone();
                row.own_policy.clone_from(&old.own_policy);
            }
            None => {
                row.ref_id = RefId(ids.ref_id());
                row.own_policy = (row.kind == ComponentKind::User).then(|| RefId(ids.ref_id()));
            }
        }
        store::component_save(tx, id, &row)?;
        if row.kind == ComponentKind::User && locked.contains(row.name.as_str()) {
            sign_in::lock_out(tx, id, &row.ref_id)?;
        }
    }
    for entry in plan.entries.iter().filter(|entry| entry.change == Change::Remove) {
        store::component_delete(tx, id, entry.kind, &entry.name)?;
        match entry.kind {
            ComponentKind::User => {
                store::contact_forget(tx, id, &entry.name)?;
                if let Some(row) = stored.get(&(entry.kind, entry.name.as_str())) {
                    sign_in::forget(tx, id, &row.ref_id)?;
                }
            }
            ComponentKind::Routine => store::swap_delete_all(tx, id, &entry.name)?,
            ComponentKind::Heartbeat => {
                if let Some(row) = stored.get(&(entry.kind, entry.name.as_str())) {
                    store::heartbeat_delete(tx, id, &row.ref_id)?;
                }
            }
            ComponentKind::Integration => {
                if let Some(row) = stored.get(&(entry.kind, entry.name.as_str())) {
                    store::payload_delete_all(tx, id, &row.ref_id)?;
                    store::topic_delete_all(tx, id, &row.ref_id)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The rows of a definition, without ids, each with its place among its kind.
fn wanted_rows(wanted: &Definition) -> Result<Vec<ComponentRow>, Error> {
    let mut rows = Vec::new();
    rows.extend(rows_of(&wanted.users)?);
    rows.extend(rows_of(&wanted.teams)?);
    rows.extend(rows_of(&wanted.routines)?);
    rows.extend(rows_of(&wanted.escalation_policies)?);
    rows.extend(rows_of(&wanted.services)?);
    rows.extend(rows_of(&wanted.business_services)?);
    rows.extend(rows_of(&wanted.response_sets)?);
    rows.extend(rows_of(&wanted.workflows)?);
    rows.extend(rows_of(&wanted.routing_rules)?);
    rows.extend(rows_of(&wanted.integrations)?);
    rows.extend(rows_of(&wanted.heartbeats)?);
    rows.extend(rows_of(&wanted.maintenance_windows)?);
    Ok(rows)
}

fn rows_of<T: Component>(components: &[T]) -> Result<Vec<ComponentRow>, Error> {
    let row = |(place, component): (usize, &T)| {
        Ok(ComponentRow {
            kind: T::KIND,
            name: component.name().to_owned(),
            ref_id: RefId(String::new()),
            own_policy: None,
            position: i64::try_from(place).unwrap_or(i64::MAX),
            body: serde_json::to_string(component).map_err(|error| Error::Statement(error.to_string()))?,
        })
    };
    components.iter().enumerate().map(row).collect()
}

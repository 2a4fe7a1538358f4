//! The directory as the engine holds it: an immutable snapshot, compared with the store in each transaction.

mod proof;
mod swap;

pub use proof::{address_digest, verified};
pub use swap::{KeptSwap, swaps_by_routine};

use domain::directory::{Component, ComponentKind, Definition, Directory};
use domain::notification::Channel;
use domain::routing::CompiledRule;
use domain::{OrganizationId, RefId, Username};
use serde::de::DeserializeOwned;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use store::{ComponentRow, Error, KeyRow, Tx};

/// An organization's directory and keys at one version.
#[derive(Debug)]
pub struct Snapshot {
    /// Users, policies, services, rules.
    pub directory: Directory,
    /// Keys, by number.
    pub keys: HashMap<i64, KeyRow>,
}

/// The snapshots this process holds.
#[derive(Debug)]
pub struct Directories {
    channels: BTreeSet<Channel>,
    snapshots: RwLock<HashMap<OrganizationId, Arc<Snapshot>>>,
}

impl Directories {
    /// `channels` are those that this server has a carrier for.
    pub(crate) fn new(channels: BTreeSet<Channel>) -> Self {
        Self { channels, snapshots: RwLock::new(HashMap::new()) }
    }

    /// The snapshot that is current in this transaction; `None` when there is no such organization.
    ///
    /// # Errors
    /// As the store says; `Corrupt` when what is stored is no directory.
    pub fn current(&self, tx: &mut dyn Tx, id: OrganizationId) -> Result<Option<Arc<Snapshot>>, Error> {
        let Some(version) = store::organization_version(tx, id)? else { return Ok(None) };
        let held = self.snapshots.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if let Some(snapshot) = held.filter(|snapshot| snapshot.directory.version == version) {
            return Ok(Some(snapshot));
        }
        let Some(snapshot) = self.load(tx, id)? else { return Ok(None) };
        let snapshot = Arc::new(snapshot);
        self.snapshots.write().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::clone(&snapshot));
        Ok(Some(snapshot))
    }

    /// The snapshot as this transaction sees it, which is kept for nobody.
    pub(crate) fn load(&self, tx: &mut dyn Tx, id: OrganizationId) -> Result<Option<Snapshot>, Error> {
        let Some(organization) = store::organization_load(tx, id)? else { return Ok(None) };
        let rows = store::component_list(tx, id)?;
        let mut directory = directory_of(id, &organization.name, &rows)?;
        directory.version = organization.version;
        directory.fallback_policy = organization.fallback_policy;
        directory.settings = serde_json::from_str(&organization.settings)
            .map_err(|error| Error::Corrupt(format!("the settings of an organization: {error}")))?;
        directory.channels.clone_from(&self.channels);
        directory.verified = verified(&directory, store::contact_list(tx, id)?);
        for row in store::push_device_list(tx, id)? {
            let owner = directory.users.with_ref(row.person.as_str()).map(|entry| entry.component.username.clone());
            if let Some(owner) = owner {
                directory.devices.entry(owner).or_default().push(row.device);
            }
        }
        let is_user = |user: &Username| directory.user(user.as_str()).is_some();
        directory.swaps = swaps_by_routine(&store::swap_list(tx, id)?, is_user)?;
        for row in store::former_person_list(tx, id)? {
            directory.former.add(row.ref_id, row.username, row.name);
        }
        directory.former_components = store::former_component_list(tx, id)?.into_iter().collect();
        let keys = store::key_list(tx, id)?.into_iter().map(|key| (key.id, key)).collect();
        let newest = store::integration_key_list(tx, id)?.into_iter().filter(|key| key.ends_at.is_none());
        directory.integration_keys = newest.map(|key| (key.integration, key.digits)).collect();
        Ok(Some(Snapshot { directory, keys }))
    }
}

fn parse<T: DeserializeOwned>(row: &ComponentRow) -> Result<T, Error> {
    let wrong = |error: serde_json::Error| {
        Error::Corrupt(format!("{} `{}`: {error}", row.kind.word().replace('_', " "), row.name))
    };
    serde_json::from_str(&row.body).map_err(wrong)
}

/// What the stored components define; name and fallback policy are the organization's own.
///
/// # Errors
/// `Corrupt` when a component cannot be read.
pub fn definition_of(rows: &[ComponentRow]) -> Result<Definition, Error> {
    let mut definition = Definition::default();
    for row in rows {
        match row.kind {
            ComponentKind::User => definition.users.push(parse(row)?),
            ComponentKind::Team => definition.teams.push(parse(row)?),
            ComponentKind::EscalationPolicy => definition.escalation_policies.push(parse(row)?),
            ComponentKind::Service => definition.services.push(parse(row)?),
            ComponentKind::BusinessService => definition.business_services.push(parse(row)?),
            ComponentKind::ResponseSet => definition.response_sets.push(parse(row)?),
            ComponentKind::Workflow => definition.workflows.push(parse(row)?),
            ComponentKind::RoutingRule => definition.routing_rules.push(parse(row)?),
            ComponentKind::Routine => definition.routines.push(parse(row)?),
            ComponentKind::Integration => definition.integrations.push(parse(row)?),
            ComponentKind::Heartbeat => definition.heartbeats.push(parse(row)?),
            ComponentKind::MaintenanceWindow => definition.maintenance_windows.push(parse(row)?),
        }
    }
    Ok(definition)
}

fn directory_of(id: OrganizationId, name: &str, rows: &[ComponentRow]) -> Result<Directory, Error> {
    let definition = definition_of(rows)?;
    let refs: HashMap<(ComponentKind, &str), &ComponentRow> =
        rows.iter().map(|row| ((row.kind, row.name.as_str()), row)).collect();
    let mut directory = Directory::empty(id, name);
    for user in definition.users {
        let row = row_of(&refs, &user)?;
        let own = row.own_policy.clone();
        let own = own.ok_or_else(|| Error::Corrupt(format!("user `{}` has no policy of their own", row.name)))?;
        directory.add_user(row.ref_id.clone(), own, user);
    }
    for rule in definition.routing_rules {
        directory.rules.push(CompiledRule::new(rule).map_err(Error::Corrupt)?);
    }
    macro_rules! fill {
        ($($components:ident => $register:ident,)*) => {
            $(for component in definition.$components {
                let ref_id: RefId = row_of(&refs, &component)?.ref_id.clone();
                directory.$register.add(ref_id, component);
            })*
        };
    }
    fill! {
        teams => teams,
        routines => routines,
        escalation_policies => policies,
        services => services,
        business_services => business_services,
        response_sets => response_sets,
        workflows => workflows,
        integrations => integrations,
        heartbeats => heartbeats,
        maintenance_windows => maintenance_windows,
    }
    let windows = rows.iter().filter(|row| row.kind == ComponentKind::MaintenanceWindow);
    let made_at = |row: &ComponentRow| Some((row.ref_id.clone(), row.provenance.created_at?));
    directory.windows_made_at = windows.filter_map(made_at).collect();
    Ok(directory)
}

fn row_of<'a, T: Component>(
    refs: &HashMap<(ComponentKind, &str), &'a ComponentRow>,
    component: &T,
) -> Result<&'a ComponentRow, Error> {
    let row = refs.get(&(T::KIND, component.name())).copied();
    row.ok_or_else(|| Error::Corrupt(format!("the body of {} `{}` has another name", T::KIND.word(), component.name())))
}

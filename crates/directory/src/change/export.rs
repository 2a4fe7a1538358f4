//! An organization as a definition, whole or in part.

use domain::directory::{Component, ComponentKind, Definition, ManagedBy};
use engine::definition_of;
use store::{Error, OrganizationRow, Store, Tx};

/// What of an organization is meant; all of it where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Only what that manages.
    pub managed_by: Option<ManagedBy>,
    /// Only this team, and what it owns.
    pub team: Option<String>,
}

/// The organization that is known by this name as a definition; `None` when there is none.
///
/// # Errors
/// As the store says.
pub fn export(store: &Store, organization: &str, part: &Part) -> Result<Option<Definition>, Error> {
    store.read(|tx| {
        let found = store::organization_known_as(tx, organization)?;
        found.map(|found| definition_in(tx, &found, part)).transpose()
    })
}

/// The same of an organization that is at hand.
pub(super) fn definition_in(tx: &mut dyn Tx, organization: &OrganizationRow, part: &Part) -> Result<Definition, Error> {
    let mut rows = store::component_list(tx, organization.id)?;
    rows.retain(|row| part.managed_by.is_none_or(|by| row.provenance.managed_by == by));
    let mut definition = definition_of(&rows)?;
    if let Some(team) = &part.team {
        keep_of_team(&mut definition, team);
    }
    definition.name.clone_from(&organization.name);
    let fallback = organization.fallback_policy.as_ref();
    definition.fallback_policy =
        fallback.filter(|policy| definition.has(ComponentKind::EscalationPolicy, policy)).cloned();
    Ok(definition)
}

/// Leaves the team, and what it owns. People belong to nobody.
fn keep_of_team(definition: &mut Definition, team: &str) {
    macro_rules! keep {
        ($($components:ident,)*) => {
            $(definition.$components.retain(|component| component.team() == Some(team));)*
        };
    }
    definition.users.clear();
    definition.teams.retain(|one| one.name == team);
    keep! {
        routines, escalation_policies, services, business_services, response_sets, workflows, routing_rules,
        integrations, heartbeats, maintenance_windows,
    }
}

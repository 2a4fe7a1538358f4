//! Which organization a directory file means, by the name that it says and the one that it says was before.

use domain::OrganizationId;
use domain::directory::Definition;
use store::{Error, OrganizationRow, Tx};

/// Which organization is meant.
#[derive(Debug)]
pub(super) enum Meant {
    /// This one, whatever its name is now.
    Organization(OrganizationRow),
    /// None that there is.
    Nobody,
    /// Nobody means this one any more by that name, which it had once: a file that says it neither makes another
    /// organization nor takes the name back.
    Former(OrganizationRow),
}

/// The organization of this name, else the one that had the name `before`.
///
/// # Errors
/// As the store says.
pub(super) fn meant(tx: &mut dyn Tx, name: &str, before: Option<&str>) -> Result<Meant, Error> {
    if let Some(found) = store::organization_by_name(tx, name)? {
        return Ok(Meant::Organization(found));
    }
    let before = match before {
        Some(before) => store::organization_known_as(tx, before)?,
        None => None,
    };
    Ok(match (before, store::organization_known_as(tx, name)?) {
        (Some(before), Some(known)) if before.id == known.id => Meant::Organization(before),
        (_, Some(known)) => Meant::Former(known),
        (Some(before), None) => Meant::Organization(before),
        (None, None) => Meant::Nobody,
    })
}

/// The row of an organization that is not there yet.
pub(super) fn nobody_yet(definition: &Definition) -> OrganizationRow {
    OrganizationRow {
        id: OrganizationId(0),
        name: definition.name.clone(),
        version: 0,
        fallback_policy: None,
        settings: "{}".to_owned(),
    }
}

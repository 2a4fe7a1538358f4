//! Components that are gone: the names that they had last.

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::directory::ComponentKind;
use domain::{OrganizationId, RefId};

statements! {
    FORMER_COMPONENT_INSERT = "insert into former_component (organization_id, ref_id, kind, name) values ($1, $2, $3, $4)
        on conflict (organization_id, ref_id) do update set name = excluded.name";
    FORMER_COMPONENT_LIST = "select ref_id, name from former_component where organization_id = $1";
}

/// A component is gone that had this name.
pub fn former_component_insert(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (kind, ref_id, name): (ComponentKind, &RefId, &str),
) -> Result<(), Error> {
    let values = [organization.0.into(), ref_id.as_str().into(), kind.word().into(), name.into()];
    tx.run(FORMER_COMPONENT_INSERT, &values).map(drop)
}

/// Id and last name of each component that is gone.
pub fn former_component_list(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<(RefId, String)>, Error> {
    let rows = tx.all(FORMER_COMPONENT_LIST, &[organization.0.into()])?;
    rows.iter().map(|row| Ok((row.text(0)?.into(), row.text(1)?.to_owned()))).collect()
}

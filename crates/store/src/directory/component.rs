//! Components of an organization's directory: one table for all kinds, the component itself as JSON.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::directory::ComponentKind;
use domain::{OrganizationId, RefId};

/// A component's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentRow {
    /// Its kind.
    pub kind: ComponentKind,
    /// Its name.
    pub name: String,
    /// Its id on the wire.
    pub ref_id: RefId,
    /// For a user, the id of the user's own policy.
    pub own_policy: Option<RefId>,
    /// Its place among its kind, from 0.
    pub position: i64,
    /// The component as JSON.
    pub body: String,
}

statements! {
    COMPONENT_LIST = "select kind, name, ref_id, own_policy_ref_id, position, body from component
        where organization_id = $1";
    COMPONENT_SAVE = "insert into component (organization_id, kind, name, ref_id, own_policy_ref_id, position, body)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (organization_id, kind, name) do update set position = excluded.position, body = excluded.body";
    COMPONENT_DELETE = "delete from component where organization_id = $1 and kind = $2 and name = $3";
}

fn read(row: &Row) -> Result<ComponentRow, Error> {
    let kind = row.text(0)?;
    Ok(ComponentRow {
        kind: ComponentKind::from_word(kind)
            .ok_or_else(|| Error::Corrupt(format!("unknown kind of component `{kind}`")))?,
        name: row.text(1)?.to_owned(),
        ref_id: row.text(2)?.into(),
        own_policy: row.optional_text(3)?.map(RefId::from),
        position: row.integer(4)?,
        body: row.text(5)?.to_owned(),
    })
}

/// All components of an organization, by kind's word, place and name.
pub fn component_list(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<ComponentRow>, Error> {
    let rows = tx.all(COMPONENT_LIST, &[organization.0.into()])?;
    let mut rows: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    // Not in the statement: PostgreSQL orders text by the language of the database.
    let key = |row: &ComponentRow| (row.kind.word(), row.position);
    rows.sort_by(|left, right| key(left).cmp(&key(right)).then_with(|| left.name.cmp(&right.name)));
    Ok(rows)
}

/// Makes a component, or changes the place and body of the one with its kind and name, which keeps its ids.
pub fn component_save(tx: &mut dyn Tx, organization: OrganizationId, row: &ComponentRow) -> Result<(), Error> {
    let own_policy = row.own_policy.as_ref().map(RefId::as_str);
    let values = [
        organization.0.into(),
        row.kind.word().into(),
        row.name.as_str().into(),
        row.ref_id.as_str().into(),
        own_policy.into(),
        row.position.into(),
        row.body.as_str().into(),
    ];
    tx.run(COMPONENT_SAVE, &values).map(drop)
}

/// Removes a component.
pub fn component_delete(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    kind: ComponentKind,
    name: &str,
) -> Result<(), Error> {
    tx.run(COMPONENT_DELETE, &[organization.0.into(), kind.word().into(), name.into()]).map(drop)
}

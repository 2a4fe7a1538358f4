//! Swaps that were made while a routine runs; those that stand in the directory file are part of the routine itself.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx, Value};
use domain::{Instant, OrganizationId};

/// A swap's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwapRow {
    /// Name of the routine.
    pub routine: String,
    /// Its id on the wire.
    pub swap_ref_id: String,
    /// When it is over.
    pub until: Instant,
    /// The swap, and who made it when, as JSON.
    pub body: String,
}

statements! {
    SWAP_LIST = "select routine, swap_ref_id, until_at, body from swap where organization_id = $1";
    SWAP_INSERT = "insert into swap (organization_id, routine, swap_ref_id, until_at, body)
        values ($1, $2, $3, $4, $5)";
    SWAP_CHANGE = "update swap set until_at = $4, body = $5
        where organization_id = $1 and routine = $2 and swap_ref_id = $3";
    SWAP_DELETE = "delete from swap where organization_id = $1 and routine = $2 and swap_ref_id = $3";
    SWAP_DELETE_ALL = "delete from swap where organization_id = $1 and routine = $2";
    SWAP_RENAME = "update swap set routine = $3 where organization_id = $1 and routine = $2";
    SWAP_FORGET = "delete from swap where organization_id = $1 and routine = $2 and until_at <= $3";
}

fn read(row: &Row) -> Result<SwapRow, Error> {
    Ok(SwapRow {
        routine: row.text(0)?.to_owned(),
        swap_ref_id: row.text(1)?.to_owned(),
        until: Instant(row.integer(2)?),
        body: row.text(3)?.to_owned(),
    })
}

/// All swaps of an organization, in no order.
pub fn swap_list(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<SwapRow>, Error> {
    tx.all(SWAP_LIST, &[organization.0.into()])?.iter().map(read).collect()
}

/// Keeps a new swap.
pub fn swap_insert(tx: &mut dyn Tx, organization: OrganizationId, row: &SwapRow) -> Result<(), Error> {
    tx.run(SWAP_INSERT, &values(organization, row)).map(drop)
}

/// Keeps a swap as it is now.
pub fn swap_change(tx: &mut dyn Tx, organization: OrganizationId, row: &SwapRow) -> Result<(), Error> {
    tx.run(SWAP_CHANGE, &values(organization, row)).map(drop)
}

fn values(organization: OrganizationId, row: &SwapRow) -> [Value; 5] {
    let SwapRow { routine, swap_ref_id, until, body } = row;
    [organization.0.into(), routine.as_str().into(), swap_ref_id.as_str().into(), until.0.into(), body.as_str().into()]
}

/// Removes one swap of a routine.
pub fn swap_delete(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    routine: &str,
    swap_ref_id: &str,
) -> Result<(), Error> {
    tx.run(SWAP_DELETE, &[organization.0.into(), routine.into(), swap_ref_id.into()]).map(drop)
}

/// Removes all swaps of a routine.
pub fn swap_delete_all(tx: &mut dyn Tx, organization: OrganizationId, routine: &str) -> Result<(), Error> {
    tx.run(SWAP_DELETE_ALL, &[organization.0.into(), routine.into()]).map(drop)
}

/// The routine `old` is named `new` from now on.
pub fn swap_rename(tx: &mut dyn Tx, organization: OrganizationId, old: &str, new: &str) -> Result<(), Error> {
    tx.run(SWAP_RENAME, &[organization.0.into(), old.into(), new.into()]).map(drop)
}

/// Forgets the swaps of a routine that were over at `before` already.
pub fn swap_forget(tx: &mut dyn Tx, organization: OrganizationId, routine: &str, before: Instant) -> Result<(), Error> {
    tx.run(SWAP_FORGET, &[organization.0.into(), routine.into(), before.0.into()]).map(drop)
}

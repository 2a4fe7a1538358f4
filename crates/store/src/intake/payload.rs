//! The last bodies that came to an integration, and what was made of them.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::{Instant, OrganizationId, RefId, limits};

statements! {
    PAYLOAD_LAST = "select coalesce(max(number), 0) from integration_payload
        where organization_id = $1 and integration_ref_id = $2 and is_read = $3";
    PAYLOAD_INSERT = "insert into integration_payload (organization_id, integration_ref_id, is_read, number, received_at,
        body, outcome) values ($1, $2, $3, $4, $5, $6, $7)";
    PAYLOAD_FORGET = "delete from integration_payload
        where organization_id = $1 and integration_ref_id = $2 and is_read = $3 and number <= $4";
    PAYLOAD_LIST = "select is_read, number, received_at, body, outcome from integration_payload
        where organization_id = $1 and integration_ref_id = $2";
    PAYLOAD_DELETE_ALL = "delete from integration_payload where organization_id = $1 and integration_ref_id = $2";
}

/// A body that came to an integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayloadRow {
    /// Whether it could be read.
    pub is_read: bool,
    /// When it came.
    pub received_at: Instant,
    /// Its beginning, with secrets hidden.
    pub body: String,
    /// What was made of it as JSON, or why nothing was.
    pub outcome: String,
}

/// Keeps a body, and forgets the oldest of those like it beyond [`limits::PAYLOADS_KEPT`].
pub fn payload_add(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    integration: &RefId,
    row: &PayloadRow,
) -> Result<(), Error> {
    let owner = || [organization.0.into(), integration.as_str().into(), row.is_read.into()];
    let last = tx.one(PAYLOAD_LAST, &owner())?.map_or(Ok(0), |row| row.integer(0))?;
    let [a, b, c] = owner();
    let rest = [(last + 1).into(), row.received_at.0.into(), row.body.as_str().into(), row.outcome.as_str().into()];
    tx.queue(PAYLOAD_INSERT, [a, b, c].into_iter().chain(rest).collect())?;
    let [a, b, c] = owner();
    tx.queue(PAYLOAD_FORGET, vec![a, b, c, (last + 1 - limits::PAYLOADS_KEPT).into()])
}

/// The bodies that are kept of an integration, newest first.
pub fn payload_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    integration: &RefId,
) -> Result<Vec<PayloadRow>, Error> {
    let read = |row: &Row| {
        let number = row.integer(1)?;
        let row = PayloadRow {
            is_read: row.boolean(0)?,
            received_at: Instant(row.integer(2)?),
            body: row.text(3)?.to_owned(),
            outcome: row.text(4)?.to_owned(),
        };
        Ok((number, row))
    };
    let rows = tx.all(PAYLOAD_LIST, &[organization.0.into(), integration.as_str().into()])?;
    let mut rows: Vec<_> = rows.iter().map(read).collect::<Result<_, Error>>()?;
    rows.sort_by_key(|(number, row)| std::cmp::Reverse((row.received_at, *number)));
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// Forgets all bodies of an integration that is gone.
pub fn payload_delete_all(tx: &mut dyn Tx, organization: OrganizationId, integration: &RefId) -> Result<(), Error> {
    tx.run(PAYLOAD_DELETE_ALL, &[organization.0.into(), integration.as_str().into()]).map(drop)
}

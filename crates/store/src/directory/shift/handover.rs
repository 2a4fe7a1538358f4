//! Handovers: who was told last that they are on call, a row for each organization.

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::handover::Told;
use domain::{Instant, OrganizationId};

/// Who was told last, and when that was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoverRow {
    /// The instant whose people were told.
    pub told_until: Instant,
    /// Who knows that they are on call.
    pub told: Told,
}

statements! {
    HANDOVER_LOAD = "select told_until, body from handover where organization_id = $1";
    HANDOVER_SAVE = "insert into handover (organization_id, told_until, body) values ($1, $2, $3)
        on conflict (organization_id) do update set told_until = excluded.told_until, body = excluded.body";
}

/// Who was told last; `None` before anybody was looked for.
pub fn handover_load(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Option<HandoverRow>, Error> {
    let Some(row) = tx.one(HANDOVER_LOAD, &[organization.0.into()])? else { return Ok(None) };
    let told = serde_json::from_str(row.text(1)?).map_err(|error| Error::Corrupt(format!("a handover: {error}")))?;
    Ok(Some(HandoverRow { told_until: Instant(row.integer(0)?), told }))
}

/// Keeps who was told, in the place of who was told before.
pub fn handover_save(tx: &mut dyn Tx, organization: OrganizationId, row: &HandoverRow) -> Result<(), Error> {
    let body = serde_json::to_string(&row.told).map_err(|error| Error::Statement(error.to_string()))?;
    tx.run(HANDOVER_SAVE, &[organization.0.into(), row.told_until.0.into(), body.into()]).map(drop)
}

//! When people of an organization were last told of something that they are told of again and again.

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::{Instant, OrganizationId};

statements! {
    LAST_TOLD_LOAD = "select told_at from last_told where organization_id = $1 and subject = $2";
    LAST_TOLD_SAVE = "insert into last_told (organization_id, subject, told_at) values ($1, $2, $3)
        on conflict (organization_id, subject) do update set told_at = excluded.told_at";
}

/// When they were told of this last; `None` where they never were.
pub fn last_told_load(tx: &mut dyn Tx, organization: OrganizationId, subject: &str) -> Result<Option<Instant>, Error> {
    let row = tx.one(LAST_TOLD_LOAD, &[organization.0.into(), subject.into()])?;
    row.map(|row| Ok(Instant(row.integer(0)?))).transpose()
}

/// Notes that they are told of it.
pub fn last_told_save(tx: &mut dyn Tx, organization: OrganizationId, subject: &str, at: Instant) -> Result<(), Error> {
    tx.run(LAST_TOLD_SAVE, &[organization.0.into(), subject.into(), at.0.into()]).map(drop)
}

//! Failed sign-ins in a row, counted for all nodes, and until when nobody is listened to.

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::{Instant, OrganizationId};

/// How often a sign-in failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailureRow {
    /// Times in a row.
    pub times: u32,
    /// When it failed last.
    pub last_at: Instant,
    /// From when on another one is looked at.
    pub free_at: Instant,
}

statements! {
    SIGN_IN_FAILURE_LOAD = "select times, last_at, free_at from sign_in_failure
        where organization_id = $1 and subject = $2";
    SIGN_IN_FAILURE_SAVE = "insert into sign_in_failure (organization_id, subject, times, last_at, free_at)
        values ($1, $2, $3, $4, $5)
        on conflict (organization_id, subject) do update set times = excluded.times, last_at = excluded.last_at,
        free_at = excluded.free_at";
    SIGN_IN_FAILURE_CLEAR = "delete from sign_in_failure where organization_id = $1 and subject = $2";
    SIGN_IN_FAILURE_FORGET = "delete from sign_in_failure where organization_id = $1 and subject in
        (select subject from sign_in_failure where organization_id = $1 and last_at <= $2 order by last_at limit $3)";
}

/// How often a sign-in failed that is counted for `subject`.
pub fn sign_in_failure_load(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    subject: &str,
) -> Result<Option<FailureRow>, Error> {
    let Some(row) = tx.one(SIGN_IN_FAILURE_LOAD, &[organization.0.into(), subject.into()])? else { return Ok(None) };
    let times = u32::try_from(row.integer(0)?);
    Ok(Some(FailureRow {
        times: times.map_err(|error| Error::Corrupt(format!("a count of failed sign-ins: {error}")))?,
        last_at: Instant(row.integer(1)?),
        free_at: Instant(row.integer(2)?),
    }))
}

/// Keeps the count for `subject`.
pub fn sign_in_failure_save(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    subject: &str,
    row: FailureRow,
) -> Result<(), Error> {
    let values = [organization.0.into(), subject.into(), row.times.into(), row.last_at.0.into(), row.free_at.0.into()];
    tx.run(SIGN_IN_FAILURE_SAVE, &values).map(drop)
}

/// A sign-in succeeded that is counted for `subject`.
pub fn sign_in_failure_clear(tx: &mut dyn Tx, organization: OrganizationId, subject: &str) -> Result<(), Error> {
    tx.run(SIGN_IN_FAILURE_CLEAR, &[organization.0.into(), subject.into()]).map(drop)
}

/// Forgets what failed last before an instant, so many at most; how many.
pub fn sign_in_failure_forget(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    before: Instant,
    most: u32,
) -> Result<u64, Error> {
    tx.run(SIGN_IN_FAILURE_FORGET, &[organization.0.into(), before.0.into(), most.into()])
}

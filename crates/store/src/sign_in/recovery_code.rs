//! Recovery codes of a second factor: their hashes, by number. A used one is gone.

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::{OrganizationId, RefId};

statements! {
    RECOVERY_CODE_INSERT = "insert into recovery_code (organization_id, ref_id, number, hash) values ($1, $2, $3, $4)";
    RECOVERY_CODE_LOAD = "select hash from recovery_code where organization_id = $1 and ref_id = $2 and number = $3";
    RECOVERY_CODE_DELETE =
        "delete from recovery_code where organization_id = $1 and ref_id = $2 and number = $3 and hash = $4";
    RECOVERY_CODE_DELETE_ALL = "delete from recovery_code where organization_id = $1 and ref_id = $2";
    RECOVERY_CODE_COUNT = "select count(*) from recovery_code where organization_id = $1 and ref_id = $2";
}

/// Keeps the hashes of a person's new codes, numbered from 1, in the place of those before.
pub fn recovery_code_replace(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    person: &RefId,
    hashes: &[String],
) -> Result<(), Error> {
    recovery_code_delete_all(tx, organization, person)?;
    for (number, hash) in (1_i64..).zip(hashes) {
        let values = [organization.0.into(), person.as_str().into(), number.into(), hash.as_str().into()];
        tx.run(RECOVERY_CODE_INSERT, &values)?;
    }
    Ok(())
}

/// The hash of a person's code with this number.
pub fn recovery_code_load(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    person: &RefId,
    number: u32,
) -> Result<Option<String>, Error> {
    let row = tx.one(RECOVERY_CODE_LOAD, &[organization.0.into(), person.as_str().into(), number.into()])?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// Uses up a code; `false` when it is not there any more.
pub fn recovery_code_use(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    person: &RefId,
    number: u32,
    hash: &str,
) -> Result<bool, Error> {
    let values = [organization.0.into(), person.as_str().into(), number.into(), hash.into()];
    Ok(tx.run(RECOVERY_CODE_DELETE, &values)? == 1)
}

/// Forgets a person's codes.
pub fn recovery_code_delete_all(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<(), Error> {
    tx.run(RECOVERY_CODE_DELETE_ALL, &[organization.0.into(), person.as_str().into()]).map(drop)
}

/// How many codes a person has left.
pub fn recovery_code_count(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<u32, Error> {
    let row = tx.one(RECOVERY_CODE_COUNT, &[organization.0.into(), person.as_str().into()])?;
    let count = row.map_or(Ok(0), |row| row.integer(0))?;
    u32::try_from(count).map_err(|error| Error::Corrupt(format!("a count of recovery codes: {error}")))
}

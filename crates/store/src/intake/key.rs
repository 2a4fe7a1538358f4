//! Keys of integrations: the secret part of their URLs.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::{Instant, OrganizationId, RefId};

statements! {
    INTEGRATION_KEY_BY_DIGITS = "select organization_id, integration_ref_id, digits, made_at, ends_at
        from integration_key where digits = $1";
    INTEGRATION_KEY_LIST = "select organization_id, integration_ref_id, digits, made_at, ends_at
        from integration_key where organization_id = $1";
    INTEGRATION_KEY_INSERT = "insert into integration_key (organization_id, digits, integration_ref_id, made_at, ends_at)
        values ($1, $2, $3, $4, $5)";
    INTEGRATION_KEY_END = "update integration_key set ends_at = $4
        where organization_id = $1 and integration_ref_id = $2 and digits <> $3
        and (ends_at is null or ends_at > $4)";
    INTEGRATION_KEY_RESUME = "update integration_key set ends_at = null, integration_ref_id = $3
        where organization_id = $1 and digits = $2";
}

/// A key of an integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegrationKeyRow {
    /// Whose it is.
    pub organization: OrganizationId,
    /// The integration.
    pub integration: RefId,
    /// Its 32 digits.
    pub digits: String,
    /// When it was made.
    pub made_at: Instant,
    /// Until when it counts; `None` as long as no newer one was made.
    pub ends_at: Option<Instant>,
}

fn read(row: &Row) -> Result<IntegrationKeyRow, Error> {
    Ok(IntegrationKeyRow {
        organization: OrganizationId(row.integer(0)?),
        integration: row.text(1)?.into(),
        digits: row.text(2)?.to_owned(),
        made_at: Instant(row.integer(3)?),
        ends_at: row.optional_integer(4)?.map(Instant),
    })
}

/// The key with these digits, whether it still counts or not.
pub fn integration_key_by_digits(tx: &mut dyn Tx, digits: &str) -> Result<Option<IntegrationKeyRow>, Error> {
    tx.one(INTEGRATION_KEY_BY_DIGITS, &[digits.into()])?.as_ref().map(read).transpose()
}

/// All keys of an organization, those that count no more too, the oldest first.
pub fn integration_key_list(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<IntegrationKeyRow>, Error> {
    let rows = tx.all(INTEGRATION_KEY_LIST, &[organization.0.into()])?;
    let mut rows: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    rows.sort_by(|left, right| (left.made_at, &left.digits).cmp(&(right.made_at, &right.digits)));
    Ok(rows)
}

/// Makes a key. `Conflict` when these digits are a key of anybody's.
pub fn integration_key_insert(tx: &mut dyn Tx, row: &IntegrationKeyRow) -> Result<(), Error> {
    let values = [
        row.organization.0.into(),
        row.digits.as_str().into(),
        row.integration.as_str().into(),
        row.made_at.0.into(),
        row.ends_at.map(|at| at.0).into(),
    ];
    tx.run(INTEGRATION_KEY_INSERT, &values).map(drop)
}

/// All keys of an integration but the one with these digits count until `at`, if they would have counted longer.
pub fn integration_key_end_others(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    integration: &RefId,
    digits: &str,
    at: Instant,
) -> Result<(), Error> {
    let values = [organization.0.into(), integration.as_str().into(), digits.into(), at.0.into()];
    tx.run(INTEGRATION_KEY_END, &values).map(drop)
}

/// A key counts again, or for another integration, as if it had not ended.
pub fn integration_key_resume(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    digits: &str,
    integration: &RefId,
) -> Result<(), Error> {
    tx.run(INTEGRATION_KEY_RESUME, &[organization.0.into(), digits.into(), integration.as_str().into()]).map(drop)
}

//! What a person signs in with: the hash of a password, and the secret of a second factor.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::{Instant, OrganizationId, RefId};

/// What a person signs in with; nothing of it is there for somebody who never did.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CredentialRow {
    /// The hash of the password, as a PHC string, and since when it is the password.
    pub password: Option<(String, Instant)>,
    /// The second factor by the clock.
    pub factor: Option<FactorRow>,
}

/// A second factor by the clock.
#[derive(Clone, PartialEq, Eq)]
pub struct FactorRow {
    /// Its secret, in base32.
    pub secret: String,
    /// Since when it is asked for.
    pub since: Instant,
    /// The step whose code was used last.
    pub last_step: Option<i64>,
}

/// Shows no secret.
impl std::fmt::Debug for CredentialRow {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (password, factor) = (self.password.is_some(), self.factor.is_some());
        write!(out, "CredentialRow(password: {password}, factor: {factor})")
    }
}

statements! {
    CREDENTIAL_LOAD = "select password, password_set_at, factor_secret, factor_since, factor_step from credential
        where organization_id = $1 and ref_id = $2";
    CREDENTIAL_SAVE = "insert into credential (organization_id, ref_id, password, password_set_at, factor_secret,
        factor_since, factor_step) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (organization_id, ref_id) do update set password = excluded.password,
        password_set_at = excluded.password_set_at, factor_secret = excluded.factor_secret,
        factor_since = excluded.factor_since, factor_step = excluded.factor_step";
    CREDENTIAL_DELETE = "delete from credential where organization_id = $1 and ref_id = $2";
    CREDENTIAL_EXISTS = "select ref_id from credential where organization_id = $1 and password is not null limit 1";
}

fn read(row: &Row) -> Result<CredentialRow, Error> {
    let password = row.optional_text(0)?.map(str::to_owned).zip(row.optional_integer(1)?.map(Instant));
    let factor = row.optional_text(2)?.map(str::to_owned).zip(row.optional_integer(3)?.map(Instant));
    let last_step = row.optional_integer(4)?;
    Ok(CredentialRow { password, factor: factor.map(|(secret, since)| FactorRow { secret, since, last_step }) })
}

/// What a person signs in with.
pub fn credential_load(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<CredentialRow, Error> {
    let row = tx.one(CREDENTIAL_LOAD, &[organization.0.into(), person.as_str().into()])?;
    row.as_ref().map_or_else(|| Ok(CredentialRow::default()), read)
}

/// Keeps what a person signs in with, in the place of what was.
pub fn credential_save(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    person: &RefId,
    row: &CredentialRow,
) -> Result<(), Error> {
    let (password, factor) = (row.password.as_ref(), row.factor.as_ref());
    let values = [
        organization.0.into(),
        person.as_str().into(),
        password.map(|(hash, _)| hash.as_str()).into(),
        password.map(|(_, at)| at.0).into(),
        factor.map(|factor| factor.secret.as_str()).into(),
        factor.map(|factor| factor.since.0).into(),
        factor.and_then(|factor| factor.last_step).into(),
    ];
    tx.run(CREDENTIAL_SAVE, &values).map(drop)
}

/// Forgets what a person signs in with.
pub fn credential_delete(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<(), Error> {
    tx.run(CREDENTIAL_DELETE, &[organization.0.into(), person.as_str().into()]).map(drop)
}

/// Whether anybody of an organization has a password.
pub fn credential_exists(tx: &mut dyn Tx, organization: OrganizationId) -> Result<bool, Error> {
    Ok(tx.one(CREDENTIAL_EXISTS, &[organization.0.into()])?.is_some())
}

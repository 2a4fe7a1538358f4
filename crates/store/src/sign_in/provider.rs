//! Providers of OpenID Connect, and which of their sign-ins came back.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::{Instant, OrganizationId, RefId};

/// A provider's row.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderRow {
    /// Its id.
    pub ref_id: RefId,
    /// Its name, which no other of the organization has.
    pub name: String,
    /// Counts its changes, from 1.
    pub version: i64,
    /// What is set of it, as JSON, with its secret.
    pub body: String,
    /// When it was made.
    pub created_at: Instant,
    /// When it was changed last.
    pub updated_at: Instant,
    /// The name of who changed it last.
    pub updated_by: String,
}

/// Shows no secret.
impl std::fmt::Debug for ProviderRow {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "ProviderRow({}, version {})", self.name, self.version)
    }
}

statements! {
    PROVIDER_LIST = "select ref_id, name, version, body, created_at, updated_at, updated_by from sign_in_provider
        where organization_id = $1";
    PROVIDER_LOAD = "select ref_id, name, version, body, created_at, updated_at, updated_by from sign_in_provider
        where organization_id = $1 and ref_id = $2";
    PROVIDER_INSERT = "insert into sign_in_provider
        (organization_id, ref_id, name, version, body, created_at, updated_at, updated_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    PROVIDER_UPDATE = "update sign_in_provider set name = $3, version = $4, body = $5, updated_at = $6, updated_by = $7
        where organization_id = $1 and ref_id = $2";
    PROVIDER_DELETE = "delete from sign_in_provider where organization_id = $1 and ref_id = $2";
    PROVIDER_ANSWER_INSERT = "insert into provider_answer (organization_id, digest, ends_at) values ($1, $2, $3)
        on conflict do nothing";
    PROVIDER_ANSWER_FORGET = "delete from provider_answer where organization_id = $1 and digest in
        (select digest from provider_answer where organization_id = $1 and ends_at <= $2 order by ends_at limit $3)";
}

fn read(row: &Row) -> Result<ProviderRow, Error> {
    Ok(ProviderRow {
        ref_id: row.text(0)?.into(),
        name: row.text(1)?.to_owned(),
        version: row.integer(2)?,
        body: row.text(3)?.to_owned(),
        created_at: Instant(row.integer(4)?),
        updated_at: Instant(row.integer(5)?),
        updated_by: row.text(6)?.to_owned(),
    })
}

/// The providers of an organization, ordered by name.
pub fn provider_list(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<ProviderRow>, Error> {
    let rows = tx.all(PROVIDER_LIST, &[organization.0.into()])?;
    let mut rows: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(rows)
}

/// The provider with this id.
pub fn provider_load(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    ref_id: &RefId,
) -> Result<Option<ProviderRow>, Error> {
    tx.one(PROVIDER_LOAD, &[organization.0.into(), ref_id.as_str().into()])?.as_ref().map(read).transpose()
}

/// Keeps a new provider.
pub fn provider_insert(tx: &mut dyn Tx, organization: OrganizationId, row: &ProviderRow) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        row.ref_id.as_str().into(),
        row.name.as_str().into(),
        row.version.into(),
        row.body.as_str().into(),
        row.created_at.0.into(),
        row.updated_at.0.into(),
        row.updated_by.as_str().into(),
    ];
    tx.run(PROVIDER_INSERT, &values).map(drop)
}

/// Keeps a provider as it is now; its id and when it was made stay.
pub fn provider_update(tx: &mut dyn Tx, organization: OrganizationId, row: &ProviderRow) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        row.ref_id.as_str().into(),
        row.name.as_str().into(),
        row.version.into(),
        row.body.as_str().into(),
        row.updated_at.0.into(),
        row.updated_by.as_str().into(),
    ];
    tx.run(PROVIDER_UPDATE, &values).map(drop)
}

/// Removes a provider.
pub fn provider_delete(tx: &mut dyn Tx, organization: OrganizationId, ref_id: &RefId) -> Result<(), Error> {
    tx.run(PROVIDER_DELETE, &[organization.0.into(), ref_id.as_str().into()]).map(drop)
}

/// Notes that a sign-in came back, by the digest of its state; `false` when it did before. It is remembered until `ends_at`.
pub fn provider_answer_take(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    digest: &str,
    ends_at: Instant,
) -> Result<bool, Error> {
    Ok(tx.run(PROVIDER_ANSWER_INSERT, &[organization.0.into(), digest.into(), ends_at.0.into()])? == 1)
}

/// Forgets sign-ins that came back and whose time is over, so many at most; how many.
pub fn provider_answer_forget(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    now: Instant,
    most: u32,
) -> Result<u64, Error> {
    tx.run(PROVIDER_ANSWER_FORGET, &[organization.0.into(), now.0.into(), most.into()])
}

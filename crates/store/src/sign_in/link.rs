//! Links that work once: their digests, for whom and for what they are, and whether they were used.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::sign_in::LinkPurpose;
use domain::{Instant, OrganizationId, RefId};

/// A link's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// SHA-256 of its token, in hexadecimal.
    pub digest: String,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// The id of the person whom it is for.
    pub person: RefId,
    /// From when on it does not count.
    pub ends_at: Instant,
    /// When it was used.
    pub used_at: Option<Instant>,
}

statements! {
    SIGN_IN_LINK_INSERT = "insert into sign_in_link (organization_id, digest, purpose, ref_id, ends_at)
        values ($1, $2, $3, $4, $5)";
    SIGN_IN_LINK_LOAD = "select digest, purpose, ref_id, ends_at, used_at from sign_in_link
        where organization_id = $1 and digest = $2";
    SIGN_IN_LINK_USE = "update sign_in_link set used_at = $3
        where organization_id = $1 and digest = $2 and used_at is null and ends_at > $3";
    SIGN_IN_LINK_END = "delete from sign_in_link where organization_id = $1 and ref_id = $2 and purpose = $3";
    SIGN_IN_LINK_END_ALL = "delete from sign_in_link where organization_id = $1 and ref_id = $2";
    SIGN_IN_LINK_LIST = "select digest, purpose, ref_id, ends_at, used_at from sign_in_link
        where organization_id = $1 and purpose = $2 and used_at is null order by ends_at, ref_id";
    SIGN_IN_POSSIBLE = "select 1 from credential where organization_id = $1 and ref_id = $2 and password is not null
        union all select 1 from passkey where organization_id = $1 and ref_id = $2
        union all select 1 from sign_in_identity where organization_id = $1 and ref_id = $2";
    SIGN_IN_FACTOR = "select 1 from credential where organization_id = $1 and ref_id = $2 and factor_secret is not null
        union all select 1 from passkey where organization_id = $1 and ref_id = $2";
    SIGN_IN_LINK_FORGET = "delete from sign_in_link where organization_id = $1 and digest in
        (select digest from sign_in_link where organization_id = $1 and ends_at <= $2 order by ends_at limit $3)";
}

fn read(row: &Row) -> Result<LinkRow, Error> {
    let purpose = row.text(1)?;
    Ok(LinkRow {
        digest: row.text(0)?.to_owned(),
        purpose: LinkPurpose::from_word(purpose).ok_or_else(|| Error::Corrupt(format!("a link to `{purpose}`")))?,
        person: row.text(2)?.into(),
        ends_at: Instant(row.integer(3)?),
        used_at: row.optional_integer(4)?.map(Instant),
    })
}

/// Whether a person has a password, a passkey, or an account at a provider.
pub fn sign_in_possible(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<bool, Error> {
    Ok(!tx.all(SIGN_IN_POSSIBLE, &[organization.0.into(), person.as_str().into()])?.is_empty())
}

/// Whether a person has a second factor, or a passkey, which is both.
pub fn sign_in_factor(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<bool, Error> {
    Ok(!tx.all(SIGN_IN_FACTOR, &[organization.0.into(), person.as_str().into()])?.is_empty())
}

/// The links for a purpose that were not used, those that end first first.
pub fn sign_in_link_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    purpose: LinkPurpose,
) -> Result<Vec<LinkRow>, Error> {
    tx.all(SIGN_IN_LINK_LIST, &[organization.0.into(), purpose.word().into()])?.iter().map(read).collect()
}

/// The links of a person for a purpose end; how many there were.
pub fn sign_in_link_end(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    person: &RefId,
    purpose: LinkPurpose,
) -> Result<u64, Error> {
    tx.run(SIGN_IN_LINK_END, &[organization.0.into(), person.as_str().into(), purpose.word().into()])
}

/// Keeps a new link; those that the person has for the same purpose end.
pub fn sign_in_link_insert(tx: &mut dyn Tx, organization: OrganizationId, row: &LinkRow) -> Result<(), Error> {
    let person = [organization.0.into(), row.person.as_str().into(), row.purpose.word().into()];
    tx.run(SIGN_IN_LINK_END, &person)?;
    let values = [
        organization.0.into(),
        row.digest.as_str().into(),
        row.purpose.word().into(),
        row.person.as_str().into(),
        row.ends_at.0.into(),
    ];
    tx.run(SIGN_IN_LINK_INSERT, &values).map(drop)
}

/// The link with this digest, whether it counts or not.
pub fn sign_in_link_load(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    digest: &str,
) -> Result<Option<LinkRow>, Error> {
    tx.one(SIGN_IN_LINK_LOAD, &[organization.0.into(), digest.into()])?.as_ref().map(read).transpose()
}

/// Uses a link; `false` when it was used before, or its time is over.
pub fn sign_in_link_use(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    digest: &str,
    now: Instant,
) -> Result<bool, Error> {
    Ok(tx.run(SIGN_IN_LINK_USE, &[organization.0.into(), digest.into(), now.0.into()])? == 1)
}

/// Ends all links of a person.
pub fn sign_in_link_end_all(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<(), Error> {
    tx.run(SIGN_IN_LINK_END_ALL, &[organization.0.into(), person.as_str().into()]).map(drop)
}

/// Forgets links whose time is over, so many at most; how many.
pub fn sign_in_link_forget(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    now: Instant,
    most: u32,
) -> Result<u64, Error> {
    tx.run(SIGN_IN_LINK_FORGET, &[organization.0.into(), now.0.into(), most.into()])
}

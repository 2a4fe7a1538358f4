//! Who is whom at a provider of OpenID Connect, and the sessions that began there.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::{Instant, OrganizationId, RefId};

/// Somebody as a provider knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityRow {
    /// The provider's issuer identifier.
    pub issuer: String,
    /// By what the provider knows them.
    pub subject: String,
    /// The id of the person here.
    pub person: RefId,
    /// Since when.
    pub linked_at: Instant,
    /// What the provider's groups gave at the last sign-in, as JSON.
    pub given: String,
}

/// A session as a provider knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderSessionRow {
    /// SHA-256 of what the browser holds, in hexadecimal.
    pub digest: String,
    /// The provider's issuer identifier.
    pub issuer: String,
    /// By what the provider knows the person.
    pub subject: String,
    /// By what the provider knows the session; empty where it told none.
    pub sid: String,
    /// When the session is over in any case.
    pub ends_at: Instant,
}

statements! {
    IDENTITY_LOAD = "select issuer, subject, ref_id, linked_at, given from sign_in_identity
        where organization_id = $1 and issuer = $2 and subject = $3";
    IDENTITY_LIST = "select issuer, subject, ref_id, linked_at, given from sign_in_identity
        where organization_id = $1 and ref_id = $2";
    IDENTITY_LIST_ALL = "select issuer, subject, ref_id, linked_at, given from sign_in_identity where organization_id = $1";
    IDENTITY_INSERT = "insert into sign_in_identity (organization_id, issuer, subject, ref_id, linked_at, given)
        values ($1, $2, $3, $4, $5, $6)";
    IDENTITY_GIVEN = "update sign_in_identity set given = $4
        where organization_id = $1 and issuer = $2 and subject = $3";
    IDENTITY_DELETE = "delete from sign_in_identity where organization_id = $1 and issuer = $2 and subject = $3";
    IDENTITY_DELETE_ALL = "delete from sign_in_identity where organization_id = $1 and ref_id = $2";
    PROVIDER_SESSION_INSERT = "insert into provider_session (organization_id, digest, issuer, subject, sid, ends_at)
        values ($1, $2, $3, $4, $5, $6)";
    PROVIDER_SESSION_OF_SID = "select digest, issuer, subject, sid, ends_at from provider_session
        where organization_id = $1 and issuer = $2 and sid = $3";
    PROVIDER_SESSION_OF_SUBJECT = "select digest, issuer, subject, sid, ends_at from provider_session
        where organization_id = $1 and issuer = $2 and subject = $3";
    PROVIDER_SESSION_DELETE = "delete from provider_session where organization_id = $1 and digest = $2";
    PROVIDER_SESSION_FORGET = "delete from provider_session where organization_id = $1 and digest in
        (select digest from provider_session where organization_id = $1 and ends_at <= $2 order by ends_at limit $3)";
}

fn read(row: &Row) -> Result<IdentityRow, Error> {
    Ok(IdentityRow {
        issuer: row.text(0)?.to_owned(),
        subject: row.text(1)?.to_owned(),
        person: row.text(2)?.into(),
        linked_at: Instant(row.integer(3)?),
        given: row.text(4)?.to_owned(),
    })
}

fn read_session(row: &Row) -> Result<ProviderSessionRow, Error> {
    Ok(ProviderSessionRow {
        digest: row.text(0)?.to_owned(),
        issuer: row.text(1)?.to_owned(),
        subject: row.text(2)?.to_owned(),
        sid: row.text(3)?.to_owned(),
        ends_at: Instant(row.integer(4)?),
    })
}

/// Who this subject of an issuer is.
pub fn identity_load(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (issuer, subject): (&str, &str),
) -> Result<Option<IdentityRow>, Error> {
    tx.one(IDENTITY_LOAD, &[organization.0.into(), issuer.into(), subject.into()])?.as_ref().map(read).transpose()
}

/// What a person is known by at providers, the oldest first.
pub fn identity_list(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<Vec<IdentityRow>, Error> {
    let rows = tx.all(IDENTITY_LIST, &[organization.0.into(), person.as_str().into()])?;
    let mut rows: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    rows.sort_by(|one, other| (one.linked_at, &one.issuer).cmp(&(other.linked_at, &other.issuer)));
    Ok(rows)
}

/// What all people of an organization are known by at providers.
pub fn identity_list_all(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<IdentityRow>, Error> {
    tx.all(IDENTITY_LIST_ALL, &[organization.0.into()])?.iter().map(read).collect()
}

/// Links somebody at a provider to a person; nobody is linked to them yet.
pub fn identity_insert(tx: &mut dyn Tx, organization: OrganizationId, row: &IdentityRow) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        row.issuer.as_str().into(),
        row.subject.as_str().into(),
        row.person.as_str().into(),
        row.linked_at.0.into(),
        row.given.as_str().into(),
    ];
    tx.run(IDENTITY_INSERT, &values).map(drop)
}

/// Keeps what the provider's groups give somebody now.
pub fn identity_given(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (issuer, subject): (&str, &str),
    given: &str,
) -> Result<(), Error> {
    tx.run(IDENTITY_GIVEN, &[organization.0.into(), issuer.into(), subject.into(), given.into()]).map(drop)
}

/// Ends a link.
pub fn identity_delete(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (issuer, subject): (&str, &str),
) -> Result<(), Error> {
    tx.run(IDENTITY_DELETE, &[organization.0.into(), issuer.into(), subject.into()]).map(drop)
}

/// Ends all links of a person.
pub fn identity_delete_all(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<(), Error> {
    tx.run(IDENTITY_DELETE_ALL, &[organization.0.into(), person.as_str().into()]).map(drop)
}

/// Keeps by what a provider knows a session.
pub fn provider_session_insert(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    row: &ProviderSessionRow,
) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        row.digest.as_str().into(),
        row.issuer.as_str().into(),
        row.subject.as_str().into(),
        row.sid.as_str().into(),
        row.ends_at.0.into(),
    ];
    tx.run(PROVIDER_SESSION_INSERT, &values).map(drop)
}

/// Sessions that a provider knows by this `sid`.
pub fn provider_session_of_sid(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (issuer, sid): (&str, &str),
) -> Result<Vec<ProviderSessionRow>, Error> {
    let rows = tx.all(PROVIDER_SESSION_OF_SID, &[organization.0.into(), issuer.into(), sid.into()])?;
    rows.iter().map(read_session).collect()
}

/// Sessions that a provider knows to be of this subject.
pub fn provider_session_of_subject(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (issuer, subject): (&str, &str),
) -> Result<Vec<ProviderSessionRow>, Error> {
    let rows = tx.all(PROVIDER_SESSION_OF_SUBJECT, &[organization.0.into(), issuer.into(), subject.into()])?;
    rows.iter().map(read_session).collect()
}

/// Forgets by what a provider knows a session, which ended.
pub fn provider_session_delete(tx: &mut dyn Tx, organization: OrganizationId, digest: &str) -> Result<(), Error> {
    tx.run(PROVIDER_SESSION_DELETE, &[organization.0.into(), digest.into()]).map(drop)
}

/// Forgets those of sessions whose time is over, so many at most; how many.
pub fn provider_session_forget(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    now: Instant,
    most: u32,
) -> Result<u64, Error> {
    tx.run(PROVIDER_SESSION_FORGET, &[organization.0.into(), now.0.into(), most.into()])
}

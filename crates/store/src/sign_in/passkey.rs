//! Passkeys of people, and the challenges to them that were answered.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::{Instant, OrganizationId, RefId};

/// A passkey's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRow {
    /// SHA-256 of the credential's id, in hexadecimal.
    pub id: String,
    /// The id of the person whose it is.
    pub person: RefId,
    /// What the person calls it.
    pub name: String,
    /// What the library of WebAuthn keeps of it, as JSON: no secret.
    pub credential: String,
    /// When it was made.
    pub made_at: Instant,
    /// When somebody last signed in by it.
    pub last_used_at: Option<Instant>,
}

statements! {
    PASSKEY_INSERT = "insert into passkey (organization_id, id, ref_id, name, credential, made_at)
        values ($1, $2, $3, $4, $5, $6)";
    PASSKEY_FIND = "select id, ref_id, name, credential, made_at, last_used_at, organization_id from passkey
        where id = $1";
    PASSKEY_LIST = "select id, ref_id, name, credential, made_at, last_used_at from passkey
        where organization_id = $1 and ref_id = $2";
    PASSKEY_USED = "update passkey set credential = $4, last_used_at = $5
        where organization_id = $1 and id = $2 and credential = $3";
    PASSKEY_RENAME = "update passkey set name = $4 where organization_id = $1 and id = $2 and ref_id = $3";
    PASSKEY_DELETE = "delete from passkey where organization_id = $1 and id = $2 and ref_id = $3";
    PASSKEY_DELETE_ALL = "delete from passkey where organization_id = $1 and ref_id = $2";
    PASSKEY_EXISTS = "select id from passkey where organization_id = $1 limit 1";
    PASSKEY_CHALLENGE_USE = "insert into passkey_challenge (organization_id, digest, ends_at) values ($1, $2, $3)
        on conflict (organization_id, digest) do nothing";
    PASSKEY_CHALLENGE_FORGET = "delete from passkey_challenge where organization_id = $1 and digest in
        (select digest from passkey_challenge where organization_id = $1 and ends_at <= $2 order by ends_at limit $3)";
}

fn read(row: &Row) -> Result<PasskeyRow, Error> {
    Ok(PasskeyRow {
        id: row.text(0)?.to_owned(),
        person: row.text(1)?.into(),
        name: row.text(2)?.to_owned(),
        credential: row.text(3)?.to_owned(),
        made_at: Instant(row.integer(4)?),
        last_used_at: row.optional_integer(5)?.map(Instant),
    })
}

/// Keeps a new passkey.
pub fn passkey_insert(tx: &mut dyn Tx, organization: OrganizationId, row: &PasskeyRow) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        row.id.as_str().into(),
        row.person.as_str().into(),
        row.name.as_str().into(),
        row.credential.as_str().into(),
        row.made_at.0.into(),
    ];
    tx.run(PASSKEY_INSERT, &values).map(drop)
}

/// The passkey with this id, and the organization that it is in.
pub fn passkey_find(tx: &mut dyn Tx, id: &str) -> Result<Option<(OrganizationId, PasskeyRow)>, Error> {
    let Some(row) = tx.one(PASSKEY_FIND, &[id.into()])? else { return Ok(None) };
    Ok(Some((OrganizationId(row.integer(6)?), read(&row)?)))
}

/// A person's passkeys, the first one first.
pub fn passkey_list(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<Vec<PasskeyRow>, Error> {
    let rows = tx.all(PASSKEY_LIST, &[organization.0.into(), person.as_str().into()])?;
    let mut rows: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    rows.sort_by(|one, other| (one.made_at, &one.id).cmp(&(other.made_at, &other.id)));
    Ok(rows)
}

/// Records that somebody signed in by a passkey, whose credential is from now on `after`; `false` where it is not `before` any
/// more, or there is none.
pub fn passkey_used(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: &str,
    (before, after): (&str, &str),
    at: Instant,
) -> Result<bool, Error> {
    let values = [organization.0.into(), id.into(), before.into(), after.into(), at.0.into()];
    Ok(tx.run(PASSKEY_USED, &values)? == 1)
}

/// Gives a person's passkey another name; `false` where there is none.
pub fn passkey_rename(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (person, id): (&RefId, &str),
    name: &str,
) -> Result<bool, Error> {
    let values = [organization.0.into(), id.into(), person.as_str().into(), name.into()];
    Ok(tx.run(PASSKEY_RENAME, &values)? == 1)
}

/// Forgets a person's passkey; `false` where there is none.
pub fn passkey_delete(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (person, id): (&RefId, &str),
) -> Result<bool, Error> {
    Ok(tx.run(PASSKEY_DELETE, &[organization.0.into(), id.into(), person.as_str().into()])? == 1)
}

/// Forgets all passkeys of a person.
pub fn passkey_delete_all(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<(), Error> {
    tx.run(PASSKEY_DELETE_ALL, &[organization.0.into(), person.as_str().into()]).map(drop)
}

/// Whether anybody of an organization has a passkey.
pub fn passkey_exists(tx: &mut dyn Tx, organization: OrganizationId) -> Result<bool, Error> {
    Ok(tx.one(PASSKEY_EXISTS, &[organization.0.into()])?.is_some())
}

/// Uses a challenge up, which could be answered until `ends_at`; `false` when it was answered before.
pub fn passkey_challenge_use(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    digest: &str,
    ends_at: Instant,
) -> Result<bool, Error> {
    Ok(tx.run(PASSKEY_CHALLENGE_USE, &[organization.0.into(), digest.into(), ends_at.0.into()])? == 1)
}

/// Forgets challenges that cannot be answered any more, so many at most; how many.
pub fn passkey_challenge_forget(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    now: Instant,
    most: u32,
) -> Result<u64, Error> {
    tx.run(PASSKEY_CHALLENGE_FORGET, &[organization.0.into(), now.0.into(), most.into()])
}

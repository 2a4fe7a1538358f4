//! API keys: their digests and what they may do; never the keys themselves.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::permission::Scope;
use domain::{Instant, OrganizationId, RefId};

/// A key's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its number; 0 until it is inserted.
    pub id: i64,
    /// Its name, shown as who acted.
    pub name: String,
    /// SHA-256 of the key, in hexadecimal.
    pub digest: String,
    /// The key's last five characters, to tell keys apart.
    pub tail: String,
    /// What it may do.
    pub scope: Scope,
    /// Networks it may be used from, as CIDR; everywhere when empty.
    pub allow: Vec<String>,
    /// When it was made.
    pub created_at: Instant,
    /// From when on it is refused.
    pub expires_at: Option<Instant>,
    /// Since when it is refused.
    pub revoked_at: Option<Instant>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Instant>,
    /// Whose token it is; nobody's where the key is the organization's own.
    pub person: Option<RefId>,
    /// The teams whose things it is limited to, by their ids; to nothing where there is no list.
    pub teams: Option<Vec<RefId>>,
}

statements! {
    KEY_INSERT = "insert into api_key (organization_id, name, digest, tail, scope, allow, created_at, expires_at, person, teams)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning key_id";
    KEY_BY_DIGEST = "select organization_id, key_id, name, digest, tail, scope, allow, created_at, expires_at,
        revoked_at, last_used_at, person, teams from api_key where digest = $1";
    KEY_LIST = "select organization_id, key_id, name, digest, tail, scope, allow, created_at, expires_at,
        revoked_at, last_used_at, person, teams from api_key where organization_id = $1 order by key_id";
    KEY_REVOKE = "update api_key set revoked_at = $3
        where organization_id = $1 and key_id = $2 and revoked_at is null";
    KEY_REVOKE_OF = "update api_key set revoked_at = $3
        where organization_id = $1 and person = $2 and revoked_at is null";
    KEY_USED = "update api_key set last_used_at = $3
        where organization_id = $1 and key_id = $2 and (last_used_at is null or last_used_at < $3)";
}

fn read(row: &Row) -> Result<KeyRow, Error> {
    let scope = row.text(5)?;
    Ok(KeyRow {
        organization: OrganizationId(row.integer(0)?),
        id: row.integer(1)?,
        name: row.text(2)?.to_owned(),
        digest: row.text(3)?.to_owned(),
        tail: row.text(4)?.to_owned(),
        scope: Scope::from_word(scope).ok_or_else(|| Error::Corrupt(format!("unknown scope `{scope}`")))?,
        allow: row.text(6)?.split_whitespace().map(str::to_owned).collect(),
        created_at: Instant(row.integer(7)?),
        expires_at: row.optional_integer(8)?.map(Instant),
        revoked_at: row.optional_integer(9)?.map(Instant),
        last_used_at: row.optional_integer(10)?.map(Instant),
        person: row.optional_text(11)?.map(RefId::from),
        teams: row.optional_text(12)?.map(|teams| teams.split_whitespace().map(RefId::from).collect()),
    })
}

/// Stores a new key and returns its number. Its id, revocation and last use in `row` are ignored.
pub fn key_insert(tx: &mut dyn Tx, row: &KeyRow) -> Result<i64, Error> {
    let join = |teams: &Vec<RefId>| teams.iter().map(RefId::as_str).collect::<Vec<_>>().join(" ");
    let teams = row.teams.as_ref().map(join);
    let values = [
        row.organization.0.into(),
        row.name.as_str().into(),
        row.digest.as_str().into(),
        row.tail.as_str().into(),
        row.scope.word().into(),
        row.allow.join(" ").into(),
        row.created_at.0.into(),
        row.expires_at.map(|at| at.0).into(),
        row.person.as_ref().map(RefId::as_str).into(),
        teams.as_deref().into(),
    ];
    let inserted = tx.one(KEY_INSERT, &values)?;
    inserted.ok_or_else(|| Error::Corrupt("an inserted key has no number".to_owned()))?.integer(0)
}

/// The key with this digest, whatever its state.
pub fn key_by_digest(tx: &mut dyn Tx, digest: &str) -> Result<Option<KeyRow>, Error> {
    tx.one(KEY_BY_DIGEST, &[digest.into()])?.as_ref().map(read).transpose()
}

/// All keys of an organization, oldest first.
pub fn key_list(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<KeyRow>, Error> {
    tx.all(KEY_LIST, &[organization.0.into()])?.iter().map(read).collect()
}

/// Revokes a key; `false` when there is none with this number or it was revoked before.
pub fn key_revoke(tx: &mut dyn Tx, organization: OrganizationId, id: i64, now: Instant) -> Result<bool, Error> {
    Ok(tx.run(KEY_REVOKE, &[organization.0.into(), id.into(), now.0.into()])? == 1)
}

/// Revokes all tokens of a person; how many there were.
pub fn key_revoke_of(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    person: &RefId,
    now: Instant,
) -> Result<u64, Error> {
    tx.run(KEY_REVOKE_OF, &[organization.0.into(), person.as_str().into(), now.0.into()])
}

/// Records that a key was used.
pub fn key_used(tx: &mut dyn Tx, organization: OrganizationId, id: i64, at: Instant) -> Result<(), Error> {
    tx.run(KEY_USED, &[organization.0.into(), id.into(), at.0.into()]).map(drop)
}

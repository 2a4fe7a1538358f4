//! Organizations: found by name, with the version that counts every change to their directory and keys.

use crate::notification::mailbox::mailbox_doubt;
use crate::seam::statement::statements;
use crate::{Dialect, Error, Row, Tx};
use domain::{Instant, OrganizationId};

/// An organization's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationRow {
    /// Its number.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// Counts changes of its components, settings and keys.
    pub version: i64,
    /// Name of its fallback policy.
    pub fallback_policy: Option<String>,
    /// Its other settings, as JSON.
    pub settings: String,
}

statements! {
    ORGANIZATION_INSERT = "insert into organization (name, version) values ($1, 1) returning organization_id";
    COUNTER_INSERT = "insert into incident_counter (organization_id, last_number) values ($1, 0)";
    ORGANIZATION_BY_NAME =
        "select organization_id, name, version, fallback_policy, settings from organization where name = $1";
    ORGANIZATION_LOAD =
        "select organization_id, name, version, fallback_policy, settings from organization where organization_id = $1";
    ORGANIZATION_KNOWN_AS =
        "select organization_id, name, version, fallback_policy, settings from organization where organization_id =
        (select organization_id from former_organization_name where name = $1)";
    ORGANIZATION_RENAME = "update organization set name = $2 where organization_id = $1";
    FORMER_NAME_INSERT = "insert into former_organization_name (name, organization_id) values ($1, $2)";
    FORMER_NAME_DELETE = "delete from former_organization_name where name = $1";
    ORGANIZATION_LIST =
        "select organization_id, name, version, fallback_policy, settings from organization";
    ORGANIZATION_VERSION = "select version from organization where organization_id = $1";
    ORGANIZATION_CHANGED =
        "update organization set version = version + 1, fallback_policy = $2 where organization_id = $1";
    ORGANIZATION_SETTLE = "update organization set settings = $2 where organization_id = $1";
    ORGANIZATION_TOUCH = "update organization set version = version + 1 where organization_id = $1";
    ORGANIZATION_HOLD = "update incident_counter set last_number = last_number where organization_id = $1
        returning watched_until, last_pulse";
}

fn read(row: &Row) -> Result<OrganizationRow, Error> {
    Ok(OrganizationRow {
        id: OrganizationId(row.integer(0)?),
        name: row.text(1)?.to_owned(),
        version: row.integer(2)?,
        fallback_policy: row.optional_text(3)?.map(str::to_owned),
        settings: row.text(4)?.to_owned(),
    })
}

/// Makes an organization. `Error::Conflict` when the name is taken.
pub fn organization_insert(tx: &mut dyn Tx, name: &str) -> Result<OrganizationId, Error> {
    let row = tx.one(ORGANIZATION_INSERT, &[name.into()])?;
    let id = row.ok_or_else(|| Error::Corrupt("an inserted organization has no number".to_owned()))?.integer(0)?;
    tx.run(COUNTER_INSERT, &[id.into()])?;
    Ok(OrganizationId(id))
}

/// The organization of this name.
pub fn organization_by_name(tx: &mut dyn Tx, name: &str) -> Result<Option<OrganizationRow>, Error> {
    tx.one(ORGANIZATION_BY_NAME, &[name.into()])?.as_ref().map(read).transpose()
}

/// The organization of this name, else the one that had it before.
pub fn organization_known_as(tx: &mut dyn Tx, name: &str) -> Result<Option<OrganizationRow>, Error> {
    match organization_by_name(tx, name)? {
        Some(found) => Ok(Some(found)),
        None => tx.one(ORGANIZATION_KNOWN_AS, &[name.into()])?.as_ref().map(read).transpose(),
    }
}

/// Gives an organization another name, which is no other's and was none's; `old` leads to it from now on, too.
/// `Error::Conflict` when the name is taken.
pub fn organization_rename(tx: &mut dyn Tx, id: OrganizationId, old: &str, new: &str) -> Result<(), Error> {
    tx.run(FORMER_NAME_DELETE, &[new.into()])?;
    tx.run(FORMER_NAME_INSERT, &[old.into(), id.0.into()])?;
    tx.run(ORGANIZATION_RENAME, &[id.0.into(), new.into()]).map(drop)
}

/// The organization with this number.
pub fn organization_load(tx: &mut dyn Tx, id: OrganizationId) -> Result<Option<OrganizationRow>, Error> {
    tx.one(ORGANIZATION_LOAD, &[id.0.into()])?.as_ref().map(read).transpose()
}

/// All organizations, ordered by name.
pub fn organization_list(tx: &mut dyn Tx) -> Result<Vec<OrganizationRow>, Error> {
    let mut rows: Vec<_> = tx.all(ORGANIZATION_LIST, &[])?.iter().map(read).collect::<Result<_, _>>()?;
    // Not in the statement: PostgreSQL orders text by the language of the database.
    rows.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(rows)
}

/// The version of an organization's directory; `None` when there is no such organization.
pub fn organization_version(tx: &mut dyn Tx, id: OrganizationId) -> Result<Option<i64>, Error> {
    tx.one(ORGANIZATION_VERSION, &[id.0.into()])?.map(|row| row.integer(0)).transpose()
}

/// Says that components changed, and sets the fallback policy. Channels may lead elsewhere now, so that mailboxes are in
/// doubt.
pub fn organization_changed(tx: &mut dyn Tx, id: OrganizationId, fallback: Option<&str>) -> Result<(), Error> {
    tx.run(ORGANIZATION_CHANGED, &[id.0.into(), fallback.into()])?;
    mailbox_doubt(tx, id)
}

/// Keeps the organization's settings, as JSON.
pub fn organization_settle(tx: &mut dyn Tx, id: OrganizationId, settings: &str) -> Result<(), Error> {
    tx.run(ORGANIZATION_SETTLE, &[id.0.into(), settings.into()]).map(drop)
}

/// Says that a key, a contact or a swap changed, likewise.
pub fn organization_touch(tx: &mut dyn Tx, id: OrganizationId) -> Result<(), Error> {
    tx.run(ORGANIZATION_TOUCH, &[id.0.into()])?;
    mailbox_doubt(tx, id)
}

/// What is known of an organization once it is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Until when what changes is to be noted as a pulse; long ago where nobody looks, and where no other node can.
    pub watched_until: Instant,
    /// The number of the last pulse.
    pub last_pulse: i64,
}

/// Keeps every other transaction that holds this organization waiting until this one ends.
///
/// Two nodes that change rows of one organization in different orders would otherwise each wait for the other. SQLite
/// has one writer, so there is nothing to hold.
pub fn organization_hold(tx: &mut dyn Tx, id: OrganizationId) -> Result<Held, Error> {
    let row = match tx.dialect() {
        Dialect::Sqlite => None,
        Dialect::Postgresql => tx.one(ORGANIZATION_HOLD, &[id.0.into()])?,
    };
    let (watched_until, last_pulse) = row.map_or(Ok((0, 0)), |row| Ok((row.integer(0)?, row.integer(1)?)))?;
    Ok(Held { watched_until: Instant(watched_until), last_pulse })
}

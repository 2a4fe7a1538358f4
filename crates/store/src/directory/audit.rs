//! The audit log as rows: a chain for each organization, and beside it the personal values that can be erased.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::{Instant, OrganizationId, RefId};

/// A row of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number, from 1 without holes.
    pub number: i64,
    /// When it was written; never before the row that precedes it.
    pub at: Instant,
    /// Name of who acted.
    pub actor: String,
    /// Id of who acted, or nothing.
    pub actor_ref: String,
    /// What was done, such as `service.update`.
    pub action: String,
    /// Kind of what it was done to.
    pub object_kind: String,
    /// Id of what it was done to, or nothing.
    pub object_ref: String,
    /// Name of what it was done to.
    pub object_name: String,
    /// The way it came.
    pub way: String,
    /// The row as canonical JSON.
    pub body: String,
    /// SHA-256 of the body, in hexadecimal.
    pub digest: String,
}

/// The last row of a chain, or of what was cut off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// Its number.
    pub number: i64,
    /// When it was written.
    pub at: Instant,
    /// Its digest.
    pub digest: String,
}

/// A personal value of a row of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPersonalRow {
    /// Number of its row.
    pub number: i64,
    /// Its place among the personal values of the row, from 0.
    pub place: i64,
    /// Id of the person.
    pub person: String,
    /// SHA-256 of salt and value, in hexadecimal.
    pub digest: String,
    /// What was drawn for this value alone.
    pub salt: String,
    /// The value.
    pub value: String,
}

/// Which rows of the audit log are asked for; an empty text asks for any.
#[derive(Clone, Debug)]
pub struct AuditFilter {
    /// Not before.
    pub since: Instant,
    /// Not after.
    pub until: Instant,
    /// By whom: name or id.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what: kind, name or id.
    pub object: String,
    /// By which way.
    pub way: String,
    /// Only rows with a lower number.
    pub before: Option<i64>,
}

impl AuditFilter {
    /// All rows.
    pub fn all() -> Self {
        let (since, until) = (Instant(i64::MIN), Instant(i64::MAX));
        let [actor, action, object, way] = [(); 4].map(|()| String::new());
        Self { since, until, actor, action, object, way, before: None }
    }
}

statements! {
    AUDIT_HEAD = "select number, made_at, digest from audit where organization_id = $1 order by number desc limit 1";
    AUDIT_FIRST = "select number, made_at, digest from audit where organization_id = $1 order by number limit 1";
    AUDIT_LAST_BEFORE = "select number, made_at, digest from audit where organization_id = $1 and number <= $2
        and made_at < $3 order by number desc limit 1";
    AUDIT_INSERT = "insert into audit (organization_id, number, made_at, actor, actor_ref, action, object_kind, object_ref,
        object_name, way, body, digest) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    AUDIT_LIST = "select number, made_at, actor, actor_ref, action, object_kind, object_ref, object_name, way, body, digest
        from audit where organization_id = $1 and number < $2 and made_at >= $3 and made_at <= $4
        and ($5 = '' or actor = $5 or actor_ref = $5) and ($6 = '' or action = $6)
        and ($7 = '' or object_kind = $7 or object_name = $7 or object_ref = $7) and ($8 = '' or way = $8)
        order by number desc limit $9";
    AUDIT_AFTER = "select number, made_at, actor, actor_ref, action, object_kind, object_ref, object_name, way, body, digest
        from audit where organization_id = $1 and number > $2 and made_at >= $3 and made_at <= $4
        order by number limit $5";
    AUDIT_OF_PERSON = "select number, made_at, actor, actor_ref, action, object_kind, object_ref, object_name, way, body, digest
        from audit where organization_id = $1 and number < $2 and (actor_ref = $3 or object_ref = $3)
        order by number desc limit $4";
    AUDIT_DELETE = "delete from audit where organization_id = $1 and number <= $2";
    AUDIT_PERSONAL_INSERT = "insert into audit_personal (organization_id, number, place, person, digest, salt, value)
        values ($1, $2, $3, $4, $5, $6, $7)";
    AUDIT_PERSONAL_LIST = "select number, place, person, digest, salt, value from audit_personal
        where organization_id = $1 and number >= $2 and number <= $3 order by number, place";
    AUDIT_PERSONAL_DELETE = "delete from audit_personal where organization_id = $1 and number <= $2";
    AUDIT_PERSONAL_ERASE = "delete from audit_personal where organization_id = $1 and person = $2";
}

fn read(row: &Row) -> Result<AuditRow, Error> {
    Ok(AuditRow {
        number: row.integer(0)?,
        at: Instant(row.integer(1)?),
        actor: row.text(2)?.to_owned(),
        actor_ref: row.text(3)?.to_owned(),
        action: row.text(4)?.to_owned(),
        object_kind: row.text(5)?.to_owned(),
        object_ref: row.text(6)?.to_owned(),
        object_name: row.text(7)?.to_owned(),
        way: row.text(8)?.to_owned(),
        body: row.text(9)?.to_owned(),
        digest: row.text(10)?.to_owned(),
    })
}

fn read_head(row: &Row) -> Result<AuditHead, Error> {
    Ok(AuditHead { number: row.integer(0)?, at: Instant(row.integer(1)?), digest: row.text(2)?.to_owned() })
}

fn read_personal(row: &Row) -> Result<AuditPersonalRow, Error> {
    Ok(AuditPersonalRow {
        number: row.integer(0)?,
        place: row.integer(1)?,
        person: row.text(2)?.to_owned(),
        digest: row.text(3)?.to_owned(),
        salt: row.text(4)?.to_owned(),
        value: row.text(5)?.to_owned(),
    })
}

/// The last row of an organization's chain; `None` where there is none.
pub fn audit_head(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Option<AuditHead>, Error> {
    tx.one(AUDIT_HEAD, &[organization.0.into()])?.as_ref().map(read_head).transpose()
}

/// The first row that was not cut off; `None` where there is none.
pub fn audit_first(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Option<AuditHead>, Error> {
    tx.one(AUDIT_FIRST, &[organization.0.into()])?.as_ref().map(read_head).transpose()
}

/// The last row up to a number that was written before an instant.
pub fn audit_last_before(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    number: i64,
    before: Instant,
) -> Result<Option<AuditHead>, Error> {
    let values = [organization.0.into(), number.into(), before.0.into()];
    tx.one(AUDIT_LAST_BEFORE, &values)?.as_ref().map(read_head).transpose()
}

/// Appends a row, with the next number.
pub fn audit_insert(tx: &mut dyn Tx, organization: OrganizationId, row: &AuditRow) -> Result<(), Error> {
    let values = vec![
        organization.0.into(),
        row.number.into(),
        row.at.0.into(),
        row.actor.as_str().into(),
        row.actor_ref.as_str().into(),
        row.action.as_str().into(),
        row.object_kind.as_str().into(),
        row.object_ref.as_str().into(),
        row.object_name.as_str().into(),
        row.way.as_str().into(),
        row.body.as_str().into(),
        row.digest.as_str().into(),
    ];
    tx.queue(AUDIT_INSERT, values)
}

/// Keeps a personal value of a row.
pub fn audit_personal_insert(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    row: &AuditPersonalRow,
) -> Result<(), Error> {
    let values = vec![
        organization.0.into(),
        row.number.into(),
        row.place.into(),
        row.person.as_str().into(),
        row.digest.as_str().into(),
        row.salt.as_str().into(),
        row.value.as_str().into(),
    ];
    tx.queue(AUDIT_PERSONAL_INSERT, values)
}

/// The rows that a filter lets through, newest first, at most `limit`.
pub fn audit_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    filter: &AuditFilter,
    limit: u32,
) -> Result<Vec<AuditRow>, Error> {
    let values = [
        organization.0.into(),
        filter.before.unwrap_or(i64::MAX).into(),
        filter.since.0.into(),
        filter.until.0.into(),
        filter.actor.as_str().into(),
        filter.action.as_str().into(),
        filter.object.as_str().into(),
        filter.way.as_str().into(),
        i64::from(limit).into(),
    ];
    tx.all(AUDIT_LIST, &values)?.iter().map(read).collect()
}

/// The rows of which somebody is the actor or the object, by their id, before a number, newest first, at most `limit`.
pub fn audit_of_person(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    person: &RefId,
    before: i64,
    limit: u32,
) -> Result<Vec<AuditRow>, Error> {
    let values = [organization.0.into(), before.into(), person.as_str().into(), i64::from(limit).into()];
    tx.all(AUDIT_OF_PERSON, &values)?.iter().map(read).collect()
}

/// The rows of a stretch of time that follow a number, oldest first, at most `limit`.
pub fn audit_after(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    number: i64,
    (since, until): (Instant, Instant),
    limit: u32,
) -> Result<Vec<AuditRow>, Error> {
    let values = [organization.0.into(), number.into(), since.0.into(), until.0.into(), i64::from(limit).into()];
    tx.all(AUDIT_AFTER, &values)?.iter().map(read).collect()
}

/// The personal values that are still there of the rows from one number to another, both included, in their order.
pub fn audit_personal_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    first: i64,
    last: i64,
) -> Result<Vec<AuditPersonalRow>, Error> {
    let rows = tx.all(AUDIT_PERSONAL_LIST, &[organization.0.into(), first.into(), last.into()])?;
    rows.iter().map(read_personal).collect()
}

/// Removes the rows up to a number, with their personal values; how many rows.
pub fn audit_delete(tx: &mut dyn Tx, organization: OrganizationId, through: i64) -> Result<u64, Error> {
    tx.run(AUDIT_PERSONAL_DELETE, &[organization.0.into(), through.into()])?;
    tx.run(AUDIT_DELETE, &[organization.0.into(), through.into()])
}

/// Erases the personal values of a person; how many.
pub fn audit_erase(tx: &mut dyn Tx, organization: OrganizationId, person: &str) -> Result<u64, Error> {
    tx.run(AUDIT_PERSONAL_ERASE, &[organization.0.into(), person.into()])
}

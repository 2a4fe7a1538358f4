//! What an organization's directory was: its versions, and the components that each of them changed.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::directory::ComponentKind;
use domain::{Instant, OrganizationId, RefId};

/// A version of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    /// Its number, from 1 without gaps.
    pub version: i64,
    /// When it was made.
    pub made_at: Instant,
    /// Who made it.
    pub author: String,
    /// By which way: file, api, command or console.
    pub way: String,
    /// What it changed, in the words of `apply`.
    pub plan: String,
    /// The organization's settings from then on, as JSON.
    pub settings: String,
}

/// A component as it was from one version on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentVersionRow {
    /// Its id.
    pub ref_id: RefId,
    /// The version that changed it.
    pub version: i64,
    /// Its kind.
    pub kind: ComponentKind,
    /// Its name.
    pub name: String,
    /// Its place among its kind.
    pub position: i64,
    /// The component as JSON; `None` where it was removed.
    pub body: Option<String>,
}

/// That a component was removed beside the file that manages it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedBesideRow {
    /// The id that it had.
    pub ref_id: RefId,
    /// Its kind.
    pub kind: ComponentKind,
    /// What the file calls it.
    pub name_in_file: String,
    /// Where in which file it stood.
    pub source: Option<String>,
    /// Who removed it.
    pub removed_by: String,
    /// When.
    pub removed_at: Instant,
}

statements! {
    FORMER_COMPONENT_INSERT = "insert into former_component (organization_id, ref_id, kind, name, name_in_file, source,
        removed_by, removed_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (organization_id, ref_id) do update set name = excluded.name, name_in_file = excluded.name_in_file,
        source = excluded.source, removed_by = excluded.removed_by, removed_at = excluded.removed_at";
    FORMER_COMPONENT_LIST = "select ref_id, name from former_component where organization_id = $1 and kind <> 'user'";
    FORMER_COMPONENT_NAMED = "select ref_id from former_component where organization_id = $1 and kind = $2 and name = $3";
    REMOVED_BESIDE_LIST = "select ref_id, kind, name_in_file, source, removed_by, removed_at from former_component
        where organization_id = $1 and name_in_file is not null";
    REMOVED_BESIDE_NAME = "update former_component set name_in_file = $3 where organization_id = $1 and ref_id = $2";
    VERSION_LAST = "select version from directory_version where organization_id = $1 order by version desc limit 1";
    VERSION_INSERT = "insert into directory_version (organization_id, version, made_at, author, way, plan, settings)
        values ($1, $2, $3, $4, $5, $6, $7)";
    VERSION_LIST = "select version, made_at, author, way, plan, settings from directory_version
        where organization_id = $1 and version < $2 order by version desc limit $3";
    COMPONENT_VERSION_INSERT = "insert into component_version (organization_id, ref_id, version, kind, name, position, body)
        values ($1, $2, $3, $4, $5, $6, $7)";
    COMPONENT_VERSION_AT = "select c.ref_id, c.version, c.kind, c.name, c.position, c.body from component_version c
        where c.organization_id = $1 and c.version = (select max(d.version) from component_version d
        where d.organization_id = $1 and d.ref_id = c.ref_id and d.version <= $2)";
    VERSION_FIRST = "select version from directory_version where organization_id = $1 order by version limit 1";
    VERSION_BEFORE = "select version from directory_version
        where organization_id = $1 and version <= $2 and made_at < $3 order by version desc limit 1";
    VERSION_DELETE_BEFORE = "delete from directory_version where organization_id = $1 and version < $2";
    COMPONENT_VERSION_DELETE_BEFORE = "delete from component_version
        where organization_id = $1 and version < $2 and exists (select 1 from component_version later
        where later.organization_id = $1 and later.ref_id = component_version.ref_id
        and later.version > component_version.version and later.version <= $2)";
    COMPONENT_VERSION_OF = "select ref_id, version, kind, name, position, body from component_version
        where organization_id = $1 and version = $2";
    COMPONENT_VERSION_PAST = "select ref_id, version, kind, name, position, body from component_version
        where organization_id = $1 and ref_id = $2 order by version desc limit $3";
}

fn version(row: &Row) -> Result<VersionRow, Error> {
    Ok(VersionRow {
        version: row.integer(0)?,
        made_at: Instant(row.integer(1)?),
        author: row.text(2)?.to_owned(),
        way: row.text(3)?.to_owned(),
        plan: row.text(4)?.to_owned(),
        settings: row.text(5)?.to_owned(),
    })
}

fn kind(word: &str) -> Result<ComponentKind, Error> {
    ComponentKind::from_word(word).ok_or_else(|| Error::Corrupt(format!("unknown kind of component `{word}`")))
}

fn component(row: &Row) -> Result<ComponentVersionRow, Error> {
    Ok(ComponentVersionRow {
        ref_id: row.text(0)?.into(),
        version: row.integer(1)?,
        kind: kind(row.text(2)?)?,
        name: row.text(3)?.to_owned(),
        position: row.integer(4)?,
        body: row.optional_text(5)?.map(str::to_owned),
    })
}

/// The number of the newest version; 0 before the first.
pub fn version_last(tx: &mut dyn Tx, organization: OrganizationId) -> Result<i64, Error> {
    Ok(tx.one(VERSION_LAST, &[organization.0.into()])?.map(|row| row.integer(0)).transpose()?.unwrap_or(0))
}

/// Keeps a new version. `Error::Conflict` when its number is taken.
pub fn version_insert(tx: &mut dyn Tx, organization: OrganizationId, row: &VersionRow) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        row.version.into(),
        row.made_at.0.into(),
        row.author.as_str().into(),
        row.way.as_str().into(),
        row.plan.as_str().into(),
        row.settings.as_str().into(),
    ];
    tx.run(VERSION_INSERT, &values).map(drop)
}

/// At most `limit` versions before `before`, newest first.
pub fn version_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    before: i64,
    limit: u32,
) -> Result<Vec<VersionRow>, Error> {
    tx.all(VERSION_LIST, &[organization.0.into(), before.into(), limit.into()])?.iter().map(version).collect()
}

/// Forgets versions that are older than the newest one that was made before an instant, the oldest first, at most `most`; how
/// many. What each component was at the oldest that stays is kept.
pub fn version_cut(tx: &mut dyn Tx, organization: OrganizationId, before: Instant, most: i64) -> Result<u64, Error> {
    let number = |row: Option<Row>| row.map(|row| row.integer(0)).transpose();
    let Some(first) = number(tx.one(VERSION_FIRST, &[organization.0.into()])?)? else { return Ok(0) };
    let values = [organization.0.into(), first.saturating_add(most).into(), before.0.into()];
    let Some(oldest) = number(tx.one(VERSION_BEFORE, &values)?)? else { return Ok(0) };
    let values = [organization.0.into(), oldest.into()];
    tx.run(COMPONENT_VERSION_DELETE_BEFORE, &values)?;
    tx.run(VERSION_DELETE_BEFORE, &values)
}

/// Keeps what a version made of one component.
pub fn component_version_insert(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    row: &ComponentVersionRow,
) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        row.ref_id.as_str().into(),
        row.version.into(),
        row.kind.word().into(),
        row.name.as_str().into(),
        row.position.into(),
        row.body.as_deref().into(),
    ];
    tx.run(COMPONENT_VERSION_INSERT, &values).map(drop)
}

/// Every component as of a version, those that were removed by then with no body.
pub fn component_version_at(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    version: i64,
) -> Result<Vec<ComponentVersionRow>, Error> {
    tx.all(COMPONENT_VERSION_AT, &[organization.0.into(), version.into()])?.iter().map(component).collect()
}

/// The components that one version changed.
pub fn component_version_of(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    version: i64,
) -> Result<Vec<ComponentVersionRow>, Error> {
    tx.all(COMPONENT_VERSION_OF, &[organization.0.into(), version.into()])?.iter().map(component).collect()
}

/// One component as it was, by its id, the newest version first, at most so many.
pub fn component_version_past(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    ref_id: &RefId,
    limit: u32,
) -> Result<Vec<ComponentVersionRow>, Error> {
    let values = [organization.0.into(), ref_id.as_str().into(), limit.into()];
    tx.all(COMPONENT_VERSION_PAST, &values)?.iter().map(component).collect()
}

/// A component is gone that had this name; `beside` says so where it is not its file that says so.
pub fn former_component_insert(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (kind, ref_id, name): (ComponentKind, &RefId, &str),
    beside: Option<&RemovedBesideRow>,
) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        ref_id.as_str().into(),
        kind.word().into(),
        name.into(),
        beside.map(|row| row.name_in_file.as_str()).into(),
        beside.and_then(|row| row.source.as_deref()).into(),
        beside.map(|row| row.removed_by.as_str()).into(),
        beside.map(|row| row.removed_at.0).into(),
    ];
    tx.run(FORMER_COMPONENT_INSERT, &values).map(drop)
}

/// What was removed beside the files that manage it, by kind's word and name.
pub fn removed_beside_list(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<RemovedBesideRow>, Error> {
    let rows = tx.all(REMOVED_BESIDE_LIST, &[organization.0.into()])?;
    let mut rows: Vec<_> = rows.iter().map(removed_beside).collect::<Result<_, _>>()?;
    // Not in the statement: PostgreSQL orders text by the language of the database.
    rows.sort_by(|one, other| (one.kind.word(), &one.name_in_file).cmp(&(other.kind.word(), &other.name_in_file)));
    Ok(rows)
}

fn removed_beside(row: &Row) -> Result<RemovedBesideRow, Error> {
    Ok(RemovedBesideRow {
        ref_id: row.text(0)?.into(),
        kind: kind(row.text(1)?)?,
        name_in_file: row.text(2)?.to_owned(),
        source: row.optional_text(3)?.map(str::to_owned),
        removed_by: row.text(4)?.to_owned(),
        removed_at: Instant(row.integer(5)?),
    })
}

/// What the file calls a component that was removed beside it; with no name, its being gone is no drift any more.
pub fn removed_beside_name(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    ref_id: &RefId,
    name: Option<&str>,
) -> Result<(), Error> {
    tx.run(REMOVED_BESIDE_NAME, &[organization.0.into(), ref_id.as_str().into(), name.into()]).map(drop)
}

/// Id and last name of each component that is gone, but of people.
pub fn former_component_list(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<(RefId, String)>, Error> {
    let rows = tx.all(FORMER_COMPONENT_LIST, &[organization.0.into()])?;
    rows.iter().map(|row| Ok((row.text(0)?.into(), row.text(1)?.to_owned()))).collect()
}

/// Ids of the components of a kind that are gone and had this name last.
pub fn former_component_named(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    kind: ComponentKind,
    name: &str,
) -> Result<Vec<RefId>, Error> {
    let rows = tx.all(FORMER_COMPONENT_NAMED, &[organization.0.into(), kind.word().into(), name.into()])?;
    rows.iter().map(|row| Ok(row.text(0)?.into())).collect()
}

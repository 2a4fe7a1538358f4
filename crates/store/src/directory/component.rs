//! Components of an organization's directory: one table for all kinds, the component itself as JSON.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::directory::{ComponentKind, ManagedBy};
use domain::{Instant, OrganizationId, RefId};

/// A component's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentRow {
    /// Its kind.
    pub kind: ComponentKind,
    /// Its name.
    pub name: String,
    /// Its id on the wire.
    pub ref_id: RefId,
    /// For a user, the id of the user's own policy.
    pub own_policy: Option<RefId>,
    /// Its place among its kind, from 0.
    pub position: i64,
    /// The component as JSON.
    pub body: String,
    /// Who keeps it, and how often it was changed.
    pub provenance: Provenance,
}

/// Where a component comes from, and how often it was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// Counts its changes, from 1.
    pub version: i64,
    /// Who changes it.
    pub managed_by: ManagedBy,
    /// Where in which file it stands, such as `acme.toml:41`.
    pub source: Option<String>,
    /// The body as its file had it last, where it was changed beside the file since.
    pub applied: Option<String>,
    /// Fields of a person that the file does not change any more, as JSON.
    pub personal: Option<String>,
    /// When it was made, where that is known.
    pub created_at: Option<Instant>,
    /// When it was changed last, where that is known.
    pub updated_at: Option<Instant>,
    /// Who changed it last, where that is known.
    pub updated_by: Option<String>,
}

impl Default for Provenance {
    fn default() -> Self {
        Self {
            version: 1,
            managed_by: ManagedBy::File,
            source: None,
            applied: None,
            personal: None,
            created_at: None,
            updated_at: None,
            updated_by: None,
        }
    }
}

statements! {
    COMPONENT_LIST = "select kind, name, ref_id, own_policy_ref_id, position, body, version, managed_by, source, applied,
        personal, created_at, updated_at, updated_by from component where organization_id = $1";
    COMPONENT_OF_KIND = "select kind, name, ref_id, own_policy_ref_id, position, body, version, managed_by, source, applied,
        personal, created_at, updated_at, updated_by from component where organization_id = $1 and kind = $2";
    COMPONENT_KNOWN = "select kind, name, ref_id, own_policy_ref_id, position, body, version, managed_by, source, applied,
        personal, created_at, updated_at, updated_by from component
        where organization_id = $1 and kind = $2 and (ref_id = $3 or name = $3)";
    COMPONENT_NAMING = "select kind, name, ref_id, own_policy_ref_id, position, body, version, managed_by, source, applied,
        personal, created_at, updated_at, updated_by from component
        where organization_id = $1 and body like $2 escape '\\'";
    COMPONENT_SAVE = "insert into component (organization_id, kind, name, ref_id, own_policy_ref_id, position, body, version,
        managed_by, source, applied, personal, created_at, updated_at, updated_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        on conflict (organization_id, kind, name) do update set position = excluded.position, body = excluded.body,
        version = excluded.version, managed_by = excluded.managed_by, source = excluded.source,
        applied = excluded.applied, personal = excluded.personal, updated_at = excluded.updated_at,
        updated_by = excluded.updated_by";
    COMPONENT_DELETE = "delete from component where organization_id = $1 and kind = $2 and name = $3";
}

fn read(row: &Row) -> Result<ComponentRow, Error> {
    let kind = row.text(0)?;
    Ok(ComponentRow {
        kind: ComponentKind::from_word(kind)
            .ok_or_else(|| Error::Corrupt(format!("unknown kind of component `{kind}`")))?,
        name: row.text(1)?.to_owned(),
        ref_id: row.text(2)?.into(),
        own_policy: row.optional_text(3)?.map(RefId::from),
        position: row.integer(4)?,
        body: row.text(5)?.to_owned(),
        provenance: provenance(row)?,
    })
}

fn provenance(row: &Row) -> Result<Provenance, Error> {
    let word = row.text(7)?;
    let text = |place| row.optional_text(place).map(|text| text.map(str::to_owned));
    Ok(Provenance {
        version: row.integer(6)?,
        managed_by: ManagedBy::from_word(word)
            .ok_or_else(|| Error::Corrupt(format!("a component is managed by `{word}`")))?,
        source: text(8)?,
        applied: text(9)?,
        personal: text(10)?,
        created_at: row.optional_integer(11)?.map(Instant),
        updated_at: row.optional_integer(12)?.map(Instant),
        updated_by: text(13)?,
    })
}

/// All components of an organization, by kind's word, place and name.
pub fn component_list(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<ComponentRow>, Error> {
    in_order(&tx.all(COMPONENT_LIST, &[organization.0.into()])?)
}

/// Those of one kind, by place and name.
pub fn component_list_of(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    kind: ComponentKind,
) -> Result<Vec<ComponentRow>, Error> {
    in_order(&tx.all(COMPONENT_OF_KIND, &[organization.0.into(), kind.word().into()])?)
}

/// The component with this id, else the one of this name.
pub fn component_known(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    kind: ComponentKind,
    id_or_name: &str,
) -> Result<Option<ComponentRow>, Error> {
    let rows = in_order(&tx.all(COMPONENT_KNOWN, &[organization.0.into(), kind.word().into(), id_or_name.into()])?)?;
    Ok(rows.into_iter().max_by_key(|row| row.ref_id.as_str() == id_or_name))
}

/// Those in whose JSON this text stands as a whole string, and maybe some more: databases differ on the case of letters.
pub fn component_naming(tx: &mut dyn Tx, organization: OrganizationId, text: &str) -> Result<Vec<ComponentRow>, Error> {
    let written = serde_json::to_string(text).map_err(|error| Error::Statement(error.to_string()))?;
    let mut pattern = String::from("%");
    for letter in written.chars() {
        pattern.extend(matches!(letter, '%' | '_' | '\\').then_some('\\'));
        pattern.push(letter);
    }
    pattern.push('%');
    in_order(&tx.all(COMPONENT_NAMING, &[organization.0.into(), pattern.as_str().into()])?)
}

fn in_order(rows: &[Row]) -> Result<Vec<ComponentRow>, Error> {
    let mut rows: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    // Not in the statement: PostgreSQL orders text by the language of the database.
    let key = |row: &ComponentRow| (row.kind.word(), row.position);
    rows.sort_by(|left, right| key(left).cmp(&key(right)).then_with(|| left.name.cmp(&right.name)));
    Ok(rows)
}

/// Makes a component, or changes the one with its kind and name, which keeps its ids and when it was made.
pub fn component_save(tx: &mut dyn Tx, organization: OrganizationId, row: &ComponentRow) -> Result<(), Error> {
    let own_policy = row.own_policy.as_ref().map(RefId::as_str);
    let values = [
        organization.0.into(),
        row.kind.word().into(),
        row.name.as_str().into(),
        row.ref_id.as_str().into(),
        own_policy.into(),
        row.position.into(),
        row.body.as_str().into(),
        row.provenance.version.into(),
        row.provenance.managed_by.word().into(),
        row.provenance.source.as_deref().into(),
        row.provenance.applied.as_deref().into(),
        row.provenance.personal.as_deref().into(),
        row.provenance.created_at.map(|at| at.0).into(),
        row.provenance.updated_at.map(|at| at.0).into(),
        row.provenance.updated_by.as_deref().into(),
    ];
    tx.run(COMPONENT_SAVE, &values).map(drop)
}

/// Removes a component.
pub fn component_delete(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    kind: ComponentKind,
    name: &str,
) -> Result<(), Error> {
    tx.run(COMPONENT_DELETE, &[organization.0.into(), kind.word().into(), name.into()]).map(drop)
}

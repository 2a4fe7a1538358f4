//! Saved views of the list of incidents: a name and the filters that it stands for, of one person or shared with everybody.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::{Instant, OrganizationId, RefId};

/// A view's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedViewRow {
    /// The id of the person whose it is; none where it is shared.
    pub person: Option<RefId>,
    /// What it is called: one name for each person, and one among those that are shared.
    pub name: String,
    /// The filters, as they stand in the address of the list.
    pub query: String,
    /// The id of the person who made it.
    pub made_by: RefId,
    /// When it was made.
    pub made_at: Instant,
}

statements! {
    SAVED_VIEW_INSERT = "insert into saved_view (organization_id, person, name, query, made_by, made_at)
        values ($1, $2, $3, $4, $5, $6)";
    SAVED_VIEW_LIST = "select person, name, query, made_by, made_at from saved_view
        where organization_id = $1 and person = $2";
    SAVED_VIEW_OF_AUTHOR = "select person, name, query, made_by, made_at from saved_view
        where organization_id = $1 and made_by = $2";
    SAVED_VIEW_DELETE = "delete from saved_view where organization_id = $1 and person = $2 and name = $3";
    SAVED_VIEW_DELETE_ALL = "delete from saved_view where organization_id = $1 and person = $2";
}

/// What stands in the place of a person where a view is shared.
const SHARED: &str = "";

fn whose(person: Option<&RefId>) -> &str {
    person.map_or(SHARED, RefId::as_str)
}

fn read(row: &Row) -> Result<SavedViewRow, Error> {
    Ok(SavedViewRow {
        person: Some(row.text(0)?).filter(|person| *person != SHARED).map(RefId::from),
        name: row.text(1)?.to_owned(),
        query: row.text(2)?.to_owned(),
        made_by: row.text(3)?.into(),
        made_at: Instant(row.integer(4)?),
    })
}

/// The rows in the order of their names.
fn in_order(rows: &[Row]) -> Result<Vec<SavedViewRow>, Error> {
    let mut rows: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    rows.sort_by(|one, other| (&one.name, &one.person).cmp(&(&other.name, &other.person)));
    Ok(rows)
}

/// Keeps a new view.
///
/// # Errors
/// `Conflict` where there is one of this name already.
pub fn saved_view_insert(tx: &mut dyn Tx, organization: OrganizationId, row: &SavedViewRow) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        whose(row.person.as_ref()).into(),
        row.name.as_str().into(),
        row.query.as_str().into(),
        row.made_by.as_str().into(),
        row.made_at.0.into(),
    ];
    tx.run(SAVED_VIEW_INSERT, &values).map(drop)
}

/// The views of a person, or those that are shared, by name.
pub fn saved_view_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    person: Option<&RefId>,
) -> Result<Vec<SavedViewRow>, Error> {
    in_order(&tx.all(SAVED_VIEW_LIST, &[organization.0.into(), whose(person).into()])?)
}

/// All views that a person made, their own and shared ones, by name.
pub fn saved_view_of_author(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    author: &RefId,
) -> Result<Vec<SavedViewRow>, Error> {
    in_order(&tx.all(SAVED_VIEW_OF_AUTHOR, &[organization.0.into(), author.as_str().into()])?)
}

/// Removes a view of a person, or a shared one; `false` where there is none.
pub fn saved_view_delete(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (person, name): (Option<&RefId>, &str),
) -> Result<bool, Error> {
    Ok(tx.run(SAVED_VIEW_DELETE, &[organization.0.into(), whose(person).into(), name.into()])? == 1)
}

/// Removes all views of a person; those stay that are shared.
pub fn saved_view_delete_all(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<(), Error> {
    tx.run(SAVED_VIEW_DELETE_ALL, &[organization.0.into(), person.as_str().into()]).map(drop)
}

//! People who left: what is shown of them in all that happened, and their usernames, which are never given again.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::{Instant, OrganizationId, RefId, Username};

/// Somebody who left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerPersonRow {
    /// The id that their component had.
    pub ref_id: RefId,
    /// The username.
    pub username: Username,
    /// The name that is shown for them.
    pub name: String,
    /// When they left.
    pub left_at: Instant,
    /// Which of the erased they are, from 1; none who was not erased.
    pub erased: Option<i64>,
}

statements! {
    FORMER_PERSON_INSERT = "insert into former_person (organization_id, ref_id, username, handle, name, left_at)
        values ($1, $2, $3, $4, $5, $6) on conflict (organization_id, ref_id) do nothing";
    FORMER_PERSON_EXISTS = "select 1 from former_person where organization_id = $1 and handle = $2";
    FORMER_PERSON_RETURN = "update former_person set handle = null where organization_id = $1 and handle = $2";
    FORMER_PERSON_LIST = "select ref_id, username, name, left_at, erased from former_person where organization_id = $1";
}

/// Usernames are the same whatever the case of their letters.
fn handle(username: &str) -> String {
    username.to_lowercase()
}

fn read(row: &Row) -> Result<FormerPersonRow, Error> {
    Ok(FormerPersonRow {
        ref_id: row.text(0)?.into(),
        username: row.text(1)?.into(),
        name: row.text(2)?.to_owned(),
        left_at: Instant(row.integer(3)?),
        erased: row.optional_integer(4)?,
    })
}

/// Somebody left.
pub fn former_person_insert(tx: &mut dyn Tx, organization: OrganizationId, row: &FormerPersonRow) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        row.ref_id.as_str().into(),
        row.username.as_str().into(),
        handle(row.username.as_str()).into(),
        row.name.as_str().into(),
        row.left_at.0.into(),
    ];
    tx.run(FORMER_PERSON_INSERT, &values).map(drop)
}

/// Whether somebody left who had this username.
pub fn former_person_exists(tx: &mut dyn Tx, organization: OrganizationId, username: &str) -> Result<bool, Error> {
    Ok(tx.one(FORMER_PERSON_EXISTS, &[organization.0.into(), handle(username).into()])?.is_some())
}

/// Somebody has the username of one who left: it may be given to them.
pub fn former_person_return(tx: &mut dyn Tx, organization: OrganizationId, username: &str) -> Result<(), Error> {
    tx.run(FORMER_PERSON_RETURN, &[organization.0.into(), handle(username).into()]).map(drop)
}

/// All who left, in the order in which they did.
pub fn former_person_list(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<FormerPersonRow>, Error> {
    let rows = tx.all(FORMER_PERSON_LIST, &[organization.0.into()])?;
    let mut rows: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    // Not in the statement: PostgreSQL orders text by the language of the database.
    rows.sort_by(|one, other| (one.left_at, &one.ref_id).cmp(&(other.left_at, &other.ref_id)));
    Ok(rows)
}

//! People who left: their usernames stand for them in all that happened, and are never given again.

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::{Instant, OrganizationId, RefId};

statements! {
    FORMER_PERSON_INSERT = "insert into former_person (organization_id, username, ref_id, left_at)
        values ($1, $2, $3, $4) on conflict (organization_id, username) do update set ref_id = $3, left_at = $4";
    FORMER_PERSON_EXISTS = "select 1 from former_person where organization_id = $1 and username = $2";
    FORMER_PERSON_DELETE = "delete from former_person where organization_id = $1 and username = $2";
}

/// Usernames are the same whatever the case of their letters.
fn key(username: &str) -> String {
    username.to_lowercase()
}

/// Somebody left.
pub fn former_person_insert(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (username, person): (&str, &RefId),
    left_at: Instant,
) -> Result<(), Error> {
    let values = [organization.0.into(), key(username).into(), person.as_str().into(), left_at.0.into()];
    tx.run(FORMER_PERSON_INSERT, &values).map(drop)
}

/// Whether somebody left who had this username.
pub fn former_person_exists(tx: &mut dyn Tx, organization: OrganizationId, username: &str) -> Result<bool, Error> {
    Ok(tx.one(FORMER_PERSON_EXISTS, &[organization.0.into(), key(username).into()])?.is_some())
}

/// Somebody who left came back.
pub fn former_person_delete(tx: &mut dyn Tx, organization: OrganizationId, username: &str) -> Result<(), Error> {
    tx.run(FORMER_PERSON_DELETE, &[organization.0.into(), key(username).into()]).map(drop)
}

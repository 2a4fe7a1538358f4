//! Requests for cover: a row for each, with when the clock has something to say of it.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::cover::Cover;
use domain::{Instant, OrganizationId, RefId};

statements! {
    COVER_INSERT = "insert into cover (organization_id, cover_ref_id, until_at, look_at, body) values ($1, $2, $3, $4, $5)";
    COVER_CHANGE = "update cover set until_at = $3, look_at = $4, body = $5 where organization_id = $1 and cover_ref_id = $2";
    COVER_LIST = "select body from cover where organization_id = $1";
    COVER_LOAD = "select body from cover where organization_id = $1 and cover_ref_id = $2";
    COVER_DUE = "select body from cover where +organization_id = $1 and look_at is not null and look_at <= $2
        order by look_at, cover_ref_id limit $3";
    COVER_DUE_WHERE = "select distinct organization_id from cover where look_at is not null and look_at <= $1";
    COVER_NEXT = "select look_at from cover where look_at is not null order by look_at limit 1";
    COVER_FORGET = "delete from cover where organization_id = $1 and until_at <= $2";
}

fn read(row: &Row) -> Result<Cover, Error> {
    serde_json::from_str(row.text(0)?).map_err(|error| Error::Corrupt(format!("a request for cover: {error}")))
}

fn write(tx: &mut dyn Tx, sql: &'static str, organization: OrganizationId, cover: &Cover) -> Result<(), Error> {
    let body = serde_json::to_string(cover).map_err(|error| Error::Statement(error.to_string()))?;
    let (id, look_at) = (cover.cover_ref_id.as_str(), cover.look_at().map(|at| at.0));
    tx.run(sql, &[organization.0.into(), id.into(), cover.until.0.into(), look_at.into(), body.into()]).map(drop)
}

/// Keeps a new request.
///
/// # Errors
/// `Conflict` where there is one of this id already.
pub fn cover_insert(tx: &mut dyn Tx, organization: OrganizationId, cover: &Cover) -> Result<(), Error> {
    write(tx, COVER_INSERT, organization, cover)
}

/// Keeps a request as it is now.
pub fn cover_change(tx: &mut dyn Tx, organization: OrganizationId, cover: &Cover) -> Result<(), Error> {
    write(tx, COVER_CHANGE, organization, cover)
}

/// All requests of an organization, in the order in which their shifts begin.
pub fn cover_list(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<Cover>, Error> {
    let mut covers: Vec<_> =
        tx.all(COVER_LIST, &[organization.0.into()])?.iter().map(read).collect::<Result<_, _>>()?;
    covers.sort_by(|one, other| {
        (one.from, one.made_at, &one.cover_ref_id).cmp(&(other.from, other.made_at, &other.cover_ref_id))
    });
    Ok(covers)
}

/// The request with this id.
pub fn cover_load(tx: &mut dyn Tx, organization: OrganizationId, cover: &RefId) -> Result<Option<Cover>, Error> {
    tx.one(COVER_LOAD, &[organization.0.into(), cover.as_str().into()])?.as_ref().map(read).transpose()
}

/// Those of an organization of which the clock has something to say by `now`, the longest due first, at most so many.
pub fn cover_due(tx: &mut dyn Tx, organization: OrganizationId, now: Instant, most: u32) -> Result<Vec<Cover>, Error> {
    tx.all(COVER_DUE, &[organization.0.into(), now.0.into(), most.into()])?.iter().map(read).collect()
}

/// The organizations that have such requests.
pub fn cover_due_where(tx: &mut dyn Tx, now: Instant) -> Result<Vec<OrganizationId>, Error> {
    tx.all(COVER_DUE_WHERE, &[now.0.into()])?.iter().map(|row| Ok(OrganizationId(row.integer(0)?))).collect()
}

/// When the clock has something to say of a request next, of whichever organization.
pub fn cover_next(tx: &mut dyn Tx) -> Result<Option<Instant>, Error> {
    let row = tx.one(COVER_NEXT, &[])?;
    Ok(row.map(|row| row.integer(0)).transpose()?.map(Instant))
}

/// Forgets requests whose shifts were over at `before` already.
pub fn cover_forget(tx: &mut dyn Tx, organization: OrganizationId, before: Instant) -> Result<(), Error> {
    tx.run(COVER_FORGET, &[organization.0.into(), before.0.into()]).map(drop)
}

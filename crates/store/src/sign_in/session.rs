//! Sessions: who is signed in, known by the digest of what their browser holds; never that itself.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::sign_in::Means;
use domain::{Instant, OrganizationId, RefId};

/// A session's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of what the browser holds, in hexadecimal.
    pub digest: String,
    /// The id by which the person ends it.
    pub session: RefId,
    /// The person's id.
    pub person: RefId,
    /// When it began.
    pub made_at: Instant,
    /// When it was last used, to the minute.
    pub last_used_at: Instant,
    /// When it ends in any case.
    pub ends_at: Instant,
    /// When the person last proved who they are.
    pub fresh_at: Instant,
    /// By what they signed in.
    pub means: Means,
    /// Whether a second factor was given.
    pub with_factor: bool,
    /// What the browser calls itself.
    pub device: String,
    /// The address that it began from.
    pub network: String,
}

statements! {
    SESSION_INSERT = "insert into session (organization_id, digest, session_ref_id, ref_id, made_at, last_used_at,
        ends_at, fresh_at, means, with_factor, device, network)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    SESSION_LOAD = "select digest, session_ref_id, ref_id, made_at, last_used_at, ends_at, fresh_at, means, with_factor,
        device, network from session where organization_id = $1 and digest = $2";
    SESSION_LIST = "select digest, session_ref_id, ref_id, made_at, last_used_at, ends_at, fresh_at, means, with_factor,
        device, network from session where organization_id = $1 and ref_id = $2";
    SESSION_LAST_USES = "select ref_id, max(last_used_at) from session where organization_id = $1 group by ref_id";
    SESSION_USED = "update session set last_used_at = $3
        where organization_id = $1 and digest = $2 and last_used_at < $3";
    SESSION_DELETE = "delete from session where organization_id = $1 and digest = $2";
    SESSION_DELETE_NAMED =
        "delete from session where organization_id = $1 and ref_id = $2 and session_ref_id = $3";
    SESSION_DELETE_OTHERS = "delete from session where organization_id = $1 and ref_id = $2 and digest <> $3";
    SESSION_FORGET = "delete from session where organization_id = $1 and digest in
        (select digest from session where organization_id = $1 and ends_at <= $2 order by ends_at limit $3)";
}

fn read(row: &Row) -> Result<SessionRow, Error> {
    let means = row.text(7)?;
    Ok(SessionRow {
        digest: row.text(0)?.to_owned(),
        session: row.text(1)?.into(),
        person: row.text(2)?.into(),
        made_at: Instant(row.integer(3)?),
        last_used_at: Instant(row.integer(4)?),
        ends_at: Instant(row.integer(5)?),
        fresh_at: Instant(row.integer(6)?),
        means: Means::from_word(means).ok_or_else(|| Error::Corrupt(format!("a session by `{means}`")))?,
        with_factor: row.boolean(8)?,
        device: row.text(9)?.to_owned(),
        network: row.text(10)?.to_owned(),
    })
}

/// Begins a session.
pub fn session_insert(tx: &mut dyn Tx, organization: OrganizationId, row: &SessionRow) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        row.digest.as_str().into(),
        row.session.as_str().into(),
        row.person.as_str().into(),
        row.made_at.0.into(),
        row.last_used_at.0.into(),
        row.ends_at.0.into(),
        row.fresh_at.0.into(),
        row.means.word().into(),
        row.with_factor.into(),
        row.device.as_str().into(),
        row.network.as_str().into(),
    ];
    tx.run(SESSION_INSERT, &values).map(drop)
}

/// The session with this digest, whether it is over or not.
pub fn session_load(tx: &mut dyn Tx, organization: OrganizationId, digest: &str) -> Result<Option<SessionRow>, Error> {
    tx.one(SESSION_LOAD, &[organization.0.into(), digest.into()])?.as_ref().map(read).transpose()
}

/// A person's sessions, whether over or not, the one that was used last first.
pub fn session_list(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<Vec<SessionRow>, Error> {
    let rows = tx.all(SESSION_LIST, &[organization.0.into(), person.as_str().into()])?;
    let mut rows: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    rows.sort_by(|one, other| (other.last_used_at, &other.digest).cmp(&(one.last_used_at, &one.digest)));
    Ok(rows)
}

/// Records that a session was used.
pub fn session_used(tx: &mut dyn Tx, organization: OrganizationId, digest: &str, at: Instant) -> Result<(), Error> {
    tx.run(SESSION_USED, &[organization.0.into(), digest.into(), at.0.into()]).map(drop)
}

/// Ends a session; `false` when there was none.
pub fn session_delete(tx: &mut dyn Tx, organization: OrganizationId, digest: &str) -> Result<bool, Error> {
    Ok(tx.run(SESSION_DELETE, &[organization.0.into(), digest.into()])? == 1)
}

/// Ends the session of a person that has this id; `false` when there was none.
pub fn session_delete_named(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    person: &RefId,
    session: &RefId,
) -> Result<bool, Error> {
    let values = [organization.0.into(), person.as_str().into(), session.as_str().into()];
    Ok(tx.run(SESSION_DELETE_NAMED, &values)? == 1)
}

/// Ends all sessions of a person but the one with this digest; all of them where it is empty. How many.
pub fn session_delete_others(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    person: &RefId,
    digest: &str,
) -> Result<u64, Error> {
    tx.run(SESSION_DELETE_OTHERS, &[organization.0.into(), person.as_str().into(), digest.into()])
}

/// Forgets sessions whose time is over, so many at most; how many.
pub fn session_forget(tx: &mut dyn Tx, organization: OrganizationId, now: Instant, most: u32) -> Result<u64, Error> {
    tx.run(SESSION_FORGET, &[organization.0.into(), now.0.into(), most.into()])
}

/// When each person who has a session used one last.
pub fn session_last_uses(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<(RefId, Instant)>, Error> {
    let rows = tx.all(SESSION_LAST_USES, &[organization.0.into()])?;
    rows.iter().map(|row| Ok((row.text(0)?.into(), Instant(row.integer(1)?)))).collect()
}

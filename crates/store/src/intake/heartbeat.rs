//! Heartbeats: when each was heard of, and when it counts as silent. A run with an id of its own is a row beside.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::{Instant, OrganizationId, RefId};

statements! {
    HEARTBEAT_LOAD = "select ref_id, state, heard_at, due_at, body from heartbeat
        where organization_id = $1 and ref_id = $2";
    HEARTBEAT_LIST = "select ref_id, state, heard_at, due_at, body from heartbeat where organization_id = $1";
    HEARTBEAT_SAVE = "insert into heartbeat (organization_id, ref_id, state, heard_at, due_at, body)
        values ($1, $2, $3, $4, $5, $6) on conflict (organization_id, ref_id) do update set state = excluded.state,
        heard_at = excluded.heard_at, due_at = excluded.due_at, body = excluded.body";
    HEARTBEAT_DUE_WHERE = "select organization_id from heartbeat
        where due_at is not null and due_at <= $1 group by organization_id order by min(due_at)";
    /// The plus keeps both planners from walking the whole organization instead of the few that are due.
    HEARTBEAT_DUE = "select ref_id, state, heard_at, due_at, body from heartbeat
        where +organization_id = $1 and due_at is not null and due_at <= $2 order by due_at, ref_id limit $3";
    HEARTBEAT_DELETE = "delete from heartbeat where organization_id = $1 and ref_id = $2";
}

/// A heartbeat that was heard of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeartbeatRow {
    /// Which one.
    pub ref_id: RefId,
    /// Its run with an id of its own, of which this tells; `None` where it tells of the heartbeat itself.
    pub run: Option<String>,
    /// `new`, `up`, `started` or `down`.
    pub state: String,
    /// When it was heard of last.
    pub heard_at: Instant,
    /// When it counts as silent.
    pub due_at: Option<Instant>,
    /// What it said last.
    pub body: String,
}

/// What stands for a heartbeat, or for a run of it: no id of a component has a colon.
fn written(ref_id: &RefId, run: Option<&str>) -> String {
    run.map_or_else(|| ref_id.to_string(), |run| format!("{ref_id}:{run}"))
}

fn read(row: &Row) -> Result<HeartbeatRow, Error> {
    let (ref_id, run) = row.text(0)?.split_once(':').map_or((row.text(0)?, None), |(id, run)| (id, Some(run)));
    Ok(HeartbeatRow {
        ref_id: ref_id.into(),
        run: run.map(str::to_owned),
        state: row.text(1)?.to_owned(),
        heard_at: Instant(row.integer(2)?),
        due_at: row.optional_integer(3)?.map(Instant),
        body: row.text(4)?.to_owned(),
    })
}

/// The heartbeat with this id, if it was ever heard of.
pub fn heartbeat_load(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    ref_id: &RefId,
) -> Result<Option<HeartbeatRow>, Error> {
    tx.one(HEARTBEAT_LOAD, &[organization.0.into(), ref_id.as_str().into()])?.as_ref().map(read).transpose()
}

/// All heartbeats of an organization that were ever heard of, and the runs that go on.
pub fn heartbeat_list(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<HeartbeatRow>, Error> {
    tx.all(HEARTBEAT_LIST, &[organization.0.into()])?.iter().map(read).collect()
}

/// Keeps how a heartbeat stands.
pub fn heartbeat_save(tx: &mut dyn Tx, organization: OrganizationId, row: &HeartbeatRow) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        written(&row.ref_id, row.run.as_deref()).into(),
        row.state.as_str().into(),
        row.heard_at.0.into(),
        row.due_at.map(|at| at.0).into(),
        row.body.as_str().into(),
    ];
    tx.run(HEARTBEAT_SAVE, &values).map(drop)
}

/// Organizations with heartbeats that count as silent, the longest first.
pub fn heartbeat_due_where(tx: &mut dyn Tx, now: Instant) -> Result<Vec<OrganizationId>, Error> {
    tx.all(HEARTBEAT_DUE_WHERE, &[now.0.into()])?.iter().map(|row| Ok(OrganizationId(row.integer(0)?))).collect()
}

/// Heartbeats and runs that count as silent, the longest first, at most so many.
pub fn heartbeat_due(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    now: Instant,
    most: u32,
) -> Result<Vec<HeartbeatRow>, Error> {
    let rows = tx.all(HEARTBEAT_DUE, &[organization.0.into(), now.0.into(), i64::from(most).into()])?;
    rows.iter().map(read).collect()
}

/// A heartbeat is gone, or a run of it has ended; whether there was one.
pub fn heartbeat_delete(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    ref_id: &RefId,
    run: Option<&str>,
) -> Result<bool, Error> {
    Ok(tx.run(HEARTBEAT_DELETE, &[organization.0.into(), written(ref_id, run).into()])? > 0)
}

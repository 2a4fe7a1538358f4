//! Problems: what is known of what senders speak of.

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::intake::Problem;
use domain::{InstanceId, Instant, OrganizationId, RefId, Urgency};

statements! {
    PROBLEM_LOAD = "select instance_id, alert_ref_id, is_over, urgency, said_at, heard_at, delivery, last_alert_id
        from problem where organization_id = $1 and digest = $2";
    PROBLEM_INSERT = "insert into problem (organization_id, digest, instance_id, alert_ref_id, is_over, urgency, said_at,
        heard_at, delivery, last_alert_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    PROBLEM_UPDATE = "update problem set instance_id = $3, alert_ref_id = $4, is_over = $5, urgency = $6, said_at = $7,
        heard_at = $8, delivery = $9, last_alert_id = $10 where organization_id = $1 and digest = $2";
    PROBLEM_STILL_OPEN = "select digest from problem
        where organization_id = $1 and instance_id = $2 and is_over = false limit 1";
    PROBLEM_COUNT_OPEN = "select count(*) from problem
        where organization_id = $1 and instance_id = $2 and is_over = false";
    PROBLEM_MOVE_ALL = "update problem set instance_id = $3 where organization_id = $1 and instance_id = $2";
    PROBLEM_MOVE = "update problem set instance_id = $4
        where organization_id = $1 and instance_id = $2 and alert_ref_id = $3";
    PROBLEM_FORGET = "delete from problem where organization_id = $1 and digest in (select digest from problem
        where organization_id = $1 and is_over and heard_at < $2 order by heard_at limit $3)";
}

/// What is known of a problem.
pub fn problem_load(tx: &mut dyn Tx, organization: OrganizationId, digest: &str) -> Result<Option<Problem>, Error> {
    let Some(row) = tx.one(PROBLEM_LOAD, &[organization.0.into(), digest.into()])? else { return Ok(None) };
    let urgency = Urgency::try_from(row.integer(3)?);
    Ok(Some(Problem {
        instance_id: row.optional_integer(0)?.map(InstanceId),
        alert: row.optional_text(1)?.map(RefId::from),
        is_over: row.boolean(2)?,
        urgency: urgency.map_err(|_| Error::Corrupt("a problem has a wrong urgency".to_owned()))?,
        said_at: row.optional_integer(4)?.map(Instant),
        heard_at: Instant(row.integer(5)?),
        delivery: row.text(6)?.to_owned(),
        last_alert: row.text(7)?.into(),
    }))
}

/// Keeps what is known of a problem; `is_new` where nothing was.
pub fn problem_save(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    digest: &str,
    problem: &Problem,
    is_new: bool,
) -> Result<(), Error> {
    let values = vec![
        organization.0.into(),
        digest.into(),
        problem.instance_id.map(|id| id.0).into(),
        problem.alert.as_ref().map(RefId::as_str).into(),
        problem.is_over.into(),
        problem.urgency.number().into(),
        problem.said_at.map(|at| at.0).into(),
        problem.heard_at.0.into(),
        problem.delivery.as_str().into(),
        problem.last_alert.as_str().into(),
    ];
    tx.queue(if is_new { PROBLEM_INSERT } else { PROBLEM_UPDATE }, values)
}

/// Whether a problem of this incident is open.
pub fn problem_still_open(tx: &mut dyn Tx, organization: OrganizationId, id: InstanceId) -> Result<bool, Error> {
    Ok(tx.one(PROBLEM_STILL_OPEN, &[organization.0.into(), id.0.into()])?.is_some())
}

/// How many problems of this incident are open.
pub fn problem_count_open(tx: &mut dyn Tx, organization: OrganizationId, id: InstanceId) -> Result<i64, Error> {
    let row = tx.one(PROBLEM_COUNT_OPEN, &[organization.0.into(), id.0.into()])?;
    row.map_or(Ok(0), |row| row.integer(0))
}

/// All problems of `from` are `to`'s.
pub fn problem_move_all(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    from: InstanceId,
    to: InstanceId,
) -> Result<(), Error> {
    tx.run(PROBLEM_MOVE_ALL, &[organization.0.into(), from.0.into(), to.0.into()]).map(drop)
}

/// The problem whose alert leaves `from` goes with it to `to`.
pub fn problem_move(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    from: InstanceId,
    alert: &RefId,
    to: InstanceId,
) -> Result<(), Error> {
    tx.run(PROBLEM_MOVE, &[organization.0.into(), from.0.into(), alert.as_str().into(), to.0.into()]).map(drop)
}

/// Forgets problems that are over and were not heard of since `before`, at most so many; how many.
pub fn problem_forget(tx: &mut dyn Tx, organization: OrganizationId, before: Instant, most: u32) -> Result<u64, Error> {
    tx.run(PROBLEM_FORGET, &[organization.0.into(), before.0.into(), i64::from(most).into()])
}

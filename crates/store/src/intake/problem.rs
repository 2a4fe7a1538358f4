//! Problems: what is known of what senders speak of.

use crate::seam::statement::statements;
use crate::{Error, Tx, Value};
use domain::intake::{Flaps, Problem};
use domain::{InstanceId, Instant, OrganizationId, RefId, Urgency};
use std::collections::BTreeSet;

statements! {
    PROBLEM_LOAD = "select integration_ref_id, instance_id, alert_ref_id, is_over, urgency, said_at, heard_at, delivery,
        last_alert_id, flaps, due_at, waiting, ended_here_at from problem where organization_id = $1 and digest = $2";
    /// Digest by digest, and counted, as dedup keys are asked for.
    PROBLEM_KNOWN = "with wanted(digest) as (values ($2), ($3), ($4), ($5), ($6), ($7), ($8), ($9), ($10), ($11), ($12),
            ($13), ($14), ($15), ($16), ($17))
        select w.digest from wanted w where (select count(*) from problem p where p.organization_id = $1
            and p.digest = w.digest) > 0";
    PROBLEM_INSERT = "insert into problem (organization_id, digest, instance_id, alert_ref_id, is_over, urgency, said_at,
        heard_at, delivery, last_alert_id, flaps, due_at, integration_ref_id,
        waiting, ended_here_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    PROBLEM_UPDATE = "update problem set instance_id = $3, alert_ref_id = $4, is_over = $5, urgency = $6, said_at = $7,
        heard_at = $8, delivery = $9, last_alert_id = $10, flaps = $11, due_at = $12, waiting = $14, ended_here_at = $15
        where organization_id = $1 and digest = $2 and integration_ref_id = $13";
    PROBLEM_DUE_WHERE = "select organization_id from problem
        where due_at is not null and due_at <= $1 group by organization_id order by min(due_at)";
    /// The plus keeps both planners from walking the whole organization instead of the few that are due.
    PROBLEM_DUE = "select digest from problem where +organization_id = $1 and due_at is not null and due_at <= $2
        order by due_at, digest limit $3";
    PROBLEM_HURRY_WAITING = "update problem set due_at = $2
        where organization_id = $1 and due_at is not null and due_at > $2 and waiting is not null";
    PROBLEM_PUT_OFF = "update problem set due_at = $3 where organization_id = $1 and digest = $2";
    PROBLEM_OPEN = "select digest from problem
        where organization_id = $1 and instance_id = $2 and is_over = false limit $3";
    PROBLEM_MOVE_ALL = "update problem set instance_id = $3 where organization_id = $1 and instance_id = $2";
    PROBLEM_MOVE = "update problem set instance_id = $4
        where organization_id = $1 and instance_id = $2 and alert_ref_id = $3";
    PROBLEM_FORGET = "delete from problem where organization_id = $1 and digest in (select digest from problem
        where organization_id = $1 and is_over and heard_at < $2 order by heard_at limit $3)";
    /// Its fates lead to what nobody called over: each problem has one, and those of an unresolved incident stay.
    PROBLEM_FORGET_WITH_FATES = "delete from problem where organization_id = $1 and heard_at < $2
        and (waiting is null or due_at is null) and digest in (select f.digest from fate f
            where f.organization_id = $1 and f.received_at < $2 and not exists (select 1 from incident i
                where i.organization_id = f.organization_id and i.instance_id = f.instance_id and i.status <> 'RESOLVED')
            order by f.received_at, f.alert_id limit $3)
        and not exists (select 1 from incident i where i.organization_id = problem.organization_id
            and i.instance_id = problem.instance_id and i.status <> 'RESOLVED')";
}

/// How many digests one statement asks for.
const DIGESTS_AT_ONCE: usize = 16;

/// Of these digests, those of problems of which nothing is known.
pub fn problem_unknown(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    digests: &[&str],
) -> Result<BTreeSet<String>, Error> {
    let mut unknown: BTreeSet<String> = digests.iter().map(|digest| (*digest).to_owned()).collect();
    for digests in digests.chunks(DIGESTS_AT_ONCE) {
        // Fewer digests are filled up with the last, so that there is one statement to prepare.
        let filled = (0..DIGESTS_AT_ONCE).map(|place| digests[place.min(digests.len() - 1)].into());
        let values: Vec<Value> = std::iter::once(organization.0.into()).chain(filled).collect();
        for row in tx.all(PROBLEM_KNOWN, &values)? {
            unknown.remove(row.text(0)?);
        }
    }
    Ok(unknown)
}

/// What is known of a problem.
pub fn problem_load(tx: &mut dyn Tx, organization: OrganizationId, digest: &str) -> Result<Option<Problem>, Error> {
    let Some(row) = tx.one(PROBLEM_LOAD, &[organization.0.into(), digest.into()])? else { return Ok(None) };
    let urgency = Urgency::try_from(row.integer(4)?);
    let corrupt = |what: &str| Error::Corrupt(format!("a problem has a wrong {what}"));
    let flaps = row.optional_text(9)?.map(serde_json::from_str).transpose();
    let waiting = row.optional_text(11)?.map(serde_json::from_str).transpose();
    Ok(Some(Problem {
        integration: row.text(0)?.into(),
        instance_id: row.optional_integer(1)?.map(InstanceId),
        alert: row.optional_text(2)?.map(RefId::from),
        is_over: row.boolean(3)?,
        urgency: urgency.map_err(|_| corrupt("urgency"))?,
        said_at: row.optional_integer(5)?.map(Instant),
        heard_at: Instant(row.integer(6)?),
        delivery: row.text(7)?.to_owned(),
        last_alert: row.text(8)?.into(),
        flaps: flaps.map_err(|_| corrupt("history"))?.unwrap_or_default(),
        due_at: row.optional_integer(10)?.map(Instant),
        waiting: waiting.map_err(|_| corrupt("alert that waits"))?,
        ended_here_at: row.optional_integer(12)?.map(Instant),
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
    // Most never came and went.
    let flaps = (problem.flaps != Flaps::default()).then(|| serde_json::to_string(&problem.flaps)).transpose();
    let flaps = flaps.map_err(|error| Error::Statement(error.to_string()))?;
    let waiting = problem.waiting.as_ref().map(serde_json::to_string).transpose();
    let waiting = waiting.map_err(|error| Error::Statement(error.to_string()))?;
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
        flaps.into(),
        problem.due_at.map(|at| at.0).into(),
        problem.integration.as_str().into(),
        waiting.into(),
        problem.ended_here_at.map(|at| at.0).into(),
    ];
    tx.queue(if is_new { PROBLEM_INSERT } else { PROBLEM_UPDATE }, values)
}

/// Organizations with problems that are to be looked at again, the longest waiting first.
pub fn problem_due_where(tx: &mut dyn Tx, now: Instant) -> Result<Vec<OrganizationId>, Error> {
    tx.all(PROBLEM_DUE_WHERE, &[now.0.into()])?.iter().map(|row| Ok(OrganizationId(row.integer(0)?))).collect()
}

/// Digests of problems that are to be looked at again, the longest waiting first, at most so many.
pub fn problem_due(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    now: Instant,
    most: u32,
) -> Result<Vec<String>, Error> {
    let rows = tx.all(PROBLEM_DUE, &[organization.0.into(), now.0.into(), i64::from(most).into()])?;
    rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}

/// All that waits to open an incident is looked at anew.
pub fn problem_hurry_waiting(tx: &mut dyn Tx, organization: OrganizationId, now: Instant) -> Result<(), Error> {
    tx.run(PROBLEM_HURRY_WAITING, &[organization.0.into(), now.0.into()]).map(drop)
}

/// A problem that cannot be looked at waits until `at`.
pub fn problem_put_off(tx: &mut dyn Tx, organization: OrganizationId, digest: &str, at: Instant) -> Result<(), Error> {
    tx.run(PROBLEM_PUT_OFF, &[organization.0.into(), digest.into(), at.0.into()]).map(drop)
}

/// How many problems of this incident are open; so many at most are counted.
pub fn problem_count_open(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    most: u32,
) -> Result<u32, Error> {
    let rows = tx.all(PROBLEM_OPEN, &[organization.0.into(), id.0.into(), i64::from(most).into()])?;
    Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
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

/// Forgets problems that were not heard of since `before`, whether they are over or not, with the first `most` fates from
/// before then: to be called before [`super::fate::fate_forget`] with the same. Neither what waits to open an incident nor
/// anything of an unresolved incident is forgotten.
pub fn problem_forget_with_fates(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    before: Instant,
    most: u32,
) -> Result<u64, Error> {
    tx.run(PROBLEM_FORGET_WITH_FATES, &[organization.0.into(), before.0.into(), i64::from(most).into()])
}

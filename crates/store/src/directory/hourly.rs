//! What may be done only so often in an hour, counted for all nodes: it belongs to no organization.

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::Instant;

/// No organization has this number.
const NOBODYS: i64 = 0;
const HOUR_MINUTES: u32 = 60;

statements! {
    HOURLY_LOAD = "select times from hourly_count where organization_id = $1 and subject = $2 and since > $3";
    HOURLY_ADD = "insert into hourly_count (organization_id, subject, since, times) values ($1, $2, $3, 1)
        on conflict (organization_id, subject) do update set
        times = case when hourly_count.since > $4 then hourly_count.times + 1 else 1 end,
        since = case when hourly_count.since > $4 then hourly_count.since else excluded.since end";
    HOURLY_FORGET = "delete from hourly_count where (organization_id, subject) in
        (select organization_id, subject from hourly_count where since <= $1 order by since limit 1000)";
}

fn hour_ago(now: Instant) -> Instant {
    now.plus_micros(-i64::from(HOUR_MINUTES) * 60_000_000)
}

/// How often `subject` was counted in the hour that began with the first time; 0 when that hour is over.
pub fn hourly_count(tx: &mut dyn Tx, subject: &str, now: Instant) -> Result<u32, Error> {
    let row = tx.one(HOURLY_LOAD, &[NOBODYS.into(), subject.into(), hour_ago(now).0.into()])?;
    let Some(row) = row else { return Ok(0) };
    u32::try_from(row.integer(0)?).map_err(|error| Error::Corrupt(format!("an hourly count: {error}")))
}

/// Counts `subject` once more.
pub fn hourly_add(tx: &mut dyn Tx, subject: &str, now: Instant) -> Result<(), Error> {
    tx.run(HOURLY_ADD, &[NOBODYS.into(), subject.into(), now.0.into(), hour_ago(now).0.into()]).map(drop)
}

/// Forgets counts whose hour is over, a thousand at most.
pub fn hourly_forget(tx: &mut dyn Tx, now: Instant) -> Result<(), Error> {
    tx.run(HOURLY_FORGET, &[hour_ago(now).0.into()]).map(drop)
}

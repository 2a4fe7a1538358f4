//! Pulses: what changed in an organization while some node shows its pages as they change. Whoever changes something holds the
//! organization, so that numbers commit in their order and `number > last` misses nothing.

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::{InstanceId, Instant, OrganizationId};
use std::ops::RangeInclusive;

/// Pulses forgotten in one transaction.
const FORGOTTEN_AT_ONCE: u32 = 1000;

/// Nobody's numbers: the log of messages of whatever incidents changed; something came in.
const MESSAGES: InstanceId = InstanceId(0);
const INTAKE: InstanceId = InstanceId(-1);

statements! {
    PULSE_WATCH = "update incident_counter set watched_until = $2 where organization_id = $1 and watched_until < $2";
    PULSE_STATE = "select c.last_pulse, o.version from incident_counter c
        join organization o on o.organization_id = c.organization_id where c.organization_id = $1";
    PULSE_LAST = "update incident_counter set last_pulse = $2 where organization_id = $1";
    PULSE_INSERT = "insert into pulse (organization_id, number, made_at, instance_id) values ($1, $2, $3, $4)";
    PULSE_LIST = "select number, instance_id from pulse where organization_id = $1 and number > $2 order by number limit $3";
    PULSE_FORGET = "delete from pulse where organization_id = $1 and number in
        (select number from pulse where organization_id = $1 and made_at < $2 order by made_at limit $3)";
}

/// What changed last in an organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PulseState {
    /// The number of the last pulse.
    pub last: i64,
    /// The version of its directory.
    pub version: i64,
}

/// What changed in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pulse {
    /// An incident, or what it sent.
    Incident(InstanceId),
    /// What incidents sent, whichever they are.
    Messages,
    /// Something came from a monitoring tool or a job.
    Intake,
}

/// Says that some node shows the organization's pages as they change, until then. Pulses from before `since` are forgotten, some
/// at a time.
pub fn pulse_watch(tx: &mut dyn Tx, organization: OrganizationId, until: Instant, since: Instant) -> Result<(), Error> {
    tx.run(PULSE_WATCH, &[organization.0.into(), until.0.into()])?;
    tx.run(PULSE_FORGET, &[organization.0.into(), since.0.into(), FORGOTTEN_AT_ONCE.into()]).map(drop)
}

/// What changed last; `None` where there is no such organization.
pub fn pulse_state(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Option<PulseState>, Error> {
    let row = tx.one(PULSE_STATE, &[organization.0.into()])?;
    row.map(|row| Ok(PulseState { last: row.integer(0)?, version: row.integer(1)? })).transpose()
}

/// Notes what changed, after the pulse of the number `last`, while the organization is held; under which numbers. Waits like every row that is queued
/// ([`Tx::queue`]).
pub fn pulse_add(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    last: i64,
    pulses: &[Pulse],
    now: Instant,
) -> Result<RangeInclusive<i64>, Error> {
    let mut number = last;
    for pulse in pulses {
        number += 1;
        let incident = match pulse {
            Pulse::Incident(id) => *id,
            Pulse::Messages => MESSAGES,
            Pulse::Intake => INTAKE,
        };
        tx.queue(PULSE_INSERT, vec![organization.0.into(), number.into(), now.0.into(), incident.0.into()])?;
    }
    tx.queue(PULSE_LAST, vec![organization.0.into(), number.into()])?;
    Ok(last + 1..=number)
}

/// What changed after the pulse of this number, with the numbers, ascending, at most so many.
pub fn pulse_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    after: i64,
    limit: u32,
) -> Result<Vec<(i64, Pulse)>, Error> {
    let rows = tx.all(PULSE_LIST, &[organization.0.into(), after.into(), limit.into()])?;
    let read = |row: &crate::Row| {
        let pulse = match InstanceId(row.integer(1)?) {
            MESSAGES => Pulse::Messages,
            INTAKE => Pulse::Intake,
            incident => Pulse::Incident(incident),
        };
        Ok((row.integer(0)?, pulse))
    };
    rows.iter().map(read).collect()
}

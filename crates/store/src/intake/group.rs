//! Groups of alerts, and how many alerts come.

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::intake::{Group, Since, Storm};
use domain::{InstanceId, Instant, OrganizationId};

statements! {
    GROUP_LOAD = "select instance_id, members, began_at, last_at, said_at, unsaid, since_round, since_alerts,
        since_at from alert_group
        where organization_id = $1 and digest = $2";
    GROUP_SAVE = "insert into alert_group (organization_id, digest, instance_id, members, began_at, last_at, said_at, unsaid,
        since_round, since_alerts, since_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (organization_id, digest) do update set
        instance_id = excluded.instance_id, members = excluded.members, began_at = excluded.began_at,
        last_at = excluded.last_at, said_at = excluded.said_at, unsaid = excluded.unsaid,
        since_round = excluded.since_round, since_alerts = excluded.since_alerts, since_at = excluded.since_at";
    GROUP_UNSAID = "select digest from alert_group where organization_id = $1 and last_at > $2 and unsaid > 0
        and said_at <= $3 order by last_at, digest limit $4";
    GROUP_FORGET = "delete from alert_group where organization_id = $1 and digest in (select g.digest from alert_group g
        where g.organization_id = $1 and g.last_at < $2 and not exists (select 1 from incident i
            where i.organization_id = g.organization_id and i.instance_id = g.instance_id and i.status <> 'RESOLVED')
        order by g.last_at limit $3)";
    STORM_LOAD = "select state from storm where organization_id = $1 and subject = $2";
    STORM_SAVE = "insert into storm (organization_id, subject, state, last_at) values ($1, $2, $3, $4)
        on conflict (organization_id, subject) do update set state = excluded.state, last_at = excluded.last_at";
    STORM_FORGET = "delete from storm where organization_id = $1 and subject in (select s.subject from storm s
        where s.organization_id = $1 and s.last_at < $2 order by s.last_at limit $3)";
}

/// The group with this digest.
pub fn group_load(tx: &mut dyn Tx, organization: OrganizationId, digest: &str) -> Result<Option<Group>, Error> {
    let Some(row) = tx.one(GROUP_LOAD, &[organization.0.into(), digest.into()])? else { return Ok(None) };
    let count = |number: i64| u32::try_from(number).map_err(|_| Error::Corrupt("a group has a wrong count".to_owned()));
    Ok(Some(Group {
        instance_id: InstanceId(row.integer(0)?),
        members: count(row.integer(1)?)?,
        began_at: Instant(row.integer(2)?),
        last_at: Instant(row.integer(3)?),
        said_at: Instant(row.integer(4)?),
        unsaid: count(row.integer(5)?)?,
        since: match (row.optional_integer(6)?, row.optional_integer(7)?, row.optional_integer(8)?) {
            (Some(round), Some(alerts), Some(first_at)) => {
                Some(Since { round: count(round)?, alerts: count(alerts)?, first_at: Instant(first_at) })
            }
            _ => None,
        },
    }))
}

/// Keeps a group.
pub fn group_save(tx: &mut dyn Tx, organization: OrganizationId, digest: &str, group: &Group) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        digest.into(),
        group.instance_id.0.into(),
        i64::from(group.members).into(),
        group.began_at.0.into(),
        group.last_at.0.into(),
        group.said_at.0.into(),
        i64::from(group.unsaid).into(),
        group.since.map(|since| i64::from(since.round)).into(),
        group.since.map(|since| i64::from(since.alerts)).into(),
        group.since.map(|since| since.first_at.0).into(),
    ];
    tx.run(GROUP_SAVE, &values).map(drop)
}

/// Groups to which something came after an instant of which their incidents said nothing, and nothing at all since another, at
/// most so many.
pub fn group_unsaid(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (came_after, said_before): (Instant, Instant),
    most: u32,
) -> Result<Vec<String>, Error> {
    let values = [organization.0.into(), came_after.0.into(), said_before.0.into(), i64::from(most).into()];
    tx.all(GROUP_UNSAID, &values)?.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
}

/// Forgets groups of resolved incidents to which nothing came since `before`, at most so many; how many.
pub fn group_forget(tx: &mut dyn Tx, organization: OrganizationId, before: Instant, most: u32) -> Result<u64, Error> {
    tx.run(GROUP_FORGET, &[organization.0.into(), before.0.into(), i64::from(most).into()])
}

/// How many alerts come for a service, an integration or a sender of mail, by its id.
pub fn storm_load(tx: &mut dyn Tx, organization: OrganizationId, subject: &str) -> Result<Storm, Error> {
    let Some(row) = tx.one(STORM_LOAD, &[organization.0.into(), subject.into()])? else { return Ok(Storm::default()) };
    serde_json::from_str(row.text(0)?).map_err(|error| Error::Corrupt(format!("a storm: {error}")))
}

/// Keeps it, with the time of the last alert.
pub fn storm_save(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    subject: &str,
    (storm, last_at): (&Storm, Instant),
) -> Result<(), Error> {
    let state = serde_json::to_string(storm).map_err(|error| Error::Statement(error.to_string()))?;
    tx.run(STORM_SAVE, &[organization.0.into(), subject.into(), state.into(), last_at.0.into()]).map(drop)
}

/// Forgets how many alerts came where the last was before `before`, at most so many; how many.
pub fn storm_forget(tx: &mut dyn Tx, organization: OrganizationId, before: Instant, most: u32) -> Result<u64, Error> {
    tx.run(STORM_FORGET, &[organization.0.into(), before.0.into(), i64::from(most).into()])
}

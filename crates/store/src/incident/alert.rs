//! Alerts: what was received, under the incident it is grouped into.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::alert::{Alert, AlertSource, Grouping};
use domain::{InstanceId, Instant, OrganizationId, RefId, Urgency};

statements! {
    ALERT_INSERT = "insert into alert (organization_id, instance_id, ref_id, created_at, grouping_kind, title, text,
        urgency, service_ref_id, addressed_to, integration_name, dedup_key, resolved_at, source)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    ALERT_LIST = "select ref_id, created_at, grouping_kind, title, text, urgency, service_ref_id, addressed_to,
        integration_name, dedup_key, resolved_at, source from alert
        where organization_id = $1 and instance_id = $2";
    ALERT_COUNT = "select count(*) from alert where organization_id = $1 and instance_id = $2";
    ALERT_LOAD = "select ref_id, created_at, grouping_kind, title, text, urgency, service_ref_id, addressed_to,
        integration_name, dedup_key, resolved_at, source from alert
        where organization_id = $1 and instance_id = $2 and ref_id = $3";
    ALERT_RELABEL = "update alert set source = $4 where organization_id = $1 and instance_id = $2 and ref_id = $3";
    ALERT_TEXT = "select text from alert where organization_id = $1 and instance_id = $2 and ref_id = $3";
    ALERT_MOVE_ALL = "update alert set instance_id = $3, grouping_kind = 'GROUPED'
        where organization_id = $1 and instance_id = $2";
    ALERT_MOVE = "update alert set instance_id = $4, grouping_kind = 'TRIGGERED'
        where organization_id = $1 and instance_id = $2 and ref_id = $3";
    ALERT_REGROUP = "update alert set grouping_kind = $4
        where organization_id = $1 and instance_id = $2 and ref_id = $3";
    ALERT_RELEASE_KEY = "update alert set dedup_key = null
        where organization_id = $1 and dedup_key = $2 and resolved_at is null and dedup_key is not null";
    ALERT_REFRESH = "update alert set text = $4, source = $5, resolved_at = null
        where organization_id = $1 and instance_id = $2 and ref_id = $3";
    ALERT_RESOLVE = "update alert set resolved_at = $4
        where organization_id = $1 and instance_id = $2 and ref_id = $3 and resolved_at is null";
    ALERT_STILL_OPEN = "select ref_id from alert
        where organization_id = $1 and instance_id = $2 and resolved_at is null limit 1";
    ALERT_RESOLVE_ALL = "update alert set resolved_at = $3
        where organization_id = $1 and instance_id = $2 and resolved_at is null";
}

/// Stores a new alert of an incident. `Conflict` when an unresolved one has the same dedup key.
pub fn alert_insert(tx: &mut dyn Tx, organization: OrganizationId, id: InstanceId, alert: &Alert) -> Result<(), Error> {
    let addressed_to =
        serde_json::to_string(&alert.addressed_to).map_err(|error| Error::Statement(error.to_string()))?;
    let values = vec![
        organization.0.into(),
        id.0.into(),
        alert.ref_id.as_str().into(),
        alert.created_at.0.into(),
        alert.grouping.word().into(),
        alert.title.as_str().into(),
        alert.text.as_str().into(),
        alert.urgency.number().into(),
        alert.service.as_ref().map(RefId::as_str).into(),
        addressed_to.into(),
        alert.integration_name.as_deref().into(),
        alert.dedup_key.as_deref().into(),
        alert.resolved_at.map(|at| at.0).into(),
        alert.source.as_deref().map(written).transpose()?.into(),
    ];
    tx.queue(ALERT_INSERT, values)
}

fn written(source: &AlertSource) -> Result<String, Error> {
    serde_json::to_string(source).map_err(|error| Error::Statement(error.to_string()))
}

fn read(row: &Row) -> Result<Alert, Error> {
    let corrupt = |what: &str| Error::Corrupt(format!("an alert has a wrong {what}"));
    let grouping = match row.text(2)? {
        "TRIGGERED" => Grouping::Triggered,
        "GROUPED" => Grouping::Grouped,
        _ => return Err(corrupt("grouping")),
    };
    Ok(Alert {
        ref_id: row.text(0)?.into(),
        created_at: Instant(row.integer(1)?),
        grouping,
        title: row.text(3)?.to_owned(),
        text: row.text(4)?.to_owned(),
        urgency: Urgency::try_from(row.integer(5)?).map_err(|_| corrupt("urgency"))?,
        service: row.optional_text(6)?.map(RefId::from),
        addressed_to: serde_json::from_str(row.text(7)?).map_err(|_| corrupt("address"))?,
        integration_name: row.optional_text(8)?.map(str::to_owned),
        dedup_key: row.optional_text(9)?.map(str::to_owned),
        resolved_at: row.optional_integer(10)?.map(Instant),
        source: row.optional_text(11)?.map(serde_json::from_str).transpose().map_err(|_| corrupt("source"))?,
    })
}

/// All alerts of an incident, oldest first, then by id.
pub fn alert_list(tx: &mut dyn Tx, organization: OrganizationId, id: InstanceId) -> Result<Vec<Alert>, Error> {
    let rows = tx.all(ALERT_LIST, &[organization.0.into(), id.0.into()])?;
    let mut alerts: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    // Not in the statement: PostgreSQL orders text by the language of the database.
    alerts.sort_by(|left, right| (left.created_at, &left.ref_id).cmp(&(right.created_at, &right.ref_id)));
    Ok(alerts)
}

/// How many alerts an incident has.
pub fn alert_count(tx: &mut dyn Tx, organization: OrganizationId, id: InstanceId) -> Result<u64, Error> {
    let row = tx.one(ALERT_COUNT, &[organization.0.into(), id.0.into()])?;
    let count = row.map_or(Ok(0), |row| row.integer(0))?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// One alert of an incident; `None` when it is not in it, or no longer.
pub fn alert_load(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    alert: &RefId,
) -> Result<Option<Alert>, Error> {
    let values = [organization.0.into(), id.0.into(), alert.as_str().into()];
    tx.one(ALERT_LOAD, &values)?.as_ref().map(read).transpose()
}

/// The sender of an alert tells other things beside its title and text.
pub fn alert_relabel(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    alert: &RefId,
    source: &AlertSource,
) -> Result<(), Error> {
    let owner = [organization.0.into(), id.0.into(), alert.as_str().into()];
    tx.queue(ALERT_RELABEL, owner.into_iter().chain([written(source)?.into()]).collect())
}

/// The text of one alert of an incident; `None` when the alert is not in it, or no longer.
pub fn alert_text(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    alert: &RefId,
) -> Result<Option<String>, Error> {
    let row = tx.one(ALERT_TEXT, &[organization.0.into(), id.0.into(), alert.as_str().into()])?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// All alerts of `from` go to `to`, grouped.
pub fn alert_move_all(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    from: InstanceId,
    to: InstanceId,
) -> Result<(), Error> {
    tx.run(ALERT_MOVE_ALL, &[organization.0.into(), from.0.into(), to.0.into()]).map(drop)
}

/// One alert goes to the incident that begins with it.
pub fn alert_move(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    from: InstanceId,
    alert: &RefId,
    to: InstanceId,
) -> Result<(), Error> {
    tx.run(ALERT_MOVE, &[organization.0.into(), from.0.into(), alert.as_str().into(), to.0.into()]).map(drop)
}

/// One alert stands differently in its incident.
pub fn alert_regroup(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    alert: &RefId,
    grouping: Grouping,
) -> Result<(), Error> {
    let values = [organization.0.into(), id.0.into(), alert.as_str().into(), grouping.word().into()];
    tx.run(ALERT_REGROUP, &values).map(drop)
}

/// The unresolved alert with this dedup key gives it up.
pub fn alert_release_key(tx: &mut dyn Tx, organization: OrganizationId, key: &str) -> Result<(), Error> {
    tx.run(ALERT_RELEASE_KEY, &[organization.0.into(), key.into()]).map(drop)
}

/// An alert of an incident is there, be it again, and its sender tells more of it.
pub fn alert_refresh(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    alert: &RefId,
    (text, source): (&str, &AlertSource),
) -> Result<(), Error> {
    let owner = [organization.0.into(), id.0.into(), alert.as_str().into()];
    tx.queue(ALERT_REFRESH, owner.into_iter().chain([text.into(), written(source)?.into()]).collect())
}

/// One alert of an incident is over.
pub fn alert_resolve(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    alert: &RefId,
    at: Instant,
) -> Result<(), Error> {
    tx.queue(ALERT_RESOLVE, vec![organization.0.into(), id.0.into(), alert.as_str().into(), at.0.into()])
}

/// Whether an alert of this incident is not over.
pub fn alert_still_open(tx: &mut dyn Tx, organization: OrganizationId, id: InstanceId) -> Result<bool, Error> {
    Ok(tx.one(ALERT_STILL_OPEN, &[organization.0.into(), id.0.into()])?.is_some())
}

/// All alerts of an incident are resolved, and their dedup keys free again.
pub fn alert_resolve_all(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    at: Instant,
) -> Result<(), Error> {
    tx.run(ALERT_RESOLVE_ALL, &[organization.0.into(), id.0.into(), at.0.into()]).map(drop)
}

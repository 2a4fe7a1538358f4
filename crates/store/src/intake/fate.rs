//! Fates: what became of each accepted alert.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::intake::{AlertFate, Fate, Judged};
use domain::{InstanceId, Instant, OrganizationId, RefId};

statements! {
    FATE_INSERT = "insert into fate (organization_id, alert_id, received_at, integration_ref_id, digest, fate, because,
        instance_id, body) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    FATE_CHANGE = "update fate set fate = $3, because = $4, instance_id = $5, fate_at = $6
        where organization_id = $1 and alert_id = $2";
    FATE_LOAD = "select alert_id, received_at, integration_ref_id, digest, fate, because, instance_id, body,
        fate_at from fate
        where organization_id = $1 and alert_id = $2";
    FATE_LIST = "select alert_id, received_at, integration_ref_id, digest, fate, because, instance_id, body,
        fate_at from fate
        where organization_id = $1 and received_at >= $2 and received_at <= $3
        and (received_at < $4 or alert_id < $5) and ($7 = '' or fate = $7) order by received_at desc, alert_id desc limit $6";
    FATE_LIST_OF_INTEGRATION = "select alert_id, received_at, integration_ref_id, digest, fate, because, instance_id, body,
        fate_at from fate where organization_id = $1 and integration_ref_id = $8 and received_at >= $2 and received_at <= $3
        and (received_at < $4 or alert_id < $5) and ($7 = '' or fate = $7) order by received_at desc, alert_id desc limit $6";
    FATE_LIST_OF_INCIDENT = "select alert_id, received_at, integration_ref_id, digest, fate, because, instance_id, body,
        fate_at from fate where organization_id = $1 and instance_id = $8 and received_at >= $2 and received_at <= $3
        and (received_at < $4 or alert_id < $5) and ($7 = '' or fate = $7) order by received_at desc, alert_id desc limit $6";
    FATE_LIST_OF_PROBLEM = "select alert_id, received_at, integration_ref_id, digest, fate, because, instance_id, body,
        fate_at from fate where organization_id = $1 and integration_ref_id = $8 and digest = $9 and received_at >= $2 and received_at <= $3
        and (received_at < $4 or alert_id < $5) and ($7 = '' or fate = $7) order by received_at desc, alert_id desc limit $6";
    FATE_LIST_OF_SERVICE = "select alert_id, received_at, integration_ref_id, digest, fate, because, instance_id, body,
        fate_at from fate where organization_id = $1 and received_at >= $2 and received_at <= $3
        and (received_at < $4 or alert_id < $5) and ($7 = '' or fate = $7)
        and exists (select 1 from incident i where i.organization_id = fate.organization_id
            and i.instance_id = fate.instance_id and i.service_ref_id = $8)
        order by received_at desc, alert_id desc limit $6";
    FATE_LIST_WITHOUT_INCIDENT = "select alert_id, received_at, integration_ref_id, digest, fate, because, instance_id, body,
        fate_at from fate where organization_id = $1 and integration_ref_id = $8 and received_at >= $2 and received_at <= $3
        and (received_at < $4 or alert_id < $5) and ($7 = '' or fate = $7) and instance_id is null
        order by received_at desc, alert_id desc limit $6";
    FATE_INCIDENT_SERVICE = "select service_ref_id from incident where organization_id = $1 and instance_id = $2";
    FATE_LATEST = "select received_at, fate, because, instance_id from fate
        where organization_id = $1 and received_at >= $2 order by received_at desc, alert_id desc limit $3";
    FATE_FORGET = "delete from fate where organization_id = $1 and alert_id in (select f.alert_id from fate f
        where f.organization_id = $1 and f.received_at < $2 and not exists (select 1 from incident i
            where i.organization_id = f.organization_id and i.instance_id = f.instance_id and i.status <> 'RESOLVED')
        order by f.received_at, f.alert_id limit $3)";
}

/// Which fates are asked for.
#[derive(Clone, Debug)]
pub struct FateFilter {
    /// Those of one of these.
    pub of: FatesOf,
    /// With this word; with any where it is empty.
    pub fate: String,
    /// Not before.
    pub since: Instant,
    /// Not after.
    pub until: Instant,
    /// Those after this one in the order of the list, by its time and id.
    pub after: Option<(Instant, RefId)>,
}

/// Whose fates are asked for.
#[derive(Clone, Debug)]
pub enum FatesOf {
    /// The organization's.
    All,
    /// Those of an integration.
    Integration(RefId),
    /// Those of an incident.
    Incident(InstanceId),
    /// Those of a problem of an integration, by its digest.
    Problem(RefId, String),
    /// Those of the incidents of a service.
    Service(RefId),
    /// Those of an integration that are of no incident.
    WithoutIncident(RefId),
}

/// Keeps the fate of an alert.
pub fn fate_insert(tx: &mut dyn Tx, organization: OrganizationId, fate: &AlertFate) -> Result<(), Error> {
    let values = vec![
        organization.0.into(),
        fate.alert_id.as_str().into(),
        fate.received_at.0.into(),
        fate.integration.as_str().into(),
        fate.problem.as_str().into(),
        fate.judged.fate.word().into(),
        fate.judged.because.as_deref().into(),
        fate.judged.instance_id.map(|id| id.0).into(),
        fate.body.as_str().into(),
    ];
    tx.queue(FATE_INSERT, values)
}

/// An alert that waited has another fate from `at` on.
pub fn fate_change(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    alert: &RefId,
    (judged, at): (&Judged, Instant),
) -> Result<(), Error> {
    let owner = [organization.0.into(), alert.as_str().into()];
    let fate = [judged.fate.word().into(), judged.because.as_deref().into(), judged.instance_id.map(|id| id.0).into()];
    tx.queue(FATE_CHANGE, owner.into_iter().chain(fate).chain([at.0.into()]).collect())
}

/// A fate in three columns from this one on.
fn judged(row: &Row, first: usize) -> Result<Judged, Error> {
    let word = row.text(first)?;
    Ok(Judged {
        fate: Fate::from_word(word).ok_or_else(|| Error::Corrupt(format!("unknown fate `{word}`")))?,
        because: row.optional_text(first + 1)?.map(str::to_owned),
        instance_id: row.optional_integer(first + 2)?.map(InstanceId),
    })
}

fn read(row: &Row) -> Result<AlertFate, Error> {
    let received_at = Instant(row.integer(1)?);
    Ok(AlertFate {
        alert_id: row.text(0)?.into(),
        received_at,
        fate_at: row.optional_integer(8)?.map_or(received_at, Instant),
        integration: row.text(2)?.into(),
        problem: row.text(3)?.to_owned(),
        judged: judged(row, 4)?,
        body: row.text(7)?.to_owned(),
    })
}

/// What became of the newest alerts since an instant, the newest first, at most so many: when each came, and its fate.
pub fn fate_latest(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    since: Instant,
    most: u32,
) -> Result<Vec<(Instant, Judged)>, Error> {
    let rows = tx.all(FATE_LATEST, &[organization.0.into(), since.0.into(), i64::from(most).into()])?;
    rows.iter().map(|row| Ok((Instant(row.integer(0)?), judged(row, 1)?))).collect()
}

/// The fate of this alert.
pub fn fate_load(tx: &mut dyn Tx, organization: OrganizationId, alert: &str) -> Result<Option<AlertFate>, Error> {
    tx.one(FATE_LOAD, &[organization.0.into(), alert.into()])?.as_ref().map(read).transpose()
}

/// The service of an incident, as it stands in the store.
pub fn fate_incident_service(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
) -> Result<Option<RefId>, Error> {
    let Some(row) = tx.one(FATE_INCIDENT_SERVICE, &[organization.0.into(), id.0.into()])? else { return Ok(None) };
    Ok(row.optional_text(0)?.map(RefId::from))
}

/// The fates that a filter lets through, newest first, at most `limit`.
pub fn fate_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    filter: &FateFilter,
    limit: u32,
) -> Result<Vec<AlertFate>, Error> {
    let (until, after) = match &filter.after {
        Some((at, id)) => (filter.until.min(*at), (at.0, id.as_str())),
        None => (filter.until, (i64::MAX, "")),
    };
    let mut values = vec![
        organization.0.into(),
        filter.since.0.into(),
        until.0.into(),
        after.0.into(),
        after.1.into(),
        i64::from(limit).into(),
        filter.fate.as_str().into(),
    ];
    let sql = match &filter.of {
        FatesOf::All => FATE_LIST,
        FatesOf::Integration(id) => {
            values.push(id.as_str().into());
            FATE_LIST_OF_INTEGRATION
        }
        FatesOf::Service(id) => {
            values.push(id.as_str().into());
            FATE_LIST_OF_SERVICE
        }
        FatesOf::WithoutIncident(id) => {
            values.push(id.as_str().into());
            FATE_LIST_WITHOUT_INCIDENT
        }
        FatesOf::Incident(id) => {
            values.push(id.0.into());
            FATE_LIST_OF_INCIDENT
        }
        FatesOf::Problem(integration, digest) => {
            values.push(integration.as_str().into());
            values.push(digest.as_str().into());
            FATE_LIST_OF_PROBLEM
        }
    };
    tx.all(sql, &values)?.iter().map(read).collect()
}

/// Forgets fates from before `before`, unless their incident is not resolved; at most so many; how many.
pub fn fate_forget(tx: &mut dyn Tx, organization: OrganizationId, before: Instant, most: u32) -> Result<u64, Error> {
    tx.run(FATE_FORGET, &[organization.0.into(), before.0.into(), i64::from(most).into()])
}

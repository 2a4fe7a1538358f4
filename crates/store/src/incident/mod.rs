//! Incidents: the state as JSON, beside it the columns that lists and the clock look for. Beside this file: their numbers,
//! alerts, log, lists and words, pulses, and what was answered to requests that may come again.

pub(crate) mod alert;
pub(crate) mod event;
pub(crate) mod idempotency;
pub(crate) mod listing;
pub(crate) mod number;
pub(crate) mod pulse;
pub(crate) mod word;

use crate::seam::statement::statements;
use crate::{Error, Row, Tx, Value};
use domain::incident::{Incident, Status, words};
use domain::{InstanceId, Instant, OrganizationId};
use number::{number_fresh, number_last, number_save};
use std::collections::BTreeSet;
use word::WORD;

statements! {
    pub(crate) INCIDENT_LOAD = "select instance_id, organization_instance_id, version, body from incident
        where organization_id = $1 and instance_id = $2";
    INCIDENT_BY_NUMBER = "select instance_id, organization_instance_id, version, body from incident
        where organization_id = $1 and organization_instance_id = $2";
    INCIDENT_INSERT = "insert into incident
        (organization_id, organization_instance_id, version, status, urgency, service_ref_id, created_at, due_at,
        is_stranded, body, instance_id) values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10)";
    INCIDENT_SAVE = "update incident set version = version + 1, status = $4, urgency = $5, service_ref_id = $6,
        due_at = $7, is_stranded = $8, body = $9 where organization_id = $1 and instance_id = $2 and version = $3";
    INCIDENT_COUNT = "select count(*) from incident where organization_id = $1 and status = $2";
    INCIDENT_COUNT_TO = "select count(*) from (select 1 from incident
        where organization_id = $1 and status = $2 limit $3) counted";
    INCIDENT_BY_KEY = "select i.instance_id, i.organization_instance_id, i.version, i.body from alert a
        join incident i on i.organization_id = a.organization_id and i.instance_id = a.instance_id
        where a.organization_id = $1 and a.dedup_key = $2 and a.resolved_at is null and a.dedup_key is not null";
    /// Key by key, and counted: a list of keys would make SQLite, and `exists` a PostgreSQL that has not yet gathered
    /// statistics, walk all alerts of the organization.
    INCIDENT_TAKEN_KEYS = "with wanted(dedup_key) as (values ($2), ($3), ($4), ($5), ($6), ($7), ($8), ($9), ($10),
            ($11), ($12), ($13), ($14), ($15), ($16), ($17))
        select w.dedup_key from wanted w where (select count(*) from alert a where a.organization_id = $1
            and a.dedup_key = w.dedup_key and a.resolved_at is null and a.dedup_key is not null) > 0";
    /// The plus keeps both planners from walking the whole organization instead of the few that are due.
    INCIDENT_DUE = "select instance_id, due_at from incident
        where +organization_id = $1 and due_at is not null and due_at <= $2 order by due_at, instance_id limit $3";
    INCIDENT_LOAD_DUE = "select instance_id, organization_instance_id, version, body from incident
        where +organization_id = $1 and due_at is not null and due_at <= $2 order by due_at, instance_id limit $3";
    INCIDENT_DUE_WHERE = "select organization_id from incident
        where due_at is not null and due_at <= $1 group by organization_id order by min(due_at)";
    INCIDENT_NEXT_DUE = "select due_at from incident where due_at is not null order by due_at limit 1";
    INCIDENT_STRANDED = "select count(*) from incident where is_stranded";
    INCIDENT_FORGOTTEN = "select instance_id from incident where due_at is null and status <> 'RESOLVED'
        order by organization_id, instance_id limit $1";
    INCIDENT_UNRESOLVED = "select instance_id, organization_instance_id, version, body from incident
        where organization_id = $1 and status in ('OPEN', 'ACKNOWLEDGED') order by +instance_id";
    INCIDENT_QUARANTINE = "update incident set due_at = $3 where organization_id = $1 and instance_id = $2";
    pub(crate) LABEL_INSERT = "insert into incident_label (organization_id, kind, value, instance_id) values ($1, $2, $3, $4)
        on conflict do nothing";
    pub(crate) LABEL_DELETE = "delete from incident_label
        where organization_id = $1 and kind = $2 and value = $3 and instance_id = $4";
}

/// How many keys one statement asks for.
const KEYS_AT_ONCE: usize = 16;

/// Reads `instance_id, organization_instance_id, version, body`; a state that breaks its invariants is `Corrupt`.
pub(crate) fn incident_read(row: &Row) -> Result<Incident, Error> {
    let instance_id = InstanceId(row.integer(0)?);
    let corrupt = |reason: String| Error::Corrupt(format!("incident {instance_id}: {reason}"));
    let mut incident: Incident = serde_json::from_str(row.text(3)?).map_err(|error| corrupt(error.to_string()))?;
    incident.instance_id = instance_id;
    incident.organization_instance_id = row.integer(1)?;
    incident.version = row.integer(2)?;
    if incident.status == Status::Resolved && incident.resolved_at.is_none() {
        return Err(corrupt("resolved, but not known when".to_owned()));
    }
    if incident.level == 0 {
        return Err(corrupt("level 0".to_owned()));
    }
    Ok(incident)
}

/// The incident with this number, if the organization has it.
pub fn incident_load(tx: &mut dyn Tx, organization: OrganizationId, id: InstanceId) -> Result<Option<Incident>, Error> {
    tx.one(INCIDENT_LOAD, &[organization.0.into(), id.0.into()])?.as_ref().map(incident_read).transpose()
}

/// How many incidents of the organization have this status.
pub fn incident_count(tx: &mut dyn Tx, organization: OrganizationId, status: Status) -> Result<u64, Error> {
    let row = tx.one(INCIDENT_COUNT, &[organization.0.into(), status.word().into()])?;
    let count = row.as_ref().map(|row| row.integer(0)).transpose()?.unwrap_or_default();
    Ok(u64::try_from(count).unwrap_or_default())
}

/// How many incidents of the organization have this status, or `most` if more do.
pub(crate) fn incident_count_to(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    status: Status,
    most: u32,
) -> Result<i64, Error> {
    let row = tx.one(INCIDENT_COUNT_TO, &[organization.0.into(), status.word().into(), most.into()])?;
    row.map_or(Ok(0), |row| row.integer(0))
}

/// The incident with this number within the organization.
pub fn incident_by_number(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    number: i64,
) -> Result<Option<Incident>, Error> {
    tx.one(INCIDENT_BY_NUMBER, &[organization.0.into(), number.into()])?.as_ref().map(incident_read).transpose()
}

/// The unresolved incident that alerts with this dedup key are counted on.
pub fn incident_by_key(tx: &mut dyn Tx, organization: OrganizationId, key: &str) -> Result<Option<Incident>, Error> {
    tx.one(INCIDENT_BY_KEY, &[organization.0.into(), key.into()])?.as_ref().map(incident_read).transpose()
}

/// Of these dedup keys, those without an unresolved alert.
pub fn incident_free_keys(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    keys: &[&str],
) -> Result<BTreeSet<String>, Error> {
    let mut free: BTreeSet<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    for keys in keys.chunks(KEYS_AT_ONCE) {
        // Fewer keys are filled up with the last, so that there is one statement to prepare.
        let filled = (0..KEYS_AT_ONCE).map(|place| keys[place.min(keys.len() - 1)].into());
        let values: Vec<Value> = std::iter::once(organization.0.into()).chain(filled).collect();
        for row in tx.all(INCIDENT_TAKEN_KEYS, &values)? {
            free.remove(row.text(0)?);
        }
    }
    Ok(free)
}

fn body(incident: &Incident) -> Result<String, Error> {
    serde_json::to_string(incident).map_err(|error| Error::Statement(error.to_string()))
}

/// Stores a new incident by the numbers it has, or if it has none, by the next ones, and writes them and its version
/// into it. Waits like every row that is queued ([`Tx::queue`]).
pub fn incident_insert(tx: &mut dyn Tx, organization: OrganizationId, incident: &mut Incident) -> Result<(), Error> {
    if incident.instance_id == InstanceId::UNSAVED {
        number(tx, organization, incident)?;
    }
    incident.version = 1;
    let values = vec![
        organization.0.into(),
        incident.organization_instance_id.into(),
        incident.status.word().into(),
        incident.urgency.number().into(),
        incident.service.as_ref().map(|id| id.as_str()).into(),
        incident.created_at.0.into(),
        incident.due_at().map(|at| at.0).into(),
        incident.stranded.into(),
        body(incident)?.into(),
        incident.instance_id.0.into(),
    ];
    tx.queue(INCIDENT_INSERT, values)?;
    for (kind, value) in labels(incident) {
        tx.queue(LABEL_INSERT, label(organization, incident.instance_id, kind, value))?;
    }
    Ok(())
}

fn number(tx: &mut dyn Tx, organization: OrganizationId, incident: &mut Incident) -> Result<(), Error> {
    incident.organization_instance_id = number_last(tx, organization)? + 1;
    number_save(tx, organization, incident.organization_instance_id)?;
    let fresh = number_fresh(tx, 1)?;
    incident.instance_id =
        fresh.first().copied().ok_or_else(|| Error::Corrupt("there is no number for a new incident".to_owned()))?;
    Ok(())
}

/// Stores the state after a step over the version it was loaded with; `Conflict` when another came first, which is told
/// like every failure of what is queued ([`Tx::queue`]). The version that it has from then on.
/// `before` is the state that was loaded: labels are only touched where they changed.
pub fn incident_save(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    before: &Incident,
    incident: &Incident,
) -> Result<i64, Error> {
    let values = vec![
        organization.0.into(),
        incident.instance_id.0.into(),
        incident.version.into(),
        incident.status.word().into(),
        incident.urgency.number().into(),
        incident.service.as_ref().map(|id| id.as_str()).into(),
        incident.due_at().map(|at| at.0).into(),
        incident.stranded.into(),
        body(incident)?.into(),
    ];
    tx.queue_for_one(INCIDENT_SAVE, values)?;
    let (old, new) = (labels(before), labels(incident));
    for (kind, value) in old.difference(&new) {
        tx.queue(LABEL_DELETE, label(organization, incident.instance_id, kind, value))?;
    }
    for (kind, value) in new.difference(&old) {
        tx.queue(LABEL_INSERT, label(organization, incident.instance_id, kind, value))?;
    }
    if before.title != incident.title {
        let (old, new) = (words(&before.title), words(&incident.title));
        for word in old.difference(&new) {
            tx.queue(LABEL_DELETE, label(organization, incident.instance_id, WORD, word))?;
        }
        for word in new.difference(&old) {
            tx.queue(LABEL_INSERT, label(organization, incident.instance_id, WORD, word))?;
        }
    }
    Ok(incident.version + 1)
}

/// What lists are filtered by: `(kind, value)`. The kind of a person is the status, so that a person's incidents of one status
/// are found, however many of another one they have.
fn labels(incident: &Incident) -> BTreeSet<(&'static str, &str)> {
    let tags = incident.tags.iter().map(|tag| ("tag", tag.as_str()));
    let assignees = incident.assignees.iter().map(|user| (incident.status.word(), user.as_str()));
    tags.chain(assignees).collect()
}

fn label(organization: OrganizationId, id: InstanceId, kind: &str, value: &str) -> Vec<Value> {
    vec![organization.0.into(), kind.into(), value.into(), id.0.into()]
}

/// Incidents of an organization due at `now`, longest due first, then by number, at most `limit`.
pub fn incident_due(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    now: Instant,
    limit: u32,
) -> Result<Vec<(InstanceId, Instant)>, Error> {
    let rows = tx.all(INCIDENT_DUE, &[organization.0.into(), now.0.into(), limit.into()])?;
    rows.iter().map(|row| Ok((InstanceId(row.integer(0)?), Instant(row.integer(1)?)))).collect()
}

/// Those of [`incident_due`] that can be read.
pub fn incident_load_due(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    now: Instant,
    limit: u32,
) -> Result<Vec<Incident>, Error> {
    let rows = tx.all(INCIDENT_LOAD_DUE, &[organization.0.into(), now.0.into(), limit.into()])?;
    Ok(rows.iter().filter_map(|row| incident_read(row).ok()).collect())
}

/// The organizations that have incidents due at `now`, the longest due first.
pub fn incident_due_where(tx: &mut dyn Tx, now: Instant) -> Result<Vec<OrganizationId>, Error> {
    tx.all(INCIDENT_DUE_WHERE, &[now.0.into()])?.iter().map(|row| row.integer(0).map(OrganizationId)).collect()
}

/// When the next incident is due.
pub fn incident_next_due(tx: &mut dyn Tx) -> Result<Option<Instant>, Error> {
    let row = tx.one(INCIDENT_NEXT_DUE, &[])?;
    Ok(row.map(|row| row.optional_integer(0)).transpose()?.flatten().map(Instant))
}

/// How many incidents nobody can be found for.
pub fn incident_stranded(tx: &mut dyn Tx) -> Result<i64, Error> {
    tx.one(INCIDENT_STRANDED, &[])?.map_or(Ok(0), |row| row.integer(0))
}

/// Unresolved incidents without a due time, of which there must be none, by number, at most `limit`.
pub fn incident_forgotten(tx: &mut dyn Tx, limit: u32) -> Result<Vec<InstanceId>, Error> {
    tx.all(INCIDENT_FORGOTTEN, &[limit.into()])?.iter().map(|row| row.integer(0).map(InstanceId)).collect()
}

/// All unresolved incidents of an organization, by number, to find out what they refer to.
pub fn incident_unresolved(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<Incident>, Error> {
    tx.all(INCIDENT_UNRESOLVED, &[organization.0.into()])?.iter().map(incident_read).collect()
}

/// Puts an incident that cannot be read aside until `until`, so that the rest goes on.
pub fn incident_quarantine(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    until: Instant,
) -> Result<(), Error> {
    tx.run(INCIDENT_QUARANTINE, &[organization.0.into(), id.0.into(), until.0.into()]).map(drop)
}

/// The clock looks at an incident at `at`, whatever its state says; it keeps it by changing the state.
pub fn incident_look_again(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    at: Instant,
) -> Result<(), Error> {
    tx.run(INCIDENT_QUARANTINE, &[organization.0.into(), id.0.into(), at.0.into()]).map(drop)
}

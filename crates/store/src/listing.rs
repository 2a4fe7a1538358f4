//! Lists of incidents: the filters of contract §2, each answered through an index.

use crate::incident::incident_read;
use crate::{Error, Row, Tx, Value};
use domain::incident::{Incident, Status};
use domain::{InstanceId, Instant, OrganizationId, RefId, Urgency, Username, limits};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Which incidents are asked for; what is not given does not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Any of these statuses; all where none is given.
    pub statuses: Vec<Status>,
    /// On this service.
    pub service: Option<RefId>,
    /// With this urgency.
    pub urgency: Option<Urgency>,
    /// With this person.
    pub assignee: Option<Username>,
    /// With every one of these tags.
    pub tags: Vec<String>,
    /// Created at this instant or later.
    pub from: Option<Instant>,
    /// Created at this instant or earlier.
    pub until: Option<Instant>,
    /// With a smaller number than this.
    pub before: Option<InstanceId>,
}

/// The incidents that a filter lets through, newest (largest number) first, at most `limit`. One that cannot be read
/// is left out and reported in the log, so that the others are seen.
pub fn incident_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<Incident>, Error> {
    let tags: BTreeSet<&str> = filter.tags.iter().map(String::as_str).collect();
    if tags.len() > limits::TAGS {
        // No incident has so many, and SQLite joins at most 64 tables.
        return Ok(Vec::new());
    }
    let mut statuses: Vec<Option<Status>> = filter.statuses.iter().copied().map(Some).collect();
    statuses.sort_by_key(|status| status.map(Status::word));
    statuses.dedup();
    if statuses.is_empty() || statuses.len() == Status::ALL.len() {
        statuses = vec![None];
    }
    let mut found = Vec::new();
    // One statement for each status: an index gives each in order, where `in` would sort all of them.
    for status in statuses {
        let (sql, values) = statement(organization, filter, status, limit);
        let rows = tx.all(&sql, &values)?;
        found.extend(rows.iter().filter_map(readable));
    }
    found.sort_by_key(|incident| std::cmp::Reverse(incident.instance_id));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// The incident in a row, unless it is broken.
fn readable(row: &Row) -> Option<Incident> {
    incident_read(row).inspect_err(|error| tracing::error!(%error, "a list leaves out an incident")).ok()
}

/// The statement for one status, and its values.
pub fn statement(
    organization: OrganizationId,
    filter: &Filter,
    status: Option<Status>,
    limit: u32,
) -> (String, Vec<Value>) {
    let mut sql = "select i.instance_id, i.organization_instance_id, i.version, i.body from incident i".to_owned();
    let mut values: Vec<Value> = vec![organization.0.into()];
    let mut place = |value: Value| {
        values.push(value);
        values.len()
    };
    let tags: BTreeSet<&str> = filter.tags.iter().map(String::as_str).collect();
    let labels = tags
        .into_iter()
        .map(|tag| ("tag", tag))
        .chain(filter.assignee.as_ref().map(|user| ("assignee", user.as_str())));
    for (number, (kind, value)) in labels.enumerate() {
        let value = place(value.into());
        let _ = write!(
            sql,
            " join incident_label l{number} on l{number}.organization_id = i.organization_id \
             and l{number}.instance_id = i.instance_id and l{number}.kind = '{kind}' and l{number}.value = ${value}"
        );
    }
    sql.push_str(" where i.organization_id = $1");
    let conditions = [
        ("i.status =", status.map(|status| status.word().into())),
        ("i.service_ref_id =", filter.service.as_ref().map(|id| id.as_str().into())),
        ("i.urgency =", filter.urgency.map(|urgency| urgency.number().into())),
        ("i.created_at >=", filter.from.map(|at| at.0.into())),
        ("i.created_at <=", filter.until.map(|at| at.0.into())),
        ("i.instance_id <", filter.before.map(|id| id.0.into())),
    ];
    for (condition, value) in conditions {
        if let Some(value) = value {
            let place = place(value);
            let _ = write!(sql, " and {condition} ${place}");
        }
    }
    let place = place(limit.into());
    let _ = write!(sql, " order by i.instance_id desc limit ${place}");
    (sql, values)
}

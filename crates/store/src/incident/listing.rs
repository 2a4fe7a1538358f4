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

impl Filter {
    /// Whether it lets this incident through; says the same as the statements do.
    #[must_use]
    pub fn lets_through(&self, incident: &Incident) -> bool {
        let is_any = |wanted: bool, is_it: bool| !wanted || is_it;
        is_any(!self.statuses.is_empty(), self.statuses.contains(&incident.status))
            && is_any(self.service.is_some(), self.service == incident.service)
            && self.urgency.is_none_or(|urgency| urgency == incident.urgency)
            && self.assignee.as_ref().is_none_or(|user| incident.assignees.contains(user))
            && self.tags.iter().all(|tag| incident.tags.iter().any(|known| known.as_str() == tag))
            && self.from.is_none_or(|from| incident.created_at >= from)
            && self.until.is_none_or(|until| incident.created_at <= until)
            && self.before.is_none_or(|before| incident.instance_id < before)
    }
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
        // Those of a person are found by status only.
        statuses = if filter.assignee.is_some() { Status::ALL.map(Some).to_vec() } else { vec![None] };
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

/// The statement for one status, and its values; where a person is asked for, of open incidents unless another one is given.
///
/// Neither database knows how rare a tag or status is before it looks, so the statement says what leads: the labels of
/// a person, whose kind is the status; else an unresolved status, because most incidents are
/// resolved; else a tag. `cross join` holds SQLite to the order of the tables, and a column within an expression keeps
/// both from an index on it.
pub fn statement(
    organization: OrganizationId,
    filter: &Filter,
    status: Option<Status>,
    limit: u32,
) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = vec![organization.0.into()];
    let mut place = |value: Value| {
        values.push(value);
        values.len()
    };
    let is_unresolved = matches!(status, Some(Status::Open | Status::Acknowledged));
    let labels = labels(filter, status.unwrap_or(Status::Open));
    let label_leads = filter.assignee.is_some() || (!labels.is_empty() && !is_unresolved);
    let leader = if label_leads { "l0" } else { "i" };

    let names: Vec<String> = (0..labels.len()).map(|number| format!("l{number}")).collect();
    let mut tables: Vec<String> = names.iter().map(|name| format!("incident_label {name}")).collect();
    tables.insert(if label_leads { tables.len() } else { 0 }, "incident i".to_owned());
    let mut sql = "select i.instance_id, i.organization_instance_id, i.version, i.body from ".to_owned();
    let _ = write!(sql, "{} where i.organization_id = $1", tables.join(" cross join "));
    for (name, (kind, value)) in names.iter().zip(labels) {
        let value = place(value.into());
        let _ = write!(sql, " and {name}.organization_id = $1 and {name}.kind = '{kind}' and {name}.value = ${value}");
    }
    for follower in names.iter().map(String::as_str).chain(["i"]).filter(|name| *name != leader) {
        let _ = write!(sql, " and {follower}.instance_id = {leader}.instance_id");
    }
    let [service, urgency, created_at] = if is_unresolved || label_leads {
        ["i.service_ref_id || ''", "+i.urgency", "+i.created_at"]
    } else {
        ["i.service_ref_id", "i.urgency", "i.created_at"]
    };
    let status_column = if label_leads { "i.status || ''" } else { "i.status" };
    let conditions = [
        (status_column, "=", status.map(|status| status.word().into())),
        (service, "=", filter.service.as_ref().map(|id| id.as_str().into())),
        (urgency, "=", filter.urgency.map(|urgency| urgency.number().into())),
        (created_at, ">=", filter.from.map(|at| at.0.into())),
        (created_at, "<=", filter.until.map(|at| at.0.into())),
        (if label_leads { "l0.instance_id" } else { "i.instance_id" }, "<", filter.before.map(|id| id.0.into())),
    ];
    for (column, comparison, value) in conditions {
        if let Some(value) = value {
            let place = place(value);
            let _ = write!(sql, " and {column} {comparison} ${place}");
        }
    }
    let place = place(limit.into());
    let _ = write!(sql, " order by {leader}.instance_id desc limit ${place}");
    (sql, values)
}

/// The labels that are asked for, each once, that of a person first.
fn labels(filter: &Filter, status: Status) -> Vec<(&'static str, &str)> {
    let tags: BTreeSet<&str> = filter.tags.iter().map(String::as_str).collect();
    let assignee = filter.assignee.iter().map(|user| (status.word(), user.as_str()));
    assignee.chain(tags.into_iter().map(|tag| ("tag", tag))).collect()
}

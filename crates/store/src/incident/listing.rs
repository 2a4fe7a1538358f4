//! Lists of incidents: the filters of contract §2, each answered through an index.

use crate::incident::word::{COUNTED, WORD, word_count};
use crate::incident::{incident_count_to, incident_read};
use crate::{Error, Row, Tx, Value};
use domain::incident::{Incident, Status, words};
use domain::{InstanceId, Instant, OrganizationId, RefId, Urgency, Username, limits};
use std::borrow::Cow;
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
    /// With every one of these words in its title, once they are known ([`crate::word_note`]).
    pub words: Vec<String>,
    /// Where words and statuses are asked for: whether it is the first word that leads to them. Whoever lists finds out.
    pub words_lead: bool,
    /// Created at this instant or later.
    pub from: Option<Instant>,
    /// Created at this instant or earlier.
    pub until: Option<Instant>,
    /// With a smaller number than this.
    pub before: Option<InstanceId>,
    /// With a larger number than this.
    pub after: Option<InstanceId>,
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
            && (self.words.is_empty() || self.words.iter().all(|word| words(&incident.title).contains(word)))
            && self.from.is_none_or(|from| incident.created_at >= from)
            && self.until.is_none_or(|until| incident.created_at <= until)
            && self.before.is_none_or(|before| incident.instance_id < before)
            && self.after.is_none_or(|after| incident.instance_id > after)
    }
}

/// In which order incidents are listed. Each is that of an index, so that nothing is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sorting {
    /// By number, the largest first.
    #[default]
    Newest,
    /// By urgency, the loudest first, and of each the newest.
    MostUrgent,
    /// What is OPEN, then what is ACKNOWLEDGED, then what is resolved, and of each the oldest.
    LongestOpen,
}

/// Where an incident stands in an order: behind those of a higher rank, and among its own by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListPlace {
    /// That of what leads the order, such as the urgency.
    pub rank: i64,
    /// Its number.
    pub id: InstanceId,
}

impl Sorting {
    /// Where the incident stands.
    #[must_use]
    pub fn place(self, incident: &Incident) -> ListPlace {
        let rank = match self {
            Self::Newest => 0,
            Self::MostUrgent => incident.urgency.number(),
            Self::LongestOpen => of_status(incident.status),
        };
        ListPlace { rank, id: incident.instance_id }
    }

    /// What the filter lets through behind such an incident, in parts, each of one rank, the highest first.
    fn parts(self, filter: &Filter, behind: Option<ListPlace>) -> Vec<Filter> {
        let is_asked = |rank: i64| behind.is_none_or(|behind| rank <= behind.rank);
        let within = |rank: i64| behind.filter(|behind| behind.rank == rank).map(|behind| behind.id);
        let older = |filter: &Filter, rank| {
            let before = filter.before.into_iter().chain(within(rank)).min();
            Filter { before, ..filter.clone() }
        };
        match self {
            Self::Newest => vec![older(filter, 0)],
            Self::MostUrgent => {
                let asked = |urgency: &Urgency| filter.urgency.is_none_or(|one| one == *urgency);
                let asked = Urgency::ALL.into_iter().rev().filter(asked).map(|urgency| (urgency, urgency.number()));
                let part = |(urgency, rank)| Filter { urgency: Some(urgency), ..older(filter, rank) };
                asked.filter(|(_, rank)| is_asked(*rank)).map(part).collect()
            }
            Self::LongestOpen => {
                let asked = |status: &Status| filter.statuses.is_empty() || filter.statuses.contains(status);
                let mut asked: Vec<Status> = Status::ALL.into_iter().filter(asked).collect();
                asked.retain(|status| is_asked(of_status(*status)));
                asked.sort_by_key(|status| std::cmp::Reverse(of_status(*status)));
                let part = |status| {
                    let after = filter.after.into_iter().chain(within(of_status(status))).max();
                    Filter { statuses: vec![status], after, ..filter.clone() }
                };
                asked.into_iter().map(part).collect()
            }
        }
    }
}

fn of_status(status: Status) -> i64 {
    match status {
        Status::Open => 2,
        Status::Acknowledged => 1,
        Status::Resolved => 0,
    }
}

/// Which end of the numbers a statement begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The largest number.
    Newest,
    /// The smallest number.
    Oldest,
}

/// The incidents that a filter lets through in this order, behind where an incident stands, at most `limit`; of those that
/// cannot be read as [`incident_list`].
pub fn incident_list_sorted(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    filter: &Filter,
    (sorting, behind): (Sorting, Option<ListPlace>),
    limit: u32,
) -> Result<Vec<Incident>, Error> {
    let end = if sorting == Sorting::LongestOpen { End::Oldest } else { End::Newest };
    let mut found = Vec::new();
    for part in sorting.parts(filter, behind) {
        let left = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
        if left == 0 {
            break;
        }
        found.extend(list(tx, organization, (&part, end), left)?);
    }
    Ok(found)
}

/// The incidents that a filter lets through, newest (largest number) first, at most `limit`. One that cannot be read
/// is left out and reported in the log, so that the others are seen.
pub fn incident_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<Incident>, Error> {
    list(tx, organization, (filter, End::Newest), limit)
}

fn list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (filter, end): (&Filter, End),
    limit: u32,
) -> Result<Vec<Incident>, Error> {
    let tags: BTreeSet<&str> = filter.tags.iter().map(String::as_str).collect();
    if tags.len() + filter.words.len() > limits::TAGS {
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
        let filter = with_leader(tx, organization, filter, status)?;
        let (sql, values) = statement(organization, (&filter, end), status, limit);
        let rows = tx.all(&sql, &values)?;
        found.extend(rows.iter().filter_map(readable));
    }
    found.sort_by_key(|incident| incident.instance_id);
    if end == End::Newest {
        found.reverse();
    }
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// The filter, which says whether its first word leads or this status: the one that fewer incidents have, counted to a bound.
/// Where many have either, the status does if it is unresolved, because most incidents are resolved.
fn with_leader<'f>(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    filter: &'f Filter,
    status: Option<Status>,
) -> Result<Cow<'f, Filter>, Error> {
    let (Some(word), Some(status)) = (filter.words.first(), status) else { return Ok(Cow::Borrowed(filter)) };
    let with_word = word_count(tx, organization, word)?;
    let with_status = incident_count_to(tx, organization, status, COUNTED)?;
    let words_lead = if status == Status::Resolved { with_word <= with_status } else { with_word < with_status };
    Ok(Cow::Owned(Filter { words_lead, ..filter.clone() }))
}

/// The incident in a row, unless it is broken.
fn readable(row: &Row) -> Option<Incident> {
    incident_read(row).inspect_err(|error| tracing::error!(%error, "a list leaves out an incident")).ok()
}

/// The statement for one status, and its values; where a person is asked for, of open incidents unless another one is given.
///
/// Neither database knows how rare a tag or status is before it looks, so the statement says what leads: the labels of
/// a person, whose kind is the status; where words are asked for, the first of them or the status, as the filter says; else
/// an unresolved status, because most incidents are resolved; else a tag. `cross join` holds SQLite to the order of the tables, and a column within an expression keeps
/// both from an index on it.
pub fn statement(
    organization: OrganizationId,
    (filter, end): (&Filter, End),
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
    let status_leads = if filter.words.is_empty() { is_unresolved } else { status.is_some() && !filter.words_lead };
    let label_leads = filter.assignee.is_some() || (!labels.is_empty() && !status_leads);
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
    let number = if label_leads { "l0.instance_id" } else { "i.instance_id" };
    let conditions = [
        (status_column, "=", status.map(|status| status.word().into())),
        (service, "=", filter.service.as_ref().map(|id| id.as_str().into())),
        (urgency, "=", filter.urgency.map(|urgency| urgency.number().into())),
        (created_at, ">=", filter.from.map(|at| at.0.into())),
        (created_at, "<=", filter.until.map(|at| at.0.into())),
        (number, "<", filter.before.map(|id| id.0.into())),
        (number, ">", filter.after.map(|id| id.0.into())),
    ];
    for (column, comparison, value) in conditions {
        if let Some(value) = value {
            let place = place(value);
            let _ = write!(sql, " and {column} {comparison} ${place}");
        }
    }
    let place = place(limit.into());
    let direction = if end == End::Newest { " desc" } else { "" };
    let _ = write!(sql, " order by {leader}.instance_id{direction} limit ${place}");
    (sql, values)
}

/// The labels that are asked for, each once, that of a person first, then words.
fn labels(filter: &Filter, status: Status) -> Vec<(&'static str, &str)> {
    let tags: BTreeSet<&str> = filter.tags.iter().map(String::as_str).collect();
    let assignee = filter.assignee.iter().map(|user| (status.word(), user.as_str()));
    let words = filter.words.iter().map(|word| (WORD, word.as_str()));
    assignee.chain(words).chain(tags.into_iter().map(|tag| ("tag", tag))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Filter, Status, with_leader};
    use crate::{Error, Store, Url, migrate};
    use domain::OrganizationId;

    #[test]
    fn what_fewer_incidents_have_leads_a_word_or_the_status() {
        let directory = tempfile::tempdir().unwrap();
        let url: Url = format!("sqlite:{}", directory.path().join("new.db").display()).parse().unwrap();
        let store = Store::open(&url).unwrap();
        migrate(&store, 0).unwrap();
        store
            .write(|tx| {
                for id in 1..=4_i64 {
                    let status = if id == 4 { "RESOLVED" } else { "OPEN" };
                    let values = [id.into(), status.into()];
                    tx.run(
                        "insert into incident (instance_id, organization_id, organization_instance_id, version, status,
                            urgency, created_at, is_stranded, body) values ($1, 1, $1, 1, $2, 3, 0, false, '{}')",
                        &values,
                    )?;
                    let word = if id == 1 { "fan" } else { "disk" };
                    let label = "insert into incident_label (organization_id, kind, value, instance_id)
                        values (1, 'word', $2, $1)";
                    tx.run(label, &[id.into(), word.into()])?;
                }
                Ok::<_, Error>(())
            })
            .unwrap();
        for (word, status, leads) in [
            ("disk", Status::Open, false),
            ("disk", Status::Resolved, false),
            ("fan", Status::Open, true),
            ("fan", Status::Resolved, true),
            ("disk", Status::Acknowledged, false),
        ] {
            let filter = Filter { words: vec![word.to_owned()], ..Filter::default() };
            let led = store.read(|tx| {
                let led = with_leader(tx, OrganizationId(1), &filter, Some(status))?;
                Ok::<_, Error>(led.words_lead)
            });
            assert_eq!(led.unwrap(), leads, "{word} {status:?}");
        }
    }
}

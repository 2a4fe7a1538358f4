//! Events: an incident's log, in order.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::incident::{By, Event, Method};
use domain::{InstanceId, Instant, OrganizationId, RefId};

statements! {
    EVENT_INSERT = "insert into event (organization_id, instance_id, sequence, at, method, by_name, by_ref, body)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    EVENT_LIST = "select at, method, by_name, by_ref, body from event
        where organization_id = $1 and instance_id = $2 order by sequence";
    EVENT_LIST_LATEST = "select at, method, by_name, by_ref, body from event
        where organization_id = $1 and instance_id = $2 order by sequence desc limit $3";
    EVENT_FIRST_LIST = "select e.at, e.method, e.by_name, e.by_ref, e.body from incident i cross join event e
        where i.organization_id = $1 and i.created_at >= $2
        and e.organization_id = $1 and e.instance_id = i.instance_id and e.sequence = $3
        order by i.created_at desc, i.instance_id desc limit $4";
    EVENT_OF_PERSON = "select instance_id, count(*), min(at), max(at) from event
        where organization_id = $1 and by_ref is not null and by_ref = $2 and instance_id < $3
        group by instance_id order by instance_id desc limit $4";
    EVENT_LATEST = "select max(at) from event";
}

/// Bits of a sequence number below the incident's version: what one step may write.
const SEQUENCE_BITS: u32 = 20;

/// The number of a row that a step writes: increasing with the incident's version, then with its place in the step.
pub(crate) fn sequence(version: i64, place: usize) -> Result<i64, Error> {
    let place = i64::try_from(place).ok().filter(|place| *place < 1 << SEQUENCE_BITS);
    place
        .map(|place| (version << SEQUENCE_BITS) | place)
        .ok_or_else(|| Error::Statement("a step wrote more rows than it may".to_owned()))
}

/// Appends what a step brought about; `version` is the incident's after it was saved.
pub fn event_append(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    version: i64,
    events: &[Event],
) -> Result<(), Error> {
    for (place, event) in events.iter().enumerate() {
        let (name, person) = match &event.by {
            Some(By::Named(name)) => (Some(name.as_str()), None),
            Some(By::Person { person }) => (None, Some(person.as_str())),
            None => (None, None),
        };
        let body = serde_json::to_string(&event.what).map_err(|error| Error::Statement(error.to_string()))?;
        let values = vec![
            organization.0.into(),
            id.0.into(),
            sequence(version, place)?.into(),
            event.at.0.into(),
            event.method.word().into(),
            name.into(),
            person.into(),
            body.into(),
        ];
        tx.queue(EVENT_INSERT, values)?;
    }
    Ok(())
}

fn read(row: &Row) -> Result<Event, Error> {
    let method = row.text(1)?;
    Ok(Event {
        at: Instant(row.integer(0)?),
        method: Method::ALL
            .into_iter()
            .find(|known| known.word() == method)
            .ok_or_else(|| Error::Corrupt(format!("unknown method `{method}`")))?,
        by: match (row.optional_text(2)?, row.optional_text(3)?) {
            (_, Some(person)) => Some(By::Person { person: person.into() }),
            (name, None) => name.map(|name| By::Named(name.to_owned())),
        },
        what: serde_json::from_str(row.text(4)?).map_err(|error| Error::Corrupt(format!("an event: {error}")))?,
    })
}

/// The log of an incident, oldest first.
pub fn event_list(tx: &mut dyn Tx, organization: OrganizationId, id: InstanceId) -> Result<Vec<Event>, Error> {
    tx.all(EVENT_LIST, &[organization.0.into(), id.0.into()])?.iter().map(read).collect()
}

/// The newest events of an incident, the newest first, at most so many.
pub fn event_list_latest(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    most: u32,
) -> Result<Vec<Event>, Error> {
    tx.all(EVENT_LIST_LATEST, &[organization.0.into(), id.0.into(), i64::from(most).into()])?.iter().map(read).collect()
}

/// The first event of each of the newest incidents since an instant, at most so many, the newest first. One that cannot be read is left out and
/// reported in the log.
pub fn event_first_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    since: Instant,
    most: u32,
) -> Result<Vec<Event>, Error> {
    let values = [organization.0.into(), since.0.into(), sequence(1, 0)?.into(), i64::from(most).into()];
    let rows = tx.all(EVENT_FIRST_LIST, &values)?;
    let readable =
        |row: &Row| read(row).inspect_err(|error| tracing::error!(%error, "a list leaves out an event")).ok();
    Ok(rows.iter().filter_map(readable).collect())
}

/// What a person did to an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActedOn {
    /// The incident.
    pub instance_id: InstanceId,
    /// Events of its log that they brought about.
    pub events: i64,
    /// When the first of them happened.
    pub first_at: Instant,
    /// When the last of them happened.
    pub last_at: Instant,
}

/// The incidents with a lower number that a person did something to, newest first, at most so many.
pub fn event_of_person(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    person: &RefId,
    before: InstanceId,
    limit: u32,
) -> Result<Vec<ActedOn>, Error> {
    let values = [organization.0.into(), person.as_str().into(), before.0.into(), limit.into()];
    let acted_on = |row: &Row| {
        let (instance_id, events) = (InstanceId(row.integer(0)?), row.integer(1)?);
        Ok(ActedOn { instance_id, events, first_at: Instant(row.integer(2)?), last_at: Instant(row.integer(3)?) })
    };
    tx.all(EVENT_OF_PERSON, &values)?.iter().map(acted_on).collect()
}

/// When the newest event of all happened.
pub fn event_latest(tx: &mut dyn Tx) -> Result<Option<Instant>, Error> {
    let row = tx.one(EVENT_LATEST, &[])?;
    Ok(row.map(|row| row.optional_integer(0)).transpose()?.flatten().map(Instant))
}

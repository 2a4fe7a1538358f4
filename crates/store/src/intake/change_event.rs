//! Change events: what somebody changed, such as a release.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx, Value};
use domain::intake::ChangeEvent;
use domain::{Instant, OrganizationId, RefId};

statements! {
    CHANGE_EVENT_INSERT = "insert into change_event (organization_id, id, digest, integration_ref_id, service_ref_id,
        occurred_at, received_at, body) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    CHANGE_EVENT_SAME = "select id from change_event where organization_id = $1 and digest = $2 and received_at > $3
        order by received_at desc limit 1";
    CHANGE_EVENT_WITH = "select id, integration_ref_id, service_ref_id, occurred_at, received_at, body from change_event
        where organization_id = $1 and digest = $2 order by received_at, id";
    CHANGE_EVENT_AMEND = "update change_event set digest = $3 where organization_id = $1 and id = $2";
    CHANGE_EVENT_LOAD = "select id, integration_ref_id, service_ref_id, occurred_at, received_at, body from change_event
        where organization_id = $1 and id = $2";
    CHANGE_EVENT_LIST = "select id, integration_ref_id, service_ref_id, occurred_at, received_at, body from change_event
        where organization_id = $1 and occurred_at >= $2 and occurred_at <= $3 and (occurred_at < $4 or id < $5)
        order by occurred_at desc, id desc limit $6";
    CHANGE_EVENT_LIST_OF_SERVICE = "select id, integration_ref_id, service_ref_id, occurred_at, received_at, body
        from change_event where organization_id = $1 and service_ref_id = $7 and occurred_at >= $2 and occurred_at <= $3
        and (occurred_at < $4 or id < $5) order by occurred_at desc, id desc limit $6";
    CHANGE_EVENT_LIST_OF_INTEGRATION = "select id, integration_ref_id, service_ref_id, occurred_at, received_at, body
        from change_event where organization_id = $1 and integration_ref_id = $7 and occurred_at >= $2
        and occurred_at <= $3 and (occurred_at < $4 or id < $5) order by occurred_at desc, id desc limit $6";
    CHANGE_EVENT_FORGET = "delete from change_event where organization_id = $1 and id in (select c.id from change_event c
        where c.organization_id = $1 and c.occurred_at < $2 order by c.occurred_at, c.id limit $3)";
}

/// Which change events are asked for.
#[derive(Clone, Debug)]
pub struct ChangeEventFilter {
    /// Those of one of these.
    pub of: ChangeEventsOf,
    /// Of this instant or later.
    pub since: Instant,
    /// Of this instant or before.
    pub until: Instant,
    /// Those after this one in the order of the list, by its time and id.
    pub after: Option<(Instant, RefId)>,
}

/// Whose change events are asked for.
#[derive(Clone, Debug)]
pub enum ChangeEventsOf {
    /// The organization's.
    All,
    /// Those of a service.
    Service(RefId),
    /// Those of an integration.
    Integration(RefId),
}

/// Keeps a change event; `digest` is what a repetition has, too.
pub fn change_event_insert(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    digest: &str,
    event: &ChangeEvent,
) -> Result<(), Error> {
    let body = serde_json::to_string(&event.said).map_err(|error| Error::Statement(error.to_string()))?;
    let values = vec![
        organization.0.into(),
        event.id.as_str().into(),
        digest.into(),
        event.integration.as_str().into(),
        event.service.as_ref().map(RefId::as_str).into(),
        event.occurred_at.0.into(),
        event.received_at.0.into(),
        body.into(),
    ];
    tx.queue(CHANGE_EVENT_INSERT, values)
}

/// The change event with this digest that came after an instant, the last of them.
pub fn change_event_same(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    digest: &str,
    after: Instant,
) -> Result<Option<RefId>, Error> {
    let row = tx.one(CHANGE_EVENT_SAME, &[organization.0.into(), digest.into(), after.0.into()])?;
    row.map(|row| row.text(0).map(RefId::from)).transpose()
}

/// All change events with this digest, the first one first.
pub fn change_event_with(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    digest: &str,
) -> Result<Vec<ChangeEvent>, Error> {
    tx.all(CHANGE_EVENT_WITH, &[organization.0.into(), digest.into()])?.iter().map(read).collect()
}

/// Gives a change event another digest.
pub fn change_event_amend(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: &RefId,
    digest: &str,
) -> Result<(), Error> {
    tx.run(CHANGE_EVENT_AMEND, &[organization.0.into(), id.as_str().into(), digest.into()]).map(drop)
}

fn read(row: &Row) -> Result<ChangeEvent, Error> {
    let said = serde_json::from_str(row.text(5)?);
    Ok(ChangeEvent {
        id: row.text(0)?.into(),
        integration: row.text(1)?.into(),
        service: row.optional_text(2)?.map(RefId::from),
        occurred_at: Instant(row.integer(3)?),
        received_at: Instant(row.integer(4)?),
        said: said.map_err(|_| Error::Corrupt("a change event has a wrong body".to_owned()))?,
    })
}

/// The change event with this id.
pub fn change_event_load(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: &str,
) -> Result<Option<ChangeEvent>, Error> {
    tx.one(CHANGE_EVENT_LOAD, &[organization.0.into(), id.into()])?.as_ref().map(read).transpose()
}

/// The change events that a filter lets through, the last first, at most `limit`.
pub fn change_event_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    filter: &ChangeEventFilter,
    limit: u32,
) -> Result<Vec<ChangeEvent>, Error> {
    let (until, after) = match &filter.after {
        Some((at, id)) => (filter.until.min(*at), (at.0, id.as_str())),
        None => (filter.until, (i64::MAX, "")),
    };
    let mut values: Vec<Value> = vec![
        organization.0.into(),
        filter.since.0.into(),
        until.0.into(),
        after.0.into(),
        after.1.into(),
        i64::from(limit).into(),
    ];
    let sql = match &filter.of {
        ChangeEventsOf::All => CHANGE_EVENT_LIST,
        ChangeEventsOf::Service(id) => {
            values.push(id.as_str().into());
            CHANGE_EVENT_LIST_OF_SERVICE
        }
        ChangeEventsOf::Integration(id) => {
            values.push(id.as_str().into());
            CHANGE_EVENT_LIST_OF_INTEGRATION
        }
    };
    tx.all(sql, &values)?.iter().map(read).collect()
}

/// Forgets change events of before `before`, at most so many; how many.
pub fn change_event_forget(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    before: Instant,
    most: u32,
) -> Result<u64, Error> {
    tx.run(CHANGE_EVENT_FORGET, &[organization.0.into(), before.0.into(), i64::from(most).into()])
}

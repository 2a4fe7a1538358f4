//! What a person left in what is kept of the past: earlier profiles, swaps, the audit log, messages.

use crate::audit;
use crate::change::hide;
use domain::cover::Asked;
use domain::{InstanceId, Instant, OrganizationId, RefId, Username, limits};
use engine::{KeptSwap, Snapshot};
use serde_json::{Map, Value, json};
use store::{AttemptRow, Error, Filter, NotificationRow, Tx};

/// What stays of somebody who left; null while they are here.
pub(super) fn left(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<Value, Error> {
    let row = store::former_person_list(tx, organization)?.into_iter().find(|row| row.ref_id == *person);
    Ok(row.map_or(
        Value::Null,
        |row| json!({"display_name": row.name, "left_at": row.left_at.wire(), "is_erased": row.erased.is_some()}),
    ))
}

/// The profile as it was, by the versions of the directory that changed it, the newest first; null where it was removed.
pub(super) fn earlier_profiles(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<Value, Error> {
    let rows = store::component_version_past(tx, organization, person, limits::PERSON_DATA_ROWS)?.into_iter();
    let told = rows.map(|row| {
        let body = row.body.and_then(|body| serde_json::from_str::<Map<String, Value>>(&body).ok()).map(|mut body| {
            hide(&mut body);
            body
        });
        json!({"version": row.version, "profile": body})
    });
    Ok(told.collect())
}

/// Swaps in which somebody gives or takes a shift.
pub(super) fn swaps(tx: &mut dyn Tx, organization: OrganizationId, user: &Username) -> Result<Value, Error> {
    let mut told = Vec::new();
    for row in store::swap_list(tx, organization)? {
        let KeptSwap { swap, made_by, made_at } = KeptSwap::of(&row)?;
        if swap.out == *user || swap.in_.as_ref() == Some(user) {
            let body = serde_json::to_value(&swap).map_err(|error| Error::Statement(error.to_string()))?;
            let (routine, id) = (row.routine, row.swap_ref_id);
            told.push(
                json!({"swap_ref_id": id, "routine": routine, "swap": body, "by": made_by, "made_at": made_at.wire()}),
            );
        }
    }
    Ok(Value::from(told))
}

/// Requests for cover that they made, or by which they were asked; of other people the ids stand there.
pub(super) fn covers(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<Value, Error> {
    let mut covers = store::cover_list(tx, organization)?;
    covers.retain(|cover| cover.person == *person || cover.asked.iter().any(|asked| asked.person == *person));
    let told = covers.iter().map(|cover| {
        let said =
            |asked: &Asked| json!({"person_ref_id": asked.person, "answer": asked.said.map(|(reply, _)| reply.word())});
        json!({"cover_ref_id": cover.cover_ref_id, "routine_ref_id": cover.routine, "person_ref_id": cover.person,
            "from": cover.from.wire(), "until": cover.until.wire(), "made_at": cover.made_at.wire(),
            "state": cover.state.word(), "asked": cover.asked.iter().map(said).collect::<Vec<_>>()})
    });
    Ok(told.collect())
}

/// Rows of the audit log that somebody, or a token of theirs, is the actor of or the object, newest first, before a number; and
/// the number before which older ones follow.
pub(super) fn audit(
    tx: &mut dyn Tx,
    snapshot: &Snapshot,
    person: &RefId,
    before: Option<i64>,
) -> Result<(Value, Option<i64>), Error> {
    let organization = snapshot.directory.organization;
    let tokens = snapshot.keys.values().filter(|key| key.person.as_ref() == Some(person)).map(|key| key.id.to_string());
    let tokens: Vec<String> = tokens.collect();
    let before = before.unwrap_or(i64::MAX);
    let (rows, next) = audit::of_person(tx, organization, (person, &tokens), before, limits::PERSON_DATA_ROWS)?;
    let told: Vec<Value> = rows.iter().filter_map(|row| serde_json::from_str(&row.json).ok()).collect();
    Ok((Value::from(told), next))
}

/// Incidents with a lower number that somebody did something to, newest first, and the number before which older ones follow.
pub(super) fn acted_on(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    person: &RefId,
    before: InstanceId,
) -> Result<(Value, Option<InstanceId>), Error> {
    let most = limits::PERSON_DATA_ROWS;
    let rows = store::event_of_person(tx, organization, person, before, most)?;
    let is_cut = rows.len() == usize::try_from(most).unwrap_or(usize::MAX);
    let last = rows.last().map(|row| row.instance_id).filter(|_| is_cut);
    let told = rows.into_iter().map(|row| {
        let (first_at, last_at) = (row.first_at.wire(), row.last_at.wire());
        json!({"instance_id": row.instance_id, "events": row.events, "first_at": first_at, "last_at": last_at})
    });
    Ok((told.collect(), last))
}

/// The number of the incident down to which one looks that begins before another; nothing where there is none.
pub(super) fn window(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    before: InstanceId,
) -> Result<Option<InstanceId>, Error> {
    let filter = Filter { before: Some(before), ..Filter::default() };
    let newest = store::incident_list(tx, organization, &filter, 1)?.first().map(|incident| incident.instance_id);
    Ok(newest.map(|newest| InstanceId((newest.0 - limits::PERSON_DATA_INCIDENTS).max(0))))
}

/// A message with the attempts at it.
pub(super) fn with_attempts(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    row: NotificationRow,
) -> Result<(NotificationRow, Vec<AttemptRow>), Error> {
    let sequence = row.id.sequence;
    let attempts = store::attempt_list(tx, organization, row.id.instance_id, sequence, sequence)?;
    Ok((row, attempts.into_iter().map(|(_, attempt)| attempt).collect()))
}

/// The newest notices to a person about no incident, such as handovers.
pub(super) fn notices(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    user: &Username,
) -> Result<super::Messages, Error> {
    let end = (Instant(i64::MAX), i64::MAX);
    let rows = store::notice_list(tx, organization, user, end, limits::PERSON_DATA_ROWS)?;
    rows.into_iter().map(|row| with_attempts(tx, organization, row)).collect()
}

/// Views of the list of incidents that they saved, for themselves or for everybody.
pub(super) fn saved_views(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<Value, Error> {
    let rows = store::saved_view_of_author(tx, organization, person)?.into_iter();
    let told = rows.map(|row| {
        let is_shared = row.person.is_none();
        json!({"name": row.name, "query": row.query, "is_shared": is_shared, "made_at": row.made_at.wire()})
    });
    Ok(told.collect())
}

//! What must hold in every store at any time, found out apart from the engine, for all incidents.

use domain::incident::{Event, Happening, Incident, Status, replay};
use domain::{InstanceId, Instant, OrganizationId};
use store::{Error, Row, Store, Tx};

/// Every promise that is broken, in words.
pub(crate) fn broken(store: &Store, organization: OrganizationId, now: Instant) -> Vec<String> {
    let found = store.read(|tx| {
        let mut broken = Vec::new();
        for (id, due_at) in incidents(tx, organization)? {
            let Some(incident) = store::incident_load(tx, organization, id)? else { continue };
            let events = store::event_list(tx, organization, id)?;
            broken.extend(log_does_not_replay(&incident, &events));
            let was_stranded =
                events.iter().any(|event| matches!(event.what, Happening::Dispatch { stranded: true, .. }));
            if !was_stranded {
                broken.extend(numbers_do_not_rise(tx, &incident, organization)?);
            }
            if due_at != incident.due_at() {
                broken.push(format!(
                    "incident {id}: the store says due at {due_at:?}, the state {:?}",
                    incident.due_at()
                ));
            }
            if (incident.status == Status::Resolved) != due_at.is_none() {
                broken.push(format!("incident {id}: {:?}, due at {due_at:?}", incident.status));
            }
            if due_at.is_some_and(|at| at <= now) {
                broken.push(format!("incident {id} is due and nothing was done"));
            }
        }
        for waiting in store::notification_next(tx)? {
            if waiting.next_at().is_some_and(|at| at <= now) {
                broken.push(format!("a notification by {} is due and was not sent", waiting.channel.word()));
            }
        }
        broken.extend(held_for_ever(tx, organization)?);
        Ok::<_, Error>(broken)
    });
    found.unwrap_or_else(|error| vec![error.to_string()])
}

/// Notifications that are held in a mailbox that is never due.
fn held_for_ever(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<String>, Error> {
    let sql = "select n.username, n.channel from notification n where n.organization_id = $1 and n.next_at is not null
        and n.next_at > 9000000000000000000 and not exists (select 1 from mailbox m
        where m.organization_id = n.organization_id and m.channel = n.channel and m.username = n.username
        and m.next_at is not null) group by n.username, n.channel";
    let rows = tx.all(sql, &[organization.0.into()])?;
    let said = |row: &Row| Ok(format!("what is held for {} by {} is never let go", row.text(0)?, row.text(1)?));
    rows.iter().map(said).collect()
}

fn incidents(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<(InstanceId, Option<Instant>)>, Error> {
    let sql = "select instance_id, due_at from incident where organization_id = $1 order by instance_id";
    let rows = tx.all(sql, &[organization.0.into()])?;
    rows.iter().map(|row| Ok((InstanceId(row.integer(0)?), row.optional_integer(1)?.map(Instant)))).collect()
}

/// The log tells all but numbers, what was suppressed, and the minutely retries of a stranded incident.
pub(crate) fn log_does_not_replay(stored: &Incident, events: &[Event]) -> Option<String> {
    let Some(mut told) = replay(events) else { return Some(format!("incident {}: no TRIGGER", stored.instance_id)) };
    told.instance_id = stored.instance_id;
    told.organization_instance_id = stored.organization_instance_id;
    told.version = stored.version;
    told.suppressed_count = stored.suppressed_count;
    told.last_suppressed_at = stored.last_suppressed_at;
    if was_stranded(events) {
        told.next_alert_at = stored.next_alert_at;
    }
    (told != *stored).then(|| format!("the log tells of\n    {told:?}\n  and the store of\n    {stored:?}"))
}

/// Whether nobody could be found for the incident after the last event that says when it is due: from then on it was
/// tried every minute in silence.
fn was_stranded(events: &[Event]) -> bool {
    let says_when = |event: &Event| {
        matches!(
            event.what,
            Happening::Trigger(_)
                | Happening::Reopen(_)
                | Happening::Dispatch { .. }
                | Happening::Acknowledge { .. }
                | Happening::UnAcknowledge { .. }
                | Happening::Escalate { .. }
                | Happening::Reassign { .. }
                | Happening::Snooze { .. }
                | Happening::KeepBack { .. }
        )
    };
    let last = events.iter().rposition(says_when);
    last.and_then(|last| replay(&events[..=last])).is_some_and(|then| then.stranded)
}

/// Events are numbered by the version that their step led to, and no step is missing but those that log nothing: the
/// suppression of an alert, and the minutely retry of a stranded incident, which the caller leaves out.
fn numbers_do_not_rise(
    tx: &mut dyn Tx,
    incident: &Incident,
    organization: OrganizationId,
) -> Result<Option<String>, Error> {
    let sql = "select sequence from event where organization_id = $1 and instance_id = $2 order by sequence";
    let rows = tx.all(sql, &[organization.0.into(), incident.instance_id.0.into()])?;
    let mut versions = rows.iter().map(|row| Ok(row.integer(0)? >> 20)).collect::<Result<Vec<_>, Error>>()?;
    versions.dedup();
    let silent = i64::from(incident.suppressed_count);
    let logged = i64::try_from(versions.len()).expect("few");
    let is_complete = logged + silent >= incident.version;
    let is_within = versions.first() == Some(&1) && versions.iter().all(|version| *version <= incident.version);
    let wrong = || format!("incident {}: version {}, logged {versions:?}", incident.instance_id, incident.version);
    Ok((!is_complete || !is_within).then(wrong))
}

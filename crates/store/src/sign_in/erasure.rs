//! What is rewritten where a person is erased: wherever a name or an address of theirs was kept as a text.

use crate::seam::statement::statements;
use crate::{AttemptRow, Error, NotificationId, Row, Tx};
use domain::incident::{By, Happening, Incident};
use domain::{InstanceId, OrganizationId, RefId};

statements! {
    FORMER_PERSON_ERASE = "update former_person set name = $3, erased = $4 where organization_id = $1 and ref_id = $2";
    COMPONENT_VERSION_REWRITE = "update component_version set body = $4
        where organization_id = $1 and ref_id = $2 and version = $3";
    VERSION_REWRITE = "update directory_version set plan = $3 where organization_id = $1 and version = $2";
    VERSION_AUTHOR = "update directory_version set author = $3 where organization_id = $1 and author = $2";
    COMPONENT_AUTHOR = "update component set updated_by = $3 where organization_id = $1 and updated_by = $2";
    COMPONENT_CHANGED = "update component set personal = $3 where organization_id = $1 and ref_id = $2";
    PROVIDER_AUTHOR = "update sign_in_provider set updated_by = $3 where organization_id = $1 and updated_by = $2";
    SWAP_REWRITE = "update swap set body = $4 where organization_id = $1 and routine = $2 and swap_ref_id = $3";
    KEY_ERASE = "update api_key set name = $3, allow = '' where organization_id = $1 and person = $2";
    AUDIT_PERSONAL_OF = "select value from audit_personal where organization_id = $1 and person = $2";
    ATTEMPT_REWRITE = "update attempt set answer = $5
        where organization_id = $1 and instance_id = $2 and sequence = $3 and attempt = $4";
    MESSAGE_ATTEMPT_REWRITE = "update message_attempt set answer = $5 where attempt = $4 and delivery_id =
        (select bundle from notification where organization_id = $1 and instance_id = $2 and sequence = $3)";
    MESSAGE_REWRITE = "update message set fate = $4 where fate is not null and delivery_id = (select bundle from notification
        where organization_id = $1 and instance_id = $2 and sequence = $3 and state = 'in message')";
    NOTIFICATION_REWRITE = "update notification set fate = $4
        where organization_id = $1 and instance_id = $2 and sequence = $3";
    EVENT_BODIES = "select sequence, body from event where organization_id = $1 and instance_id = $2";
    EVENT_REWRITE = "update event set body = $4 where organization_id = $1 and instance_id = $2 and sequence = $3";
    EVENT_BY_PERSON = "update event set by_ref = $4, by_name = null where organization_id = $1 and instance_id >= $2
        and instance_id < $3 and by_ref is null and by_name = $5";
    INCIDENT_LIKE = "select instance_id, body from incident where organization_id = $1 and instance_id >= $2
        and instance_id < $3 and body like $4 escape '!'";
    INCIDENT_BODY = "update incident set body = $3 where organization_id = $1 and instance_id = $2";
    EVENT_LIKE = "select instance_id, body from event where organization_id = $1 and instance_id >= $2
        and instance_id < $3 and body like $4 escape '!' order by instance_id desc limit $5";
}

/// Incidents from one number to before another.
pub type Stretch = (InstanceId, InstanceId);

/// A pattern of `like` for texts that hold this one as it stands in JSON.
fn holding(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let inner = quoted.trim_matches('"');
    let escaped: String =
        inner.chars().flat_map(|one| ['!', one].into_iter().skip(usize::from(!"!%_".contains(one)))).collect();
    format!("%{escaped}%")
}

/// Somebody who left has another name from now on, as the one of the erased with this number.
pub fn former_person_erase(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    person: &RefId,
    (name, number): (&str, i64),
) -> Result<(), Error> {
    let values = [organization.0.into(), person.as_str().into(), name.into(), number.into()];
    tx.run(FORMER_PERSON_ERASE, &values).map(drop)
}

/// Puts another body in the place of one that a component had.
pub fn component_version_rewrite(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (ref_id, version): (&RefId, i64),
    body: &str,
) -> Result<(), Error> {
    let values = [organization.0.into(), ref_id.as_str().into(), version.into(), body.into()];
    tx.run(COMPONENT_VERSION_REWRITE, &values).map(drop)
}

/// Puts other words in the place of what a version of the directory changed.
pub fn version_rewrite(tx: &mut dyn Tx, organization: OrganizationId, version: i64, plan: &str) -> Result<(), Error> {
    tx.run(VERSION_REWRITE, &[organization.0.into(), version.into(), plan.into()]).map(drop)
}

/// Puts another name wherever one stands for who changed the directory or a sign-in provider.
pub fn author_rename(tx: &mut dyn Tx, organization: OrganizationId, old: &str, new: &str) -> Result<(), Error> {
    for sql in [VERSION_AUTHOR, COMPONENT_AUTHOR, PROVIDER_AUTHOR] {
        tx.run(sql, &[organization.0.into(), old.into(), new.into()])?;
    }
    Ok(())
}

/// Keeps something else of which fields of a person were changed by whom.
pub fn component_changed_by(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    ref_id: &RefId,
    personal: &str,
) -> Result<(), Error> {
    tx.run(COMPONENT_CHANGED, &[organization.0.into(), ref_id.as_str().into(), personal.into()]).map(drop)
}

/// Keeps something else of a swap.
pub fn swap_rewrite(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (routine, swap): (&str, &str),
    body: &str,
) -> Result<(), Error> {
    tx.run(SWAP_REWRITE, &[organization.0.into(), routine.into(), swap.into(), body.into()]).map(drop)
}

/// Gives the tokens of a person this name, and forgets from which networks they were shown.
pub fn key_erase(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId, name: &str) -> Result<(), Error> {
    tx.run(KEY_ERASE, &[organization.0.into(), person.as_str().into(), name.into()]).map(drop)
}

/// The personal values of a person in the audit log.
pub fn audit_personal_of(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<Vec<String>, Error> {
    let rows = tx.all(AUDIT_PERSONAL_OF, &[organization.0.into(), person.as_str().into()])?;
    rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}

/// Puts another text in the place of what came back of an attempt.
pub fn attempt_rewrite(tx: &mut dyn Tx, id: &NotificationId, attempt: &AttemptRow) -> Result<(), Error> {
    let key = [id.organization.0.into(), id.instance_id.0.into(), id.sequence.into()];
    let values: Vec<_> = key.into_iter().chain([attempt.attempt.into(), attempt.answer.as_str().into()]).collect();
    match tx.run(ATTEMPT_REWRITE, &values)? {
        0 => tx.run(MESSAGE_ATTEMPT_REWRITE, &values).map(drop),
        _ => Ok(()),
    }
}

/// Puts another text in the place of what became of a notification, and of the message that it is in.
pub fn notification_rewrite(tx: &mut dyn Tx, id: &NotificationId, fate: &str) -> Result<(), Error> {
    let key = [id.organization.0.into(), id.instance_id.0.into(), id.sequence.into()];
    let values: Vec<_> = key.into_iter().chain([fate.into()]).collect();
    tx.run(NOTIFICATION_REWRITE, &values)?;
    tx.run(MESSAGE_REWRITE, &values).map(drop)
}

/// Rewrites the events of an incident, where `rewritten` gives another body.
pub fn event_rewrite(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    rewritten: impl Fn(&str) -> Option<String>,
) -> Result<(), Error> {
    for row in tx.all(EVENT_BODIES, &[organization.0.into(), id.0.into()])? {
        if let Some(body) = rewritten(row.text(1)?) {
            tx.run(EVENT_REWRITE, &[organization.0.into(), id.0.into(), row.integer(0)?.into(), body.into()])?;
        }
    }
    Ok(())
}

/// Has incidents and their events say by the id of a person what they said by this name, as they did before ids were kept.
pub fn incident_by_person(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (first, before): Stretch,
    (person, name): (&RefId, &str),
) -> Result<(), Error> {
    let stretch = [organization.0.into(), first.0.into(), before.0.into()];
    let of_events = stretch.clone().into_iter().chain([person.as_str().into(), name.into()]);
    tx.run(EVENT_BY_PERSON, &of_events.collect::<Vec<_>>())?;
    let named = By::Named(name.to_owned());
    let values: Vec<_> = stretch.into_iter().chain([holding(name).into()]).collect();
    for row in tx.all(INCIDENT_LIKE, &values)? {
        let Ok(mut incident) = serde_json::from_str::<Incident>(row.text(1)?) else { continue };
        if incident.created_by.as_ref() == Some(&named) {
            incident.created_by = Some(By::person(person));
            let body = serde_json::to_string(&incident).map_err(|error| Error::Statement(error.to_string()))?;
            tx.run(INCIDENT_BODY, &[organization.0.into(), row.integer(0)?.into(), body.into()])?;
        }
    }
    Ok(())
}

/// The incidents in whose notes or status updates a text stands, newest first, at most so many of those that are looked at.
pub fn incident_noted(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (first, before): Stretch,
    text: &str,
    limit: u32,
) -> Result<Vec<InstanceId>, Error> {
    let values = [organization.0.into(), first.0.into(), before.0.into(), holding(text).into(), limit.into()];
    let is_noted = |row: &Row| {
        let what = serde_json::from_str::<Happening>(row.text(1)?);
        let is_it = match what {
            Ok(Happening::Notate { notes }) => notes.contains(text),
            Ok(Happening::StatusUpdate { text: update }) => update.contains(text),
            _ => false,
        };
        Ok(is_it.then_some(InstanceId(row.integer(0)?)))
    };
    let rows = tx.all(EVENT_LIKE, &values)?;
    let mut found: Vec<_> = rows.iter().filter_map(|row| is_noted(row).transpose()).collect::<Result<_, Error>>()?;
    found.dedup();
    Ok(found)
}

//! Bundles: notifications that go out as one message, settled together by few statements however many they are.

use super::settle::AttemptRow;
use super::{NotificationId, put_aside, read};
use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::incident::Status;
use domain::notification::{Notification, Standing};
use domain::{Instant, OrganizationId, Urgency};
use serde::Deserialize;

/// One notification of a bundle, with how its incident stands.
#[derive(Clone, Debug)]
pub struct Bundled {
    /// Which one.
    pub id: NotificationId,
    /// What it says.
    pub notification: Notification,
    /// The incident's number within its organization.
    pub number: i64,
    /// What decides whether it is still called for.
    pub standing: Standing,
    /// How loud the incident is now.
    pub urgency: Urgency,
}

/// What of an incident's state is looked at: to read all of it would take ten times as long.
#[derive(Deserialize)]
struct Round {
    round: u32,
}

statements! {
    BUNDLE_LEAVE = "update notification set bundle = null
        where +organization_id = $1 and bundle is not null and bundle = $2 and state = 'dropped'";
    BUNDLE_LIST = "select n.organization_id, n.instance_id, n.sequence, n.username, n.channel, n.round, n.due_at, n.body,
        n.attempts, i.organization_instance_id, i.status, i.urgency, i.body from notification n
        join incident i on i.organization_id = n.organization_id and i.instance_id = n.instance_id
        where +n.organization_id = $1 and n.bundle is not null and n.bundle = $2 and n.state = 'sending'
        and n.attempts = $3 limit $4";
    BUNDLE_DROP = "update notification set state = 'dropped', next_at = null, finished_at = $4, fate = $5, bundle = null
        where organization_id = $1 and instance_id = $2 and sequence = $3 and state = 'sending'";
    BUNDLE_ATTEMPT = "insert into attempt (organization_id, instance_id, sequence, attempt, at, elapsed_micros, outcome,
        answer) select organization_id, instance_id, sequence, attempts, cast($4 as bigint), cast($5 as bigint),
        cast($6 as text), cast($7 as text) from notification
        where +organization_id = $1 and bundle is not null and bundle = $2 and attempts = $3 on conflict do nothing";
    BUNDLE_SENT = "update notification set state = 'sent', next_at = null, finished_at = $4, fate = null
        where +organization_id = $1 and bundle is not null and bundle = $2 and attempts = $3 and state <> 'failed'";
    BUNDLE_RETRY = "update notification set state = 'waiting', next_at = $4
        where +organization_id = $1 and bundle is not null and bundle = $2 and attempts = $3 and state = 'sending'";
}

/// What a claimed bundle consists of at this moment, by incident, at most `limit`. What was dropped before leaves it for
/// good, so that it is not taken for sent when the others are; what is dropped from now on is in the message. A row that
/// cannot be read is ended, so that the rest goes on.
pub fn bundle_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    bundle: &str,
    attempt: u32,
    limit: u32,
    now: Instant,
) -> Result<Vec<Bundled>, Error> {
    tx.run(BUNDLE_LEAVE, &[organization.0.into(), bundle.into()])?;
    let rows = tx.all(BUNDLE_LIST, &[organization.0.into(), bundle.into(), attempt.into(), limit.into()])?;
    let mut bundled = Vec::with_capacity(rows.len());
    for row in &rows {
        match one(row) {
            Ok(one) => bundled.push(one),
            Err(error) => put_aside(tx, organization, row, &error, now)?,
        }
    }
    bundled.sort_by_key(|bundled| bundled.id);
    Ok(bundled)
}

fn one(row: &Row) -> Result<Bundled, Error> {
    let (id, notification, _) = read(row)?;
    let corrupt = |reason: String| Error::Corrupt(format!("incident {}: {reason}", id.instance_id));
    let status = row.text(10)?;
    let status = Status::from_word(status).ok_or_else(|| corrupt(format!("unknown status `{status}`")))?;
    let Round { round } = serde_json::from_str(row.text(12)?).map_err(|error| corrupt(error.to_string()))?;
    let standing = Standing { instance_id: id.instance_id, status, round };
    let urgency = Urgency::try_from(row.integer(11)?).map_err(|error| corrupt(error.to_owned()))?;
    Ok(Bundled { id, notification, number: row.integer(9)?, standing, urgency })
}

/// Takes a notification that is not called for any more out of its claimed bundle, and says why.
pub fn bundle_drop(tx: &mut dyn Tx, id: &NotificationId, reason: &str, now: Instant) -> Result<(), Error> {
    let [a, b, c] = id.key();
    tx.run(BUNDLE_DROP, &[a, b, c, now.0.into(), reason.into()]).map(drop)
}

fn record(tx: &mut dyn Tx, organization: OrganizationId, bundle: &str, row: &AttemptRow) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        bundle.into(),
        row.attempt.into(),
        row.at.0.into(),
        row.elapsed_micros.into(),
        row.outcome.as_str().into(),
        row.answer.as_str().into(),
    ];
    tx.run(BUNDLE_ATTEMPT, &values).map(drop)
}

/// Records that a bundle was sent, also for those of its notifications that were dropped meanwhile.
pub fn bundle_sent(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    bundle: &str,
    row: &AttemptRow,
    now: Instant,
) -> Result<(), Error> {
    record(tx, organization, bundle, row)?;
    tx.run(BUNDLE_SENT, &[organization.0.into(), bundle.into(), row.attempt.into(), now.0.into()]).map(drop)
}

/// Records that a bundle could not be sent, and that what is left of it is tried again at `at`.
pub fn bundle_retry(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    bundle: &str,
    row: &AttemptRow,
    at: Instant,
) -> Result<(), Error> {
    record(tx, organization, bundle, row)?;
    tx.run(BUNDLE_RETRY, &[organization.0.into(), bundle.into(), row.attempt.into(), at.0.into()]).map(drop)
}

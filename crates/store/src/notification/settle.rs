//! What becomes of a claimed notification: the attempt at it, and its fate.

use super::NotificationId;
use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::notification::Fate;
use domain::{InstanceId, Instant, OrganizationId};

/// What is recorded of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// Its number, from 1.
    pub attempt: u32,
    /// When it began.
    pub at: Instant,
    /// How long it took, microseconds.
    pub elapsed_micros: i64,
    /// `delivered`, `temporary failure` or `permanent failure`.
    pub outcome: String,
    /// What came back.
    pub answer: String,
}

statements! {
    NOTIFICATION_SENT = "update notification set state = 'sent', next_at = null, finished_at = $5, fate = null
        where organization_id = $1 and instance_id = $2 and sequence = $3 and attempts = $4 and state <> 'failed'";
    NOTIFICATION_RETRY = "update notification set state = 'waiting', next_at = $5
        where organization_id = $1 and instance_id = $2 and sequence = $3 and attempts = $4 and state = 'sending'";
    NOTIFICATION_END = "update notification set state = $5, next_at = null, finished_at = $6, fate = $7
        where organization_id = $1 and instance_id = $2 and sequence = $3 and attempts = $4 and state = 'sending'";
    ATTEMPT_INSERT = "insert into attempt (organization_id, instance_id, sequence, attempt, at, elapsed_micros, outcome,
        answer) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
    ATTEMPT_LIST = "select sequence, attempt, at, elapsed_micros, outcome, answer from attempt
        where organization_id = $1 and instance_id = $2 and sequence >= $3 and sequence <= $4
        union all
        select n.sequence, a.attempt, a.at, a.elapsed_micros, a.outcome, a.answer
        from notification n join message_attempt a on a.delivery_id = n.bundle
        where n.organization_id = $1 and n.instance_id = $2 and n.sequence >= $3 and n.sequence <= $4
        and (n.state <> 'left' or a.attempt <= n.attempts) order by 1, 2";
}

/// Records an attempt and what becomes of its notification. That it was sent is recorded even when it was dropped
/// meanwhile, unless the carrier's receipt came first and said that it did not arrive; a retry or failure of a dropped one
/// changes nothing more. Whether the fate took effect.
pub fn notification_settle(
    tx: &mut dyn Tx,
    id: &NotificationId,
    row: &AttemptRow,
    fate: Fate,
    now: Instant,
) -> Result<bool, Error> {
    let [a, b, c] = id.key();
    let attempt = [
        a,
        b,
        c,
        row.attempt.into(),
        row.at.0.into(),
        row.elapsed_micros.into(),
        row.outcome.as_str().into(),
        row.answer.as_str().into(),
    ];
    tx.run(ATTEMPT_INSERT, &attempt)?;
    let [a, b, c] = id.key();
    let number = row.attempt.into();
    let changed = match fate {
        Fate::Sent => tx.run(NOTIFICATION_SENT, &[a, b, c, number, now.0.into()]),
        Fate::Retry(at) => tx.run(NOTIFICATION_RETRY, &[a, b, c, number, at.0.into()]),
        Fate::Failed => {
            let values = [a, b, c, number, "failed".into(), now.0.into(), row.answer.as_str().into()];
            tx.run(NOTIFICATION_END, &values)
        }
    }?;
    Ok(changed == 1)
}

/// Records that a claimed notification is not called for any more, and why.
pub fn notification_drop(
    tx: &mut dyn Tx,
    id: &NotificationId,
    attempt: u32,
    reason: &str,
    now: Instant,
) -> Result<(), Error> {
    let [a, b, c] = id.key();
    tx.run(NOTIFICATION_END, &[a, b, c, attempt.into(), "dropped".into(), now.0.into(), reason.into()]).map(drop)
}

/// The attempts at the notifications of an incident from number `first` to number `last`, each with the number of its
/// notification, in order.
pub fn attempt_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    first: i64,
    last: i64,
) -> Result<Vec<(i64, AttemptRow)>, Error> {
    let read = |row: &Row| {
        let attempt = AttemptRow {
            attempt: u32::try_from(row.integer(1)?).map_err(|error| Error::Corrupt(error.to_string()))?,
            at: Instant(row.integer(2)?),
            elapsed_micros: row.integer(3)?,
            outcome: row.text(4)?.to_owned(),
            answer: row.text(5)?.to_owned(),
        };
        Ok((row.integer(0)?, attempt))
    };
    let values = [organization.0.into(), id.0.into(), first.into(), last.into()];
    tx.all(ATTEMPT_LIST, &values)?.iter().map(read).collect()
}

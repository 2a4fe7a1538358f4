//! Recording: what came back, what it means for the notification and its destination, and what the incident says of it.

use super::claim::Claimed;
use super::destination::note_failure;
use super::draft::KEPT_BACK;
use super::fault::{report as report_fault, report_apart};
use crate::carrier::{Outcome, Report};
use crate::metrics::{AttemptLabels, ChannelLabels};
use crate::notifier::Notifier;
use domain::Instant;
use domain::incident::Command;
use domain::notification::{Answer, Channel, Fate, after_attempt};
use engine::{Batch, Failure, Request, Undo, act};
use store::{AttemptRow, Destination, Mailbox, MessageEnd, NotificationId, Try};

/// The word for an attempt that the carrier took.
const DELIVERED: &str = "delivered";
/// Notifications of one message that are given up in one transaction: each is said on its incident.
const GIVEN_UP_AT_ONCE: u32 = 20;

impl Notifier {
    /// Records that a claimed notification is not called for any more.
    pub(super) async fn record_drop(&self, message: Claimed, reason: &'static str) -> Result<(), Failure> {
        self.count(message.notification.channel, "dropped", 0);
        let drop = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            batch.incident_changed(message.id.organization, message.id.instance_id);
            Ok(store::notification_drop(batch.tx, &message.id, message.attempt, reason, now)?)
        };
        self.engine().desk().submit_behind((message.id.organization, 1), drop).await
    }

    /// Records that a maintenance window keeps a claimed page back, and lets its incident wait for the end.
    pub(super) async fn record_kept_back(&self, message: Claimed) -> Result<(), Failure> {
        self.count(message.notification.channel, "dropped", 0);
        let keep = move |batch: &mut Batch<'_>| {
            let (id, now) = (&message.id, batch.now());
            act(batch, &Request::by_system(id.organization, id.instance_id, Command::KeepBack))?;
            Ok(store::notification_drop(batch.tx, id, message.attempt, KEPT_BACK, now)?)
        };
        self.engine().desk().submit_behind((message.id.organization, 1), keep).await
    }

    /// Records what came back; `destination` is where the message went, if it went anywhere.
    pub(super) async fn record(
        &self,
        message: Claimed,
        report: Report,
        at: Instant,
        destination: Option<Destination>,
    ) -> Result<(), Failure> {
        let (answer, outcome) = meaning(report.outcome);
        let channel = message.notification.channel;
        self.count(channel, outcome, message.count);
        let row = AttemptRow {
            attempt: message.attempt,
            at,
            elapsed_micros: i64::try_from(report.elapsed_micros).unwrap_or(i64::MAX),
            outcome: outcome.to_owned(),
            answer: report.answer,
        };
        let now = self.engine().now();
        let (answered, pauses) = match destination {
            Some(destination) if matches!(answer, Answer::TemporaryFailure { .. }) => {
                (None, self.note_failure(destination, answer, row.answer.clone()).await?)
            }
            destination => (destination, false),
        };
        let fate = match self.fate(&message, answer, now) {
            // It is put off to the end of the pause like all others to this destination, and its incident says so.
            Fate::Retry(_) if pauses => Fate::Retry(now),
            fate => fate,
        };
        let (said, user, incident) = (row.answer.clone(), message.notification.user.clone(), message.id.instance_id.0);
        let message = Claimed { answered, ..message };
        let given_up = match message.as_message() {
            Some(this) => self.record_many(message, this, row, fate).await?,
            None => self.record_one(message, row, fate).await?,
        };
        let channel = channel.word();
        if given_up {
            tracing::warn!(incident, %user, channel, answer = said, "a notification was given up");
        } else if outcome != DELIVERED {
            tracing::warn!(incident, %user, channel, answer = said, pauses, "a notification could not be delivered yet");
        }
        Ok(())
    }

    /// Notes that a destination failed, for all nodes. Whether a pause begins.
    async fn note_failure(&self, destination: Destination, answer: Answer, text: String) -> Result<bool, Failure> {
        let organization = destination.organization;
        let note = move |batch: &mut Batch<'_>| note_failure(batch, &destination, (answer, &text));
        self.engine().desk().submit_behind((organization, 1), note).await
    }

    fn fate(&self, message: &Claimed, answer: Answer, now: Instant) -> Fate {
        let notification = &message.notification;
        let jitter = self.engine().ids().jitter(u64::MAX);
        after_attempt(answer, &notification.content.reason, notification.due_at, message.attempt, jitter, now)
    }

    /// Whether the notification was given up.
    async fn record_one(&self, message: Claimed, row: AttemptRow, fate: Fate) -> Result<bool, Failure> {
        let organization = message.id.organization;
        let record = move |batch: &mut Batch<'_>| {
            let Claimed { id, notification, .. } = &message;
            let now = batch.now();
            let took_effect = store::notification_settle(batch.tx, id, &row, fate, now)?;
            batch.incident_changed(id.organization, id.instance_id);
            let given_up = took_effect && fate == Fate::Failed;
            resume(batch, &message, fate)?;
            if given_up {
                report_fault(batch, id, notification, &row.answer, None)?;
            }
            Ok(given_up)
        };
        self.engine().desk().submit_behind((organization, 1), record).await
    }

    /// Likewise for a message that lists several.
    async fn record_many(&self, message: Claimed, this: Try, row: AttemptRow, fate: Fate) -> Result<bool, Failure> {
        let organization = message.id.organization;
        if fate == Fate::Failed {
            return self.give_up(message, this, row).await;
        }
        let record = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            store::message_attempt(batch.tx, &this.delivery_id, &row)?;
            match fate {
                Fate::Retry(at) => store::message_retry(batch.tx, &this, at)?,
                Fate::Sent | Fate::Failed => store::message_end(batch.tx, &this, MessageEnd::Sent, now)?,
            }
            batch.messages_changed(organization);
            resume(batch, &message, fate)
        };
        self.engine().desk().submit_behind((organization, 1), record).await.map(|()| false)
    }

    /// Gives up what a message lists, some at a time, and then the message. After a crash between, the rest is tried again when
    /// its lease is over, and given up then.
    async fn give_up(&self, message: Claimed, this: Try, row: AttemptRow) -> Result<bool, Failure> {
        let organization = message.id.organization;
        let (mut after, mut given_up) = (None, false);
        loop {
            let (this, row, answered) = (this.clone(), row.clone(), message.answered.clone());
            let some = move |batch: &mut Batch<'_>| give_up_some(batch, &this, &row, after, answered.as_ref());
            let last = self.engine().desk().submit_behind((organization, GIVEN_UP_AT_ONCE.into()), some).await?;
            let Some(last) = last else { return Ok(given_up) };
            (after, given_up) = (Some(last), true);
        }
    }

    /// Counts an attempt, and what it handed over.
    fn count(&self, channel: Channel, outcome: &'static str, notifications: u64) {
        let metrics = &self.0.metrics;
        let labels = AttemptLabels { channel: channel.word(), outcome };
        metrics.attempts.get_or_create(&labels).inc();
        if outcome == DELIVERED {
            metrics.handed_over.get_or_create(&ChannelLabels { channel: channel.word() }).inc_by(notifications);
        }
    }
}

/// Gives up the notifications of a message after one of them, as many as share a transaction; the last of them. `None` where
/// there were no more, and the message is given up.
fn give_up_some(
    batch: &mut Batch<'_>,
    this: &Try,
    row: &AttemptRow,
    after: Option<NotificationId>,
    answered: Option<&Destination>,
) -> Result<Option<NotificationId>, Undo> {
    let now = batch.now();
    if let Some(destination) = answered {
        store::breaker_forget(batch.tx, destination)?;
    }
    store::message_attempt(batch.tx, &this.delivery_id, row)?;
    let some = store::message_contents(batch.tx, this, after.as_ref(), GIVEN_UP_AT_ONCE)?;
    for (id, error) in &some.unreadable {
        store::message_fail_one(batch.tx, id, error, now)?;
    }
    for bundled in &some.bundled {
        store::message_fail_one(batch.tx, &bundled.id, &row.answer, now)?;
        batch.incident_changed(bundled.id.organization, bundled.id.instance_id);
        report_apart(batch, &bundled.id, &bundled.notification, &row.answer, None)?;
    }
    let last = some.last();
    if last.is_none() {
        store::message_end(batch.tx, this, MessageEnd::Failed(&row.answer), now)?;
    }
    Ok(last)
}

/// Nothing is held against a destination that answered, and a message that found out that it works again lets go what waited
/// for that.
fn resume(batch: &mut Batch<'_>, message: &Claimed, fate: Fate) -> Result<(), Undo> {
    if let Some(destination) = &message.answered {
        store::breaker_forget(batch.tx, destination)?;
    }
    if message.probe.is_some() && fate == Fate::Sent {
        let (user, channel, now) = (&message.notification.user, message.notification.channel, batch.now());
        let mailbox = Mailbox { organization: message.id.organization, user, channel };
        store::mailbox_resume(batch.tx, &mailbox, now)?;
    }
    Ok(())
}

/// What the carrier's word means for the rules, and its word in records and metrics.
fn meaning(outcome: Outcome) -> (Answer, &'static str) {
    match outcome {
        Outcome::Delivered => (Answer::Delivered, DELIVERED),
        Outcome::TemporaryFailure { retry_after_seconds } => {
            (Answer::TemporaryFailure { retry_after_seconds }, "temporary failure")
        }
        Outcome::PermanentFailure | Outcome::Gone => (Answer::PermanentFailure, "permanent failure"),
    }
}

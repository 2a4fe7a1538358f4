//! Delivery: claim what is due, check that it is still called for, send outside any transaction, record.
//! At least once: a crash between sending and recording repeats one message with the same id, and loses none.

use crate::act::{Request, act};
use crate::carrier::{Letter, Outcome, Report};
use crate::desk::{Batch, EVERYBODY};
use crate::engine::{Engine, Lane};
use crate::failure::{Failure, Undo};
use crate::letter::letter;
use crate::metrics::AttemptLabels;
use crate::text::alert_text;
use domain::incident::{Command, Method};
use domain::notification::{Answer, Channel, Fate, Standing, after_attempt, channels_for};
use domain::{Instant, limits};
use store::{AttemptRow, Claimed, Tx};
use tokio::sync::OwnedSemaphorePermit;

/// A place that a sending takes up; the end of the sending, a panic too, frees it and wakes the beat.
struct Busy {
    engine: Engine,
    place: Option<OwnedSemaphorePermit>,
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.place = None;
        self.engine.0.wake.notify_one();
    }
}

/// What becomes of a claimed notification before it is sent.
enum Prepared {
    Send(Box<Letter>),
    /// The incident does not call for it any more.
    Drop(&'static str),
    /// There is nowhere to send it.
    Nowhere(String),
    /// It could not be found out what to send; waiting for the lease to run out would keep the person waiting too.
    NotNow(String),
}

impl Engine {
    /// Claims what is due on every channel, as much as there are free places, and begins to send it. Sending goes on
    /// after this returns; each end wakes the beat. How many were claimed.
    ///
    /// # Errors
    /// As the store says; what was claimed before is being sent.
    pub async fn deliver(&self) -> Result<usize, Failure> {
        let mut claimed = 0;
        for (channel, lane) in &self.0.lanes {
            claimed += self.deliver_by(*channel, lane).await?;
        }
        Ok(claimed)
    }

    /// Takes over what a server that died was sending: before this server's first beat. On SQLite, where one server
    /// runs at a time, it is due at once; on PostgreSQL other nodes may be sending, and their leases must run out.
    ///
    /// # Errors
    /// As the store says.
    pub async fn take_over(&self) -> Result<(), Failure> {
        if self.0.store.dialect() != store::Dialect::Sqlite {
            return Ok(());
        }
        let release = |batch: &mut Batch<'_>| {
            let now = batch.now();
            Ok(store::notification_release(batch.tx, now)?)
        };
        let count = self.0.desk.submit_own(EVERYBODY, release).await?;
        if count > 0 {
            tracing::info!(count, "notifications that were being sent when the last server died are sent again");
        }
        Ok(())
    }

    /// Ends when no notification is on its way to a carrier.
    pub async fn all_sent(&self) {
        for lane in self.0.lanes.values() {
            // The semaphore is never closed, so that there is no failure to look at.
            let _ = lane.places.acquire_many(u32::try_from(lane.size).unwrap_or(u32::MAX)).await;
        }
    }

    async fn deliver_by(&self, channel: Channel, lane: &Lane) -> Result<usize, Failure> {
        let mut places = Vec::new();
        while let Ok(place) = std::sync::Arc::clone(&lane.places).try_acquire_owned() {
            places.push(place);
        }
        let Ok(limit) = u32::try_from(places.len()) else { return Ok(0) };
        if limit == 0 {
            return Ok(0);
        }
        let lease = self.0.shared.clock.span_of_real(i64::from(limits::LEASE_SECONDS) * 1_000_000);
        let claim = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            Ok(store::notification_claim(batch.tx, channel, now, now.plus_micros(lease), limit)?)
        };
        let claimed = self.0.desk.submit_own(EVERYBODY, claim).await?;
        let count = claimed.len();
        for (claimed, place) in claimed.into_iter().zip(places) {
            let busy = Busy { engine: self.clone(), place: Some(place) };
            tokio::spawn(async move { busy.engine.deliver_one(claimed).await });
        }
        Ok(count)
    }

    async fn deliver_one(&self, claimed: Claimed) {
        let id = claimed.id;
        if let Err(failure) = self.send_and_record(claimed).await {
            // The lease runs out, and the notification is claimed again: nothing is lost.
            tracing::warn!(?failure, incident = id.instance_id.0, "a notification could not be recorded");
        }
    }

    async fn send_and_record(&self, claimed: Claimed) -> Result<(), Failure> {
        let at = self.now();
        let prepared =
            self.prepare(claimed.clone()).await.unwrap_or_else(|failure| Prepared::NotNow(format!("{failure:?}")));
        let report = match prepared {
            Prepared::NotNow(answer) => {
                let outcome = Outcome::TemporaryFailure { retry_after_seconds: None };
                Report { outcome, answer, elapsed_micros: 0 }
            }
            Prepared::Drop(reason) => return self.record_drop(claimed, reason).await,
            Prepared::Nowhere(answer) => Report { outcome: Outcome::PermanentFailure, answer, elapsed_micros: 0 },
            Prepared::Send(letter) => match self.0.lanes.get(&claimed.notification.channel) {
                Some(lane) => lane.carrier.send(&letter).await,
                None => {
                    let answer = "no carrier serves this channel".to_owned();
                    Report { outcome: Outcome::PermanentFailure, answer, elapsed_micros: 0 }
                }
            },
        };
        self.record(claimed, report, at).await
    }

    /// Checks that the incident still calls for the notification, at this instant, and writes the letter.
    async fn prepare(&self, claimed: Claimed) -> Result<Prepared, Failure> {
        let public_url = self.0.public_url.clone();
        self.read(move |tx, shared| {
            let organization = claimed.id.organization;
            let Some(incident) = store::incident_load(tx, organization, claimed.id.instance_id)? else {
                return Ok(Prepared::Drop("the incident is gone"));
            };
            let Some(snapshot) = shared.directories.current(tx, organization)? else {
                return Ok(Prepared::Drop("the organization is gone"));
            };
            let message = &claimed.notification.message;
            let standing =
                Standing { instance_id: incident.instance_id, status: incident.status, round: incident.round };
            if !standing.calls_for(&message.reason, claimed.notification.round) {
                return Ok(Prepared::Drop("the incident does not call for it any more"));
            }
            let channel = claimed.notification.channel;
            let fell = message.reason.is_page() && incident.urgency < message.urgency;
            if fell
                && !channels_for(&snapshot.directory, &claimed.notification.user, incident.urgency).contains(&channel)
            {
                return Ok(Prepared::Drop("the urgency fell, and nothing asks for this channel any more"));
            }
            let text = alert_text(tx, organization, claimed.id.instance_id, &message.task_ref_id)?;
            let written = letter(&claimed, &incident, &text, &snapshot.directory, public_url.as_deref());
            Ok(written.map_or_else(Prepared::Nowhere, |letter| Prepared::Send(Box::new(letter))))
        })
        .await
    }

    async fn record_drop(&self, claimed: Claimed, reason: &'static str) -> Result<(), Failure> {
        self.count(claimed.notification.channel, "dropped");
        let drop = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            Ok(store::notification_drop(batch.tx, &claimed.id, claimed.attempt, reason, now)?)
        };
        self.0.desk.submit_own(claimed.id.organization, drop).await
    }

    async fn record(&self, claimed: Claimed, report: Report, at: Instant) -> Result<(), Failure> {
        let (answer, outcome) = meaning(report.outcome);
        self.count(claimed.notification.channel, outcome);
        let jitter = self.0.ids.jitter(u64::MAX);
        let row = AttemptRow {
            attempt: claimed.attempt,
            at,
            elapsed_micros: i64::try_from(report.elapsed_micros).unwrap_or(i64::MAX),
            outcome: outcome.to_owned(),
            answer: report.answer,
        };
        let organization = claimed.id.organization;
        let (id, channel) = (claimed.id, claimed.notification.channel);
        let (user, said) = (claimed.notification.user.clone(), row.answer.clone());
        let record = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            let notification = &claimed.notification;
            let reason = &notification.message.reason;
            let fate = after_attempt(answer, reason, notification.due_at, claimed.attempt, jitter, now);
            let took_effect = store::notification_settle(batch.tx, &claimed.id, &row, fate, now)?;
            let given_up = took_effect && fate == Fate::Failed;
            if given_up {
                say_so(batch, &claimed, &row.answer)?;
            }
            Ok(given_up)
        };
        let given_up = self.0.desk.submit_own(organization, record).await?;
        let (incident, channel) = (id.instance_id.0, channel.word());
        if given_up {
            tracing::warn!(incident, %user, channel, answer = said, "a notification was given up");
        } else if outcome != DELIVERED {
            tracing::warn!(incident, %user, channel, answer = said, "a notification could not be delivered yet");
        }
        Ok(())
    }

    fn count(&self, channel: Channel, outcome: &'static str) {
        let labels = AttemptLabels { channel: channel.word(), outcome };
        self.0.shared.metrics.attempts.get_or_create(&labels).inc();
    }

    /// Since when the longest undelivered notification has been due on any channel; waiting to be tried again counts.
    pub(crate) fn oldest_notification(&self, tx: &mut dyn Tx) -> Result<Option<Instant>, store::Error> {
        let oldest = |channel: &Channel| store::notification_oldest(tx, *channel);
        Ok(self.0.lanes.keys().map(oldest).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().min())
    }

    /// When the next notification is due on any channel.
    pub(crate) fn next_notification(&self, tx: &mut dyn Tx) -> Result<Option<Instant>, store::Error> {
        let next = |channel: &Channel| store::notification_next(tx, *channel);
        Ok(self.0.lanes.keys().map(next).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().min())
    }
}

/// The word for an attempt that the carrier took.
const DELIVERED: &str = "delivered";

/// What the carrier's word means for the rules, and its word in records and metrics.
fn meaning(outcome: Outcome) -> (Answer, &'static str) {
    match outcome {
        Outcome::Delivered => (Answer::Delivered, DELIVERED),
        Outcome::TemporaryFailure { retry_after_seconds } => {
            (Answer::TemporaryFailure { retry_after_seconds }, "temporary failure")
        }
        Outcome::PermanentFailure => (Answer::PermanentFailure, "permanent failure"),
    }
}

/// A page that was given up is said on the incident (on-call §4).
fn say_so(batch: &mut Batch<'_>, claimed: &Claimed, answer: &str) -> Result<(), Undo> {
    let request = Request {
        organization: claimed.id.organization,
        key_id: None,
        method: Method::System,
        by: None,
        instance_id: Some(claimed.id.instance_id),
        command: Command::ReportFailure {
            user: claimed.notification.user.clone(),
            channel: claimed.notification.channel,
            answer: answer.to_owned(),
        },
        idempotency: None,
    };
    act(batch, &request).map(drop)
}

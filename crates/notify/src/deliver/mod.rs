//! Delivery: claim what is due, check that it is still called for, send outside any transaction, record.
//! At least once: a crash between sending and recording repeats one message with the same id, and loses none.

mod claim;
mod code;
mod destination;
mod draft;
pub(crate) mod fault;
mod grow;
mod hold;
mod open;
mod prepare;
mod record;
mod spread;
mod tell;

use crate::carrier::{Outcome, Report};
use crate::notifier::{Lane, Notifier};
use claim::{CLAIMED_AT_ONCE, Claim, Claimed, What};
use domain::OrganizationId;
use domain::notification::Channel;
use engine::{Batch, EVERYBODY, Failure};
use prepare::Prepared;
use std::sync::Arc;
use store::{Tx, Waiting};
use tokio::sync::OwnedSemaphorePermit;

/// A place that a sending takes up, or the turn to tell; the end of it, a panic too, frees it and wakes the beat.
struct Busy {
    notifier: Notifier,
    place: Option<OwnedSemaphorePermit>,
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.place = None;
        self.notifier.engine().wake();
    }
}

impl Notifier {
    /// Claims what is due by itself on every channel, as much as there are free places, and begins to send it. Sending goes on
    /// after this returns; each end wakes the beat. How many messages were claimed.
    ///
    /// # Errors
    /// As the store says; what was claimed before is being sent, and the failure of one organization does not keep the
    /// others from their messages.
    pub async fn deliver(&self) -> Result<usize, Failure> {
        let now = self.engine().now();
        let notifier = self.clone();
        let due: Vec<(Channel, Vec<OrganizationId>)> = self
            .engine()
            .read(move |tx, _| {
                let next = notifier.next_notifications(tx)?.into_iter();
                let due = next.filter(|waiting| waiting.own_at.is_some_and(|at| at <= now));
                due.map(|Waiting { channel, .. }| Ok((channel, store::notification_due_where(tx, channel, now)?)))
                    .collect()
            })
            .await?;
        let (mut claimed, mut failure) = (0, None);
        for (channel, organizations) in due {
            let Some(lane) = self.0.lanes.get(&channel) else { continue };
            for organization in organizations {
                match self.claim_all((organization, channel), lane, What::Due).await {
                    Ok(count) => claimed += count,
                    Err(error) => {
                        tracing::warn!(?error, organization = organization.0, "what is due could not be claimed");
                        failure = Some(error);
                    }
                }
            }
        }
        failure.map_or(Ok(claimed), Err)
    }

    /// Takes over what a server that died was sending: before this server's first beat. On SQLite, where one server
    /// runs at a time, it is due at once; on PostgreSQL other nodes may be sending, and their leases must run out.
    ///
    /// # Errors
    /// As the store says.
    pub async fn take_over(&self) -> Result<(), Failure> {
        if self.engine().dialect() != store::Dialect::Sqlite {
            return Ok(());
        }
        let release = |batch: &mut Batch<'_>| {
            let now = batch.now();
            store::mailbox_doubt_all(batch.tx, now)?;
            Ok(store::notification_release(batch.tx, now)?)
        };
        let count = self.engine().desk().submit_own(EVERYBODY, release).await?;
        if count > 0 {
            tracing::info!(count, "notifications that were being sent when the last server died are sent again");
        }
        Ok(())
    }

    /// Ends when no notification is on its way to a carrier, and no incident is being told of it.
    pub async fn all_sent(&self) {
        for lane in self.0.lanes.values() {
            lane.opening.ended().await;
        }
        for lane in self.0.lanes.values() {
            // The places are never closed, so that there is no failure to look at.
            let _ = lane.places.acquire_many(u32::try_from(lane.size).unwrap_or(u32::MAX)).await;
        }
        self.0.telling.ended().await;
    }

    /// Begins to send what is due to people of one organization by one channel; how many messages. Places are taken when the
    /// claim has its turn, so that none stands empty meanwhile.
    async fn claim_all(
        &self,
        (organization, channel): (OrganizationId, Channel),
        lane: &Lane,
        what: What,
    ) -> Result<usize, Failure> {
        let mut count = 0;
        while lane.places.available_permits() > 0 {
            let (claim, free) = (Claim::new(self, organization, channel), Arc::clone(&lane.places));
            let claim = move |batch: &mut Batch<'_>| {
                let mut places = Vec::new();
                while let Ok(place) = Arc::clone(&free).try_acquire_owned() {
                    places.push(place);
                }
                let harvest = claim.run(batch, what, places.len())?;
                places.truncate(harvest.messages.len());
                Ok((harvest, places))
            };
            let desk = self.engine().desk();
            let (harvest, places) = match what {
                What::Due => desk.submit_own(organization, claim).await?,
                What::Mailboxes => desk.submit_behind((organization, CLAIMED_AT_ONCE.into()), claim).await?,
            };
            count += harvest.messages.len();
            for (message, place) in harvest.messages.into_iter().zip(places) {
                self.begin(message, place);
            }
            if !harvest.has_more {
                break;
            }
        }
        Ok(count)
    }

    fn begin(&self, message: Claimed, place: OwnedSemaphorePermit) {
        let busy = Busy { notifier: self.clone(), place: Some(place) };
        tokio::spawn(async move { busy.notifier.deliver_one(message).await });
    }

    async fn deliver_one(&self, message: Claimed) {
        let id = message.id;
        if let Err(failure) = self.send_and_record(message).await {
            // The lease runs out, and the message is claimed again: nothing is lost.
            tracing::warn!(?failure, incident = id.instance_id.0, "a notification could not be recorded");
        }
    }

    async fn send_and_record(&self, message: Claimed) -> Result<(), Failure> {
        let message = self.grown(message).await?;
        let at = self.engine().now();
        let prepared = self.prepare(&message).await.unwrap_or_else(|failure| Prepared::NotNow(format!("{failure:?}")));
        match prepared {
            Prepared::Nothing => Ok(()),
            Prepared::Drop(reason) => self.record_drop(message, reason).await,
            Prepared::KeptBack => self.record_kept_back(message).await,
            Prepared::NotNow(answer) => {
                let outcome = Outcome::TemporaryFailure { retry_after_seconds: None };
                self.record(message, Report { outcome, answer, elapsed_micros: 0 }, at, None).await
            }
            Prepared::Nowhere(answer) => {
                let report = Report { outcome: Outcome::PermanentFailure, answer, elapsed_micros: 0 };
                self.record(message, report, at, None).await
            }
            Prepared::Send(outgoing, destination) => {
                let report = self.send(message.id.organization, message.notification.channel, &outgoing).await;
                self.record(message, report, at, Some(destination)).await
            }
        }
    }

    /// What waits on each channel that this server has a carrier for.
    pub(crate) fn next_notifications(&self, tx: &mut dyn Tx) -> Result<Vec<Waiting>, store::Error> {
        let mut next = store::notification_next(tx)?;
        next.retain(|waiting| self.0.lanes.contains_key(&waiting.channel));
        Ok(next)
    }
}

//! One beat: tick, deliver, housekeeping, and when the next beat is due. The loop that sleeps stands in `server`.

use crate::engine::Engine;
use crate::failure::Failure;
use crate::tick::TickReport;
use domain::Instant;
use domain::notification::Channel;

/// Idempotency keys forgotten in one transaction, so that none takes long.
const FORGOTTEN_AT_ONCE: u32 = 1000;

/// What one beat did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BeatReport {
    /// What the tick did.
    pub tick: TickReport,
    /// Messages that were claimed and are being sent.
    pub claimed: usize,
    /// When something is due next; `None` when nothing waits.
    pub next_at: Option<Instant>,
}

impl Engine {
    /// Does all that is due now.
    ///
    /// # Errors
    /// As the store says; the next beat does what this one could not.
    pub async fn beat(&self) -> Result<BeatReport, Failure> {
        self.look_at_database().await?;
        // One organization that cannot be told the time must not keep the notifications of the others.
        let (tick, handed_over, claimed) = (self.tick().await, self.hand_over().await, self.deliver().await);
        let (tick, (), claimed) = (tick?, handed_over?, claimed?);
        self.record_key_uses().await?;
        let (next_at, is_untold) = self.look_ahead().await?;
        // Whoever waits for all that is due to be done looks once more.
        let next_at = if is_untold && self.begin_telling() { Some(self.now()) } else { next_at };
        Ok(BeatReport { tick, claimed, next_at })
    }

    /// When something is due next, and whether an incident has yet to be told that a destination is left alone. What is
    /// due already but has no free place to be sent from is not waited for: the end of a sending wakes the beat.
    async fn look_ahead(&self) -> Result<(Option<Instant>, bool), Failure> {
        let engine = self.clone();
        self.read(move |tx, shared| {
            let now = Instant(shared.clock.now());
            let incident = store::incident_next_due(tx)?;
            let next = engine.next_notifications(tx)?;
            let oldest = next.iter().map(|waiting| store::notification_oldest(tx, waiting.channel));
            let oldest = oldest.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().min();
            let late = |at: Option<Instant>| at.map_or(0, |at| (now.0 - at.0).max(0));
            set_seconds(&shared.metrics.overdue_incident_seconds, late(incident));
            set_seconds(&shared.metrics.overdue_notification_seconds, late(oldest));
            shared.metrics.stranded.set(store::incident_stranded(tx)?);
            let notification = next.iter().filter_map(|waiting| waiting.next_at).min();
            let notification = notification.filter(|at| *at > now || engine.has_free_places());
            let next_at = incident.into_iter().chain(notification).chain(engine.0.handovers.next_at()).min();
            Ok((next_at, next.iter().any(|waiting| waiting.untold.is_some())))
        })
        .await
    }

    fn has_free_places(&self) -> bool {
        self.0.lanes.values().all(|lane| lane.places.available_permits() > 0)
    }

    /// Forgets idempotency keys of yesterday; to be called now and then.
    ///
    /// # Errors
    /// As the store says.
    pub async fn tidy_up(&self) -> Result<(), Failure> {
        loop {
            let forget = |batch: &mut crate::desk::Batch<'_>| {
                let now = batch.now();
                Ok(store::idempotency_forget(batch.tx, now, FORGOTTEN_AT_ONCE)?)
            };
            let forgotten = self.0.desk.submit_own(crate::desk::EVERYBODY, forget).await?;
            if forgotten < u64::from(FORGOTTEN_AT_ONCE) {
                return Ok(());
            }
        }
    }

    /// Channels that this server has a carrier for.
    pub fn channels(&self) -> Vec<Channel> {
        self.0.lanes.keys().copied().collect()
    }
}

type Seconds = prometheus_client::metrics::gauge::Gauge<f64, std::sync::atomic::AtomicU64>;

#[expect(clippy::cast_precision_loss, reason = "a metric")]
fn set_seconds(gauge: &Seconds, micros: i64) {
    gauge.set(micros as f64 / 1e6);
}

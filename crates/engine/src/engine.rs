//! The engine: what the rooms above hold of it, and its one entrance for commands.

use crate::act::{AlertToEnd, Asker, Intake, Ping, Reader, Request, Taken};
use crate::act::{act, end_by_hand, foreseen, foreseen_of, keep_topic, ping, take_in};
use crate::changes::Changes;
use crate::clock::Clock;
use crate::database_checks::DatabaseChecks;
use crate::desk::{Batch, Desk, DeskLimits, EVERYBODY, Shared};
use crate::failure::Failure;
use crate::ids::Ids;
use crate::metrics::Metrics;
use crate::reader_pool::ReaderPool;
use crate::snapshot::{Directories, Snapshot};
use domain::incident::Outcome;
use domain::notification::Channel;
use domain::{Instant, OrganizationId, RefId, limits};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::{Dialect, PayloadRow, Store, TopicRow, Tx};
use tokio::sync::Notify;

/// Idempotency keys forgotten in one transaction, so that none takes long.
const FORGOTTEN_AT_ONCE: u32 = 1000;
/// Microseconds after the last alert for which it is kept how many came: twice the longest span in which they are counted,
/// after which the count is nothing.
const STORM_KEPT: i64 = 2 * 3_600_000_000;
/// Microseconds for which it is kept that a sign-in failed: a count begins anew after a day.
const FAILURES_KEPT: i64 = 2 * 86_400_000_000;

/// What an engine is made of.
pub struct Parts {
    /// The migrated store.
    pub store: Arc<Store>,
    /// The one clock.
    pub clock: Clock,
    /// The one source of chance.
    pub ids: Ids,
    /// Channels that this server has a carrier for. No other reaches anybody.
    pub channels: BTreeSet<Channel>,
    /// Bounds of the desk.
    pub desk: DeskLimits,
}

/// The engine. Cheap to clone; clones are the same engine.
#[derive(Clone)]
pub struct Engine(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    dialect: Dialect,
    pub(crate) shared: Arc<Shared>,
    ids: Ids,
    pub(crate) channels: BTreeSet<Channel>,
    desk: Desk,
    pub(crate) checks: DatabaseChecks,
    wake: Notify,
    pub(crate) readers: Arc<ReaderPool>,
    /// Real time of the last tick, microseconds.
    ticked_at: AtomicI64,
    /// When this engine began.
    began_at: Instant,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Engine")
    }
}

impl Engine {
    /// Starts an engine over a store.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start(parts: Parts) -> std::io::Result<Self> {
        let limits = parts.desk;
        Self::assemble(parts, |store, shared| Desk::open(store, shared, limits))
    }

    /// Starts an engine without threads: whoever asks for something does it at once, and waits for the database. For
    /// simulation, where nothing may depend on how threads take turns; the bounds of the desk mean nothing then.
    #[must_use]
    pub fn start_threadless(parts: Parts) -> Self {
        let assembled = Self::assemble(parts, |store, shared| Ok::<_, Infallible>(Desk::threadless(store, shared)));
        assembled.unwrap_or_else(|never| match never {})
    }

    fn assemble<E>(parts: Parts, open: impl FnOnce(&Arc<Store>, &Arc<Shared>) -> Result<Desk, E>) -> Result<Self, E> {
        let Parts { store, clock, ids, channels, desk: _ } = parts;
        let ticked_at = AtomicI64::new(clock.real_now());
        let directories = Directories::new(channels.clone());
        let shared = Arc::new(Shared { clock, directories, metrics: Metrics::default(), changes: Changes::default() });
        let (desk, dialect) = (open(&store, &shared)?, store.dialect());
        let readers = Arc::new(ReaderPool::new(store, Arc::clone(&shared), desk.is_threadless()));
        let (checks, wake, began_at) = (DatabaseChecks::default(), Notify::new(), Instant(shared.clock.now()));
        Ok(Self(Arc::new(Inner { dialect, shared, ids, channels, desk, checks, wake, readers, ticked_at, began_at })))
    }

    /// Performs a request. The answer survives the death of the process from this moment on.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn act(&self, request: Request) -> Result<Outcome, Failure> {
        let organization = request.organization;
        let foreseen = foreseen(&request.command);
        let result = self.0.desk.submit_foreseen(organization, foreseen, move |batch| act(batch, &request)).await;
        let outcome = match &result {
            Ok(Outcome::Deduplicated { .. }) => "deduplicated",
            Ok(_) => "done",
            Err(Failure::Refused(_)) => "refused",
            Err(_) => "failed",
        };
        self.metrics().count_command(outcome);
        if outcome == "done" {
            self.wake();
        }
        result
    }

    /// Takes in what a monitoring tool says. `None` when its integration is gone. The answer survives the death of the
    /// process from this moment on.
    ///
    /// # Errors
    /// See [`Failure`]; nothing was taken in then.
    pub async fn take_in(&self, mut intake: Intake) -> Result<Option<Vec<Taken>>, Failure> {
        let organization = intake.organization;
        let (foreseen, payloads) = (foreseen_of(&intake), intake.take_payloads());
        let taken = self.0.desk.submit_foreseen(organization, foreseen, move |batch| {
            batch.took_in(intake.organization);
            take_in(batch, &intake, &payloads)
        });
        let taken = taken.await?;
        for taken in taken.iter().flatten() {
            self.metrics().count_alert(taken.judged.fate.word());
            taken.window.iter().for_each(|window| self.metrics().count_kept_back(organization, window));
        }
        self.wake();
        Ok(taken)
    }

    /// Takes in what a heartbeat says. `false` when there is no such heartbeat.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn ping(
        &self,
        organization: OrganizationId,
        heartbeat: RefId,
        said: Ping,
        run: Option<String>,
        body: String,
    ) -> Result<bool, Failure> {
        let alert = RefId(self.0.ids.timed_ref_id(self.now()));
        let work = move |batch: &mut Batch<'_>| {
            batch.took_in(organization);
            ping(batch, (organization, &heartbeat), (said, run.as_deref()), &body, &alert)
        };
        let known = self.0.desk.submit(organization, work).await?;
        self.wake();
        Ok(known)
    }

    /// Ends an alert as its sender would, and its incident if it was the last of it; one that is over stays as it is.
    ///
    /// # Errors
    /// `Refused(UnknownAlert)`; otherwise see [`Failure`].
    pub async fn end_alert(&self, asker: Asker, asked: AlertToEnd) -> Result<(), Failure> {
        let organization = asker.organization;
        let work = move |batch: &mut Batch<'_>| end_by_hand(batch, &asker, &asked);
        self.0.desk.submit(organization, work).await.inspect(|()| self.wake())
    }

    /// When this engine began.
    pub(crate) fn began_at(&self) -> Instant {
        self.0.began_at
    }

    /// Keeps a body that could not be read, for whoever sets up its sender.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn keep_unreadable(
        &self,
        organization: OrganizationId,
        integration: RefId,
        body: String,
        reason: String,
    ) -> Result<(), Failure> {
        let keep = move |batch: &mut Batch<'_>| {
            let (received_at, body, outcome) = (batch.now(), body.clone(), reason.clone());
            batch.took_in(organization);
            let row = PayloadRow { is_read: false, received_at, body, outcome };
            Ok(store::payload_add(batch.tx, organization, &integration, &row)?)
        };
        self.desk().submit(organization, keep).await
    }

    /// Keeps that the subscription to a topic of Amazon SNS was confirmed, or is about to be. `false` if it is none of those that are
    /// `listed`, and the integration is subscribed to another by now; nothing is changed then.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn keep_topic(
        &self,
        organization: OrganizationId,
        integration: RefId,
        row: TopicRow,
        listed: bool,
    ) -> Result<bool, Failure> {
        let keep = move |batch: &mut Batch<'_>| keep_topic(batch, (organization, &integration), &row, listed);
        self.desk().submit(organization, keep).await
    }

    /// Forgets a topic whose subscription could not be confirmed, so that another can be the first.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn forget_topic(
        &self,
        organization: OrganizationId,
        integration: RefId,
        arn: String,
    ) -> Result<(), Failure> {
        let forget = move |batch: &mut Batch<'_>| {
            Ok(store::topic_delete_unconfirmed(batch.tx, organization, &integration, &arn)?)
        };
        self.desk().submit(organization, forget).await
    }

    /// Where work that changes something waits for its turn.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.0.desk
    }

    /// Reads one moment of the store, which holds all that was committed before.
    ///
    /// # Errors
    /// What `body` fails with; `Busy` when no reader is free for seconds.
    pub async fn read<T, R>(&self, body: R) -> Result<T, Failure>
    where
        T: Send + 'static,
        R: FnOnce(&mut dyn Tx, &Shared) -> Result<T, Failure> + Send + 'static,
    {
        self.0.readers.read(body).await
    }

    /// The directory as it stands now, without what who reads must not know of.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)` when the key is not valid any more; otherwise see [`Failure`].
    pub async fn directory(&self, reader: Reader) -> Result<Arc<Snapshot>, Failure> {
        let whole = self.whole_directory(reader.clone()).await?;
        let seen = reader.rights(&whole).visible();
        Ok(seen.map_or_else(|| Arc::clone(&whole), Arc::new))
    }

    /// The directory as it stands now, whole: to judge by, and to show nothing of.
    ///
    /// # Errors
    /// As [`Engine::directory`].
    pub async fn whole_directory(&self, reader: Reader) -> Result<Arc<Snapshot>, Failure> {
        self.read(move |tx, shared| snapshot(tx, shared, &reader)).await
    }

    /// Forgets idempotency keys of yesterday, what was counted in hours that are over, and what became of alerts more
    /// than `keep_days` ago; to be called now and then. Nothing of an unresolved incident is forgotten.
    ///
    /// # Errors
    /// As the store says.
    pub async fn tidy_up(&self, keep_days: u32) -> Result<(), Failure> {
        loop {
            let forget = |batch: &mut Batch<'_>| {
                let now = batch.now();
                store::hourly_forget(batch.tx, now)?;
                let failures = forget_sign_ins(batch, EVERYBODY)?;
                Ok(failures.max(store::idempotency_forget(batch.tx, now, FORGOTTEN_AT_ONCE)?))
            };
            if self.desk().submit_own(EVERYBODY, forget).await? < u64::from(FORGOTTEN_AT_ONCE) {
                break;
            }
        }
        for organization in self.read(|tx, _| Ok(store::organization_list(tx)?)).await? {
            self.forget_alerts(organization.id, keep_days).await?;
        }
        Ok(())
    }

    /// Forgets what became of alerts long ago, in pieces that keep nobody waiting.
    async fn forget_alerts(&self, organization: OrganizationId, keep_days: u32) -> Result<(), Failure> {
        loop {
            let forget = move |batch: &mut Batch<'_>| {
                let day = |days: i64| batch.now().plus_micros(-days * 86_400_000_000);
                let (kept, over) = (day(i64::from(keep_days)), day(limits::PROBLEM_DAYS));
                let quiet = batch.now().plus_micros(-STORM_KEPT);
                store::problem_forget_with_fates(batch.tx, organization, kept, FORGOTTEN_AT_ONCE)?;
                let fates = store::fate_forget(batch.tx, organization, kept, FORGOTTEN_AT_ONCE)?;
                let problems = store::problem_forget(batch.tx, organization, over, FORGOTTEN_AT_ONCE)?;
                let changes = store::change_event_forget(batch.tx, organization, kept, FORGOTTEN_AT_ONCE)?;
                let groups = store::group_forget(batch.tx, organization, over, FORGOTTEN_AT_ONCE)?;
                let deliveries = store::delivery_forget(batch.tx, organization, kept, FORGOTTEN_AT_ONCE)?;
                let storms = store::storm_forget(batch.tx, organization, quiet, FORGOTTEN_AT_ONCE)?;
                let sign_ins = forget_sign_ins(batch, organization)?;
                Ok(fates.max(changes).max(problems).max(groups).max(deliveries).max(storms).max(sign_ins))
            };
            let rows = u64::from(FORGOTTEN_AT_ONCE);
            if self.desk().submit_behind((organization, rows), forget).await? < rows {
                return Ok(());
            }
        }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Instant {
        Instant(self.0.shared.clock.now())
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.shared.clock
    }

    /// The source of ids.
    #[must_use]
    pub fn ids(&self) -> &Ids {
        &self.0.ids
    }

    /// Which database the store is on.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.0.dialect
    }

    /// Says that something was done that may have made work due earlier.
    pub fn wake(&self) {
        self.0.wake.notify_one();
    }

    /// Ends when [`Engine::wake`] was called.
    pub async fn woken(&self) {
        self.0.wake.notified().await;
    }

    /// What is counted.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.0.shared.metrics
    }

    /// What is counted, as Prometheus reads it.
    #[must_use]
    pub fn metrics_text(&self) -> String {
        self.metrics().tick_age_seconds.set(self.tick_age_seconds());
        self.metrics().text()
    }

    /// A tick has looked at every due incident.
    pub(crate) fn ticked(&self) {
        self.0.ticked_at.store(self.clock().real_now(), Ordering::Relaxed);
    }

    /// Real seconds since the last tick.
    #[expect(clippy::cast_precision_loss, reason = "a metric")]
    pub(crate) fn tick_age_seconds(&self) -> f64 {
        let ticked_at = self.0.ticked_at.load(Ordering::Relaxed);
        (self.clock().real_now() - ticked_at).max(0) as f64 / 1e6
    }
}

/// Forgets sessions, links and challenges whose time is over, and sign-ins that failed long ago; the most rows of one of them.
fn forget_sign_ins(batch: &mut Batch<'_>, organization: OrganizationId) -> Result<u64, store::Error> {
    let now = batch.now();
    let sessions = store::session_forget(batch.tx, organization, now, FORGOTTEN_AT_ONCE)?;
    let links = store::sign_in_link_forget(batch.tx, organization, now, FORGOTTEN_AT_ONCE)?;
    let challenges = store::passkey_challenge_forget(batch.tx, organization, now, FORGOTTEN_AT_ONCE)?;
    let before = now.plus_micros(-FAILURES_KEPT);
    let failures = store::sign_in_failure_forget(batch.tx, organization, before, FORGOTTEN_AT_ONCE)?;
    let answers = store::provider_answer_forget(batch.tx, organization, now, FORGOTTEN_AT_ONCE)?;
    let of_providers = store::provider_session_forget(batch.tx, organization, now, FORGOTTEN_AT_ONCE)?;
    Ok(sessions.max(links).max(challenges).max(failures).max(answers).max(of_providers))
}

/// The current snapshot, once whoever reads is known to be allowed still.
///
/// # Errors
/// `Refused(KeyRevoked)`, or as the store says.
pub fn snapshot(tx: &mut dyn Tx, shared: &Shared, reader: &Reader) -> Result<Arc<Snapshot>, Failure> {
    let gone = || Failure::Refused(domain::Refusal::KeyRevoked);
    let snapshot = shared.directories.current(tx, reader.organization)?.ok_or_else(gone)?;
    reader.credential.shown_name(&snapshot, Instant(shared.clock.now()))?;
    Ok(snapshot)
}

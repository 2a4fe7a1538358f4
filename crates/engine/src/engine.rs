//! The engine: what the rooms above hold of it, and its one entrance for commands.

use crate::act::{Request, act, foreseen};
use crate::breakers::Breakers;
use crate::carrier::Carrier;
use crate::clock::Clock;
use crate::desk::{Desk, DeskLimits, Shared};
use crate::directory::{Directories, Snapshot};
use crate::failure::Failure;
use crate::guesses::Guesses;
use crate::handovers::Handovers;
use crate::ids::Ids;
use crate::key_ring::KeyRing;
use crate::looks::Looks;
use crate::metrics::{CommandLabels, Metrics};
use crate::readers::Readers;
use crate::token::TokenSecret;
use domain::OrganizationId;
use domain::incident::Outcome;
use domain::notification::{Channel, Pacing};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use store::{Store, Tx};
use tokio::sync::{Notify, Semaphore};

/// What an engine is made of.
pub struct Parts {
    /// The migrated store.
    pub store: Arc<Store>,
    /// The one clock.
    pub clock: Clock,
    /// The one source of chance.
    pub ids: Ids,
    /// What sends, by channel. A channel without a carrier reaches nobody.
    pub carriers: BTreeMap<Channel, Arc<dyn Carrier>>,
    /// Bounds of the desk.
    pub desk: DeskLimits,
    /// Notifications sent at the same time, by each channel.
    pub sends_at_once: u32,
    /// Address of this server as people reach it, for links in messages.
    pub public_url: Option<String>,
    /// How often one person is sent a message, by channel. A channel that is missing keeps no distance.
    pub pacing: BTreeMap<Channel, Pacing>,
    /// With what the telephone carrier signs what it sends us. None: replies, digits and receipts are not believed.
    pub twilio_auth_token: Option<String>,
}

/// The engine. Cheap to clone; clones are the same engine.
#[derive(Clone)]
pub struct Engine(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Arc<Store>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) ids: Ids,
    pub(crate) desk: Desk,
    pub(crate) keys: KeyRing,
    pub(crate) lanes: BTreeMap<Channel, Lane>,
    pub(crate) public_url: Option<String>,
    pub(crate) pacing: BTreeMap<Channel, Pacing>,
    pub(crate) twilio_auth_token: Option<String>,
    pub(crate) breakers: Arc<Breakers>,
    pub(crate) guesses: Guesses,
    pub(crate) handovers: Handovers,
    pub(crate) looks: Looks,
    /// How often each number was told that it is not understood, or not listened to.
    pub(crate) excuses: Guesses,
    /// Known once it was asked for.
    pub(crate) token_secret: OnceLock<Arc<TokenSecret>>,
    pub(crate) wake: Notify,
    /// The one turn to tell incidents that a destination is left alone.
    pub(crate) telling: Arc<Semaphore>,
    pub(crate) readers: Arc<Readers>,
    /// Real time of the last tick, microseconds.
    pub(crate) ticked_at: AtomicI64,
}

/// A channel's carrier, and how many notifications it may send at the same time.
pub(crate) struct Lane {
    pub(crate) carrier: Arc<dyn Carrier>,
    pub(crate) places: Arc<Semaphore>,
    /// How many places there are, free or not.
    pub(crate) size: usize,
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
    pub fn start_threadless(parts: Parts) -> Self {
        let assembled = Self::assemble(parts, |store, shared| Ok::<_, Infallible>(Desk::threadless(store, shared)));
        assembled.unwrap_or_else(|never| match never {})
    }

    fn assemble<E>(parts: Parts, open: impl FnOnce(&Arc<Store>, &Arc<Shared>) -> Result<Desk, E>) -> Result<Self, E> {
        let Parts { store, clock, ids, carriers, desk: _, sends_at_once, public_url, pacing, twilio_auth_token } =
            parts;
        let channels = carriers.keys().copied().collect();
        let ticked_at = AtomicI64::new(clock.real_now());
        let shared = Arc::new(Shared { clock, directories: Directories::new(channels), metrics: Metrics::new() });
        let desk = open(&store, &shared)?;
        let size = sends_at_once.max(1) as usize;
        let lane = |carrier| Lane { carrier, places: Arc::new(Semaphore::new(size)), size };
        let lanes = carriers.into_iter().map(|(channel, carrier)| (channel, lane(carrier))).collect();
        let readers = Arc::new(Readers::new(Arc::clone(&store), Arc::clone(&shared), desk.is_threadless()));
        let inner = Inner {
            store,
            shared,
            ids,
            desk,
            keys: KeyRing::default(),
            lanes,
            public_url,
            pacing,
            twilio_auth_token,
            breakers: Arc::default(),
            guesses: Guesses::default(),
            handovers: Handovers::default(),
            looks: Looks::default(),
            excuses: Guesses::default(),
            token_secret: OnceLock::new(),
            wake: Notify::new(),
            telling: Arc::new(Semaphore::new(1)),
            readers,
            ticked_at,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Performs a request. The answer survives the death of the process from this moment on.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn act(&self, request: Request) -> Result<Outcome, Failure> {
        let organization = request.organization;
        let key_id = request.key_id;
        let foreseen = foreseen(&request.command);
        let result = self.0.desk.submit_foreseen(organization, foreseen, move |batch| act(batch, &request)).await;
        let outcome = match &result {
            Ok(Outcome::Deduplicated { .. }) => "deduplicated",
            Ok(_) => "done",
            Err(Failure::Refused(refusal)) => {
                if *refusal == domain::Refusal::KeyRevoked {
                    self.0.keys.forget(key_id);
                }
                "refused"
            }
            Err(_) => "failed",
        };
        self.0.shared.metrics.commands.get_or_create(&CommandLabels { outcome }).inc();
        if outcome == "done" {
            self.0.wake.notify_one();
        }
        result
    }

    /// The time.
    pub fn now(&self) -> domain::Instant {
        domain::Instant(self.0.shared.clock.now())
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.0.shared.clock
    }

    /// The source of ids.
    pub fn ids(&self) -> &Ids {
        &self.0.ids
    }

    /// Ends when something was done that may have made work due earlier.
    pub async fn woken(&self) {
        self.0.wake.notified().await;
    }

    /// Notifications that this engine is sending or recording at this moment, and one more while it tells incidents of
    /// destinations that are left alone; each end wakes [`Engine::woken`].
    pub fn sending(&self) -> usize {
        let telling = 1 - self.0.telling.available_permits();
        self.0.lanes.values().map(|lane| lane.size - lane.places.available_permits()).sum::<usize>() + telling
    }

    /// What is counted, as Prometheus reads it.
    pub fn metrics(&self) -> String {
        let metrics = &self.0.shared.metrics;
        metrics.tick_age_seconds.set(self.tick_age_seconds());
        metrics.text()
    }

    /// Real seconds since the last tick.
    #[expect(clippy::cast_precision_loss, reason = "a metric")]
    pub(crate) fn tick_age_seconds(&self) -> f64 {
        let ticked_at = self.0.ticked_at.load(Ordering::Relaxed);
        (self.0.shared.clock.real_now() - ticked_at).max(0) as f64 / 1e6
    }

    /// Reads one moment of the store, which holds all that was committed before.
    pub(crate) async fn read<T, R>(&self, body: R) -> Result<T, Failure>
    where
        T: Send + 'static,
        R: FnOnce(&mut dyn Tx, &Shared) -> Result<T, Failure> + Send + 'static,
    {
        self.0.readers.read(body).await
    }

    /// The directory as it stands now, for an organization that a key belongs to.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)` when the key is not valid any more; otherwise see [`Failure`].
    pub async fn directory(&self, organization: OrganizationId, key_id: i64) -> Result<Arc<Snapshot>, Failure> {
        self.read(move |tx, shared| snapshot(tx, shared, organization, key_id)).await
    }
}

/// The current snapshot, once the key is known to be valid.
pub(crate) fn snapshot(
    tx: &mut dyn Tx,
    shared: &Shared,
    organization: OrganizationId,
    key_id: i64,
) -> Result<Arc<Snapshot>, Failure> {
    let gone = || Failure::Refused(domain::Refusal::KeyRevoked);
    let snapshot = shared.directories.current(tx, organization)?.ok_or_else(gone)?;
    let now = domain::Instant(shared.clock.now());
    let key = snapshot.keys.get(&key_id).ok_or_else(gone)?;
    if key.revoked_at.is_some() || key.expires_at.is_some_and(|at| at <= now) {
        return Err(gone());
    }
    Ok(snapshot)
}

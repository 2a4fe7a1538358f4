//! The notifier: what the rooms above hold of this one, and what its parts share.

use crate::carrier::{Carrier, VapidKey};
use crate::fetch::{Fetch, Fetched, FormPost};
use crate::metrics::Metrics;
use crate::next_handovers::NextHandovers;
use crate::token::{Purpose, TokenFault, TokenSecret};
use crate::turn::Turn;
use domain::Instant;
use domain::notification::{Channel, Pacing};
use engine::{Batch, EVERYBODY, Engine, Failure};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;

/// Under which name the secret of tokens is kept.
const SECRET: &str = "token";
/// Under which name the key is kept by which push services know the installation.
const VAPID: &str = "vapid";

/// What a notifier is made of.
pub struct Parts {
    /// What sends, by channel. A channel without a carrier reaches nobody.
    pub carriers: BTreeMap<Channel, Arc<dyn Carrier>>,
    /// Notifications sent at the same time, by each channel.
    pub sends_at_once: u32,
    /// Address of this server as people reach it, for links in messages.
    pub public_url: Option<String>,
    /// How often one person is sent a message, by channel. A channel that is missing keeps no distance.
    pub pacing: BTreeMap<Channel, Pacing>,
    /// With what the telephone carrier signs what it sends us. None: replies, digits and receipts are not believed.
    pub twilio_auth_token: Option<String>,
    /// What gets certificates that others sign with.
    pub fetch: Arc<dyn Fetch>,
}

/// The notifier. Cheap to clone; clones are the same notifier.
#[derive(Clone)]
pub struct Notifier(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    engine: Engine,
    pub(crate) lanes: BTreeMap<Channel, Lane>,
    pub(crate) public_url: Option<String>,
    pub(crate) pacing: BTreeMap<Channel, Pacing>,
    pub(crate) twilio_auth_token: Option<String>,
    pub(crate) fetch: Arc<dyn Fetch>,
    pub(crate) fetched: Fetched,
    pub(crate) handovers: NextHandovers,
    /// When requests for cover were looked at last, in microseconds since 1970.
    pub(crate) covers_looked_at: AtomicI64,
    /// Known once it was asked for.
    pub(crate) token_secret: OnceLock<Arc<TokenSecret>>,
    /// Likewise.
    pub(crate) vapid_key: OnceLock<Arc<VapidKey>>,
    /// The one turn to tell incidents that a destination is left alone.
    pub(crate) telling: Turn,
    pub(crate) metrics: Metrics,
}

/// A channel's carrier, and how many notifications it may send at the same time.
pub(crate) struct Lane {
    pub(crate) carrier: Arc<dyn Carrier>,
    pub(crate) places: Arc<Semaphore>,
    /// How many places there are, free or not.
    pub(crate) size: usize,
    /// The one turn to open mailboxes that are due.
    pub(crate) opening: Turn,
}

impl std::fmt::Debug for Notifier {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Notifier")
    }
}

impl Notifier {
    /// A notifier of what an engine queues. The engine was told of the same channels.
    #[must_use]
    pub fn new(engine: Engine, parts: Parts) -> Self {
        let Parts { carriers, sends_at_once, public_url, pacing, twilio_auth_token, fetch } = parts;
        let size = sends_at_once.max(1) as usize;
        let lane = |carrier| Lane { carrier, places: Arc::new(Semaphore::new(size)), size, opening: Turn::default() };
        let lanes = carriers.into_iter().map(|(channel, carrier)| (channel, lane(carrier))).collect();
        let metrics = Metrics::registered(engine.metrics());
        Self(Arc::new(Inner {
            engine,
            lanes,
            public_url,
            pacing,
            twilio_auth_token,
            fetch,
            fetched: Fetched::default(),
            handovers: NextHandovers::default(),
            covers_looked_at: AtomicI64::new(i64::MIN),
            token_secret: OnceLock::new(),
            vapid_key: OnceLock::new(),
            telling: Turn::default(),
            metrics,
        }))
    }

    /// The engine whose notifications these are.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// Address of this server as people reach it, without a slash at its end; empty where that is not configured.
    #[must_use]
    pub fn public_url(&self) -> &str {
        self.0.public_url.as_deref().unwrap_or_default().trim_end_matches('/')
    }

    /// Whether this server may call a URL that somebody wrote, as far as can be known before its name is resolved.
    ///
    /// # Errors
    /// Why it may not, in words that do not repeat it.
    pub fn may_call(&self, url: &str) -> Result<(), String> {
        self.0.fetch.may_call(url)
    }

    /// What sends by this channel.
    #[must_use]
    pub fn carrier(&self, channel: Channel) -> Option<&dyn Carrier> {
        self.0.lanes.get(&channel).map(|lane| &*lane.carrier)
    }

    /// Notifications that are being sent or recorded at this moment, one more while incidents are told of destinations that are
    /// left alone, and one for each channel whose mailboxes are being opened; each end wakes the engine.
    #[must_use]
    pub fn sending(&self) -> usize {
        let telling = usize::from(self.0.telling.is_taken());
        let taken = |lane: &Lane| lane.size - lane.places.available_permits() + usize::from(lane.opening.is_taken());
        self.0.lanes.values().map(taken).sum::<usize>() + telling
    }

    /// A token for `subject`, valid until `expires_at`, or for ever: letters, digits, `-` and `_`, the same for the
    /// same arguments on every node.
    ///
    /// # Errors
    /// As the store says, when the secret must be read.
    pub async fn token<T: Serialize>(
        &self,
        purpose: Purpose,
        subject: &T,
        expires_at: Option<Instant>,
    ) -> Result<String, Failure> {
        Ok(self.token_secret().await?.seal(purpose, subject, expires_at))
    }

    /// What a token speaks of, or why it is not accepted.
    ///
    /// # Errors
    /// As the store says, when the secret must be read.
    pub async fn open_token<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        token: &str,
    ) -> Result<Result<T, TokenFault>, Failure> {
        let now = self.engine().now();
        Ok(self.token_secret().await?.open(purpose, token, now))
    }

    /// Gets what is at an address, which the caller has found to be one that may be called.
    ///
    /// # Errors
    /// Why it is not to be had.
    pub async fn fetch(&self, url: &str) -> Result<Vec<u8>, String> {
        self.0.fetch.get(url).await
    }

    /// Posts a form to an address, which the caller has found to be one that may be called; the status and the answer.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn post_form(&self, post: FormPost<'_>) -> Result<(u16, Vec<u8>), String> {
        self.0.fetch.post(post).await
    }

    /// The same as [`Notifier::fetch`], unless it was got within a day. Keep only what `is_sound`: what is not is asked for again.
    ///
    /// # Errors
    /// Why it is not to be had.
    pub async fn fetch_daily(&self, url: &str, is_sound: impl Fn(&[u8]) -> bool) -> Result<Arc<[u8]>, String> {
        let now = self.engine().now();
        if let Some(kept) = self.0.fetched.find(url, now) {
            return Ok(kept);
        }
        let bytes: Arc<[u8]> = self.fetch(url).await?.into();
        if is_sound(&bytes) {
            self.0.fetched.keep(url, &bytes, now);
        }
        Ok(bytes)
    }

    /// The secret, made on first use. All nodes agree: of two that make one at the same time, one is kept.
    pub(crate) async fn token_secret(&self) -> Result<Arc<TokenSecret>, Failure> {
        if let Some(secret) = self.0.token_secret.get() {
            return Ok(Arc::clone(secret));
        }
        let fresh = self.engine().ids().secret("");
        let keep = move |batch: &mut Batch<'_>| Ok(store::secret_keep(batch.tx, SECRET, &fresh)?);
        let kept = self.engine().desk().submit_own(EVERYBODY, keep).await?;
        Ok(Arc::clone(self.0.token_secret.get_or_init(|| Arc::new(TokenSecret(kept)))))
    }

    /// The key by which push services know this installation, made on first use. All nodes agree, as on the secret.
    ///
    /// # Errors
    /// As the store says, when the key must be read.
    pub async fn vapid_key(&self) -> Result<Arc<VapidKey>, Failure> {
        if let Some(key) = self.0.vapid_key.get() {
            return Ok(Arc::clone(key));
        }
        let fresh = VapidKey::fresh(self.engine().ids());
        let keep = move |batch: &mut Batch<'_>| Ok(store::secret_keep(batch.tx, VAPID, &fresh)?);
        let kept = self.engine().desk().submit_own(EVERYBODY, keep).await?;
        let broken = || store::Error::Corrupt("the key towards push services cannot be read".to_owned());
        let key = VapidKey::read(&kept, self.0.public_url.as_deref()).ok_or_else(broken)?;
        Ok(Arc::clone(self.0.vapid_key.get_or_init(|| Arc::new(key))))
    }
}

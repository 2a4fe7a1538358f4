//! A server without its loop and its socket, put together of parts: the engine, the notifier, the administration.

use directory::Administration;
use domain::notification::{Channel, Pacing};
use engine::{Clock, DeskLimits, Engine, Ids};
use notify::carrier::{BoxFuture, Carrier};
use notify::{Fetch, FormPost, Notifier};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Store;

/// What a server of a test is made of; see `engine::Parts` and `notify::Parts`.
pub struct Parts {
    /// The migrated store.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// The source of chance.
    pub ids: Ids,
    /// What sends, by channel.
    pub carriers: BTreeMap<Channel, Arc<dyn Carrier>>,
    /// Bounds of the desk.
    pub desk: DeskLimits,
    /// Address of the server as people reach it.
    pub public_url: Option<String>,
    /// How often one person is sent a message.
    pub pacing: BTreeMap<Channel, Pacing>,
    /// With what the telephone carrier signs.
    pub twilio_auth_token: Option<String>,
    /// What gets certificates; where there is nothing, none is to be had.
    pub fetch: Option<Arc<dyn Fetch>>,
}

/// Nothing is to be had.
struct Nothing;

impl Fetch for Nothing {
    fn get<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Vec<u8>, String>> {
        Box::pin(async { Err("there is nothing outside of this test".to_owned()) })
    }

    fn post<'a>(&'a self, _: FormPost<'a>) -> BoxFuture<'a, Result<(u16, Vec<u8>), String>> {
        Box::pin(async { Err("there is nothing outside of this test".to_owned()) })
    }
}

impl Parts {
    /// Starts it, with threads of its own.
    pub fn start(self) -> Administration {
        self.start_with(|parts| Engine::start(parts).expect("an engine starts"))
    }

    /// Starts it without threads, for simulation.
    pub fn start_threadless(self) -> Administration {
        self.start_with(Engine::start_threadless)
    }

    fn start_with(self, start: impl FnOnce(engine::Parts) -> Engine) -> Administration {
        let Self { store, clock, ids, carriers, desk, public_url, pacing, twilio_auth_token, fetch } = self;
        let channels = carriers.keys().copied().collect();
        let engine = start(engine::Parts { store: Arc::new(store), clock, ids, channels, desk });
        let fetch = fetch.unwrap_or_else(|| Arc::new(Nothing));
        let parts = notify::Parts { carriers, sends_at_once: 8, public_url, pacing, twilio_auth_token, fetch };
        Administration::new(Notifier::new(engine, parts))
    }
}

//! The administration: what the rooms above hold of this one, and its one entrance for changes by callers.

use crate::audit_head::Heads;
use crate::drift_count::DriftCount;
use crate::hashing::Hashing;
use crate::key_ring::KeyRing;
use crate::known_integration::Lately;
use crate::known_provider::Providers;
use crate::lookout::Lookout;
use crate::noted::{AddressReads, RefusalCount};
use crate::report_look::Looked;
use crate::session_uses::SessionUses;
use crate::turned_away_count::TurnedAway;
use domain::OrganizationId;
use engine::{Batch, Engine, Failure, Undo};
use notify::Notifier;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Mails about signing in that are on their way at the same time.
pub(crate) const MAILS_AT_ONCE: u32 = 32;

/// Who there is, who may, and who is on call. Cheap to clone; clones are the same administration.
#[derive(Clone, Debug)]
pub struct Administration(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    notifier: Notifier,
    pub(crate) keys: KeyRing,
    pub(crate) integrations: Lately,
    pub(crate) heads: Heads,
    pub(crate) drift: DriftCount,
    pub(crate) hashing: Hashing,
    pub(crate) session_uses: SessionUses,
    /// Places for mails about signing in.
    pub(crate) mailing: Arc<Semaphore>,
    pub(crate) refusals: RefusalCount,
    pub(crate) address_reads: AddressReads,
    pub(crate) turned_away: TurnedAway,
    /// When it was looked last whether somebody is to be told of something by mail.
    pub(crate) reports_looked: Looked,
    /// What is known of sign-in providers.
    pub(crate) providers: Providers,
    pub(crate) lookout: Lookout,
}

impl Administration {
    /// The administration of what a notifier and its engine serve.
    #[must_use]
    pub fn new(notifier: Notifier) -> Self {
        let (keys, integrations) = (KeyRing::default(), Lately::default());
        let heads = Heads::registered(notifier.engine().metrics());
        let drift = DriftCount::registered(notifier.engine().metrics());
        let (hashing, session_uses) = (Hashing::default(), SessionUses::default());
        let (mailing, refusals) = (Arc::new(Semaphore::new(MAILS_AT_ONCE as usize)), RefusalCount::default());
        let providers = Providers::default();
        let turned_away = TurnedAway::registered(notifier.engine().metrics());
        Self(Arc::new(Inner {
            notifier,
            keys,
            integrations,
            heads,
            drift,
            hashing,
            session_uses,
            mailing,
            refusals,
            address_reads: AddressReads::default(),
            turned_away,
            reports_looked: Looked::default(),
            providers,
            lookout: Lookout::default(),
        }))
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        self.0.notifier.engine()
    }

    /// The notifier.
    #[must_use]
    pub fn notifier(&self) -> &Notifier {
        &self.0.notifier
    }

    /// Runs a change that a caller asks for. The answer survives the death of the process from this moment on.
    pub(crate) async fn change<T, W>(&self, organization: OrganizationId, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnMut(&mut Batch<'_>) -> Result<T, Undo> + Send + 'static,
    {
        let result = self.engine().desk().submit(organization, work).await;
        if result.is_ok() {
            self.notifier().directory_changed();
        }
        result
    }
}

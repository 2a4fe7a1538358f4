//! The hub: what changes in an organization, loaded at most five times a second, for all of its pages that are open here.

mod refresh;

pub(crate) use refresh::Refresh;

use domain::OrganizationId;
use engine::{Changed, Engine, Failure, Stamp, Watch};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};

/// Between two refreshes: no page is told of changes more often.
const BETWEEN_REFRESHES: Duration = Duration::from_millis(200);
/// Refreshes that wait for a page that is slow to take them; one that is slower looks again.
const WAITING: usize = 8;
/// Incidents of one refresh; where more changed, pages look again.
const MOST: usize = 200;

type Refreshes = broadcast::Sender<Arc<Refresh>>;

/// What is open on this node.
#[derive(Clone)]
pub(crate) struct Hub {
    organizations: Arc<Mutex<HashMap<OrganizationId, Refreshes>>>,
    places: Arc<Semaphore>,
}

impl Hub {
    /// A hub for so many pages.
    pub(crate) fn new(pages: usize) -> Self {
        Self { organizations: Arc::default(), places: Arc::new(Semaphore::new(pages)) }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<OrganizationId, Refreshes>> {
        self.organizations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a page, if one is free.
    pub(crate) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    /// What changes in this organization from now on.
    pub(crate) async fn join(
        &self,
        engine: &Engine,
        organization: OrganizationId,
    ) -> Result<broadcast::Receiver<Arc<Refresh>>, Failure> {
        if let Some(refreshes) = self.open().get(&organization) {
            return Ok(refreshes.subscribe());
        }
        let watch = engine.watch(organization).await?;
        let mut open = self.open();
        // Somebody else may have been faster.
        if let Some(refreshes) = open.get(&organization) {
            return Ok(refreshes.subscribe());
        }
        let (refreshes, joined) = broadcast::channel(WAITING);
        open.insert(organization, refreshes.clone());
        tokio::spawn(distribute(self.clone(), engine.clone(), organization, watch, refreshes));
        Ok(joined)
    }

    /// Ends what nobody listens to; `false` if somebody does.
    fn ends(&self, organization: OrganizationId, refreshes: &Refreshes) -> bool {
        let mut open = self.open();
        let is_over = refreshes.receiver_count() == 0;
        if is_over {
            open.remove(&organization);
        }
        is_over
    }
}

async fn distribute(hub: Hub, engine: Engine, organization: OrganizationId, mut watch: Watch, refreshes: Refreshes) {
    loop {
        let next = tokio::select! {
            () = refreshes.closed() => None,
            next = next(&mut watch) => next,
        };
        match next {
            Some(next) => tell(&engine, organization, next, &refreshes).await,
            None if hub.ends(organization, &refreshes) => return,
            None => {}
        }
        // A pause that ends early when everybody has gone.
        let _ = tokio::time::timeout(BETWEEN_REFRESHES, refreshes.closed()).await;
    }
}

/// What changed, once something has; all of it that waits, and whether some was missed.
async fn next(watch: &mut Watch) -> Option<(Stamp, Changed, bool)> {
    let (mut stamp, mut changed, mut is_large) = (watch.stamp, Changed::default(), false);
    match watch.changes.recv().await {
        Ok((newer, more)) => (stamp, changed) = (newer, more),
        Err(RecvError::Lagged(_)) => is_large = true,
        Err(RecvError::Closed) => return None,
    }
    loop {
        match watch.changes.try_recv() {
            Ok((newer, more)) => (stamp, changed) = (newer, changed.and(more)),
            Err(TryRecvError::Lagged(_)) => is_large = true,
            Err(TryRecvError::Empty | TryRecvError::Closed) => break,
        }
    }
    watch.stamp = stamp;
    Some((stamp, changed, is_large))
}

async fn tell(
    engine: &Engine,
    organization: OrganizationId,
    (stamp, changed, has_missed): (Stamp, Changed, bool),
    refreshes: &Refreshes,
) {
    let is_large = has_missed || changed.incidents.len() > MOST;
    let ids = if is_large { std::collections::BTreeSet::new() } else { changed.incidents.clone() };
    match engine.standing_of(organization, ids).await {
        Ok(standing) => {
            let refresh = Refresh::new((stamp, changed), standing, is_large, engine.now());
            // Where nobody is left, nobody misses it.
            let _ = refreshes.send(Arc::new(refresh));
        }
        Err(failure) => tracing::warn!(?failure, "open pages could not be told what changed"),
    }
}

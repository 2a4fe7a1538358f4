//! Connections for reading, lent to whoever asks, never more than a bound.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::Error;
use crate::connection::connect::Access;
use crate::connection::faults::Faults;
use crate::connection::session::{Session, Transaction};
use crate::connection::url::Url;
use crate::seam::Purpose;

/// A bounded set of sessions, opened when first needed and then kept.
pub(crate) struct Pool {
    url: Url,
    limit: usize,
    patience: Duration,
    faults: Option<Arc<dyn Faults>>,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Session>,
    lent: usize,
}

impl Pool {
    /// A pool of at most `limit` sessions, for which a caller waits at most `patience`.
    pub(crate) fn new(url: Url, limit: usize, patience: Duration) -> Self {
        Self { url, limit, patience, faults: None, state: Mutex::default(), returned: Condvar::new() }
    }

    /// How many sessions are lent at most.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Changes how long a caller waits.
    pub(crate) fn wait_at_most(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// Lets its sessions meet these faults from now on.
    pub(crate) fn meet(&mut self, faults: &Arc<dyn Faults>) {
        self.faults = Some(Arc::clone(faults));
    }

    /// Lends a session, the one used last if any is idle; waits for one to come back, then `Error::Busy`.
    pub(crate) fn lend(&self) -> Result<Lease<'_>, Error> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut state, _) = self
            .returned
            .wait_timeout_while(state, self.patience, |state| state.lent >= self.limit)
            .unwrap_or_else(PoisonError::into_inner);
        if state.lent >= self.limit {
            return Err(Error::Busy("every connection for reading is in use".to_owned()));
        }
        state.lent += 1;
        let session = state.idle.pop();
        Ok(Lease { pool: self, session })
    }
}

/// A lent session; it goes back when this is dropped.
pub(crate) struct Lease<'a> {
    pool: &'a Pool,
    session: Option<Session>,
}

impl Lease<'_> {
    /// Opens a transaction for reading.
    pub(crate) fn begin(&mut self) -> Result<Transaction<'_>, Error> {
        self.session().begin(Purpose::Read)
    }

    /// The session itself, which on PostgreSQL could write.
    pub(crate) fn session(&mut self) -> &mut Session {
        let Pool { url, faults, .. } = self.pool;
        let new = || Session::new(url.clone(), Access::Read).with_faults(faults.clone());
        self.session.get_or_insert_with(new)
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.lent -= 1;
        state.idle.extend(self.session.take());
        drop(state);
        self.pool.returned.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Error, Pool};

    #[test]
    fn a_pool_lends_no_more_than_its_bound() {
        let url = "sqlite:unused.db".parse().unwrap();
        let pool = Pool::new(url, 1, Duration::from_millis(1));
        let lease = pool.lend().unwrap();
        assert!(matches!(pool.lend(), Err(Error::Busy(_))));
        drop(lease);
        assert!(pool.lend().is_ok());
    }
}

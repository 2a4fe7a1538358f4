//! What a node finds out about its database again and again: that it is there for us, that its schema is ours, and what
//! time it is.

use crate::clock::{Clock, Stopwatch};
use crate::engine::Engine;
use crate::failure::Failure;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use store::{Dialect, Store};

/// Real time between two looks; under load there are many beats in a second.
const LOOK: Duration = Duration::from_secs(1);
/// Real time between two questions for the time.
const TIME: Duration = Duration::from_secs(10);

/// What was found out, and when.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    looked: Mutex<Option<Stopwatch>>,
    asked: Mutex<Option<Stopwatch>>,
    is_lost: AtomicBool,
}

/// Lets the clock go by that of the database server, which all nodes share; by how much that is ahead of the machine's, in
/// microseconds. None where there is nothing to follow: SQLite, or a clock that is not the machine's.
///
/// # Errors
/// As the store says; then the clock goes on as before.
pub fn follow_database(store: &Store, clock: &Clock) -> Result<Option<i64>, store::Error> {
    if store.dialect() == Dialect::Sqlite {
        return Ok(None);
    }
    store.read(|tx| {
        // The first question takes longer, because the statement has to be prepared.
        store::server_time(tx)?;
        clock.follow(|| store::server_time(tx))
    })
}

impl Engine {
    /// Proves at a beat that the database is there and has our schema, and takes the time from it, unless that was done a
    /// moment ago.
    ///
    /// # Errors
    /// As the store says; then there is nothing that the beat could do.
    pub(crate) async fn look_at_database(&self) -> Result<(), Failure> {
        let looks = &self.0.looks;
        if is_due(&looks.looked, LOOK) {
            let found = self.check_database().await;
            match (looks.is_lost.swap(found.is_err(), Relaxed), &found) {
                (false, Err(failure)) => tracing::error!(%failure, "the database cannot be used"),
                (true, Ok(())) => tracing::info!("the database can be used again"),
                _ => {}
            }
            found?;
            self.note(&looks.looked);
        }
        if is_due(&looks.asked, TIME) {
            let engine = self.clone();
            self.with_store(move |store| engine.follow(store)).await?;
            self.note(&looks.asked);
        }
        Ok(())
    }

    /// Whether the database is there for us and has our schema.
    ///
    /// # Errors
    /// As the store says.
    pub(crate) async fn check_database(&self) -> Result<(), Failure> {
        self.with_store(Store::check).await
    }

    #[expect(clippy::cast_precision_loss, reason = "a metric")]
    fn follow(&self, store: &Store) -> Result<(), store::Error> {
        let shared = &self.0.shared;
        let ahead_micros = follow_database(store, &shared.clock)?.unwrap_or(0);
        shared.metrics.clock_offset_seconds.set(ahead_micros as f64 / 1e6);
        Ok(())
    }

    fn note(&self, last: &Mutex<Option<Stopwatch>>) {
        *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.clock().stopwatch());
    }
}

fn is_due(last: &Mutex<Option<Stopwatch>>, span: Duration) -> bool {
    let last = last.lock().unwrap_or_else(PoisonError::into_inner);
    last.as_ref().is_none_or(|last| Duration::from_micros(last.micros()) >= span)
}

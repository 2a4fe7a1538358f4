//! What a node finds out about its database again and again: that it is there for us, that its schema is ours, and what
//! time it is.

use crate::clock::Clock;
use crate::engine::Engine;
use crate::failure::Failure;
use store::{Dialect, Store};

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
    pub async fn check_in_time(&self) -> Result<(), Failure> {
        let checks = &self.0.checks;
        if checks.presence.is_due() {
            let found = self.check_database().await;
            match (checks.set_lost(found.is_err()), &found) {
                (false, Err(failure)) => tracing::error!(%failure, "the database cannot be used"),
                (true, Ok(())) => tracing::info!("the database can be used again"),
                _ => {}
            }
            found?;
            checks.presence.done(self.clock());
        }
        if checks.time.is_due() {
            let engine = self.clone();
            self.0.readers.with_store(move |store| engine.follow(store)).await?;
            checks.time.done(self.clock());
        }
        Ok(())
    }

    /// Whether the database is there for us and has our schema.
    ///
    /// # Errors
    /// As the store says.
    pub(super) async fn check_database(&self) -> Result<(), Failure> {
        self.0.readers.with_store(Store::check).await
    }

    #[expect(clippy::cast_precision_loss, reason = "a metric")]
    fn follow(&self, store: &Store) -> Result<(), store::Error> {
        let shared = &self.0.shared;
        let ahead_micros = follow_database(store, &shared.clock)?.unwrap_or(0);
        shared.metrics.clock_offset_seconds.set(ahead_micros as f64 / 1e6);
        Ok(())
    }
}

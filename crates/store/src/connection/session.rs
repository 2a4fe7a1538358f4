//! Transactions over a connection that is replaced when it breaks; undone unless committed.

use std::sync::Arc;

use crate::Error;
use crate::connection::connect::{Access, connect};
use crate::connection::faults::{Faults, Moment};
use crate::connection::url::Url;
use crate::seam::{Connection, Purpose, Tx};

/// A place for one connection, opened when first needed and again when it was lost.
pub(crate) struct Session {
    url: Url,
    access: Access,
    connection: Option<Box<dyn Connection>>,
    faults: Option<Arc<dyn Faults>>,
}

impl Session {
    pub(crate) fn new(url: Url, access: Access) -> Self {
        Self { url, access, connection: None, faults: None }
    }

    /// The session with these faults, if any.
    pub(crate) fn with_faults(self, faults: Option<Arc<dyn Faults>>) -> Self {
        Self { faults, ..self }
    }

    /// Opens a transaction. A connection lost while it lay idle is replaced once: nothing had run on it.
    pub(crate) fn begin(&mut self, purpose: Purpose) -> Result<Transaction<'_>, Error> {
        if let Some(faults) = &self.faults {
            faults.meet(Moment::of(purpose))?;
        }
        if self.is_broken() {
            self.connection = None;
        }
        let was_open = self.connection.is_some();
        let last_migration = match self.begin_once(purpose) {
            Err(Error::Unavailable(reason)) if was_open => {
                tracing::warn!(%reason, "the database connection was lost; connecting again");
                self.connection = None;
                self.begin_once(purpose)?
            }
            result => result?,
        };
        match &mut self.connection {
            Some(connection) => {
                let faults = self.faults.as_deref();
                Ok(Transaction { connection: connection.as_mut(), faults, last_migration, is_over: false })
            }
            None => Err(Error::Unavailable("there is no connection".to_owned())),
        }
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.connection.as_ref().is_some_and(|connection| connection.is_broken())
    }

    fn begin_once(&mut self, purpose: Purpose) -> Result<Option<i64>, Error> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            empty => empty.insert(connect(&self.url, self.access)?),
        };
        connection.begin(purpose)
    }
}

/// An open transaction; dropped without [`Transaction::commit`], it is undone.
pub struct Transaction<'a> {
    connection: &'a mut dyn Connection,
    last_migration: Option<i64>,
    faults: Option<&'a dyn Faults>,
    is_over: bool,
}

impl Transaction<'_> {
    /// What runs statements in this transaction.
    pub fn tx(&mut self) -> &mut dyn Tx {
        self.connection
    }

    /// Makes everything durable. An error means that nothing took effect, but for `Error::Unavailable`, after which
    /// that is unknown.
    pub fn commit(mut self) -> Result<(), Error> {
        // A fault before the commit leaves the transaction to be undone when this is dropped.
        let faults = self.faults;
        faults.map_or(Ok(()), |faults| faults.meet(Moment::BeforeCommit))?;
        self.is_over = true;
        self.connection.commit()?;
        faults.map_or(Ok(()), |faults| faults.meet(Moment::AfterCommit))
    }

    /// The number of the last migration, where this transaction was to find out.
    pub(crate) fn last_migration(&self) -> Option<i64> {
        self.last_migration
    }

    pub(crate) fn run_script(&mut self, script: &str) -> Result<(), Error> {
        self.connection.run_script(script)
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.connection.rollback();
        }
    }
}

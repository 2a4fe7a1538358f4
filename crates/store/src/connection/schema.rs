//! The schema that this program wrote its statements for: what keeps it from writing to another one.

use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError};

use crate::Error;
use crate::connection::session::{Session, Transaction};
use crate::seam::Purpose;

/// Watched once a store was migrated: another node of a newer version may migrate it at any moment, and an older
/// backup may be restored.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    /// The number of the last migration that this program knows; 0 while nothing is watched.
    known: AtomicI64,
    /// Why nothing is done at the moment.
    reason: Mutex<Option<String>>,
}

impl Schema {
    /// Lets nothing be written from now on but over the migrations up to this one.
    pub(crate) fn watch(&self, last: u32) {
        self.known.store(last.into(), SeqCst);
    }

    /// Whether it is.
    pub(crate) fn is_watched(&self) -> bool {
        self.known.load(SeqCst) != 0
    }

    /// Opens a transaction for writing, if the schema is still ours.
    ///
    /// # Errors
    /// `OtherSchema` if not.
    pub(crate) fn begin<'a>(&self, session: &'a mut Session) -> Result<Transaction<'a>, Error> {
        if !self.is_watched() {
            return session.begin(Purpose::Write);
        }
        let transaction = session.begin(Purpose::WriteWatched)?;
        self.check(transaction.last_migration())?;
        Ok(transaction)
    }

    /// Whether the last migration found is the last that we know. The answer is remembered for those who only read.
    pub(crate) fn check(&self, found: Option<i64>) -> Result<(), Error> {
        let (known, found) = (self.known.load(SeqCst), found.unwrap_or(0));
        let reason = match known {
            0 => None,
            _ if found == known => None,
            _ if found > known => Some(format!(
                "the database is newer than this program: it has migration {found}, and this program knows \
                 {known}; run a newer one"
            )),
            _ => Some(format!(
                "the database is older than this program: it has migration {found}, and this program needs \
                 {known}; start it again"
            )),
        };
        self.remember(reason)
    }

    /// What was found when it was looked at last.
    pub(crate) fn remembered(&self) -> Result<(), Error> {
        match &*self.reason.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(reason) => Err(Error::OtherSchema(reason.clone())),
            None => Ok(()),
        }
    }

    fn remember(&self, reason: Option<String>) -> Result<(), Error> {
        let mut last = self.reason.lock().unwrap_or_else(PoisonError::into_inner);
        match (&*last, &reason) {
            (None, Some(reason)) => tracing::error!(reason, "stepping aside"),
            (Some(_), None) => tracing::info!("the schema is that of this program again"),
            _ => {}
        }
        last.clone_from(&reason);
        reason.map_or(Ok(()), |reason| Err(Error::OtherSchema(reason)))
    }
}

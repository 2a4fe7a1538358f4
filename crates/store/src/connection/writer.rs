//! A connection for writing that somebody keeps.

use std::sync::Arc;

use crate::Error;
use crate::connection::schema::Schema;
use crate::connection::session::{Session, Transaction};

/// A connection of one's own for writing, such as each writer thread of the engine holds.
pub struct Writer {
    pub(crate) session: Session,
    pub(crate) schema: Arc<Schema>,
}

impl Writer {
    /// Opens a transaction, waiting for other writers of a SQLite file for at most five seconds (`Error::Busy`).
    ///
    /// A connection that was lost since the last transaction is replaced first. `Error::OtherSchema` when the database
    /// was migrated by another version of this program since this one did.
    pub fn begin(&mut self) -> Result<Transaction<'_>, Error> {
        self.schema.begin(&mut self.session)
    }
}

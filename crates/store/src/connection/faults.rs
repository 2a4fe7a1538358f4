//! Faults: the moments at which a simulation lets a database fail that works. A server never has any.

use crate::Error;
use crate::seam::Purpose;

/// A moment in the life of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before it is opened for reading.
    Read,
    /// Before it is opened for writing.
    Write,
    /// Before it is committed: what fails here is undone.
    BeforeCommit,
    /// After it was committed: what fails here is stored all the same, and `Error::Unavailable` says that nobody knows.
    AfterCommit,
}

impl Moment {
    pub(crate) fn of(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Read => Self::Read,
            Purpose::Write | Purpose::WriteWatched | Purpose::Migrate => Self::Write,
        }
    }
}

/// What decides when a database fails; see [`crate::Store::with_faults`].
pub trait Faults: Send + Sync {
    /// Whether all goes well at this moment.
    ///
    /// # Errors
    /// The failure that the transaction meets.
    fn meet(&self, moment: Moment) -> Result<(), Error>;
}

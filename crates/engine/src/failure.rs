//! What a caller of the engine may be answered instead of a result.

use domain::Refusal;

/// Why a request has no result. In every case nothing was stored, but for `Broken`, where that is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The rules said no.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// Too much is going on; the same request may succeed a moment later.
    #[error("{0}")]
    Busy(String),
    /// The store cannot be reached, or is not for this program.
    #[error("{0}")]
    Unavailable(String),
    /// Something is wrong that is not the caller's fault.
    #[error("{0}")]
    Broken(String),
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Conflict(_) | store::Error::Busy(_) => Self::Busy(error.to_string()),
            store::Error::Unavailable(_) | store::Error::OtherSchema(_) => Self::Unavailable(error.to_string()),
            store::Error::Corrupt(_)
            | store::Error::Statement(_)
            | store::Error::Unsupported(_)
            | store::Error::Address(_)
            | store::Error::Migration(_) => Self::Broken(error.to_string()),
        }
    }
}

/// Why a job's part of a transaction is undone.
#[derive(Debug)]
pub enum Undo {
    /// The rules said no.
    Refused(Refusal),
    /// The store failed; a conflict is tried again.
    Store(store::Error),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Refusal> for Undo {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<store::Error> for Undo {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<Undo> for Failure {
    fn from(undo: Undo) -> Self {
        match undo {
            Undo::Refused(refusal) => Self::Refused(refusal),
            Undo::Store(error) => error.into(),
        }
    }
}

//! Why a change that was judged is not written all the same.

use store::Error;

/// Why a change that was judged is not written.
#[derive(Debug)]
pub(super) enum NotWritten {
    /// The store failed.
    Store(Error),
    /// Unresolved incidents refer to what would be removed: a sentence for each component.
    Referenced(Vec<String>),
    /// The key that is given to this integration is that of another one.
    KeyTaken(String),
}

impl From<Error> for NotWritten {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

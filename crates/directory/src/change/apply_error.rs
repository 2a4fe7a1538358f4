//! Why a directory file is not applied.

use super::not_written::NotWritten;
use store::Error;

/// Why a definition was not applied; nothing was changed.
#[derive(Clone, Debug)]
pub enum ApplyError {
    /// The store failed.
    Store(Error),
    /// Components that would be removed are referred to by unresolved incidents: one sentence for each.
    Referenced(Vec<String>),
    /// The key that is given to this integration is that of another one.
    KeyTaken(String),
    /// The file says something else of components that the API made: a sentence for each.
    NotOwned(Vec<String>),
    /// The organization had this name once and has another now.
    OldName {
        /// What the file calls it.
        old: String,
        /// What it is called.
        new: String,
    },
    /// Components of the file were changed since it was applied: a sentence for each field.
    Drifted(Vec<String>),
    /// With what the API made, or what there is, the directory would have these faults.
    Faults(Vec<String>),
}

impl ApplyError {
    /// Why nothing was applied, in sentences.
    ///
    /// # Errors
    /// The store's, when it is that which failed.
    pub fn reasons(self) -> Result<Vec<String>, Error> {
        Ok(match self {
            Self::Store(error) => return Err(error),
            Self::Referenced(reasons) | Self::NotOwned(reasons) | Self::Drifted(reasons) | Self::Faults(reasons) => {
                reasons
            }
            Self::KeyTaken(integration) => {
                vec![format!("integration `{integration}`: its key is that of another integration")]
            }
            Self::OldName { old, new } => vec![format!(
                "organization `{old}` is named `{new}` now: write that name, or give it this one by renamed_from = \
                 \"{new}\""
            )],
        })
    }
}

impl From<Error> for ApplyError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<NotWritten> for ApplyError {
    fn from(not_written: NotWritten) -> Self {
        match not_written {
            NotWritten::Store(error) => Self::Store(error),
            NotWritten::Referenced(reasons) => Self::Referenced(reasons),
            NotWritten::KeyTaken(name) => Self::KeyTaken(name),
        }
    }
}

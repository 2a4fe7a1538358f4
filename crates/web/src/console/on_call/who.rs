//! People as these pages name them.

use crate::console::address;
use domain::Username;
use domain::directory::Directory;

/// Somebody who is on call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Who {
    /// The name by which the directory has them.
    pub(super) username: String,
    /// The name shown to people.
    pub(super) name: String,
    /// Where their page is.
    pub(super) address: String,
    /// Whether no channel leads to them.
    pub(super) is_unreachable: bool,
}

impl Who {
    /// The person of this name, as the directory knows them.
    pub(super) fn of(directory: &Directory, username: &Username) -> Self {
        Self {
            username: username.to_string(),
            name: directory.shown_name(username).to_owned(),
            address: address::of("/app/people", username.as_str(), username.as_str()),
            is_unreachable: directory.channels_of(username).is_empty(),
        }
    }

    /// Their names, one after the other.
    pub(super) fn names(all: &[Self]) -> String {
        all.iter().map(|who| who.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// All of these people.
    pub(super) fn all(directory: &Directory, users: &[Username]) -> Vec<Self> {
        users.iter().map(|user| Self::of(directory, user)).collect()
    }
}

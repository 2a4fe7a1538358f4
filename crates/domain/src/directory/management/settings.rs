//! Settings of an organization beside its fallback policy.

use serde::{Deserialize, Serialize};

/// What an organization has set; what is not there has its default (administration §2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Whether the API may change what a directory file manages.
    #[serde(default, skip_serializing_if = "FileLock::is_default")]
    pub file_lock: FileLock,
}

/// Whether the API may change what a directory file manages (administration §3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileLock {
    /// It is refused.
    #[default]
    Strict,
    /// It is done and kept in mind: `apply` says so before it takes anything back.
    Drift,
}

impl FileLock {
    /// Its words.
    pub const WORDS: &'static [&'static str] = &["strict", "drift"];

    /// Its word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Drift => "drift",
        }
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

//! Why a change of the directory is refused.

use super::ComponentKind;
use crate::Instant;
use serde_json::Value;

/// Why a change of the directory was refused (administration §1, §3). Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// Something in it is wrong; each mistake begins with the path that it is about. Never empty.
    Invalid {
        /// All of them.
        mistakes: Vec<String>,
    },
    /// One of many changes is about a component that is not there.
    Unknown {
        /// Where the request names it, such as `changes[17].ref`.
        path: String,
        /// What was looked for.
        kind: ComponentKind,
        /// The id or name asked for.
        name: String,
    },
    /// Another component of this kind has the name.
    NameTaken {
        /// Its kind.
        kind: ComponentKind,
        /// The name.
        name: String,
    },
    /// Other components refer to what would be removed.
    StillNamed {
        /// Kind of the component that would be removed.
        kind: ComponentKind,
        /// Its name.
        name: String,
        /// Where it is named, such as ``service `web`: escalation_policy``. Never empty.
        places: Vec<String>,
    },
    /// Unresolved incidents refer to what would be removed: a sentence for each component. Never empty.
    Referenced {
        /// The sentences.
        reasons: Vec<String>,
    },
    /// A directory file manages the component.
    ManagedByFile {
        /// Its kind.
        kind: ComponentKind,
        /// Its name.
        name: String,
        /// Where it stands in which file, where that is known.
        source: Option<String>,
        /// When it was applied last, where that is known.
        applied_at: Option<Instant>,
    },
    /// A sign-in provider gives the person their role, at each sign-in.
    ManagedByProvider {
        /// Their username.
        username: String,
        /// The provider's name.
        provider: String,
    },
    /// Which version is to be changed was not said.
    MatchMissing,
    /// The component is not the one that the caller saw, or is there where the caller wanted none.
    ChangedMeanwhile {
        /// Whether the caller wanted none.
        wanted_none: bool,
        /// The component as it is now, as it is read; null where there is none.
        current: Box<Value>,
        /// Who changed it last.
        changed_by: Option<String>,
        /// When.
        changed_at: Option<Instant>,
        /// The fields in which what was sent differs from it.
        fields: Vec<String>,
    },
    /// There would be warnings that there are not now. Never empty.
    LintFailed {
        /// Each names the component and the field.
        warnings: Vec<String>,
    },
    /// Nobody would be an owner any more who can sign in.
    LastOwner {
        /// Username of the last one.
        username: String,
    },
    /// The username was that of somebody who left, and is never given again.
    FormerPerson {
        /// The username.
        username: String,
    },
    /// The key that is given to the integration of this name is that of another one.
    KeyTaken {
        /// Its name.
        name: String,
    },
}

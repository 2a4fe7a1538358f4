//! What callers ask of single components.

use domain::directory::ComponentKind;
use serde_json::{Map, Value};

/// What is asked of one component.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Its kind.
    pub kind: ComponentKind,
    /// What is asked.
    pub act: Act,
    /// Which version the caller saw.
    pub only_if: OnlyIf,
    /// The field of the request that holds the reference.
    pub field: &'static str,
    /// What stands before the path of a mistake, such as `changes[17].body.`; nothing where there is one edit only.
    pub before_path: String,
}

/// What is asked of a component. A reference is its id, or else its name.
#[derive(Clone, Debug)]
pub enum Act {
    /// It is made.
    Create(Map<String, Value>),
    /// It is what the body says from now on; what is not there has its default.
    Replace(String, Map<String, Value>),
    /// What the body names is changed, by a JSON merge patch (RFC 7396).
    Patch(String, Map<String, Value>),
    /// It is removed, and this comes into its place.
    Remove(String, Instead),
}

/// What comes into the place of a component that is removed, where it is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instead {
    /// Nothing: what is named is not removed.
    Nothing,
    /// Another one of its kind, by id or name, which the field of the request gave.
    Other(&'static str, String),
    /// A gap: a person is left out wherever they are named.
    Gap,
}

/// Under which condition something is done (the headers `If-Match` and `If-None-Match`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnlyIf {
    /// None was given, and one is needed to change what exists.
    Unsaid,
    /// Whatever is there.
    Any,
    /// It has this version.
    Version(i64),
    /// It is not there yet.
    Absent,
}

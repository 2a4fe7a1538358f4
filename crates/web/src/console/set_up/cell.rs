//! What stands in a cell of a table, or beside a word.

use crate::console::piece::StateBadge;
use crate::console::time::Moment;

/// What is told in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Text from outside.
    Text(String),
    /// Addresses and words, one after the other.
    Links(Vec<(String, String)>),
    /// Where something stands.
    State(StateBadge),
    /// A time, after a word.
    Time(String, Moment),
    /// Several lines.
    Lines(Vec<String>),
    /// As a program reads it.
    Code(String),
}

impl Cell {
    /// Nothing to tell.
    pub(super) fn none() -> Self {
        Self::Text(String::new())
    }

    /// One link.
    pub(super) fn link(address: String, words: impl Into<String>) -> Self {
        Self::Links(vec![(address, words.into())])
    }

    /// A badge.
    pub(super) fn state(class: &'static str, word: impl Into<String>) -> Self {
        Self::State(StateBadge::new(class, word))
    }
}

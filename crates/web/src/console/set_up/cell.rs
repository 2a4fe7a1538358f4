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
    /// The same for whoever may not go where it leads.
    pub(super) fn unlinked(self) -> Self {
        match self {
            Self::Links(_) => Self::Text(self.text()),
            other => other,
        }
    }

    /// What a list is put in order by.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Code(text) => text.clone(),
            Self::Links(links) => links.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>().join(", "),
            Self::State(badge) => badge.word.clone(),
            Self::Time(_, moment) => moment.datetime.clone(),
            Self::Lines(lines) => lines.join(", "),
        }
    }

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

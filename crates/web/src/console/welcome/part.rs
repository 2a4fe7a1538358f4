//! What the page of a step is made of.

use super::field::FormView;
use crate::console::piece::StateBadge;
use crate::console::set_up::Snippet;
use crate::console::time::Moment;

/// Something that a step has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct There {
    pub(super) words: String,
    pub(super) more: String,
    pub(super) address: String,
}

/// What there is on the page of a step.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) there: Vec<There>,
    pub(super) snippet: Option<Snippet>,
    pub(super) rung: Option<Rung>,
    pub(super) notes: Vec<String>,
    pub(super) ways: Vec<(String, &'static str, bool)>,
    pub(super) forms: Vec<FormView>,
    /// Which fields errors are about, by the beginning of their paths.
    pub(super) places: &'static [(&'static str, &'static str)],
}

/// The page that was sent last, and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Rung {
    pub(super) number: i64,
    pub(super) title: String,
    pub(super) state: StateBadge,
    pub(super) is_open: bool,
    pub(super) messages: Vec<Message>,
}

/// One message of it.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) name: String,
    pub(super) channel: &'static str,
    pub(super) state: StateBadge,
    pub(super) when: Moment,
    /// What the carrier answered, or why it is as it is.
    pub(super) why: Option<String>,
}

//! Escalation policies: the list of them, and each as a ladder.

mod ladder;
mod list;
mod reach;

pub(super) use ladder::show;
pub(super) use list::show as list;
pub(super) use reach::{ReachedBy, reached_by};

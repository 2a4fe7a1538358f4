//! The log tells the truth.

use domain::incident::{Event, replay};

use super::{Checker, View};
use crate::harness::log_does_not_replay;

/// Replays what changed.
pub(super) struct Replay;

impl Checker for Replay {
    fn promise(&self) -> &'static str {
        "the log of every incident replays to what is stored"
    }

    fn check(&mut self, view: &View<'_>) -> Vec<String> {
        let check = |(id, _): &(i64, usize)| {
            let known = &view.sight.incidents[id];
            let events: Vec<Event> = known.log.iter().map(|line| line.event.clone()).collect();
            debug_assert!(events.is_empty() || replay(&events).is_some());
            log_does_not_replay(&known.incident, &events)
        };
        view.sight.changed.iter().filter_map(check).collect()
    }
}

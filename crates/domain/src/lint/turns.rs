//! Who is on call by each routine in the time that is looked at: worked out once for all levels that name it, and for a
//! routine that stands as it stood before a change not again.

use super::DAY_MICROS;
use crate::directory::Directory;
use crate::routine::Interval;
use crate::{Instant, limits};
use std::collections::HashMap;

/// The schedules of the routines that levels name, by name, from one instant on for [`limits::ON_CALL_DAYS`] or as many
/// days as can be asked of the routine.
#[derive(Debug, Default)]
pub(super) struct Turns<'a>(HashMap<&'a str, Vec<Interval>>);

impl<'a> Turns<'a> {
    /// Those of `directory`, with what was found out about `before` at the same instant.
    pub(super) fn of(directory: &'a Directory, now: Instant, before: Option<(&Directory, &Turns<'_>)>) -> Self {
        let mut turns = HashMap::new();
        let levels = directory.policies.iter().flat_map(|entry| &entry.component.levels);
        for name in levels.flat_map(|level| &level.routines) {
            turns.entry(name.as_str()).or_insert_with(|| {
                let stood = before.filter(|(before, _)| is_same(directory, before, name));
                let known = stood.and_then(|(_, turns)| turns.0.get(name.as_str()));
                known.cloned().unwrap_or_else(|| {
                    let days = limits::ON_CALL_DAYS.min(directory.schedule_days(name));
                    directory.schedule(name, now, now.plus_micros(days * DAY_MICROS))
                })
            });
        }
        Self(turns)
    }

    /// Who is on call by a routine, and when.
    pub(super) fn of_routine(&self, name: &str) -> &[Interval] {
        self.0.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Whether a routine and its swaps are the same in both.
fn is_same(one: &Directory, other: &Directory, name: &str) -> bool {
    let (routine, other_routine) = (one.routines.named(name), other.routines.named(name));
    routine.map(|entry| &entry.component) == other_routine.map(|entry| &entry.component)
        && one.swaps_of(name) == other.swaps_of(name)
}

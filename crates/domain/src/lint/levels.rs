//! Warnings about levels: those on which nobody can ever be, or can be reached, and gaps that are to come.

use super::{DAY_MICROS, LevelPeople, Lint};
use crate::directory::{EscalationPolicy, Ladder, Level};
use crate::place::Place;
use crate::routine::{Gap, Interval, gaps, unite};
use crate::{Instant, limits};

/// Warns of `levels`, policy by policy.
pub(super) fn warn(lint: &mut Lint<'_>, levels: &[LevelPeople<'_>]) {
    warn_beside_gaps(lint, levels);
    for first in levels.iter().filter(|level| level.number == 1 && !level.people.is_empty()) {
        coming_gaps(lint, first.policy);
    }
}

/// Warns of levels that nobody is ever on, or nobody who can be reached.
pub(super) fn warn_beside_gaps(lint: &mut Lint<'_>, levels: &[LevelPeople<'_>]) {
    for level in levels {
        empty(lint, level);
    }
}

fn empty(lint: &mut Lint<'_>, level: &LevelPeople<'_>) {
    let number = level.number;
    if level.people.is_empty() {
        let problem =
            format!("level {number}: nobody is on call by its routines within a year, so nobody is ever on it");
        lint.warn(level.policy, level.place().key("routines"), problem);
    } else if !level.is_reachable(lint.directory) {
        let problem = format!("level {number}: nobody who can be on it can be reached, so it is always passed over");
        lint.warn(level.policy, level.place(), problem);
    }
}

/// Warns of the time in the coming weeks when level 1 is passed over because nobody is on call.
fn coming_gaps(lint: &mut Lint<'_>, policy: &EscalationPolicy) {
    let (from, until) = (lint.now, lint.horizon(Ladder::Named(policy, lint.directory), limits::LINT_DAYS));
    let days = (until.0 - from.0) / DAY_MICROS;
    let schedules: Vec<_> = policy.levels.iter().map(|level| covered(lint, level, until)).collect();
    let place = Place::item("levels", 0);
    let first = gaps(&schedules[0], from, until);
    if let Some(problem) = spelled(&first) {
        let problem = format!("level 1: in the next {days} days nobody is on call {problem}");
        lint.warn(policy, place, problem);
    }
    if let Some(problem) = spelled(&gaps(&unite(&schedules), from, until)).filter(|_| schedules.len() > 1) {
        lint.warn(policy, "levels", format!("in the next {days} days nobody is on call on any level {problem}"));
    }
}

/// When anybody is on a level until then.
fn covered(lint: &Lint<'_>, level: &Level, until: Instant) -> Vec<Interval> {
    let from = lint.now;
    let always = Interval { from, until, on_call: level.users.clone() };
    let of_routine = |routine: &String| {
        let begun = lint.turns.of_routine(routine).iter().filter(|interval| interval.from < until);
        begun.map(|interval| Interval { until: interval.until.min(until), ..interval.clone() }).collect()
    };
    let mut schedules: Vec<Vec<Interval>> = level.routines.iter().map(of_routine).collect();
    schedules.extend((!level.users.is_empty()).then(|| vec![always]));
    unite(&schedules)
}

/// `for 15 h in all, first from 2026-11-27 17:00 UTC until 2026-11-28 08:00 UTC`; `None` where there is no gap.
fn spelled(gaps: &[Gap]) -> Option<String> {
    const HOUR_MICROS: i64 = 3600 * 1_000_000;
    let first = gaps.first()?;
    let whole: i64 = gaps.iter().map(|gap| gap.until.0 - gap.from.0).sum();
    let hours = (whole + HOUR_MICROS - 1) / HOUR_MICROS;
    Some(format!("for {hours} h in all, first from {} until {}", minute(first.from), minute(first.until)))
}

fn minute(at: Instant) -> String {
    format!("{} UTC", at.wall_minute("UTC").unwrap_or_default())
}

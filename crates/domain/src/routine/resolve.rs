//! Resolution: from layers, exceptions and swaps to who is on call, at an instant and over a period (on-call §2).

use super::past::Stage;
use super::shift::{Shift, shifts};
use super::swap::Swaps;
use super::{Interval, OnCall, Routine, Swap};
use crate::{Instant, Username, limits};

/// Who is on call at `at`: preferred usernames, sorted, each once. `swaps` are those beside the routine's own.
pub fn resolve(routine: &Routine, swaps: &[Swap], at: Instant) -> Vec<Username> {
    let next = at.plus_micros(1);
    let Some(stage) = routine.stages().find(|stage| at < stage.until) else { return Vec::new() };
    let swaps = Swaps::within(stage.swaps.iter().chain(swaps), at, next);
    let shifts = shifts(stage, at, next);
    people(&shifts, &swaps, at).into_iter().cloned().collect()
}

/// Who is on call at `at`, and until when. `swaps` are those beside the routine's own.
pub fn on_call(routine: &Routine, swaps: &[Swap], at: Instant) -> OnCall {
    let users = resolve(routine, swaps, at);
    let horizon = at.plus_micros(limits::ON_CALL_DAYS * DAY_MICROS);
    let (mut from, mut days) = (at, 1);
    while from < horizon {
        let until = from.plus_micros(days * DAY_MICROS).min(horizon);
        let change = stretches(routine, swaps, from, until).into_iter().find(|stretch| {
            stretch.people.len() != users.len() || stretch.people.iter().zip(&users).any(|(one, other)| *one != other)
        });
        if let Some(change) = change {
            return OnCall { users, until: Some(change.from) };
        }
        (from, days) = (until, days * 2);
    }
    OnCall { users, until: None }
}

/// Who is on call from `from` to `until`, which is exclusive: in order, clipped to the period, neighbours with the same
/// people merged, stretches with nobody left out. `swaps` are those beside the routine's own. The caller bounds the
/// period (`limits::SCHEDULE_DAYS`).
pub fn schedule(routine: &Routine, swaps: &[Swap], from: Instant, until: Instant) -> Vec<Interval> {
    let stretches = stretches(routine, swaps, from, until).into_iter().filter(|stretch| !stretch.people.is_empty());
    let interval = |stretch: Stretch| Interval {
        from: stretch.from,
        until: stretch.until,
        on_call: stretch.people.into_iter().cloned().collect(),
    };
    stretches.map(interval).collect()
}

const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;

/// A stretch of time with the same people, who may be none.
struct Stretch<'a> {
    from: Instant,
    until: Instant,
    people: Vec<&'a Username>,
}

/// The whole of `from` to `until`, without gaps, neighbours different.
fn stretches<'a>(routine: &'a Routine, swaps: &'a [Swap], from: Instant, until: Instant) -> Vec<Stretch<'a>> {
    let mut whole: Vec<Stretch> = Vec::new();
    for stage in routine.stages() {
        let (from, until) = (from.max(stage.since), until.min(stage.until));
        if from >= until {
            continue;
        }
        for stretch in within_stage(stage, swaps, from, until) {
            match whole.last_mut() {
                Some(last) if last.people == stretch.people => last.until = stretch.until,
                _ => whole.push(stretch),
            }
        }
    }
    whole
}

/// The same of a period throughout which the routine is, or was, one and the same.
fn within_stage<'a>(stage: Stage<'a>, swaps: &'a [Swap], from: Instant, until: Instant) -> Vec<Stretch<'a>> {
    let swaps = Swaps::within(stage.swaps.iter().chain(swaps), from, until);
    let mut shifts = shifts(stage, from, until);
    shifts.sort_unstable_by_key(|shift| shift.from);
    let mut edges: Vec<_> = shifts.iter().flat_map(|shift| [shift.from, shift.until]).chain(swaps.edges()).collect();
    edges.retain(|edge| from < *edge && *edge < until);
    edges.extend((from < until).then_some(from));
    edges.sort_unstable();
    edges.dedup();
    let mut stretches: Vec<Stretch> = Vec::new();
    let (mut running, mut coming): (Vec<Shift>, _) = (Vec::new(), shifts.into_iter().peekable());
    for (place, edge) in edges.iter().enumerate() {
        running.retain(|shift| shift.until > *edge);
        while let Some(shift) = coming.next_if(|shift| shift.from <= *edge) {
            running.extend((shift.until > *edge).then_some(shift));
        }
        let people = people(&running, &swaps, *edge);
        let ends = edges.get(place + 1).copied().unwrap_or(until);
        match stretches.last_mut() {
            Some(last) if last.people == people => last.until = ends,
            _ => stretches.push(Stretch { from: *edge, until: ends, people }),
        }
    }
    stretches
}

/// The people of the shifts that run at `at`: those of exceptions where there is one, else of base layers; then swaps.
fn people<'a>(running: &[Shift<'a>], swaps: &Swaps<'a>, at: Instant) -> Vec<&'a Username> {
    let runs = |shift: &&Shift| shift.from <= at && at < shift.until;
    let excepted = running.iter().filter(runs).any(|shift| shift.is_exception);
    let counting = running.iter().filter(runs).filter(|shift| shift.is_exception == excepted);
    let stand_ins = swaps.at(at);
    let mut people: Vec<_> =
        counting.flat_map(|shift| shift.group).filter_map(|user| stand_ins.duty_of(user)).collect();
    people.sort_unstable();
    people.dedup();
    people
}

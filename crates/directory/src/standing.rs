//! How an organization stands: what somebody should look at, when nobody is on call, and when one person is.

use crate::administration::Administration;
use crate::lookout::{Ahead, ComingGap};
use domain::directory::{ComponentKind, Directory, EscalationPolicy, Fault, Ladder};
use domain::lint::lint_beside_gaps;
use domain::routine::{Gap, gaps, unite};
use domain::{Instant, Username, limits};
use engine::{Failure, Reader, Snapshot};
use std::collections::HashMap;
use std::sync::Arc;

/// Days ahead of which all gaps are told.
const GAP_DAYS: i64 = 7;
/// Gaps of one policy that are told.
const GAPS_TOLD: usize = 3;
/// Days ahead in which shifts are looked for.
const SHIFT_DAYS: i64 = 28;
const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;

/// How an organization stands at one instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// What somebody should look at; not when nobody is on call.
    pub faults: Vec<Fault>,
    /// When nobody is on the first level of a policy within seven days; where there is nothing of that, the first time in the
    /// weeks after.
    pub gaps: Vec<ComingGap>,
    /// Where the person is on call now.
    pub duty: Vec<OnDuty>,
    /// When they are on call next by a routine, which they are not now, within 28 days.
    pub next: Option<Shift>,
}

/// A level that somebody is on.
#[derive(Clone, Debug, PartialEq)]
pub struct OnDuty {
    /// Name of the policy.
    pub policy: String,
    /// The level, from 1.
    pub level: u32,
    /// When other people are on it next.
    pub until: Option<Instant>,
}

/// A time on call by a routine.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// Name of the routine.
    pub routine: String,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
}

impl Administration {
    /// How the organization stands at `now`, and this person in it.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)` or `Refused(SignedOut)`; otherwise see [`Failure`].
    pub async fn standing(&self, reader: Reader, person: Username, now: Instant) -> Result<Standing, Failure> {
        let administration = self.clone();
        let work = move |snapshot: &Arc<Snapshot>| {
            let ahead = administration.0.lookout.ahead(snapshot, now, || ahead(&snapshot.directory, now));
            Ok(standing(&snapshot.directory, &ahead, &person, now))
        };
        self.work_out(reader, work).await
    }
}

fn ahead(directory: &Directory, now: Instant) -> Ahead {
    let faults = lint_beside_gaps(directory, now);
    let is_told = |policy: &str| {
        let is_it = |fault: &&Fault| fault.kind == Some(ComponentKind::EscalationPolicy) && fault.name == policy;
        faults.iter().filter(is_it).any(|fault| fault.place.spelled() == NEVER_ANYBODY)
    };
    let policies = directory.policies.by_name().into_iter().map(|entry| &entry.component);
    let gaps = policies.filter(|policy| !is_told(&policy.name)).flat_map(|policy| coming(policy, directory, now));
    Ahead { gaps: gaps.collect(), faults }
}

/// The place of the fault that nobody is ever on the first level, which is no gap besides.
const NEVER_ANYBODY: &str = "levels[0].routines";

/// The gaps of one policy.
fn coming(policy: &EscalationPolicy, directory: &Directory, now: Instant) -> Vec<ComingGap> {
    let ladder = Ladder::Named(policy, directory);
    let until = now.plus_micros(limits::LINT_DAYS.min(ladder.schedule_days()) * DAY_MICROS);
    let schedules: Vec<_> = (1..=ladder.height()).map(|level| ladder.schedule(level, now, until)).collect();
    let Some(first) = schedules.first() else { return Vec::new() };
    let found = gaps(first, now, until);
    if found.is_empty() {
        return Vec::new();
    }
    let whole = gaps(&unite(&schedules), now, until);
    let soon = now.plus_micros(GAP_DAYS * DAY_MICROS);
    let told = found.iter().filter(|gap| gap.from < soon).count().clamp(1, GAPS_TOLD);
    let of_policy = |(place, gap): (usize, &Gap)| ComingGap {
        policy: policy.name.clone(),
        gap: *gap,
        is_whole: whole.iter().any(|whole| whole.from < gap.until && gap.from < whole.until),
        more: if place + 1 == told { found.len() - told } else { 0 },
    };
    found.iter().take(told).enumerate().map(of_policy).collect()
}

fn standing(directory: &Directory, ahead: &Ahead, person: &Username, now: Instant) -> Standing {
    let mut standing = Standing {
        faults: ahead.faults.clone(),
        gaps: ahead.gaps.clone(),
        next: next_shift(directory, person, now),
        ..Standing::default()
    };
    let mut known = HashMap::new();
    for entry in directory.policies.by_name() {
        let (policy, ladder) = (&entry.component, Ladder::Named(&entry.component, directory));
        for level in 1..=ladder.height() {
            let on_call = ladder.on_call_knowing(level, now, &mut known);
            if on_call.users.contains(person) {
                standing.duty.push(OnDuty { policy: policy.name.clone(), level, until: on_call.until });
            }
        }
    }
    standing
}

fn next_shift(directory: &Directory, person: &Username, now: Instant) -> Option<Shift> {
    let of_routine = |routine: &String| {
        let days = SHIFT_DAYS.min(directory.schedule_days(routine));
        let schedule = directory.schedule(routine, now, now.plus_micros(days * DAY_MICROS));
        let mut later = schedule.into_iter().skip_while(|interval| interval.on_call.contains(person));
        let first = later.find(|interval| interval.on_call.contains(person))?;
        Some(Shift { routine: routine.clone(), from: first.from, until: first.until })
    };
    let routines = directory.routines.iter().map(|entry| &entry.component.name);
    routines.filter_map(of_routine).min_by_key(|shift| shift.from)
}

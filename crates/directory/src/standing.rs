//! How an organization stands: what somebody should look at, when nobody is on call, and when one person is.

use crate::administration::Administration;
use crate::change::sentence;
use crate::lookout::Ahead;
use domain::directory::{Directory, Ladder};
use domain::lint::lint;
use domain::routine::{Gap, gaps};
use domain::{Instant, Username};
use engine::{Failure, Reader, Snapshot};
use std::collections::HashMap;
use std::sync::Arc;

/// Days ahead in which gaps are looked for.
const GAP_DAYS: i64 = 7;
/// Days ahead in which shifts are looked for.
const SHIFT_DAYS: i64 = 28;
const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;

/// How an organization stands at one instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// What somebody should look at, each in a sentence.
    pub warnings: Vec<String>,
    /// When nobody is on the first level of a policy within seven days, by its name.
    pub gaps: Vec<(String, Gap)>,
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
    let mut ahead = Ahead { warnings: lint(directory, now).iter().map(sentence).collect(), gaps: Vec::new() };
    for entry in directory.policies.by_name() {
        let (policy, ladder) = (&entry.component, Ladder::Named(&entry.component, directory));
        let days = GAP_DAYS.min(ladder.schedule_days());
        let until = now.plus_micros(days * DAY_MICROS);
        let found = gaps(&ladder.schedule(1, now, until), now, until);
        ahead.gaps.extend(found.into_iter().map(|gap| (policy.name.clone(), gap)));
    }
    ahead
}

fn standing(directory: &Directory, ahead: &Ahead, person: &Username, now: Instant) -> Standing {
    let mut standing = Standing {
        warnings: ahead.warnings.clone(),
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

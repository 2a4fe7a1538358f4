//! Routines in the form that existing clients read (on-call §2), their schedules, and what a change would come to.

use directory::{Coverage, Preview};
use domain::Username;
use domain::routine::{Change, Gap, Interval};
use serde::Serialize;

/// A schedule as it is answered.
#[derive(Debug, Serialize)]
pub struct Schedule<'a> {
    intervals: &'a [Interval],
}

/// The coverage of a policy as it is answered.
#[derive(Debug, Serialize)]
pub struct CoverageItem<'a> {
    levels: Vec<LevelSchedule<'a>>,
    gaps: &'a [Gap],
}

#[derive(Debug, Serialize)]
struct LevelSchedule<'a> {
    level: usize,
    intervals: &'a [Interval],
}

/// A preview as it is answered.
#[derive(Debug, Serialize)]
pub struct PreviewItem<'a> {
    intervals: &'a [Interval],
    changes: Option<&'a [Change]>,
    unknown_users: &'a [Username],
}

/// The schedule of a routine.
pub fn schedule(intervals: &[Interval]) -> Schedule<'_> {
    Schedule { intervals }
}

/// The schedules of a policy's levels.
pub fn coverage(coverage: &Coverage) -> CoverageItem<'_> {
    let level = |(level, intervals)| LevelSchedule { level, intervals };
    let levels = (1..).zip(coverage.levels.iter().map(Vec::as_slice)).map(level);
    CoverageItem { levels: levels.collect(), gaps: &coverage.gaps }
}

/// What a proposal would come to.
pub fn preview(preview: &Preview) -> PreviewItem<'_> {
    PreviewItem {
        intervals: &preview.intervals,
        changes: preview.changes.as_deref(),
        unknown_users: &preview.unknown_users,
    }
}

//! Shifts: what a layer's days come to in concrete instants.

use super::past::Stage;
use super::{Layer, ShiftLength};
use crate::wall_clock::WallClock;
use crate::{Instant, Username};
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// One concrete interval during which a group is on call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shift<'a> {
    pub(super) from: Instant,
    /// Exclusive.
    pub(super) until: Instant,
    pub(super) group: &'a [Username],
    pub(super) is_exception: bool,
}

/// The days before the day of an instant whose shifts can still run: a shift lasts 24 hours at most from anywhere in
/// its day, and a zone may turn its clock back over midnight in between.
const DAYS_BACK: i64 = 2;
/// The days after it whose shifts can have begun, where a clock was turned back over midnight.
const DAYS_AHEAD: i64 = 1;

/// The shifts by `stage` that run at some instant of `from` to `until`, which is exclusive, in no order.
pub(super) fn shifts(stage: Stage<'_>, from: Instant, until: Instant) -> Vec<Shift<'_>> {
    let Ok(zone) = TimeZone::get(stage.timezone) else { return Vec::new() };
    let clock = WallClock::around(zone, from, until);
    let first = clock.day_of(from).saturating_sub(DAYS_BACK.days());
    let last = clock.day_of(until).saturating_add(DAYS_AHEAD.days());
    let mut shifts = Vec::new();
    for layer in stage.layers {
        let Some(plan) = Plan::of(layer) else { continue };
        let mut day = first.max(plan.valid_start);
        while day <= last && day < plan.valid_end {
            if let Some(shift) = plan.shift(&clock, day)
                && shift.from < until
                && shift.until > from
                && shift.from < shift.until
            {
                shifts.push(shift);
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
    }
    shifts
}

/// A layer of which everything could be read.
struct Plan<'a> {
    layer: &'a Layer,
    valid_start: Date,
    valid_end: Date,
    start: Time,
    minutes: i64,
}

impl<'a> Plan<'a> {
    fn of(layer: &'a Layer) -> Option<Self> {
        let start = layer.rotation_start.get()?;
        let written = layer.shift_length.get()?;
        let means_whole_day = start == Time::midnight() && written == ShiftLength::TO_LAST_MINUTE;
        let length = if means_whole_day { ShiftLength::WHOLE_DAY } else { written };
        (layer.rotation_frequency > 0 && !layer.rotations.is_empty()).then_some(())?;
        Some(Self {
            layer,
            valid_start: layer.valid_start.get()?,
            valid_end: layer.valid_end.get()?,
            start,
            minutes: length.minutes(),
        })
    }

    /// The shift that belongs to `day`.
    fn shift(&self, clock: &WallClock, day: Date) -> Option<Shift<'a>> {
        let weekday = day.weekday().to_monday_zero_offset().unsigned_abs();
        if self.layer.skip_days.contains(&u32::from(weekday)) {
            return None;
        }
        let days = usize::try_from((day - self.valid_start).get_days()).ok()?;
        let turn = days / usize::try_from(self.layer.rotation_frequency).ok()?;
        let group = &self.layer.rotations[turn % self.layer.rotations.len()];
        let begins = day.to_datetime(self.start);
        let ends = begins.saturating_add(self.minutes.minutes());
        Some(Shift {
            from: clock.first_occurrence(begins),
            until: clock.last_occurrence(ends),
            group,
            is_exception: self.layer.is_exception,
        })
    }
}

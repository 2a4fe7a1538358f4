//! From a rule to the walls at which something starts, one step of the rule at a time. No zone is known here.

use super::rule::{Day, End, Frequency, Rule};
use crate::limits;
use jiff::Span;
use jiff::civil::{Date, DateTime, Weekday};

/// The walls at which a rule starts something, in order, each once; at most [`limits::RECURRENCE_STEPS`] steps of the
/// rule are looked at. An end that is an instant is for the caller to watch, who knows the zone.
pub(super) struct Expansion<'a> {
    rule: &'a Rule,
    starts: DateTime,
    /// No day after it is looked at.
    last: Date,
    step: i64,
    steps_left: u32,
    count: u32,
    days: std::vec::IntoIter<Date>,
}

impl<'a> Expansion<'a> {
    /// From the first start on to the end of day `last`. What comes before day `first` may be left out, but is not
    /// where a rule counts.
    pub(super) fn new(rule: &'a Rule, starts: DateTime, first: Date, last: Date) -> Self {
        let last = match rule.end {
            End::Day(day) => last.min(day),
            End::Wall(wall) => last.min(wall.date()),
            End::Never | End::Count(_) | End::Instant(_) => last,
        };
        let step = match rule.end {
            End::Count(_) => 0,
            End::Never | End::Day(_) | End::Wall(_) | End::Instant(_) => step_of(rule, starts.date(), first),
        };
        let steps_left = limits::RECURRENCE_STEPS;
        Self { rule, starts, last, step, steps_left, count: 0, days: Vec::new().into_iter() }
    }
}

impl Iterator for Expansion<'_> {
    type Item = DateTime;

    fn next(&mut self) -> Option<DateTime> {
        loop {
            let Some(day) = self.days.next() else {
                self.steps_left = self.steps_left.checked_sub(1)?;
                let (first, last) = period(self.rule, self.starts.date(), self.step)?;
                if first > self.last {
                    return None;
                }
                self.days = days(self.rule, self.starts.date(), first, last).into_iter();
                self.step += 1;
                continue;
            };
            if day < self.starts.date() {
                continue;
            }
            let wall = day.to_datetime(self.starts.time());
            let is_over = match self.rule.end {
                End::Count(count) => self.count >= count,
                End::Wall(end) => wall > end,
                End::Never | End::Day(_) | End::Instant(_) => false,
            };
            if is_over || day > self.last {
                return None;
            }
            self.count += 1;
            return Some(wall);
        }
    }
}

/// The number of the last step whose period begins on or before `day`.
fn step_of(rule: &Rule, starts: Date, day: Date) -> i64 {
    let interval = i64::from(rule.interval.max(1));
    let passed = match rule.frequency {
        Frequency::Daily => days_between(starts, day),
        Frequency::Weekly => days_between(week_of(starts, rule.week_start), day).div_euclid(7),
        Frequency::Monthly => month_number(day) - month_number(starts),
        Frequency::Yearly => i64::from(day.year()) - i64::from(starts.year()),
    };
    passed.max(0) / interval
}

/// First and last day of a step; `None` where the calendar ends.
fn period(rule: &Rule, starts: Date, step: i64) -> Option<(Date, Date)> {
    let passed = step.checked_mul(i64::from(rule.interval))?;
    match rule.frequency {
        Frequency::Daily => {
            let day = plus_days(starts, passed)?;
            Some((day, day))
        }
        Frequency::Weekly => {
            let first = plus_days(week_of(starts, rule.week_start), passed.checked_mul(7)?)?;
            Some((first, plus_days(first, 6)?))
        }
        Frequency::Monthly => {
            let number = month_number(starts).checked_add(passed)?;
            let (year, month) = (i16::try_from(number.div_euclid(12)).ok()?, number.rem_euclid(12) + 1);
            let first = Date::new(year, i8::try_from(month).ok()?, 1).ok()?;
            Some((first, first.last_of_month()))
        }
        Frequency::Yearly => {
            let year = i64::from(starts.year()).checked_add(passed)?;
            let first = Date::new(i16::try_from(year).ok()?, 1, 1).ok()?;
            Some((first, first.last_of_year()))
        }
    }
}

/// The days of one step by every condition of the rule, of which `BYSETPOS` chooses last.
fn days(rule: &Rule, starts: Date, first: Date, last: Date) -> Vec<Date> {
    let mut days = Vec::new();
    let mut next = Some(first);
    while let Some(day) = next.filter(|day| *day <= last) {
        if !rule.months.is_empty() && !rule.months.contains(&day.month()) {
            next = day.last_of_month().tomorrow().ok();
            continue;
        }
        if fits(rule, starts, day) {
            days.push(day);
        }
        next = day.tomorrow().ok();
    }
    if rule.positions.is_empty() {
        return days;
    }
    let place = |position: &i32| match usize::try_from(*position) {
        Ok(position) => position.checked_sub(1),
        Err(_) => days.len().checked_sub(usize::try_from(position.unsigned_abs()).ok()?),
    };
    let mut chosen: Vec<_> = rule.positions.iter().filter_map(place).filter_map(|at| days.get(at).copied()).collect();
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// Whether a day is one of the rule's, where its month is.
fn fits(rule: &Rule, starts: Date, day: Date) -> bool {
    if rule.month_days.is_empty() && rule.days.is_empty() {
        return match rule.frequency {
            Frequency::Daily => true,
            Frequency::Weekly => day.weekday() == starts.weekday(),
            Frequency::Monthly => day.day() == starts.day(),
            Frequency::Yearly => {
                day.day() == starts.day() && (!rule.months.is_empty() || day.month() == starts.month())
            }
        };
    }
    let from_end = day.day() - day.days_in_month() - 1;
    let by_month_day =
        rule.month_days.is_empty() || rule.month_days.contains(&day.day()) || rule.month_days.contains(&from_end);
    by_month_day && (rule.days.is_empty() || rule.days.iter().any(|of_rule| is_day(rule, *of_rule, day)))
}

/// Whether a day is the one that `BYDAY` means: its number counts within the month, or within the year where the rule
/// is yearly and names no months.
fn is_day(rule: &Rule, of_rule: Day, day: Date) -> bool {
    if of_rule.weekday != day.weekday() {
        return false;
    }
    let Some(ordinal) = of_rule.ordinal else { return true };
    let within_year = rule.frequency == Frequency::Yearly && rule.months.is_empty();
    let (place, length) = match within_year {
        true => (day.day_of_year(), day.days_in_year()),
        false => (i16::from(day.day()), i16::from(day.days_in_month())),
    };
    let so_many = if ordinal > 0 { (place - 1) / 7 + 1 } else { -((length - place) / 7 + 1) };
    i16::from(ordinal) == so_many
}

fn week_of(day: Date, week_start: Weekday) -> Date {
    let back = i64::from(day.weekday().since(week_start));
    plus_days(day, -back).unwrap_or(day)
}

fn month_number(day: Date) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month()) - 1
}

fn days_between(from: Date, until: Date) -> i64 {
    i64::from((until - from).get_days())
}

fn plus_days(day: Date, days: i64) -> Option<Date> {
    day.checked_add(Span::new().try_days(days).ok()?).ok()
}

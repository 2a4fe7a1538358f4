//! From walls to instants: when something recurring happens, what it covers, and when it comes next.

use super::expansion::Expansion;
use super::rule::{End, Rule};
use super::text::{Exdate, readable};
use super::{Recurring, WrittenRule};
use crate::wall_clock::WallClock;
use crate::{Instant, limits};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

/// One time that something recurring happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Its first instant.
    pub start: Instant,
    /// Its end, exclusive.
    pub end: Instant,
}

/// More days than the wall of a start can be away from the day that the clock shows at it: a gap may swallow a day.
const SLACK_DAYS: i64 = 2;

impl Recurring {
    /// The occurrences that run at some instant of `from` to `until`, which is exclusive: in order, whole, the first
    /// [`limits::OCCURRENCES`] of them. None where something of it could not be read.
    pub fn occurrences(&self, from: Instant, until: Instant) -> Vec<Occurrence> {
        let Some(plan) = Plan::of(self) else { return Vec::new() };
        if from >= until {
            return Vec::new();
        }
        let first = from.plus_micros(1).minus_minutes(self.duration_minutes);
        let starts = plan.starts(first, until).take_while(|start| *start < until).take(limits::OCCURRENCES);
        starts.map(|start| self.occurrence(start)).collect()
    }

    /// Until when occurrences follow each other without a gap from `at` on, exclusive; `None` where none runs at `at`.
    /// Of endless ones, the end of the first [`limits::OCCURRENCES`]: whoever acts at the end asks again then.
    pub fn covers(&self, at: Instant) -> Option<Instant> {
        let plan = Plan::of(self)?;
        let first = at.plus_micros(1).minus_minutes(self.duration_minutes);
        let most = u32::try_from(limits::OCCURRENCES).unwrap_or(u32::MAX);
        let last = at.plus_minutes(self.duration_minutes.saturating_mul(most));
        let mut reached = at;
        for start in plan.starts(first, last).take(limits::OCCURRENCES) {
            if start > reached {
                break;
            }
            reached = reached.max(self.occurrence(start).end);
        }
        (reached > at).then_some(reached)
    }

    /// The first start after `after`; `None` where there is none within the steps that are looked at.
    pub fn next_start(&self, after: Instant) -> Option<Instant> {
        Plan::of(self)?.starts(after.plus_micros(1), Instant::LATEST).find(|start| *start > after)
    }

    fn occurrence(&self, start: Instant) -> Occurrence {
        Occurrence { start, end: start.plus_minutes(self.duration_minutes) }
    }

    /// Whether a rule starts anything within [`limits::RECURRENCE_YEARS`] years of its first start, exdates or not.
    pub(super) fn ever_starts(&self, rule: &Rule) -> bool {
        let Some(plan) = Plan::of(self) else { return true };
        let first = plan.starts.date();
        let last = first.saturating_add(Span::new().years(limits::RECURRENCE_YEARS));
        let start = Expansion::new(rule, plan.starts, first, last).next();
        start.is_some_and(|wall| !plan.is_over(plan.clock.first_occurrence(wall)))
    }
}

/// Something recurring of which everything could be read.
struct Plan<'a> {
    starts: DateTime,
    clock: WallClock,
    rule: Option<&'a Rule>,
    exdates: Vec<Exdate>,
}

impl<'a> Plan<'a> {
    fn of(recurring: &'a Recurring) -> Option<Self> {
        let rule = match &recurring.rrule {
            None => None,
            Some(WrittenRule::Read(rule)) => Some(rule),
            Some(WrittenRule::Unreadable(..)) => return None,
        };
        Some(Self {
            starts: recurring.starts.get()?,
            clock: WallClock::of(TimeZone::get(&recurring.timezone).ok()?),
            rule,
            exdates: readable(&recurring.exdates),
        })
    }

    /// The starts from `first` on, in order and each once, as far as `last` and perhaps a little further.
    fn starts(&self, first: Instant, last: Instant) -> impl Iterator<Item = Instant> {
        let from = self.clock.day_of(first).saturating_sub(SLACK_DAYS.days());
        let to = self.clock.day_of(last).saturating_add(SLACK_DAYS.days());
        let walls = self.walls(from, to).skip_while(move |wall| wall.date() < from);
        let kept = walls.filter(|wall| !self.exdates.iter().any(|exdate| exdate.excludes(*wall)));
        let starts = kept.map(|wall| self.clock.first_occurrence(wall)).take_while(|start| !self.is_over(*start));
        let mut before = None;
        starts.filter(move |start| *start >= first && before.replace(*start) != Some(*start))
    }

    fn walls(&self, from: Date, to: Date) -> impl Iterator<Item = DateTime> {
        let by_rule = self.rule.map(|rule| Expansion::new(rule, self.starts, from, to));
        let once = self.rule.is_none().then_some(self.starts);
        by_rule.into_iter().flatten().chain(once)
    }

    fn is_over(&self, start: Instant) -> bool {
        matches!(self.rule.map(|rule| rule.end), Some(End::Instant(end)) if start > end)
    }
}

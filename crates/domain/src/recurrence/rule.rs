//! The rule by which something recurs: the parts of RFC 5545 that this product knows, and their one way to be written.
//! How a text is read is in `read`.

use crate::Instant;
use jiff::civil::{Date, DateTime, Weekday};
use std::fmt::{self, Display, Formatter};

/// By which days something recurs. Read from text such as `FREQ=MONTHLY;BYDAY=3TU,-1FR;BYSETPOS=1;COUNT=10`; displayed
/// as text in one form, which is read as an equal rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub(super) frequency: Frequency,
    pub(super) interval: u32,
    /// Each list is sorted and has nothing twice.
    pub(super) months: Vec<i8>,
    pub(super) month_days: Vec<i8>,
    pub(super) days: Vec<Day>,
    pub(super) positions: Vec<i32>,
    pub(super) week_start: Weekday,
    pub(super) end: End,
}

/// What a rule takes one step by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// A day of the week: each of them, or the one that is so many-th of the month or year, from its end where negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) weekday: Weekday,
    pub(super) ordinal: Option<i8>,
}

/// When a rule is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Never,
    /// After so many occurrences.
    Count(u32),
    /// After what starts on this day of the zone.
    Day(Date),
    /// After what starts at this time of the zone's wall clock.
    Wall(DateTime),
    /// After what starts at this instant.
    Instant(Instant),
}

/// What is wrong with the text of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFault {
    /// The part that is wrong, such as `BYDAY`; empty where it is the text as a whole.
    pub part: String,
    /// What is wrong with it.
    pub problem: String,
}

impl Display for RuleFault {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self.part.as_str() {
            "" => out.write_str(&self.problem),
            part => write!(out, "{part}: {}", self.problem),
        }
    }
}

impl Frequency {
    pub(super) const ALL: [(&'static str, Self); 4] =
        [("DAILY", Self::Daily), ("WEEKLY", Self::Weekly), ("MONTHLY", Self::Monthly), ("YEARLY", Self::Yearly)];

    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, frequency)| *frequency == self).map_or("", |(name, _)| name)
    }
}

/// The days of the week as a rule writes them, from Monday.
pub(super) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Monday),
    ("TU", Weekday::Tuesday),
    ("WE", Weekday::Wednesday),
    ("TH", Weekday::Thursday),
    ("FR", Weekday::Friday),
    ("SA", Weekday::Saturday),
    ("SU", Weekday::Sunday),
];

fn weekday_name(weekday: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(_, other)| *other == weekday).map_or("", |(name, _)| name)
}

impl Display for Day {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let name = weekday_name(self.weekday);
        match self.ordinal {
            Some(ordinal) => write!(out, "{ordinal}{name}"),
            None => out.write_str(name),
        }
    }
}

impl Display for Rule {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "FREQ={}", self.frequency.name())?;
        if self.interval != 1 {
            write!(out, ";INTERVAL={}", self.interval)?;
        }
        list(out, "BYMONTH", &self.months)?;
        list(out, "BYMONTHDAY", &self.month_days)?;
        list(out, "BYDAY", &self.days)?;
        list(out, "BYSETPOS", &self.positions)?;
        if self.week_start != Weekday::Monday {
            write!(out, ";WKST={}", weekday_name(self.week_start))?;
        }
        match self.end {
            End::Never => Ok(()),
            End::Count(count) => write!(out, ";COUNT={count}"),
            End::Day(day) => write!(out, ";UNTIL={}", day.strftime("%Y%m%d")),
            End::Wall(wall) => write!(out, ";UNTIL={}", wall.strftime("%Y%m%dT%H%M%S")),
            End::Instant(instant) => {
                let digits = instant.wire().replace(['-', ':'], "");
                write!(out, ";UNTIL={}Z", digits.get(..15).unwrap_or(&digits))
            }
        }
    }
}

fn list<T: Display>(out: &mut Formatter<'_>, part: &str, items: &[T]) -> fmt::Result {
    for (place, item) in items.iter().enumerate() {
        match place {
            0 => write!(out, ";{part}={item}")?,
            _ => write!(out, ",{item}")?,
        }
    }
    Ok(())
}

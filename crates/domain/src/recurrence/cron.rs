//! Cron expressions: at which minutes of a zone's wall clock something is expected. How a field is read is in
//! `cron_field`.

use super::cron_field::{DAY, HOUR, MINUTE, MONTH, Set, WEEKDAY, read};
use crate::wall_clock::WallClock;
use crate::{Instant, limits};
use jiff::Span;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// Five fields: minute, hour, day of month, month, day of week; or one of the names such as `@daily`.
///
/// Where both days are restricted, one of them is enough; a field that begins with `*`, `*/2` too, does not count as
/// restricted, as in Vixie's cron and its descendants. Displayed as it was written, with one space between the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    text: String,
    minutes: Set,
    hours: Set,
    days: Set,
    months: Set,
    weekdays: Set,
}

/// The names that stand for whole expressions.
const NAMES: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];
/// Days of each month, in the longest year.
const MONTH_DAYS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

impl FromStr for Cron {
    type Err = String;

    /// Reads an expression; the error names the field and what it may be.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() > limits::RECURRENCE_BYTES {
            return Err(format!("a cron expression has at most {} bytes", limits::RECURRENCE_BYTES));
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let named = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(&text)).map(|(_, expression)| *expression);
        if named.is_none() && text.starts_with('@') {
            let names: Vec<_> = NAMES.iter().map(|(name, _)| *name).collect();
            return Err(format!("`{text}` is not one of {}", names.join(", ")));
        }
        let fields: Vec<_> = named.unwrap_or(&text).split(' ').filter(|field| !field.is_empty()).collect();
        let [minutes, hours, days, months, weekdays] = fields[..] else {
            let names = "minute, hour, day of month, month, day of week";
            return Err(format!("a cron expression has 5 fields ({names}), and here are {}", fields.len()));
        };
        let cron = Self {
            minutes: read(&MINUTE, minutes)?,
            hours: read(&HOUR, hours)?,
            days: read(&DAY, days)?,
            months: read(&MONTH, months)?,
            weekdays: read(&WEEKDAY, weekdays)?,
            text: text.clone(),
        };
        match cron.ever_comes() {
            true => Ok(cron),
            false => Err(format!("day of month: none of `{days}` is in a month of `{months}`")),
        }
    }
}

impl Cron {
    /// The first time after `after` by the wall clock of `zone`, an IANA name: a time that a gap swallows is the gap's
    /// end, one that comes twice is the first. `None` where the zone is unknown or there is none within
    /// [`limits::RECURRENCE_YEARS`] years.
    pub fn next(&self, after: Instant, zone: &str) -> Option<Instant> {
        let clock = WallClock::of(TimeZone::get(zone).ok()?);
        let shown = clock.day_of(after);
        let last = shown.saturating_add(Span::new().years(limits::RECURRENCE_YEARS));
        let mut day = shown;
        while day <= last {
            if self.is_on(day)
                && clock.first_occurrence(day.to_datetime(self.last_time()?)) > after
                && let Some(found) = self.times(day).map(|wall| clock.first_occurrence(wall)).find(|at| *at > after)
            {
                return Some(found);
            }
            day = day.tomorrow().ok()?;
        }
        None
    }

    fn is_on(&self, day: Date) -> bool {
        let by_day = self.days.has(day.day().unsigned_abs());
        let by_weekday = self.weekdays.has(day.weekday().to_sunday_zero_offset().unsigned_abs());
        let is_either = self.days.is_restricted() && self.weekdays.is_restricted();
        let fits = if is_either { by_day || by_weekday } else { by_day && by_weekday };
        fits && self.months.has(day.month().unsigned_abs())
    }

    fn times(&self, day: Date) -> impl Iterator<Item = DateTime> {
        let hours = (0..24).filter(|hour| self.hours.has(*hour));
        let times = hours.flat_map(|hour| (0..60).filter(|minute| self.minutes.has(*minute)).map(move |at| (hour, at)));
        times.filter_map(move |(hour, minute)| Some(day.to_datetime(time(hour, minute)?)))
    }

    fn last_time(&self) -> Option<Time> {
        time(self.hours.last()?, self.minutes.last()?)
    }

    fn ever_comes(&self) -> bool {
        let months = (1..).zip(MONTH_DAYS).filter(|(month, _)| self.months.has(*month));
        let has_day = |most: u32| (1..=31).any(|day| self.days.has(day) && u32::from(day) <= most);
        let is_either = self.days.is_restricted() && self.weekdays.is_restricted();
        is_either || months.into_iter().any(|(_, most)| has_day(most))
    }
}

fn time(hour: u8, minute: u8) -> Option<Time> {
    Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()
}

impl Display for Cron {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl Serialize for Cron {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cron {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

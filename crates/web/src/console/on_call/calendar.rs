//! The calendar of a zone: its days as they pass, and times as forms write them.

use crate::gate::Problem;
use domain::Instant;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// What a form writes and reads: `2026-11-29T18:00`.
const WRITTEN: &str = "%Y-%m-%dT%H:%M";

/// The years that pages show; schedules are worked out beyond, and nobody looks there.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=9000;

/// The calendar of a zone.
#[derive(Clone, Debug)]
pub(in crate::console) struct Calendar {
    zone: TimeZone,
}

/// One day, from midnight to midnight, however long that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) from: Instant,
    /// Exclusive.
    pub(super) until: Instant,
}

/// Which end of a stretch of time is written; clocks that are turned back show the same time twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::console) enum Edge {
    /// The first of both is meant.
    Begin,
    /// The second of both is meant.
    End,
}

impl Calendar {
    /// The calendar of this zone; that of UTC where nobody knows it.
    pub(in crate::console) fn of(zone: &str) -> Self {
        Self { zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC) }
    }

    /// The time from one text to the other.
    ///
    /// # Errors
    /// `invalid_fields` with every fault, of `from` and of `until`.
    pub(in crate::console) fn stretch(&self, (from, until): (&str, &str)) -> Result<(Instant, Instant), Problem> {
        match (self.read(from, Edge::Begin), self.read(until, Edge::End)) {
            (Ok(from), Ok(until)) if from < until => Ok((from, until)),
            (Ok(_), Ok(_)) => Err(Problem::invalid(vec!["until: must be after the beginning".to_owned()])),
            (from, until) => {
                let faults = [("from", from.err()), ("until", until.err())];
                let told = faults.into_iter().filter_map(|(name, fault)| fault.map(|fault| format!("{name}: {fault}")));
                Err(Problem::invalid(told.collect()))
            }
        }
    }

    /// The instant that a form means.
    ///
    /// # Errors
    /// What is wrong with the text, as the end of a sentence.
    pub(in crate::console) fn read(&self, text: &str, edge: Edge) -> Result<Instant, String> {
        let text = text.trim();
        if let Ok(instant) = text.parse::<Timestamp>() {
            let is_shown = YEARS.contains(&TimeZone::UTC.to_datetime(instant).year());
            return is_shown.then(|| Instant(instant.as_microsecond())).ok_or_else(beyond);
        }
        let wall: DateTime =
            text.parse().map_err(|_| "must be a date and a time, such as 2026-11-29T18:00".to_owned())?;
        if !YEARS.contains(&wall.year()) {
            return Err(beyond());
        }
        let ambiguous = self.zone.to_ambiguous_timestamp(wall);
        let instant = match (ambiguous.offset(), edge) {
            (AmbiguousOffset::Gap { .. }, _) => {
                return Err("does not exist on that day: clocks are put forward over it".to_owned());
            }
            (_, Edge::Begin) => ambiguous.earlier(),
            (_, Edge::End) => ambiguous.later(),
        };
        instant.map(|instant| Instant(instant.as_microsecond())).map_err(|error| error.to_string())
    }

    /// What a form is filled in with for this instant.
    pub(super) fn written(&self, at: Instant) -> String {
        self.wall(at).strftime(WRITTEN).to_string()
    }

    /// The hour and minute that a clock on the wall shows; with the distance from UTC where it shows them twice.
    pub(super) fn minute(&self, at: Instant) -> String {
        let wall = self.wall(at);
        let minute = wall.strftime("%H:%M");
        match self.zone.to_ambiguous_timestamp(wall).is_ambiguous() {
            true => format!("{minute} (UTC{})", self.zone.to_offset(timestamp(at))),
            false => minute.to_string(),
        }
    }

    /// The day of an instant.
    pub(super) fn day_of(&self, at: Instant) -> Date {
        self.wall(at).date()
    }

    /// What a clock on the wall shows.
    pub(super) fn wall(&self, at: Instant) -> DateTime {
        self.zone.to_datetime(timestamp(at))
    }

    /// The first instant at which a clock shows this time or a later one.
    pub(super) fn at(&self, wall: DateTime) -> Instant {
        let found = self.zone.to_ambiguous_timestamp(wall).compatible();
        found.map_or(Instant::LATEST, |found| Instant(found.as_microsecond()))
    }

    /// So many days from this one on.
    pub(super) fn days(&self, first: Date, count: u16) -> Vec<Day> {
        let day = |number: i64| first.saturating_add(number.days());
        let begin = |date: Date| self.at(date.at(0, 0, 0, 0));
        (0..i64::from(count))
            .map(|number| Day { date: day(number), from: begin(day(number)), until: begin(day(number + 1)) })
            .collect()
    }
}

impl Day {
    /// How long it is where that is not 24 hours: `(25 h)`.
    pub(super) fn odd_length(&self) -> Option<String> {
        const DAY_MINUTES: i64 = 24 * 60;
        let minutes = (self.until.0 - self.from.0) / 60_000_000;
        match (minutes == DAY_MINUTES, minutes % 60) {
            (true, _) => None,
            (false, 0) => Some(format!("({} h)", minutes / 60)),
            (false, rest) => Some(format!("({} h {rest} min)", minutes / 60)),
        }
    }
}

/// The day that a link names, where a page can show it.
pub(super) fn day_named(text: &str) -> Option<Date> {
    text.trim().parse::<Date>().ok().filter(|day| YEARS.contains(&day.year()))
}

fn beyond() -> String {
    format!("must be of the years {} to {}", YEARS.start(), YEARS.end())
}

fn timestamp(at: Instant) -> Timestamp {
    let held = at.clamp(Instant::EARLIEST, Instant::LATEST);
    Timestamp::from_microsecond(held.0).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn a_form_means_the_wall_of_its_zone_and_both_hours_where_clocks_are_turned_back() {
        let berlin = Calendar::of("Europe/Berlin");
        let table = [
            ("2026-11-29T18:00", Edge::Begin, "2026-11-29T17:00:00"),
            ("2026-06-01 09:30", Edge::End, "2026-06-01T07:30:00"),
            ("2026-10-25T02:30", Edge::Begin, "2026-10-25T00:30:00"),
            ("2026-10-25T02:30", Edge::End, "2026-10-25T01:30:00"),
            ("2026-11-29T18:00:00Z", Edge::Begin, "2026-11-29T18:00:00"),
        ];
        for (text, edge, expect) in table {
            assert_eq!(berlin.read(text, edge), Ok(at(expect)), "{text} {edge:?}");
        }
        for text in ["", "tomorrow", "2026-13-01T00:00", "9999-01-01T00:00", "-009999-06-01T00:00:00Z"] {
            assert!(berlin.read(text, Edge::Begin).is_err(), "{text}");
        }
        assert!(berlin.read("2026-03-29T02:30", Edge::Begin).unwrap_err().contains("put forward"));
        assert_eq!(berlin.written(at("2026-11-29T17:00:00")), "2026-11-29T18:00");
    }

    #[test]
    fn days_are_as_long_as_they_are() {
        let berlin = Calendar::of("Europe/Berlin");
        let days = berlin.days(Date::constant(2026, 10, 24), 3);
        let told: Vec<_> = days.iter().map(|day| (day.from.wire_minute(), day.odd_length())).collect();
        let minute = str::to_owned;
        assert_eq!(
            told,
            [(minute("22:00:00"), None), (minute("22:00:00"), Some("(25 h)".to_owned())), (minute("23:00:00"), None)]
        );
        let spring = berlin.days(Date::constant(2026, 3, 29), 1);
        assert_eq!(spring[0].odd_length().as_deref(), Some("(23 h)"));
        // Midnight is left out there, and the day begins at one.
        let cairo = Calendar::of("Africa/Cairo").days(Date::constant(2026, 4, 24), 1);
        assert_eq!((cairo[0].from, cairo[0].odd_length().as_deref()), (at("2026-04-23T22:00:00"), Some("(23 h)")));
        let lord_howe = Calendar::of("Australia/Lord_Howe").days(Date::constant(2026, 4, 5), 1);
        assert_eq!(lord_howe[0].odd_length().as_deref(), Some("(24 h 30 min)"));
    }
}

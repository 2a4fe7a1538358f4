//! How much somebody is on call: hours, nights, weekends, by the clock of a zone.

use super::Interval;
use crate::wall_clock::WallClock;
use crate::{Instant, Username};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeMap;

/// When a night begins, and when it ends on the next day.
const NIGHT: (i8, i8) = (22, 6);
const SATURDAY: i8 = 5;
const HOUR_MICROS: i64 = 3_600_000_000;

/// What it comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Whole ones.
    pub hours: i64,
    /// Those of which some time between 22:00 and 06:00 is on call.
    pub nights: usize,
    /// Those of which some time between Saturday 00:00 and Sunday 24:00 is on call.
    pub weekends: usize,
}

/// Counts these stretches of time, which are in order and do not overlap, by the clock of a zone; of UTC where nobody knows it.
pub fn tally(stretches: &[(Instant, Instant)], zone: &str) -> Tally {
    let (Some((first, _)), Some((_, last))) = (stretches.first(), stretches.last()) else { return Tally::default() };
    let clock = WallClock::around(TimeZone::get(zone).unwrap_or(TimeZone::UTC), *first, *last);
    let touches = |begin: Instant, end: Instant| {
        let next = stretches.partition_point(|(_, until)| *until <= begin);
        stretches.get(next).is_some_and(|(from, _)| *from < end)
    };
    let at = |date: Date, hour: i8| clock.first_occurrence(date.at(hour, 0, 0, 0));
    let night = |date: &Date| touches(at(*date, NIGHT.0), at(date.saturating_add(1.day()), NIGHT.1));
    let weekend = |date: &Date| {
        date.weekday().to_monday_zero_offset() == SATURDAY
            && touches(at(*date, 0), at(date.saturating_add(2.days()), 0))
    };
    // The night before the first day reaches into it, as a Saturday does into Sunday.
    let (begin, end) = (clock.day_of(*first).saturating_sub(1.day()), clock.day_of(*last));
    let dates = || begin.series(1.day()).take_while(|date| *date <= end);
    let micros: i64 = stretches.iter().map(|(from, until)| until.0 - from.0).sum();
    Tally {
        hours: (micros + HOUR_MICROS / 2) / HOUR_MICROS,
        nights: dates().filter(night).count(),
        weekends: dates().filter(weekend).count(),
    }
}

/// What a schedule asks of each of its people, by preferred username.
pub fn tallies<'a>(schedule: &'a [Interval], zone: &str) -> Vec<(&'a Username, Tally)> {
    let mut stretches: BTreeMap<&Username, Vec<(Instant, Instant)>> = BTreeMap::new();
    for interval in schedule {
        for user in &interval.on_call {
            stretches.entry(user).or_default().push((interval.from, interval.until));
        }
    }
    stretches.into_iter().map(|(user, stretches)| (user, tally(&stretches, zone))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(&format!("{text}Z")).expect("a time")
    }

    #[test]
    fn hours_nights_and_weekends_are_counted_by_the_clock_of_the_zone() {
        let night = |day: u32| (at(&format!("2026-11-{day}T17:00:00")), at(&format!("2026-11-{}T08:00:00", day + 1)));
        let nights: Vec<_> = (23..30).map(night).collect();
        let told = |stretches: &[(Instant, Instant)]| {
            let Tally { hours, nights, weekends } = tally(stretches, "Europe/Berlin");
            (hours, nights, weekends)
        };
        assert_eq!(told(&nights), (105, 7, 1));
        // The night before the first day reaches into it.
        assert_eq!(told(&[(at("2026-11-22T23:00:00"), at("2026-11-23T01:00:00"))]), (2, 1, 0));
        assert_eq!(told(&[(at("2026-11-23T08:00:00"), at("2026-11-23T17:00:00"))]), (9, 0, 0));
        // A Sunday alone is of the weekend that began before it.
        assert_eq!(told(&[(at("2026-11-29T08:00:00"), at("2026-11-29T17:00:00"))]), (9, 0, 1));
        assert_eq!(told(&[]), (0, 0, 0));
    }

    #[test]
    fn each_person_of_a_schedule_is_counted_alone() {
        let interval = |from: &str, until: &str, on_call: &[&str]| Interval {
            from: at(from),
            until: at(until),
            on_call: on_call.iter().map(|name| Username((*name).to_owned())).collect(),
        };
        let schedule = [
            interval("2026-11-23T08:00:00", "2026-11-23T20:00:00", &["ana", "bo"]),
            interval("2026-11-23T20:00:00", "2026-11-24T08:00:00", &["bo"]),
        ];
        let told: Vec<_> = tallies(&schedule, "UTC")
            .into_iter()
            .map(|(user, tally)| (user.as_str(), tally.hours, tally.nights))
            .collect();
        assert_eq!(told, [("ana", 12, 0), ("bo", 24, 1)]);
    }
}

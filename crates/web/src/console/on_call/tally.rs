//! How much somebody is on call: hours, nights, weekends, by the clock of a zone.

use super::calendar::{Calendar, Day};
use domain::Instant;
use jiff::ToSpan;
use jiff::civil::Date;

/// When a night begins, and when it ends on the next day.
const NIGHT: (i8, i8) = (22, 6);
const HOUR_MICROS: i64 = 3_600_000_000;

/// What it comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Whole ones.
    pub(super) hours: i64,
    /// Those of which some time between 22:00 and 06:00 is on call.
    pub(super) nights: usize,
    /// Those of which some time between Saturday 00:00 and Sunday 24:00 is on call.
    pub(super) weekends: usize,
}

/// Counts these stretches of time, which lie within the days.
pub(super) fn tally(stretches: &[(Instant, Instant)], days: &[Day], calendar: &Calendar) -> Tally {
    let micros: i64 = stretches.iter().map(|(from, until)| until.0 - from.0).sum();
    let touches = |begin: Instant, end: Instant| stretches.iter().any(|(from, until)| *from < end && *until > begin);
    let dates =
        || days.first().and_then(|day| day.date.yesterday().ok()).into_iter().chain(days.iter().map(|day| day.date));
    let night = |date: &Date| {
        let next = date.saturating_add(1.day());
        touches(calendar.at(date.at(NIGHT.0, 0, 0, 0)), calendar.at(next.at(NIGHT.1, 0, 0, 0)))
    };
    let weekend = |date: &Date| {
        let is_saturday = date.weekday().to_monday_zero_offset() == 5;
        let end = date.saturating_add(2.days());
        is_saturday && touches(calendar.at(date.at(0, 0, 0, 0)), calendar.at(end.at(0, 0, 0, 0)))
    };
    Tally {
        hours: (micros + HOUR_MICROS / 2) / HOUR_MICROS,
        nights: dates().filter(night).count(),
        weekends: dates().filter(weekend).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::on_call::made_up::at;

    #[test]
    fn hours_nights_and_weekends_are_counted_by_the_clock_of_the_zone() {
        let berlin = Calendar::of("Europe/Berlin");
        let days = berlin.days(Date::constant(2026, 11, 23), 7);
        let night = |day: u32| (at(&format!("2026-11-{day}T17:00:00")), at(&format!("2026-11-{}T08:00:00", day + 1)));
        let nights: Vec<_> = (23..30).map(night).collect();
        let told = |stretches: &[(Instant, Instant)]| {
            let Tally { hours, nights, weekends } = tally(stretches, &days, &berlin);
            (hours, nights, weekends)
        };
        assert_eq!(told(&nights), (105, 7, 1));
        // The night before the first day reaches into it.
        assert_eq!(told(&[(at("2026-11-22T23:00:00"), at("2026-11-23T01:00:00"))]), (2, 1, 0));
        assert_eq!(told(&[(at("2026-11-23T08:00:00"), at("2026-11-23T17:00:00"))]), (9, 0, 0));
        assert_eq!(told(&[(at("2026-11-29T08:00:00"), at("2026-11-29T17:00:00"))]), (9, 0, 1));
        assert_eq!(told(&[]), (0, 0, 0));
    }
}

//! Which days of a routine are shown, and in which zone.

use crate::console::address;
use crate::console::form::Form;
use crate::console::on_call::calendar::{Calendar, Day, day_named};
use crate::console::time::Clock;
use domain::Instant;
use jiff::ToSpan;
use jiff::civil::Date;

/// The lengths that are offered, days.
pub(super) const LENGTHS: [(u16, &str); 3] = [(1, "1 day"), (14, "2 weeks"), (42, "6 weeks")];
const LENGTH: u16 = 14;

/// What is shown.
#[derive(Clone, Debug)]
pub(super) struct Period {
    /// How many days are asked for.
    pub(super) length: u16,
    /// The days, of which there is at least one.
    pub(super) days: Vec<Day>,
    pub(super) from: Instant,
    /// Exclusive.
    pub(super) until: Instant,
    /// The zone that the address names.
    zone: String,
}

impl Period {
    /// What the query asks for: whole weeks from Monday on, or a day; from today where no day is named. At most so many
    /// days.
    pub(super) fn of(query: &Form, clock: &Clock, most: i64) -> Self {
        let calendar = Calendar::of(clock.zone());
        let asked = query.get("days").and_then(|days| days.parse().ok());
        let length = asked.filter(|asked| LENGTHS.iter().any(|(days, _)| days == asked)).unwrap_or(LENGTH);
        let first = query.get("from").and_then(day_named);
        let first = first.unwrap_or_else(|| begin(calendar.day_of(clock.now()), length));
        let count = i64::from(length).min(most.max(1));
        let days = calendar.days(first, u16::try_from(count).unwrap_or(length));
        let from = days.first().map_or(clock.now(), |day| day.from);
        let until = days.last().map_or(clock.now(), |day| day.until);
        Self { length, days, from, until, zone: query.text("zone").to_owned() }
    }

    /// The address of the page that shows this period.
    pub(super) fn address(&self, path: &str) -> String {
        self.other(path, self.length, self.days.first().map(|day| day.date))
    }

    /// The address of another length; what begins today begins so again.
    pub(super) fn of_length(&self, path: &str, length: u16, today: Date) -> String {
        let first = self.days.first().map(|day| day.date).filter(|first| *first != begin(today, self.length));
        self.other(path, length, first)
    }

    /// The address of the period so many of its lengths later.
    pub(super) fn later(&self, path: &str, times: i64) -> Option<String> {
        let first = self.days.first()?.date;
        let count = i64::try_from(self.days.len()).ok()?;
        let moved = first.checked_add((count * times).days()).ok()?;
        day_named(&moved.to_string()).map(|moved| self.other(path, self.length, Some(moved)))
    }

    /// The address of today's.
    pub(super) fn today(&self, path: &str) -> String {
        self.other(path, self.length, None)
    }

    /// The address of the same in another zone; one's own where none is named.
    pub(super) fn in_zone(&self, path: &str, zone: &str) -> String {
        Self { zone: zone.to_owned(), ..self.clone() }.address(path)
    }

    fn other(&self, path: &str, length: u16, first: Option<Date>) -> String {
        let days = length.to_string();
        let days = if length == LENGTH { "" } else { days.as_str() };
        let first = first.map(|first| first.to_string()).unwrap_or_default();
        address::asking(path, &[("days", days), ("from", &first), ("zone", &self.zone)])
    }
}

/// Weeks begin on Monday.
fn begin(today: Date, length: u16) -> Date {
    match length {
        1 => today,
        _ => today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::on_call::made_up::clock;

    fn period(query: &str, most: i64) -> Period {
        Period::of(&Form::read(query.as_bytes()), &clock(), most)
    }

    fn days(query: &str, most: i64) -> String {
        let days = period(query, most).days;
        format!("{} {} {}", days.len(), days[0].date, days[days.len() - 1].date)
    }

    #[test]
    fn a_period_is_one_of_three_lengths_and_weeks_begin_on_monday() {
        for (query, expect) in [
            ("", "14 2026-11-23 2026-12-06"),
            ("days=1", "1 2026-11-29 2026-11-29"),
            ("days=42", "42 2026-11-23 2027-01-03"),
            ("days=4000", "14 2026-11-23 2026-12-06"),
            ("days=1&from=2027-02-28", "1 2027-02-28 2027-02-28"),
            ("from=nonsense", "14 2026-11-23 2026-12-06"),
            ("from=-9999-01-01", "14 2026-11-23 2026-12-06"),
        ] {
            assert_eq!(days(query, 3660), expect, "{query}");
        }
        assert_eq!(days("days=42", 5), "5 2026-11-23 2026-11-27");
        assert_eq!(days("days=42", 0), "1 2026-11-23 2026-11-23");
    }

    #[test]
    fn addresses_keep_what_was_asked_for() {
        let period = period("days=42&zone=Asia/Seoul", 3660);
        let today = Date::constant(2026, 11, 29);
        assert_eq!(period.later("/r", 1).as_deref(), Some("/r?days=42&from=2027-01-04&zone=Asia%2FSeoul"));
        assert_eq!(period.later("/r", -1).as_deref(), Some("/r?days=42&from=2026-10-12&zone=Asia%2FSeoul"));
        assert_eq!(period.today("/r"), "/r?days=42&zone=Asia%2FSeoul");
        assert_eq!(period.of_length("/r", 1, today), "/r?days=1&zone=Asia%2FSeoul");
        assert_eq!(period.in_zone("/r", ""), "/r?days=42&from=2026-11-23");
        let far = Period::of(&Form::read(b"days=1&from=9000-12-31"), &clock(), 3660);
        assert_eq!(far.later("/r", 1), None);
    }
}

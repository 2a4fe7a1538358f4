//! Points in time: microseconds of UTC, and their one form on the wire.

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// A point in time in microseconds since 1970-01-01T00:00:00 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

const MICROS_PER_MINUTE: i64 = 60_000_000;

impl Instant {
    /// The earliest and the latest instant that the wire form can spell.
    pub const EARLIEST: Self = Self(-62_135_596_800_000_000);
    /// See [`Instant::EARLIEST`].
    pub const LATEST: Self = Self(253_402_207_200_000_000);

    /// This instant and `minutes` more, held within what the wire can spell.
    #[must_use]
    pub fn plus_minutes(self, minutes: u32) -> Self {
        self.plus_micros(i64::from(minutes) * MICROS_PER_MINUTE)
    }

    /// This instant less `minutes`, held within what the wire can spell.
    #[must_use]
    pub fn minus_minutes(self, minutes: u32) -> Self {
        self.plus_micros(-i64::from(minutes) * MICROS_PER_MINUTE)
    }

    /// This instant and `micros` more, held within what the wire can spell.
    #[must_use]
    pub fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros)).clamp(Self::EARLIEST, Self::LATEST)
    }

    /// `2021-05-05T17:20:14.343825`: naive UTC with six fractional digits (contract §1).
    pub fn wire(self) -> String {
        self.civil().strftime("%Y-%m-%dT%H:%M:%S.%6f").to_string()
    }

    /// `2021-05-05`, the day of this instant in UTC.
    pub fn wire_date(self) -> String {
        self.civil().strftime("%Y-%m-%d").to_string()
    }

    /// `17:20:00`, the minute of this instant in UTC.
    pub fn wire_minute(self) -> String {
        self.civil().strftime("%H:%M:00").to_string()
    }

    /// Reads a timestamp: `T` or space, with or without fraction and zone; no zone means UTC (contract §1).
    /// The last days of the year 9999, by which some say that there is no end, are the latest instant. `None` when the text is
    /// not a timestamp.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let at_the_end = || {
            let at = text.trim_end_matches(['Z', 'z']).parse::<civil::DateTime>();
            at.is_ok_and(|at| at.year() == 9999).then_some(Self::LATEST)
        };
        let instant = match text.parse::<Timestamp>() {
            Ok(instant) => instant,
            Err(_) if has_zone(text) => return at_the_end(),
            Err(_) => match TimeZone::UTC.to_timestamp(text.parse::<civil::DateTime>().ok()?) {
                Ok(instant) => instant,
                Err(_) => return at_the_end(),
            },
        };
        let micros = Self(instant.as_microsecond());
        (Self::EARLIEST..=Self::LATEST).contains(&micros).then_some(micros)
    }

    fn civil(self) -> civil::DateTime {
        let held = self.clamp(Self::EARLIEST, Self::LATEST);
        let instant = Timestamp::from_microsecond(held.0).unwrap_or(Timestamp::UNIX_EPOCH);
        TimeZone::UTC.to_datetime(instant)
    }

    /// `2021-05-05 19:20`, as a wall clock in `zone` shows this instant to the minute. `None` when the zone is unknown.
    pub fn wall_minute(self, zone: &str) -> Option<String> {
        let held = self.clamp(Self::EARLIEST, Self::LATEST);
        let instant = Timestamp::from_microsecond(held.0).ok()?;
        Some(TimeZone::get(zone).ok()?.to_datetime(instant).strftime("%Y-%m-%d %H:%M").to_string())
    }

    /// Day of the week (0 = Monday) and second of the day that a wall clock in `zone` shows.
    /// `None` when the zone is unknown.
    pub fn wall_clock(self, zone: &str) -> Option<(u8, u32)> {
        let held = self.clamp(Self::EARLIEST, Self::LATEST);
        let instant = Timestamp::from_microsecond(held.0).ok()?;
        let wall = TimeZone::get(zone).ok()?.to_datetime(instant);
        let weekday = wall.weekday().to_monday_zero_offset().unsigned_abs();
        let second = u32::try_from(wall.hour()).ok()? * 3600
            + u32::try_from(wall.minute()).ok()? * 60
            + u32::try_from(wall.second()).ok()?;
        Some((weekday, second))
    }
}

/// Whether the part after the date speaks of a zone, so that it must not be read as UTC.
fn has_zone(text: &str) -> bool {
    text.get(10..).is_some_and(|rest| rest.contains(['Z', 'z', '+', '-', '[']))
}

/// Whether `zone` is an IANA time zone name that this build knows.
pub fn zone_is_known(zone: &str) -> bool {
    TimeZone::get(zone).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_has_exactly_six_fractional_digits() {
        assert_eq!(Instant(1_620_235_214_343_825).wire(), "2021-05-05T17:20:14.343825");
        assert_eq!(Instant(0).wire(), "1970-01-01T00:00:00.000000");
        assert_eq!(Instant(1_620_235_214_343_825).wire_date(), "2021-05-05");
        assert_eq!(Instant(1_620_235_214_343_825).wire_minute(), "17:20:00");
    }

    #[test]
    fn a_wall_clock_shows_the_minute_of_its_zone() {
        let at = Instant(1_620_235_214_343_825);
        assert_eq!(at.wall_minute("Europe/Berlin").as_deref(), Some("2021-05-05 19:20"));
        assert_eq!(at.wall_minute("UTC").as_deref(), Some("2021-05-05 17:20"));
        assert_eq!(at.wall_minute("Mars"), None);
    }

    #[test]
    fn a_timestamp_is_read_with_or_without_fraction_and_zone() {
        let expect = [
            ("2021-05-05T17:20:14.343825", Some(1_620_235_214_343_825)),
            ("2021-05-05 17:20:14", Some(1_620_235_214_000_000)),
            ("2021-05-05T17:20:14Z", Some(1_620_235_214_000_000)),
            ("2021-05-05T19:20:14.5+02:00", Some(1_620_235_214_500_000)),
            ("2021-05-05", Some(1_620_172_800_000_000)),
            ("2021-05-05T19:20:14+0200", Some(1_620_235_214_000_000)),
            ("2021-05-05t15:20:14-02", Some(1_620_235_214_000_000)),
            ("2021-05-05t17:20:14z", Some(1_620_235_214_000_000)),
            ("9999-12-31", Some(Instant::LATEST.0)),
            ("9999-12-31T23:59:59Z", Some(Instant::LATEST.0)),
            ("9999-12-31T23:59:59-23:59", Some(Instant::LATEST.0)),
            ("2021-05-05T17:20:14+99:00", None),
            ("yesterday", None),
            ("", None),
        ];
        for (text, micros) in expect {
            assert_eq!(Instant::parse(text), micros.map(Instant), "{text}");
        }
    }

    #[test]
    fn adding_never_leaves_what_the_wire_can_spell() {
        assert_eq!(Instant(i64::MAX).plus_minutes(5), Instant::LATEST);
        assert_eq!(Instant::LATEST.wire().len(), 26);
        assert_eq!(Instant::EARLIEST.wire(), "0001-01-01T00:00:00.000000");
    }
}

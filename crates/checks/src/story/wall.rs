//! The wall clock of a story: how its times are read and shown.

use domain::Instant;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, ZonedDateTime};

/// A wall clock in one zone.
#[derive(Clone, Debug)]
pub(super) struct Wall {
    zone: TimeZone,
}

impl Wall {
    pub(super) fn in_zone(name: &str) -> Result<Self, String> {
        let zone = TimeZone::get(name).map_err(|_| format!("`{name}` is not an IANA time zone"))?;
        Ok(Self { zone })
    }

    /// `Mon 02 Mar 08:05`, with seconds where there are any, and the zone where it is not UTC. A time that chance has
    /// moved is marked by `~`.
    pub(super) fn show(&self, at: Instant) -> String {
        format!("{} {}", self.date(at), self.time(at))
    }

    /// Likewise, without the day where it is that of `now`.
    pub(super) fn show_from(&self, now: Instant, at: Instant) -> String {
        if self.date(now) == self.date(at) { self.time(at) } else { self.show(at) }
    }

    fn date(&self, at: Instant) -> String {
        self.zoned(at).strftime("%a %d %b").to_string()
    }

    fn time(&self, at: Instant) -> String {
        let wall = self.zoned(at);
        let mut told = wall.strftime("%H:%M").to_string();
        if at.0.rem_euclid(1_000_000) != 0 {
            told.push('~');
        } else if wall.second() != 0 {
            told += &wall.strftime(":%S").to_string();
        }
        if self.zone.iana_name() != Some("UTC") {
            told += &wall.strftime(" %Z").to_string();
        }
        told
    }

    fn zoned(&self, at: Instant) -> ZonedDateTime {
        Timestamp::from_microsecond(at.0).expect("an instant").to_zoned_datetime(self.zone.clone())
    }

    /// The instant of `2026-03-02 08:00`; where the clock shows it twice, the first.
    pub(super) fn read(&self, text: &str) -> Result<Instant, String> {
        let wall: DateTime = text.parse().map_err(|_| format!("`{text}` is not of the form 2026-03-02 08:00"))?;
        self.instant(wall)
    }

    /// The next instant after `now` at which the clock shows `08:00`, or the instant of a date and time.
    pub(super) fn next(&self, text: &str, now: Instant) -> Result<Instant, String> {
        if let Ok(wall) = text.parse::<DateTime>() {
            return self.instant(wall);
        }
        let time: Time = text.parse().map_err(|_| format!("`{text}` is no time such as 08:00"))?;
        let today: Date = self.zoned(now).date();
        let candidate = self.instant(today.to_datetime(time))?;
        if candidate > now {
            return Ok(candidate);
        }
        self.instant(today.saturating_add(1.day()).to_datetime(time))
    }

    fn instant(&self, wall: DateTime) -> Result<Instant, String> {
        let zoned = self.zone.to_ambiguous_zoned_datetime(wall).compatible().map_err(|error| error.to_string())?;
        Ok(Instant(zoned.timestamp().as_microsecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_as_the_wall_shows_them() {
        let (utc, berlin) = (Wall::in_zone("UTC").unwrap(), Wall::in_zone("Europe/Berlin").unwrap());
        let at = utc.read("2026-03-29 00:59").unwrap();
        assert_eq!(utc.show(at), "Sun 29 Mar 00:59");
        assert_eq!(berlin.show(at), "Sun 29 Mar 01:59 CET");
        assert_eq!(berlin.show(at.plus_minutes(1)), "Sun 29 Mar 03:00 CEST");
        assert_eq!(utc.show(at.plus_micros(2_000_000)), "Sun 29 Mar 00:59:02");
        assert_eq!(utc.show(at.plus_micros(2_000_001)), "Sun 29 Mar 00:59~");
    }

    #[test]
    fn a_time_alone_is_the_next_one() {
        let utc = Wall::in_zone("UTC").unwrap();
        let now = utc.read("2026-03-02 08:00").unwrap();
        assert_eq!(utc.next("09:30", now), utc.read("2026-03-02 09:30"));
        assert_eq!(utc.next("08:00", now), utc.read("2026-03-03 08:00"));
        assert_eq!(utc.next("2026-05-01 08:00", now), utc.read("2026-05-01 08:00"));
        assert!(utc.next("soon", now).is_err());
    }
}

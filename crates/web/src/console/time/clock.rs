//! The clock of who reads a page: a zone, and now.

use super::words::{duration, from_now};
use domain::Instant;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// The zone of those who said none.
const WITHOUT: &str = "UTC";

/// What time it is for who reads, and in which zone they read all others.
#[derive(Clone, Debug)]
pub(in crate::console) struct Clock {
    zone: TimeZone,
    now: Instant,
}

/// An instant as a page tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console) struct Moment {
    /// For programs: `2026-11-29T12:07:28Z`.
    pub(in crate::console) datetime: String,
    /// By the clock of who reads: `12:07 today`, `Mon 30 Nov 09:00`.
    pub(in crate::console) absolute: String,
    /// From now: `5 min ago`, `in 2:41 min`.
    pub(in crate::console) relative: String,
}

impl Clock {
    /// The clock at `now` in the first of these zones that is known; UTC where none is.
    pub(in crate::console) fn of<'a>(zones: impl IntoIterator<Item = Option<&'a str>>, now: Instant) -> Self {
        let zone = zones.into_iter().flatten().find_map(|zone| TimeZone::get(zone).ok());
        Self { zone: zone.unwrap_or(TimeZone::UTC), now }
    }

    /// Whether a zone has this IANA name.
    pub(in crate::console) fn is_zone(name: &str) -> bool {
        TimeZone::get(name).is_ok()
    }

    /// The same now in another zone, such as that of a routine; as it is where nobody knows that zone.
    pub(in crate::console) fn within(&self, zone: &str) -> Self {
        Self { zone: TimeZone::get(zone).unwrap_or_else(|_| self.zone.clone()), now: self.now }
    }

    /// Now.
    pub(in crate::console) fn now(&self) -> Instant {
        self.now
    }

    /// The IANA name of the zone: `Europe/Berlin`.
    pub(in crate::console) fn zone(&self) -> &str {
        self.zone.iana_name().unwrap_or(WITHOUT)
    }

    /// The zone as people call it: `Berlin`; with its distance from UTC where the name alone says nothing, as `CET` does.
    pub(in crate::console) fn place(&self) -> String {
        let name = self.zone();
        match name.rsplit_once('/') {
            Some((area, city)) if area != "Etc" => city.replace('_', " "),
            _ if matches!(name, WITHOUT | "Etc/UTC") => WITHOUT.to_owned(),
            _ => format!("{} ({})", name.trim_start_matches("Etc/"), from_utc(&self.wall(self.now))),
        }
    }

    /// What the clock shows: `03:02`.
    pub(in crate::console) fn minute(&self) -> String {
        self.wall(self.now).shows.strftime("%H:%M").to_string()
    }

    /// Whole minutes until the clock shows this hour next.
    pub(in crate::console) fn minutes_until(&self, hour: i8) -> Option<u32> {
        let shows = self.wall(self.now).shows;
        let today = shows.date().at(hour, 0, 0, 0);
        let then = if today > shows { today } else { today.date().tomorrow().ok()?.at(hour, 0, 0, 0) };
        let then = self.zone.to_timestamp(then).ok()?;
        u32::try_from((then.as_second() - timestamp(self.now).as_second() + 59) / 60).ok()
    }

    /// An instant as who reads is told it.
    pub(in crate::console) fn moment(&self, at: Instant) -> Moment {
        Moment { datetime: datetime(at), absolute: self.absolute(at), relative: self.relative(at) }
    }

    /// A stretch of time: `09:00–18:00 today, 9 h`. Its length is what passes, whatever clocks are changed in between.
    pub(in crate::console) fn span(&self, from: Instant, until: Instant) -> String {
        let (begin, end) = (self.wall(from), self.wall(until));
        let length = duration(seconds_between(from, until));
        match (begin.shows.date() == end.shows.date(), self.day(begin.shows.date())) {
            (true, day) => {
                let hours = format!("{}–{}", self.minute_of(&begin), self.minute_of(&end));
                format!("{}, {length}", beside(&day, &hours))
            }
            (false, _) => format!("{} – {}, {length}", self.absolute(from), self.absolute(until)),
        }
    }

    fn absolute(&self, at: Instant) -> String {
        let at = self.wall(at);
        beside(&self.day(at.shows.date()), &self.minute_of(&at))
    }

    fn relative(&self, at: Instant) -> String {
        from_now(seconds_between(self.now, at))
    }

    /// The hour and minute, with the distance from UTC where clocks that are turned back show them twice.
    fn minute_of(&self, at: &Wall) -> String {
        let minute = at.shows.strftime("%H:%M");
        match self.zone.to_ambiguous_timestamp(at.shows).is_ambiguous() {
            true => format!("{minute} ({})", from_utc(at)),
            false => minute.to_string(),
        }
    }

    fn day(&self, day: Date) -> Day {
        let today = self.wall(self.now).shows.date();
        if day == today {
            Day::Near("today")
        } else if Some(day) == today.tomorrow().ok() {
            Day::Near("tomorrow")
        } else if Some(day) == today.yesterday().ok() {
            Day::Near("yesterday")
        } else if day.year() == today.year() {
            Day::Far(day.strftime("%a %-d %b").to_string())
        } else {
            Day::Far(day.strftime("%a %-d %b %Y").to_string())
        }
    }

    fn wall(&self, at: Instant) -> Wall {
        let at = timestamp(at);
        Wall { shows: self.zone.to_datetime(at), offset_seconds: self.zone.to_offset(at).seconds() }
    }
}

/// What a clock on the wall shows, and how far it is from UTC then.
struct Wall {
    shows: DateTime,
    offset_seconds: i32,
}

/// A day as it is told: by a word after the time, or by its date before it.
enum Day {
    Near(&'static str),
    Far(String),
}

fn beside(day: &Day, time: &str) -> String {
    match day {
        Day::Near(word) => format!("{time} {word}"),
        Day::Far(date) => format!("{date} {time}"),
    }
}

/// `UTC+2`, `UTC−3:30`.
fn from_utc(at: &Wall) -> String {
    let seconds = at.offset_seconds;
    let sign = if seconds < 0 { '−' } else { '+' };
    let minutes = seconds.abs() / 60;
    match minutes % 60 {
        0 => format!("UTC{sign}{}", minutes / 60),
        rest => format!("UTC{sign}{}:{rest:02}", minutes / 60),
    }
}

fn timestamp(at: Instant) -> Timestamp {
    let held = at.clamp(Instant::EARLIEST, Instant::LATEST);
    Timestamp::from_microsecond(held.0).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn datetime(at: Instant) -> String {
    let civil: DateTime = TimeZone::UTC.to_datetime(timestamp(at));
    civil.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Whole seconds, as a clock without fractions counts them.
fn seconds_between(from: Instant, until: Instant) -> i64 {
    timestamp(until).as_second() - timestamp(from).as_second()
}

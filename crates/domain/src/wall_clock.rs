//! A zone's wall clock: which instant it means by a time of the day, where it is put forward or back.

use crate::Instant;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

/// More than the walls around a period reach: two days, a shift, and an offset of up to a day.
const MARGIN_MICROS: i64 = 5 * 24 * 3600 * 1_000_000;

/// A zone's wall clock around a period.
pub(crate) struct WallClock {
    zone: TimeZone,
    /// The offset that holds throughout the period and some days around it, where there is one: it saves most of the
    /// time that it takes to ask the zone.
    steady: Option<Offset>,
}

impl WallClock {
    /// For any instant; the zone is asked every time.
    pub(crate) fn of(zone: TimeZone) -> Self {
        Self { zone, steady: None }
    }

    /// For instants of `from` to `until` and the walls of some days around them.
    pub(crate) fn around(zone: TimeZone, from: Instant, until: Instant) -> Self {
        let (early, late) = (timestamp(from.plus_micros(-MARGIN_MICROS)), timestamp(until.plus_micros(MARGIN_MICROS)));
        let changes = zone.following(early).next().is_some_and(|transition| transition.timestamp() <= late);
        let steady = (!changes).then(|| zone.to_offset(early));
        Self { zone, steady }
    }

    /// The day that the clock shows at `instant`.
    pub(crate) fn day_of(&self, instant: Instant) -> Date {
        self.zone.to_datetime(timestamp(instant)).date()
    }

    /// The instant at which the clock first shows `wall`; where a gap swallows it, the gap's end.
    pub(crate) fn first_occurrence(&self, wall: DateTime) -> Instant {
        match self.offset(wall) {
            AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => at(offset, wall),
            AmbiguousOffset::Gap { after, .. } => self.end_of_gap(after, wall),
        }
    }

    /// The instant at which the clock shows `wall` for the last time; where a gap swallows it, the gap's end.
    pub(crate) fn last_occurrence(&self, wall: DateTime) -> Instant {
        match self.offset(wall) {
            AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { after: offset, .. } => at(offset, wall),
            AmbiguousOffset::Gap { after, .. } => self.end_of_gap(after, wall),
        }
    }

    fn offset(&self, wall: DateTime) -> AmbiguousOffset {
        match self.steady {
            Some(offset) => AmbiguousOffset::Unambiguous { offset },
            None => self.zone.to_ambiguous_timestamp(wall).offset(),
        }
    }

    /// The first instant after the missing stretch that `wall` lies in. Read by the offset that holds after it, `wall`
    /// comes to an instant shortly before.
    fn end_of_gap(&self, after: Offset, wall: DateTime) -> Instant {
        let before = at(after, wall);
        let transition = self.zone.following(timestamp(before)).next();
        transition.map_or(before, |transition| Instant(transition.timestamp().as_microsecond()))
    }
}

fn timestamp(instant: Instant) -> Timestamp {
    let held = instant.clamp(Instant::EARLIEST, Instant::LATEST);
    Timestamp::from_microsecond(held.0).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn at(offset: Offset, wall: DateTime) -> Instant {
    let beyond = if wall.year() > 0 { Instant::LATEST } else { Instant::EARLIEST };
    offset.to_timestamp(wall).map_or(beyond, |instant| Instant(instant.as_microsecond()))
}

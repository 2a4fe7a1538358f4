//! Patterns by which people take turns, as the layers of a routine: week by week, days and nights, and following the sun.

use domain::Instant;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

const DAY_MINUTES: i64 = 24 * 60;

/// When a turn ends and the next begins: day of the week (0 = Monday) and time, by the clock of the routine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Handover {
    pub(super) weekday: i8,
    pub(super) time: Time,
}

/// People in one place who are on call while it is day there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Site {
    /// The name of its zone.
    pub(super) zone: String,
    pub(super) people: Vec<String>,
}

/// A time that a form writes: `09:00`.
pub(super) fn read_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    Time::new(hour.parse().ok()?, minute.get(..2)?.parse().ok()?, 0, 0).ok()
}

/// One person after the other, a week each.
pub(super) fn weekly(people: &[String], handover: Handover, (zone, now): (&str, Instant)) -> Value {
    json!([layer("Week by week", people, (handover.time, DAY_MINUTES), begin(handover, zone, now))])
}

/// One group by day and another by night, each taking turns by the week. Day is from the handover's time on.
pub(super) fn day_and_night(
    (day, night): (&[String], &[String]),
    handover: Handover,
    until: Time,
    (zone, now): (&str, Instant),
) -> Value {
    let from = begin(handover, zone, now);
    let length = minutes_between(handover.time, until);
    json!([
        layer("Day", day, (handover.time, length), from),
        layer("Night", night, (until, DAY_MINUTES - length), from),
    ])
}

/// Each site while it is day there: from `time` by its own clock until the next one begins; its people take turns by the week.
/// Nothing where two begin at the same time.
pub(super) fn follow_the_sun(sites: &[Site], weekday: i8, time: Time, (zone, now): (&str, Instant)) -> Option<Value> {
    let mut begins: Vec<(Time, &Site)> =
        sites.iter().map(|site| Some((begins_at(&site.zone, time, zone, now)?, site))).collect::<Option<_>>()?;
    begins.sort_by_key(|(begins, _)| *begins);
    let first = begins.first()?.0;
    if begins.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return None;
    }
    let from = begin(Handover { weekday, time: first }, zone, now);
    let next = begins.iter().skip(1).map(|(begins, _)| *begins).chain([first]);
    let layer = |((at, site), next): (&(Time, &Site), Time)| {
        let length = if begins.len() == 1 { DAY_MINUTES } else { minutes_between(*at, next) };
        layer(&site.zone, &site.people, (*at, length), from)
    };
    Some(begins.iter().zip(next).map(layer).collect())
}

/// What the clock of `zone` shows when that of `there` shows `time`, today.
fn begins_at(there: &str, time: Time, zone: &str, now: Instant) -> Option<Time> {
    let today = wall(now, there)?.date();
    let at = TimeZone::get(there).ok()?.to_timestamp(today.to_datetime(time)).ok()?;
    Some(TimeZone::get(zone).ok()?.to_datetime(at).time())
}

/// The day of the last handover, so that the first of those who take turns is on call now.
fn begin(handover: Handover, zone: &str, now: Instant) -> Date {
    let now = wall(now, zone).unwrap_or_default();
    let since = (now.weekday().to_monday_zero_offset() - handover.weekday).rem_euclid(7);
    let is_later_today = since == 0 && now.time() < handover.time;
    now.date().saturating_sub(i32::from(since + if is_later_today { 7 } else { 0 }).days())
}

fn wall(at: Instant, zone: &str) -> Option<DateTime> {
    at.wall_minute(zone)?.parse().ok()
}

fn minutes_between(from: Time, until: Time) -> i64 {
    let minutes = |time: Time| i64::from(time.hour()) * 60 + i64::from(time.minute());
    match (minutes(until) - minutes(from)).rem_euclid(DAY_MINUTES) {
        0 => DAY_MINUTES,
        between => between,
    }
}

fn layer(name: &str, people: &[String], (start, minutes): (Time, i64), from: Date) -> Value {
    let groups: Vec<_> = people.iter().map(|person| [person]).collect();
    json!({
        "layer_name": name,
        "valid_start": from.to_string(),
        "rotation_start": start.strftime("%H:%M:%S").to_string(),
        "shift_length": format!("{:02}:{:02}", minutes / 60, minutes % 60),
        "rotation_frequency": 7,
        "rotations": groups,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::routine::{Routine, gaps, on_call, schedule};

    fn people(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn routine(zone: &str, layers: &Value) -> Routine {
        serde_json::from_value(json!({"name": "r", "timezone": zone, "routine_layers": layers})).unwrap()
    }

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn on(routine: &Routine, at: Instant) -> Vec<String> {
        on_call(routine, &[], at).users.iter().map(ToString::to_string).collect()
    }

    /// Nobody is missing for five weeks from now on.
    fn is_whole(routine: &Routine, now: Instant) -> bool {
        let until = now.plus_minutes(5 * 7 * 24 * 60);
        gaps(&schedule(routine, &[], now, until), now, until).is_empty()
    }

    const HANDOVER: Handover = Handover { weekday: 0, time: Time::constant(9, 0, 0, 0) };

    #[test]
    fn whoever_is_named_first_is_on_call_now_whatever_the_day_and_hour() {
        for hours in 0..24 * 8 {
            let now = at("2026-11-27T22:30:00").plus_minutes(hours * 60);
            let layers = weekly(&people(&["ana", "ben"]), HANDOVER, ("Europe/Berlin", now));
            let routine = routine("Europe/Berlin", &layers);
            assert_eq!(on(&routine, now), ["ana"], "{}", now.wire());
            assert_eq!(on(&routine, now.plus_minutes(7 * 24 * 60)), ["ben"], "{}", now.wire());
            assert!(is_whole(&routine, now));
        }
    }

    #[test]
    fn days_and_nights_have_their_own_people_and_no_hour_between() {
        let now = at("2026-11-30T12:00:00");
        let (day, night) = (people(&["ana", "ben"]), people(&["cho"]));
        let until = Time::constant(21, 30, 0, 0);
        let routine = routine("UTC", &day_and_night((&day, &night), HANDOVER, until, ("UTC", now)));
        assert_eq!(on(&routine, now), ["ana"]);
        assert_eq!(on(&routine, at("2026-11-30T22:00:00")), ["cho"]);
        assert_eq!(on(&routine, at("2026-12-08T08:00:00")), ["cho"]);
        assert_eq!(on(&routine, at("2026-12-08T10:00:00")), ["ben"]);
        assert!(is_whole(&routine, now));
    }

    #[test]
    fn the_sun_is_followed_from_place_to_place() {
        let now = at("2026-11-30T12:00:00");
        let site = |zone: &str, name: &str| Site { zone: zone.to_owned(), people: people(&[name]) };
        let sites = [site("America/New_York", "dee"), site("Europe/Berlin", "ana"), site("Asia/Seoul", "cho")];
        let layers = follow_the_sun(&sites, 0, Time::constant(9, 0, 0, 0), ("UTC", now)).unwrap();
        let routine = routine("UTC", &layers);
        for (time, who) in [("00:30", "cho"), ("07:59", "cho"), ("08:00", "ana"), ("13:59", "ana"), ("14:00", "dee")] {
            assert_eq!(on(&routine, at(&format!("2026-12-02T{time}:00"))), [who], "{time}");
        }
        assert!(is_whole(&routine, now));
        let same = [site("Europe/Berlin", "ana"), site("Europe/Paris", "ben")];
        assert_eq!(follow_the_sun(&same, 0, Time::constant(9, 0, 0, 0), ("UTC", now)), None);
    }

    #[test]
    fn times_are_read_as_forms_write_them() {
        assert_eq!(read_time("09:30"), Some(Time::constant(9, 30, 0, 0)));
        assert_eq!(read_time(" 9:05:00 "), Some(Time::constant(9, 5, 0, 0)));
        for wrong in ["", "noon", "24:00", "9", "09:6", "09:é"] {
            assert_eq!(read_time(wrong), None, "{wrong}");
        }
    }
}

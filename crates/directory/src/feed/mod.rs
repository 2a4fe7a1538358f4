//! Calendar feeds of routines and of people, as calendar programs subscribe to them (on-call §2, RFC 5545).

mod calendar;
mod given;
mod wall;

pub use given::{FeedOf, FeedUrl};
pub use wall::Wall;

use calendar::{Calendar, Event};
use domain::directory::Directory;
use domain::routine::Interval;
use domain::{Instant, Username, limits};

/// The media type of a feed.
pub const CONTENT_TYPE: &str = "text/calendar; charset=utf-8";

const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;

/// What a feed that is asked for at `now` tells of: from the first of a month of UTC, [`limits::FEED_DAYS_BACK`] or up
/// to a month more ago, until [`limits::FEED_DAYS_AHEAD`] from midnight on, exclusive. It begins where it began
/// yesterday, so that an interval that is cut off there stays the same event.
pub fn period(now: Instant) -> (Instant, Instant) {
    let day = |days: i64| midnight(now).plus_micros(days * DAY_MICROS);
    let back = day(-limits::FEED_DAYS_BACK);
    let month = back.wire_date().get(..7).and_then(|month| Instant::parse(&format!("{month}-01")));
    (month.unwrap_or(back), day(limits::FEED_DAYS_AHEAD))
}

/// The calendar of a routine: an event for each interval of its schedule, named by the people who are on call.
/// `None` when there is no routine of this name.
pub fn routine_feed(directory: &Directory, routine: &str, now: Instant) -> Option<String> {
    let entry = directory.routines.named(routine)?;
    let mut calendar = Calendar::new(&format!("On call: {routine}"), now);
    for interval in schedule(directory, routine, now) {
        let names: Vec<_> = interval.on_call.iter().map(|user| directory.shown_name(user)).collect();
        let summary = names.join(", ");
        let description = format!("{summary}: on call by the routine {routine}");
        calendar.add(&Event {
            owner: entry.ref_id.as_str(),
            from: interval.from,
            until: interval.until,
            summary: &summary,
            description: &description,
        });
    }
    Some(calendar.text())
}

/// The calendar of a person: an event for each time at which they are on call by a routine, named by the routine.
/// `None` when there is no user of this name.
pub fn user_feed(directory: &Directory, username: &str, now: Instant) -> Option<String> {
    let user = directory.user(username)?;
    let mut calendar = Calendar::new(&format!("On call: {}", user.shown_name()), now);
    for entry in directory.routines.by_name() {
        let name = &entry.component.name;
        let description = format!("{} is on call by the routine {name}", user.shown_name());
        for (from, until) in duty(&schedule(directory, name, now), &user.username) {
            calendar.add(&Event {
                owner: &format!("{}-{username}", entry.ref_id),
                from,
                until,
                summary: &format!("On call: {name}"),
                description: &description,
            });
        }
    }
    Some(calendar.text())
}

/// The schedule of a routine over the period of its feed; of one so large that this would be too much work, as many days
/// from today on as can be worked out.
fn schedule(directory: &Directory, routine: &str, now: Instant) -> Vec<Interval> {
    let (mut from, mut until) = period(now);
    let most = directory.schedule_days(routine) * DAY_MICROS;
    if until.0 - from.0 > most {
        from = midnight(now);
        until = until.min(from.plus_micros(most));
    }
    directory.schedule(routine, from, until)
}

fn midnight(now: Instant) -> Instant {
    Instant(now.0.div_euclid(DAY_MICROS) * DAY_MICROS)
}

/// The times at which `user` is on call, whoever else is.
fn duty(schedule: &[Interval], user: &Username) -> Vec<(Instant, Instant)> {
    let mut duty: Vec<(Instant, Instant)> = Vec::new();
    for interval in schedule.iter().filter(|interval| interval.on_call.contains(user)) {
        match duty.last_mut() {
            Some((_, until)) if *until == interval.from => *until = interval.until,
            _ => duty.push((interval.from, interval.until)),
        }
    }
    duty
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{OrganizationId, RefId};
    use serde_json::json;

    #[test]
    fn a_feed_begins_with_a_month_and_ends_with_a_day() {
        let period = |now: &str| {
            let (from, until) = period(Instant::parse(now).unwrap());
            format!("{} {}", from.wire(), until.wire())
        };
        let expected = "2026-05-01T00:00:00.000000 2027-06-16T00:00:00.000000";
        assert_eq!([period("2026-06-15T00:00:00"), period("2026-06-15T23:59:59.999999")], [expected, expected]);
        assert_eq!(period("2026-06-01T12:00:00"), "2026-05-01T00:00:00.000000 2027-06-02T00:00:00.000000");
        assert_eq!(period("2026-01-30T12:00:00"), "2025-12-01T00:00:00.000000 2027-01-31T00:00:00.000000");
    }

    #[test]
    fn the_feed_of_a_huge_routine_tells_of_fewer_days_from_today_on() {
        let groups: Vec<_> = (0..limits::GROUP_USERS).map(|number| format!("u{number}")).collect();
        let layers = vec![json!({"valid_start": "2020-01-01", "rotations": [groups]}); limits::LAYERS];
        let huge = json!({"name": "huge", "timezone": "UTC", "routine_layers": layers});
        let mut house = Directory::empty(OrganizationId(1), "house");
        house.routines.add(RefId::from("id"), serde_json::from_value(huge).unwrap());
        let days = house.schedule_days("huge");
        assert!((1..limits::FEED_DAYS_AHEAD).contains(&days), "{days}");
        let now = Instant::parse("2026-06-15T18:00").unwrap();
        let told = schedule(&house, "huge", now);
        let today = midnight(now);
        assert!(!told.is_empty());
        assert!(told.iter().all(|one| today <= one.from && one.until <= today.plus_micros(days * DAY_MICROS)));
    }
}

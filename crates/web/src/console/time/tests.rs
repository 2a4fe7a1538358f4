//! Times in words: today and tomorrow by the zone that is shown, and over changes of clocks.

use super::{Clock, duration};
use domain::Instant;

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn clock(zone: &str, now: &str) -> Clock {
    Clock::of([Some(zone)], at(now))
}

#[track_caller]
fn check(clock: &Clock, table: &[(&str, &str)]) {
    for (instant, expected) in table {
        let moment = clock.moment(at(instant));
        assert_eq!(format!("{} · {}", moment.absolute, moment.relative), *expected, "{instant}");
    }
}

#[test]
fn a_moment_is_told_by_the_wall_and_from_now_with_the_day_and_the_year_where_they_differ() {
    let berlin = clock("Europe/Berlin", "2026-11-29T11:12:30Z");
    check(
        &berlin,
        &[
            ("2026-11-29T11:12:30.900Z", "12:12 today · now"),
            ("2026-11-29T11:12:18Z", "12:12 today · 12 s ago"),
            ("2026-11-29T11:07:28Z", "12:07 today · 5 min ago"),
            ("2026-11-29T11:15:11Z", "12:15 today · in 2:41 min"),
            ("2026-11-29T11:12:31Z", "12:12 today · in 0:01 min"),
            ("2026-11-29T11:35:30Z", "12:35 today · in 23 min"),
            ("2026-11-29T08:02:30Z", "09:02 today · 3 h 10 min ago"),
            ("2026-11-28T22:59:59Z", "23:59 yesterday · 12 h ago"),
            ("2026-11-28T23:00:00Z", "00:00 today · 12 h ago"),
            ("2026-11-30T08:00:00Z", "09:00 tomorrow · in 20 h"),
            ("2026-12-01T08:00:00Z", "Tue 1 Dec 09:00 · in 1 day"),
            ("2026-11-26T11:00:00Z", "Thu 26 Nov 12:00 · 3 days ago"),
            ("2027-01-04T08:00:00Z", "Mon 4 Jan 2027 09:00 · in 35 days"),
            ("2026-03-01T08:00:00Z", "Sun 1 Mar 09:00 · 9 months ago"),
            ("2021-05-05T17:20:14Z", "Wed 5 May 2021 19:20 · 5 years ago"),
        ],
    );
    assert_eq!(berlin.moment(at("2026-11-29T11:07:28.5Z")).datetime, "2026-11-29T11:07:28Z");
}

#[test]
fn today_is_that_of_the_zone_that_is_shown() {
    let now = "2026-11-29T23:30:00Z";
    let instant = "2026-11-30T00:10:00Z";
    check(&clock("UTC", now), &[(instant, "00:10 tomorrow · in 40 min")]);
    check(&clock("Europe/Berlin", now), &[(instant, "01:10 today · in 40 min")]);
    check(&clock("America/New_York", now), &[(instant, "19:10 today · in 40 min")]);
    check(&clock("Pacific/Kiritimati", now), &[("2026-11-29T09:59:00Z", "23:59 yesterday · 13 h ago")]);
    check(&clock("UTC", now).within("Asia/Seoul"), &[("2026-11-29T14:00:00Z", "23:00 yesterday · 9 h 30 min ago")]);
}

#[test]
fn the_hour_that_comes_twice_is_told_with_its_distance_from_utc() {
    let autumn = clock("Europe/Berlin", "2026-10-25T00:45:00Z");
    check(
        &autumn,
        &[
            ("2026-10-24T23:30:00Z", "01:30 today · 1 h 15 min ago"),
            ("2026-10-25T00:30:00Z", "02:30 (UTC+2) today · 15 min ago"),
            ("2026-10-25T01:30:00Z", "02:30 (UTC+1) today · in 45 min"),
            ("2026-10-25T02:00:00Z", "03:00 today · in 1 h 15 min"),
            ("2026-10-25T22:59:00Z", "23:59 today · in 22 h"),
            ("2026-10-25T23:00:00Z", "00:00 tomorrow · in 22 h"),
        ],
    );
    assert_eq!(autumn.span(at("2026-10-24T22:00:00Z"), at("2026-10-25T22:59:00Z")), "00:00–23:59 today, 1 day");
}

#[test]
fn the_hour_that_is_left_out_is_not_counted() {
    let spring = clock("Europe/Berlin", "2027-03-28T00:59:00Z");
    check(
        &spring,
        &[("2027-03-28T00:59:00Z", "01:59 today · now"), ("2027-03-28T01:00:00Z", "03:00 today · in 1:00 min")],
    );
    assert_eq!(spring.span(at("2027-03-28T00:00:00Z"), at("2027-03-28T02:00:00Z")), "01:00–04:00 today, 2 h");
    let night = spring.span(at("2027-03-27T17:00:00Z"), at("2027-03-28T07:00:00Z"));
    assert_eq!(night, "18:00 yesterday – 09:00 today, 14 h");
}

#[test]
fn a_zone_is_named_by_its_place_and_never_by_letters_alone() {
    let now = "2026-11-29T02:02:00Z";
    for (zone, expected) in [
        ("Europe/Berlin", "Berlin 03:02"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires 23:02"),
        ("UTC", "UTC 02:02"),
        ("Etc/UTC", "UTC 02:02"),
        ("CET", "CET (UTC+1) 03:02"),
        ("Etc/GMT+5", "GMT+5 (UTC−5) 21:02"),
        ("Mars/Base", "UTC 02:02"),
    ] {
        let clock = clock(zone, now);
        assert_eq!(format!("{} {}", clock.place(), clock.minute()), expected, "{zone}");
    }
    let asked = Clock::of([Some("Mars/Base"), None, Some("Asia/Kolkata"), Some("UTC")], at(now));
    assert_eq!((asked.zone(), asked.minute().as_str()), ("Asia/Kolkata", "07:32"));
    assert_eq!(asked.now(), at(now));
}

#[test]
fn a_duration_is_told_in_its_two_largest_units() {
    for (seconds, expected) in [
        (-5, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h"),
        (7_500, "2 h 5 min"),
        (86_400, "1 day"),
        (273_600, "3 days 4 h"),
    ] {
        assert_eq!(duration(seconds), expected);
    }
}

#[test]
fn the_ends_of_time_are_told_too() {
    let clock = clock("Asia/Seoul", "2026-11-29T02:02:00Z");
    for instant in [Instant(i64::MIN), Instant::EARLIEST, Instant::LATEST, Instant(i64::MAX)] {
        assert!(!clock.moment(instant).absolute.is_empty());
    }
}

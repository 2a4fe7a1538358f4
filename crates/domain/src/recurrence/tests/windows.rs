//! Windows: what recurs in a zone, where clocks are put forward and back, and what covers an instant.

use super::{instant, recurring, starts};
use crate::limits;
use crate::recurrence::Recurring;
use serde_json::{Value, json};

const BERLIN: &str = "Europe/Berlin";
const NEW_YORK: &str = "America/New_York";

/// Whether all starts from 1990 on to the minute after the last expected one are these, in UTC.
#[track_caller]
fn check(first: &str, zone: &str, keys: &Value, expected: &[&str]) {
    let recurring = recurring(first, zone, keys);
    assert_eq!(recurring.faults(), [], "{keys}");
    let end = instant(expected[expected.len() - 1]).plus_minutes(1).wire();
    assert_eq!(starts(&recurring, "1990-01-01", &end), expected, "{keys}");
}

/// The same of a rule in UTC from a start on.
#[track_caller]
fn check_rule(first: &str, rule: &str, expected: &[&str]) {
    let expected: Vec<_> = expected.iter().map(|day| format!("{day}T{}", &first[11..16])).collect();
    check(first, "UTC", &json!({"rrule": rule}), &expected.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn a_window_without_a_rule_comes_once() {
    let once = recurring("2026-01-05T09:00", BERLIN, &json!({}));
    assert_eq!(starts(&once, "2000-01-01", "2100-01-01"), ["2026-01-05T08:00"]);
    assert_eq!(once.next_start(instant("2026-01-05T07:59")), Some(instant("2026-01-05T08:00")));
    assert_eq!(once.next_start(instant("2026-01-05T08:00")), None);
}

#[test]
fn days_are_found_by_their_number_from_both_ends_of_the_month_and_year() {
    check_rule("2026-01-01T09:00", "FREQ=MONTHLY;BYDAY=5FR", &["2026-01-30", "2026-05-29", "2026-07-31"]);
    check_rule("2026-01-01T09:00", "FREQ=MONTHLY;BYDAY=3TU,-1FR", &["2026-01-20", "2026-01-30", "2026-02-17"]);
    check_rule("2026-01-31T09:00", "FREQ=MONTHLY", &["2026-01-31", "2026-03-31", "2026-05-31"]);
    check_rule("2026-01-31T09:00", "FREQ=MONTHLY;BYMONTHDAY=-1", &["2026-01-31", "2026-02-28", "2026-03-31"]);
    check_rule("2026-02-01T09:00", "FREQ=MONTHLY;BYMONTHDAY=-31", &["2026-03-01", "2026-05-01", "2026-07-01"]);
    check_rule("2026-01-01T09:00", "FREQ=YEARLY;BYDAY=20MO,-1SU", &["2026-05-18", "2026-12-27", "2027-05-17"]);
    check_rule("2026-01-01T09:00", "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU", &["2026-03-29", "2026-10-25", "2027-03-28"]);
    check_rule("2026-01-01T09:00", "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR", &["2026-02-13", "2026-03-13", "2026-11-13"]);
    check_rule("2026-01-01T09:00", "FREQ=MONTHLY;BYDAY=MO,1TU", &["2026-01-05", "2026-01-06", "2026-01-12"]);
}

#[test]
fn leap_days_come_in_leap_years_alone() {
    check_rule("2024-02-29T09:00", "FREQ=YEARLY", &["2024-02-29", "2028-02-29", "2032-02-29"]);
    check_rule("2096-02-29T09:00", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29", &["2096-02-29", "2104-02-29", "2108-02-29"]);
}

#[test]
fn positions_choose_from_the_whole_of_a_step() {
    check_rule("2026-01-01T09:00", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", &["2026-01-30", "2026-02-27"]);
    check_rule("2026-01-01T09:00", "FREQ=MONTHLY;BYDAY=TU,WE;BYSETPOS=-9,1,9", &["2026-01-06", "2026-02-03"]);
    check_rule("2026-01-01T09:00", "FREQ=YEARLY;BYDAY=MO;BYSETPOS=53", &["2029-12-31"]);
    // The week of the first start has begun on Monday, whose place is before it.
    check_rule("2026-01-07T09:00", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1", &["2026-01-12", "2026-01-19"]);
}

#[test]
fn every_other_week_is_counted_from_the_day_that_weeks_begin_on() {
    let rule = "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU";
    check_rule("1997-08-05T09:00", rule, &["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"]);
    let rule = format!("{rule};WKST=SU");
    check_rule("1997-08-05T09:00", &rule, &["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"]);
}

#[test]
fn a_rule_ends_by_count_or_at_a_day_a_wall_or_an_instant() {
    let expect = [
        ("COUNT=2", 2),
        ("UNTIL=20260107", 3),
        ("UNTIL=20260107T020000", 3),
        ("UNTIL=20260107T015959", 2),
        ("UNTIL=20260107T010000Z", 3),
        ("UNTIL=20260107T005959Z", 2),
    ];
    for (end, days) in expect {
        let rule = format!("FREQ=DAILY;{end}");
        let daily = recurring("2026-01-05T02:00", BERLIN, &json!({"rrule": rule}));
        assert_eq!(starts(&daily, "2000-01-01", "2100-01-01").len(), days, "{end}");
        assert_eq!(daily.next_start(instant("2026-02-01")), None, "{end}");
    }
}

#[test]
fn a_start_in_a_gap_is_the_gaps_end_and_a_doubled_one_the_first() {
    let daily = json!({"rrule": "FREQ=DAILY"});
    let sundays = json!({"rrule": "FREQ=WEEKLY;BYDAY=SU"});
    check("2026-03-28T02:30", BERLIN, &daily, &["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"]);
    check("2026-10-24T02:30", BERLIN, &daily, &["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"]);
    check("2026-03-01T02:15", NEW_YORK, &sundays, &["2026-03-01T07:15", "2026-03-08T07:00", "2026-03-15T06:15"]);
    check("2026-10-25T01:15", NEW_YORK, &sundays, &["2026-10-25T05:15", "2026-11-01T05:15", "2026-11-08T06:15"]);
    // The 30th was no day in Apia: both that start at midnight would start at the same instant.
    check("2011-12-29T00:00", "Pacific/Apia", &daily, &["2011-12-29T10:00", "2011-12-30T10:00", "2011-12-31T10:00"]);
}

#[test]
fn a_start_that_a_gap_puts_into_the_next_day_is_found_from_that_day_on() {
    // At 23:00 on the 28th, Nuuk's clock is put forward to midnight.
    let daily = recurring("2026-03-27T23:30", "America/Nuuk", &json!({"rrule": "FREQ=DAILY"}));
    let midnight = instant("2026-03-29T01:00");
    assert_eq!(daily.next_start(midnight.plus_micros(-1)), Some(midnight));
    assert_eq!(daily.next_start(midnight), Some(instant("2026-03-30T00:30")));
}

#[test]
fn a_window_lasts_its_minutes_however_the_clock_is_put() {
    let whole_days = json!({"rrule": "FREQ=DAILY", "duration_minutes": 24 * 60, "exdates": ["2026-10-27"]});
    let days = recurring("2026-10-24T00:00", BERLIN, &whole_days);
    let occurrences = days.occurrences(instant("2026-10-25T10:00"), instant("2026-10-26T10:00"));
    let told: Vec<_> =
        occurrences.iter().map(|one| [one.start, one.end].map(|at| at.wire()[..16].to_owned())).collect();
    assert_eq!(told, [["2026-10-24T22:00", "2026-10-25T22:00"], ["2026-10-25T23:00", "2026-10-26T23:00"]]);
    assert_eq!(
        days.covers(instant("2026-10-25T10:00")),
        Some(instant("2026-10-25T22:00")),
        "an hour is missing after it"
    );
    assert_eq!(days.covers(instant("2026-10-25T22:30")), None);
    assert_eq!(days.covers(instant("2026-10-26T23:00")), None, "left out");
}

#[test]
fn occurrences_that_overlap_or_touch_cover_together() {
    let overlapping = json!({"rrule": "FREQ=DAILY;COUNT=3", "duration_minutes": 36 * 60});
    let days = recurring("2026-01-05T12:00", "UTC", &overlapping);
    let end = Some(instant("2026-01-09T00:00"));
    let expect = [
        ("2026-01-05T11:59", None),
        ("2026-01-05T12:00", end),
        ("2026-01-06T18:00", end),
        ("2026-01-08T23:59", end),
        ("2026-01-09T00:00", None),
    ];
    for (at, end) in expect {
        assert_eq!(days.covers(instant(at)), end, "{at}");
    }
}

#[test]
fn what_never_ends_is_bounded() {
    let always = recurring("2026-01-01T00:00", "UTC", &json!({"rrule": "FREQ=DAILY", "duration_minutes": 43_200}));
    assert_eq!(always.occurrences(instant("2030-01-01"), instant("2040-01-01")).len(), limits::OCCURRENCES);
    let end = always.covers(instant("2030-01-01T00:00")).unwrap();
    assert!(end > instant("2031-01-01"), "{end:?}");
    assert_eq!(always.next_start(instant("2500-01-01T00:00")), Some(instant("2500-01-02T00:00")));
    assert_eq!(always.next_start(crate::Instant::LATEST), None);
    assert_eq!(always.occurrences(crate::Instant::EARLIEST, crate::Instant::LATEST).len(), limits::OCCURRENCES);
}

#[test]
fn exdates_leave_out_a_day_or_a_start_and_are_counted() {
    let exdates =
        json!({"rrule": "FREQ=DAILY;COUNT=5", "exdates": ["2026-01-06", "2026-01-07T09:00", "2026-01-08T10:00"]});
    check("2026-01-05T09:00", "UTC", &exdates, &["2026-01-05T09:00", "2026-01-08T09:00", "2026-01-09T09:00"]);
    let left = recurring("2026-01-05T09:00", "UTC", &exdates);
    assert_eq!(left.next_start(instant("2026-01-09T09:00")), None);
}

#[test]
fn faults_name_the_field() {
    let many = vec!["2026-01-01"; limits::EXDATES + 1];
    let expect = [
        (json!({"starts": "2026-01-05"}), "starts", "`2026-01-05` is not a time of the zone's own clock"),
        (json!({"starts": "2026-01-05T09:00:00Z"}), "starts", "is not a time of the zone's own clock"),
        (json!({"duration_minutes": 0}), "duration_minutes", "from 1 to 43200"),
        (json!({"duration_minutes": 43_201}), "duration_minutes", "from 1 to 43200"),
        (json!({"timezone": "Mars"}), "timezone", "`Mars` is not an IANA time zone"),
        (json!({"rrule": "FREQ=DAILY;BYHOUR=1"}), "rrule", "BYHOUR: not a part"),
        (json!({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}), "rrule", "no occurrence within 5 years"),
        (json!({"rrule": "FREQ=DAILY;UNTIL=20260104"}), "rrule", "no occurrence within 5 years"),
        (json!({"rrule": "FREQ=DAILY;UNTIL=20260105T075959Z"}), "rrule", "no occurrence within 5 years"),
        (json!({"rrule": "FREQ=DAILY;BYMONTHDAY=1;BYMONTH=1;COUNT=30"}), "rrule", "only 27 of 30 occurrences"),
        (json!({"exdates": ["2026-01-05", "soon"]}), "exdates[1]", "`soon` is not a day"),
        (json!({"exdates": many}), "exdates", "at most 500"),
    ];
    for (keys, place, problem) in expect {
        let faults = recurring("2026-01-05T09:00", BERLIN, &keys).faults();
        assert_eq!(faults.len(), 1, "{keys}: {faults:?}");
        assert_eq!(faults[0].0.spelled(), place, "{keys}");
        assert!(faults[0].1.contains(problem), "{keys}: {faults:?}");
    }
}

#[test]
fn nothing_recurs_by_what_cannot_be_read() {
    for keys in [json!({"starts": "soon"}), json!({"timezone": "Mars"}), json!({"rrule": "FREQ=HOURLY"})] {
        let strange = recurring("2026-01-05T09:00", BERLIN, &keys);
        assert_eq!(strange.occurrences(instant("2000-01-01"), instant("2100-01-01")), [], "{keys}");
        assert_eq!(
            (strange.covers(instant("2026-01-05T08:30")), strange.next_start(instant("2000-01-01"))),
            (None, None)
        );
    }
}

#[test]
fn the_json_form_is_read_as_it_was_written() {
    let whole = json!({
        "starts": "2026-01-05T09:00:00", "duration_minutes": 60, "timezone": BERLIN, "rrule": "FREQ=DAILY",
        "exdates": ["2026-01-06", "2026-01-07T09:00:00"],
    });
    let read: Recurring = serde_json::from_value(whole.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), whole);
    assert!(
        serde_json::from_value::<Recurring>(json!({"starts": "2026-01-05T09:00:00", "duration_minutes": 60,
        "timezone": BERLIN, "until": "later"}))
        .is_err()
    );
}

//! Turns: cycles, days that are skipped, groups of two and of none, and days by the wall clock (on-call §2).

use super::{check, check_nobody, routine, told};
use serde_json::json;

#[test]
fn groups_take_turns_from_the_first_day_on() {
    let weekly = json!({"valid_start": "2026-06-01", "rotation_start": "09:00:00", "rotation_frequency": 7,
                        "rotations": [["ana"], ["ben", "cho"], []]});
    check(
        &routine("Europe/Berlin", &[weekly]),
        &[],
        &[
            "2026-06-01T07:00 2026-06-08T07:00 ana",
            "2026-06-08T07:00 2026-06-15T07:00 ben cho",
            "2026-06-22T07:00 2026-06-29T07:00 ana",
        ],
    );
}

#[test]
fn a_group_is_on_duty_together_and_two_groups_take_turns() {
    let pair = json!({"rotations": [["ben", "ana"]]});
    check(&routine("UTC", &[pair]), &[], &["2026-06-01T00:00 2026-06-09T00:00 ana ben"]);
    let turns = json!({"rotations": [["ben"], ["ana"]]});
    check(
        &routine("UTC", &[turns]),
        &[],
        &["2026-01-01T00:00 2026-01-02T00:00 ben", "2026-01-02T00:00 2026-01-03T00:00 ana"],
    );
}

#[test]
fn skipped_days_count_in_the_turn_of_a_group() {
    // 2026-06-01 is a Monday.
    let workdays = json!({"valid_start": "2026-06-01", "skip_days": [5, 6], "rotations": [["ana"], ["ben"]]});
    check(
        &routine("UTC", &[workdays]),
        &[],
        &[
            "2026-06-03T00:00 2026-06-04T00:00 ana",
            "2026-06-04T00:00 2026-06-05T00:00 ben",
            "2026-06-05T00:00 2026-06-06T00:00 ana",
            "2026-06-08T00:00 2026-06-09T00:00 ben",
            "2026-06-09T00:00 2026-06-10T00:00 ana",
        ],
    );
}

#[test]
fn a_skipped_day_is_the_day_on_which_the_shift_would_begin() {
    let nights = json!({"valid_start": "2026-06-01", "rotation_start": "20:00:00", "shift_length": "12:00",
                        "skip_days": [5, 6], "rotations": [["ana"]]});
    check(
        &routine("UTC", &[nights]),
        &[],
        &[
            "2026-06-04T20:00 2026-06-05T08:00 ana",
            "2026-06-05T20:00 2026-06-06T08:00 ana",
            "2026-06-08T20:00 2026-06-09T08:00 ana",
        ],
    );
}

#[test]
fn a_layer_is_valid_from_its_first_day_to_before_its_last_and_a_shift_runs_on_past_both_midnights() {
    let nights = json!({"valid_start": "2026-06-01", "valid_end": "2026-06-03", "rotation_start": "20:00:00",
                        "shift_length": "12:00", "rotations": [["ana"]]});
    let nights = routine("UTC", &[nights]);
    check(&nights, &[], &["2026-06-01T20:00 2026-06-02T08:00 ana", "2026-06-02T20:00 2026-06-03T08:00 ana"]);
    check_nobody(&nights, "2026-05-01", "2026-06-01T20:00");
    check_nobody(&nights, "2026-06-03T08:00", "2026-07-01");
}

#[test]
fn a_length_of_23_59_from_midnight_means_the_whole_day_and_from_elsewhere_what_it_says() {
    let layer =
        |start: &str, length: &str| json!({"rotation_start": start, "shift_length": length, "rotations": [["ana"]]});
    check(&routine("UTC", &[layer("00:00:00", "23:59")]), &[], &["2026-06-01T00:00 2026-06-09T00:00 ana"]);
    check(
        &routine("UTC", &[layer("00:01:00", "23:59")]),
        &[],
        &["2026-06-01T00:01 2026-06-02T00:00 ana", "2026-06-02T00:01 2026-06-03T00:00 ana"],
    );
    check(
        &routine("UTC", &[layer("00:00:00", "23:58")]),
        &[],
        &["2026-06-01T00:00 2026-06-01T23:58 ana", "2026-06-02T00:00 2026-06-02T23:58 ana"],
    );
}

#[test]
fn a_shift_begins_at_the_second_that_is_written() {
    let late = json!({"rotation_start": "09:00:30", "shift_length": "00:01", "rotations": [["ana"]]});
    let late =
        super::schedule(&routine("UTC", &[late]), &[], super::instant("2026-06-01"), super::instant("2026-06-02"));
    let edges: Vec<_> = late.iter().map(|shift| (shift.from.wire(), shift.until.wire())).collect();
    let expected = ("2026-06-01T09:00:30.000000".to_owned(), "2026-06-01T09:01:30.000000".to_owned());
    assert_eq!(edges, [expected]);
}

#[test]
fn base_layers_unite_whatever_their_numbers() {
    let layers = [
        json!({"layer": 2, "rotations": [["ben"]]}),
        json!({"layer": 1, "rotation_start": "08:00:00", "shift_length": "08:00", "rotations": [["ana", "ben"]]}),
    ];
    check(
        &routine("UTC", &layers),
        &[],
        &[
            "2026-06-01T00:00 2026-06-01T08:00 ben",
            "2026-06-01T08:00 2026-06-01T16:00 ana ben",
            "2026-06-01T16:00 2026-06-02T08:00 ben",
        ],
    );
}

#[test]
fn an_empty_group_is_a_gap_in_its_own_layer_only() {
    let gap = json!({"rotations": [["ana"], []]});
    check(
        &routine("UTC", std::slice::from_ref(&gap)),
        &[],
        &["2026-01-01T00:00 2026-01-02T00:00 ana", "2026-01-03T00:00 2026-01-04T00:00 ana"],
    );
    check(
        &routine("UTC", &[gap, json!({"rotations": [["ben"]]})]),
        &[],
        &["2026-01-01T00:00 2026-01-02T00:00 ana ben", "2026-01-02T00:00 2026-01-03T00:00 ben"],
    );
}

#[test]
fn a_schedule_is_clipped_to_the_period() {
    let days = routine("UTC", &[json!({"rotations": [["ana"], ["ben"]]})]);
    assert_eq!(
        told(&days, &[], "2026-01-01T12:00", "2026-01-02T06:00"),
        ["2026-01-01T12:00 2026-01-02T00:00 ana", "2026-01-02T00:00 2026-01-02T06:00 ben"]
    );
    check_nobody(&days, "2026-01-02", "2026-01-02");
    check_nobody(&days, "2026-01-02", "2026-01-01");
    check_nobody(&days, "0001-01-01", "0001-01-09");
    assert_eq!(told(&days, &[], "9998-12-31", "9999-02-01"), ["9998-12-31T00:00 9999-01-01T00:00 ben"]);
}

#[test]
fn the_end_is_told_only_where_there_is_one_within_a_year() {
    let until = |layers: &[serde_json::Value]| {
        let now = super::on_call(&routine("UTC", layers), &[], super::instant("2026-06-01T12:00"));
        now.until.map(super::Instant::wire_date)
    };
    assert_eq!(until(&[json!({"rotations": [["ana"]]})]), None);
    assert_eq!(until(&[json!({"valid_end": "2027-05-30", "rotations": [["ana"]]})]).as_deref(), Some("2027-05-30"));
    assert_eq!(until(&[json!({"valid_end": "2027-06-30", "rotations": [["ana"]]})]), None);
    assert_eq!(until(&[json!({"valid_start": "2026-09-01", "rotations": [["ana"]]})]).as_deref(), Some("2026-09-01"));
    let weekly = json!({"rotation_frequency": 7, "rotations": [["ana"], ["ana"], ["ben"]]});
    assert_eq!(until(&[weekly]).as_deref(), Some("2026-06-11"));
}

//! Clocks that change: repeated and missing hours, half hours and days (on-call §2).

use super::{check, routine};
use serde_json::json;

#[test]
fn a_whole_day_is_a_day_by_the_wall_clock_also_when_it_has_23_or_25_hours() {
    let days = routine("America/New_York", &[json!({"valid_start": "2025-03-08", "rotations": [["ana"], ["ben"]]})]);
    check(
        &days,
        &[],
        &[
            "2025-03-08T05:00 2025-03-09T05:00 ana",
            "2025-03-09T05:00 2025-03-10T04:00 ben",
            "2025-03-10T04:00 2025-03-11T04:00 ana",
        ],
    );
    check(
        &days,
        &[],
        &[
            "2025-11-01T04:00 2025-11-02T04:00 ana",
            "2025-11-02T04:00 2025-11-03T05:00 ben",
            "2025-11-03T05:00 2025-11-04T05:00 ana",
        ],
    );
}

#[test]
fn a_change_of_hands_in_the_missing_hour_is_at_its_end() {
    let early = json!({"valid_start": "2025-03-08", "rotation_start": "02:30:00", "rotations": [["ana"], ["ben"]]});
    check(
        &routine("America/New_York", &[early]),
        &[],
        &[
            "2025-03-08T07:30 2025-03-09T07:00 ana",
            "2025-03-09T07:00 2025-03-10T06:30 ben",
            "2025-03-10T06:30 2025-03-11T06:30 ana",
        ],
    );
}

#[test]
fn where_an_hour_repeats_shifts_overlap() {
    let early = json!({"valid_start": "2025-11-01", "rotation_start": "01:30:00", "rotations": [["ana"], ["ben"]]});
    check(
        &routine("America/New_York", &[early]),
        &[],
        &[
            "2025-11-01T05:30 2025-11-02T05:30 ana",
            "2025-11-02T05:30 2025-11-02T06:30 ana ben",
            "2025-11-02T06:30 2025-11-03T06:30 ben",
        ],
    );
}

#[test]
fn a_night_is_an_hour_shorter_and_an_hour_longer() {
    let nights = json!({"valid_start": "2025-03-08", "rotation_start": "22:00:00", "shift_length": "08:00",
                        "rotations": [["ana"], ["ben"]]});
    let nights = routine("America/New_York", &[nights]);
    check(
        &nights,
        &[],
        &[
            "2025-03-09T03:00 2025-03-09T10:00 ana",
            "2025-03-10T02:00 2025-03-10T10:00 ben",
            "2025-03-11T02:00 2025-03-11T10:00 ana",
        ],
    );
    check(&nights, &[], &["2025-11-02T02:00 2025-11-02T11:00 ana", "2025-11-03T03:00 2025-11-03T11:00 ben"]);
}

#[test]
fn a_shift_that_ends_in_the_repeated_hour_ends_at_its_second_occurrence_and_one_that_begins_there_at_its_first() {
    let halves = [
        json!({"valid_start": "2025-01-01", "rotation_start": "18:00:00", "shift_length": "07:30",
               "rotations": [["ana"]]}),
        json!({"valid_start": "2025-01-01", "rotation_start": "01:30:00", "shift_length": "16:30",
               "rotations": [["ben"]]}),
    ];
    check(
        &routine("America/New_York", &halves),
        &[],
        &[
            "2025-11-01T22:00 2025-11-02T05:30 ana",
            "2025-11-02T05:30 2025-11-02T06:30 ana ben",
            "2025-11-02T06:30 2025-11-02T23:00 ben",
            "2025-11-02T23:00 2025-11-03T06:30 ana",
        ],
    );
}

#[test]
fn a_shift_that_lies_wholly_in_the_missing_hour_is_no_shift() {
    let short = json!({"valid_start": "2025-01-01", "rotation_start": "02:15:00", "shift_length": "00:30",
                       "rotations": [["ana"]]});
    check(
        &routine("America/New_York", &[short]),
        &[],
        &["2025-03-08T07:15 2025-03-08T07:45 ana", "2025-03-10T06:15 2025-03-10T06:45 ana"],
    );
}

#[test]
fn a_clock_that_is_set_by_half_an_hour_moves_shifts_by_half_an_hour() {
    let back = json!({"valid_start": "2025-04-05", "rotation_start": "01:45:00", "rotations": [["ana"], ["ben"]]});
    check(
        &routine("Australia/Lord_Howe", &[back]),
        &[],
        &[
            "2025-04-04T14:45 2025-04-05T14:45 ana",
            "2025-04-05T14:45 2025-04-05T15:15 ana ben",
            "2025-04-05T15:15 2025-04-06T15:15 ben",
        ],
    );
    let forth = json!({"valid_start": "2025-10-04", "rotation_start": "02:15:00", "rotations": [["ana"], ["ben"]]});
    check(
        &routine("Australia/Lord_Howe", &[forth]),
        &[],
        &[
            "2025-10-03T15:45 2025-10-04T15:30 ana",
            "2025-10-04T15:30 2025-10-05T15:15 ben",
            "2025-10-05T15:15 2025-10-06T15:15 ana",
        ],
    );
}

#[test]
fn a_clock_that_goes_back_for_ramadan_is_followed() {
    let days = json!({"valid_start": "2024-03-08", "rotation_start": "02:30:00", "rotations": [["ana"], ["ben"]]});
    let days = routine("Africa/Casablanca", &[days]);
    check(
        &days,
        &[],
        &[
            "2024-03-08T01:30 2024-03-09T01:30 ana",
            "2024-03-09T01:30 2024-03-10T01:30 ben",
            "2024-03-10T01:30 2024-03-10T02:30 ana ben",
            "2024-03-10T02:30 2024-03-11T02:30 ana",
        ],
    );
    check(&days, &[], &["2024-04-13T02:30 2024-04-14T02:00 ana", "2024-04-14T02:00 2024-04-15T01:30 ben"]);
}

#[test]
fn an_offset_of_45_minutes_is_followed() {
    let days = json!({"rotation_start": "09:00:00", "shift_length": "08:00", "rotations": [["ana"]]});
    check(
        &routine("Asia/Kathmandu", &[days]),
        &[],
        &["2026-06-01T03:15 2026-06-01T11:15 ana", "2026-06-02T03:15 2026-06-02T11:15 ana"],
    );
}

#[test]
fn the_day_that_apia_left_out_takes_its_turn_and_leaves_no_gap() {
    let groups = json!([["ana"], ["ben"], ["cho"]]);
    let layer = |start: &str| json!({"valid_start": "2011-12-28", "rotation_start": start, "rotations": groups});
    check(
        &routine("Pacific/Apia", &[layer("00:00:00")]),
        &[],
        &[
            "2011-12-28T10:00 2011-12-29T10:00 ana",
            "2011-12-29T10:00 2011-12-30T10:00 ben",
            "2011-12-30T10:00 2011-12-31T10:00 ana",
            "2011-12-31T10:00 2012-01-01T10:00 ben",
        ],
    );
    check(
        &routine("Pacific/Apia", &[layer("09:00:00")]),
        &[],
        &[
            "2011-12-28T19:00 2011-12-29T19:00 ana",
            "2011-12-29T19:00 2011-12-30T10:00 ben",
            "2011-12-30T10:00 2011-12-30T19:00 cho",
            "2011-12-30T19:00 2011-12-31T19:00 ana",
        ],
    );
}

#[test]
fn where_midnight_itself_repeats_or_is_missing_days_still_meet() {
    let days = json!({"valid_start": "2024-03-08", "rotations": [["ana"], ["ben"]]});
    let havana = routine("America/Havana", &[days]);
    check(
        &havana,
        &[],
        &[
            "2024-03-09T05:00 2024-03-10T05:00 ben",
            "2024-03-10T05:00 2024-03-11T04:00 ana",
            "2024-03-11T04:00 2024-03-12T04:00 ben",
        ],
    );
    check(
        &havana,
        &[],
        &[
            "2024-11-02T04:00 2024-11-03T04:00 ben",
            "2024-11-03T04:00 2024-11-03T05:00 ana ben",
            "2024-11-03T05:00 2024-11-04T05:00 ana",
        ],
    );
}

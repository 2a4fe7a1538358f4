//! Exceptions: dated layers that replace base layers for exactly their own time (on-call §2).

use super::{check, routine};
use serde_json::{Value, json};

fn base() -> Value {
    json!({"rotations": [["ana"]]})
}

#[test]
fn an_exception_cuts_exactly_its_own_interval_out_of_all_base_layers() {
    let dinner = json!({"is_exception": true, "valid_start": "2026-06-02", "valid_end": "2026-06-03",
                        "rotation_start": "18:00:00", "shift_length": "03:30", "rotations": [["cho"]]});
    check(
        &routine("UTC", &[base(), json!({"rotations": [["ben"]]}), dinner]),
        &[],
        &[
            "2026-06-01T00:00 2026-06-02T18:00 ana ben",
            "2026-06-02T18:00 2026-06-02T21:30 cho",
            "2026-06-02T21:30 2026-06-03T00:00 ana ben",
        ],
    );
}

#[test]
fn the_tail_of_an_exception_runs_past_midnight_of_its_last_day() {
    let night = json!({"is_exception": true, "valid_start": "2026-06-02", "valid_end": "2026-06-03",
                       "rotation_start": "22:00:00", "shift_length": "10:00", "rotations": [["cho"]]});
    check(
        &routine("UTC", &[base(), night]),
        &[],
        &[
            "2026-06-02T00:00 2026-06-02T22:00 ana",
            "2026-06-02T22:00 2026-06-03T08:00 cho",
            "2026-06-03T08:00 2026-06-05T00:00 ana",
        ],
    );
}

#[test]
fn exceptions_at_the_same_time_unite() {
    let exception = |start: &str, who: &str| {
        json!({"is_exception": true, "valid_start": "2026-06-02", "valid_end": "2026-06-03",
               "rotation_start": start, "shift_length": "04:00", "rotations": [[who]]})
    };
    check(
        &routine("UTC", &[base(), exception("10:00:00", "cho"), exception("12:00:00", "ben")]),
        &[],
        &[
            "2026-06-02T00:00 2026-06-02T10:00 ana",
            "2026-06-02T10:00 2026-06-02T12:00 cho",
            "2026-06-02T12:00 2026-06-02T14:00 ben cho",
            "2026-06-02T14:00 2026-06-02T16:00 ben",
            "2026-06-02T16:00 2026-06-03T00:00 ana",
        ],
    );
}

#[test]
fn an_exception_with_an_empty_group_is_an_intended_gap_that_another_exception_may_fill() {
    let holiday = json!({"is_exception": true, "valid_start": "2026-12-25", "valid_end": "2026-12-26",
                         "rotations": [[]]});
    check(
        &routine("UTC", &[base(), holiday.clone()]),
        &[],
        &["2026-12-24T00:00 2026-12-25T00:00 ana", "2026-12-26T00:00 2026-12-27T00:00 ana"],
    );
    let morning = json!({"is_exception": true, "valid_start": "2026-12-25", "valid_end": "2026-12-26",
                         "shift_length": "12:00", "rotations": [["ben"]]});
    check(
        &routine("UTC", &[base(), holiday, morning]),
        &[],
        &[
            "2026-12-24T00:00 2026-12-25T00:00 ana",
            "2026-12-25T00:00 2026-12-25T12:00 ben",
            "2026-12-26T00:00 2026-12-27T00:00 ana",
        ],
    );
}

#[test]
fn an_exception_replaces_nothing_on_days_that_it_skips() {
    // 2026-06-06 is a Saturday.
    let weekend = json!({"is_exception": true, "skip_days": [0, 1, 2, 3, 4], "rotations": [["cho"]]});
    check(
        &routine("UTC", &[base(), weekend]),
        &[],
        &[
            "2026-06-01T00:00 2026-06-06T00:00 ana",
            "2026-06-06T00:00 2026-06-08T00:00 cho",
            "2026-06-08T00:00 2026-06-13T00:00 ana",
        ],
    );
}

#[test]
fn an_exception_in_the_repeated_hour_lasts_through_both_of_its_occurrences() {
    let short = json!({"valid_start": "2025-01-01", "is_exception": true, "rotation_start": "01:15:00",
                       "shift_length": "00:30", "rotations": [["cho"]]});
    check(
        &routine("America/New_York", &[json!({"valid_start": "2025-01-01", "rotations": [["ana"]]}), short]),
        &[],
        &[
            "2025-11-01T05:45 2025-11-02T05:15 ana",
            "2025-11-02T05:15 2025-11-02T06:45 cho",
            "2025-11-02T06:45 2025-11-03T06:15 ana",
        ],
    );
}

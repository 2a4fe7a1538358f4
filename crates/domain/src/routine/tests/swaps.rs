//! Swaps: one person for another, or for nobody, wherever they are on duty (on-call §2).

use super::{Swap, check, routine, swap};
use serde_json::json;

const DAY: (&str, &str) = ("2026-06-02", "2026-06-03");

fn daily(out: &str, into: &str) -> Swap {
    swap(out, Some(into), DAY.0, DAY.1)
}

/// Who is on call on the swapped day when `people` are, and on the days around it.
#[track_caller]
fn check_day(people: &[&str], swaps: &[Swap], expected: &str) {
    let routine = routine("UTC", &[json!({"rotations": [people]})]);
    let around = super::told(&routine, swaps, "2026-06-01", "2026-06-04");
    let mut sorted = people.to_vec();
    sorted.sort_unstable();
    let sorted = sorted.join(" ");
    let days = [
        Some(format!("2026-06-01T00:00 2026-06-02T00:00 {sorted}")),
        (!expected.is_empty()).then(|| format!("2026-06-02T00:00 2026-06-03T00:00 {expected}")),
        Some(format!("2026-06-03T00:00 2026-06-04T00:00 {sorted}")),
    ];
    assert_eq!(around, days.into_iter().flatten().collect::<Vec<_>>());
}

#[test]
fn a_swap_replaces_one_person_and_leaves_the_others_alone() {
    check_day(&["ana"], &[daily("ana", "ben")], "ben");
    check_day(&["ana", "cho"], &[daily("ana", "ben")], "ben cho");
    let alone = routine("UTC", &[json!({"rotations": [["cho"]]})]);
    let others = [daily("ana", "ben"), swap("cho", None, "2026-07-01", "2026-07-02")];
    check(&alone, &others, &["2026-06-01T00:00 2026-07-01T00:00 cho"]);
}

#[test]
fn a_swap_for_nobody_leaves_a_gap_or_the_others() {
    let nobody = swap("ana", None, DAY.0, DAY.1);
    check_day(&["ana"], std::slice::from_ref(&nobody), "");
    check_day(&["ana", "cho"], &[nobody], "cho");
}

#[test]
fn a_swap_ends_and_begins_within_shifts_and_stays_within_its_own_time() {
    let routine = routine("UTC", &[json!({"rotations": [["ana"], ["cho"]]})]);
    check(
        &routine,
        &[swap("ana", Some("ben"), "2026-01-01T12:00", "2026-01-03T06:00")],
        &[
            "2026-01-01T00:00 2026-01-01T12:00 ana",
            "2026-01-01T12:00 2026-01-02T00:00 ben",
            "2026-01-02T00:00 2026-01-03T00:00 cho",
            "2026-01-03T00:00 2026-01-03T06:00 ben",
            "2026-01-03T06:00 2026-01-04T00:00 ana",
        ],
    );
}

#[test]
fn somebody_on_duty_twice_is_replaced_in_both_places_and_counts_once() {
    let layers = [
        json!({"rotations": [["ana"]]}),
        json!({"rotation_start": "08:00:00", "shift_length": "04:00", "rotations": [["ana", "cho"]]}),
    ];
    let routine = routine("UTC", &layers);
    check(&routine, &[], &["2026-06-02T00:00 2026-06-02T08:00 ana", "2026-06-02T08:00 2026-06-02T12:00 ana cho"]);
    check(
        &routine,
        &[daily("ana", "ben")],
        &["2026-06-02T00:00 2026-06-02T08:00 ben", "2026-06-02T08:00 2026-06-02T12:00 ben cho"],
    );
    check(&routine, &[daily("cho", "ana")], &["2026-06-02T00:00 2026-06-03T00:00 ana"]);
}

#[test]
fn a_swapped_exception_does_not_bring_the_base_layer_back() {
    let exception = json!({"is_exception": true, "valid_start": "2026-06-02", "valid_end": "2026-06-03",
                           "rotations": [["cho"]]});
    check(
        &routine("UTC", &[json!({"rotations": [["ana"]]}), exception]),
        &[swap("cho", None, "2026-06-02T06:00", "2026-06-02T12:00")],
        &[
            "2026-06-01T00:00 2026-06-02T00:00 ana",
            "2026-06-02T00:00 2026-06-02T06:00 cho",
            "2026-06-02T12:00 2026-06-03T00:00 cho",
        ],
    );
}

#[test]
fn duty_that_was_taken_over_is_handed_on_with_ones_own_in_whichever_order_the_swaps_were_made() {
    for swaps in [[daily("ana", "ben"), daily("ben", "cho")], [daily("ben", "cho"), daily("ana", "ben")]] {
        check_day(&["ana"], &swaps, "cho");
        check_day(&["ana", "ben"], &swaps, "cho");
    }
    check_day(&["ana"], &[daily("ana", "ben"), swap("ben", None, DAY.0, DAY.1)], "");
}

#[test]
fn people_who_swap_with_each_other_exchange_their_duties() {
    let two = [daily("ana", "ben"), daily("ben", "ana")];
    check_day(&["ana"], &two, "ben");
    check_day(&["ben", "cho"], &two, "ana cho");
    let three = [daily("ana", "ben"), daily("ben", "cho"), daily("cho", "ana")];
    check_day(&["ana"], &three, "ben");
    check_day(&["cho"], &three, "ana");
    let into_a_ring = [daily("dee", "ana"), daily("ana", "ben"), daily("ben", "ana")];
    check_day(&["dee"], &into_a_ring, "ben");
}

#[test]
fn of_two_swaps_that_let_one_person_go_the_later_made_holds_while_it_lasts() {
    let week = swap("ana", Some("ben"), "2026-06-01", "2026-06-08");
    let routine = routine("UTC", &[json!({"rotations": [["ana"]]})]);
    check(
        &routine,
        &[week, daily("ana", "cho")],
        &[
            "2026-06-01T00:00 2026-06-02T00:00 ben",
            "2026-06-02T00:00 2026-06-03T00:00 cho",
            "2026-06-03T00:00 2026-06-08T00:00 ben",
        ],
    );
}

#[test]
fn swaps_of_the_routine_hold_too_and_those_made_later_go_before_them() {
    let mut routine = routine("UTC", &[json!({"rotations": [["ana"]]})]);
    routine.swaps = vec![daily("ana", "ben")];
    check(&routine, &[], &["2026-06-01T00:00 2026-06-02T00:00 ana", "2026-06-02T00:00 2026-06-03T00:00 ben"]);
    check(
        &routine,
        &[daily("ana", "cho")],
        &["2026-06-01T00:00 2026-06-02T00:00 ana", "2026-06-02T00:00 2026-06-03T00:00 cho"],
    );
}

#[test]
fn a_swap_with_a_zone_means_that_instant() {
    let routine = routine("America/New_York", &[json!({"rotations": [["ana"]]})]);
    check(
        &routine,
        &[swap("ana", Some("ben"), "2026-06-02T10:00:00+02:00", "2026-06-02 09:30")],
        &[
            "2026-06-02T00:00 2026-06-02T08:00 ana",
            "2026-06-02T08:00 2026-06-02T09:30 ben",
            "2026-06-02T09:30 2026-06-02T12:00 ana",
        ],
    );
}

//! Changes of a routine: who was on call stays, and what is said counts from its instant on.

use super::{check, instant, routine};
use crate::routine::{Routine, resolve, schedule};
use crate::{Instant, limits};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

const MINUTE_MICROS: i64 = 60 * 1_000_000;
const DAY_MICROS: i64 = 24 * 60 * MINUTE_MICROS;

fn nights(who: &str) -> Routine {
    let layer = json!({"valid_start": "2026-06-01", "rotation_start": "20:00:00", "shift_length": "12:00",
        "rotations": [[who]]});
    routine("UTC", &[layer])
}

#[test]
fn a_running_layer_that_is_changed_ends_at_that_instant_and_another_begins() {
    let changed = nights("ana").followed_by(nights("ben"), instant("2026-06-02T23:17"));
    check(
        &changed,
        &[],
        &[
            "2026-06-01T20:00 2026-06-02T08:00 ana",
            "2026-06-02T20:00 2026-06-02T23:17 ana",
            "2026-06-02T23:17 2026-06-03T08:00 ben",
            "2026-06-03T20:00 2026-06-04T08:00 ben",
        ],
    );
    assert_eq!(changed.clone().without_past(), nights("ben"));
    // To a second that no layer could say.
    let at = instant("2026-06-02T23:17:08.5");
    let changed = nights("ana").followed_by(nights("ben"), at);
    assert_eq!(resolve(&changed, &[], at.plus_micros(-1)), ["ana".into()]);
    assert_eq!(resolve(&changed, &[], at), ["ben".into()]);
}

#[test]
fn a_change_of_what_is_to_come_leaves_nothing_behind() {
    let now = instant("2026-06-02T12:00");
    let mut later = nights("ana");
    later.routine_layers[0].valid_end = jiff::civil::date(2026, 7, 1).into();
    later.routine_layers[0].layer_name = "nights".to_owned();
    let christmas = json!({"valid_start": "2026-12-24", "is_exception": true, "rotations": [["ben"]]});
    later.routine_layers.extend(routine("UTC", &[christmas]).routine_layers);
    assert_eq!(nights("ana").followed_by(later.clone(), now), later);
    let swapped: Routine =
        Routine { swaps: vec![super::swap("ana", Some("ben"), "2026-06-03", "2026-06-04")], ..nights("ana") };
    assert_eq!(nights("ana").followed_by(swapped.clone(), now), swapped);
    // One that has begun did count.
    let over = swapped.followed_by(nights("ana"), instant("2026-06-03T12:00"));
    assert_eq!(resolve(&over, &[], instant("2026-06-03T06:00")), ["ben".into()]);
}

#[test]
fn what_is_kept_of_the_past_is_bounded() {
    let now = instant("2026-06-02T12:00");
    let at = |minutes: i64| now.plus_micros(minutes * MINUTE_MICROS);
    let mut routine = nights("ana");
    for minute in 0..150 {
        routine = routine.followed_by(nights(["ben", "ana"][minute % 2]), at(i64::try_from(minute).unwrap()));
    }
    assert_eq!(routine.past.len(), limits::FORMERS);
    let late = at(0).plus_micros((i64::from(limits::SWAP_KEPT_DAYS) + 1) * DAY_MICROS);
    assert_eq!(routine.followed_by(nights("ben"), late).past.len(), 1);
    let large = |who: &str| {
        let mut large = nights(who);
        large.routine_layers[0].rotations = vec![vec![who.into(); 99]; 60];
        large
    };
    let mut routine = large("ana");
    for minute in 0..4 {
        routine = routine.followed_by(large(["ben", "ana"][minute % 2]), at(i64::try_from(minute).unwrap()));
    }
    assert_eq!(routine.past.len(), 1, "12000 names are more than are kept beside the last ones");
}

fn any_layer() -> impl Strategy<Value = Value> {
    let start = (1..20_u32).prop_map(|day| format!("2026-03-{:02}", day + 11));
    let end = prop_oneof![Just("9999-01-01".to_owned()), (1..9_u32).prop_map(|day| format!("2026-04-{day:02}"))];
    let clock = (0..24_u32, prop_oneof![Just(0_u32), Just(30)]).prop_map(|(h, m)| format!("{h:02}:{m:02}:00"));
    let length = (1..25_u32).prop_map(|hours| format!("{hours:02}:00"));
    let group = vec(prop_oneof![Just("ana"), Just("ben"), Just("cho")], 0..3);
    (start, end, any::<bool>(), clock, length, (1..4_u32, vec(0..7_u32, 0..3)), vec(group, 1..4)).prop_map(
        |(start, end, is_exception, clock, length, (each, skipped), groups)| {
            json!({"valid_start": start, "valid_end": end, "is_exception": is_exception, "rotation_start": clock,
                "shift_length": length, "rotation_frequency": each, "skip_days": skipped, "rotations": groups})
        },
    )
}

/// In zones whose clocks change in those weeks.
fn any_routine() -> impl Strategy<Value = Routine> {
    let zone = prop_oneof![Just("UTC"), Just("Europe/Lisbon"), Just("America/New_York"), Just("Pacific/Auckland")];
    (zone, vec(any_layer(), 0..4)).prop_map(|(zone, layers)| routine(zone, &layers))
}

/// Some minute, or second, of late March and early April 2026.
fn any_instant() -> impl Strategy<Value = Instant> {
    (0..20_i64 * 24 * 60, prop_oneof![Just(0_i64), Just(1), Just(59_999_999)])
        .prop_map(|(minute, micros)| instant("2026-03-20").plus_micros(minute * MINUTE_MICROS + micros))
}

proptest! {
    #[test]
    fn whatever_is_changed_whenever_who_was_on_call_before_stays(
        first in any_routine(),
        changes in vec((any_instant(), any_routine()), 1..4),
    ) {
        let (begin, end) = (instant("2026-03-10"), instant("2026-04-20"));
        let mut changes = changes;
        changes.sort_by_key(|(now, _)| *now);
        let mut stands = first;
        for (now, wanted) in changes {
            let is = stands.followed_by(wanted.clone(), now);
            prop_assert_eq!(schedule(&is, &[], begin, now), schedule(&stands, &[], begin, now));
            prop_assert_eq!(schedule(&is, &[], now, end), schedule(&wanted, &[], now, end));
            prop_assert_eq!(&is.followed_by(wanted, now.plus_micros(MINUTE_MICROS)), &is, "said again");
            stands = is;
        }
    }
}

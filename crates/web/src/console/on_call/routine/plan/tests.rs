//! What layers, exceptions and swaps come to.

use super::{Plan, Stretch, plan};
use crate::console::on_call::made_up::{add_payments, add_routine, add_swap, at, directory};
use domain::Instant;
use domain::directory::Directory;
use serde_json::json;

fn week() -> (Instant, Instant) {
    (at("2026-11-22T23:00:00"), at("2026-11-29T23:00:00"))
}

fn planned(directory: &Directory, period: (Instant, Instant)) -> Plan {
    plan(directory, &directory.routines.named("payments").unwrap().component, period)
}

/// `ana 23.17-24.08`, by UTC.
fn told(stretches: &[Stretch]) -> String {
    let hour = |at: Instant| format!("{}.{}", &at.wire_date()[8..], &at.wire_minute()[..2]);
    let told = stretches.iter().map(|stretch| {
        let people: Vec<_> = stretch.people.iter().map(|user| user.as_str()).collect();
        format!("{} {}-{}", people.join("+"), hour(stretch.from), hour(stretch.until))
    });
    told.collect::<Vec<_>>().join(", ")
}

#[test]
fn each_layer_has_a_row_and_the_gaps_are_what_is_left() {
    let mut directory = directory();
    add_payments(&mut directory);
    let plan = planned(&directory, week());
    let titles: Vec<_> = plan.rows.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(titles, ["night", "day"]);
    assert!(told(&plan.rows[0].stretches).starts_with("ana 23.17-24.08, ana 24.17-25.08"));
    assert_eq!(plan.rows[1].stretches.len(), 5);
    let gaps: Vec<_> = plan.gaps.iter().map(|gap| (gap.until.0 - gap.from.0) / 3_600_000_000).collect();
    // The first night begins on Monday; by day nobody is there on Saturday and Sunday.
    assert_eq!(gaps, [9, 9, 9]);
}

#[test]
fn exceptions_and_swaps_have_rows_of_their_own_and_are_named_where_they_count() {
    let mut directory = directory();
    add_payments(&mut directory);
    let mut routine = directory.routines.named("payments").unwrap().component.clone();
    let feast = json!({"layer_name": "feast", "valid_start": "2026-11-25", "valid_end": "2026-11-26",
        "is_exception": true, "rotations": [["ben"]]});
    routine.routine_layers.push(serde_json::from_value(feast).unwrap());
    let over = json!({"layer_name": "long ago", "valid_start": "2025-11-25", "valid_end": "2025-11-26",
        "is_exception": true, "rotations": [["ben"]]});
    routine.routine_layers.push(serde_json::from_value(over).unwrap());
    directory.routines.add("r-payments".into(), routine);
    let swap = |from: &str, until: &str| json!({"out": "ana", "in": "cho", "from": from, "until": until});
    add_swap(&mut directory, "payments", &swap("2026-11-26T17:00:00", "2026-11-27T08:00:00"));
    add_swap(&mut directory, "payments", &swap("2026-11-26T20:00:00", "2026-11-26T22:00:00"));
    let plan = planned(&directory, week());
    let titles: Vec<_> = plan.rows.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(titles, ["night", "day", "feast", "Swaps", "Swaps"]);
    assert_eq!(told(&plan.rows[2].stretches), "ben 24.23-25.23");
    assert_eq!(told(&plan.rows[3].stretches), "cho 26.17-27.08");
    let swapped: Vec<_> = plan.shifts.iter().filter(|shift| shift.instead_of.is_some()).cloned().collect();
    assert_eq!(told(&swapped), "cho 26.08-27.17");
    let excepted = plan.shifts.iter().find(|shift| shift.exception.is_some()).unwrap();
    assert_eq!(
        (excepted.exception.as_deref(), told(std::slice::from_ref(excepted)).as_str()),
        (Some("feast"), "ben 24.23-25.23")
    );
}

#[test]
fn a_routine_of_nobody_is_one_gap() {
    let mut directory = directory();
    add_routine(&mut directory, "payments", "Europe/Berlin", &json!([]));
    let plan = planned(&directory, week());
    assert!(plan.rows.is_empty() && plan.shifts.is_empty());
    assert_eq!(plan.gaps.iter().map(|gap| (gap.from, gap.until)).collect::<Vec<_>>(), [week()]);
}

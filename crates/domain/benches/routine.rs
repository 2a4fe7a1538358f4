//! How long it takes to ask a large routine who is on call: at one instant, and over a year.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a program that measures, not one to run"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use domain::Instant;
use domain::routine::{Routine, on_call, resolve, schedule};
use serde_json::json;
use std::hint::black_box;

/// Eight layers of twenty people each: turns of a day, of a week and of a day's part, nights across midnight, pairs,
/// days that are skipped, and two exceptions, in a zone whose clock changes.
fn large() -> Routine {
    let people =
        |layer: usize| -> Vec<_> { (0..20).map(|person| vec![format!("person-{layer}-{person:02}")]).collect() };
    let pairs = |layer: usize| -> Vec<_> {
        (0..10)
            .map(|pair| vec![format!("person-{layer}-{pair:02}"), format!("person-{layer}-{:02}", pair + 10)])
            .collect()
    };
    let routine: Routine = serde_json::from_value(json!({
        "name": "large", "timezone": "America/New_York",
        "routine_layers": [
            {"valid_start": "2020-01-06", "rotations": people(1)},
            {"valid_start": "2020-01-06", "rotation_start": "09:00", "rotation_frequency": 7, "rotations": people(2)},
            {"valid_start": "2020-01-06", "rotation_start": "08:00", "shift_length": "12:00", "rotations": people(3)},
            {"valid_start": "2020-01-06", "rotation_start": "20:00", "shift_length": "12:00", "rotations": people(4)},
            {"valid_start": "2020-01-06", "rotation_start": "09:00", "shift_length": "08:00", "skip_days": [5, 6],
             "rotations": people(5)},
            {"valid_start": "2020-01-06", "rotation_start": "06:30", "rotation_frequency": 2, "rotations": pairs(6)},
            {"valid_start": "2020-01-06", "is_exception": true, "rotation_start": "18:00", "shift_length": "14:00",
             "skip_days": [0, 1, 2, 3, 4], "rotations": people(7)},
            {"valid_start": "2020-01-06", "is_exception": true, "rotation_start": "22:00", "shift_length": "03:00",
             "skip_days": [0, 2, 4], "rotations": people(8)},
        ],
    }))
    .expect("a routine");
    assert_eq!(routine.faults(), []);
    routine
}

/// One layer of one person, who is on call for good: the whole horizon is searched for a change in vain.
fn unchanging() -> Routine {
    serde_json::from_value(json!({
        "name": "one", "timezone": "America/New_York",
        "routine_layers": [{"valid_start": "2020-01-06", "rotations": [["ana"]]}],
    }))
    .expect("a routine")
}

fn measure(criterion: &mut Criterion) {
    let (large, unchanging) = (large(), unchanging());
    let at = Instant::parse("2026-06-03T14:30").expect("a timestamp");
    let (from, until) = (at, at.plus_minutes(365 * 24 * 60));
    criterion.bench_function("who is on call, 8 layers of 20 people", |bencher| {
        bencher.iter(|| resolve(black_box(&large), &[], black_box(at)));
    });
    criterion.bench_function("who is on call and until when, 8 layers of 20 people", |bencher| {
        bencher.iter(|| on_call(black_box(&large), &[], black_box(at)));
    });
    criterion.bench_function("who is on call and until when, where it never changes", |bencher| {
        bencher.iter(|| on_call(black_box(&unchanging), &[], black_box(at)));
    });
    criterion.bench_function("a year, 8 layers of 20 people", |bencher| {
        bencher.iter(|| schedule(black_box(&large), &[], black_box(from), black_box(until)));
    });
}

criterion_group!(benches, measure);
criterion_main!(benches);

//! Tables of who is on call: layers on the left, what they come to in UTC on the right.

mod clocks;
mod exceptions;
mod faults;
mod past;
mod swaps;
mod turns;

use super::{Routine, Swap, on_call, resolve, schedule};
use crate::Instant;
use serde_json::{Value, json};

/// A routine in `zone` of layers that say what differs from: 24:00 from midnight, one day each, from 2026-01-01 on.
fn routine(zone: &str, layers: &[Value]) -> Routine {
    let layers: Vec<_> = layers
        .iter()
        .map(|layer| {
            let mut whole = json!({"valid_start": "2026-01-01"});
            whole.as_object_mut().unwrap().extend(layer.as_object().unwrap().clone());
            whole
        })
        .collect();
    let routine: Routine =
        serde_json::from_value(json!({"name": "nights", "timezone": zone, "routine_layers": layers})).unwrap();
    assert_eq!(routine.faults(), []);
    routine
}

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap_or_else(|| panic!("`{text}` is no timestamp"))
}

fn swap(out: &str, into: Option<&str>, from: &str, until: &str) -> Swap {
    let swap: Swap = serde_json::from_value(json!({"out": out, "in": into, "from": from, "until": until})).unwrap();
    assert_eq!(swap.faults(), []);
    swap
}

/// `2026-03-08T05:00 2026-03-09T04:00 ana ben`: from, until, and who.
fn told(routine: &Routine, swaps: &[Swap], from: &str, until: &str) -> Vec<String> {
    let intervals = schedule(routine, swaps, instant(from), instant(until));
    let told = intervals.iter().map(|interval| {
        let users: Vec<_> = interval.on_call.iter().map(|user| user.as_str()).collect();
        let (from, until) = (interval.from.wire(), interval.until.wire());
        format!("{} {} {}", &from[..16], &until[..16], users.join(" "))
    });
    told.collect()
}

/// Whether the schedule between the first instant of the first line and the end of the last is what the lines say, and
/// every instant in them, with when it ends, agrees.
#[track_caller]
fn check(routine: &Routine, swaps: &[Swap], expected: &[&str]) {
    let (from, until) = (&expected[0][..16], &expected[expected.len() - 1][17..33]);
    assert_eq!(told(routine, swaps, from, until), expected);
    for (line, next) in expected.iter().zip(expected.iter().skip(1).map(Some).chain([None])) {
        let users: Vec<_> = line[33..].split_whitespace().collect();
        let (first, end) = (instant(&line[..16]), instant(&line[17..33]));
        for at in [first, Instant(i64::midpoint(first.0, end.0)), end.plus_micros(-1)] {
            let now = on_call(routine, swaps, at);
            assert_eq!(now.users.iter().map(|user| user.as_str()).collect::<Vec<_>>(), users, "at {}", at.wire());
            assert_eq!(now.users, resolve(routine, swaps, at));
            if next.is_some() {
                assert_eq!(now.until, Some(end), "at {}", at.wire());
            }
        }
    }
}

/// Nobody is on call in the period.
#[track_caller]
fn check_nobody(routine: &Routine, from: &str, until: &str) {
    assert_eq!(told(routine, &[], from, until), Vec::<String>::new());
}

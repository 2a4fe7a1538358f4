//! Routines as anybody writes them: refused by layer and field, or resolved within a bound, in agreement with themselves.

use super::{hold, text};
use domain::Instant;
use domain::routine::{Routine, Swap, resolve, schedule};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::{prop_assert, prop_assert_eq};
use serde_json::{Value, json};

const DAY: i64 = 24 * 3600 * 1_000_000;

fn dates() -> impl Strategy<Value = String> {
    let odd = vec!["0001-01-01", "1582-10-10", "1970-01-01", "2024-02-29", "9998-12-31", "9999-01-01", "9999-12-31"];
    let any_day = (2000..2040_u32, 1..=13_u32, 1..=31_u32).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}"));
    prop_oneof![3 => any_day, 2 => select(odd).prop_map(str::to_owned), 1 => text()]
}

fn times(hours: u32) -> impl Strategy<Value = String> {
    let odd = vec!["00:00", "00:01", "23:59", "24:00", "24:01", "-1:00", "00:00:00", "23:59:59", "02:30:00"];
    let any_time = (0..=hours, 0..60_u32).prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}"));
    prop_oneof![4 => any_time, 2 => select(odd).prop_map(str::to_owned), 1 => text()]
}

fn zones() -> impl Strategy<Value = String> {
    let known = vec![
        "UTC",
        "Europe/Lisbon",
        "Pacific/Apia",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "Africa/Casablanca",
        "Asia/Tehran",
        "Antarctica/Troll",
        "Etc/GMT-14",
        "europe/berlin",
    ];
    prop_oneof![9 => select(known).prop_map(str::to_owned), 1 => text()]
}

fn layers() -> impl Strategy<Value = Value> {
    let number = || prop_oneof![5 => 1..30_u32, 1 => any::<u32>()];
    let groups = vec(vec(select(vec!["ana", "ben", "cho", "", "\u{0}"]), 0..3), 0..5);
    let days = vec(prop_oneof![9 => 0..7_u32, 1 => any::<u32>()], 0..8);
    let begin = times(23).prop_map(|time| if time.len() == 5 { format!("{time}:00") } else { time });
    let given = (dates(), of(dates()), any::<bool>(), of(begin), of(times(24)), of(number()), of(days), groups);
    given.prop_map(|(from, until, is_exception, start, length, frequency, days, rotations)| {
        let mut layer = json!({"valid_start": from, "is_exception": is_exception, "rotations": rotations});
        let others = [
            ("valid_end", json!(until)),
            ("rotation_start", json!(start)),
            ("shift_length", json!(length)),
            ("rotation_frequency", json!(frequency)),
            ("skip_days", json!(days)),
        ];
        for (key, value) in others.into_iter().filter(|(_, value)| !value.is_null()) {
            layer[key] = value;
        }
        layer
    })
}

/// Where it is looked at: within the years that people plan, and at both ends of time.
fn instants() -> impl Strategy<Value = Instant> {
    let planned = (946_684_800_000_000..2_208_988_800_000_000_i64).prop_map(Instant);
    let ends =
        (select(vec![Instant::EARLIEST, Instant::LATEST]), -9 * DAY..9 * DAY).prop_map(|(end, by)| end.plus_micros(by));
    prop_oneof![5 => planned, 1 => ends, 1 => any::<i64>().prop_map(Instant)]
}

fn swaps() -> impl Strategy<Value = Vec<Swap>> {
    let people = || select(vec!["ana", "ben", "zoe"]);
    let swap = (people(), of(people()), instants(), 1..40 * DAY).prop_map(|(out, stands_in, from, micros)| {
        json!({"out": out, "in": stands_in, "from": from.wire(), "until": from.plus_micros(micros).wire()})
    });
    vec(swap, 0..4).prop_map(|swaps| swaps.into_iter().filter_map(|swap| serde_json::from_value(swap).ok()).collect())
}

#[test]
fn a_routine_is_refused_or_its_schedule_says_what_each_instant_says() {
    let routines = (zones(), vec(layers(), 0..4)).prop_filter_map("a routine by its form", |(timezone, layers)| {
        serde_json::from_value::<Routine>(json!({"name": "r", "timezone": timezone, "routine_layers": layers})).ok()
    });
    let accepted = prop_oneof![1 => Just(false), 4 => Just(true)];
    let cases = (routines, accepted)
        .prop_filter("without faults, mostly", |(routine, accepted)| !accepted || routine.faults().is_empty());
    hold(150, &(cases, swaps(), instants(), vec(0..30 * DAY, 1..8)), |((routine, _), swaps, from, places)| {
        prop_assert!(routine.faults().iter().all(|(_, problem)| !problem.is_empty()));
        let until = from.plus_micros(30 * DAY);
        let intervals = schedule(&routine, &swaps, from, until);
        // Each layer begins at most one shift a day, and each edge of a shift or swap begins at most one interval.
        let most = (2 * routine.routine_layers.len() * 33) + 2 * swaps.len() + 1;
        prop_assert!(intervals.len() <= most, "{} of {most}", intervals.len());
        for pair in intervals.windows(2) {
            prop_assert!(pair[0].until <= pair[1].from, "{:?}", pair);
        }
        for micros in places {
            let at = from.plus_micros(micros);
            let said = intervals.iter().find(|interval| interval.from <= at && at < interval.until);
            if at < until && from <= at {
                let said = said.map(|interval| interval.on_call.clone()).unwrap_or_default();
                prop_assert_eq!(resolve(&routine, &swaps, at), said, "at {}", at.wire());
            }
        }
        Ok(())
    });
}

//! Random routines around a day, in plain numbers, and what the domain reads of them.

use checks::{DAY, Plain, PlainLayer, PlainSwap};
use jiff::{Timestamp, tz};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::{select, subsequence};

const PEOPLE: [&str; 6] = ["ana", "ben", "cho", "dee", "eli", "fay"];

/// The ten years of which zones and instants are taken, in minutes since 1970: 2011 to 2020.
pub(super) const YEARS: std::ops::Range<i64> = 14_975 * DAY..18_628 * DAY;

/// Every zone whose clock changes in those years, with the minutes in which it does; of zones that change alike, one.
pub(super) fn changing_zones() -> Vec<(String, Vec<i64>)> {
    let (from, until) = (timestamp(YEARS.start), timestamp(YEARS.end));
    let mut seen = std::collections::HashSet::new();
    let mut zones = Vec::new();
    for name in tz::db().available() {
        let Ok(zone) = tz::TimeZone::get(name.as_str()) else { continue };
        let changes: Vec<_> = zone
            .following(from)
            .take_while(|change| change.timestamp() < until)
            .map(|change| (change.timestamp().as_second() / 60, change.offset().seconds()))
            .collect();
        if !changes.is_empty() && seen.insert((zone.to_offset(from).seconds(), changes.clone())) {
            zones.push((name.as_str().to_owned(), changes.into_iter().map(|(minute, _)| minute).collect()));
        }
    }
    zones
}

fn timestamp(minute: i64) -> Timestamp {
    Timestamp::from_second(minute * 60).expect("an instant")
}

/// Routines in `zone` that have something to say around the minute `around`.
pub(super) fn routines(zone: String, around: i64) -> impl Strategy<Value = Plain> {
    let layers = vec(layer(around.div_euclid(DAY)), 1..5);
    let swaps = vec(swap(around), 0..4);
    (layers, swaps).prop_map(move |(layers, swaps)| Plain { zone: zone.clone(), layers, swaps })
}

fn layer(around: i64) -> impl Strategy<Value = PlainLayer> {
    let first_day = prop_oneof![3 => around - 400..around - 3, 1 => around - 3..around + 3];
    let days = prop_oneof![3 => Just(100_000_i64), 1 => 1..6_i64, 1 => 1..400_i64];
    let start = prop_oneof![2 => Just(0), 3 => (0..16_i64).prop_map(|quarter| quarter * 15), 2 => 0..DAY];
    let length =
        prop_oneof![3 => Just(DAY), 1 => Just(DAY - 1), 2 => (1..=96_i64).prop_map(|count| count * 15), 2 => 1..=DAY];
    let skip_days = prop_oneof![2 => Just(Vec::new()), 1 => subsequence((0..7).collect::<Vec<i64>>(), 0..=4)];
    let group = vec(select(PEOPLE.to_vec()).prop_map(str::to_owned), 0..3);
    let plain = (first_day, days, prop_oneof![2 => Just(false), 1 => Just(true)], start, length);
    (plain, prop_oneof![2 => Just(1), 1 => 2..9_i64], skip_days, vec(group, 1..5)).prop_map(
        |((first_day, days, is_exception, start, length), frequency, skip_days, groups)| PlainLayer {
            first_day,
            last_day: first_day + days,
            is_exception,
            start,
            length,
            frequency,
            skip_days,
            groups,
        },
    )
}

fn swap(around: i64) -> impl Strategy<Value = PlainSwap> {
    let people = || select(PEOPLE.to_vec()).prop_map(str::to_owned);
    let from = around - 2 * DAY..around + DAY;
    let swap = (people(), of(people()), from, 1..3 * DAY, any::<bool>());
    swap.prop_filter("nobody stands in for themselves", |(out, into, ..)| into.as_ref() != Some(out)).prop_map(
        |(out, into, from, minutes, on_the_hour)| {
            let from = if on_the_hour { from / 60 * 60 } else { from };
            PlainSwap { out, into, from, until: from + minutes }
        },
    )
}

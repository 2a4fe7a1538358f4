//! Random routines in all zones whose clock changes: the domain and the oracle agree on every minute.

use std::collections::BTreeSet;

use checks::{DAY, Oracle, Plain, PlainLayer};
use domain::Instant;
use domain::routine::{Interval, on_call, resolve, schedule};
use proptest::prelude::{Just, Strategy};
use proptest::sample::select;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use proptest::{prop_assert, prop_assert_eq};

use super::random::{YEARS, changing_zones, routines};

fn instant(minute: i64) -> Instant {
    Instant(minute * 60_000_000)
}

/// Runs `test` over so many cases; the failure that is reported is the smallest that was found.
fn hold<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(strategy, test).unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn around_every_change_of_a_clock_the_resolution_is_what_the_oracle_says() {
    let zones = changing_zones();
    assert!(zones.len() > 50, "there are zones");
    for (zone, changes) in zones {
        let cases = (select(changes), -30..30_i64)
            .prop_flat_map(|(change, hours)| (Just(change + hours * 60), routines(zone.clone(), change)));
        hold(2, &cases, |(middle, routine)| agree(&routine, middle - DAY, middle + DAY));
    }
}

#[test]
fn at_any_time_the_resolution_is_what_the_oracle_says() {
    let zones: Vec<_> = changing_zones().into_iter().map(|(zone, _)| zone).chain(["UTC".to_owned()]).collect();
    let cases = (select(zones), YEARS).prop_flat_map(|(zone, middle)| (Just(middle), routines(zone, middle)));
    hold(60, &cases, |(middle, routine)| agree(&routine, middle - DAY, middle + 2 * DAY));
}

#[test]
fn ten_years_are_the_sum_of_their_pieces_and_of_their_instants() {
    let zones: Vec<_> = changing_zones().into_iter().map(|(zone, _)| zone).collect();
    let cases = (select(zones), proptest::collection::vec(YEARS, 20))
        .prop_flat_map(|(zone, minutes)| (Just(minutes), routines(zone, YEARS.start + 300 * DAY)));
    hold(5, &cases, |(mut minutes, routine)| {
        let (routine, swaps) = routine.read();
        let (first, last) = (instant(YEARS.start), instant(YEARS.end));
        let whole = schedule(&routine, &swaps, first, last);
        in_normal_form(&whole, first, last)?;
        for minute in &minutes {
            let expected =
                whole.iter().find(|interval| interval.from <= instant(*minute) && instant(*minute) < interval.until);
            let expected = expected.map(|interval| interval.on_call.clone()).unwrap_or_default();
            prop_assert_eq!(resolve(&routine, &swaps, instant(*minute)), expected, "at {}", instant(*minute).wire());
        }
        minutes.extend([YEARS.start, YEARS.end]);
        minutes.sort_unstable();
        let pieces = minutes.windows(2).flat_map(|pair| schedule(&routine, &swaps, instant(pair[0]), instant(pair[1])));
        prop_assert_eq!(joined(pieces), whole);
        Ok(())
    });
}

#[test]
fn no_change_of_a_clock_leaves_a_gap_between_shifts_that_meet_by_the_wall_clock() {
    for (zone, changes) in changing_zones() {
        for (start, length) in [(0, DAY), (0, DAY - 1), (150, DAY), (95, 6 * 60), (1430, 12 * 60)] {
            let layer = |turn: i64| PlainLayer {
                first_day: YEARS.start / DAY - 5,
                last_day: YEARS.end / DAY + 5,
                is_exception: false,
                start: (start + turn * length) % DAY,
                length,
                frequency: 1,
                skip_days: Vec::new(),
                groups: vec![vec![format!("even-{turn}")], vec![format!("odd-{turn}")]],
            };
            let layers = (0..(DAY / length).max(1)).map(layer).collect();
            let (routine, _) = Plain { zone: zone.clone(), layers, swaps: Vec::new() }.read();
            for change in &changes {
                let (from, until) = (instant(change - 2 * DAY), instant(change + 2 * DAY));
                let around = schedule(&routine, &[], from, until);
                let ends = around.iter().map(|interval| interval.until);
                let begins = around.iter().skip(1).map(|interval| interval.from).chain([until]);
                assert!(ends.eq(begins), "{zone}, {length} minutes each from minute {start}: {around:?}");
                assert_eq!(around.first().map(|interval| interval.from), Some(from), "{zone}");
            }
        }
    }
}

/// Intervals with neighbours of the same people merged.
fn joined(pieces: impl Iterator<Item = Interval>) -> Vec<Interval> {
    let mut joined: Vec<Interval> = Vec::new();
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if last.until == piece.from && last.on_call == piece.on_call => last.until = piece.until,
            _ => joined.push(piece),
        }
    }
    joined
}

/// Whether schedule, instants and ends of the domain are what the oracle says of each minute.
fn agree(plain: &Plain, from: i64, until: i64) -> Result<(), TestCaseError> {
    let oracle = Oracle::ask(plain, from, until);
    let (routine, swaps) = plain.read();
    let intervals = schedule(&routine, &swaps, instant(from), instant(until));
    in_normal_form(&intervals, instant(from), instant(until))?;
    let nobody = Vec::new();
    let mut passed = 0;
    for minute in from..until {
        let now = instant(minute);
        while intervals.get(passed).is_some_and(|interval| interval.until <= now) {
            passed += 1;
        }
        let running = intervals.get(passed).filter(|interval| interval.from <= now);
        let people = running.map_or(&nobody, |interval| &interval.on_call);
        prop_assert_eq!(
            people.iter().map(|user| user.0.clone()).collect::<BTreeSet<_>>(),
            oracle.at(minute).clone(),
            "at {}",
            now.wire()
        );
    }
    // Every edge is a whole minute, so that nothing hides between two of them.
    for edge in intervals.iter().flat_map(|interval| [interval.from, interval.until]) {
        prop_assert_eq!(edge.0 % 60_000_000, 0, "{}", edge.wire());
    }
    let edges = intervals.iter().flat_map(|interval| [interval.from, interval.until]).map(|edge| edge.0 / 60_000_000);
    let asked = edges.flat_map(|edge| [edge - 1, edge]).chain((from..until).step_by(437));
    for minute in asked.filter(|minute| (from..until).contains(minute)) {
        let now = on_call(&routine, &swaps, instant(minute));
        prop_assert_eq!(&now.users, &resolve(&routine, &swaps, instant(minute)));
        prop_assert_eq!(
            now.users.iter().map(|user| user.0.clone()).collect::<BTreeSet<_>>(),
            oracle.at(minute).clone()
        );
        match oracle.change_after(minute) {
            Some(change) => prop_assert_eq!(now.until, Some(instant(change)), "at {}", instant(minute).wire()),
            None => prop_assert!(now.until.is_none_or(|end| end >= instant(until)), "at {}", instant(minute).wire()),
        }
    }
    Ok(())
}

/// Half open, in order, clipped, never empty, never of nobody, neighbours different, people sorted and once each.
fn in_normal_form(intervals: &[Interval], from: Instant, until: Instant) -> Result<(), TestCaseError> {
    for interval in intervals {
        prop_assert!(from <= interval.from && interval.from < interval.until && interval.until <= until);
        prop_assert!(!interval.on_call.is_empty());
        prop_assert!(interval.on_call.is_sorted_by(|one, next| one < next), "{:?}", interval.on_call);
    }
    for pair in intervals.windows(2) {
        prop_assert!(pair[0].until <= pair[1].from);
        prop_assert!(pair[0].until < pair[1].from || pair[0].on_call != pair[1].on_call);
    }
    Ok(())
}

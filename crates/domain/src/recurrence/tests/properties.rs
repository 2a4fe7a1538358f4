//! Properties: whatever the rule, the zone and the question, the answer is that of the slow way.

use super::oracle::{PlainField, PlainRule, cron_next, first_shown};
use super::{instant, recurring};
use crate::recurrence::{Cron, Occurrence, Rule};
use crate::{Instant, limits};
use jiff::civil::{Date, DateTime, Time};
use jiff::{ToSpan, tz::TimeZone};
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use serde_json::json;

const ZONES: [&str; 6] =
    ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Auckland"];
/// Days after its first start for which a rule is walked.
const WALKED_DAYS: i64 = 800;
/// Days for which an expression is walked.
const CRON_DAYS: i64 = 4;

/// Pieces of rules and expressions, whole and broken.
const SCRAPS: [&str; 26] = [
    "DAILY",
    "WEEKLY",
    "MONTHLY",
    "YEARLY",
    ";",
    ";INTERVAL=1000",
    ";BYMONTH=",
    ";BYMONTHDAY=",
    ";BYDAY=",
    ";BYSETPOS=",
    ";COUNT=10000",
    ";UNTIL=99991231",
    ";UNTIL=00000101T000000Z",
    "MO",
    "-1SU",
    "53FR",
    ",",
    "1",
    "-31",
    "29",
    "2",
    "*",
    "*/7",
    "1-5",
    "É",
    "=",
];

/// A fixed seed: a run that fails fails again. `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(20_261_127), failure_persistence: None, ..ProptestConfig::default() }
}

fn signed(most: i16) -> impl Strategy<Value = i16> {
    (1..=most, any::<bool>()).prop_map(|(number, is_negative)| if is_negative { -number } else { number })
}

fn few<T: std::fmt::Debug + Clone>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    vec(of, 1..4).prop_flat_map(|list| prop_oneof![2 => Just(Vec::new()), 1 => Just(list)])
}

fn rules() -> impl Strategy<Value = PlainRule> {
    let small = |number: i16| i8::try_from(number).unwrap();
    let days = few((prop_oneof![Just(0), signed(5)], 0..7_i8));
    let lists = (few(1..=12_i8), few(signed(31).prop_map(small)), days, few(signed(4).prop_map(i64::from)));
    let end = (0..4_u8, 1..20_usize, 0..WALKED_DAYS);
    let frequency = select(vec!["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]);
    (frequency, 1..4_i64, lists, 0..7_i8, end).prop_map(|(frequency, interval, lists, week_start, end)| {
        let (months, mut month_days, mut days, mut positions) = lists;
        if frequency == "WEEKLY" {
            month_days.clear();
        }
        if ["DAILY", "WEEKLY"].contains(&frequency) {
            days.iter_mut().for_each(|(number, _)| *number = 0);
        }
        if months.is_empty() && month_days.is_empty() && days.is_empty() {
            positions.clear();
        }
        let count = (end.0 == 0).then_some(end.1);
        let until = (end.0 == 1).then(|| Date::constant(2026, 1, 1).saturating_add(end.2.days()));
        PlainRule { frequency, interval, months, month_days, days, positions, week_start, count, until }
    })
}

fn walls() -> impl Strategy<Value = DateTime> {
    let times = select(vec![(0, 0), (0, 30), (1, 30), (2, 0), (2, 15), (2, 30), (3, 0), (9, 0), (23, 59)]);
    let wall = |(day, (hour, minute)): (i64, (i8, i8))| {
        let date = Date::constant(2026, 1, 1).saturating_add(day.days());
        date.to_datetime(Time::constant(hour, minute, 0, 0))
    };
    (0..800_i64, times).prop_map(wall)
}

fn fields() -> impl Strategy<Value = [PlainField; 5]> {
    let field = |least: i8, most: i8| {
        let step = 1..=(most - least).min(20);
        prop_oneof![
            3 => Just(PlainField::Star),
            1 => step.clone().prop_map(PlainField::Every),
            2 => vec(least..=most, 1..4).prop_map(PlainField::List),
            1 => (least..=most, least..=most, step).prop_map(|(one, other, step)| {
                PlainField::Range(one.min(other), one.max(other), step)
            }),
        ]
    };
    (field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6)).prop_map(Into::into)
}

/// Every occurrence within the walked days, without those on the days left out.
fn walked(rule: &PlainRule, starts: DateTime, zone: &str, minutes: u32, exdates: &[Date]) -> Vec<Occurrence> {
    let zone = TimeZone::get(zone).unwrap();
    let walls = rule.walls(starts, starts.date().saturating_add(WALKED_DAYS.days()));
    let kept = walls.into_iter().filter(|wall| !exdates.contains(&wall.date()));
    let occurrence = |start: Instant| Occurrence { start, end: start.plus_minutes(minutes) };
    kept.map(|wall| occurrence(first_shown(&zone, wall))).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_rule_is_read_as_it_is_displayed(rule in rules()) {
        let read: Rule = rule.text().parse().unwrap();
        assert_eq!(read.to_string().parse(), Ok(read));
    }

    #[test]
    fn whatever_stands_there_is_read_or_refused_and_answered(
        parts in vec(select(SCRAPS.to_vec()), 1..12), text in any::<String>(), year in select(vec!["0000", "2026", "9999"]),
        at in any::<i64>(), minutes in any::<u32>(),
    ) {
        let rule = format!("FREQ={}", parts.concat());
        for rule in [&rule, &text] {
            let keys = json!({"rrule": rule, "duration_minutes": minutes, "exdates": [text]});
            let recurring = recurring(&format!("{year}-12-31T23:59"), "Pacific/Apia", &keys);
            let until = Instant(at).plus_minutes(minutes);
            let (faults, occurrences) = (recurring.faults(), recurring.occurrences(Instant(at), until));
            assert!(!faults.is_empty(), "its exdate is none");
            assert!(occurrences.len() <= limits::OCCURRENCES);
            assert!(recurring.covers(Instant(at)).is_none_or(|end| end > Instant(at)));
            assert!(recurring.next_start(Instant(at)).is_none_or(|next| next > Instant(at)));
        }
        for text in [parts.join(" "), text] {
            let next = text.parse::<Cron>().ok().and_then(|cron| cron.next(Instant(at), "Pacific/Apia"));
            assert!(next.is_none_or(|next| next > Instant(at)));
        }
    }

    #[test]
    fn occurrences_are_those_of_the_slow_way(
        rule in rules(), starts in walls(), zone in select(ZONES.to_vec()), minutes in 1..6000_u32,
        out in vec(0..60_i64, 0..4), from in 0..WALKED_DAYS, span in 1..500_i64,
    ) {
        let out: Vec<_> = out.iter().map(|days| starts.date().saturating_add(days.days())).collect();
        let spelled: Vec<_> = out.iter().map(ToString::to_string).collect();
        let keys = json!({"rrule": rule.text(), "duration_minutes": minutes, "exdates": spelled});
        let recurring = recurring(&starts.to_string(), zone, &keys);
        let walked = walked(&rule, starts, zone, minutes, &out);
        let day = |days: i64| instant(&starts.date().saturating_add(days.days()).to_string());
        let (from, until) = (day(from - 30).plus_minutes(77), day((from + span).min(WALKED_DAYS - 2)));

        let answer = recurring.occurrences(from, until);
        let runs = |one: &&Occurrence| one.start < until && one.end > from && from < until;
        let expected: Vec<_> = walked.iter().filter(runs).take(limits::OCCURRENCES).copied().collect();
        assert_eq!(answer, expected, "{keys}");
        assert!(answer.is_sorted_by(|one, next| one.start < next.start), "{keys}");

        let next = walked.iter().map(|one| one.start).find(|start| *start > from);
        let horizon = day(WALKED_DAYS);
        assert_eq!(recurring.next_start(from).filter(|start| *start < horizon), next.filter(|start| *start < horizon));

        let running = walked.iter().filter(|one| one.start <= from && one.end > from);
        let first = running.map(|one| one.end).max();
        let united = walked.iter().fold(first, |reached, one| {
            reached.map(|end| if one.start <= end { end.max(one.end) } else { end })
        });
        let covered = recurring.covers(from);
        assert_eq!(covered.is_some(), united.is_some(), "{keys}");
        if united.is_none_or(|end| end < day(WALKED_DAYS - 2)) && walked.len() < limits::OCCURRENCES {
            assert_eq!(covered, united, "{keys}");
        }
    }

    #[test]
    fn cron_comes_next_when_the_slow_way_says(
        fields in fields(), zone in select(ZONES.to_vec()),
        day in select(vec!["2026-03-07", "2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31", "2028-02-27"]),
        minutes in 0..2880_u32,
    ) {
        let text = fields.each_ref().map(PlainField::text).join(" ");
        let after = instant(day).plus_minutes(minutes);
        let cron: Cron = text.parse().unwrap();
        let walked = cron_next(&fields, &TimeZone::get(zone).unwrap(), after, CRON_DAYS);
        let horizon = after.plus_minutes(u32::try_from(CRON_DAYS).unwrap() * 24 * 60);
        assert_eq!(cron.next(after, zone).filter(|next| *next < horizon), walked, "{text} in {zone} after {after:?}");
    }
}

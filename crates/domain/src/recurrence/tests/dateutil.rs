//! Rules beside what `python-dateutil` 2.9.0 makes of them.
//!
//! Compared: 2,000 random rules when this was written, of which 300 stand in the fixture: first start, zone, rule, the
//! first eight starts in UTC, an instant, the three starts after it. The zone's gaps and doubled hours were applied to
//! dateutil's walls by Python's `zoneinfo`. An empty list is a rule that is refused, as it never occurs. A date as
//! `UNTIL` was given to dateutil as the last second of that day.
//!
//! Left out, since dateutil does otherwise than RFC 5545 says: `BYDAY` with and without numbers mixed (it takes what is
//! in both), and a weekly `BYSETPOS` whose first week has begun before the first start (it counts from that start).
//! Left out, too: rules that first occur about five years after their start or later, and in zones other than UTC what
//! comes after 2036.

use super::{instant, recurring, starts};
use serde_json::json;

const FIXTURE: &str = include_str!("../../../fixtures/rrule_dateutil.tsv");

#[test]
fn rules_come_to_what_dateutil_makes_of_them() {
    let mut refused = 0;
    for line in FIXTURE.lines() {
        let [first, zone, rule, expected, later, next] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("`{line}` has not six columns")
        };
        let recurring = recurring(first, zone, &json!({"rrule": rule}));
        let faults = recurring.faults();
        if expected.is_empty() {
            assert_eq!(faults.len(), 1, "{line}");
            refused += 1;
            continue;
        }
        assert_eq!(faults, [], "{line}");
        let expected: Vec<_> = expected.split(' ').collect();
        let end = instant(expected[expected.len() - 1]).plus_minutes(1).wire();
        assert_eq!(starts(&recurring, "2000-01-01", &end), expected, "{line}");
        let mut at = instant(later);
        for next in next.split_whitespace() {
            let found = recurring.next_start(at);
            assert_eq!(found, Some(instant(next)), "{line}");
            at = instant(next);
        }
        if next.is_empty() && zone == "UTC" {
            let soon = recurring.next_start(at);
            assert!(soon.is_none_or(|soon| soon > instant("2062-01-01")), "{line}: {soon:?}");
        }
    }
    assert!(refused < FIXTURE.lines().count() / 4, "{refused} refused");
}

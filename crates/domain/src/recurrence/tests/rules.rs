//! Rules as they are read, written back and refused.

use crate::limits;
use crate::recurrence::{Rule, WrittenRule};
use serde_json::json;

#[test]
fn a_rule_is_written_back_in_its_one_form() {
    let expect = [
        ("FREQ=DAILY", "FREQ=DAILY"),
        ("freq=weekly;byday=su,mo", "FREQ=WEEKLY;BYDAY=MO,SU"),
        (" RRULE:FREQ=WEEKLY;WKST=SU;INTERVAL=2 ", "FREQ=WEEKLY;INTERVAL=2;WKST=SU"),
        ("INTERVAL=1;WKST=MO;FREQ=DAILY", "FREQ=DAILY"),
        ("FREQ=MONTHLY;BYDAY=3TU,-1FR;BYSETPOS=1;COUNT=10", "FREQ=MONTHLY;BYDAY=3TU,-1FR;BYSETPOS=1;COUNT=10"),
        ("FREQ=MONTHLY;BYDAY=+2MO,MO,2MO", "FREQ=MONTHLY;BYDAY=MO,2MO"),
        ("FREQ=MONTHLY;BYMONTHDAY=31,-1,1,1,+2", "FREQ=MONTHLY;BYMONTHDAY=-1,1,2,31"),
        ("FREQ=YEARLY;BYDAY=53SU,-53SA;BYSETPOS=-366", "FREQ=YEARLY;BYDAY=-53SA,53SU;BYSETPOS=-366"),
        ("UNTIL=20261231;BYMONTH=12,02;FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=2,12;UNTIL=20261231"),
        ("FREQ=DAILY;UNTIL=20261231T235959", "FREQ=DAILY;UNTIL=20261231T235959"),
        ("FREQ=DAILY;UNTIL=20261231t235959z", "FREQ=DAILY;UNTIL=20261231T235959Z"),
        ("FREQ=DAILY;INTERVAL=1000;COUNT=10000", "FREQ=DAILY;INTERVAL=1000;COUNT=10000"),
    ];
    for (text, canonical) in expect {
        let rule: Rule = text.parse().unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(rule.to_string(), canonical, "{text}");
        assert_eq!(canonical.parse(), Ok(rule), "{text}");
    }
}

#[test]
fn what_is_wrong_with_a_rule_is_said_of_its_part() {
    let expect = [
        ("", "", "one is empty"),
        ("FREQ=DAILY;", "", "one is empty"),
        ("=DAILY", "", "one is empty"),
        ("INTERVAL=2", "FREQ", "needs it"),
        ("FREQ", "FREQ", "no value"),
        ("FREQ=HOURLY", "FREQ", "`HOURLY` is not one of DAILY, WEEKLY, MONTHLY, YEARLY"),
        ("FREQ=DAILY;BYHOUR=3", "BYHOUR", "not a part that is known here"),
        ("FREQ=YEARLY;BYWEEKNO=3", "BYWEEKNO", "not a part that is known here"),
        ("FREQ=YEARLY;BYYEARDAY=3", "BYYEARDAY", "not a part that is known here"),
        ("FREQ=DAILY;X-MINE=3", "X-MINE", "not a part that is known here"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ", "given twice"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL", "`0` is not a number from 1 to 1000"),
        ("FREQ=DAILY;INTERVAL=+2", "INTERVAL", "`+2` is not a number"),
        ("FREQ=DAILY;INTERVAL=1001", "INTERVAL", "`1001` is not a number"),
        ("FREQ=DAILY;INTERVAL=99999999999", "INTERVAL", "is not a number"),
        ("FREQ=DAILY;BYMONTH=13", "BYMONTH", "`13` is not a number from 1 to 12"),
        ("FREQ=DAILY;BYMONTH=-1", "BYMONTH", "`-1` is not a number from 1 to 12"),
        ("FREQ=DAILY;BYMONTH=1,,2", "BYMONTH", "an item of its list is empty"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY", "`0` is not a number from 1 to 31 or from -31 to -1"),
        ("FREQ=MONTHLY;BYMONTHDAY=-32", "BYMONTHDAY", "`-32` is not a number"),
        ("FREQ=MONTHLY;BYMONTHDAY=--1", "BYMONTHDAY", "`--1` is not a number"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY", "not allowed with FREQ=WEEKLY"),
        ("FREQ=WEEKLY;BYDAY=MON", "BYDAY", "`MON` is not a day such as TU, 3TU or -1FR"),
        ("FREQ=WEEKLY;BYDAY=É", "BYDAY", "is not a day"),
        ("FREQ=WEEKLY;BYDAY=M", "BYDAY", "`M` is not a day"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY", "`1MO` has a number, which is not allowed with FREQ=WEEKLY"),
        ("FREQ=DAILY;BYDAY=-1MO", "BYDAY", "`-1MO` has a number, which is not allowed with FREQ=DAILY"),
        ("FREQ=MONTHLY;BYDAY=6MO", "BYDAY", "`6MO` is not from 1 to 5"),
        ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY", "`0MO` is not a day"),
        ("FREQ=YEARLY;BYMONTH=2;BYDAY=-6MO", "BYDAY", "`-6MO` is not from 1 to 5"),
        ("FREQ=YEARLY;BYDAY=54MO", "BYDAY", "`54MO` is not a day"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS", "it needs BYDAY, BYMONTHDAY or BYMONTH"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "BYSETPOS", "`0` is not a number from 1 to 366"),
        ("FREQ=WEEKLY;WKST=1", "WKST", "`1` is not one of MO, TU, WE, TH, FR, SA, SU"),
        ("FREQ=DAILY;COUNT=0", "COUNT", "`0` is not a number from 1 to 10000"),
        ("FREQ=DAILY;COUNT=1;UNTIL=20260101", "COUNT", "not allowed beside UNTIL"),
        ("FREQ=DAILY;UNTIL=2026-01-01", "UNTIL", "`2026-01-01` is not a date or time of the form"),
        ("FREQ=DAILY;UNTIL=20260230", "UNTIL", "`20260230` is not a date or time"),
        ("FREQ=DAILY;UNTIL=20260101T240000", "UNTIL", "is not a date or time"),
        ("FREQ=DAILY;UNTIL=20260101T0000", "UNTIL", "is not a date or time"),
    ];
    for (text, part, problem) in expect {
        let fault = text.parse::<Rule>().expect_err(text);
        assert_eq!(fault.part, part, "{text}");
        assert!(fault.problem.contains(problem), "{text}: {fault}");
    }
    let long = format!("FREQ=DAILY;BYMONTH={}", "1,".repeat(limits::RECURRENCE_BYTES));
    assert!(long.parse::<Rule>().unwrap_err().problem.contains("at most 1024 bytes"));
}

#[test]
fn a_rule_in_a_component_is_kept_as_it_was_where_it_cannot_be_read() {
    let read: WrittenRule = serde_json::from_value(json!("freq=daily")).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), json!("FREQ=DAILY"));
    assert_eq!((read.fault(), read.get().is_some()), (None, true));
    let strange: WrittenRule = serde_json::from_value(json!("freq=hourly")).unwrap();
    assert_eq!(serde_json::to_value(&strange).unwrap(), json!("freq=hourly"));
    assert!(strange.fault().is_some_and(|fault| fault.starts_with("FREQ: ")));
}

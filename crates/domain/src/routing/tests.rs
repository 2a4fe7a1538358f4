//! Tests of routing rules: each test on each field, windows and zones, how many must hold, and what is refused.

use super::{CompiledRule, Rule, Signal};
use crate::{Instant, Urgency};
use serde_json::{Value, json};

/// A rule with these keys; its actions raise the urgency unless the keys say otherwise.
fn rule(keys: &Value) -> Rule {
    let mut whole = json!({"name": "rule", "actions": {"set_urgency": 5}});
    for (key, value) in keys.as_object().unwrap() {
        whole[key] = value.clone();
    }
    serde_json::from_value(whole).unwrap()
}

fn fits(keys: &Value, signal: &Signal<'_>, now: &str) -> bool {
    CompiledRule::new(rule(keys)).unwrap().fits(signal, Instant::parse(now).unwrap())
}

const NOON: &str = "2026-06-05T12:00:00Z";

/// What the tests look at: everything is there, or as little as can be.
fn with_signal(is_full: bool, mut look: impl FnMut(&Signal<'_>)) {
    let tags = ["EU".to_owned(), "disk".to_owned()];
    let payload = json!({
        "labels": {"team": "Storage", "count": 7, "live": true, "none": null, "list": [1]},
        "free": " 12.5 ",
    });
    look(&Signal {
        title: "Disk full on db1",
        description: if is_full { "95 percent" } else { "" },
        urgency: Urgency::High,
        service: is_full.then_some("web"),
        integration: is_full.then_some("probe"),
        tags: if is_full { &tags } else { &[] },
        dedup_key: is_full.then_some("disk-1"),
        payload: if is_full { &payload } else { &Value::Null },
    });
}

fn holds(is_full: bool, field: &str, test: &str, value: &Value) -> bool {
    let held = std::cell::Cell::new(false);
    let keys = json!({"conditions": [{"field": field, test: value}]});
    with_signal(is_full, |signal| held.set(fits(&keys, signal, NOON)));
    held.get()
}

#[test]
fn each_test_holds_on_each_text_field() {
    let fields = [
        ("title", "Disk full on db1", "FULL", "db\\d$"),
        ("description", "95 percent", "5 PER", "^9"),
        ("service", "web", "E", "^w.b$"),
        ("integration", "probe", "Prob", "o"),
        ("tags", "disk", "eu", "^(disk|x)$"),
        ("dedup_key", "disk-1", "-1", "k-[0-9]"),
        ("/labels/team", "Storage", "stor", "^S"),
    ];
    for (field, whole, part, pattern) in fields {
        let held = |test: &str, value: &str| holds(true, field, test, &json!(value));
        let expect = [
            ("equals", whole, true),
            ("equals", part, false),
            ("not_equals", whole, false),
            ("not_equals", part, true),
            ("contains", part, true),
            ("contains", "absent", false),
            ("not_contains", part, false),
            ("not_contains", "absent", true),
            ("matches", pattern, true),
            ("matches", "^absent$", false),
        ];
        for (test, value, expected) in expect {
            assert_eq!(held(test, value), expected, "{field} {test} {value}");
        }
        assert!(holds(true, field, "exists", &json!(true)) && !holds(true, field, "exists", &json!(false)), "{field}");
    }
}

#[test]
fn numbers_and_truth_values_are_compared_as_such() {
    let table = [
        ("urgency_level", "equals", json!(4), true),
        ("urgency_level", "equals", json!(3), false),
        ("urgency_level", "equals", json!("4"), false),
        ("urgency_level", "not_equals", json!(3), true),
        ("urgency_level", "gte", json!(4), true),
        ("urgency_level", "gte", json!(4.5), false),
        ("urgency_level", "lte", json!(4), true),
        ("urgency_level", "lte", json!(3), false),
        ("urgency_level", "exists", json!(true), true),
        ("/labels/count", "equals", json!(7), true),
        ("/labels/count", "equals", json!(7.0), true),
        ("/labels/count", "equals", json!("7"), false),
        ("/labels/count", "gte", json!(7), true),
        ("/labels/count", "lte", json!(6.9), false),
        ("/labels/count", "contains", json!("7"), false),
        ("/labels/live", "equals", json!(true), true),
        ("/labels/live", "equals", json!(false), false),
        ("/labels/live", "not_equals", json!(false), true),
        ("/free", "gte", json!(12.5), true),
        ("/free", "lte", json!(12), false),
        ("/labels/team", "gte", json!(0), false),
        ("/labels/list", "exists", json!(true), true),
        ("/labels/list", "equals", json!(1), false),
        ("/labels/list/0", "equals", json!(1), true),
        ("/labels/none", "exists", json!(false), true),
    ];
    for (field, test, value, expected) in table {
        assert_eq!(holds(true, field, test, &value), expected, "{field} {test} {value}");
    }
}

#[test]
fn what_is_absent_holds_the_negated_tests_only() {
    for field in ["description", "service", "integration", "tags", "dedup_key", "/labels/team"] {
        let held = |test: &str, value: Value| holds(false, field, test, &value);
        assert!(held("not_equals", json!("x")) && held("not_contains", json!("x")), "{field}");
        assert!(held("exists", json!(false)) && !held("exists", json!(true)), "{field}");
        assert!(!held("equals", json!("x")) && !held("contains", json!("x")) && !held("matches", json!("")), "{field}");
        assert!(!held("gte", json!(0)) && !held("lte", json!(9)), "{field}");
    }
}

#[test]
fn negated_tests_on_tags_hold_when_no_tag_fails_them() {
    assert!(!holds(true, "tags", "not_equals", &json!("EU")));
    assert!(!holds(true, "tags", "not_contains", &json!("dis")));
    assert!(holds(true, "tags", "not_equals", &json!("US")));
}

#[test]
fn a_rule_holds_in_its_window_of_its_days_in_its_zone() {
    let night = json!({"timezone": "Europe/Berlin", "days": ["friday"], "from": "22:00", "until": "06:00"});
    let day = json!({"timezone": "America/New_York", "from": "09:00", "until": "17:00"});
    let late = json!({"days": ["friday"], "from": "22:00", "until": "24:00"});
    let days = json!({"timezone": "Asia/Tokyo", "days": ["saturday", "sunday"]});
    let table = [
        (&night, "2026-06-05T19:59:59Z", false),
        (&night, "2026-06-05T20:00:00Z", true),
        (&night, "2026-06-06T03:59:59Z", true), // Saturday morning belongs to Friday's night
        (&night, "2026-06-06T04:00:00Z", false),
        (&night, "2026-06-05T02:00:00Z", false), // Friday morning belongs to Thursday's
        (&night, "2026-06-06T20:30:00Z", false),
        (&night, "2026-01-09T20:30:00Z", false), // in winter the zone is an hour nearer to UTC
        (&night, "2026-01-09T21:00:00Z", true),
        (&day, "2026-06-05T13:00:00Z", true),
        (&day, "2026-06-05T12:59:59Z", false),
        (&day, "2026-06-05T21:00:00Z", false),
        (&late, "2026-06-05T23:59:59Z", true),
        (&late, "2026-06-06T00:00:00Z", false),
        (&days, "2026-06-05T15:00:00Z", true),
        (&days, "2026-06-05T14:59:59Z", false),
        (&days, "2026-06-07T15:00:00Z", false),
    ];
    for (keys, now, expected) in table {
        with_signal(true, |signal| assert_eq!(fits(keys, signal, now), expected, "{keys} at {now}"));
    }
}

#[test]
fn a_night_window_goes_from_sunday_into_monday() {
    let keys = json!({"days": ["sunday"], "from": "22:00", "until": "06:00"});
    with_signal(true, |signal| {
        assert!(fits(&keys, signal, "2026-06-08T05:59:00Z"));
        assert!(!fits(&keys, signal, "2026-06-07T05:59:00Z"));
    });
}

#[test]
fn as_many_conditions_must_hold_as_the_rule_says() {
    let condition = |holds: bool| json!({"field": "title", "contains": if holds { "disk" } else { "roof" }});
    let table = [
        (json!([true, true, false]), json!(null), false),
        (json!([true, true, true]), json!(null), true),
        (json!([true, true, false]), json!(2), true),
        (json!([true, false, false]), json!(2), false),
        (json!([true, false, false]), json!(1), true),
        (json!([]), json!(null), true),
    ];
    for (which, minimum, expected) in table {
        let conditions: Vec<_> = which.as_array().unwrap().iter().map(|held| condition(held == true)).collect();
        let keys = json!({"conditions": conditions, "minimum": minimum});
        with_signal(true, |signal| assert_eq!(fits(&keys, signal, NOON), expected, "{keys}"));
    }
}

#[test]
fn a_disabled_rule_never_fits() {
    with_signal(true, |signal| assert!(!fits(&json!({"enabled": false}), signal, NOON)));
}

#[test]
fn a_rule_reads_back_as_it_was_written() {
    let keys = json!({
        "enabled": false, "timezone": "Asia/Tokyo", "days": ["monday"], "from": "01:00", "until": "02:00",
        "conditions": [{"field": "tags", "not_contains": "x"}, {"field": "/a/b", "exists": true}], "minimum": 1,
        "actions": {"suppress": true},
    });
    let written = serde_json::to_value(rule(&keys)).unwrap();
    assert_eq!(rule(&written), rule(&keys));
}

#[test]
fn a_condition_is_one_field_and_exactly_one_test() {
    for condition in [
        json!({"field": "title"}),
        json!({"equals": "x"}),
        json!({"field": "title", "equals": "x", "contains": "y"}),
        json!({"field": "title", "equals": "x", "more": 1}),
        json!({"field": "title", "resembles": "x"}),
    ] {
        assert!(serde_json::from_value::<super::Condition>(condition.clone()).is_err(), "{condition}");
    }
}

#[test]
fn a_sound_rule_has_no_fault() {
    for keys in [
        json!({}),
        json!({"conditions": [{"field": "title", "contains": "a"}, {"field": "title", "contains": "b"}]}),
        json!({"conditions": [{"field": "title", "equals": "a"}, {"field": "title", "equals": "b"}], "minimum": 1}),
        json!({"conditions": [{"field": "tags", "equals": "a"}, {"field": "tags", "equals": "b"}]}),
        json!({"conditions": [{"field": "tags", "equals": "a"}, {"field": "tags", "contains": "b"}]}),
        json!({"conditions": [{"field": "title", "contains": "ab"}, {"field": "title", "not_contains": "abc"}]}),
        json!({"conditions": [{"field": "/a", "exists": false}, {"field": "/b", "equals": 1}]}),
        json!({"conditions": [{"field": "urgency_level", "gte": 2}, {"field": "urgency_level", "lte": 2}]}),
        json!({"from": "00:00", "until": "24:00"}),
        json!({"from": "22:00", "until": "00:00"}),
        json!({"actions": {"suppress": true}}),
    ] {
        assert_eq!(rule(&keys).faults(), [], "{keys}");
    }
}

#[test]
fn no_pattern_blows_up_on_any_text() {
    let text = format!("{}!", "a".repeat(100_000));
    let held = |pattern: &str| {
        let keys = json!({"conditions": [{"field": "title", "matches": pattern}]});
        let compiled = CompiledRule::new(rule(&keys))?;
        let mut found = false;
        with_signal(true, |signal| {
            found = compiled.fits(&Signal { title: &text, ..*signal }, Instant::parse(NOON).unwrap());
        });
        Ok::<_, String>(found)
    };
    // An engine that goes back would not end before the sun does.
    for pattern in ["^(a+)+$", "^(a|a)*$", "^(.*a){20}$"] {
        assert_eq!(held(pattern), Ok(false), "{pattern}");
    }
    for pattern in ["a{1000}{1000}", "(a{500}){500}", "\\w{5000}"] {
        assert!(held(pattern).unwrap_err().contains("size limit"), "{pattern}");
    }
}

#[test]
fn a_rule_that_can_never_take_effect_is_refused_with_its_field() {
    let title = |test: &str, value: Value| json!({"conditions": [{"field": "title", test: value}]});
    let on = |field: &str, test: &str, value: Value| json!({"conditions": [{"field": field, test: value}]});
    let many: Vec<_> = (0..51).map(|number| number.to_string()).collect();
    let table = [
        (json!({"timezone": "Europe/Atlantis"}), "timezone", "not an IANA"),
        (json!({"from": "10:00"}), "until", "needed together"),
        (json!({"until": "10:00"}), "from", "needed together"),
        (json!({"from": "10", "until": "11:00"}), "from", "HH:MM"),
        (json!({"from": "+1:00", "until": "11:00"}), "from", "HH:MM"),
        (json!({"from": "10:00", "until": "25:00"}), "until", "HH:MM"),
        (json!({"from": "10:00", "until": "10:60"}), "until", "HH:MM"),
        (json!({"from": "24:00", "until": "00:00"}), "from", "never hold"),
        (json!({"from": "10:00", "until": "10:00"}), "until", "never hold"),
        (json!({"minimum": 1}), "minimum", "never hold"),
        (json!({"conditions": [{"field": "title", "equals": "a"}], "minimum": 0}), "minimum", "meaningless"),
        (on("colour", "equals", json!("a")), "conditions[0]", "unknown field"),
        (title("matches", json!("(")), "conditions[0]", "not a regular expression"),
        (title("contains", json!("")), "conditions[0]", "cannot be tested"),
        (title("not_contains", json!("")), "conditions[0]", "cannot be tested"),
        (title("exists", json!(false)), "conditions[0]", "always there"),
        (title("gte", json!(1)), "conditions[0]", "never hold"),
        (title("lte", json!(1)), "conditions[0]", "never hold"),
        (title("equals", json!(1)), "conditions[0]", "never equal"),
        (title("not_equals", json!(1)), "conditions[0]", "never equal"),
        (on("/a", "equals", json!([1])), "conditions[0]", "never equal"),
        (on("urgency_level", "equals", json!(6)), "conditions[0]", "never equal"),
        (on("urgency_level", "equals", json!(1.5)), "conditions[0]", "never equal"),
        (on("urgency_level", "equals", json!("High")), "conditions[0]", "never equal"),
        (on("urgency_level", "gte", json!(6)), "conditions[0]", "above 5"),
        (on("urgency_level", "lte", json!(0)), "conditions[0]", "below 1"),
        (on("urgency_level", "contains", json!("4")), "conditions[0]", "cannot be tested"),
        (on("urgency_level", "matches", json!("4")), "conditions[0]", "is a number"),
        (on("urgency_level", "exists", json!(false)), "conditions[0]", "always there"),
        (json!({"actions": {}}), "actions", "do nothing"),
        (json!({"actions": {"suppress": true, "add_tags": ["a"]}}), "actions.suppress", "no effect"),
        (json!({"actions": {"resolve_after_minutes": 0}}), "actions.resolve_after_minutes", "at least 1"),
        (json!({"actions": {"add_note": ""}}), "actions.add_note", "add_note"),
        (json!({"actions": {"add_note": "x".repeat(32 * 1024 + 1)}}), "actions.add_note", "add_note"),
        (json!({"actions": {"add_tags": [""]}}), "actions.add_tags", "tag"),
        (json!({"actions": {"add_tags": ["x".repeat(129)]}}), "actions.add_tags", "tag"),
        (json!({"actions": {"add_tags": many}}), "actions.add_tags", "at most 50 tags"),
    ];
    for (keys, field, part) in table {
        let faults = rule(&keys).faults();
        assert_eq!(faults.len(), 1, "{keys}: {faults:?}");
        assert!(faults[0].0.spelled() == field && faults[0].1.contains(part), "{keys}: {faults:?}");
    }
}

#[test]
fn a_bound_that_is_not_a_number_is_refused() {
    for bound in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut rule = rule(&json!({"conditions": [{"field": "/a", "gte": 1}, {"field": "/b", "lte": 1}]}));
        rule.conditions[0].test = super::Test::Gte(bound);
        rule.conditions[1].test = super::Test::Lte(bound);
        let places: Vec<_> = rule.faults().into_iter().map(|(place, _)| place.spelled()).collect();
        assert_eq!(places, ["conditions[0]", "conditions[1]"], "{bound}");
    }
}

#[test]
fn conditions_that_contradict_each_other_are_refused_when_all_must_hold() {
    let table = [
        ("title", json!({"equals": "a"}), json!({"equals": "b"})),
        ("title", json!({"equals": "a"}), json!({"not_equals": "a"})),
        ("title", json!({"equals": "Abc"}), json!({"not_contains": "B"})),
        ("title", json!({"equals": "abc"}), json!({"contains": "x"})),
        ("title", json!({"equals": "abc"}), json!({"matches": "^b"})),
        ("title", json!({"contains": "abc"}), json!({"not_contains": "B"})),
        ("tags", json!({"equals": "a"}), json!({"not_equals": "a"})),
        ("tags", json!({"exists": false}), json!({"equals": "a"})),
        ("/a", json!({"exists": false}), json!({"contains": "a"})),
        ("/a", json!({"exists": false}), json!({"matches": "a"})),
        ("/a", json!({"exists": false}), json!({"gte": 1})),
        ("/a", json!({"exists": false}), json!({"lte": 1})),
        ("/a", json!({"exists": false}), json!({"exists": true})),
        ("/a", json!({"equals": 1}), json!({"gte": 2})),
        ("/a", json!({"equals": 3}), json!({"lte": 2})),
        ("urgency_level", json!({"gte": 4}), json!({"lte": 3})),
    ];
    for (field, mut first, mut second) in table {
        first["field"] = json!(field);
        second["field"] = json!(field);
        for conditions in [json!([first, second]), json!([second, first])] {
            let faults = rule(&json!({"conditions": conditions})).faults();
            assert_eq!(faults.len(), 1, "{conditions}: {faults:?}");
            assert!(
                faults[0].0.field == "conditions" && faults[0].1.contains("contradict"),
                "{conditions}: {faults:?}"
            );
            assert_eq!(rule(&json!({"conditions": conditions, "minimum": 1})).faults(), [], "one of them is enough");
        }
    }
}

#[test]
fn a_verdict_says_what_each_condition_saw_and_agrees_with_whether_the_rule_fits() {
    let (tag, team) = (json!({"field": "tags", "equals": "eu"}), json!({"field": "/labels/team", "equals": "Storage"}));
    for (least, hour, fits) in [(1, "12:00", true), (2, "12:00", false), (1, "23:00", false)] {
        let keys = json!({"conditions": [tag, team], "minimum": least, "from": "11:00", "until": "13:00"});
        let compiled = CompiledRule::new(rule(&keys)).unwrap();
        let now = Instant::parse(&format!("2026-06-05T{hour}:00Z")).unwrap();
        with_signal(true, |signal| {
            let verdict = compiled.verdict(signal, now);
            let seen: Vec<_> = verdict.conditions.iter().map(|judged| (judged.seen.clone(), judged.holds)).collect();
            assert_eq!(seen, [(json!(["EU", "disk"]), false), (json!("Storage"), true)]);
            assert_eq!((verdict.fits, verdict.is_in_hours), (fits, hour == "12:00"));
            assert_eq!(verdict.fits, compiled.fits(signal, now));
        });
    }
}

#[test]
fn a_rule_is_shadowed_only_where_an_earlier_one_surely_fits_whatever_it_fits() {
    let [a, b, c] = ["a", "b", "c"].map(|text| json!({"field": "title", "contains": text}));
    for (earlier, later, expect) in [
        (json!({}), json!({"conditions": [a]}), true),
        (json!({"enabled": false}), json!({"conditions": [a]}), false),
        (json!({"from": "22:00", "until": "07:00"}), json!({"conditions": [a]}), false),
        (json!({"from": "22:00", "until": "07:00"}), json!({"from": "22:00", "until": "07:00"}), true),
        (json!({"conditions": [a]}), json!({"conditions": [b, a], "days": ["monday"]}), true),
        (json!({"conditions": [a, b]}), json!({"conditions": [a]}), false),
        (json!({"conditions": [a, b], "minimum": 1}), json!({"conditions": [a]}), true),
        (json!({"conditions": [a]}), json!({"conditions": [a, b], "minimum": 1}), false),
        (json!({"conditions": [a, b, c], "minimum": 2}), json!({"conditions": [a, b, c], "minimum": 2}), true),
        (json!({"conditions": [a, b, c], "minimum": 2}), json!({"conditions": [a, b, c], "minimum": 1}), false),
    ] {
        assert_eq!(rule(&later).is_shadowed_by(&rule(&earlier)), expect, "{earlier} {later}");
    }
}

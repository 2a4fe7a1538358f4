//! Swaps: made, listed, taken back; whoever is notified is asked for at that moment.

use super::{column, keys};
use checks::{Answer, Api, Call, Database, START, number};
use domain::permission::Scope;
use serde_json::{Value, json};

const SWAPS: &str = "/v1/routines/test%20turns/swaps";
const DAY: &str = "/v1/routines/test%20turns/schedule?from=2026-06-02&until=2026-06-03";

fn add(api: &Api, body: &Value) -> Answer {
    api.send(Call::post(SWAPS).key(&api.key).json(body))
}

fn remove(api: &Api, swap: &Value) -> Answer {
    let id = swap["swap_ref_id"].as_str().expect("an id");
    api.send(Call::new("DELETE", &format!("{SWAPS}/{id}")).key(&api.key))
}

/// A swap as it is listed: without what was told when it was made.
fn listed_as(made: &Value) -> Value {
    let mut listed = made.clone();
    for key in ["warnings", "gaps"] {
        listed.as_object_mut().expect("an object").remove(key);
    }
    listed
}

/// Who is on call on the second of June 2026, interval by interval.
fn day(api: &Api) -> Vec<Value> {
    column(&api.get(DAY)["intervals"], "on_call")
}

#[test]
fn a_swap_replaces_one_person_until_it_is_taken_back() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        assert_eq!(day(&api), [json!(["ana"])]);
        let body = json!({"out": "ana", "in": "mofab", "from": "2026-06-02T06:00:00", "until": "2026-06-02T12:00:00"});
        let made = add(&api, &body).ok();
        let expect = json!({
            "swap_ref_id": made["swap_ref_id"],
            "routine_ref_id": api.ref_id("routines", "test turns"),
            "out": "ana",
            "in": "mofab",
            "from": "2026-06-02T06:00:00.000000",
            "until": "2026-06-02T12:00:00.000000",
            "by": "batch",
            "timestamp": START.wire(),
            "warnings": [],
            "gaps": [],
        });
        assert_eq!(made.to_string(), expect.to_string());
        assert_eq!(made["swap_ref_id"].as_str().map(str::len), Some(22));
        assert_eq!(day(&api), [json!(["ana"]), json!(["mofab"]), json!(["ana"])]);
        let listed = api.get(SWAPS);
        assert_eq!(listed[0], listed_as(&made));
        // The one of the directory file begins later, has no id and was made by nobody in particular.
        assert_eq!(
            (&listed[1]["swap_ref_id"], &listed[1]["out"], &listed[1]["by"]),
            (&json!(null), &json!("ben"), &json!(null))
        );
        assert_eq!(keys(&listed[1]), keys(&listed[0]));
        assert_eq!(remove(&api, &made).ok(), json!("Success"));
        assert_eq!(day(&api), [json!(["ana"])]);
        let id = made["swap_ref_id"].as_str().expect("an id");
        let error = remove(&api, &made).first_error(404, "unknown_swap");
        assert_eq!(error, format!("swap_ref_id: the routine has no swap `{id}`"));
    }
}

#[test]
fn nobody_takes_the_place_where_nobody_is_named_and_the_later_swap_holds() {
    let api = Api::new();
    let (from, until) = ("2026-06-02T00:00:00", "2026-06-03T00:00:00");
    for nobody in [json!(null), json!("")] {
        let made = add(&api, &json!({"out": "ana", "in": nobody, "from": from, "until": until})).ok();
        assert_eq!((&made["in"], day(&api)), (&json!(null), vec![]));
        remove(&api, &made).ok();
    }
    for stand_in in ["ben", "cho"] {
        api.clock.advance(1);
        add(&api, &json!({"out": "ana", "in": stand_in, "from": from, "until": until})).ok();
    }
    assert_eq!(day(&api), [json!(["cho"])]);
}

#[test]
fn a_swap_counts_for_the_next_page() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        // To 2026-06-02T12:00:00, a Tuesday of Ana's week.
        api.clock.advance(1_780_401_600_000_000 - START.0);
        let policy = api.ref_id("escalation-policies", "test cover");
        let paged = |title: &str| {
            let id = number(&api.ok("create", &json!({"title": title, "policy_ref_id": policy})));
            let assignees = api.details(id)["assignees"].clone();
            assignees.as_array().expect("a list").iter().map(|one| one[1].clone()).collect::<Vec<_>>()
        };
        assert_eq!(paged("before"), ["ana"]);
        let swap = json!({"out": "ana", "in": "cho", "from": "2026-06-02", "until": "2026-06-03"});
        let made = add(&api, &swap).ok();
        assert_eq!(paged("meanwhile"), ["cho"]);
        remove(&api, &made).ok();
        assert_eq!(paged("after"), ["ana"]);
    }
}

#[test]
fn a_swap_that_is_taken_back_while_it_runs_ends_then_and_who_was_on_call_by_it_stays_known() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let made = add(
            &api,
            &json!({"out": "ana", "in": "cho", "from": "2026-06-02T06:00:00", "until": "2026-06-02T12:00:00"}),
        )
        .ok();
        // To 2026-06-02T08:00:00.
        api.clock.advance(1_780_387_200_000_000 - START.0);
        assert_eq!(remove(&api, &made).ok(), json!("Success"));
        let intervals = api.get(DAY)["intervals"].clone();
        assert_eq!(column(&intervals, "on_call"), [json!(["ana"]), json!(["cho"]), json!(["ana"])]);
        assert_eq!(intervals[1]["until"], "2026-06-02T08:00:00.000000");
        let listed = api.get(SWAPS)[0].clone();
        assert_eq!((&listed["swap_ref_id"], &listed["until"]), (&made["swap_ref_id"], &intervals[1]["until"]));
        // It is over, and stays as it is.
        api.pass_minutes(1);
        assert_eq!(remove(&api, &made).ok(), json!("Success"));
        assert_eq!(api.get(SWAPS)[0], listed);
    }
}

#[test]
fn a_swap_changes_nothing_of_who_was_on_call_before_it_was_made() {
    let api = Api::new();
    let before = START.plus_minutes(60).wire();
    let past = json!({"out": "ana", "in": "ben", "from": "2021-01-01", "until": before});
    let made = add(&api, &past).ok();
    assert_eq!(made["from"], START.wire(), "{made}");
    assert_eq!(api.get(SWAPS)[0]["from"], START.wire());
}

#[test]
fn what_is_wrong_with_a_swap_is_told_by_its_field_and_nothing_is_kept() {
    let api = Api::new();
    let before = api.get(SWAPS);
    let valid = json!({"out": "ana", "in": "ben", "from": "2026-06-02", "until": "2026-06-03"});
    let table = [
        ("out", json!("nobody"), 404, "unknown_component", "out: there is no user `nobody`"),
        ("in", json!("nobody"), 404, "unknown_component", "in: there is no user `nobody`"),
        ("by", json!("nobody"), 404, "unknown_component", "by: there is no user `nobody`"),
        ("out", json!(null), 400, "invalid_fields", "out: is required"),
        ("in", json!("ana"), 400, "invalid_fields", "in: `ana` cannot stand in for themselves"),
        (
            "until",
            json!("2026-06-02"),
            400,
            "invalid_fields",
            "until: until 2026-06-02T00:00:00.000000 must be after from 2026-06-02T00:00:00.000000",
        ),
        ("from", json!("soon"), 400, "invalid_fields", "from: must be a timestamp such as 2021-05-05T17:20:14.343825"),
    ];
    for (field, value, status, code, expect) in table {
        let mut body = valid.clone();
        body[field] = value;
        assert_eq!(add(&api, &body).first_error(status, code), expect);
    }
    let over = json!({"out": "ana", "in": "ben", "from": "2020-01-01", "until": START.wire()});
    assert_eq!(add(&api, &over).first_error(400, "invalid_fields"), "until: must be in the future");
    assert_eq!(api.get(SWAPS), before);
}

#[test]
fn who_made_a_swap_is_told_and_a_repeated_request_makes_one() {
    let api = Api::new();
    let before = api.get(SWAPS).as_array().map_or(0, Vec::len);
    let body = json!({"out": "ana", "in": "ben", "from": "2026-06-02", "until": "2026-06-03", "by": "ana"});
    let ask = |path: &str| api.send(Call::post(path).key(&api.key).header("idempotency-key", "k").json(&body));
    let first = ask(SWAPS);
    assert_eq!(first.ok()["by"], "Ana Alves");
    api.pass_minutes(1);
    assert_eq!(ask(&format!("{SWAPS}/")).text(), first.text());
    assert_eq!(api.get(SWAPS).as_array().map(Vec::len), Some(before + 1));
    // For another routine it is another request.
    ask("/v1/routines/test%20nights/swaps").refused(409, "idempotency_key_reused");
}

#[test]
fn a_swap_of_one_routine_is_none_of_another() {
    let api = Api::new();
    let body = json!({"out": "ana", "in": "ben", "from": "2026-06-02", "until": "2026-06-03"});
    let made = add(&api, &body).ok();
    let id = made["swap_ref_id"].as_str().expect("an id");
    let elsewhere = format!("/v1/routines/test%20nights/swaps/{id}");
    api.send(Call::new("DELETE", &elsewhere).key(&api.key)).refused(404, "unknown_swap");
    assert_eq!(api.get("/v1/routines/test%20nights/swaps"), json!([]));
    let other = api.new_key("other", "spy", Scope::Admin);
    let theirs = api.send(Call::new("DELETE", &format!("{SWAPS}/{id}")).key(&other));
    theirs.refused(404, "unknown_swap");
    assert_eq!(api.get(SWAPS)[0], listed_as(&made));
}

#[test]
fn a_swap_that_is_over_for_long_is_forgotten_when_the_next_is_made() {
    let api = Api::new();
    let soon = START.plus_minutes(60).wire();
    add(&api, &json!({"out": "ana", "in": "ben", "from": START.wire(), "until": soon})).ok();
    let made = |api: &Api| {
        let swaps = api.get(SWAPS);
        swaps.as_array().expect("a list").iter().filter(|swap| !swap["swap_ref_id"].is_null()).count()
    };
    let later = json!({"out": "ana", "in": "ben", "from": "2030-06-02", "until": "2030-06-03"});
    api.clock.advance(400 * 24 * 3_600_000_000);
    add(&api, &later).ok();
    assert_eq!(made(&api), 2);
    api.pass_minutes(60);
    add(&api, &later).ok();
    assert_eq!(made(&api), 2);
}

#[test]
fn a_swap_after_which_nobody_is_on_call_says_so() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let policy = json!({"name": "turns alone", "levels": [{"minutes": 5, "routines": ["test turns"]}]});
        api.send(Call::post("/v1/escalation-policies").key(&api.key).json(&policy)).ok();
        let (from, until) = ("2026-06-02T06:00:00.000000", "2026-06-02T12:00:00.000000");
        let made = add(&api, &json!({"out": "ana", "in": null, "from": from, "until": until})).ok();
        let gaps = made["gaps"].as_array().expect("a list");
        let ours = gaps.iter().find(|gap| gap["escalation_policy"] == "turns alone").expect("the policy");
        assert_eq!((&ours["before"], &ours["after"]), (&json!([]), &json!([{"from": from, "until": until}])));
        let expect = format!("escalation policy `turns alone`: levels[0]: nobody is on call from {from} until {until}");
        assert!(made["warnings"].as_array().is_some_and(|all| all.contains(&json!(expect))), "{made}");
        // Where somebody stands in, there is nothing to warn of.
        let (from, until) = ("2026-06-03T06:00:00", "2026-06-03T12:00:00");
        let stood_in = add(&api, &json!({"out": "ana", "in": "dee", "from": from, "until": until})).ok();
        assert_eq!((&stood_in["gaps"], &stood_in["warnings"]), (&json!([]), &json!([])), "{stood_in}");
    }
}

//! `POST /v1/routines/preview`: what a routine would come to, and what would be different.

use super::column;
use checks::{Answer, Api, Call, START};
use domain::permission::Scope;
use serde_json::{Value, json};

const TURNS: &str = "test turns";

fn ask(api: &Api, body: &Value) -> Answer {
    api.send(Call::post("/v1/routines/preview").key(&api.key).json(body))
}

/// A routine of one layer, which gives each person of `turns` a day from 1 June 2026 on, in UTC.
fn daily(turns: &[&str]) -> Value {
    let turns: Vec<_> = turns.iter().map(|person| [person]).collect();
    json!({"timezone": "UTC", "routine_layers": [{"valid_start": "2026-06-01", "rotations": turns}]})
}

fn day(number: u32) -> String {
    format!("2026-06-{number:02}T00:00:00.000000")
}

#[test]
fn a_routine_that_nobody_has_is_shown_as_it_would_be_and_nothing_is_kept() {
    let api = Api::new();
    let before = (api.get("/list/routines"), super::everything(&api));
    let routine = daily(&["ana", "ben"]);
    let answer = ask(&api, &json!({"routine": routine, "from": day(1), "until": day(4)})).ok();
    let turn = |from, until, person: &str| json!({"from": day(from), "until": day(until), "on_call": [person]});
    let intervals = [turn(1, 2, "ana"), turn(2, 3, "ben"), turn(3, 4, "ana")];
    let expect = json!({"intervals": intervals, "changes": null, "unknown_users": []});
    assert_eq!(answer.to_string(), expect.to_string());
    let swap = json!({"out": "ben", "in": "dee", "from": day(2), "until": day(3)});
    let swapped = ask(&api, &json!({"routine": routine, "swaps": [swap], "from": day(1), "until": day(4)})).ok();
    assert_eq!(column(&swapped["intervals"], "on_call"), [json!(["ana"]), json!(["dee"]), json!(["ana"])]);
    assert_eq!((api.get("/list/routines"), super::everything(&api)), before);
}

#[test]
fn a_routine_as_it_stands_comes_to_its_schedule_and_changes_nothing() {
    let api = Api::new();
    let (from, until) = ("2026-06-01", "2026-07-01");
    let schedule = api.get(&format!("/v1/routines/test%20turns/schedule?from={from}&until={until}"));
    for name in [TURNS.to_owned(), api.ref_id("routines", TURNS)] {
        let preview = ask(&api, &json!({"routine_ref_id": name, "from": from, "until": until})).ok();
        assert_eq!(preview["intervals"], schedule["intervals"]);
        assert_eq!(preview["changes"], json!([]));
        // What was read can be sent back.
        let read = api.get("/v1/routines/test%20turns");
        let again = json!({"routine": read, "routine_ref_id": name, "from": from, "until": until});
        assert_eq!(ask(&api, &again).ok(), preview);
    }
}

#[test]
fn what_a_change_would_change_is_told_with_both_sides() {
    let api = Api::new();
    let mut routine = api.get("/v1/routines/test%20turns");
    routine["routine_layers"][0]["rotations"] = json!([["ana"], ["mofab"], ["dee", "cho"], ["ana"]]);
    let body = json!({"routine": routine, "routine_ref_id": TURNS, "from": "2026-06-05", "until": "2026-06-23"});
    let preview = ask(&api, &body).ok();
    let change = |from: &str, until: &str, before: &[&str], after: &[&str]| {
        let at = |text: &str| format!("2026-06-{text}:00:00.000000");
        json!({"from": at(from), "until": at(until), "before": before, "after": after})
    };
    // Ben is gone from the routine, so that nobody has to stand in for him on the tenth.
    let expect = [
        change("08T08", "10T12", &["ben"], &["mofab"]),
        change("10T12", "10T18", &["dee"], &["mofab"]),
        change("10T18", "15T08", &["ben"], &["mofab"]),
        change("22T08", "23T00", &[], &["ana"]),
    ];
    assert_eq!(preview["changes"], json!(expect));
    let swap = json!({"out": "ana", "in": "eva", "from": "2026-06-06", "until": "2026-06-07"});
    let body = json!({"swaps": swap, "routine_ref_id": TURNS, "from": "2026-06-05", "until": "2026-06-08"});
    assert_eq!(ask(&api, &body).ok()["changes"], json!([change("06T00", "07T00", &["ana"], &["eva"])]));
}

#[test]
fn swaps_that_there_are_stay_when_a_routine_is_changed() {
    let api = Api::new();
    let swap = json!({"out": "ana", "in": "eva", "from": "2026-06-02", "until": "2026-06-03"});
    api.send(Call::post("/v1/routines/test%20turns/swaps").key(&api.key).json(&swap)).ok();
    let body = json!({"routine": daily(&["ana"]), "routine_ref_id": TURNS, "from": day(1), "until": day(4)});
    let preview = ask(&api, &body).ok();
    assert_eq!(column(&preview["intervals"], "on_call"), [json!(["ana"]), json!(["eva"]), json!(["ana"])]);
}

#[test]
fn people_whom_the_directory_does_not_know_are_named() {
    let api = Api::new();
    let swap = json!({"out": "ana", "in": "zoe", "from": day(1), "until": day(2)});
    let body = json!({"routine": daily(&["ana", "anna", "zoe"]), "swaps": swap, "from": day(1), "until": day(4)});
    assert_eq!(ask(&api, &body).ok()["unknown_users"], json!(["anna", "zoe"]));
}

#[test]
fn what_cannot_be_tried_is_refused_by_layer_and_field() {
    let api = Api::new();
    let with = |key: &str, value: Value| {
        let mut routine = daily(&["ana"]);
        routine["routine_layers"][0][key] = value;
        ask(&api, &json!({"routine": routine}))
    };
    let table = [
        (
            with("valid_end", json!("2026-06-01")),
            "routine.routine_layers[0].valid_end: layer 1: valid_end 2026-06-01 must be after valid_start 2026-06-01: \
             it is the first day without",
        ),
        (
            with("shift_length", json!("25:00")),
            "routine.routine_layers[0].shift_length: must be a length from 00:01 to 24:00",
        ),
        (with("rotations", json!([])), "routine.routine_layers[0].rotations: must have at least 1 entry, and has 0"),
        (
            with("skip_days", json!([7])),
            "routine.routine_layers[0].skip_days[0]: must be a whole number from 0 to 6, not 7",
        ),
        (
            ask(&api, &json!({"routine": {"timezone": "Mars/Olympus"}})),
            "routine.timezone: `Mars/Olympus` is not an IANA time zone",
        ),
        (ask(&api, &json!({})), "routine: at least one of routine, routine_ref_id is required"),
        (ask(&api, &json!({"routine": []})), "routine: must be an object with timezone, routine_layers, not a list"),
        (
            ask(&api, &json!({"routine": daily(&["ana"]), "from": day(2), "until": day(1)})),
            "until: must be after from, which is 2026-06-02T00:00:00.000000",
        ),
    ];
    for (answer, expect) in table {
        assert_eq!(answer.first_error(400, "invalid_fields"), expect);
    }
    let unknown = ask(&api, &json!({"routine_ref_id": "nobody"}));
    assert_eq!(unknown.first_error(404, "unknown_component"), "routine_ref_id: there is no routine `nobody`");
}

#[test]
fn a_monstrous_routine_is_tried_for_fewer_days_and_told_how_many() {
    let api = Api::new();
    let group: Vec<_> = (0..100).map(|number| format!("user{number}")).collect();
    let layer = json!({"valid_start": "2026-06-01", "rotations": [group]});
    let routine = json!({"timezone": "UTC", "routine_layers": vec![layer; 10]});
    let body = |until: &str| json!({"routine": routine, "from": "2026-06-01", "until": until});
    let refused = ask(&api, &body("2026-11-02"));
    assert_eq!(refused.first_error(400, "invalid_fields"), "until: must be at most 153 days after from");
    let whole = ask(&api, &body("2026-11-01")).ok();
    assert_eq!(whole["intervals"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_preview_is_a_reading_and_begins_now() {
    let api = Api::new();
    let key = api.new_key("demo", "reader", Scope::Read);
    let mut routine = daily(&["ana"]);
    routine["routine_layers"][0]["valid_start"] = json!("2021-05-01");
    let call = Call::post("/v1/routines/preview").key(&key).json(&json!({"routine": routine}));
    let until = START.plus_minutes(28 * 24 * 60).wire();
    let expect = json!([{"from": START.wire(), "until": until, "on_call": ["ana"]}]);
    assert_eq!(api.send(call).ok()["intervals"], expect);
}

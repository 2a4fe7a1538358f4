//! Layers and exceptions of a routine, one by one; and that no change of a routine touches who was on call before.

use super::{column, keys};
use checks::{Answer, Api, Call, Database, START};
use domain::permission::Scope;
use serde_json::{Value, json};

const EXCEPTIONS: &str = "/v1/routines/test%20turns/exceptions";
const DAY: &str = "/v1/routines/test%20turns/schedule?from=2026-06-02T08:00:00&until=2026-06-03T08:00:00";

fn on_both(body: impl Fn(&Api)) {
    for database in [Database::Sqlite, Database::Postgresql] {
        body(&Api::on(database));
    }
}

fn ask(api: &Api, method: &str, path: &str, if_match: &str, body: &Value) -> Answer {
    api.send(Call::new(method, path).key(&api.key).header("if-match", if_match).json(body))
}

/// In the evening of the second of June 2026, while Ana is on call.
fn dinner(who: &str) -> Value {
    json!({"layer_name": "dinner", "valid_start": "2026-06-02", "valid_end": "2026-06-03", "rotation_start": "18:00:00",
        "shift_length": "03:00", "rotations": [[who]]})
}

/// Who is on call around it, one after another.
fn day(api: &Api) -> Vec<Value> {
    column(&api.get(DAY)["intervals"], "on_call")
}

/// A routine that the API manages, by which this person is on call all the time.
fn duty(api: &Api, who: &str) {
    let duty = json!({"name": "duty", "timezone": "Europe/Lisbon", "routine_layers": [
        {"layer_name": "always", "valid_start": "2020-01-01", "rotations": [[who]]}]});
    api.send(Call::post("/v1/routines").key(&api.key).json(&duty)).ok();
}

/// Who is on call by that on the fifth and sixth of May 2021, with when they begin.
fn on_duty(api: &Api) -> Vec<(String, Value)> {
    let schedule = api.get("/v1/routines/duty/schedule?from=2021-05-05&until=2021-05-07");
    let from = column(&schedule["intervals"], "from").into_iter();
    let from = from.map(|from| from.as_str().expect("a timestamp").to_owned());
    from.zip(column(&schedule["intervals"], "on_call")).collect()
}

#[test]
fn an_exception_is_made_changed_and_ended_beside_a_file_that_manages_the_routine() {
    on_both(|api| {
        assert_eq!(day(api), [json!(["ana"])]);
        let made = api.send(Call::post(EXCEPTIONS).key(&api.key).json(&dinner("cho"))).ok();
        assert_eq!(
            (&made["layer"], &made["is_exception"], &made["valid_end"]),
            (&json!(2), &json!(true), &json!("2026-06-03"))
        );
        assert_eq!(day(api), [json!(["ana"]), json!(["cho"]), json!(["ana"])]);
        let listed = api.get(EXCEPTIONS);
        assert_eq!(column(&listed, "layer_name"), ["dinner"]);
        assert_eq!(column(&api.get("/v1/routines/test%20turns/layers"), "layer_name"), ["Week by week"]);
        // The file is applied once more, and nothing was changed beside it.
        api.extend("");
        assert_eq!(api.get(EXCEPTIONS), listed);
        assert_eq!(api.get("/v1/directory/drift"), json!([]));
        let one = format!("{EXCEPTIONS}/2");
        let read = api.send(Call::get(&one).key(&api.key));
        let tag = read.header("etag").to_owned();
        assert_eq!(read.ok(), listed[0]);
        let mut other = api.get(&one);
        other["rotations"] = json!([["eva"]]);
        ask(api, "PUT", &one, "\"99\"", &other).refused(412, "changed_meanwhile");
        api.send(Call::new("PUT", &one).key(&api.key).json(&other)).refused(428, "if_match_missing");
        let changed = ask(api, "PUT", &one, &tag, &other).ok();
        assert_eq!(changed["rotations"], json!([["eva"]]));
        assert_eq!(day(api), [json!(["ana"]), json!(["eva"]), json!(["ana"])]);
        assert_eq!(ask(api, "DELETE", &one, "*", &json!({})).text(), "\"Success\"");
        assert_eq!(day(api), [json!(["ana"])]);
        let told = ask(api, "DELETE", &one, "*", &json!({})).first_error(404, "unknown_layer");
        assert_eq!(told, "layer: the routine has none of number 2");
        // All else of the routine is the file's.
        let path = "/v1/routines/test%20turns";
        ask(api, "PATCH", path, "*", &json!({"timezone": "UTC"})).refused(409, "managed_by_file");
        ask(api, "DELETE", &format!("{path}/layers/1"), "*", &json!({})).refused(409, "managed_by_file");
        ask(api, "POST", &format!("{path}/layers"), "*", &dinner("cho")).refused(409, "managed_by_file");
    });
}

#[test]
fn a_file_that_is_changed_keeps_the_exceptions_that_were_made_beside_it() {
    let turns = |more: &str| {
        format!(
            "\n[[routine]]\nname = \"days\"\ntimezone = \"UTC\"\n[[routine.routine_layers]]\nvalid_start = \"2026-06-01\"\n\
             rotations = [[\"ana\"]]\n{more}"
        )
    };
    let christmas = "[[routine.routine_layers]]\nlayer_name = \"christmas\"\nvalid_start = \"2026-12-24\"\n\
        valid_end = \"2026-12-26\"\nis_exception = true\nrotations = [[\"ben\"]]\n";
    on_both(|api| {
        let path = "/v1/routines/days/exceptions";
        api.extend(&turns(""));
        api.send(Call::post(path).key(&api.key).json(&dinner("cho"))).ok();
        api.extend(&turns(christmas));
        let listed = api.get(path);
        assert_eq!(column(&listed, "layer_name"), ["christmas", "dinner"]);
        assert_eq!(column(&listed, "layer"), [json!(2), json!(3)], "no two have the same number");
        // One that the file has is changed there.
        ask(api, "DELETE", &format!("{path}/2"), "*", &json!({})).refused(409, "managed_by_file");
        api.extend(&turns(""));
        assert_eq!(column(&api.get(path), "layer_name"), ["dinner"]);
        ask(api, "DELETE", &format!("{path}/3"), "*", &json!({})).ok();
        assert_eq!(api.get("/v1/directory/drift"), json!([]));
    });
}

#[test]
fn a_routine_of_a_file_can_be_sent_with_another_exception_and_with_nothing_else() {
    let api = Api::new();
    let path = "/v1/routines/test%20turns";
    let mut routine = api.get(path);
    let mut exception = dinner("cho");
    exception["is_exception"] = json!(true);
    routine["routine_layers"].as_array_mut().expect("layers").push(exception);
    ask(&api, "PUT", path, "*", &routine).ok();
    assert_eq!(day(&api), [json!(["ana"]), json!(["cho"]), json!(["ana"])]);
    routine["routine_layers"][0]["rotations"] = json!([["cho"]]);
    ask(&api, "PUT", path, "*", &routine).refused(409, "managed_by_file");
}

#[test]
fn a_layer_is_made_changed_and_ended_while_the_others_stay() {
    on_both(|api| {
        duty(api, "ana");
        let path = "/v1/routines/duty/layers";
        let second = json!({"layer_name": "second", "valid_start": "2021-06-01", "rotations": [["ben"], ["cho"]]});
        let made = api.send(Call::post(path).key(&api.key).json(&second)).ok();
        assert_eq!((&made["layer"], &made["shift_length"]), (&json!(2), &json!("24:00")));
        assert_eq!(keys(&made)[0], "routine_ref_id");
        let shorter = json!({"layer_name": "second", "valid_start": "2021-06-01", "shift_length": "08:00", "rotations": [["ben"]]});
        let tried = ask(api, "PUT", &format!("{path}/2?dry_run=true"), "*", &shorter).ok();
        assert!(tried["plan"].as_str().is_some_and(|plan| plan.starts_with("~ routine `duty`")), "{tried}");
        ask(api, "PUT", &format!("{path}/2"), "*", &shorter).ok();
        let routine = api.get("/v1/routines/duty");
        assert_eq!(column(&routine["routine_layers"], "shift_length"), ["24:00", "08:00"]);
        let part = json!({"rotations": [["ben"], ["ana"]], "shift_length": null});
        let changed = ask(api, "PATCH", &format!("{path}/2"), "*", &part).ok();
        let told = (&changed["rotations"], &changed["shift_length"], &changed["layer_name"], &changed["valid_start"]);
        let expect = (&json!([["ben"], ["ana"]]), &json!("24:00"), &json!("second"), &json!("2021-06-01"));
        assert_eq!(told, expect);
        let cleared = ask(api, "PATCH", &format!("{path}/2"), "*", &json!({"rotations": null}));
        assert_eq!(cleared.first_error(400, "invalid_fields"), "rotations: has no default");
        assert_eq!(ask(api, "DELETE", &format!("{path}/1"), "*", &json!({})).text(), "\"Success\"");
        assert_eq!(column(&api.get(path), "layer"), [json!(2)]);
        ask(api, "GET", &format!("{path}/1"), "*", &json!({})).refused(404, "unknown_layer");
        // A layer is none of the exceptions.
        ask(api, "DELETE", "/v1/routines/duty/exceptions/2", "*", &json!({})).refused(404, "unknown_layer");
    });
}

#[test]
fn a_routine_and_a_policy_tell_what_is_ahead_of_them_within_four_weeks() {
    on_both(|api| {
        let office = json!({"name": "office", "timezone": "Europe/Lisbon", "routine_layers": [
            {"valid_start": "2020-01-01", "rotation_start": "08:00", "shift_length": "24:00", "skip_days": [5, 6],
                "rotations": [["ana"], ["ben"]]}]});
        api.send(Call::post("/v1/routines").key(&api.key).json(&office)).ok();
        let policy = json!({"name": "office", "levels": [
            {"minutes": 5, "routines": ["office"]}, {"minutes": 5, "users": ["cho"]}]});
        api.send(Call::post("/v1/escalation-policies").key(&api.key).json(&policy)).ok();
        let ahead = api.get("/v1/routines/office")["ahead"].clone();
        let until = START.plus_minutes(28 * 24 * 60).wire();
        assert_eq!(ahead["until"], json!(until));
        let schedule = api.get(&format!("/v1/routines/office/schedule?from={}&until={until}", START.wire()));
        assert_eq!(ahead["intervals"], schedule["intervals"]);
        // Each Saturday at eight until Monday at eight nobody is there, four times.
        assert_eq!(column(&ahead["gaps"], "from").len(), 4, "{}", ahead["gaps"]);
        assert_eq!(column(&ahead["people"], "preferred_username"), [json!("ana"), json!("ben")]);
        let sum = |key: &str| {
            ahead["people"].as_array().into_iter().flatten().filter_map(|one| one[key].as_i64()).sum::<i64>()
        };
        assert_eq!(sum("hours"), 28 * 24 - 4 * 48);
        assert!(sum("nights") >= 20, "{}", ahead["people"]);
        let levels = api.get("/v1/escalation-policies/office")["ahead"]["levels"].clone();
        assert_eq!(levels[0]["gaps"], ahead["gaps"]);
        assert_eq!(levels[1], json!({"level": 2, "on_call": ["cho"], "gaps": []}));
        // What was answered can be sent back.
        let routine = api.get("/v1/routines/office");
        ask(api, "PUT", "/v1/routines/office", "*", &routine).ok();
    });
}

#[test]
fn what_is_wrong_with_a_layer_is_told_by_its_own_keys() {
    let api = Api::new();
    duty(&api, "ana");
    let table = [
        (json!({"rotations": [["ana"]]}), "valid_start: is required"),
        (
            json!({"valid_start": "2026-06-01", "rotations": [["nobody"]]}),
            "rotations: layer 2: no user is named `nobody`",
        ),
        (
            json!({"valid_start": "2026-06-01", "valid_end": "2026-06-01", "rotations": [["ana"]]}),
            "valid_end: valid_end 2026-06-01 must be after valid_start 2026-06-01: it is the first day without",
        ),
        (
            json!({"valid_start": "2026-06-01", "shift_lenght": "08:00", "rotations": [["ana"]]}),
            "shift_lenght: is not known; did you mean `shift_length`?",
        ),
    ];
    for (body, expect) in table {
        for kind in ["layers", "exceptions"] {
            let refused = api.send(Call::post(&format!("/v1/routines/duty/{kind}")).key(&api.key).json(&body));
            assert_eq!(refused.first_error(400, "invalid_fields"), expect);
        }
    }
    assert_eq!(api.get("/v1/routines/duty")["version"], 1);
}

#[test]
fn whoever_may_swap_shifts_of_others_makes_exceptions_and_changes_no_layers() {
    Api::reached_on_both(|api| {
        duty(api, "ana");
        let team = json!({"name": "payments", "members": ["ben"]});
        api.send(Call::post("/v1/teams").key(&api.key).json(&team)).ok();
        let (ben, cho) = (api.token_of("ben", Scope::Incidents), api.token_of("cho", Scope::Incidents));
        let add = |key: &str, kind: &str| {
            api.send(Call::post(&format!("/v1/routines/duty/{kind}")).key(key).json(&dinner("cho")))
        };
        add(&ben, "exceptions").refused(403, "not_allowed");
        ask(api, "PATCH", "/v1/routines/duty", "*", &json!({"team": "payments"})).ok();
        assert_eq!(add(&ben, "exceptions").ok()["layer"], 2);
        add(&cho, "exceptions").refused(403, "not_allowed");
        add(&ben, "layers").refused(403, "not_allowed");
    });
}

#[test]
fn a_change_of_a_running_layer_counts_from_now_on_and_never_before() {
    on_both(|api| {
        duty(api, "ana");
        let began = ("2021-05-05T00:00:00.000000".to_owned(), json!(["ana"]));
        assert_eq!(on_duty(api), std::slice::from_ref(&began));
        let now = checks::START.wire();
        let path = "/v1/routines/duty";
        ask(
            api,
            "PUT",
            &format!("{path}/layers/1"),
            "*",
            &json!({"valid_start": "2020-01-01", "rotations": [["ben"]]}),
        )
        .ok();
        assert_eq!(on_duty(api), [began.clone(), (now.clone(), json!(["ben"]))]);
        // What is answered is what was said, and can be sent back.
        let told = api.get(path);
        assert_eq!(
            (&told["routine_layers"][0]["rotations"], &told["past"][0]["until"]),
            (&json!([["ben"]]), &json!(now))
        );
        assert_eq!(ask(api, "PUT", path, "*", &told).ok()["version"], told["version"]);
        // Another zone, and another begin, change nothing of it either.
        api.clock.advance(60_000_000);
        let later = api.administration.engine().now().wire();
        let moved = json!({"timezone": "Asia/Tokyo", "routine_layers": [{"valid_start": "2021-05-06", "rotations": [["cho"]]}]});
        ask(api, "PATCH", path, "*", &moved).ok();
        assert_eq!(on_duty(api), [began, (now, json!(["ben"])), (later, json!(["cho"]))]);
        // Unless somebody says so, which is told in the audit log.
        ask(
            api,
            "PUT",
            &format!("{path}/layers/1?rewrite=true"),
            "*",
            &json!({"valid_start": "2020-01-01", "rotations": [["dee"]]}),
        )
        .ok();
        assert_eq!(on_duty(api), [("2021-05-05T00:00:00.000000".to_owned(), json!(["dee"]))]);
        let rows = api.get("/v1/audit?action=routine.update&limit=1");
        assert!(rows[0]["changes"].to_string().contains("\"rewrite\""), "{rows}");
    });
}

#[test]
fn a_file_that_is_changed_leaves_the_past_as_it_was() {
    on_both(|api| {
        let days = |who: &str| {
            let days = json!({"name": "duty", "timezone": "UTC", "routine_layers": [
                {"valid_start": "2020-01-01", "rotations": [[who]]}]});
            let store = api.test.store();
            let mut file = directory::export(store, "demo", &directory::Part::default())
                .expect("it is read")
                .expect("it is there");
            file.routines.retain(|routine| routine.name != "duty");
            file.routines.push(serde_json::from_value(days).expect("a routine"));
            let now = api.administration.engine().now();
            directory::apply(store, &engine::ids::Ids::system(), now, &file).expect("it is applied")
        };
        days("ana");
        let plan = days("ben");
        assert!(!plan.to_string().contains("past"), "{plan}");
        let from = "2021-05-05T00:00:00.000000".to_owned();
        assert_eq!(on_duty(api), [(from, json!(["ana"])), (checks::START.wire(), json!(["ben"]))]);
        assert!(days("ben").is_empty(), "applied again, it changes nothing");
        assert_eq!(api.get("/v1/directory/drift"), json!([]));
        // Neither the export nor the file of a version tells of it.
        let file = directory::export(api.test.store(), "demo", &directory::Part::default())
            .expect("it is read")
            .expect("it is there");
        assert!(!directory::file::write(&file).contains("past"));
    });
}

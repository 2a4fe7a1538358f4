//! Who is on call: now, over a period, and when nobody is.

use super::{column, keys};
use checks::{Api, Call, Database, START};
use serde_json::{Value, json};

/// The level of the demo's policy `test cover` at this instant.
fn level(api: &Api, number: usize, at: &str) -> Value {
    let policies = api.get(&format!("/v1/on-call?at={at}"));
    let cover = policies.as_array().expect("a list").iter().find(|policy| policy["name"] == "test cover");
    cover.expect("the policy")["levels"][number - 1].clone()
}

fn people(level: &Value) -> Vec<Value> {
    column(&level["on_call"], "preferred_username")
}

/// An interval as it is answered; the texts are without seconds.
fn interval(from: &str, until: &str, on_call: &[&str]) -> Value {
    json!({"from": format!("{from}:00.000000"), "until": format!("{until}:00.000000"), "on_call": on_call})
}

fn refused(api: &Api, path: &str) -> String {
    api.send(Call::get(path).key(&api.key)).first_error(400, "invalid_fields")
}

#[test]
fn every_level_of_every_policy_is_told_with_its_people_and_until_when() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let policies = api.get("/v1/on-call");
        let names = column(&policies, "name");
        assert!(names.is_sorted_by_key(Value::as_str) && names.contains(&json!("test cover")), "{names:?}");
        assert_eq!(column(&policies, "policy_ref_id"), column(&api.get("/list/escalation-policies"), "ref_id"));
        // Monday of Ana's week at noon, in Lisbon an hour later than UTC.
        let first = level(&api, 1, "2026-06-01T12:00:00");
        assert_eq!(first["on_call"], json!([{"preferred_username": "ana", "display_name": "Ana Alves"}]));
        assert_eq!(keys(&first), ["level", "minutes", "on_call", "until"]);
        let told = json!({"level": 1, "minutes": 5, "until": "2026-06-01T21:00:00.000000"});
        assert_eq!(
            (&first["level"], &first["minutes"], &first["until"]),
            (&told["level"], &told["minutes"], &told["until"])
        );
        let night = level(&api, 1, "2026-06-01T23:00:00");
        assert_eq!(people(&night), ["ana", "eva"]);
        assert_eq!(night["until"], "2026-06-02T05:00:00.000000");
        let second = level(&api, 2, "2026-06-01T12:00:00");
        assert_eq!((people(&second), &second["until"]), (vec![json!("adsmi"), json!("mofab")], &Value::Null));
        // In the fourth week nobody is, until Eva's night begins.
        let empty = level(&api, 1, "2026-06-23T12:00:00");
        assert_eq!((people(&empty), &empty["until"]), (vec![], &json!("2026-06-23T21:00:00.000000")));
    }
}

#[test]
fn without_an_instant_it_is_told_for_now() {
    let api = Api::new();
    let now = |api: &Api| people(&api.get("/v1/on-call").as_array().expect("a list")[5]["levels"][0]);
    assert_eq!(api.get("/v1/on-call")[5]["name"], "test cover");
    assert_eq!(now(&api), Vec::<Value>::new());
    // To 2026-06-10T13:00:00, a Wednesday of Ben's week, for which Dee stands in by the directory file.
    api.clock.advance(1_781_096_400_000_000 - START.0);
    assert_eq!(now(&api), ["dee"]);
    assert_eq!(refused(&api, "/v1/on-call?at=noon"), "at: must be a timestamp such as 2021-05-05T17:20:14.343825");
}

#[test]
fn a_routine_is_read_by_id_or_name_in_the_form_that_existing_clients_read() {
    let api = Api::new();
    let id = api.ref_id("routines", "test turns");
    let routine = api.get(&format!("/v1/routines/{id}"));
    let layer = json!({
        "layer": 1,
        "layer_name": "Week by week",
        "valid_start": "2026-06-01",
        "valid_end": "9999-01-01",
        "is_exception": false,
        "rotation_start": "09:00:00",
        "shift_length": "24:00",
        "rotation_frequency": 7,
        "skip_days": [],
        "rotations": [["ana"], ["ben"], ["dee", "cho"], []],
    });
    let expect = json!({
        "routine_ref_id": id, "routine_name": "test turns", "timezone": "Europe/Lisbon", "routine_layers": [layer],
    });
    // What only we tell comes after it.
    let expect = expect.to_string();
    assert!(routine.to_string().starts_with(expect.trim_end_matches('}')), "{routine}");
    for path in ["/v1/routines/test%20turns", "/v1/routines/test%20turns/"] {
        assert_eq!(api.get(path), routine);
    }
    let unknown = api.send(Call::get("/v1/routines/nobody").key(&api.key));
    assert_eq!(unknown.first_error(404, "unknown_component"), "routine_ref_id: there is no routine `nobody`");
}

#[test]
fn a_schedule_is_half_open_clipped_and_without_intervals_of_nobody() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let id = api.ref_id("routines", "test turns");
        let schedule = |query: &str| api.get(&format!("/v1/routines/{id}/schedule?{query}"))["intervals"].clone();
        let whole = [
            interval("2026-06-05T00:00", "2026-06-08T08:00", &["ana"]),
            interval("2026-06-08T08:00", "2026-06-10T12:00", &["ben"]),
            interval("2026-06-10T12:00", "2026-06-10T18:00", &["dee"]),
            interval("2026-06-10T18:00", "2026-06-15T08:00", &["ben"]),
            interval("2026-06-15T08:00", "2026-06-22T08:00", &["cho", "dee"]),
            interval("2026-06-29T08:00", "2026-07-01T00:00", &["ana"]),
        ];
        assert_eq!(schedule("from=2026-06-05&until=2026-07-01"), json!(whole));
        assert_eq!(schedule("from=2026-06-22T08:00:00&until=2026-06-29T08:00:00"), json!([]));
        let one = json!([interval("2026-06-29T07:59", "2026-06-29T08:01", &["ana"])]);
        let one_minute = json!([interval("2026-06-29T08:00", "2026-06-29T08:01", &["ana"])]);
        assert_ne!(one, one_minute);
        assert_eq!(schedule("from=2026-06-29T07:59:00&until=2026-06-29T08:01:00"), one_minute);
        // Four weeks where no end is given, from now where no begin is.
        let last = schedule("from=2026-06-05").as_array().expect("a list").last().cloned().expect("one");
        assert_eq!(last["until"], "2026-07-03T00:00:00.000000");
        assert_eq!(schedule("").to_string(), "[]");
    }
}

#[test]
fn a_period_has_an_end_after_its_begin_and_ten_years_at_most() {
    let api = Api::new();
    for path in ["/v1/routines/test%20turns/schedule", "/v1/escalation-policies/test%20cover/coverage"] {
        let error = refused(&api, &format!("{path}?from=2026-06-02&until=2026-06-02"));
        assert_eq!(error, "until: must be after from, which is 2026-06-02T00:00:00.000000");
        let error = refused(&api, &format!("{path}?until=2020-01-01"));
        assert_eq!(error, format!("until: must be after from, which is {}", START.wire()));
        let error = refused(&api, &format!("{path}?from=2026-06-01&until=2036-06-09"));
        assert_eq!(error, "until: must be at most 3660 days after from");
        api.get(&format!("{path}?from=2026-06-01&until=2036-06-08"));
    }
}

#[test]
fn coverage_tells_each_level_and_the_gaps_of_the_first() {
    let api = Api::new();
    let id = api.ref_id("escalation-policies", "test cover");
    let coverage = api.get(&format!("/v1/escalation-policies/{id}/coverage?from=2026-06-21T12:00:00&until=2026-06-23"));
    let expect = [
        interval("2026-06-21T12:00", "2026-06-21T21:00", &["cho", "dee"]),
        interval("2026-06-21T21:00", "2026-06-22T05:00", &["cho", "dee", "eva"]),
        interval("2026-06-22T05:00", "2026-06-22T08:00", &["cho", "dee"]),
        interval("2026-06-22T21:00", "2026-06-23T00:00", &["eva"]),
    ];
    let always = interval("2026-06-21T12:00", "2026-06-23T00:00", &["adsmi", "mofab"]);
    let levels = json!([{"level": 1, "intervals": expect}, {"level": 2, "intervals": [always]}]);
    let gap = json!({"from": "2026-06-22T08:00:00.000000", "until": "2026-06-22T21:00:00.000000"});
    assert_eq!(coverage, json!({"levels": levels, "gaps": [gap]}));
    let by_name = "/v1/escalation-policies/test%20cover/coverage?from=2026-06-21T12:00:00&until=2026-06-23";
    assert_eq!(api.get(by_name), coverage);
    // A user's own policy has the user on its one level, always.
    let users = api.get("/list/users");
    let own = users.as_array().expect("a list").iter().find(|user| user["preferred_username"] == "ana");
    let own = own.expect("ana")["policy_ref_id"].as_str().expect("an id").to_owned();
    let own = api.get(&format!("/v1/escalation-policies/{own}/coverage"));
    assert_eq!((column(&own["levels"][0]["intervals"], "on_call"), &own["gaps"]), (vec![json!(["ana"])], &json!([])));
    let unknown = api.send(Call::get("/v1/escalation-policies/nobody/coverage").key(&api.key));
    let error = unknown.first_error(404, "unknown_component");
    assert_eq!(error, "policy_ref_id: there is no escalation policy `nobody`");
}

#[test]
fn what_is_read_needs_no_more_than_the_scope_to_read() {
    let api = Api::new();
    let key = api.new_key("demo", "reader", domain::permission::Scope::Read);
    for path in ["/v1/on-call", "/v1/routines/test%20turns", "/v1/routines/test%20turns/swaps"] {
        api.send(Call::get(path).key(&key)).ok();
    }
    let swap = json!({"out": "ana", "from": "2026-06-01", "until": "2026-06-02"});
    let refused = api.send(Call::post("/v1/routines/test%20turns/swaps").key(&key).json(&swap));
    refused.refused(403, "scope_too_small");
    api.send(Call::new("DELETE", "/v1/routines/test%20turns/swaps/x").key(&key)).refused(403, "scope_too_small");
}

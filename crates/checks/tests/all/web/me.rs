//! What is one's own, by a token: when one is on call, being away, a page to see that it reaches one.

use checks::{Api, Call, Database, number};
use domain::permission::Scope;
use serde_json::{Value, json};

fn with_week(api: &Api) {
    api.send(Call::post("/v1/users").key(&api.key).json(&json!({"username": "max"}))).ok();
    let routine = json!({"name": "week", "timezone": "UTC", "routine_layers": [{"valid_start": "2026-06-01",
        "rotation_frequency": 7, "rotations": [["ben"], ["cho"]]}]});
    api.send(Call::post("/v1/routines").key(&api.key).json(&routine)).ok();
}

fn of_week(shifts: &Value) -> Vec<Value> {
    let all = shifts.as_array().expect("a list").iter();
    all.filter(|shift| shift["routine_name"] == "week").map(|shift| json!([shift["from"], shift["until"]])).collect()
}

const PERIOD: &str = "from=2026-06-01T00:00:00&until=2026-06-22T00:00:00";

#[test]
fn who_is_away_is_replaced_in_all_their_shifts_at_once_and_told_which_nobody_takes() {
    Api::reached_on_both(|api| {
        with_week(api);
        let ben = api.token_of("ben", Scope::Incidents);
        let shifts = || of_week(&api.send(Call::get(&format!("/v1/me/shifts?{PERIOD}")).key(&ben)).ok());
        let first = json!(["2026-06-01T00:00:00.000000", "2026-06-08T00:00:00.000000"]);
        let second = json!(["2026-06-15T00:00:00.000000", "2026-06-22T00:00:00.000000"]);
        assert_eq!(shifts(), [first.clone(), second.clone()]);
        let away = |more: Value| {
            let mut body = json!({"from": "2026-06-15T00:00:00", "until": "2026-06-20T00:00:00"});
            body.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
            api.send(Call::post("/v1/me/away").key(&ben).json(&body))
        };
        let needed = away(json!({})).ok();
        assert_eq!((&needed["swaps"], of_week(&needed["uncovered"]).len()), (&json!([]), 1));
        assert_eq!(shifts(), [first.clone(), second], "nothing was made");
        away(json!({"in": "nobody"})).refused(404, "unknown_component");
        away(json!({"in": "ben"})).refused(400, "invalid_fields");
        let made = away(json!({"in": "max"})).ok();
        assert!(made["swaps"].as_array().is_some_and(|swaps| swaps.iter().all(|swap| swap["in"] == "max")), "{made}");
        let rest = json!(["2026-06-20T00:00:00.000000", "2026-06-22T00:00:00.000000"]);
        assert_eq!(shifts(), [first, rest]);
        let max = api.send(Call::get(&format!("/v1/me/shifts?{PERIOD}")).key(&api.token_of("max", Scope::Read))).ok();
        assert_eq!(of_week(&max), [json!(["2026-06-15T00:00:00.000000", "2026-06-20T00:00:00.000000"])]);
    });
}

#[test]
fn one_pages_oneself_five_times_an_hour_and_nobody_else() {
    let api = Api::reachable(Database::Sqlite);
    let ben = api.token_of("ben", Scope::Incidents);
    let page = || api.send(Call::post("/v1/me/test-page").key(&ben).json(&json!({"urgency_level": 3})));
    let incident = api.details(number(&page().ok()));
    assert_eq!(incident["assignees"], json!([["Ben Bauer", "ben", null]]));
    assert_eq!(incident["task"]["labels"], json!(["test"]));
    (0..4).for_each(|_| drop(page().ok()));
    page().refused(400, "too_many");
    api.pass_minutes(9);
    api.beat();
    assert_eq!(api.details(number(&incident))["status"], "OPEN");
    api.pass_minutes(1);
    api.beat();
    assert_eq!(api.details(number(&incident))["status"], "RESOLVED", "it pages nobody for ever");
    api.pass_minutes(50);
    page().ok();
    api.send(Call::post("/v1/me/test-page").key(&api.key).json(&json!({}))).refused(403, "not_allowed");
}

#[test]
fn a_page_to_oneself_goes_to_nobody_else_where_it_cannot_reach_oneself() {
    let api = Api::reachable(Database::Sqlite);
    api.extend("[[user]]\nusername = \"new\"\nrole = \"observer\"");
    let new = api.token_of("new", Scope::Incidents);
    api.send(Call::post("/v1/me/test-page").key(&new).json(&json!({}))).refused(400, "invalid_fields");
    assert_eq!(api.get("/list/incidents"), json!([]), "nobody is paged in their place");
}

#[test]
fn ones_feed_is_ones_own() {
    let api = Api::reachable(Database::Sqlite);
    let ask = |path: &str, key: &str| api.send(Call::post(path).key(key).json(&json!({})));
    let own = ask("/v1/me/feed", &api.token_of("ben", Scope::Incidents)).ok();
    assert_eq!(own, ask("/v1/users/ben/feed", &api.key).ok());
    ask("/v1/users/cho/feed", &api.token_of("ben", Scope::Incidents)).refused(403, "not_allowed");
}

//! The audit log: read in pages by whoever has a key of scope admin, exported, verified offline, told as a metric.

use super::column;
use checks::{Api, Call, Database};
use directory::audit::{Beginning, Verifier};
use domain::permission::Scope;
use serde_json::{Value, json};

/// Makes and takes back so many swaps, each change with a row of its own.
fn swaps(api: &Api, count: usize) {
    for _ in 0..count {
        let body = json!({"out": "ana", "in": "mofab", "from": "2026-06-02T06:00:00", "until": "2026-06-02T12:00:00"});
        let call =
            Call::post("/v1/routines/test%20turns/swaps").key(&api.key).header("user-agent", "tests").json(&body);
        let made = api.send(call).ok();
        let id = made["swap_ref_id"].as_str().expect("an id");
        api.send(Call::new("DELETE", &format!("/v1/routines/test%20turns/swaps/{id}")).key(&api.key)).ok();
    }
}

fn get(api: &Api, key: &str, path: &str) -> Value {
    api.send(Call::get(path).key(key)).ok()
}

/// The path in the header `Link`, which leads to the next page.
fn next(link: &str) -> Option<String> {
    link.strip_prefix('<')?.split_once('>').map(|(path, _)| path.to_owned())
}

#[test]
fn pages_follow_each_other_without_a_gap_however_many_rows_are_written_meanwhile() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let key = api.new_key("demo", "auditor", Scope::Admin);
        swaps(&api, 3);
        let whole = column(&get(&api, &key, "/v1/audit"), "number");
        let mut path = Some("/v1/audit?limit=2".to_owned());
        let mut numbers = Vec::new();
        while let Some(page) = path {
            let answer = api.send(Call::get(&page).key(&key));
            let rows = answer.ok();
            assert!(rows.as_array().is_some_and(|rows| rows.len() <= 2));
            numbers.extend(column(&rows, "number"));
            swaps(&api, 1);
            path = next(answer.header("link"));
        }
        assert_eq!(numbers, whole, "newest first, as they were when the first page was read");
        assert_eq!(numbers.last(), Some(&json!(1)));
    }
}

#[test]
fn filters_say_who_what_to_what_how_and_when() {
    let api = Api::new();
    let key = api.new_key("demo", "auditor", Scope::Admin);
    swaps(&api, 1);
    api.pass_minutes(10);
    swaps(&api, 1);
    let later = api.clock.now();
    let actions = |query: &str| column(&get(&api, &key, &format!("/v1/audit?{query}")), "action");
    assert_eq!(actions("action=swap.create"), ["swap.create"; 2]);
    assert_eq!(actions("actor=batch&limit=1"), ["swap.remove"]);
    assert_eq!(actions("object=swap").len(), 4);
    // Beside the swaps, that the routine was made.
    assert_eq!(actions("object=test%20turns").len(), 5);
    assert_eq!(actions("way=command&object=key").first(), Some(&json!("key.create")));
    let since = domain::Instant(later).wire();
    assert_eq!(actions(&format!("since={since}")), ["swap.remove", "swap.create"]);
    assert_eq!(actions(&format!("since={since}&until=2020-01-01")), Vec::<Value>::new());
    let wrong = api.send(Call::get("/v1/audit?way=pigeon&limit=1001&after=x").key(&key));
    wrong.refused(400, "invalid_fields");
    assert_eq!(wrong.json()["errors"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_row_says_which_key_asked_from_where_in_which_request() {
    let api = Api::new();
    let key = api.new_key("demo", "auditor", Scope::Admin);
    let body = json!({"out": "ana", "in": "mofab", "by": "ben", "from": "2026-06-02T06:00:00", "until": "2026-06-02T12:00:00"});
    let call = Call::post("/v1/routines/test%20turns/swaps").key(&api.key).header("user-agent", "tests").json(&body);
    let made = api.send(call);
    let row = get(&api, &key, "/v1/audit?limit=1")[0].clone();
    assert_eq!((&row["actor"]["kind"], &row["actor"]["name"]), (&json!("key"), &json!("batch")));
    assert_eq!(row["actor"]["key_tail"], api.key[api.key.len() - 5..]);
    assert_eq!((&row["on_behalf_of"], &row["way"], &row["outcome"]), (&json!("ben"), &json!("api"), &json!("done")));
    assert_eq!(row["request_id"], made.header("x-request-id"));
    assert_eq!(row["from"]["user_agent"], "tests");
    assert!(!row.to_string().contains(&api.key));
}

#[test]
fn a_row_says_whose_token_asked_and_is_found_by_who_they_are() {
    let api = Api::new();
    let token = api.token_of("ana", Scope::Admin);
    api.send(Call::post("/v1/teams").key(&token).json(&json!({"name": "core"}))).ok();
    let row = get(&api, &api.key, "/v1/audit?actor=ana&action=team.create")[0].clone();
    let ana = api.get("/v1/users/ana");
    let told = json!([row["actor"]["kind"], row["actor"]["name"], row["actor"]["ref_id"], row["actor"]["key_tail"]]);
    assert_eq!(told, json!(["token", "ana", ana["ref_id"], token[token.len() - 5..]]));
}

#[test]
fn an_export_verifies_offline_and_is_itself_written_down() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let key = api.new_key("demo", "auditor", Scope::Admin);
        swaps(&api, 2);
        let answer = api.send(Call::get("/v1/audit/export").key(&key));
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-ndjson"));
        let mut verifier = Verifier::new(None);
        answer.text().lines().try_for_each(|line| verifier.take_line(line)).expect("it verifies");
        assert_eq!(verifier.finish().map(|verified| verified.map(|all| all.beginning)), Ok(Some(Beginning::First)));
        assert!(answer.text().lines().last().is_some_and(|last| last.contains("audit.export")));
    }
}

#[test]
fn the_log_is_read_by_keys_of_scope_admin_alone_and_only_their_own() {
    let api = Api::new();
    swaps(&api, 1);
    let worker = api.new_key("demo", "worker", Scope::Incidents);
    for path in ["/v1/audit", "/v1/audit/export"] {
        let refused = api.send(Call::get(path).key(&worker));
        let expect = "authorization: the operation needs a key of scope `admin`, and this one has `incidents`";
        assert_eq!(refused.first_error(403, "scope_too_small"), expect);
        let other = api.new_key("other", "auditor", Scope::Admin);
        let answer = api.send(Call::get(path).key(&other));
        assert_eq!(answer.status, 200);
        assert!(!answer.text().contains("swap."), "{}", answer.text());
    }
}

#[test]
fn a_key_that_is_refused_again_and_again_is_one_row_a_minute_with_a_count() {
    let api = Api::new();
    let (reader, admin) = (api.new_key("demo", "reader", Scope::Read), api.new_key("demo", "auditor", Scope::Admin));
    let body = json!({"instance_id": 1});
    for _ in 0..5 {
        api.send(Call::post("/resolve").key(&reader).json(&body)).refused(403, "scope_too_small");
    }
    let refusals = || get(&api, &admin, "/v1/audit?action=key.use_refused");
    api.beat();
    assert_eq!(refusals(), json!([]), "the minute is not over");
    api.pass_minutes(1);
    api.beat();
    api.pass_minutes(1);
    api.beat();
    let found = refusals();
    assert_eq!(column(&found, "count"), [json!(5)]);
    assert_eq!(found[0]["outcome"], "refused(scope_too_small)");
    assert_eq!((&found[0]["actor"]["name"], &found[0]["object"]["kind"]), (&json!("reader"), &json!("key")));
}

#[test]
fn who_read_whole_addresses_of_others_stands_in_the_log_once_an_hour() {
    Api::reached_on_both(|api| {
        let (ana, ben) = (api.token_of("ana", Scope::Admin), api.token_of("ben", Scope::Admin));
        api.beat();
        let reads = || -> Vec<Value> {
            api.beat();
            let rows = api.get("/v1/audit?action=address.read");
            let told = |row: &Value| json!([row["actor"]["name"], row["object"]["kind"], row["object"]["name"]]);
            rows.as_array().expect("a list").iter().map(told).collect()
        };
        let before = reads().len();
        let read = |token: &str, path: &str| api.send(Call::get(path).key(token)).ok();
        // Neither one's own are noted, nor what is masked.
        read(&ana, "/v1/users/ana");
        read(&ana, "/v1/users/ana/contacts");
        read(&ben, "/v1/users/ana");
        read(&ben, "/list/users");
        assert_eq!(reads().len(), before);
        let id = api.get("/v1/users/ben")["ref_id"].as_str().expect("an id").to_owned();
        for path in ["/v1/users?q=ben", "/list/users", "/v1/users/ben", "/v1/users/ben/contacts"] {
            read(&ana, path);
        }
        api.send(Call::get("/v1/users/nobody").key(&ana)).refused(404, "unknown_component");
        read(&ana, &format!("/v1/users/{id}"));
        let told = reads();
        assert!(
            told.contains(&json!(["ana", "user", "ben"])) && told.contains(&json!(["ana", "organization", "demo"]))
        );
        read(&ana, "/v1/users/ben");
        assert_eq!(reads().len(), told.len());
        api.pass_minutes(60);
        read(&ana, "/v1/users/ben");
        assert_eq!(reads().len(), told.len() + 1);
    });
}

#[test]
fn the_head_of_each_log_is_a_metric() {
    let api = Api::new();
    swaps(&api, 1);
    api.pass_minutes(2);
    api.beat();
    let key = api.new_key("demo", "auditor", Scope::Admin);
    let rows = get(&api, &key, "/v1/audit?action=swap.remove");
    let text = api.send(Call::get("/metrics")).text().to_owned();
    let wanted = format!("digest=\"{}\"}} {}", rows[0]["digest"].as_str().unwrap(), rows[0]["number"]);
    let line = text.lines().find(|line| line.starts_with("reveille_audit_head{") && line.ends_with(&wanted));
    assert!(line.is_some(), "{wanted}: {text}");
    assert!(!text.contains("demo"), "metrics name no organization");
}

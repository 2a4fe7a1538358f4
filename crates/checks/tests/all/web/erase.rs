//! Erasing somebody who left: nothing that was kept tells their name or addresses any more, but what people wrote.

use super::column;
use checks::{Api, Call, Database, number};
use directory::audit::{Verified, verify};
use domain::OrganizationId;
use domain::permission::Scope;
use serde_json::{Value, json};
use store::{Dialect, Tx};

const NAME: &str = "Lou Lund";
const EMAIL: &str = "lou.lund@example.org";
const NUMBER: &str = "+4915112399987";

fn change(api: &Api, method: &str, path: &str, body: &Value) -> checks::Answer {
    api.send(Call::new(method, path).key(&api.key).header("if-match", "*").json(body))
}

/// Lou, who did what leaves their name and addresses behind: an incident; its number.
fn with_lou(api: &Api) -> i64 {
    let lou = json!({"username": "lou", "display_name": NAME, "email": EMAIL, "sms": NUMBER, "role": "admin"});
    change(api, "POST", "/v1/users", &lou).ok();
    change(api, "PATCH", "/v1/users/lou", &json!({"display_name": "Lou Berg"})).ok();
    change(api, "PATCH", "/v1/users/lou", &json!({"display_name": NAME})).ok();
    let token = api.token_of("lou", Scope::Admin);
    let as_lou = |call: Call| api.send(call.key(&token)).ok();
    as_lou(Call::post("/v1/teams").json(&json!({"name": "network", "members": ["ana"]})));
    let swap = json!({"out": "ben", "in": "cho", "from": "2026-06-08", "until": "2026-06-09"});
    as_lou(Call::post("/v1/routines/test%20turns/swaps").json(&swap));
    let page = json!({"title": "Disk full", "users": ["lou"]});
    let incident = number(&as_lou(Call::post("/incidents/create").json(&page)));
    as_lou(Call::post("/incidents/acknowledge").json(&json!({"instance_id": incident})));
    api.ok("notate", &json!({"instance_id": incident, "notes": format!("{NAME} has the keys"), "by": "ana"}));
    as_lou(Call::post("/incidents/resolve").json(&json!({"instance_id": incident})));
    api.test.store().write(|tx| ledger_with_addresses(tx, incident)).expect("the store answers");
    incident
}

/// What a mail server answers of an address.
fn ledger_with_addresses(tx: &mut dyn Tx, incident: i64) -> Result<(), store::Error> {
    let answer = format!("550 <{EMAIL}>: no such user");
    tx.run("update notification set fate = $2 where instance_id = $1", &[incident.into(), answer.as_str().into()])?;
    tx.run(
        "insert into attempt (organization_id, instance_id, sequence, attempt, at, elapsed_micros, outcome, answer)
        select organization_id, instance_id, sequence, 99, 0, 1, 'permanent failure', $2 from notification
        where instance_id = $1",
        &[incident.into(), answer.as_str().into()],
    )
    .map(drop)
}

/// The tables in whose rows one of these texts stands.
fn tables_with(api: &Api, texts: &[&str]) -> Vec<String> {
    let tables = match api.test.store().dialect() {
        Dialect::Sqlite => "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'",
        Dialect::Postgresql => "select table_name from information_schema.tables where table_schema = current_schema()",
    };
    let columns = |table: &str| match api.test.store().dialect() {
        Dialect::Sqlite => format!("select name from pragma_table_info('{table}')"),
        Dialect::Postgresql => format!(
            "select column_name from information_schema.columns where table_name = '{table}' and table_schema = current_schema()"
        ),
    };
    let found = api.test.store().read(|tx| {
        let mut found = Vec::new();
        for table in tx.all(tables, &[])? {
            let table = table.text(0)?.to_owned();
            for column in tx.all(&columns(&table), &[])? {
                let column = column.text(0)?.to_owned();
                for text in texts {
                    let sql = format!("select 1 from {table} where cast({column} as text) like '%{text}%' limit 1");
                    if !tx.all(&sql, &[])?.is_empty() {
                        found.push(format!("{table}.{column}: {text}"));
                    }
                }
            }
        }
        Ok::<_, store::Error>(found)
    });
    found.expect("the store answers")
}

fn verified(api: &Api) -> Verified {
    let verified = verify(api.test.store(), OrganizationId(1), None).expect("the store answers");
    verified.unwrap_or_else(|fault| panic!("{fault}")).expect("a chain")
}

#[test]
fn who_is_erased_is_nobodys_name_everywhere_and_only_what_people_wrote_still_says_it() {
    Api::reached_on_both(|api| {
        let incident = with_lou(api);
        let before = verified(api).head.number;
        let erased = change(api, "DELETE", "/v1/users/lou?erase=true", &json!({})).ok();
        assert_eq!(erased["erased_as"], "former person 1");
        assert_eq!(column(&erased["named_in_notes"], "instance_id"), [json!(incident)]);
        let details = api.details(incident);
        assert_eq!(details["task"]["created_by"], "former person 1");
        let by = column(&details["events"], "event_by");
        assert!(by.contains(&json!("former person 1")) && by.contains(&json!("Ana Alves")), "{by:?}");
        let swaps = api.get("/v1/routines/test%20turns/swaps");
        assert!(column(&swaps, "by").contains(&json!("former person 1")), "{swaps}");
        assert_eq!(api.get("/v1/teams/network")["updated_by"], "former person 1");
        let ledger = api.get(&format!("/v1/incidents/{incident}/notifications")).to_string();
        assert!(ledger.contains("550 <…rg>: no such user"), "{ledger}");
        let left = tables_with(api, &[NAME, "Lou Berg", EMAIL, NUMBER]);
        assert_eq!(left, [format!("event.body: {NAME}")], "the note, as it was written");
        assert_eq!(verified(api).head.number, before + 2, "the removal, and that they were erased");
        let rows = api.get("/v1/audit?limit=1");
        assert_eq!((&rows[0]["action"], &rows[0]["object"]["name"]), (&json!("user.erase"), &json!("lou")));
    });
}

#[test]
fn who_has_left_can_be_erased_later_and_once_more_and_the_next_one_has_the_next_number() {
    let api = Api::reachable(Database::Sqlite);
    let erase = |path: &str| change(&api, "DELETE", &format!("/v1/users/{path}erase=true"), &json!({}));
    let incident = with_lou(&api);
    let id = api.get("/v1/users/lou")["ref_id"].as_str().expect("an id").to_owned();
    change(&api, "DELETE", "/v1/users/lou", &json!({})).ok();
    assert_eq!(api.details(incident)["task"]["created_by"], NAME, "whoever left keeps their name");
    assert_eq!(erase("lou?dry_run=true&").status, 404, "there is nothing to be removed");
    assert_eq!(erase(&format!("{id}?")).ok()["erased_as"], "former person 1");
    assert_eq!(erase("lou?").ok()["erased_as"], "former person 1");
    erase("nobody?").refused(404, "unknown_component");
    change(&api, "POST", "/v1/users", &json!({"username": "kim", "display_name": "Kim Katz"})).ok();
    let plan = erase("kim?dry_run=true&").ok();
    assert!(plan["plan"].as_str().is_some_and(|plan| plan.contains("kim")), "{plan}");
    assert_eq!(api.get("/v1/users/kim")["display_name"], "Kim Katz", "only asked what it would be");
    assert_eq!(erase("kim?").ok()["erased_as"], "former person 2");
    let told = api.get("/v1/users/kim/data");
    assert_eq!((&told["profile"], &told["left"]["display_name"]), (&Value::Null, &json!("former person 2")));
    assert_eq!(told["left"]["is_erased"], true);
}

#[test]
fn who_is_still_named_is_neither_removed_nor_erased_and_only_administrators_ask_for_it() {
    let api = Api::reachable(Database::Sqlite);
    change(&api, "POST", "/v1/users", &json!({"username": "max", "role": "manager"})).ok();
    change(&api, "POST", "/v1/users", &json!({"username": "lou", "display_name": NAME})).ok();
    change(&api, "POST", "/v1/teams", &json!({"name": "network", "members": ["lou"]})).ok();
    change(&api, "DELETE", "/v1/users/lou?erase=true", &json!({})).refused(409, "still_named");
    assert_eq!(api.get("/v1/users/lou")["display_name"], NAME);
    let as_max = Call::new("DELETE", "/v1/users/lou?erase=true").key(&api.token_of("max", Scope::Admin));
    api.send(as_max.header("if-match", "*")).refused(403, "not_allowed");
}

#[test]
fn what_was_kept_by_name_before_ids_were_is_erased_too_unless_somebody_else_has_that_name() {
    Api::reached_on_both(|api| {
        let incident = with_lou(api);
        let by_name = |tx: &mut dyn Tx| {
            tx.run("update event set by_name = $1, by_ref = null where by_ref is not null", &[NAME.into()])
        };
        api.test.store().write(by_name).expect("the store answers");
        change(api, "POST", "/v1/users", &json!({"username": "kim", "display_name": NAME})).ok();
        let by = || column(&api.details(incident)["events"], "event_by");
        change(api, "DELETE", "/v1/users/lou?erase=true", &json!({})).ok();
        assert!(by().contains(&json!(NAME)), "it says as much of Kim");
        change(api, "PATCH", "/v1/users/kim", &json!({"display_name": "Kim Katz"})).ok();
        change(api, "POST", "/v1/users", &json!({"username": "zoe", "display_name": NAME})).ok();
        change(api, "DELETE", "/v1/users/zoe?erase=true", &json!({})).ok();
        assert!(!by().contains(&json!(NAME)), "{:?}", by());
    });
}

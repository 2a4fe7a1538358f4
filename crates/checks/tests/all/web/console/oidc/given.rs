//! What a provider's groups give, at each sign-in: nothing without a rule, and nothing that a file or an owner said.

use super::double::{Double, sent, walk};
use checks::{Api, Browser, Call, Database};
use serde_json::{Value, json};

/// Zed, whom the API made, and Ben, whom the file makes.
const ZED: &str = r#"{"username": "zed", "email": "zed@example.com"}"#;

fn rules() -> Value {
    json!({"trust_email": true, "groups": [
        {"group": "leads", "role": "manager", "team": "night", "team_role": "manager"},
        {"group": "night", "team": "night"},
        {"group": "platform", "team": "platform"},
        {"group": "boss", "role": "admin"},
    ]})
}

fn prepared(api: &Api) {
    let make = |path: &str, body: &str| api.send(Call::post(path).key(&api.key).body(body)).ok();
    make("/v1/users", ZED);
    make("/v1/teams", r#"{"name": "night", "members": ["eva"]}"#);
}

/// Signs somebody in with these groups; what they are afterwards: their role, and the members of the team `night`.
fn with(api: &Api, double: &Double, user: &str, groups: &Value) -> (Value, Value) {
    let browser = Browser::new(api, "192.0.2.1");
    let claims = json!({"email": format!("{user}@example.com"), "email_verified": true, "groups": groups});
    assert_eq!(sent(&walk(&browser, double, user, &claims)), "/app/now");
    let role = api.get(&format!("/v1/users/{user}"))["role"].clone();
    (role, api.get("/v1/teams/night")["members"].clone())
}

/// A provider without rules, to begin with; the team is there before rules name it.
fn on(database: Database, body: impl Fn(&Api, &Double)) {
    let (api, double) = Double::at(database, &json!({}));
    prepared(&api);
    let change = Call::new("PATCH", "/v1/sign-in-providers/acme").key(&api.key).header("if-match", "*");
    api.send(change.json(&rules())).ok();
    body(&api, &double);
}

fn on_both(body: impl Fn(&Api, &Double)) {
    for database in [Database::Sqlite, Database::Postgresql] {
        on(database, &body);
    }
}

#[test]
fn a_role_that_a_provider_gives_is_shown_as_its_and_changed_by_nobody_else() {
    on_both(|api, double| {
        let change = |method: &str, path: &str, body: &Value| {
            api.send(Call::new(method, path).key(&api.key).header("if-match", "*").json(body))
        };
        let by = || api.get("/v1/users/zed")["managed_by"].clone();
        let named = |by: &str| super::super::super::column(&api.get(&format!("/v1/users?managed_by={by}")), "username");
        let observer = json!({"role": "observer"});
        with(api, double, "zed", &json!(["nothing"]));
        assert_eq!(by(), "api");
        with(api, double, "zed", &json!(["leads"]));
        assert_eq!(by(), "provider");
        assert_eq!(named("provider"), [json!("zed")]);
        assert!(!named("api").contains(&json!("zed")));
        assert_eq!(api.get("/v1/teams?managed_by=provider"), json!([]));
        let expect = "role: that of zed is given by the provider acme at each sign-in: change their groups there";
        let refused = change("PATCH", "/v1/users/zed", &observer).first_error(409, "managed_by_provider");
        assert_eq!(refused, expect);
        let many =
            json!({"changes": [{"do": "patch", "kind": "user", "ref": "zed", "if_match": "*", "body": observer}]});
        change("POST", "/v1/directory/changes?dry_run=true", &many).refused(409, "managed_by_provider");
        // What no group gives is theirs as before, and what was read can be sent back.
        change("PATCH", "/v1/users/zed", &json!({"job_title": "On the night shift"})).ok();
        let read = api.get("/v1/users/zed");
        change("PUT", "/v1/users/zed", &read).ok();
        with(api, double, "zed", &Value::Null);
        assert_eq!(by(), "api");
        change("PATCH", "/v1/users/zed", &observer).ok();
        // Of a provider that is gone nothing comes any more.
        with(api, double, "zed", &json!(["leads"]));
        change("DELETE", "/v1/sign-in-providers/acme", &json!({})).ok();
        change("PATCH", "/v1/users/zed", &observer).ok();
    });
}

#[test]
fn groups_give_roles_and_places_in_teams_and_take_them_back() {
    on_both(|api, double| {
        let default = || api.get("/v1/users/zed")["role"].clone();
        let before = default();
        assert_eq!(with(api, double, "zed", &json!(["nothing"])), (before, json!(["eva"])));
        let lead = json!({"username": "zed", "team_role": "manager"});
        assert_eq!(with(api, double, "zed", &json!(["night", "leads"])), (json!("manager"), json!(["eva", lead])));
        let rows = api.get("/v1/audit?action=user.update&way=provider");
        assert_eq!((&rows[0]["actor"]["name"], &rows[0]["object"]["name"]), (&json!("acme"), &json!("zed")));
        assert_eq!(with(api, double, "zed", &json!("night")), (json!("restricted"), json!(["eva", "zed"])));
        assert_eq!(with(api, double, "zed", &json!(["boss"])), (json!("admin"), json!(["eva"])));
        assert_eq!(with(api, double, "zed", &Value::Null), (json!("restricted"), json!(["eva"])));
        // A sign-in that changes nothing makes no version of the directory.
        let versions = || api.get("/v1/directory/versions").as_array().map(Vec::len);
        let made = versions();
        with(api, double, "zed", &json!([]));
        assert_eq!(versions(), made);
    });
}

#[test]
fn what_a_file_says_of_a_person_and_a_team_stays() {
    on(Database::Sqlite, |api, double| {
        let before = api.get("/v1/users/ben")["role"].clone();
        let (role, members) = with(api, double, "ben", &json!(["boss", "leads"]));
        assert_eq!(role, before);
        // The team is the API's, so that its places can be given to whomever.
        assert_eq!(members, json!(["eva", {"username": "ben", "team_role": "manager"}]));
        with(api, double, "zed", &json!(["platform"]));
        assert_eq!(api.get("/v1/teams/platform")["members"], json!(["ana", "ben", "cho", "dee"]));
    });
}

#[test]
fn claims_give_nothing_that_no_rule_says() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    prepared(&api);
    let before = api.get("/v1/users/zed");
    let browser = Browser::new(&api, "192.0.2.1");
    let claims = json!({"email": "zed@example.com", "email_verified": true, "role": "owner", "roles": ["admin"],
        "user_role": "admin", "groups": ["owner", "admin", "boss", "platform", "night"], "team": "night",
        "locked": false, "preferred_username": "ana", "name": "Ana Alves"});
    assert_eq!(sent(&walk(&browser, &double, "s1", &claims)), "/app/now");
    assert_eq!(browser.get("/v1/me").ok()["preferred_username"], "zed");
    let mut after = api.get("/v1/users/zed");
    after["last_seen_at"] = before["last_seen_at"].clone();
    assert_eq!(after, before);
    assert_eq!(api.get("/v1/teams/night")["members"], json!(["eva"]));
}

#[test]
fn groups_are_found_where_the_provider_keeps_them() {
    let claim = json!({"trust_email": true, "groups_claim": "realm_access.roles",
        "groups": [{"group": "ops", "role": "manager"}]});
    let (api, double) = Double::at(Database::Sqlite, &claim);
    prepared(&api);
    let browser = Browser::new(&api, "192.0.2.1");
    let mut claims = json!({"email": "zed@example.com", "email_verified": true, "groups": ["ops"]});
    walk(&browser, &double, "s1", &claims);
    assert_ne!(api.get("/v1/users/zed")["role"], "manager");
    claims["realm_access"] = json!({"roles": ["ops"]});
    walk(&browser, &double, "s1", &claims);
    assert_eq!(api.get("/v1/users/zed")["role"], "manager");
}

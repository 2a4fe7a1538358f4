//! Tokens: a program acts by one as a person does, within their rights and its scope, for as long as both last.

use super::console::{PASSWORD, goes_to, sign_in, welcomed};
use checks::{Api, Browser, Call, Database, START};
use domain::limits;
use domain::permission::Scope;
use serde_json::{Value, json};

fn acknowledge(incident: i64) -> Call {
    Call::post("/acknowledge").json(&json!({"instance_id": incident}))
}

fn make(ana: &Browser<'_>, body: &Value) -> checks::Answer {
    ana.send(Call::post("/v1/me/tokens").header("sec-fetch-site", "same-origin").json(body))
}

#[test]
fn a_token_acts_in_the_name_of_its_person_and_of_nobody_else() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let made = make(&ana, &json!({"name": "laptop", "scope": "incidents"})).ok();
        let token = made["token"].as_str().expect("a text");
        assert_eq!(made["expires_at"], START.plus_minutes(limits::TOKEN_DAYS * 24 * 60).wire());
        let me = api.send(Call::get("/v1/me").key(token)).ok();
        let told = ["kind", "preferred_username", "user_role", "scope"].map(|key| me[key].clone());
        assert_eq!(json!(told), json!(["token", "ana", "admin", "incidents"]));
        let incident = api.incident("Disk full");
        let as_ben = json!({"instance_id": incident, "by": "ben"});
        api.send(Call::post("/acknowledge").key(token).json(&as_ben)).refused(403, "not_in_your_name");
        api.send(acknowledge(incident).key(token)).ok();
        let events = api.details(incident)["events"].clone();
        let last = events.as_array().and_then(|events| events.last()).expect("an event").clone();
        assert_eq!(json!([last["event_type"], last["event_by"]]), json!(["ACKNOWLEDGE", "Ana Alves"]));
        let listed = ana.get("/v1/me/tokens").ok();
        assert!(!listed.to_string().contains(token));
        assert_eq!(json!([listed[0]["name"], listed[0]["token_id"]]), json!(["laptop", made["token_id"]]));
        assert_eq!(api.send(Call::get("/v1/keys").key(&api.key)).ok().as_array().map(Vec::len), Some(1));
        let path = format!("/v1/me/tokens/{}", made["token_id"]);
        api.send(Call::new("DELETE", &path).key(&api.token_of("ben", Scope::Incidents))).refused(404, "unknown_token");
        api.send(Call::new("DELETE", &path).key(token)).ok();
        api.send(acknowledge(incident).key(token)).refused(401, "revoked_key");
    });
}

#[test]
fn a_token_may_no_more_than_its_scope_and_no_more_than_its_person() {
    let api = Api::reachable(Database::Sqlite);
    let incident = api.incident("Disk full");
    let team = json!({"name": "network", "members": ["ana"]});
    let make_team = |token: &str| api.send(Call::post("/v1/teams").key(token).json(&team));
    api.send(acknowledge(incident).key(&api.token_of("ana", Scope::Read))).refused(403, "scope_too_small");
    make_team(&api.token_of("ana", Scope::Incidents)).refused(403, "scope_too_small");
    make_team(&api.token_of("ben", Scope::Admin)).refused(403, "not_allowed");
    make_team(&api.token_of("ana", Scope::Admin)).ok();
    api.send(Call::post("/incidents/list").key(&api.token_of("eva", Scope::Admin))).refused(403, "not_allowed");
    assert_eq!(api.send(Call::get("/v1/me").key(&api.token_of("eva", Scope::Read))).ok()["user_role"], "stakeholder");
}

#[test]
fn a_token_is_made_by_its_person_who_signed_in_just_now_for_a_year_at_most() {
    let api = Api::reachable(Database::Sqlite);
    let body = json!({"name": "laptop", "scope": "read"});
    for key in [api.key.clone(), api.token_of("ana", Scope::Admin)] {
        api.send(Call::post("/v1/me/tokens").key(&key).json(&body)).refused(403, "fresh_sign_in_needed");
    }
    let ana = welcomed(&api, "ana", "192.0.2.1");
    ana.send(Call::post("/v1/me/tokens").json(&body)).refused(403, "cross_site");
    let late = START.plus_minutes(366 * 24 * 60).wire();
    let refused = make(&ana, &json!({"name": "x", "scope": "read", "expires_at": late})).refused(400, "invalid_fields");
    assert_eq!(refused["errors"], json!(["expires_at: must be at most 365 days from now"]));
    api.pass_minutes(11);
    make(&ana, &body).refused(403, "fresh_sign_in_needed");
    assert_eq!(ana.get("/v1/me/tokens").ok().as_array().map(Vec::len), Some(1));
}

#[test]
fn a_token_ends_when_its_person_is_locked_or_removed_and_does_not_come_back() {
    Api::reached_on_both(|api| {
        let change = |method: &str, path: &str, body: &Value| {
            api.send(Call::new(method, path).key(&api.key).header("if-match", "*").json(body)).ok()
        };
        change("POST", "/v1/users", &json!({"username": "lou"}));
        let (first, second) = (api.token_of("lou", Scope::Read), api.token_of("ben", Scope::Read));
        let reads = |token: &str| api.send(Call::get("/list/users").key(token));
        reads(&first).ok();
        change("PATCH", "/v1/users/lou", &json!({"locked": true}));
        reads(&first).refused(401, "revoked_key");
        change("PATCH", "/v1/users/lou", &json!({"locked": false}));
        reads(&first).refused(401, "revoked_key");
        let third = api.token_of("lou", Scope::Read);
        reads(&third).ok();
        change("DELETE", "/v1/users/lou", &json!({}));
        reads(&third).refused(401, "revoked_key");
        reads(&second).ok();
    });
}

#[test]
fn by_a_token_its_person_sees_their_sessions_and_ends_them() {
    let api = Api::reachable(Database::Sqlite);
    let (first, second) = (welcomed(&api, "ana", "192.0.2.1"), Browser::new(&api, "192.0.2.2"));
    goes_to(&sign_in(&second, "ana", PASSWORD), "/app/now");
    let token = api.token_of("ana", Scope::Incidents);
    let sessions = api.send(Call::get("/v1/me/sessions").key(&token)).ok();
    assert_eq!(sessions.as_array().map(Vec::len), Some(2));
    let own = first.get("/v1/me").ok()["session_ref_id"].as_str().expect("an id").to_owned();
    let end = |id: &str, key: &str| api.send(Call::new("DELETE", &format!("/v1/me/sessions/{id}")).key(key));
    end(&own, &api.token_of("ben", Scope::Incidents)).refused(404, "unknown_session");
    end(&own, &api.key).refused(404, "unknown_session");
    end(&own, &token).ok();
    first.get("/v1/me").refused(401, "signed_out");
    second.get("/v1/me").ok();
    api.send(Call::new("DELETE", "/v1/me/sessions").key(&token)).ok();
    second.get("/v1/me").refused(401, "signed_out");
}

#[test]
fn who_acted_by_a_token_stands_in_the_audit_log() {
    let api = Api::reachable(Database::Sqlite);
    let token = api.token_of("ana", Scope::Admin);
    api.send(Call::post("/v1/teams").key(&token).json(&json!({"name": "network"}))).ok();
    let rows = api.get("/v1/audit?action=team.create");
    let actor = &rows[0]["actor"];
    assert_eq!(json!([actor["kind"], actor["name"], rows[0]["on_behalf_of"]]), json!(["token", "ana", null]));
}

#[test]
fn a_token_is_not_made_twice_under_one_idempotency_key() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let make = || {
        let call = Call::post("/v1/me/tokens").header("sec-fetch-site", "same-origin").header("idempotency-key", "k");
        ana.send(call.json(&json!({"name": "laptop", "scope": "read"})))
    };
    make().ok();
    make().refused(409, "told_once");
    assert_eq!(ana.get("/v1/me/tokens").ok().as_array().map(Vec::len), Some(1));
}

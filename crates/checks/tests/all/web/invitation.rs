//! Asking people in: they are there at once, the link is told once and works once, and no role is given above one's own.

use super::console::{says, welcomed};
use checks::{Api, Browser, Call, Database, START};
use domain::permission::Scope;
use domain::sign_in::LinkPurpose;
use serde_json::{Value, json};

fn invite(api: &Api, key: &str, body: &Value) -> checks::Answer {
    api.send(Call::post("/v1/invitations").key(key).json(body))
}

fn change(api: &Api, method: &str, path: &str, body: &Value) -> checks::Answer {
    api.send(Call::new(method, path).key(&api.key).header("if-match", "*").json(body))
}

#[test]
fn who_is_asked_in_is_a_person_at_once_and_signs_in_by_the_link() {
    Api::reached_on_both(|api| {
        change(api, "POST", "/v1/teams", &json!({"name": "network", "members": ["ana"]})).ok();
        let asked = json!({"email": "Zoe.Zorn@example.org", "display_name": "Zoe Zorn", "role": "observer", "teams": ["network"]});
        let invited = invite(api, &api.key, &asked).ok();
        assert_eq!(invited["preferred_username"], "zoe.zorn");
        assert_eq!(invited["ends_at"], START.plus_minutes(LinkPurpose::Invite.minutes()).wire());
        let person = api.get("/v1/users/zoe.zorn");
        let told = ["state", "role", "last_seen_at"].map(|key| person[key].clone());
        assert_eq!(json!(told), json!(["invited", "observer", null]));
        assert_eq!(person["teams"], json!([{"team": "network", "team_role": "responder"}]));
        assert_eq!(super::column(&api.get("/v1/users?state=invited"), "username"), [json!("zoe.zorn")]);
        let listed = api.get("/v1/invitations");
        assert_eq!(super::column(&listed, "preferred_username"), [json!("zoe.zorn")]);
        let url = invited["url"].as_str().expect("a text");
        assert!(!listed.to_string().contains(url) && !api.get("/v1/audit?limit=100").to_string().contains(url));
        let path = &url[url.find("/app/").expect("a path")..];
        let zoe = Browser::new(api, "192.0.2.9");
        let chosen = [("password", "correct horse battery"), ("again", "correct horse battery")];
        super::console::goes_to(&zoe.post(path, &chosen), "/app/now");
        assert_eq!(zoe.get("/v1/me").ok()["preferred_username"], "zoe.zorn");
        assert_eq!(api.get("/v1/users/zoe.zorn")["state"], "active");
        assert_eq!(api.get("/v1/invitations"), json!([]));
        api.send(Call::post("/v1/invitations/zoe.zorn/resend").key(&api.key).json(&json!({})))
            .refused(409, "already_invited");
    });
}

#[test]
fn another_link_ends_the_one_before_and_one_that_is_taken_back_counts_no_more() {
    let api = Api::reachable(Database::Sqlite);
    let path = |invited: &Value| {
        let url = invited["url"].as_str().expect("a text");
        url[url.find("/app/").expect("a path")..].to_owned()
    };
    let first = path(&invite(&api, &api.key, &json!({"email": "zoe@example.org"})).ok());
    let again = Call::post("/v1/invitations/zoe/resend").key(&api.key).json(&json!({}));
    let second = path(&api.send(again).ok());
    let shows = |path: &str| api.browse(Call::get(path)).status;
    assert_eq!([shows(&first), shows(&second)], [404, 200]);
    api.send(Call::new("DELETE", "/v1/invitations/zoe").key(&api.key)).ok();
    assert_eq!(shows(&second), 404);
    api.send(Call::new("DELETE", "/v1/invitations/zoe").key(&api.key)).refused(404, "unknown_invitation");
    assert_eq!(api.get("/v1/users/zoe")["state"], "active", "the person stays");
    invite(&api, &api.key, &json!({"email": "ZOE@example.org"})).refused(409, "already_invited");
    assert_eq!(invite(&api, &api.key, &json!({"email": "zoe@example.com"})).ok()["preferred_username"], "zoe2");
}

#[test]
fn nobody_gives_a_role_above_what_their_own_may_give() {
    let api = Api::reachable(Database::Sqlite);
    change(&api, "POST", "/v1/users", &json!({"username": "max", "role": "manager"})).ok();
    let max = api.token_of("max", Scope::Admin);
    let as_role =
        |key: &str, role: &str| invite(&api, key, &json!({"email": format!("{role}@example.org"), "role": role}));
    as_role(&max, "admin").refused(403, "not_allowed");
    as_role(&max, "responder").ok();
    as_role(&api.token_of("ben", Scope::Admin), "observer").refused(403, "not_allowed");
    as_role(&api.token_of("ana", Scope::Admin), "owner").refused(403, "not_allowed");
    as_role(&api.token_of("ana", Scope::Admin), "admin").ok();
    // A link by which an administrator chooses a password is not for a manager to see.
    api.send(Call::post("/v1/invitations/admin/resend").key(&max).json(&json!({}))).refused(403, "not_allowed");
    assert_eq!(api.get("/v1/invitations").as_array().map(Vec::len), Some(2));
}

#[test]
fn whoever_leaves_is_replaced_or_leaves_gaps_and_their_name_is_never_given_again() {
    Api::reached_on_both(|api| {
        change(api, "POST", "/v1/users", &json!({"username": "lou"})).ok();
        let levels = json!([{"minutes": 5, "users": ["lou", "ana"]}]);
        change(api, "POST", "/v1/escalation-policies", &json!({"name": "pair", "levels": levels})).ok();
        let routine = json!({"name": "week", "timezone": "UTC", "routine_layers": [{"valid_start": "2026-06-01",
            "rotation_frequency": 7, "rotations": [["ana"], ["lou"]]}]});
        change(api, "POST", "/v1/routines", &routine).ok();
        let remove = |how: &str| change(api, "DELETE", &format!("/v1/users/lou{how}"), &json!({}));
        remove("").refused(409, "still_named");
        remove("?transfer_to=nobody").refused(404, "unknown_component");
        remove("?leave_gaps=true").ok();
        assert_eq!(api.get("/v1/escalation-policies/pair")["levels"][0]["users"], json!(["ana"]));
        assert_eq!(api.get("/v1/routines/week")["routine_layers"][0]["rotations"], json!([["ana"], []]));
        let refused = change(api, "POST", "/v1/users", &json!({"username": "Lou"})).refused(409, "name_taken");
        assert_eq!(refused["errors"], json!(["username: `Lou` was somebody's who left, and is never given again"]));
        change(api, "POST", "/v1/users", &json!({"username": "kim"})).ok();
        change(
            api,
            "PATCH",
            "/v1/escalation-policies/pair",
            &json!({"levels": [{"minutes": 5, "users": ["kim", "ben"]}]}),
        )
        .ok();
        change(api, "DELETE", "/v1/users/kim?transfer_to=ben", &json!({})).ok();
        assert_eq!(api.get("/v1/escalation-policies/pair")["levels"][0]["users"], json!(["ben"]));
    });
}

#[test]
fn the_last_owner_cannot_leave_nor_be_locked_nor_lowered() {
    let api = Api::reachable(Database::Sqlite);
    api.new_owner("noa");
    let token = api.token_of("noa", Scope::Admin);
    let lock =
        || Call::new("PATCH", "/v1/users/noa").key(&token).header("if-match", "*").json(&json!({"locked": true}));
    api.send(lock()).refused(409, "last_owner");
    let noa = welcomed(&api, "noa", "192.0.2.1");
    let lower = || noa.post("/app/edit/users/noa", &[("username", "noa"), ("role", "admin"), ("do", "save")]);
    says(&lower(), 409, "last owner");
    says(&noa.post("/app/edit/users/noa/remove", &[("do", "remove"), ("version", "2")]), 409, "last owner");
    api.new_owner("pat");
    says(&lower(), 200, "saved");
    assert_eq!(api.get("/v1/users/noa")["role"], "admin");
}

#[test]
fn people_are_asked_for_by_team_role_and_by_what_reaches_them() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    change(&api, "POST", "/v1/teams", &json!({"name": "network", "members": ["ben", "cho"]})).ok();
    change(&api, "POST", "/v1/users", &json!({"username": "lou"})).ok();
    let names = |query: &str| super::column(&api.get(&format!("/v1/users?{query}")), "username");
    assert_eq!(names("team=network"), [json!("ben"), json!("cho")]);
    assert!(names("unreachable=true").contains(&json!("lou")) && !names("unreachable=true").contains(&json!("ana")));
    assert_eq!(names("role=admin"), [json!("ana")]);
    ana.get("/app/now");
    assert_eq!(api.get("/v1/users/ana")["last_seen_at"], START.wire());
    assert!(
        api.get("/v1/users/ana")["reachable"].as_array().is_some_and(|channels| channels.contains(&json!("email")))
    );
}

#[test]
fn a_link_that_is_asked_for_again_under_its_idempotency_key_stays_the_one_that_was_sent() {
    let api = Api::reachable(Database::Sqlite);
    let keyed = |path: &str, key: &str, body: &Value| {
        api.send(Call::post(path).key(&api.key).header("idempotency-key", key).json(body))
    };
    let zoe = json!({"email": "zoe@example.org"});
    keyed("/v1/invitations", "invite", &zoe).ok();
    keyed("/v1/invitations", "invite", &zoe).refused(409, "told_once");
    let again = || keyed("/v1/invitations/zoe/resend", "again", &json!({}));
    let url = again().ok()["url"].as_str().expect("a text").to_owned();
    again().refused(409, "told_once");
    assert_eq!(api.browse(Call::get(&url[url.find("/app/").expect("a path")..])).status, 200);
}

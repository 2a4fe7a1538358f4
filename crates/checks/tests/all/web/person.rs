//! What is held of a person: told them and administrators, and nobody else; and by which name they are shown in what happened.

use super::column;
use super::console::welcomed;
use checks::{Api, Call, Database};
use domain::permission::Scope;
use serde_json::{Value, json};

fn data(api: &Api, key: &str, path: &str) -> checks::Answer {
    api.send(Call::get(&format!("/v1/users/{path}")).key(key))
}

fn change(api: &Api, method: &str, path: &str, body: &Value) -> checks::Answer {
    api.send(Call::new(method, path).key(&api.key).header("if-match", "*").json(body))
}

#[test]
fn a_person_is_told_all_that_is_held_about_them_and_so_are_administrators() {
    Api::reached_on_both(|api| {
        let ben = welcomed(api, "ben", "192.0.2.7");
        let token = api.token_of("ben", Scope::Incidents);
        let incident = api.incident("Disk full");
        api.send(Call::post("/acknowledge").key(&token).json(&json!({"instance_id": incident}))).ok();
        let told = data(api, &token, "ben/data").ok();
        assert_eq!(told["profile"]["username"], "ben");
        assert!(told["profile"]["email"].as_str().is_some_and(|email| !email.contains('…')), "whole: {told}");
        assert!(told["profile"]["named_by"].as_array().is_some_and(|places| !places.is_empty()), "{told}");
        assert_eq!(told["sign_in"]["sessions"][0]["network"], "192.0.2.7");
        assert!(told["sign_in"]["password_set_at"].is_string());
        assert_eq!(told["tokens"].as_array().map(Vec::len), Some(1));
        assert_eq!(told["acted_on"][0]["instance_id"], incident);
        assert_eq!((&told["next_before_instance_id"], &told["next_before_audit_number"]), (&Value::Null, &Value::Null));
        assert!(column(&told["audit"], "action").contains(&json!("link.use")), "{}", told["audit"]);
        assert_eq!(ben.get("/v1/users/ben/data").ok()["profile"], told["profile"], "by the session");
        assert_eq!(data(api, &api.key, "ben/data").ok()["profile"], told["profile"], "by a key of the scope admin");
        let ref_id = told["profile"]["ref_id"].as_str().expect("an id");
        assert_eq!(
            data(api, &api.token_of("ana", Scope::Admin), &format!("{ref_id}/data")).ok()["profile"],
            told["profile"]
        );
        let rows = api.get("/v1/audit?action=user.read_data");
        let who: Vec<_> = rows.as_array().expect("a list").iter().map(|row| row["actor"]["kind"].clone()).collect();
        assert_eq!(json!(who), json!(["token", "key", "person", "token"]), "each reading is written down");
    });
}

#[test]
fn a_person_is_known_by_their_id_in_every_path_and_nobody_takes_it_for_a_name() {
    Api::reached_on_both(|api| {
        drop(welcomed(api, "ben", "192.0.2.7"));
        let id = api.get("/v1/users/ben")["ref_id"].as_str().expect("an id").to_owned();
        for part in ["", "/contacts", "/sessions", "/notification-rules", "/devices", "/notices"] {
            let told = |name: &str| api.send(Call::get(&format!("/v1/users/{name}{part}")).key(&api.key)).ok();
            assert_eq!(told(&id), told("ben"), "{part}");
        }
        let taken = change(api, "POST", "/v1/users", &json!({"username": id})).first_error(400, "invalid_fields");
        assert_eq!(taken, format!("username: `{id}` is the id of something"));
        change(api, "DELETE", &format!("/v1/users/{id}/sessions"), &json!({})).ok();
        assert_eq!(api.get("/v1/users/ben/sessions"), json!([]));
    });
}

#[test]
fn nobody_else_is_told_what_is_held_about_a_person() {
    let api = Api::reachable(Database::Sqlite);
    for other in ["cho", "eva", "gil"] {
        data(&api, &api.token_of(other, Scope::Admin), "ben/data").refused(403, "not_allowed");
    }
    change(&api, "POST", "/v1/users", &json!({"username": "max", "role": "manager"})).ok();
    data(&api, &api.token_of("max", Scope::Admin), "ben/data").refused(403, "not_allowed");
    data(&api, &api.token_of("ana", Scope::Incidents), "ben/data").refused(403, "scope_too_small");
    api.send(Call::get("/v1/users/ben/data")).refused(401, "missing_key");
    data(&api, &api.key, "nobody/data").refused(404, "unknown_component");
    assert_eq!(api.get("/v1/audit?action=user.read_data"), json!([]));
}

#[test]
fn what_is_told_about_a_person_holds_no_secret() {
    let api = Api::reachable(Database::Sqlite);
    let chat = json!({"chat": {"kind": "slack", "url": "https://hooks.example.com/services/T0/B0/secret-of-ben"}});
    change(&api, "PATCH", "/v1/users/ben", &chat).ok();
    let ben = welcomed(&api, "ben", "192.0.2.7");
    let token = api.token_of("ben", Scope::Incidents);
    let text = ben.get("/v1/users/ben/data").ok().to_string();
    for secret in ["secret-of-ben", "argon2", token.as_str()] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[test]
fn what_is_long_is_told_from_the_newest_on_and_a_link_leads_to_the_rest() {
    let api = Api::reachable(Database::Sqlite);
    let token = api.token_of("ben", Scope::Incidents);
    let first = api.incident("The first");
    let act = |id: i64| drop(api.send(Call::post("/acknowledge").key(&token).json(&json!({"instance_id": id}))).ok());
    act(first);
    let second = api.incident("The second");
    act(second);
    let acted_on = |path: &str| column(&data(&api, &token, path).ok()["acted_on"], "instance_id");
    assert_eq!(acted_on("ben/data"), [json!(second), json!(first)]);
    assert_eq!(acted_on(&format!("ben/data?before_instance_id={second}")), [json!(first)]);
    let numbers = |path: &str| column(&data(&api, &token, path).ok()["audit"], "number");
    let all = numbers("ben/data");
    let newest = all[0].as_i64().expect("a number");
    assert!(
        numbers(&format!("ben/data?before_audit_number={newest}")).iter().all(|number| number.as_i64() < Some(newest))
    );
}

#[test]
fn who_is_renamed_or_has_left_is_shown_by_the_last_name_in_all_that_happened() {
    Api::reached_on_both(|api| {
        change(api, "POST", "/v1/users", &json!({"username": "lou", "display_name": "Lou Lund"})).ok();
        let by_lou = |body: Value| api.send(Call::post("/incidents/create").key(&api.key).json(&body)).ok();
        let service = api.ref_id("services", "checkout");
        let made = by_lou(json!({"title": "Disk full", "service_ref_id": service, "by": "lou"}));
        let incident = checks::number(&made);
        api.ok("notate", &json!({"instance_id": incident, "notes": "I look", "by": "lou"}));
        api.ok("add-subscribers", &json!({"instance_id": incident, "subscribers": ["lou"], "by": "lou"}));
        api.ok("update-status", &json!({"instance_id": incident, "status_update": "Soon", "by": "lou"}));
        let shown = || {
            let details = api.details(incident);
            let events = column(&details["events"], "event_by");
            assert!(events.contains(&details["task"]["created_by"]), "{details}");
            [
                &details["task"]["created_by"],
                &details["notes"][0]["by"],
                &details["status_update"][0]["by"],
                &details["subscribers"][0][0],
            ]
            .map(Clone::clone)
        };
        assert_eq!(shown(), ["Lou Lund"; 4]);
        change(api, "PATCH", "/v1/users/lou", &json!({"display_name": "Lou Berg"})).ok();
        assert_eq!(shown(), ["Lou Berg"; 4]);
        api.ok("resolve", &json!({"instance_id": incident}));
        change(api, "DELETE", "/v1/users/lou", &json!({})).ok();
        assert_eq!(shown(), ["Lou Berg"; 4]);
    });
}

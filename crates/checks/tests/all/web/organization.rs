//! What an organization sets, and that it counts.

use super::console::{is_in, welcomed};
use checks::{Api, Call, Database, START};
use domain::permission::Scope;
use serde_json::{Value, json};

fn set(api: &Api, body: &Value) -> checks::Answer {
    api.send(Call::new("PATCH", "/v1/organization").key(&api.key).header("if-match", "*").json(body))
}

#[test]
fn a_session_is_over_after_the_hours_without_use_and_the_days_that_are_set() {
    Api::reached_on_both(|api| {
        set(api, &json!({"session_idle_hours": 2, "session_days": 1})).ok();
        let ana = welcomed(api, "ana", "192.0.2.1");
        let ends_at = ana.get("/v1/me").ok()["ends_at"].clone();
        assert_eq!(ends_at, START.plus_minutes(24 * 60).wire());
        api.pass_minutes(119);
        assert!(is_in(&ana));
        api.pass_minutes(121);
        assert!(!is_in(&ana));
        // What is set counts for sessions that began before.
        set(api, &json!({"session_idle_hours": null})).ok();
        assert!(is_in(&ana));
        let ben = welcomed(api, "ben", "192.0.2.2");
        set(api, &json!({"session_days": 30})).ok();
        let later = welcomed(api, "cho", "192.0.2.3");
        api.pass_minutes(25 * 60);
        assert!(is_in(&later) && !is_in(&ben), "longer ones are for those that begin from then on");
        set(api, &json!({"session_days": 1})).ok();
        let sessions = api.send(Call::get("/v1/me/sessions").key(&api.token_of("cho", Scope::Read))).ok();
        assert_eq!(sessions, json!([]));
        assert!(!is_in(&later));
    });
}

#[test]
fn whose_role_must_have_a_second_factor_sees_nothing_but_their_security_until_they_do() {
    let api = Api::reachable(Database::Sqlite);
    let (ana, ben) = (welcomed(&api, "ana", "192.0.2.1"), welcomed(&api, "ben", "192.0.2.2"));
    set(&api, &json!({"second_factor_for": ["admin", "owner"]})).ok();
    let page = ana.get("/app/incidents");
    super::console::says(&page, 403, "<a href=\"/app/me/security\">Set one up</a>");
    super::console::says(&ana.post("/app/keys", &[("name", "x"), ("scope", "read")]), 403, "Set one up");
    ana.send(Call::new("DELETE", "/v1/me/sessions").header("sec-fetch-site", "same-origin"))
        .refused(403, "second_factor_needed");
    assert_eq!(ana.get("/app/me/security").status, 200);
    assert_eq!(ben.get("/app/incidents").status, 200);
    assert_eq!(api.get("/v1/keys").as_array().map(Vec::len), Some(1));
    set(&api, &json!({"second_factor_for": []})).ok();
    assert_eq!(ana.get("/app/incidents").status, 200);
}

#[test]
fn times_are_in_the_zone_of_the_organization_for_who_set_none() {
    let api = Api::reachable(Database::Sqlite);
    api.send(Call::post("/v1/users").key(&api.key).json(&json!({"username": "max"}))).ok();
    let max = welcomed(&api, "max", "192.0.2.1");
    let zone = || max.get("/app/me/when").text().contains("Lisbon");
    assert!(!zone());
    set(&api, &json!({"timezone": "Europe/Lisbon"})).ok();
    assert!(zone());
}

#[test]
fn a_token_counts_for_the_days_that_are_set_and_observers_write_notes_where_they_may() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    set(&api, &json!({"token_days": 7})).ok();
    let made = Call::post("/v1/me/tokens").header("sec-fetch-site", "same-origin");
    let made = ana.send(made.json(&json!({"name": "laptop", "scope": "read"}))).ok();
    assert_eq!(made["expires_at"], START.plus_minutes(7 * 24 * 60).wire());
    let observer = json!({"username": "max", "role": "observer"});
    api.send(Call::post("/v1/users").key(&api.key).json(&observer)).ok();
    let max = api.token_of("max", Scope::Incidents);
    let note = json!({"instance_id": api.incident("Disk full"), "notes": "seen"});
    let write = || api.send(Call::post("/notate").key(&max).json(&note));
    write().refused(403, "not_allowed");
    set(&api, &json!({"observers_note": true})).ok();
    write().ok();
}

#[test]
fn what_a_setting_cannot_be_is_said_and_nothing_is_changed() {
    let api = Api::new();
    let wrong = json!({"session_days": 366, "timezone": "Mars/Base", "colour": "red"});
    set(&api, &wrong).refused(400, "invalid_fields");
    assert_eq!(api.get("/v1/organization")["session_days"], 90);
}

#[test]
fn an_owner_who_just_signed_in_gives_the_organization_another_name_and_the_one_before_leads_to_it_still() {
    Api::reached_on_both(|api| {
        api.extend("[[user]]\nusername = \"own\"\nrole = \"owner\"\n[[user]]\nusername = \"adm\"\nrole = \"admin\"\n");
        let (own, adm) = (welcomed(api, "own", "192.0.2.1"), welcomed(api, "adm", "192.0.2.2"));
        let form = |name: &str| {
            let version = super::console::hidden(&adm.get("/app/settings"), "version");
            let said = [("name", name), ("file_lock", "strict"), ("password_sign_in", "true")];
            said.map(|(field, value)| (field, value.to_owned())).into_iter().chain([("version", version)]).collect()
        };
        let post = |browser: &checks::Browser<'_>, name: &str| {
            let said: Vec<(&str, String)> = form(name);
            let said: Vec<(&str, &str)> = said.iter().map(|(field, value)| (*field, value.as_str())).collect();
            browser.post("/app/settings", &said)
        };
        assert!(!adm.get("/app/settings").text().contains("id=\"name\""));
        super::console::says(&post(&adm, "globex"), 403, "needs owner");
        let refused = |answer: checks::Answer| answer.first_error(403, "not_allowed");
        assert_eq!(refused(set(api, &json!({"name": "globex"}))), "authorization: needs an owner who is signed in");
        let token = api.token_of("own", Scope::Admin);
        let by_token =
            Call::new("PATCH", "/v1/organization").key(&token).header("if-match", "*").json(&json!({"name": "globex"}));
        assert_eq!(refused(api.send(by_token)), "authorization: needs an owner who is signed in");
        set(api, &json!({"name": "demo"})).ok();
        super::console::says(&post(&own, "other"), 400, "name of another organization");
        super::console::says(&post(&own, "globex"), 200, "Settings of <bdi>globex</bdi>");
        assert_eq!(api.get("/v1/organization")["name"], "globex");
        let row = &api.get("/v1/audit?action=organization.update&limit=1")[0];
        let change = json!({"field": "name", "before": "demo", "after": "globex"});
        assert!(row["changes"].as_array().is_some_and(|all| all.contains(&change)), "{row}");
        assert_eq!(row["actor"]["name"], "own");
        // Who says the name before, at the sign-in page or in a command, means it.
        let again = checks::Browser::new(api, "192.0.2.3");
        super::console::goes_to(&super::console::sign_in(&again, "own", super::console::PASSWORD), "/app/now");
        assert_ne!(api.new_key("demo", "later", Scope::Read), "");
        api.pass_minutes(11);
        super::console::says(&post(&own, "acme"), 403, "<h1>");
        assert_eq!(api.get("/v1/organization")["name"], "globex");
    });
}

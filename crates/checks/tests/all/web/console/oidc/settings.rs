//! What is set of providers, by the API.

use super::double::{CLIENT, Double, ISSUER, Lie, SECRET};
use checks::{Answer, Api, Call, Database};
use domain::permission::Scope;
use serde_json::{Value, json};

const PATH: &str = "/v1/sign-in-providers/acme";

fn asked(api: &Api, method: &str, path: &str, condition: &str, body: &Value) -> Answer {
    let call = Call::new(method, path).key(&api.key);
    let call = if condition.is_empty() { call } else { call.header("if-match", condition) };
    api.send(if method == "DELETE" { call } else { call.json(body) })
}

#[test]
fn a_provider_is_made_read_changed_and_removed_and_its_secret_is_never_told() {
    Double::on_both(&json!({}), |api, _| {
        let made = api.send(Call::get(PATH).key(&api.key));
        assert_eq!(made.header("etag"), "\"1\"");
        let made = made.ok();
        assert_eq!((&made["client_secret"], &made["client_secret_tail"]), (&json!("(hidden)"), &json!("ters")));
        assert_eq!(made["scopes"], json!(["openid", "profile", "email"]));
        assert_eq!(made["updated_by"], "batch");
        // What was read can be sent back: the secret stays, and so does the version.
        let mut sent = made.clone();
        let same = asked(api, "PUT", PATH, "\"1\"", &sent);
        assert_eq!((same.header("etag"), same.clone().ok()), ("\"1\"", made.clone()));
        sent["max_session_hours"] = json!(8);
        assert_eq!(asked(api, "PUT", PATH, "\"1\"", &sent).ok()["version"], 2);
        asked(api, "PUT", PATH, "\"1\"", &sent).refused(412, "changed_meanwhile");
        asked(api, "PATCH", PATH, "", &json!({"trust_email": true})).refused(428, "if_match_missing");
        let patched = asked(api, "PATCH", PATH, "\"2\"", &json!({"trust_email": true, "max_session_hours": null})).ok();
        assert_eq!((&patched["trust_email"], &patched["max_session_hours"]), (&json!(true), &Value::Null));
        asked(api, "PATCH", PATH, "*", &json!({"client_secret": "another that is long enough"})).ok();
        let unchanged = api.send(Call::get(PATH).key(&api.key).header("if-none-match", "\"4\""));
        assert_eq!(unchanged.status, 304);
        let log = api.get("/v1/audit").to_string();
        for secret in [SECRET, "another that is long enough"] {
            assert!(!log.contains(secret) && !api.get("/v1/sign-in-providers").to_string().contains(secret));
        }
        let actions = |action: &str| api.get(&format!("/v1/audit?action={action}")).as_array().map(Vec::len);
        assert_eq!(actions("sign_in_provider.create"), Some(1));
        assert_eq!(actions("sign_in_provider.update"), Some(3));
        assert_eq!(asked(api, "DELETE", PATH, "*", &json!({})).ok(), "Success");
        asked(api, "DELETE", PATH, "*", &json!({})).refused(404, "unknown_component");
        assert_eq!(actions("sign_in_provider.remove"), Some(1));
        assert_eq!(api.get("/v1/sign-in-providers"), json!([]));
    });
}

#[test]
fn what_is_wrong_with_a_provider_is_told_by_its_field_and_changes_nothing() {
    let (api, _) = Double::at(Database::Sqlite, &json!({}));
    let whole = |more: Value| {
        let mut body = json!({"name": "new", "issuer": ISSUER, "client_id": CLIENT});
        body.as_object_mut().expect("fields").extend(more.as_object().cloned().expect("fields"));
        body
    };
    for (body, code, words) in [
        (json!({}), "invalid_fields", "issuer: is required"),
        (whole(json!({"issuer": "http://id.example.com"})), "invalid_fields", "issuer: must be https://"),
        (whole(json!({"issuer": "http://localhost:1"})), "invalid_fields", "issuer: must be https://"),
        (whole(json!({"issuers": "x"})), "invalid_fields", "issuers: is not a field"),
        (whole(json!({"client_secret": "(hidden)"})), "invalid_fields", "client_secret: (hidden) stands for"),
        (
            whole(json!({"groups": [{"group": "a", "team": "nobodys"}]})),
            "invalid_fields",
            "groups[0].team: there is no team `nobodys`",
        ),
        (
            whole(json!({"groups": [{"group": "a", "role": "owner"}]})),
            "invalid_fields",
            "groups[0].role: must be one of",
        ),
        (whole(json!({"name": "acme"})), "name_taken", "name: another sign-in provider is named `acme`"),
    ] {
        let answer = asked(&api, "POST", "/v1/sign-in-providers", "", &body);
        assert!(answer.text().contains(words) && answer.text().contains(code), "{body}: {}", answer.text());
    }
    assert_eq!(api.get("/v1/sign-in-providers").as_array().map(Vec::len), Some(1));
}

#[test]
fn providers_are_for_whoever_may_change_settings_and_only_of_their_organization() {
    let (api, _) = Double::at(Database::Sqlite, &json!({}));
    let other = api.new_key("other", "ops", Scope::Admin);
    assert_eq!(api.send(Call::get("/v1/sign-in-providers").key(&other)).ok(), json!([]));
    api.send(Call::get(PATH).key(&other)).refused(404, "unknown_component");
    let small = api.new_key("demo", "small", Scope::Incidents);
    let body = json!({"name": "x", "issuer": ISSUER, "client_id": CLIENT});
    for (method, path) in [
        ("GET", "/v1/sign-in-providers"),
        ("GET", PATH),
        ("POST", "/v1/sign-in-providers"),
        ("PUT", PATH),
        ("PATCH", PATH),
        ("DELETE", PATH),
        ("POST", "/v1/sign-in-providers/acme/check"),
    ] {
        let call = Call::new(method, path).key(&small).header("if-match", "*");
        let call = if ["GET", "DELETE"].contains(&method) { call } else { call.json(&body) };
        api.send(call).refused(403, "scope_too_small");
    }
}

#[test]
fn a_check_says_what_was_found_and_what_the_provider_is_to_know() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"scopes": ["openid", "groups"]}));
    let check = || api.send(Call::post("/v1/sign-in-providers/acme/check").key(&api.key).json(&json!({}))).ok();
    let found = check();
    assert_eq!(found["is_fine"], true, "{found}");
    assert_eq!(found["redirect_uri"], "https://reveille.example.org/app/sign-in/oidc/acme/callback");
    assert_eq!(found["backchannel_logout_uri"], "https://reveille.example.org/oidc/acme/logout?organization=demo");
    let subjects: Vec<_> = found["findings"].as_array().expect("findings").iter().map(|one| &one["subject"]).collect();
    assert_eq!(subjects, ["discovery", "keys", "signatures", "pkce", "scopes", "logout"]);
    double.lies(Lie::OtherIssuer);
    let found = check();
    assert_eq!(found["is_fine"], false);
    assert_eq!(found["findings"][0]["found"], "issuer: the provider calls itself `https://other.example`");
    double.is_away(true);
    assert_eq!(check()["findings"][0]["found"], "no answer in time");
}

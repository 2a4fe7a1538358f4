//! A provider, or whoever stands between, that lies: nobody is signed in, whatever it lies in.

use super::super::{PASSWORD, SESSION, is_in, says, sign_in, welcomed};
use super::double::{CLIENT, Double, ISSUER, LINK, Lie, sent, walk};
use checks::{Browser, Database};
use serde_json::{Value, json};

/// With each of these lies nobody is signed in; without it, the same person is.
#[track_caller]
fn refused(lies: &[Lie]) {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    for lie in lies {
        let browser = Browser::new(&api, "192.0.2.1");
        double.lies(lie.clone());
        let answer = walk(&browser, &double, "s1", &ben());
        assert!(!is_in(&browser) && browser.cookie(SESSION).is_none(), "{lie:?}");
        says(&answer, 401, "That did not work");
        double.lies(Lie::None);
        assert_eq!(sent(&walk(&browser, &double, "s1", &ben())), "/app/now", "{lie:?}");
        assert!(is_in(&browser));
    }
}

/// Somebody whom the demo has, and who is no owner.
fn ben() -> Value {
    json!({"email": "ben@example.com", "email_verified": true})
}

/// Claims that make no difference are no lie.
#[track_caller]
fn taken(claim: &'static str, value: Value) {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    let browser = Browser::new(&api, "192.0.2.1");
    double.lies(Lie::Claim(claim, value));
    assert_eq!(sent(&walk(&browser, &double, "s1", &ben())), "/app/now");
    assert!(is_in(&browser));
}

#[test]
fn a_forged_answer_stands_in_the_audit_log_as_a_sign_in_that_was_refused() {
    Double::on_both(&json!({"trust_email": true}), |api, double| {
        let browser = Browser::new(api, "192.0.2.1");
        for lie in [Lie::Unsigned, Lie::Claim("nonce", json!("of another sign-in"))] {
            double.lies(lie);
            says(&walk(&browser, double, "s1", &ben()), 401, "That did not work");
        }
        api.pass_minutes(1);
        api.beat();
        let rows = api.get("/v1/audit?action=user.sign_in_refused");
        let told = ["outcome", "count", "object"].map(|key| rows[0][key].clone());
        let expect = json!(["refused(provider_not_believed)", 2, {"kind": "user", "name": "unknown"}]);
        assert_eq!(json!(told), expect, "{rows}");
    });
}

#[test]
fn an_id_token_of_another_issuer_signs_nobody_in() {
    refused(&[
        Lie::Claim("iss", json!("https://evil.example")),
        Lie::Claim("iss", json!(format!("{ISSUER}/"))),
        Lie::Claim("iss", Value::Null),
    ]);
}

#[test]
fn an_id_token_for_another_client_signs_nobody_in() {
    refused(&[
        Lie::Claim("aud", json!("another client")),
        Lie::Claim("aud", json!(["one", "other"])),
        Lie::Claim("aud", Value::Null),
    ]);
}

#[test]
fn an_id_token_that_was_made_for_another_party_signs_nobody_in() {
    refused(&[Lie::Claim("azp", json!("another client")), Lie::Claim("aud", json!([CLIENT, "other"]))]);
    taken("azp", json!(CLIENT));
}

#[test]
fn an_id_token_with_another_nonce_signs_nobody_in() {
    refused(&[Lie::Claim("nonce", json!("of another sign-in")), Lie::Claim("nonce", Value::Null)]);
}

#[test]
fn an_id_token_whose_time_is_over_signs_nobody_in() {
    let now = checks::START.0 / 1_000_000;
    refused(&[Lie::Claim("exp", json!(now)), Lie::Claim("exp", Value::Null)]);
    taken("exp", json!(now + 1));
}

#[test]
fn an_id_token_without_a_signature_signs_nobody_in() {
    refused(&[Lie::Unsigned]);
}

#[test]
fn an_id_token_that_is_signed_with_what_others_know_signs_nobody_in() {
    refused(&[Lie::HmacOfPublicKey, Lie::HmacOfSecret]);
}

#[test]
fn an_id_token_by_a_key_that_is_not_the_providers_signs_nobody_in() {
    refused(&[Lie::StrangersKey, Lie::UnknownKid]);
}

#[test]
fn an_id_token_that_was_changed_after_it_was_signed_signs_nobody_in() {
    refused(&[Lie::Changed]);
}

#[test]
fn an_access_token_of_another_sign_in_signs_nobody_in_and_one_of_which_nothing_is_said_does() {
    refused(&[Lie::Claim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))]);
    taken("at_hash", Value::Null);
}

#[test]
fn an_id_token_that_names_nobody_signs_nobody_in() {
    refused(&[Lie::Claim("sub", json!("")), Lie::Claim("sub", Value::Null), Lie::Claim("sub", json!("x".repeat(256)))]);
}

#[test]
fn a_provider_that_calls_itself_otherwise_is_not_gone_to() {
    for lie in [Lie::OtherIssuer, Lie::PlainEndpoint] {
        let (api, double) = Double::at(Database::Sqlite, &json!({}));
        let browser = Browser::new(&api, "192.0.2.1");
        double.lies(lie);
        says(&browser.get(LINK), 503, "The provider cannot be asked at the moment");
    }
}

#[test]
fn what_comes_back_to_another_browser_signs_nobody_in() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    let (attacker, victim) = (Browser::new(&api, "198.51.100.1"), Browser::new(&api, "192.0.2.1"));
    let of_attacker = double.lets_in(&sent(&attacker.get(LINK)), "s1", &ben());
    // One that was never sent there, and one that was sent with another state.
    says(&victim.get(&of_attacker), 401, "That did not work");
    sent(&victim.get(LINK));
    says(&victim.get(&of_attacker), 401, "That did not work");
    assert!(!is_in(&victim));
    // Whose it was, goes on with it.
    assert_eq!(sent(&attacker.get(&of_attacker)), "/app/now");
}

#[test]
fn what_came_back_once_signs_nobody_in_again_even_if_the_provider_takes_the_code_again() {
    Double::on_both(&json!({"trust_email": true}), |api, double| {
        let browser = Browser::new(api, "192.0.2.1");
        double.lies(Lie::CodeReplay);
        let location = sent(&browser.get(LINK));
        let held = browser.cookie("__Host-reveille-provider").expect("what it holds on its way");
        let back = double.lets_in(&location, "s1", &ben());
        assert_eq!(sent(&browser.get(&back)), "/app/now");
        assert_eq!(browser.cookie("__Host-reveille-provider"), None);
        let thief = Browser::new(api, "198.51.100.1");
        thief.plant("__Host-reveille-provider", &held);
        says(&thief.get(&back), 401, "That did not work");
        assert!(!is_in(&thief));
    });
}

#[test]
fn what_comes_back_too_late_signs_nobody_in() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    let browser = Browser::new(&api, "192.0.2.1");
    let back = double.lets_in(&sent(&browser.get(LINK)), "s1", &ben());
    api.pass_minutes(10);
    says(&browser.get(&back), 401, "That did not work");
    assert!(!is_in(&browser));
}

#[test]
fn the_answer_of_another_provider_signs_nobody_in() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    let browser = Browser::new(&api, "192.0.2.1");
    let back = double.lets_in(&sent(&browser.get(LINK)), "s1", &ben());
    says(&browser.get(&format!("{back}&iss=https%3A%2F%2Fevil.example")), 401, "That did not work");
    // A second provider: what was begun with one does not come back by the address of the other.
    let body = json!({"name": "other", "issuer": ISSUER, "client_id": CLIENT});
    api.send(checks::Call::post("/v1/sign-in-providers").key(&api.key).json(&body)).ok();
    let back = double.lets_in(&sent(&browser.get(LINK)), "s1", &ben());
    says(&browser.get(&back.replace("/acme/", "/other/")), 401, "That did not work");
    // One that says that it always tells whose answer it is.
    double.says_iss();
    api.pass_minutes(61);
    let back = double.lets_in(&sent(&browser.get(LINK)), "s1", &ben());
    let without = back.split("&iss=").next().expect("a path").to_owned();
    says(&browser.get(&without), 401, "That did not work");
    assert!(!is_in(&browser));
    assert_eq!(sent(&walk(&browser, &double, "s1", &ben())), "/app/now");
}

#[test]
fn an_error_of_the_provider_and_what_is_missing_sign_nobody_in() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    let browser = Browser::new(&api, "192.0.2.1");
    for cut in ["&error=access_denied", ""] {
        let back = double.lets_in(&sent(&browser.get(LINK)), "s1", &ben());
        let state = back.split("state=").nth(1).expect("a state");
        says(&browser.get(&format!("/app/sign-in/oidc/acme/callback?state={state}{cut}")), 401, "That did not work");
    }
    says(&browser.get("/app/sign-in/oidc/acme/callback"), 401, "That did not work");
    assert!(!is_in(&browser));
}

#[test]
fn a_new_key_is_read_once_a_minute_at_most() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    let browser = Browser::new(&api, "192.0.2.1");
    assert_eq!(sent(&walk(&browser, &double, "s1", &ben())), "/app/now");
    assert_eq!((double.asked("/keys"), double.asked("/openid-configuration")), (1, 1));
    // A key is changed at the provider, which its sign-in of this minute cannot know.
    double.signs_with(1);
    double.publishes(1);
    for _ in 0..3 {
        says(&walk(&browser, &double, "s1", &ben()), 401, "That did not work");
    }
    assert_eq!(double.asked("/keys"), 0);
    api.pass_minutes(1);
    assert_eq!(sent(&walk(&browser, &double, "s1", &ben())), "/app/now");
    assert_eq!((double.asked("/keys"), double.asked("/openid-configuration")), (1, 0));
    double.signs_with(9);
    api.pass_minutes(1);
    for _ in 0..3 {
        says(&walk(&browser, &double, "s1", &ben()), 401, "That did not work");
    }
    assert_eq!(double.asked("/keys"), 1);
}

#[test]
fn a_provider_that_is_away_keeps_nobody_out_who_has_a_password() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    double.is_away(true);
    let browser = Browser::new(&api, "192.0.2.1");
    says(&browser.get(LINK), 503, "sign in otherwise");
    drop(welcomed(&api, "ben", "192.0.2.1"));
    assert_eq!(sent(&sign_in(&browser, "ben", PASSWORD)), "/app/now");
}

#[test]
fn a_network_whose_answers_are_refused_a_hundred_times_is_not_listened_to() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    let browser = Browser::new(&api, "192.0.2.1");
    for _ in 0..100 {
        says(&browser.get("/app/sign-in/oidc/acme/callback?state=x&code=y"), 401, "That did not work");
    }
    assert_eq!(double.asked("/keys"), 0);
    assert_eq!(walk(&browser, &double, "s1", &ben()).status, 429);
    let elsewhere = Browser::new(&api, "198.51.100.1");
    assert_eq!(sent(&walk(&elsewhere, &double, "s1", &ben())), "/app/now");
    api.pass_minutes(60);
    assert_eq!(sent(&walk(&browser, &double, "s1", &ben())), "/app/now");
}

#[test]
fn what_a_browser_holds_on_its_way_is_never_more_than_it_can() {
    let long = "i".repeat(900);
    let (api, _) = Double::at(Database::Sqlite, &json!({"client_id": long}));
    let browser = Browser::new(&api, "192.0.2.1");
    for length in [10, 990, 1500] {
        let location = browser.get(&format!("{LINK}&next=/app/{}", "x".repeat(length)));
        assert_eq!(location.status, 303);
        assert!(browser.cookie("__Host-reveille-provider").expect("a cookie").len() < 4000);
    }
}

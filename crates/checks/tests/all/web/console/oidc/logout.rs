//! Sessions that a provider ends.

use super::super::is_in;
use super::double::{CLIENT, Double, sent, walk};
use checks::{Answer, Api, Browser, Call, Database};
use serde_json::{Value, json};

fn claims(user: &str, sid: &str) -> Value {
    json!({"email": format!("{user}@example.com"), "email_verified": true, "sid": sid})
}

fn ends(api: &Api, token: &str) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).append_pair("logout_token", token).finish();
    let call = Call::post("/oidc/acme/logout?organization=demo");
    api.send(call.header("content-type", "application/x-www-form-urlencoded").body(body))
}

#[test]
fn a_provider_ends_one_session_or_all_of_a_person() {
    Double::on_both(&json!({"trust_email": true}), |api, double| {
        let browsers = ["one", "two", "three"].map(|sid| {
            let browser = Browser::new(api, "192.0.2.1");
            assert_eq!(sent(&walk(&browser, double, "s1", &claims("ben", sid))), "/app/now");
            browser
        });
        let other = Browser::new(api, "192.0.2.2");
        assert_eq!(sent(&walk(&other, double, "s2", &claims("cho", "four"))), "/app/now");
        let are_in = || browsers.iter().chain([&other]).map(is_in).collect::<Vec<_>>();
        assert_eq!(ends(api, &double.logout_token(api, &json!({"sid": "two"}))).status, 200);
        assert_eq!(are_in(), [true, false, true, true]);
        // A session that is said to be of somebody else stays.
        assert_eq!(ends(api, &double.logout_token(api, &json!({"sid": "one", "sub": "s2"}))).status, 200);
        assert_eq!(are_in(), [true, false, true, true]);
        assert_eq!(ends(api, &double.logout_token(api, &json!({"sub": "s1"}))).status, 200);
        assert_eq!(are_in(), [false, false, false, true]);
        assert_eq!(api.get("/v1/audit?action=session.end&way=provider").as_array().map(Vec::len), Some(2));
    });
}

#[test]
fn a_token_that_is_not_believed_ends_nothing() {
    let (api, double) = &Double::at(Database::Sqlite, &json!({"trust_email": true}));
    let browser = Browser::new(api, "192.0.2.1");
    assert_eq!(sent(&walk(&browser, double, "s1", &claims("ben", "one"))), "/app/now");
    let now = api.clock.now() / 1_000_000;
    for lie in [
        json!({"iss": "https://evil.example"}),
        json!({"aud": "another client"}),
        json!({"aud": null}),
        json!({"exp": now}),
        json!({"exp": null, "iat": now - 300}),
        json!({"iat": null}),
        json!({"events": {}}),
        json!({"events": null}),
        json!({"nonce": "x"}),
        json!({"sub": null}),
        json!({"sub": 1}),
    ] {
        let mut said = json!({"sub": "s1"});
        said.as_object_mut().expect("claims").extend(lie.as_object().cloned().expect("claims"));
        let token = double.logout_token(api, &said);
        ends(api, &token).refused(400, "invalid_fields");
        assert!(is_in(&browser), "{lie}");
    }
    let good = double.logout_token(api, &json!({"sub": "s1", "aud": [CLIENT, "other"]}));
    let (message, _) = good.rsplit_once('.').expect("a signature");
    for token in [format!("{message}."), message.to_owned(), format!("{message}.AAAA"), "x".to_owned(), String::new()] {
        ends(api, &token).refused(400, "invalid_fields");
    }
    assert!(is_in(&browser));
    api.send(Call::post("/oidc/nothing/logout?organization=demo").body("logout_token=x")).refused(404, "unknown_path");
    api.send(Call::get("/oidc/acme/logout?organization=demo")).refused(405, "method_not_allowed");
    assert_eq!(ends(api, &good).status, 200);
    assert!(!is_in(&browser));
}

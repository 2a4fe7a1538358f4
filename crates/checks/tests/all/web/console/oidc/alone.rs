//! An organization in which nobody signs in by a password.

use super::super::factor::set_up;
use super::super::passkey::added;
use super::super::{PASSWORD, goes_to, hidden, is_in, says, sign_in, welcomed};
use super::double::{Double, sent, walk};
use checks::{Answer, Api, Browser, Call};
use domain::sign_in::LinkPurpose;
use serde_json::{Value, json};

fn takes_passwords(api: &Api, whether: &Value) -> Answer {
    let body = json!({"password_sign_in": whether});
    api.send(Call::new("PATCH", "/v1/organization").key(&api.key).header("if-match", "*").json(&body))
}

#[test]
fn no_password_lets_in_once_a_provider_and_the_passkey_of_an_owner_do() {
    Double::on_both(&json!({"trust_email": true}), |api, double| {
        let refused = takes_passwords(api, &json!(false)).refused(400, "invalid_fields");
        let expect = json!([
            "password_sign_in: nobody has signed in by a provider yet",
            "password_sign_in: no owner has a passkey, by which they come in when a provider is away",
        ]);
        assert_eq!(refused["errors"], expect);
        let ben = welcomed(api, "ben", "192.0.2.1");
        let by_provider = |address: &str| {
            let browser = Browser::new(api, address);
            let claims = json!({"email": "ben@example.com", "email_verified": true});
            assert_eq!(sent(&walk(&browser, double, "s1", &claims)), "/app/now");
            assert!(is_in(&browser));
        };
        by_provider("192.0.2.2");
        takes_passwords(api, &json!(false)).first_error(400, "invalid_fields");
        api.amend("role = \"admin\"\njob_title", "role = \"owner\"\njob_title");
        added(&welcomed(api, "ana", "192.0.2.3"), "laptop");
        takes_passwords(api, &json!(false)).ok();

        let browser = Browser::new(api, "192.0.2.4");
        let page = browser.get("/app/sign-in?organization=demo");
        assert!(page.text().contains("/app/sign-in/oidc/") && page.text().contains("passkey"), "{}", page.text());
        assert!(!page.text().contains("type=\"password\"") && !page.text().contains("/app/reset"), "{}", page.text());
        assert_eq!(sign_in(&browser, "ben", PASSWORD).status, 401);
        assert!(!is_in(&browser));
        by_provider("192.0.2.5");
        let security = ben.get("/app/me/security");
        says(&security, 200, "Second factor");
        assert!(!security.text().contains("type=\"password\""), "what does not count is not asked for");
        let chosen = [("password", PASSWORD), ("again", PASSWORD)];
        let invitation = api.link(LinkPurpose::Invite, "cho");
        says(&browser.get(&invitation), 200, "Nobody signs in by a password here");
        assert!(!browser.get(&invitation).text().contains("type=\"password\""));
        assert_eq!(browser.post(&invitation, &chosen).status, 404);
        assert!(!is_in(&browser));
        // Whoever runs the server is believed: nobody is locked out for good.
        let cho = Browser::new(api, "192.0.2.6");
        goes_to(&cho.post(&api.link(LinkPurpose::Setup, "cho"), &chosen), "/app/now");
        // With a second factor, that is still asked for.
        let (app, _) = set_up(api, &cho);
        let half = browser.post(&api.link(LinkPurpose::Setup, "cho"), &chosen);
        says(&half, 200, "Your second factor");
        assert!(!is_in(&browser));
        let (token, code) = (hidden(&half, "token"), app.code(30));
        goes_to(&browser.post("/app/sign-in/code", &[("token", &token), ("code", &code)]), "/app/now");

        let provider = &api.get("/v1/sign-in-providers")[0]["ref_id"];
        let path = format!("/v1/sign-in-providers/{}", provider.as_str().expect("an id"));
        let remove = || api.send(Call::new("DELETE", &path).key(&api.key).header("if-match", "*"));
        assert!(
            remove().first_error(400, "invalid_fields").starts_with("provider: is the last one"),
            "the way in stays"
        );

        takes_passwords(api, &Value::Null).ok();
        goes_to(&sign_in(&Browser::new(api, "192.0.2.7"), "ben", PASSWORD), "/app/now");
    });
}

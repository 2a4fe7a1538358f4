//! Whose an account at a provider is: linked, known by a verified address, new, or nobody's.

use super::super::{PASSWORD, goes_to, hidden, is_in, says, sign_in, welcomed};
use super::double::{Double, LINK, sent, walk};
use checks::{Answer, Browser, Call, Database};
use serde_json::{Value, json};

fn claims(email: &str, is_verified: Value) -> Value {
    json!({"email": email, "email_verified": is_verified, "preferred_username": "zoe", "name": "Zoe Zimmer"})
}

/// Nobody is signed in, and whoever asks hears no more than that.
#[track_caller]
fn is_nobodys(answer: &Answer, browser: &Browser<'_>) {
    says(answer, 401, "The account that you have there cannot be used here.");
    assert!(!is_in(browser));
}

#[test]
fn a_verified_address_counts_only_where_the_provider_is_trusted_with_it() {
    for (trusted, verified, expect) in [
        (true, json!(true), true),
        (true, json!("true"), true),
        (true, json!(false), false),
        (true, json!("false"), false),
        (true, json!(1), false),
        (true, Value::Null, false),
        (false, json!(true), false),
    ] {
        let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": trusted}));
        let browser = Browser::new(&api, "192.0.2.1");
        walk(&browser, &double, "s1", &claims("BEN@example.com", verified.clone()));
        assert_eq!(is_in(&browser), expect, "{trusted} {verified}");
    }
}

#[test]
fn an_account_is_the_same_persons_whatever_becomes_of_its_address() {
    Double::on_both(&json!({"trust_email": true}), |api, double| {
        let browser = Browser::new(api, "192.0.2.1");
        assert_eq!(sent(&walk(&browser, double, "s1", &claims("ben@example.com", json!(true)))), "/app/now");
        says(&browser.get("/app/now"), 200, "title=\"Ben Bauer\"");
        assert_eq!(sent(&walk(&browser, double, "s1", &claims("cho@example.com", json!(true)))), "/app/now");
        says(&browser.get("/app/now"), 200, "title=\"Ben Bauer\"");
        // Another account that has Ben's address by now is not his.
        let other = Browser::new(api, "192.0.2.2");
        is_nobodys(&walk(&other, double, "s2", &claims("ben@example.com", json!(true))), &other);
    });
}

#[test]
fn an_owner_is_not_known_by_an_address() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    api.amend("email = \"ben@example.com\"", "email = \"ben@example.com\"\nrole = \"owner\"");
    let browser = Browser::new(&api, "192.0.2.1");
    is_nobodys(&walk(&browser, &double, "s1", &claims("ben@example.com", json!(true))), &browser);
}

#[test]
fn whoever_is_locked_or_gone_is_not_let_in_by_a_provider() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    let browser = Browser::new(&api, "192.0.2.1");
    let ben = || claims("ben@example.com", json!(true));
    assert_eq!(sent(&walk(&browser, &double, "s1", &ben())), "/app/now");
    api.amend("username = \"ben\"\n", "username = \"ben\"\nlocked = true\n");
    assert!(!is_in(&browser));
    is_nobodys(&walk(&browser, &double, "s1", &ben()), &browser);
    let other = Browser::new(&api, "192.0.2.2");
    is_nobodys(&walk(&other, &double, "s2", &ben()), &other);
    // What a person was known by goes with them; another one of the same name is not they.
    api.extend("[[user]]\nusername = \"zed\"\nemail = \"zed@example.com\"\n");
    assert_eq!(sent(&walk(&other, &double, "s3", &claims("zed@example.com", json!(true)))), "/app/now");
    api.extend("");
    assert!(!is_in(&other));
    is_nobodys(&walk(&other, &double, "s3", &json!({})), &other);
    // The log counts them as it does wrong passwords.
    api.pass_minutes(1);
    api.beat();
    let rows = api.get("/v1/audit?action=user.sign_in_refused");
    assert_eq!((&rows[0]["count"], &rows[0]["object"]["name"]), (&json!(3), &json!("unknown")), "{rows}");
}

#[test]
fn nobody_signs_up_unless_their_domain_does() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    let browser = Browser::new(&api, "192.0.2.1");
    is_nobodys(&walk(&browser, &double, "s1", &claims("zoe@new.example", json!(true))), &browser);
    drop((api, double));
    let rules = json!({"sign_up": [{"domain": "new.example", "role": "observer"}]});
    Double::on_both(&rules, |api, double| {
        let browser = Browser::new(api, "192.0.2.1");
        for (email, verified) in
            [("zoe@new.example", false), ("zoe@sub.new.example", true), ("zoe@new.example.evil.example", true)]
        {
            is_nobodys(&walk(&browser, double, "s1", &claims(email, json!(verified))), &browser);
        }
        // A username that is somebody else's is not given to a newcomer, and neither is the person.
        let taken = json!({"email": "b@new.example", "email_verified": true, "preferred_username": "BEN"});
        is_nobodys(&walk(&browser, double, "s2", &taken), &browser);
        let address =
            json!({"email": "b@new.example", "email_verified": true, "preferred_username": "ben@example.com"});
        is_nobodys(&walk(&browser, double, "s2", &address), &browser);
        let zoe = claims("zoe@new.example", json!(true));
        assert_eq!(sent(&walk(&browser, double, "s1", &zoe)), "/app/now");
        says(&browser.get("/app/now"), 200, "title=\"Zoe Zimmer\"");
        let user = api.get("/v1/users/zoe");
        assert_eq!((&user["role"], &user["email"]), (&json!("observer"), &json!("zoe@new.example")));
        assert_eq!(user["updated_by"], "provider acme");
        let rows = api.get("/v1/audit?action=user.create&way=provider");
        assert_eq!((&rows[0]["actor"]["kind"], &rows[0]["object"]["name"]), (&json!("provider"), &json!("zoe")));
        // A second time nobody is made.
        assert_eq!(sent(&walk(&browser, double, "s1", &zoe)), "/app/now");
        assert_eq!(api.get("/v1/audit?action=user.create&way=provider").as_array().map(Vec::len), Some(1));
        assert_eq!(api.get("/v1/audit?action=user.sign_in").as_array().map(Vec::len), Some(2));
    });
}

#[test]
fn whoever_is_signed_in_links_an_account_and_takes_it_back() {
    Double::on_both(&json!({}), |api, double| {
        let ben = welcomed(api, "ben", "192.0.2.1");
        let location = sent(&ben.get("/app/me/security/link/acme"));
        let page = ben.get(&double.lets_in(&location, "s1", &claims("b@elsewhere.example", Value::Null)));
        says(&page, 200, "acme knows you as b@elsewhere.example.");
        let token = hidden(&page, "token");
        // Until it is confirmed, the account is nobody's.
        let other = Browser::new(api, "192.0.2.2");
        is_nobodys(&walk(&other, double, "s1", &json!({})), &other);
        // What was offered to Ben is of no use to others.
        let cho = welcomed(api, "cho", "192.0.2.3");
        says(&cho.post("/app/me/security/link", &[("token", &token)]), 401, "That did not work");
        goes_to(&ben.post("/app/me/security/link", &[("token", &token)]), "/app/me/security");
        assert_eq!(sent(&walk(&other, double, "s1", &json!({}))), "/app/now");
        says(&other.get("/app/now"), 200, "title=\"Ben Bauer\"");
        let location = sent(&cho.get("/app/me/security/link/acme"));
        let page = cho.get(&double.lets_in(&location, "s1", &json!({})));
        let token = hidden(&page, "token");
        says(&cho.post("/app/me/security/link", &[("token", &token)]), 401, "That did not work");
        let page = ben.get("/app/me/security");
        says(&page, 200, "acme: s1, since ");
        let fields = [("issuer", super::double::ISSUER), ("subject", "s1")];
        assert_eq!(cho.post("/app/me/security/unlink", &fields).status, 404);
        goes_to(&ben.post("/app/me/security/unlink", &fields), "/app/me/security");
        is_nobodys(&walk(&Browser::new(api, "192.0.2.4"), double, "s1", &json!({})), &Browser::new(api, "192.0.2.4"));
        let actions = api.get("/v1/audit?way=console");
        let actions: Vec<_> = actions.as_array().expect("rows").iter().map(|row| row["action"].clone()).collect();
        assert!(actions.contains(&json!("user.link_account")) && actions.contains(&json!("user.unlink_account")));
    });
}

#[test]
fn linking_wants_a_fresh_sign_in_which_a_provider_can_give() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    let browser = Browser::new(&api, "192.0.2.1");
    let ben = claims("ben@example.com", json!(true));
    assert_eq!(sent(&walk(&browser, &double, "s1", &ben)), "/app/now");
    api.pass_minutes(10);
    says(&browser.get("/app/me/security/link/acme"), 403, "Is it still you?");
    // The provider remembers the person, but did not ask anew: that proves nothing.
    let begin = api.clock.now() / 1_000_000 - 3600;
    let again = "/app/sign-in/oidc/acme?again=1&next=/app/me/security";
    let location = sent(&browser.get(again));
    assert!(location.contains("max_age=0"), "{location}");
    for auth_time in [json!(begin), Value::Null] {
        let location = sent(&browser.get(again));
        let back = double.lets_in(&location, "s1", &json!({"auth_time": auth_time}));
        says(&browser.get(&back), 401, "That did not work");
    }
    // Neither does somebody else's account.
    let location = sent(&browser.get(again));
    let cho = double.lets_in(&location, "s2", &claims("cho@example.com", json!(true)));
    says(&browser.get(&cho), 401, "The account that you have there cannot be used here.");
    let location = sent(&browser.get(again));
    goes_to(&browser.get(&double.lets_in(&location, "s1", &ben)), "/app/me/security");
    assert!(sent(&browser.get("/app/me/security/link/acme")).starts_with("https://id.example.com/authorize?"));
}

#[test]
fn the_sign_in_page_shows_the_providers_as_links_and_goes_on_where_one_was() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    let browser = Browser::new(&api, "192.0.2.1");
    // With several organizations nobody hears of their providers who does not name one.
    assert!(!browser.get("/app/sign-in").text().contains("Sign in by acme"));
    says(&browser.get("/app/sign-in?organization=demo"), 200, "Sign in by acme");
    assert!(!browser.get("/app/sign-in?organization=other").text().contains("Sign in by acme"));
    let ben = claims("ben@example.com", json!(true));
    for (next, expect) in [("%2Fapp%2Fme%2Fsecurity", "/app/me/security"), ("https%3A%2F%2Fevil.example", "/app/now")] {
        let location = sent(&browser.get(&format!("{LINK}&next={next}")));
        goes_to(&browser.get(&double.lets_in(&location, "s1", &ben)), expect);
    }
    assert_eq!(browser.get("/app/sign-in/oidc/nothing?organization=demo").status, 404);
    assert_eq!(browser.get("/app/sign-in/oidc/acme?organization=other").status, 404);
    assert_eq!(browser.post("/app/sign-in/oidc/acme", &[]).status, 404);
}

#[test]
fn a_session_by_a_provider_is_over_when_the_provider_says_it_is_to_be() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true, "max_session_hours": 8}));
    let browser = Browser::new(&api, "192.0.2.1");
    assert_eq!(sent(&walk(&browser, &double, "s1", &claims("ben@example.com", json!(true)))), "/app/now");
    assert_eq!(browser.get("/v1/me").ok()["signed_in_by"], "provider");
    api.pass_minutes(8 * 60 - 1);
    assert!(is_in(&browser));
    api.pass_minutes(1);
    assert!(!is_in(&browser));
    // A person whom a provider let in has a password beside, if they chose one.
    drop(welcomed(&api, "ben", "192.0.2.9"));
    goes_to(&sign_in(&browser, "ben", PASSWORD), "/app/now");
}

#[test]
fn a_provider_of_one_organization_lets_nobody_into_another() {
    let (api, double) = Double::at(Database::Sqlite, &json!({"trust_email": true}));
    let key = api.new_key("other", "ops", domain::permission::Scope::Admin);
    let body = json!({"name": "acme", "issuer": super::double::ISSUER, "client_id": super::double::CLIENT,
        "client_secret": super::double::SECRET});
    api.send(Call::post("/v1/sign-in-providers").key(&key).json(&body)).ok();
    let browser = Browser::new(&api, "192.0.2.1");
    assert_eq!(sent(&walk(&browser, &double, "s1", &claims("ben@example.com", json!(true)))), "/app/now");
    let other = Browser::new(&api, "192.0.2.2");
    let location = sent(&other.get("/app/sign-in/oidc/acme?organization=other"));
    is_nobodys(&other.get(&double.lets_in(&location, "s1", &json!({}))), &other);
}

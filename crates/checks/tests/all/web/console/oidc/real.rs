//! A provider that others wrote, as a process: the Python package oidc-provider-mock, which signs by RS256.

use checks::{Answer, Api, Browser, Call, Database, Provider};
use notify::carrier::HttpClient;
use notify::egress::Egress;
use serde_json::json;
use std::sync::Arc;

/// Both programs are on this machine, so that plain HTTP counts between them.
const OWN: &str = "http://localhost:8080";

fn get(browser: &Browser<'_>, path: &str) -> Answer {
    browser.send(Call::get(path).header("host", "localhost:8080"))
}

#[test]
fn a_person_signs_in_by_a_provider_that_others_wrote() {
    let mut provider = Provider::start(&json!({"sub": "7", "email": "ben@example.com", "email_verified": true}));
    let issuer = format!("http://localhost:{}", provider.port);
    let guard = Egress::new(["127.0.0.0/8", "::1/128"].map(|net| net.parse().expect("a network")).to_vec());
    let client = HttpClient::new(guard).expect("a client");
    let api = Api::fetching_at(Database::Sqlite, OWN, Arc::new(client));
    let body = json!({"name": "mock", "issuer": issuer, "client_id": "reveille", "client_secret": "s",
        "trust_email": true});
    api.send(Call::post("/v1/sign-in-providers").key(&api.key).json(&body)).ok();
    let check = api.send(Call::post("/v1/sign-in-providers/mock/check").key(&api.key).json(&json!({}))).ok();
    assert_eq!(check["is_fine"], true, "{check}");
    let browser = Browser::new(&api, "127.0.0.1");
    let begun = get(&browser, "/app/sign-in/oidc/mock?organization=demo");
    assert_eq!(begun.status, 303, "{}", begun.text());
    let back = provider.sign_in(begun.header("location"), "7");
    let path = back.strip_prefix(OWN).unwrap_or_else(|| panic!("sent elsewhere: {back}"));
    assert_eq!(get(&browser, path).header("location"), "/app/now");
    let page = get(&browser, "/app/now");
    assert!(page.status == 200 && page.text().contains("title=\"Ben Bauer\""), "{}", page.text());
    // The code was taken, and so was the state.
    assert_eq!(get(&Browser::new(&api, "127.0.0.1"), path).status, 401);
}

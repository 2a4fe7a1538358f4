//! Who one is, told to keys and to sessions.

use super::{PASSWORD, SESSION, goes_to, is_in, says, sign_in, welcomed};
use checks::{Api, Browser, Call, Database};
use serde_json::{Value, json};

#[test]
fn a_session_says_who_one_is_and_ends_ones_other_sessions() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let me = ana.get("/v1/me").ok();
        assert_eq!(
            json!([me["kind"], me["name"], me["organization"], me["preferred_username"], me["user_role"], me["scope"]]),
            json!(["person", "Ana Alves", "demo", "ana", "admin", null])
        );
        assert_eq!(me["signed_in_by"], "link");
        let elsewhere = Browser::new(api, "192.0.2.2");
        goes_to(&sign_in(&elsewhere, "ana", PASSWORD), "/app/now");
        let sessions = ana.get("/v1/me/sessions").ok();
        let column =
            |key: &str| sessions.as_array().expect("a list").iter().map(|one| one[key].clone()).collect::<Vec<Value>>();
        assert_eq!(sessions.as_array().map(Vec::len), Some(2));
        assert!(
            column("network").contains(&json!("192.0.2.2")) && column("device").contains(&json!("a test's browser"))
        );
        assert_eq!(column("is_this").iter().filter(|is_this| **is_this == json!(true)).count(), 1);
        assert!(column("session_ref_id").contains(&me["session_ref_id"]));
        let end = || Call::new("DELETE", "/v1/me/sessions");
        ana.send(end()).refused(403, "cross_site");
        ana.send(end().header("sec-fetch-site", "cross-site")).refused(403, "cross_site");
        assert!(is_in(&elsewhere));
        assert_eq!(ana.send(end().header("sec-fetch-site", "same-origin")).ok(), "Success");
        assert!(is_in(&ana) && !is_in(&elsewhere));
        elsewhere.get("/v1/me").refused(401, "signed_out");
    });
}

#[test]
fn a_key_says_what_it_is_and_goes_before_a_session() {
    let api = Api::reachable(Database::Sqlite);
    let me = api.get("/v1/me");
    assert_eq!(
        json!([me["kind"], me["name"], me["organization"], me["preferred_username"], me["scope"]]),
        json!(["key", "batch", "demo", null, "admin"])
    );
    assert_eq!(api.get("/v1/me/sessions"), json!([]));
    let ana = welcomed(&api, "ana", "192.0.2.1");
    assert_eq!(ana.send(Call::get("/v1/me").key(&api.key)).ok()["kind"], "key");
    ana.send(Call::get("/v1/me").key("reveille_nothing")).refused(401, "unknown_key");
    api.send(Call::get("/v1/me")).refused(401, "missing_key");
    let shown = format!("{SESSION}=1.made-up");
    api.send(Call::get("/v1/me").header("cookie", shown)).refused(401, "signed_out");
}

#[test]
fn whoever_wants_to_know_whether_they_are_reached_pages_themselves_alone() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let page = ana.get("/app/me");
    says(&page, 200, "<strong>e-mail</strong>");
    says(&ana.post("/app/me/test", &[("urgency_level", "9")]), 400, "urgency_level: ");
    for _ in 0..2 {
        let paged = ana.post("/app/me/test", &[("urgency_level", "4"), ("idempotency_key", "form-1")]);
        says(&paged, 200, "<h1><bdi>A page to see that it reaches Ana Alves</bdi></h1>");
        says(&paged, 200, "With Ana Alves, level 1.");
    }
    says(&ana.get("/app/incidents/2"), 404, "there is no such incident");
}

//! Providers on their pages: listed, made, changed, checked, removed, by forms alone.

use super::double::{CLIENT, Double, ISSUER, Lie, SECRET};
use crate::web::console::{filled, says, welcomed};
use checks::{Answer, Browser, Call};
use serde_json::{Value, json};

const PATH: &str = "/app/settings/providers";

/// Sends the form of the page whose action this is, with these fields in the place of what is filled in.
fn send(browser: &Browser<'_>, page: &Answer, path: &str, typed: &[(&str, &str)]) -> Answer {
    let field = page.text().find("name=\"issuer\"").expect("the form");
    let begin = page.text()[..field].rfind("<form ").expect("its begin");
    let from = Answer { body: page.text().as_bytes()[begin..].to_vec(), ..page.clone() };
    let (action, mut fields) = filled(&from, path);
    fields.retain(|(name, _)| !typed.iter().any(|(typed, _)| typed == name));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(&action, &[&fields[..], typed].concat())
}

#[test]
fn a_provider_is_changed_on_its_page_and_its_secret_stays_unless_another_is_typed() {
    Double::on_both(&json!({}), |api, _| {
        api.send(Call::post("/v1/teams").key(&api.key).json(&json!({"name": "core", "members": ["ben"]}))).ok();
        let ana = welcomed(api, "ana", "192.0.2.1");
        says(&ana.get("/app/settings"), 200, "href=\"/app/settings/providers\"");
        says(&ana.get(PATH), 200, "<a href=\"/app/settings/providers/acme\">acme</a>");
        let page = ana.get(&format!("{PATH}/acme"));
        says(&page, 200, "One is set, which ends in ters; it stays where nothing is typed.");
        assert!(!page.text().contains(SECRET), "{}", page.text());
        let typed = [
            ("group_0", "ops"),
            ("group_role_0", "manager"),
            ("group_1", "dba"),
            ("group_team_1", "core"),
            ("group_team_role_1", "observer"),
            ("domain_0", "example.com"),
            ("max_session_hours", "8"),
            ("trust_email", "true"),
        ];
        says(&send(&ana, &page, PATH, &typed), 200, "Saved.");
        let stored = api.get("/v1/sign-in-providers/acme");
        let groups = json!([
            {"group": "ops", "role": "manager", "team": null, "team_role": null},
            {"group": "dba", "role": null, "team": "core", "team_role": "observer"},
        ]);
        let said = |rule: &Value| {
            let mut rule = rule.as_object().expect("a rule").clone();
            rule.retain(|_, value| !value.is_null());
            rule
        };
        let rules = |all: &Value| all.as_array().expect("rules").iter().map(said).collect::<Vec<_>>();
        assert_eq!(rules(&stored["groups"]), rules(&groups), "{stored}");
        assert_eq!((&stored["client_secret_tail"], &stored["max_session_hours"]), (&json!("ters"), &json!(8)));
        assert_eq!(stored["trust_email"], true);
        // What was shown is not what there is any more.
        says(
            &send(&ana, &page, PATH, &[("max_session_hours", "9"), ("idempotency_key", "late")]),
            412,
            "Nothing was done.",
        );
        let page = ana.get(&format!("{PATH}/acme"));
        let wrong = send(&ana, &page, PATH, &[("max_session_hours", "ten")]);
        says(&wrong, 400, "max_session_hours: must be a whole number");
        says(&wrong, 400, "name=\"max_session_hours\" value=\"ten\"");
        says(&send(&ana, &page, PATH, &[("issuer", "http://a.example")]), 400, "issuer: must be https://");
        says(&send(&ana, &page, PATH, &[("no_secret", "yes")]), 200, "None for a public client.");
    });
}

#[test]
fn a_provider_is_made_checked_finding_by_finding_and_removed_on_its_pages() {
    Double::on_both(&json!({}), |api, double| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let new = [("name", "second"), ("issuer", ISSUER), ("client_id", CLIENT), ("client_secret", SECRET)];
        let made = send(&ana, &ana.get(PATH), PATH, &new);
        says(&made, 200, "<h1>Sign-in provider second</h1>");
        says(&send(&ana, &ana.get(PATH), PATH, &new), 409, "name: another sign-in provider is named");
        let at = format!("{PATH}/second");
        let fine = ana.post(&at, &[("do", "check")]);
        says(&fine, 200, "All that it says of itself fits.");
        says(&fine, 200, "/app/sign-in/oidc/second/callback</pre>");
        double.lies(Lie::OtherIssuer);
        says(&ana.post(&at, &[("do", "check")]), 200, "Not all that it says of itself fits.");
        let version = filled(&ana.get(&at), &at).1;
        assert!(version.is_empty(), "the form to check has no fields: {version:?}");
        let gone = ana.post(&at, &[("do", "remove"), ("version", "1"), ("idempotency_key", "gone")]);
        says(&gone, 200, "second is removed");
        says(&ana.get(&at), 404, "second");
        let ben = welcomed(api, "ben", "192.0.2.2");
        says(&ben.get(PATH), 403, "needs");
        says(&ben.post(PATH, &new), 403, "needs");
    });
}

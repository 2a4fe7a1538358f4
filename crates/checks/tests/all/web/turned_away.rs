//! What comes to integrations and is turned away: counted, and told where somebody looks for what is wrong.

use checks::{Api, Browser, Call};
use domain::sign_in::LinkPurpose;
use serde_json::{Value, json};

const LINES: &str = r#"
[[user]]
username = "observer"
email = "observer@example.org"
role = "observer"

[[integration]]
name = "narrow"
kind = "generic"
users = ["ana"]
networks = ["198.51.100.0/24"]

[[integration]]
name = "signed"
kind = "grafana"
users = ["ana"]
secret = "s3cret"
"#;

fn signed_in<'a>(api: &'a Api, user: &str, address: &str) -> Browser<'a> {
    let browser = Browser::new(api, address);
    browser.get(&api.link(LinkPurpose::SignIn, user));
    browser
}

fn counted(api: &Api, reason: &str) -> Option<String> {
    api.metric(&format!("reveille_intake_turned_away_total{{reason=\"{reason}\"}}"))
}

/// What is told of an integration: reason, how often, from where last.
fn told(api: &Api, integration: &str) -> Vec<(Value, Value, Value)> {
    let away = api.get(&format!("/v1/integrations/{integration}"))["turned_away"].clone();
    let rows = away.as_array().expect("a list").iter();
    rows.map(|row| (row["reason"].clone(), row["times"].clone(), row["last_from"].clone())).collect()
}

#[test]
fn what_still_comes_with_a_key_that_ended_is_counted_and_told_on_its_page_and_on_now() {
    Api::reached_on_both(|api| {
        api.extend(LINES);
        let old = api.intake_path("scripts");
        let renewed = Call::post("/v1/integrations/scripts/rotate-key").key(&api.key);
        api.send(renewed.json(&json!({"overlap_hours": 0}))).ok();
        api.clock.advance(2_000_000);
        for from in ["192.0.2.4", "192.0.2.5"] {
            let late = Call::post(&old).from(from).json(&json!({"title": "late"}));
            api.send(late).refused(401, "unknown_integration_key");
        }
        api.send(Call::post("/generic/00000000-0000-4000-8000-000000000000").json(&json!({"title": "x"})))
            .refused(401, "unknown_integration_key");
        let counts = ["ended_key", "unknown_key"].map(|reason| counted(api, reason));
        assert_eq!(counts, [Some("2".to_owned()), Some("1".to_owned())]);
        assert_eq!(told(api, "scripts"), [], "it is written down by the beat");
        api.beat();
        let expected = (json!("ended_key"), json!(2), json!("192.0.2.5"));
        assert_eq!(told(api, "scripts"), [expected]);
        let ana = signed_in(api, "ana", "192.0.2.1");
        let words = "2 requests came with a key that counts no more, last from 192.0.2.5";
        for page in ["/app/integrations/scripts", "/app/now"] {
            let text = ana.get(page).text().to_owned();
            assert!(text.contains(words), "{page}: {text}");
        }
        let observer = signed_in(api, "observer", "192.0.2.9");
        let seen = observer.get("/app/now").text().to_owned();
        assert!(seen.contains("counts no more") && !seen.contains("192.0.2.5"), "{seen}");
        api.clock.advance(25 * 3_600_000_000);
        assert!(!ana.get("/app/now").text().contains(words), "a day later it is no news");
        assert!(ana.get("/app/integrations/scripts").text().contains(words));
        // An answer can be sent back, and what was turned away goes with its integration.
        let read = api.get("/v1/integrations/scripts");
        let back = Call::new("PATCH", "/v1/organization")
            .key(&api.key)
            .header("if-match", "*")
            .json(&json!({"file_lock": "drift"}));
        api.send(back).ok();
        let back = Call::new("PUT", "/v1/integrations/scripts").key(&api.key).header("if-match", "*").json(&read);
        api.send(back).ok();
    });
}

#[test]
fn what_is_refused_for_its_network_its_signature_or_its_form_is_told_with_the_reason() {
    Api::reached_on_both(|api| {
        api.extend(LINES);
        let (narrow, signed, scripts) =
            (api.intake_path("narrow"), api.intake_path("signed"), api.intake_path("scripts"));
        api.send(Call::post(&narrow).from("192.0.2.7").json(&json!({"title": "x"})))
            .refused(403, "address_not_allowed");
        api.send(Call::post(&narrow).from("198.51.100.7").json(&json!({"title": "x"}))).ok();
        api.send(Call::post(&signed).json(&json!({"title": "x"}))).refused(403, "invalid_signature");
        api.send(Call::post(&scripts).body("{\"title\": ")).refused(400, "malformed_json");
        api.send(Call::post(&scripts).body(" ".repeat(16 * 1024 * 1024 + 1))).refused(413, "body_too_large");
        api.beat();
        let reasons = |integration: &str| told(api, integration).into_iter().map(|row| row.0).collect::<Vec<_>>();
        assert_eq!(reasons("narrow"), ["network"]);
        assert_eq!(reasons("signed"), ["signature"]);
        let mut of_scripts = reasons("scripts");
        of_scripts.sort_by_key(ToString::to_string);
        assert_eq!(of_scripts, ["too_large", "unreadable"]);
        for reason in ["network", "signature", "unreadable", "too_large"] {
            assert_eq!(counted(api, reason).as_deref(), Some("1"), "{reason}");
        }
        // What is a private team's is news to nobody else.
        let observer = signed_in(api, "observer", "192.0.2.9");
        let is_told = |integration: &str| {
            observer.get("/app/now").text().contains(&format!("href=\"/app/integrations/{integration}\""))
        };
        assert!(is_told("narrow") && is_told("signed"));
        api.extend(&format!("{LINES}team = \"core\"\n[[team]]\nname = \"core\"\nprivate = true\n"));
        assert!(is_told("narrow") && !is_told("signed"));
    });
}

//! What is told by mail again and again: keys that count no more and are still in use, and the head of the audit log.

use checks::{Api, Call};
use notify::carrier::{Address, Message};
use serde_json::json;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;
const ENDED: &str = "Keys that count no more are still in use";

const PEOPLE: &str = r#"
[[user]]
username = "own"
role = "owner"
email = "own@example.org"

[[user]]
username = "man"
email = "man@example.org"

[[team]]
name = "tools"
members = [{ username = "man", team_role = "manager" }]

[[integration]]
name = "owned"
kind = "generic"
team = "tools"
users = ["ana"]
"#;

/// The mails so far whose subject begins so: to whom each went, and its text.
fn mails(api: &Api, subject: &str) -> Vec<(String, String)> {
    let sent = api.sent.lock().expect("no panic");
    let to = |message: &Message| match &message.address {
        Address::Email(email) => email.clone(),
        _ => String::new(),
    };
    let found = sent.iter().filter(|message| message.subject.starts_with(subject));
    found.map(|message| (to(message), message.text.clone())).collect()
}

/// The path of an integration before it was given another key, which counts no more.
fn ended(api: &Api, integration: &str) -> String {
    let path = api.intake_path(integration);
    let renew = Call::post(&format!("/v1/integrations/{integration}/rotate-key")).key(&api.key);
    api.send(renew.json(&json!({"overlap_hours": 0}))).ok();
    api.clock.advance(2_000_000);
    path
}

fn knock(api: &Api, path: &str) {
    let late = Call::post(path).from("192.0.2.4").json(&json!({"title": "late"}));
    api.send(late).refused(401, "unknown_integration_key");
    api.beat();
    // What was counted at this beat is looked at a minute later.
    api.pass_minutes(1);
    api.beat();
}

#[test]
fn who_looks_after_an_integration_hears_once_a_day_that_a_key_which_ended_is_still_in_use() {
    Api::reached_on_both(|api| {
        api.extend(PEOPLE);
        api.beat();
        let (owned, scripts) = (ended(api, "owned"), ended(api, "scripts"));
        api.pass_minutes(2);
        api.beat();
        assert_eq!(mails(api, ENDED), [], "nothing came");
        knock(api, &owned);
        let first = mails(api, ENDED);
        assert_eq!(first.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), ["man@example.org"]);
        assert!(first[0].1.contains("- owned: 1 in all, last from 192.0.2.4 at "), "{}", first[0].1);
        // Once a day, whatever comes and whichever integration it is.
        knock(api, &owned);
        knock(api, &scripts);
        assert_eq!(mails(api, ENDED).len(), 1);
        api.clock.advance(DAY);
        api.beat();
        let all = mails(api, ENDED);
        let later: Vec<_> = all[1..].iter().map(|(to, _)| to.as_str()).collect();
        assert!(later.contains(&"man@example.org") && later.contains(&"own@example.org"), "{later:?}");
        let to_owner = all.iter().find(|(to, _)| to == "own@example.org").expect("a mail");
        assert!(to_owner.1.contains("- scripts: 1 in all") && !to_owner.1.contains("owned"), "{}", to_owner.1);
        // Nothing came since.
        api.clock.advance(2 * DAY);
        api.beat();
        assert_eq!(mails(api, ENDED).len(), all.len());
    });
}

#[test]
fn owners_are_sent_the_head_of_the_audit_log_once_a_week_and_it_is_the_one_that_verifies() {
    Api::reached_on_both(|api| {
        api.extend(PEOPLE);
        api.beat();
        api.clock.advance(7 * DAY - HOUR);
        api.beat();
        assert_eq!(mails(api, "The audit log of"), [], "the first week is not over");
        let newest = api.get("/v1/audit?limit=1")[0].clone();
        api.clock.advance(HOUR);
        api.beat();
        api.pass_minutes(1);
        api.beat();
        let told = mails(api, "The audit log of demo: row ");
        assert_eq!(told.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), ["own@example.org"]);
        let (number, digest) =
            (newest["number"].as_i64().expect("a number"), newest["digest"].as_str().expect("a text"));
        assert!(told[0].1.contains(&format!("--head {number}:{digest}")), "{}", told[0].1);
        api.clock.advance(7 * DAY);
        api.beat();
        assert_eq!(mails(api, "The audit log of").len(), 2);
    });
}

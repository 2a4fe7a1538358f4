//! What somebody changed, told at PagerDuty's path of change events: kept, shown beside incidents near in time, and no page.
//! Tests begin on Wednesday, 2021-05-05, at 17:20:14 UTC.

use super::console::{says, welcomed};
use checks::{Answer, Api, Call};
use domain::permission::Scope;
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000_000;

const SHOP: &str = r#"
[[service]]
name = "shop"
escalation_policy = "primary"

[[service]]
name = "billing"
escalation_policy = "primary"

[[integration]]
name = "releases"
kind = "pagerduty"
service = "shop"

[[integration]]
name = "ledger"
kind = "pagerduty"
service = "billing"
"#;

fn on_both(body: impl Fn(&Api)) {
    Api::reached_on_both(|api| {
        api.extend(SHOP);
        body(api);
    });
}

/// Tells that something was changed.
fn tell(api: &Api, integration: &str, summary: &str, more: &Value) -> Answer {
    let key = api.intake_path(integration).rsplit('/').next().expect("a key").to_owned();
    let mut body = json!({"routing_key": key, "payload": {"summary": summary}});
    body["payload"].as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    body["links"] = json!([{"href": "https://ci.example.org/7", "text": "Pipeline"}, {"href": "javascript:x"}]);
    api.send(Call::post("/v2/change/enqueue").json(&body))
}

fn summaries(api: &Api, query: &str) -> Vec<String> {
    let events = api.get(&format!("/v1/change-events{query}"));
    let text = |event: &Value| event["summary"].as_str().expect("a text").to_owned();
    events.as_array().expect("a list").iter().map(text).collect()
}

fn incident_on(api: &Api, service: &str) -> i64 {
    checks::number(&api.ok("create", &json!({"title": "Slow", "service_ref_id": api.ref_id("services", service)})))
}

#[test]
fn a_change_is_kept_as_its_sender_told_it_and_pages_nobody() {
    on_both(|api| {
        let more = json!({"source": "ci", "timestamp": "2021-05-05T17:05:00Z", "custom_details": {"revision": "1f3a"}});
        let told = tell(api, "releases", "Deployed shop 4.2", &more);
        assert_eq!((told.status, &told.json()["message"]), (202, &json!("Change event processed")));
        let events = api.get("/v1/change-events");
        let event = &events[0];
        assert_eq!(event["id"], told.json()["id"]);
        assert_eq!((&event["summary"], &event["source"]), (&json!("Deployed shop 4.2"), &json!("ci")));
        assert_eq!(
            (&event["text"], &event["links"]),
            (&json!("revision: 1f3a"), &json!([["Pipeline", "https://ci.example.org/7"]]))
        );
        assert_eq!(event["occurred_at"], "2021-05-05T17:05:00.000000");
        assert_eq!(event["service"], json!(["shop", api.ref_id("services", "shop")]));
        assert_eq!(event["integration"], "releases");
        let fate = api.get(&format!("/v1/alerts/{}", event["id"].as_str().expect("an id")));
        assert_eq!((&fate["fate"], &fate["because"]), (&json!("ignored"), &json!("informational")), "{fate}");
        assert_eq!(api.ok("list", &json!({})), json!([]), "nobody is paged");
    });
}

#[test]
fn the_same_change_told_again_within_a_minute_is_one() {
    on_both(|api| {
        let id = |answer: &Answer| answer.json()["id"].clone();
        let first = tell(api, "releases", "Deployed shop 4.2", &json!({}));
        api.clock.advance(59_000_000);
        assert_eq!(id(&tell(api, "releases", "Deployed shop 4.2", &json!({}))), id(&first));
        assert_eq!(summaries(api, "").len(), 1);
        api.clock.advance(2_000_000);
        assert_ne!(id(&tell(api, "releases", "Deployed shop 4.2", &json!({}))), id(&first));
        assert_eq!(summaries(api, "").len(), 2);
    });
}

#[test]
fn beside_an_incident_stands_what_was_changed_on_its_service_near_it_in_time() {
    on_both(|api| {
        tell(api, "releases", "long ago", &json!({}));
        api.clock.advance(25 * HOUR);
        tell(api, "releases", "before", &json!({}));
        tell(api, "ledger", "elsewhere", &json!({}));
        api.clock.advance(HOUR);
        let incident = incident_on(api, "shop");
        api.clock.advance(1);
        tell(api, "releases", "a way back", &json!({}));
        assert_eq!(summaries(api, &format!("?instance_id={incident}")), ["a way back", "before"]);
        let event = api.get("/v1/change-events?limit=1")[0]["id"].as_str().expect("an id").to_owned();
        let end = Call::post(&format!("/v1/alerts/{event}/resolve")).key(&api.key).json(&json!({}));
        api.send(end).refused(404, "unknown_alert");
        let ana = welcomed(api, "ana", "192.0.2.1");
        let page = ana.get("/app/incidents/1");
        says(&page, 200, "Changed shortly before");
        says(&page, 200, "<bdi>before</bdi>");
        for other in ["a way back", "elsewhere", "long ago"] {
            assert!(!page.text().contains(other), "{}", page.text());
        }
        api.clock.advance(1);
        api.ok("resolve", &json!({"instance_id": incident}));
        api.clock.advance(1);
        tell(api, "releases", "afterwards", &json!({}));
        assert_eq!(summaries(api, &format!("?instance_id={incident}")), ["a way back", "before"]);
        let without = api.incident("of no service");
        assert_eq!(summaries(api, &format!("?instance_id={without}")).len(), 0);
    });
}

#[test]
fn changes_are_listed_by_service_integration_and_time_a_page_after_the_other() {
    on_both(|api| {
        for number in 1..=3 {
            api.clock.advance(1_000_000);
            tell(api, "releases", &format!("release {number}"), &json!({}));
        }
        tell(api, "ledger", "books", &json!({}));
        assert_eq!(summaries(api, "?service=billing"), ["books"]);
        assert_eq!(summaries(api, "?integration=releases&limit=2"), ["release 3", "release 2"]);
        assert_eq!(summaries(api, "?service=shop&integration=ledger").len(), 0);
        let page = api.send(Call::get("/v1/change-events?service=shop&limit=2").key(&api.key));
        let link = page.header("link").trim_start_matches('<').split('>').next().expect("a link").to_owned();
        let rest = api.get(&link);
        assert_eq!(
            (rest[0]["summary"].as_str(), rest.as_array().map(Vec::len)),
            (Some("release 1"), Some(1)),
            "{link}"
        );
        assert_eq!(summaries(api, "?since=2021-05-05T17:20:16.9&service=shop"), ["release 3"]);
        api.send(Call::get("/v1/change-events?service=nobody").key(&api.key)).refused(404, "unknown_component");
    });
}

#[test]
fn changes_that_came_by_what_is_hidden_are_hidden() {
    Api::reached_on_both(|api| {
        let hidden = "\n[[team]]\nname = \"vault\"\nprivate = true\nmembers = [\"ben\"]\n\n[[integration]]\nname = \"safes\"\n\
             kind = \"pagerduty\"\nservice = \"shop\"\nteam = \"vault\"\n";
        api.extend(&[SHOP, hidden].concat());
        tell(api, "safes", "a new lock", &json!({}));
        let list = |key: &str| api.send(Call::get("/v1/change-events?service=shop").key(key)).ok();
        assert_eq!(list(&api.token_of("cho", Scope::Admin)), json!([]));
        let (ben, cho) = (api.token_of("ben", Scope::Admin), api.token_of("cho", Scope::Admin));
        assert_eq!(list(&ben).as_array().map(Vec::len), Some(1));
        let asked = |key: &str, query: &str| api.send(Call::get(&format!("/v1/change-events?{query}")).key(key));
        asked(&ben, "integration=safes").ok();
        asked(&cho, "integration=safes").refused(404, "unknown_component");
        // Without the integration nobody knows whose it was but by the service.
        let secret = hidden.replace("service = \"shop\"", "service = \"door\"")
            + "\n[[service]]\nname = \"door\"\nescalation_policy = \"primary\"\nteam = \"vault\"\n";
        api.extend(&[SHOP, &secret].concat());
        tell(api, "safes", "another lock", &json!({}));
        let renamed = |text: &str| text.replace("name = \"safes\"", "name = \"doors\"");
        let (with_door, gone) = (renamed(&secret), [SHOP, &renamed(hidden)].concat());
        api.extend(&[SHOP, &with_door].concat());
        let all = |key: &str| asked(key, "limit=100").ok().to_string().contains("another lock");
        assert_eq!((all(&ben), all(&cho), all(&api.key)), (true, false, true));
        asked(&cho, "service=door").refused(404, "unknown_component");
        api.extend(&gone);
        assert_eq!((all(&ben), all(&cho), all(&api.key)), (false, false, true));
        // An integration that is made anew is known by its id again.
        api.extend(&[SHOP, hidden].concat());
        assert_eq!((all(&ben), all(&cho), all(&api.key)), (true, false, true));
    });
}

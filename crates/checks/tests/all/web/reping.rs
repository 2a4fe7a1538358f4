//! Groups that go on after somebody acknowledged their incident, and ask again if their integration says so.

use checks::Api;
use serde_json::{Value, json};
use std::ops::Range;

const MINUTE: i64 = 60_000_000;

fn lines(reping: &str) -> String {
    format!(
        r#"
[[integration]]
name = "grouped"
kind = "generic"
users = ["ana"]
group_by = {{ fields = ["label:team"]{reping} }}
"#
    )
}

/// One more alert of the group; its incident.
fn one_more(api: &Api, number: u32) -> i64 {
    api.clock.advance(1_000_000);
    let body = json!({"id": format!("host {number}"), "title": "down", "labels": {"team": "db"}});
    api.deliver("grouped", &body).ok()["alerts"][0]["instance_id"].as_i64().expect("a number")
}

fn more(api: &Api, numbers: Range<u32>) {
    for number in numbers {
        one_more(api, number);
    }
}

fn status(api: &Api, incident: i64) -> Value {
    api.details(incident)["status"].clone()
}

#[test]
fn an_acknowledged_group_asks_again_after_so_many_further_alerts() {
    Api::reached_on_both(|api| {
        api.extend(&lines(", reping_after = { alerts = 3 }"));
        let incident = one_more(api, 0);
        one_more(api, 1);
        api.ok("acknowledge", &json!({"instance_id": incident}));
        more(api, 2..4);
        assert_eq!(status(api, incident), "ACKNOWLEDGED");
        // Who acknowledges anew has seen these.
        api.ok("acknowledge", &json!({"instance_id": incident}));
        more(api, 4..6);
        assert_eq!(status(api, incident), "ACKNOWLEDGED");
        api.sent.lock().expect("no panic").clear();
        one_more(api, 6);
        assert_eq!(status(api, incident), "OPEN");
        api.beat();
        assert!(!api.sent.lock().expect("no panic").is_empty());
        let details = api.details(incident);
        let event = details["events"].as_array().expect("events").last().expect("one").clone();
        assert_eq!((&event["event_type"], &event["event_by"]), (&json!("UN-ACKNOWLEDGE"), &json!("grouped")));
        let note = details["notes"].as_array().expect("notes").last().expect("one")["notes"].clone();
        assert_eq!(note, "3 further alerts have come since it was acknowledged, so it asks again.");
    });
}

#[test]
fn an_acknowledged_group_asks_again_by_an_alert_after_so_many_minutes() {
    Api::reached_on_both(|api| {
        api.extend(&lines(", reping_after = { minutes = 5 }"));
        let incident = one_more(api, 0);
        api.ok("acknowledge", &json!({"instance_id": incident}));
        one_more(api, 1);
        api.clock.advance(4 * MINUTE);
        one_more(api, 2);
        assert_eq!(status(api, incident), "ACKNOWLEDGED");
        api.clock.advance(MINUTE);
        one_more(api, 3);
        assert_eq!(status(api, incident), "OPEN");
    });
}

#[test]
fn without_a_word_of_it_an_acknowledged_group_is_quiet() {
    Api::reached_on_both(|api| {
        api.extend(&lines(""));
        let incident = one_more(api, 0);
        api.ok("acknowledge", &json!({"instance_id": incident}));
        more(api, 1..20);
        assert_eq!(status(api, incident), "ACKNOWLEDGED");
    });
}

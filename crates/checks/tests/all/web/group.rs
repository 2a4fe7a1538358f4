//! Alerts that belong together: whose rule that is, and where they go when people merge incidents.

use checks::{Api, Call};
use serde_json::{Value, json};

const LINES: &str = r#"
[[service]]
name = "shop"
escalation_policy = "primary"
group_by = { fields = ["label:team"] }

[[service]]
name = "stock"
escalation_policy = "primary"
created_keep_open = false

[[integration]]
name = "metrics"
kind = "generic"
service = "shop"

[[integration]]
name = "probes"
kind = "generic"
service = "shop"
group_by = { fields = ["label:host"] }

[[integration]]
name = "grouped"
kind = "generic"
service = "stock"
group_by = { fields = ["label:team"] }

[[integration]]
name = "single"
kind = "generic"
service = "stock"
"#;

fn on_both(body: impl Fn(&Api)) {
    Api::reached_on_both(|api| {
        api.extend(LINES);
        body(api);
    });
}

/// What became of an alert with this id and these labels: its fate, because of what, and its incident.
fn say(api: &Api, integration: &str, id: &str, labels: &Value) -> (String, String, i64) {
    sent(api, integration, &json!({"id": id, "title": format!("{id} is down"), "labels": labels}))
}

fn over(api: &Api, integration: &str, id: &str) -> (String, String, i64) {
    sent(api, integration, &json!({"id": id, "status": "ok"}))
}

fn sent(api: &Api, integration: &str, body: &Value) -> (String, String, i64) {
    api.clock.advance(1_000_000);
    let alert = api.deliver(integration, body).ok()["alerts"][0].clone();
    let word = |name: &str| alert[name].as_str().unwrap_or_default().to_owned();
    (word("fate"), word("because"), alert["instance_id"].as_i64().expect("an incident"))
}

fn of(fate: &str, because: &str, id: i64) -> (String, String, i64) {
    (fate.to_owned(), because.to_owned(), id)
}

fn merge(api: &Api, absorbed: i64, survivor: i64) {
    api.ok("merge", &json!({"instance_id": absorbed, "related_instance_id": survivor}));
}

fn status(api: &Api, id: i64) -> Value {
    api.details(id)["status"].clone()
}

#[test]
fn a_service_groups_what_comes_in_on_it_by_whichever_integration() {
    on_both(|api| {
        let (_, _, first) = say(api, "metrics", "a", &json!({"team": "db"}));
        assert_eq!(
            say(api, "probes", "b", &json!({"team": "db", "host": "h1"})),
            of("grouped", "group_by_service", first)
        );
        // What its integration groups is so first, and follows it into the group of the service.
        assert_eq!(say(api, "probes", "c", &json!({"host": "h1"})), of("grouped", "group_by", first));
        let (fate, _, other) = say(api, "probes", "d", &json!({"team": "web", "host": "h2"}));
        assert!(fate == "opened" && other != first);
        assert_eq!(say(api, "probes", "e", &json!({"team": "db", "host": "h2"})), of("grouped", "group_by", other));
        assert_eq!(say(api, "metrics", "f", &json!({"team": "web"})), of("grouped", "group_by_service", other));
        let (fate, _, alone) = say(api, "metrics", "g", &json!({}));
        assert_eq!(fate, "opened", "what has none of the fields belongs to nothing");
        for (integration, id, remain) in
            [("metrics", "a", "2 remain"), ("probes", "b", "1 remain"), ("probes", "c", "ended")]
        {
            assert_eq!(over(api, integration, id), of("resolved", remain, first));
        }
        assert_eq!([first, other, alone].map(|id| status(api, id)), ["RESOLVED", "OPEN", "OPEN"]);
        assert_eq!(say(api, "metrics", "a", &json!({"team": "db"})).0, "opened", "a group that is over takes no more");
    });
}

#[test]
fn how_many_came_within_a_minute_is_said_once_after_it_though_no_more_come() {
    on_both(|api| {
        let (_, _, first) = say(api, "grouped", "a", &json!({"team": "db"}));
        for id in ["b", "c", "d"] {
            assert_eq!(say(api, "grouped", id, &json!({"team": "db"})), of("grouped", "group_by", first));
        }
        let said = || {
            let details = api.details(first);
            let notes = details["notes"].as_array().expect("notes").iter();
            notes.map(|note| note["notes"].as_str().expect("a text").to_owned()).collect::<Vec<_>>()
        };
        api.beat();
        assert_eq!(said(), Vec::<String>::new(), "it may be more in a moment");
        for _ in 0..3 {
            api.clock.advance(61_000_000);
            api.beat();
            assert_eq!(said(), ["3 more alerts, 4 in all."]);
        }
    });
}

#[test]
fn a_service_groups_by_what_can_be_told_apart_only() {
    let api = Api::new();
    let wrong =
        json!({"name": "other", "escalation_policy": "primary", "group_by": {"fields": ["team"], "minutes": 0}});
    let refused = api.send(Call::post("/v1/services").key(&api.key).json(&wrong));
    let refused = refused.refused(400, "invalid_fields").to_string();
    assert!(refused.contains("group_by") && refused.contains("unknown field `team`"), "{refused}");
    assert!(refused.contains("minutes must be from 1 to 1440"), "{refused}");
}

#[test]
fn a_group_goes_with_its_incident_when_that_is_merged_into_another_and_that_into_others() {
    on_both(|api| {
        let team = json!({"team": "db"});
        let (_, _, group) = say(api, "grouped", "a", &team);
        let (_, _, second) = say(api, "single", "x", &json!({}));
        let (_, _, third) = say(api, "single", "y", &json!({}));
        let (_, _, fourth) = say(api, "single", "z", &json!({}));
        merge(api, group, second);
        assert_eq!(say(api, "grouped", "b", &team), of("grouped", "group_by", second));
        assert_eq!(say(api, "grouped", "a", &json!({"team": "db", "again": "yes"})), of("joined", "", second));
        merge(api, second, third);
        merge(api, third, fourth);
        assert_eq!(say(api, "grouped", "c", &team), of("grouped", "group_by", fourth));
        assert_eq!([second, third, fourth].map(|id| status(api, id)), ["RESOLVED", "RESOLVED", "OPEN"]);
        let names = [("single", "x"), ("single", "y"), ("single", "z")];
        let members = [("grouped", "a"), ("grouped", "b"), ("grouped", "c")].into_iter().chain(names);
        for (number, (integration, id)) in members.enumerate() {
            let left = if number == 5 { "ended".to_owned() } else { format!("{} remain", 5 - number) };
            assert_eq!(over(api, integration, id), of("resolved", &left, fourth));
        }
        assert_eq!(say(api, "grouped", "d", &team).0, "opened");
    });
}

#[test]
fn alerts_that_were_created_keep_an_incident_open_unless_its_service_says_otherwise() {
    on_both(|api| {
        for (integration, expected) in [("metrics", "OPEN"), ("single", "RESOLVED")] {
            let (_, _, id) = say(api, integration, "a", &json!({}));
            let created = api.incident(&format!("created beside {integration}"));
            merge(api, created, id);
            over(api, integration, "a");
            assert_eq!(status(api, id), expected, "{integration}");
        }
    });
}

#[test]
fn an_incident_is_over_when_what_goes_on_is_taken_out_of_it_and_the_rest_is_over() {
    on_both(|api| {
        let team = json!({"team": "db"});
        let (_, _, id) = say(api, "grouped", "a", &team);
        let joins = |name: &str| {
            api.clock.advance(1_000_000);
            let body = json!({"id": name, "title": format!("{name} is down"), "labels": team});
            api.deliver("grouped", &body).ok()["alerts"][0]["alert_id"].clone()
        };
        let take_out =
            |alert: &Value| checks::number(&api.ok("unmerge", &json!({"instance_id": id, "task_ref_id": alert})));
        let [b, c] = ["b", "c"].map(joins);
        let first = take_out(&b);
        assert_eq!([id, first].map(|id| status(api, id)), ["OPEN", "OPEN"], "what it began with goes on");
        assert_eq!(over(api, "grouped", "a"), of("resolved", "1 remain", id));
        let second = take_out(&c);
        assert_eq!([id, second].map(|id| status(api, id)), ["RESOLVED", "OPEN"]);
        assert_eq!(over(api, "grouped", "c"), of("resolved", "ended", second));
    });
}

#[test]
fn nobody_is_asked_about_an_alert_that_was_over_before_it_was_taken_out() {
    on_both(|api| {
        let team = json!({"team": "db"});
        let (_, _, id) = say(api, "grouped", "a", &team);
        api.clock.advance(1_000_000);
        let body = json!({"id": "b", "title": "b is down", "labels": team});
        let alert = api.deliver("grouped", &body).ok()["alerts"][0]["alert_id"].clone();
        assert_eq!(over(api, "grouped", "b"), of("resolved", "1 remain", id));
        api.beat();
        let sent = api.sent.lock().expect("no panic").len();
        let taken_out = checks::number(&api.ok("unmerge", &json!({"instance_id": id, "task_ref_id": alert})));
        assert_eq!([id, taken_out].map(|id| status(api, id)), ["OPEN", "RESOLVED"]);
        api.beat();
        assert_eq!(api.sent.lock().expect("no panic").len(), sent);
    });
}

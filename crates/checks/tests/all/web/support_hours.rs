//! Services that are not supported at all hours. Tests begin on Wednesday, 2021-05-05, at 17:20:14 UTC.

use checks::Api;
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000_000;

const LINES: &str = r#"
[[service]]
name = "exports"
escalation_policy = "primary"

[service.support_hours]
timezone = "UTC"
hours = [{ days = ["monday", "tuesday", "wednesday", "thursday", "friday"], from = "09:00", until = "17:00" }]
holidays = ["2021-05-06"]
urgency_at_most = 2
"#;

fn begun(api: &Api, urgency: i64) -> i64 {
    let service = api.ref_id("services", "exports");
    checks::number(&api.ok("create", &json!({"title": "late", "service_ref_id": service, "urgency_level": urgency})))
}

fn urgency(api: &Api, id: i64) -> Value {
    api.details(id)["task"]["urgency_level"].clone()
}

fn log(event: &Value) -> Value {
    serde_json::from_str(event["event_log"].as_str().expect("a log")).expect("JSON")
}

fn pass(api: &Api, hours: i64) {
    api.clock.advance(hours * HOUR);
    api.beat();
}

fn on_both(body: impl Fn(&Api)) {
    Api::reached_on_both(|api| {
        api.extend(LINES);
        body(api);
    });
}

#[test]
fn what_begins_at_other_hours_is_lowered_and_raised_when_the_next_hours_begin() {
    on_both(|api| {
        let id = begun(api, 5);
        assert_eq!(urgency(api, id), 2);
        let details = api.details(id);
        assert_eq!(log(&details["events"][0])["outside_support_hours"], true, "{details}");
        api.ok("acknowledge", &json!({"instance_id": id}));
        // Thursday is a holiday.
        pass(api, 24);
        assert_eq!(urgency(api, id), 2);
        pass(api, 16);
        assert_eq!(urgency(api, id), 5, "Friday, nine o'clock is over");
        let events = api.details(id)["events"].clone();
        let amended =
            events.as_array().expect("events").iter().find(|event| event["event_type"] == "URGENCY AMENDMENT");
        let amended = amended.expect("it is told");
        assert_eq!(amended["event_timestamp"], "2021-05-07T09:20:14.343825");
        assert_ne!(log(amended)["notified"], json!([]), "and pages: {amended}");
    });
}

#[test]
fn what_somebody_judged_meanwhile_or_what_was_not_lowered_stays_as_it_is() {
    on_both(|api| {
        let (judged, low) = (begun(api, 5), begun(api, 1));
        api.ok("amend-urgency", &json!({"instance_id": judged, "urgency_level": 3}));
        pass(api, 40);
        assert_eq!((urgency(api, judged), urgency(api, low)), (json!(3), json!(1)));
        // Now it is Friday morning, and nothing is lowered.
        let id = begun(api, 5);
        assert_eq!(urgency(api, id), 5);
        assert_eq!(log(&api.details(id)["events"][0]).get("outside_support_hours"), None);
    });
}

#[test]
fn another_policy_is_asked_at_other_hours() {
    Api::reached_on_both(|api| {
        let night = "\n[[escalation_policy]]\nname = \"night\"\nlevels = [{ minutes = 7, users = [\"eva\"] }]\n";
        let lines = LINES.replace("urgency_at_most = 2", "escalation_policy = \"night\"");
        api.extend(&format!("{night}{lines}"));
        let late = api.details(begun(api, 4));
        assert_eq!(late["assignees"][0][1], "eva", "{late}");
        api.clock.advance(40 * HOUR);
        let early = api.details(begun(api, 4));
        assert_ne!(early["assignees"][0][1], "eva", "{early}");
    });
}

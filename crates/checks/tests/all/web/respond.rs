//! What responders do, as they see it on the wire, and who is then told.

use super::column;
use checks::{Api, START};
use serde_json::json;

/// Addresses of the messages sent so far, as text.
fn told(api: &Api) -> Vec<String> {
    api.beat();
    let sent = api.sent.lock().expect("no panic");
    let name = |message: &notify::carrier::Message| match &message.address {
        notify::carrier::Address::Email(address) => address.split('@').next().unwrap_or_default().to_owned(),
        other => panic!("{other:?}"),
    };
    sent.iter().map(name).collect()
}

#[test]
fn an_unanswered_incident_climbs_and_an_acknowledged_one_is_quiet_until_its_wait_is_over() {
    let api = Api::new();
    let id = api.incident("Down");
    let asked = json!({"instance_id": id});
    assert_eq!(told(&api), ["ana"]);
    api.pass_minutes(5);
    assert_eq!(told(&api), ["ana", "ben"]);
    let answer = api.ok("acknowledge", &asked);
    // The service says ten minutes.
    assert_eq!(answer, json!({"next_alert_timestamp": START.plus_minutes(15).wire()}));
    api.pass_minutes(9);
    assert_eq!(told(&api).len(), 2);
    let renewed = api.ok("acknowledge", &asked);
    assert_eq!(renewed["next_alert_timestamp"], START.plus_minutes(24).wire());
    api.pass_minutes(10);
    assert_eq!(told(&api), ["ana", "ben", "ben"]);
    let details = api.details(id);
    assert_eq!((&details["status"], &details["assignee_level"]), (&json!("OPEN"), &json!(2)));
    assert_eq!(column(&details["events"], "event_type").last(), Some(&json!("DISPATCH")));
}

#[test]
fn without_a_service_an_acknowledgement_lasts_a_quarter_of_an_hour() {
    let api = Api::new();
    let id = checks::number(&api.ok("create", &json!({"title": "x", "users": ["ana"]})));
    let answer = api.ok("acknowledge", &json!({"instance_id": id}));
    assert_eq!(answer["next_alert_timestamp"], START.plus_minutes(15).wire());
}

#[test]
fn a_snoozed_incident_keeps_its_status_and_is_quiet_to_the_minute() {
    let api = Api::new();
    let id = api.incident("x");
    api.ok("snooze", &json!({"instance_id": id, "snooze_for": 30}));
    let details = api.details(id);
    assert_eq!(
        (&details["status"], &details["next_alert_timestamp"]),
        (&json!("OPEN"), &json!(START.plus_minutes(30).wire()))
    );
    api.clock.advance(30 * 60_000_000 - 1);
    // Not even the first page, which still waited when it was snoozed.
    assert_eq!(told(&api), [""; 0]);
    api.clock.advance(1);
    assert_eq!(told(&api), ["ben"]);
    for (minutes, word) in [(0, "1"), (30 * 24 * 60 + 1, "43200")] {
        let error = api.ask("snooze", &json!({"instance_id": id, "snooze_for": minutes}));
        assert!(error.first_error(400, "invalid_fields").contains(word));
    }
}

#[test]
fn an_escalation_ends_at_the_top_and_an_unacknowledged_incident_asks_again() {
    let api = Api::new();
    let id = api.incident("x");
    let asked = json!({"instance_id": id});
    for level in [2, 3] {
        api.ok("escalate", &asked);
        assert_eq!(api.details(id)["assignee_level"], level);
    }
    let error = api.ask("escalate", &asked).first_error(409, "no_further_level");
    assert_eq!(error, "instance_id: no policy of the incident has a further level");
    let mut all = told(&api);
    // What is due at the same instant is sent at the same time.
    all.sort_unstable();
    assert_eq!(all, ["ana", "ben", "cho", "dee"]);
    api.ok("acknowledge", &asked);
    api.ok("unacknowledge", &asked);
    assert_eq!(told(&api).len(), 6);
    api.ask("unacknowledge", &asked).refused(409, "not_acknowledged");
}

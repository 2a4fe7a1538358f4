//! The two APIs that other tools speak, and the list that Prometheus posts: what the callers of the readers rely on.

use domain::Instant;
use domain::intake::{Asked, Responder, SenderCommand, SenderKind, State};
use senders::opsgenie;
use senders::pagerduty::{self, PagerdutyAction};
use senders::{Input, Options, ends_at, read, read_prometheus};
use serde_json::{Value, json};

#[test]
fn an_event_says_what_it_asks_for_and_by_which_key() {
    let event = json!({"routing_key": "r", "event_action": "trigger", "payload": {"summary": "Down", "source": "a"}});
    let event = pagerduty::event(&event).unwrap();
    assert_eq!(
        (event.routing_key.as_deref(), event.dedup_key, event.action),
        (Some("r"), None, PagerdutyAction::Trigger)
    );
    assert_eq!((event.received.identity, &*event.received.title), (None, "Down"));
    let event = json!({"service_key": "s", "event_type": "acknowledge", "incident_key": 7});
    let event = pagerduty::event_v1(&event).unwrap();
    assert_eq!((event.routing_key.as_deref(), event.dedup_key.as_deref()), (Some("s"), Some("7")));
    assert_eq!(event.action, PagerdutyAction::Acknowledge);
    assert_eq!(event.received.state, State::Acknowledged { by: None });
}

#[test]
fn a_long_key_is_held_in_255_bytes_and_stays_the_same() {
    let event = |action: &str, key: &str| {
        let event = json!({"event_action": action, "dedup_key": key, "payload": {"summary": "Down"}});
        pagerduty::event(&event).unwrap().dedup_key.unwrap()
    };
    assert_eq!(event("trigger", &"k".repeat(255)), "k".repeat(255));
    assert_eq!(event("trigger", &"k".repeat(256)).len(), 64);
    assert_eq!(event("trigger", &"k".repeat(256)), event("resolve", &"k".repeat(256)));
    assert_ne!(event("trigger", &"k".repeat(256)), event("trigger", &"k".repeat(257)));
}

#[test]
fn what_is_wrong_with_an_event_is_said() {
    let table = [
        (json!({"event_action": "trigger", "payload": {"summary": " "}}), "'payload.summary' is missing or blank"),
        (json!({"event_action": "trigger"}), "'payload.summary' is missing or blank"),
        (
            json!({"event_action": "open", "payload": {"summary": "x"}}),
            "'event_action' must be trigger, acknowledge or resolve",
        ),
        (json!({}), "'event_action' must be trigger, acknowledge or resolve"),
        (json!({"event_action": "resolve"}), "'dedup_key' is missing or blank"),
        (json!("text"), "the event is not an object"),
        (json!([]), "the event is not an object"),
    ];
    for (event, error) in table {
        assert_eq!(pagerduty::event(&event).unwrap_err(), [error], "{event}");
    }
    let errors = pagerduty::event_v1(&json!({"event_type": "trigger"})).unwrap_err();
    assert_eq!(errors, ["'description' is missing or blank"]);
}

#[test]
fn an_alert_of_opsgenie_needs_a_message_and_no_more() {
    let received = opsgenie::create(&json!({"message": "Down", "alias": "a"})).unwrap();
    assert_eq!((&*received.title, received.identity.as_deref()), ("Down", Some("a")));
    for body in [json!({"message": ""}), json!({"message": null}), json!({"alias": "a"})] {
        assert_eq!(opsgenie::create(&body).unwrap_err()[0].0, "message", "{body}");
    }
    assert_eq!(opsgenie::create(&json!(3)).unwrap_err()[0].0, "body");
}

#[test]
fn responders_without_any_name_are_skipped() {
    let body = json!({
        "responders": [{"type": "Team", "name": "a"}, {"type": "user", "username": "b@example.com"}, {"name": ""}, null],
        "teams": {"id": "c"},
    });
    let of = |kind: &str, name: &str| Responder { kind: Some(kind.to_owned()), name: name.to_owned() };
    assert_eq!(opsgenie::responders(&body), [of("team", "a"), of("user", "b@example.com"), of("team", "c")]);
}

#[test]
fn an_alert_of_prometheus_is_over_from_its_end_on() {
    let body = json!([{"labels": {"alertname": "A"}, "endsAt": "2026-11-26T22:50:00Z"}]).to_string();
    let input = Input { headers: &[], query: &[], content_type: None, body: body.as_bytes() };
    let end = Instant::parse("2026-11-26T22:50:00Z").unwrap();
    for (now, state) in [(end.0 - 1, State::Firing), (end.0, State::Resolved), (end.0 + 1, State::Resolved)] {
        let delivery = read_prometheus(&input, &Options::default(), Instant(now)).unwrap();
        assert_eq!((&delivery.received[0].state, ends_at(&delivery.received[0])), (&state, Some(end)));
    }
}

#[test]
fn labels_in_any_order_are_the_same_alert_and_other_labels_another() {
    let identity = |labels: &str| {
        let body = format!("[{{\"labels\": {labels}}}]");
        let input = Input { headers: &[], query: &[], content_type: None, body: body.as_bytes() };
        read_prometheus(&input, &Options::default(), Instant(0)).unwrap().received[0].identity.clone().unwrap()
    };
    let one = identity(r#"{"alertname": "A", "b": "c"}"#);
    assert_eq!(one, identity(r#"{"b": "c", "alertname": "A", "empty": ""}"#));
    for other in [r#"{"alertname": "A"}"#, r#"{"alertname": "Ab", "": "c"}"#, r#"{"alertname": "A", "bc": "d"}"#] {
        assert_ne!(one, identity(other), "{other}");
    }
}

#[test]
fn a_group_of_ten_thousand_is_ten_thousand_alerts() {
    let alert = |number: usize| match number % 1000 {
        999 => Value::Null,
        _ => json!({"status": "firing", "labels": {"alertname": "A", "n": number.to_string()}, "fingerprint": number}),
    };
    let alerts: Vec<Value> = (0..10_000).map(alert).collect();
    let body = json!({"version": "4", "groupKey": "g", "status": "firing", "alerts": alerts}).to_string();
    let input = Input { headers: &[], query: &[], content_type: None, body: body.as_bytes() };
    let received = read(SenderKind::Alertmanager, &input, &Options::default()).unwrap().received;
    assert_eq!(received.len(), 10_000);
    assert_eq!(received.iter().filter(|alert| matches!(alert.state, State::Unknown(_))).count(), 10);
    assert_eq!(received[1].payload.pointer("/groupKey"), Some(&json!("g")));
    let options = Options { per_group: true, ..Options::default() };
    let received = read(SenderKind::Alertmanager, &input, &options).unwrap().received;
    assert_eq!((received.len(), received[0].identity.as_deref()), (1, Some("g")));
}

#[test]
fn what_is_asked_of_an_alert_is_read_with_who_asks_and_what_is_to_be_written_down() {
    let now = Instant::parse("2026-10-25T00:00:00Z").unwrap();
    let read = |action: &str, body: Value| opsgenie::act(action, &body, now).expect("an action");
    let received = read("tags", json!({"tags": ["a", "", "b"], "user": "ana", "note": "mine"})).unwrap();
    let tags = SenderCommand::AddTags(vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(received.state, State::Asked(Box::new(Asked { what: tags, by: Some("ana".to_owned()) })));
    assert_eq!((received.title.as_str(), received.note.as_str()), ("tags", "ana: mine"));
    let until = |text: &str| read("snooze", json!({"endTime": text})).map(|received| received.state);
    let asked = SenderCommand::Snooze(Instant::parse("2026-10-25T01:00:00Z").unwrap());
    assert_eq!(until("2026-10-25T03:00:00+02:00"), Ok(State::Asked(Box::new(Asked { what: asked, by: None }))));
    for wrong in ["2026-10-25T00:00:00Z", "2026-11-24T00:00:01Z", "soon", ""] {
        assert_eq!(until(wrong).unwrap_err()[0].0, "endTime", "{wrong}");
    }
    let priority = |word: &str| read("priority", json!({"priority": word})).unwrap().state;
    assert_eq!((priority("P9"), priority("")), (State::Noted, State::Noted));
    assert_ne!(priority("p1"), State::Noted);
    assert!(opsgenie::act("merge", &json!({}), now).is_none());
    assert_eq!(opsgenie::remove("tags", " , ", None).unwrap().unwrap_err()[0].0, "tags");
}

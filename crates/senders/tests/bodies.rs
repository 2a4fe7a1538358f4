//! Bodies that are no JSON files: forms, queries, text, headers, and what is refused.

use domain::intake::{Delivery, SenderKind, State, Unreadable};
use senders::{Input, Options, read};

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn of(kind: SenderKind, content_type: Option<&str>, body: &str) -> Result<Delivery, Unreadable> {
    let input = Input { headers: &[], query: &[], content_type, body: body.as_bytes() };
    read(kind, &input, &Options::default())
}

#[test]
fn what_is_no_json_is_refused_with_line_and_column() {
    for kind in SenderKind::ALL.iter().copied() {
        let refused = of(kind, None, "{\"title\": \"x\",\n oops}").unwrap_err();
        assert!(refused.0.contains("line 2 column 2"), "{kind:?} {refused:?}");
        assert_eq!(of(kind, None, " \n").unwrap_err().0, "the body is empty", "{kind:?}");
        let takes_text = [SenderKind::Generic, SenderKind::Cloudwatch].contains(&kind);
        let takes_forms =
            [SenderKind::Datadog, SenderKind::UptimeKuma, SenderKind::Github, SenderKind::Prtg, SenderKind::Statuscake];
        assert_eq!(of(kind, None, "title=x").is_err(), !(takes_text || takes_forms.contains(&kind)), "{kind:?}");
    }
}

#[test]
fn the_content_type_is_not_believed() {
    for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("\u{0}")] {
        let delivery = of(SenderKind::Generic, content_type, "{\"title\": \"a=b\"}").unwrap();
        assert_eq!(delivery.received[0].title, "a=b", "{content_type:?}");
    }
}

#[test]
fn a_generic_body_may_be_a_form_or_a_text() {
    let table = [
        ("title=Disk+full&id=7&status=resolved", "Disk full", Some("7"), State::Resolved),
        ("payload=%7B%22title%22%3A%22Down%22%2C%22id%22%3A1%7D", "Down", Some("1"), State::Firing),
        ("Disk full on db-1\nsince noon", "Disk full on db-1", None, State::Firing),
        (
            "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nDisk full\r\n--b--",
            "Disk full",
            None,
            State::Firing,
        ),
        ("[FIRING] Disk full", "[FIRING] Disk full", None, State::Firing),
        ("\"a text in JSON\"", "a text in JSON", None, State::Firing),
    ];
    for (body, title, identity, state) in table {
        let delivery = of(SenderKind::Generic, None, body).unwrap();
        let received = &delivery.received[0];
        assert_eq!((&*received.title, received.identity.as_deref()), (title, identity), "{body}");
        assert_eq!(received.state, state, "{body}");
    }
}

#[test]
fn an_empty_generic_body_is_read_from_the_query() {
    let query = [pair("key", "0123"), pair("title", "Door open"), pair("id", "door")];
    let input = Input { headers: &[], query: &query, content_type: None, body: b"" };
    let delivery = read(SenderKind::Generic, &input, &Options::default()).unwrap();
    assert_eq!((&*delivery.received[0].title, delivery.received[0].identity.as_deref()), ("Door open", Some("door")));
    let input = Input { query: &query[..1], ..input };
    assert!(read(SenderKind::Generic, &input, &Options::default()).is_err());
}

#[test]
fn the_senders_id_of_a_delivery_is_found_in_its_header() {
    let headers = [pair("Accept", "*/*"), pair("x-GitHub-delivery", " 72d3162e ")];
    let input = Input { headers: &headers, query: &[], content_type: None, body: b"{}" };
    let delivery = read(SenderKind::Generic, &input, &Options::default()).unwrap();
    assert_eq!(delivery.event_id.as_deref(), Some("72d3162e"));
}

#[test]
fn a_body_without_the_fields_of_its_kind_is_read_as_generic_and_says_so() {
    for kind in SenderKind::ALL.iter().copied().filter(|kind| *kind != SenderKind::Generic) {
        let delivery = of(kind, None, "{\"title\": \"x\", \"id\": 1}").unwrap();
        let received = &delivery.received[0];
        assert_eq!((&*received.title, received.identity.as_deref()), ("x", Some("1")), "{kind:?}");
        assert!(received.repairs.iter().any(|remark| remark.starts_with("read as generic")), "{kind:?}");
    }
}

#[test]
fn a_key_of_an_integration_is_not_shown() {
    let body = "{\"title\": \"x\", \"api_key\": \"s3cret\", \"X-Token\": \"s3cret\", \"integrationkey\": \"s3cret\"}";
    let received = &of(SenderKind::Generic, None, body).unwrap().received[0];
    assert!(!received.text.contains("s3cret") && !received.labels.values().any(|label| label == "s3cret"));
}

#[test]
fn senders_that_send_forms_are_read_as_their_kind() {
    const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
    let encoded = |pairs: &[(&str, &str)]| form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let beat = r#"{"heartbeat": {"status": 0, "msg": "timeout"}, "monitor": {"id": 7, "name": "Shop"}}"#;
    let run = r#"{"workflow_run": {"name": "CI", "head_branch": "main", "conclusion": "failure"}}"#;
    let table = [
        (
            SenderKind::Datadog,
            encoded(&[("alert_id", "42"), ("transition", "Recovered"), ("title", "CPU is high"), ("cycle_key", "9")]),
            ("CPU is high", "9", State::Resolved),
        ),
        (SenderKind::UptimeKuma, encoded(&[("data", beat)]), ("Shop is down", "7", State::Firing)),
        (
            SenderKind::Github,
            encoded(&[("payload", run)]),
            ("CI on main: failure", "workflow_run CI on main", State::Firing),
        ),
        (
            SenderKind::Prtg,
            encoded(&[
                ("sensorid", "2001"),
                ("device", "db-1"),
                ("sensor", "Ping"),
                ("status", "Down ended (now: Up)"),
            ]),
            ("db-1 Ping is Up", "2001", State::Resolved),
        ),
        (
            SenderKind::Statuscake,
            encoded(&[("Token", "x"), ("Status", "Down"), ("Name", "Shop"), ("URL", "https://shop.example/")]),
            ("Shop is Down", "Shop https://shop.example/", State::Firing),
        ),
    ];
    for (kind, body, (title, identity, state)) in table {
        let received = &of(kind, FORM, &body).unwrap().received[0];
        let told = (&*received.title, received.identity.as_deref(), &received.state);
        assert_eq!(told, (title, Some(identity), &state), "{kind:?}");
        assert!(!received.repairs.iter().any(|remark| remark.starts_with("read as generic")), "{kind:?}");
    }
}

#[test]
fn uptime_kuma_may_be_set_to_send_a_form_in_parts() {
    let said = include_str!("../fixtures/uptime_kuma/fires.json");
    let line = "--------------------------515890814546601021346792";
    let body = format!("{line}\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n{said}\r\n{line}--\r\n");
    let kind = Some("multipart/form-data; boundary=------------------------515890814546601021346792");
    for content_type in [kind, None] {
        let read = of(SenderKind::UptimeKuma, content_type, &body).unwrap();
        assert_eq!(read, of(SenderKind::UptimeKuma, None, said).unwrap());
    }
}

#[test]
fn uptime_kuma_may_say_all_of_it_in_the_query() {
    let query = [
        pair("key", "0123"),
        pair("msg", "[Shop] [DOWN] timeout"),
        pair("heartbeat", r#"{"monitorID": 7, "status": 0, "time": "2026-11-26 22:48:14", "msg": "timeout"}"#),
        pair("monitor", r#"{"id": 7, "name": "Shop"}"#),
    ];
    let input = Input { headers: &[], query: &query, content_type: None, body: b"" };
    let received = &read(SenderKind::UptimeKuma, &input, &Options::default()).unwrap().received[0];
    assert_eq!((&*received.title, received.identity.as_deref()), ("Shop is down", Some("7")));
    let test = [pair("msg", "My Notification Testing"), pair("heartbeat", "null"), pair("monitor", "null")];
    let input = Input { query: &test, ..input };
    let received = &read(SenderKind::UptimeKuma, &input, &Options::default()).unwrap().received[0];
    assert_eq!(received.state, State::Ignored("test"));
}

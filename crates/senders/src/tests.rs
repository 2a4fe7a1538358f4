//! Every fixture comes to what its golden file says, and no bytes are too strange for any sender.

use crate::{Input, Options, read, read_prometheus, table};
use domain::Instant;
use domain::intake::{Delivery, Received, SenderKind, State};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn input(body: &[u8]) -> Input<'_> {
    Input { headers: &[], query: &[], content_type: Some("application/json"), body }
}

fn state(state: &State) -> Value {
    match state {
        State::Firing => json!("firing"),
        State::Resolved => json!("resolved"),
        State::Acknowledged { by } => json!({"acknowledged by": by}),
        State::Noted => json!("noted"),
        State::Ignored(reason) => json!({"ignored": reason}),
        State::Unknown(missing) => json!({"unknown": missing}),
    }
}

fn golden(received: &Received) -> Value {
    json!({
        "state": state(&received.state),
        "identity": received.identity,
        "title": received.title,
        "text": received.text,
        "severity": received.severity,
        "urgency": received.urgency,
        "tags": received.tags,
        "labels": received.labels,
        "links": received.links.iter().map(|link| json!([link.text, link.url])).collect::<Vec<_>>(),
        "images": received.images,
        "occurred_at": received.occurred_at.map(Instant::wire),
        "repairs": received.repairs,
    })
}

/// `fixtures/{kind}/{name}.json`; below `prometheus` what is posted to an Alertmanager, and with `grouped` in its name with
/// the option `per_group`.
fn fixtures() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut found = Vec::new();
    for kind in std::fs::read_dir(root).expect("fixtures").map(|entry| entry.expect("an entry").path()) {
        let name = kind.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        let files = std::fs::read_dir(&kind).expect("a folder").map(|entry| entry.expect("an entry").path());
        found.extend(
            files.filter(|path| !path.ends_with("alerts.json") && !is_golden(path)).map(|path| (name.clone(), path)),
        );
    }
    found.sort();
    found
}

fn is_golden(path: &Path) -> bool {
    path.to_str().is_some_and(|path| path.ends_with(".alerts.json"))
}

#[test]
fn every_fixture_comes_to_what_its_golden_file_says() {
    let mut wrong = Vec::new();
    let fixtures = fixtures();
    for kind in SenderKind::ALL {
        assert!(fixtures.iter().any(|(name, _)| name == kind.word()), "no fixture of {}", kind.word());
    }
    for (kind, path) in fixtures {
        let body = std::fs::read(&path).expect("a fixture");
        let options =
            Options { per_group: path.to_str().is_some_and(|path| path.contains("grouped")), tests_open: false };
        let now = Instant::parse("2026-11-26T23:00:00Z").expect("an instant");
        let read = match SenderKind::from_word(&kind) {
            Some(kind) => read(kind, &input(&body), &options),
            None => read_prometheus(&input(&body), &options, now),
        };
        let alerts = match read {
            Ok(Delivery { received, .. }) => json!(received.iter().map(golden).collect::<Vec<_>>()),
            Err(reason) => json!({"unreadable": reason.0}),
        };
        let expected = path.with_extension("alerts.json");
        let text = format!("{}\n", serde_json::to_string_pretty(&alerts).expect("JSON"));
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&expected, &text).expect("it can be written");
        }
        if std::fs::read_to_string(&expected).unwrap_or_default() != text {
            wrong.push(format!("{}: {text}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_examples_of_every_sender_open_and_end_the_same_problem() {
    for sender in table() {
        let one = |body: &str| {
            let read = read(sender.kind, &input(body.as_bytes()), &Options::default()).expect("an example");
            assert_eq!(read.received.len(), 1, "{}", sender.title);
            read.received.into_iter().next().expect("one")
        };
        let (fires, resolves) = (one(sender.fires), one(sender.resolves));
        assert_eq!((&fires.state, &resolves.state), (&State::Firing, &State::Resolved), "{}", sender.title);
        assert!(fires.identity.is_some() && fires.identity == resolves.identity, "{}", sender.title);
        assert!(fires.title.contains("isk") && fires.repairs.is_empty(), "{}: {fires:?}", sender.title);
        assert!(sender.setup.contains('{'), "{}", sender.title);
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z${}:]{0,12}".prop_map(Value::from),
    ];
    let names = prop_oneof![
        Just("alerts"),
        Just("labels"),
        Just("annotations"),
        Just("status"),
        Just("payload"),
        Just("event_action"),
        Just("host_name"),
        Just("eventid"),
        Just("message"),
        Just("links"),
        Just("tags"),
        Just("details"),
        Just("ruleId"),
        Just("evalMatches"),
        Just("title"),
        Just("contexts"),
        Just("event_type"),
        Just("values"),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(names.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_json_is_read_by_every_sender(value in value(), per_group: bool) {
        let body = value.to_string();
        let options = Options { per_group, tests_open: false };
        for kind in SenderKind::ALL {
            let read = read(kind, &input(body.as_bytes()), &options);
            prop_assert!(read.is_ok(), "{kind:?}");
        }
    }

    #[test]
    fn no_bytes_are_too_strange(body: Vec<u8>, text in "[\\[\\]{}:\",a-z0-9\\\\u$ ]{0,60}") {
        for body in [&body[..], text.as_bytes()] {
            for kind in SenderKind::ALL {
                let _ = read(kind, &input(body), &Options::default());
            }
            let _ = read_prometheus(&input(body), &Options::default(), Instant(0));
        }
    }
}

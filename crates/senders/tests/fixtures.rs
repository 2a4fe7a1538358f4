//! Every payload below `fixtures/` comes to what the golden file beside it says. `BLESS=1` writes the golden files
//! anew; they are then read by a person.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use domain::Instant;
use domain::directory::CompiledMail;
use domain::intake::{Delivery, Received, SenderKind, State};
use senders::{Input, Options, read, read_prometheus, table};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// When the payloads of Prometheus are read: 2026-11-26T22:50:00Z.
const NOW: Instant = Instant(1_795_733_400_000_000);

#[test]
fn every_payload_comes_to_what_its_golden_file_says() {
    let mut wrong = Vec::new();
    let payloads = payloads();
    assert!(payloads.len() >= 40, "the fixtures are not where they are looked for");
    for path in payloads {
        let said = spelled(&path) + "\n";
        let golden = path.with_extension("alerts.json");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&golden, &said).unwrap();
        }
        match fs::read_to_string(&golden) {
            Ok(expect) if expect == said => {}
            Ok(_) => wrong.push(format!("{} differs; it is now\n{said}", golden.display())),
            Err(_) => wrong.push(format!("{} is missing", golden.display())),
        }
    }
    for golden in files().into_iter().filter(|file| is_golden(file)) {
        let payload = |ending: &str| golden.to_str().unwrap().replace(".alerts.json", ending);
        if [".json", ".eml"].iter().all(|ending| !Path::new(&payload(ending)).exists()) {
            wrong.push(format!("{} belongs to nothing", golden.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_kind_has_payloads_that_fire_and_that_resolve() {
    for kind in SenderKind::ALL.iter().copied() {
        // Alerts of Opsgenie are closed by another path, not by a body.
        let over = if kind == SenderKind::Opsgenie { State::Firing } else { State::Resolved };
        for (name, expect) in [("fires", State::Firing), ("resolves", over)] {
            let path = example(kind.word(), name);
            let states: Vec<State> = delivery(&path).received.into_iter().map(|received| received.state).collect();
            assert_eq!(states, [expect], "{}", path.display());
        }
    }
}

#[test]
fn a_resolve_has_the_identity_of_what_fired() {
    let kinds = SenderKind::WORDS.iter().copied().chain(["prometheus"]);
    for kind in kinds.filter(|kind| *kind != "opsgenie") {
        let identity = |name: &str| {
            let delivery = delivery(&example(kind, name));
            delivery.received.first().and_then(|received| received.identity.clone())
        };
        assert!(identity("fires").is_some(), "{kind}");
        assert_eq!(identity("fires"), identity("resolves"), "{kind}");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// A payload of a kind: JSON, or a mail.
fn example(kind: &str, name: &str) -> PathBuf {
    let path = root().join(kind).join(name);
    let mail = path.with_extension("eml");
    if mail.exists() { mail } else { path.with_extension("json") }
}

/// The rules that the page about integrations suggests.
fn suggested_rules() -> CompiledMail {
    let setup = table().iter().find(|sender| sender.kind == SenderKind::Email).unwrap().setup;
    let written = setup.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let written: toml::Table = written.parse().unwrap();
    CompiledMail::new(written["integration"]["mail"].clone().try_into().unwrap()).unwrap()
}

fn is_golden(file: &Path) -> bool {
    file.to_str().unwrap().ends_with(".alerts.json")
}

fn files() -> Vec<PathBuf> {
    let folders = fs::read_dir(root()).unwrap().map(|folder| folder.unwrap().path());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()));
    let mut files: Vec<_> = files.collect();
    files.sort();
    files
}

fn payloads() -> Vec<PathBuf> {
    files().into_iter().filter(|file| !is_golden(file)).collect()
}

/// The name of the folder is the kind; a name that begins with `per_group`, `tests_open` or `insufficient_data_opens` is read with that option.
fn delivery(path: &Path) -> Delivery {
    let body = fs::read(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let folder = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
    let input = Input { headers: &[], query: &[], content_type: None, body: &body };
    let mail = suggested_rules();
    let options = Options {
        per_group: name.starts_with("per_group"),
        tests_open: name.starts_with("tests_open"),
        mail: Some(&mail),
        insufficient_data_opens: name.starts_with("insufficient_data_opens"),
    };
    match SenderKind::from_word(folder) {
        Some(kind) => read(kind, &input, &options),
        None => read_prometheus(&input, &options, NOW),
    }
    .unwrap()
}

fn spelled(path: &Path) -> String {
    let received: Vec<Value> = delivery(path).received.iter().map(alert).collect();
    serde_json::to_string_pretty(&received).unwrap()
}

fn alert(received: &Received) -> Value {
    let state = match &received.state {
        State::Firing => "firing".to_owned(),
        State::Resolved => "resolved".to_owned(),
        State::Acknowledged { by } => format!("acknowledged by {}", by.as_deref().unwrap_or("nobody named")),
        State::Noted => "noted".to_owned(),
        State::Changed => "changed".to_owned(),
        State::Asked(asked) => format!("asked: {asked:?}"),
        State::Alive(name) => format!("alive: {name}"),
        State::Ignored(why) => format!("ignored: {why}"),
        State::Unknown(missing) => format!("unknown: {missing}"),
    };
    let links: Vec<_> = received.links.iter().map(|link| [&link.text, &link.url]).collect();
    let mut alert = json!({
        "state": state,
        "identity": received.identity,
        "title": received.title,
        "text": received.text.lines().collect::<Vec<_>>(),
        "severity": received.severity,
        "urgency": received.urgency.map(i64::from),
        "tags": received.tags,
        "labels": received.labels,
        "links": links,
        "images": received.images,
        "occurred_at": received.occurred_at.map(Instant::wire),
        "repairs": received.repairs,
    });
    if let Some(minutes) = received.lasts_minutes {
        alert["lasts_minutes"] = json!(minutes);
    }
    alert
}

#[test]
fn the_suggested_rules_read_the_subjects_of_most_tools() {
    let settings = suggested_rules();
    let read = |subject: &str| {
        let envelope = senders::mail::Envelope { settings: Some(&settings), ..senders::mail::Envelope::default() };
        let raw = format!("From: a@b.example\nSubject: {subject}\n\ntext\n");
        let received = senders::mail::read(raw.as_bytes(), &envelope).received.remove(0);
        (received.state, received.identity)
    };
    let table = [
        ("PROBLEM: disk of db-1", "RECOVERY: disk of db-1", "disk of db-1"),
        (
            "** PROBLEM Service Alert: db-1/Disk is CRITICAL **",
            "** RECOVERY Service Alert: db-1/Disk is OK **",
            "Service Alert: db-1/Disk",
        ),
        ("** PROBLEM Host Alert: db-1 is DOWN **", "** RECOVERY Host Alert: db-1 is UP **", "Host Alert: db-1"),
        ("[FIRING:1] Latency (shop prod)", "[RESOLVED] Latency (shop prod)", "Latency (shop prod)"),
        ("DOWN web-1", "UP web-1", "web-1"),
        ("[PROBLEM] disk", "[OK] disk", "disk"),
    ];
    for (problem, recovery, identity) in table {
        assert_eq!(read(problem), (State::Firing, Some(identity.to_owned())), "{problem}");
        assert_eq!(read(recovery), (State::Resolved, Some(identity.to_owned())), "{recovery}");
    }
    assert_eq!(read("Upgrade of db-1"), (State::Firing, None));
}

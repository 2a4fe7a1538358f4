//! What machines and people ask about the server: health, readiness, metrics, documents.

use checks::{Answer, Api, Call};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use web::operation::{Code, operations};

fn ready(api: &Api) -> (u16, Value) {
    let answer = api.send(Call::get("/readyz"));
    answer.guarded();
    assert_eq!(answer.header("content-type"), "application/json");
    (answer.status, answer.json())
}

#[test]
fn a_server_that_answers_is_healthy() {
    let api = Api::new();
    let answer = api.send(Call::get("/healthz"));
    assert_eq!(answer.ok(), json!({"status": "ok"}));
}

#[test]
fn a_server_whose_engine_stands_still_is_not_ready_until_it_goes_on() {
    let api = Api::new();
    let good = json!({"status": "ready", "problems": [], "warnings": []});
    assert_eq!(ready(&api), (200, good.clone()));
    api.clock.advance(10_000_000);
    assert_eq!(ready(&api).0, 200);
    api.clock.advance(1_000_000);
    let (status, body) = ready(&api);
    assert_eq!((status, &body["status"]), (503, &json!("not ready")));
    assert_eq!(body["problems"], json!(["due incidents were last looked for 11 seconds ago"]));
    api.beat();
    assert_eq!(ready(&api), (200, good));
}

#[test]
fn an_incident_that_nobody_can_be_found_for_is_a_warning_and_a_metric() {
    let api = Api::new();
    let incident = api.incident("x");
    strand(&api, incident);
    api.beat();
    let (status, body) = ready(&api);
    assert_eq!((status, &body["problems"]), (200, &json!([])));
    assert_eq!(body["warnings"], json!(["nobody can be reached for 1 incidents"]));
    assert_eq!(samples(&api)["reveille_stranded_incidents"], 1.0);
}

/// Leaves nobody in the demo who could be reached.
fn strand(api: &Api, incident: i64) {
    let text = "[organization]\nname = \"demo\"\n[[user]]\nusername = \"ana\"\n\
        [[escalation_policy]]\nname = \"primary\"\nlevels = [{ minutes = 5, users = [\"ana\"] }]\n\
        [[service]]\nname = \"checkout\"\nescalation_policy = \"primary\"\n";
    let definition = directory::file::read_text("demo.toml", text).expect("no mistakes");
    let ids = engine::ids::Ids::seeded(9);
    directory::apply(api.test.store(), &ids, domain::Instant(0), &definition).expect("it is applied");
    api.pass_minutes(5);
    api.beat();
    let stranded = |(event_type, log): (String, Value)| event_type == "DISPATCH" && log["nobody_reachable"] == true;
    assert!(super::events(api, incident).into_iter().any(stranded));
}

/// What `/metrics` tells, by name and labels; every line must be as Prometheus reads it.
fn samples(api: &Api) -> BTreeMap<String, f64> {
    let answer = api.send(Call::get("/metrics"));
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("application/openmetrics-text; version=1.0.0"));
    parse(&answer)
}

fn parse(answer: &Answer) -> BTreeMap<String, f64> {
    let mut lines: Vec<&str> = answer.text().lines().collect();
    assert_eq!(lines.pop(), Some("# EOF"));
    let mut described = Vec::new();
    let mut samples = BTreeMap::new();
    for line in lines {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            described.push(rest.split(' ').next().expect("a name"));
        } else if !line.starts_with("# HELP ") && !line.starts_with("# UNIT ") {
            let (name, value) = line.rsplit_once(' ').expect("a name and a value");
            assert!(described.iter().any(|known| name.starts_with(known)), "{line}");
            assert_eq!(name.contains('{'), name.ends_with('}'), "{line}");
            let value = value.parse().unwrap_or_else(|_| panic!("not a number: {line}"));
            assert!(samples.insert(name.to_owned(), value).is_none(), "twice: {line}");
        }
    }
    samples
}

#[test]
fn the_metrics_tell_what_an_operator_must_watch() {
    let api = Api::new();
    let incident = api.incident("x");
    api.beat();
    api.ok("acknowledge", &json!({"instance_id": incident}));
    api.ask("unmerge", &json!({"instance_id": incident, "task_ref_id": "x"})).refused(404, "unknown_alert");
    let told = samples(&api);
    let table = [
        ("reveille_last_tick_age_seconds", 0.0),
        ("reveille_oldest_overdue_incident_seconds", 0.0),
        ("reveille_oldest_overdue_notification_seconds", 0.0),
        ("reveille_queue_depth", 0.0),
        ("reveille_stranded_incidents", 0.0),
        ("reveille_quarantined_total", 0.0),
        ("reveille_commands_total{outcome=\"done\"}", 2.0),
        ("reveille_commands_total{outcome=\"refused\"}", 1.0),
        ("reveille_notification_attempts_total{channel=\"email\",outcome=\"delivered\"}", 1.0),
    ];
    for (name, value) in table {
        assert_eq!(told.get(name), Some(&value), "{name}: {told:#?}");
    }
    // The counts of transactions and of jobs in them belong together.
    let commits = told["reveille_commits_total"];
    assert!(commits >= 3.0);
    assert_eq!(told["reveille_jobs_per_commit_count"], commits);
    assert!(told["reveille_jobs_per_commit_sum"] >= commits);
    api.clock.advance(3_500_000);
    assert_eq!(samples(&api)["reveille_last_tick_age_seconds"], 3.5);
}

#[test]
fn the_documents_are_those_of_the_table() {
    let api = Api::new();
    let document = api.send(Call::get("/openapi.json"));
    document.ok();
    assert_eq!(document.text(), web::openapi_text());
    assert!(document.json()["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    let page = api.send(Call::get("/docs"));
    page.guarded();
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    for code in Code::ALL {
        assert!(page.text().contains(&format!("id=\"error-{}\"", code.word())), "{}", code.word());
    }
    for operation in operations() {
        assert!(page.text().contains(&operation.documented_path()), "{}", operation.name);
    }
    let style = api.send(Call::get("/docs/app.css"));
    assert_eq!((style.status, style.header("content-type")), (200, "text/css; charset=utf-8"));
    style.guarded();
}

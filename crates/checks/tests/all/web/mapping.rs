//! Integrations that say themselves where what stands in a body, and what is added to their alerts.

use checks::{Api, Call};
use serde_json::{Value, json};

const LINES: &str = r#"
[[integration]]
name = "batch"
kind = "generic"
escalation_policies = ["primary"]
urgencies = [{ severity = "grave", urgency = 5 }]

[integration.mapping]
items = "/report/jobs"
identity = "{{ body.report.site }}/{{ job }}"
title = ["/headline", "Job {{ job }} failed"]
urgency = "/weight"
event_id = "/report/run"
resolved_when = [{ field = "/exit_code", equals = 0 }]

[[integration.enrichments]]
name = "owner"
conditions = [{ field = "/job", exists = true }]
lookup = { key = "{{ payload.job }}", rows = { "backup" = { team = "storage" } } }
add_tags = ["team:{{ team }}"]
add_links = [{ text = "Runbook", url = "https://wiki.example/{{ team }}" }]
"#;

fn report(run: i64, exit_code: i64) -> Value {
    json!({"report": {"site": "berlin", "run": run, "jobs": [
        {"job": "backup", "exit_code": exit_code, "weight": "grave"},
        {"job": "mail", "exit_code": exit_code, "headline": "No mail leaves"},
    ]}})
}

fn fates(answer: &Value) -> Vec<&str> {
    answer["alerts"].as_array().expect("alerts").iter().map(|alert| alert["fate"].as_str().expect("a fate")).collect()
}

fn on_both(body: impl Fn(&Api)) {
    Api::reached_on_both(|api| {
        api.extend(LINES);
        body(api);
    });
}

#[test]
fn a_body_is_read_as_the_mapping_says_and_enriched_and_its_alerts_end_the_same_way() {
    on_both(|api| {
        let opened = api.deliver("batch", &report(1, 3)).ok();
        assert_eq!(fates(&opened), ["opened", "opened"], "{opened}");
        let id = opened["alerts"][0]["instance_id"].as_i64().expect("a number");
        let details = api.details(id);
        assert_eq!(
            (&details["task"]["task_title"], &details["task"]["urgency_level"]),
            (&json!("Job backup failed"), &json!(5))
        );
        assert_eq!(details["dedup_key"], "berlin/backup");
        assert_eq!(details["task"]["labels"], json!(["team:storage", "critical"]), "{details}");
        let alert = &api.ok("alerts", &json!({"instance_id": id}))[0];
        assert_eq!(alert["links"], json!([["Runbook", "https://wiki.example/storage"]]));
        let other = api.get(&format!("/v1/alerts/{}", opened["alerts"][1]["alert_id"].as_str().expect("an id")));
        assert_eq!(other["title"], "No mail leaves");
        assert!(other["repairs"].to_string().contains("enrichment `owner`: no row `mail`"), "{other}");

        api.clock.advance(3_600_000_000);
        let again = api.deliver("batch", &report(1, 3)).ok();
        assert_eq!(fates(&again), ["repeated", "repeated"], "{again}");
        let over = api.deliver("batch", &report(2, 0)).ok();
        assert_eq!(fates(&over), ["resolved", "resolved"], "{over}");
        assert_eq!(api.details(id)["status"], "RESOLVED");
    });
}

#[test]
fn settings_are_tried_on_the_last_bodies_or_a_given_one_and_nothing_comes_of_it() {
    on_both(|api| {
        api.deliver("batch", &report(1, 3)).ok();
        let before = api.get("/v1/alerts");
        let tried = |body: &Value| api.send(Call::post("/v1/integrations/batch/try").key(&api.key).json(body));
        let mapping = json!({"items": "/report/jobs", "identity": "/job", "title": "{{ job | upper }}"});
        let answer = tried(&json!({"mapping": mapping, "enrichments": []})).ok();
        let titles = |list: &Value| {
            list.as_array().expect("a list").iter().map(|alert| alert["title"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(titles(&answer[0]["alerts"]), ["BACKUP", "MAIL"], "{answer}");
        assert_eq!(titles(&answer[0]["before"]), ["Job backup failed", "No mail leaves"]);
        assert_eq!((answer.as_array().map(Vec::len), &answer[0]["is_read"]), (Some(1), &json!(true)));

        let given = tried(&json!({"payload": "job=disk&exit_code=0"})).ok();
        assert_eq!((&given[0]["received_at"], &given[0]["before"]), (&Value::Null, &Value::Null), "{given}");
        assert_eq!(given[0]["alerts"][0]["title"], "Job disk failed");
        let broken = tried(&json!({"payload": "{\"job\": "})).ok();
        assert_eq!((&broken[0]["is_read"], &broken[0]["alerts"]), (&json!(false), &Value::Null), "{broken}");
        assert!(broken[0]["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
        assert_eq!(api.get("/v1/alerts"), before, "a try leaves no trace");
    });
}

#[test]
fn settings_that_can_never_work_are_refused_with_every_mistake_by_its_place() {
    on_both(|api| {
        let body = json!({
            "mapping": {"title": "{{ job", "resolved_when": [{"field": "title", "equals": "x"}]},
            "enrichments": [{"name": "a", "set_title": "{% x %}"}],
        });
        let refused = api.send(Call::post("/v1/integrations/batch/try").key(&api.key).json(&body));
        let told = refused.refused(400, "invalid_fields")["errors"].clone();
        let places: Vec<_> = told
            .as_array()
            .expect("errors")
            .iter()
            .map(|error| error.as_str().expect("a text").split(':').next())
            .collect();
        assert_eq!(
            places,
            [Some("mapping.title"), Some("mapping.resolved_when"), Some("enrichments[0].set_title")],
            "{told}"
        );
        let strange =
            api.send(Call::post("/v1/integrations/batch/try").key(&api.key).json(&json!({"mapping": {"titel": "/x"}})));
        let error = strange.first_error(400, "invalid_fields");
        assert!(error.starts_with("mapping: unknown field `titel`"), "{error}");
    });
}

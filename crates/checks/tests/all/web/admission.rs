//! What a request to an integration must show beside its key: the network that it comes from, and a signature.

use checks::{Api, Call, Database, settings};
use engine::DeskLimits;
use serde_json::{Value, json};

const LINES: &str = r#"
[[integration]]
name = "signed"
kind = "grafana"
service = "checkout"
secret = "s3cret"

[[integration]]
name = "near"
kind = "generic"
service = "checkout"
networks = ["198.51.100.0/24", "2001:db8::/32"]
"#;

const GETTING: &str = r#"
[[integration]]
name = "got"
kind = "uptime_kuma"
service = "checkout"
accept_get = true

[[integration]]
name = "posted"
kind = "uptime_kuma"
service = "checkout"
"#;

const BODY: &str = r#"{"alerts": [{"status": "firing", "labels": {"alertname": "Disk"}, "fingerprint": "1"}]}"#;
/// By `openssl dgst -sha256 -hmac s3cret` of the body.
const SIGNATURE: &str = "06093d925370875eee19101efb8d4536779809220f3c92a7fa27d0d29d4c3655";
/// The same of no body at all.
const OF_NOTHING: &str = "91dfac70c5348b04e1babb8b421ac92cec08b565b49ca16130dccb72503647b7";
const HEADER: &str = "x-grafana-alerting-signature";

/// What is kept of an integration: fates of its alerts, and bodies.
fn kept(api: &Api, integration: &str) -> (Value, Value) {
    let fates = api.get(&format!("/v1/alerts?integration={integration}"));
    (fates, api.get(&format!("/v1/integrations/{integration}/payloads")))
}

#[test]
fn a_body_that_its_sender_did_not_sign_is_refused_by_whatever_path_it_comes_and_nothing_is_kept() {
    Api::reached_on_both(|api| {
        api.extend(LINES);
        let path = api.intake_path("signed");
        let key = path.rsplit('/').next().expect("a key").to_owned();
        let before = kept(api, "signed");
        let event = json!({"routing_key": key, "event_action": "trigger", "payload": {"summary": "x"}}).to_string();
        for call in [
            Call::post(&path).body(BODY),
            Call::post(&path).body(BODY).header(HEADER, SIGNATURE.replace('a', "b")),
            Call::post(&path).body(BODY.replace("Disk", "Door")).header(HEADER, SIGNATURE),
            Call::post(&path).body("no JSON").header(HEADER, SIGNATURE),
            Call::post(&path.replace("grafana", "generic")).body(BODY),
            Call::post(&path.replace("grafana", "nagios")).body(BODY).header("x-sfx-signature", "AAAA"),
            Call::post(&path.replace("grafana", "integrations/generic")).body(BODY),
            Call::post(&format!("/alertmanager/{key}/api/v2/alerts")).body("[{\"labels\": {\"a\": \"b\"}}]"),
        ] {
            api.send(call.clone()).refused(403, "invalid_signature");
        }
        for (path, body) in [("/v2/enqueue", event.as_str()), ("/v2/alerts", "{\"message\": \"x\"}")] {
            let call = Call::post(path).header("authorization", format!("GenieKey {key}"));
            assert_eq!(api.send(call.body(body)).status, 403, "{path}");
        }
        for path in ["/v2/alerts/x?identifierType=alias".to_owned(), format!("/v2/alerts/requests/{key}")] {
            let call = Call::get(&path).header("authorization", format!("GenieKey {key}"));
            assert_eq!(api.send(call.header(HEADER, OF_NOTHING)).status, 403, "{path}");
        }
        assert_eq!(kept(api, "signed"), before, "nothing is kept");

        let answer = api.send(Call::post(&path).body(BODY).header(HEADER, SIGNATURE)).ok();
        assert_eq!(answer["alerts"][0]["fate"], "opened", "{answer}");
        let signed = Call::post(&path.replace("grafana", "alertmanager")).body(BODY).header(HEADER, SIGNATURE);
        assert_eq!(api.send(signed).ok()["alerts"][0]["fate"], "repeated", "a pasted wrong path loses nothing");
        let listed = api.get("/list/integrations").to_string();
        assert!(!listed.contains("s3cret") && listed.contains("signed"), "{listed}");
    });
}

#[test]
fn an_integration_for_some_networks_takes_nothing_from_others() {
    let proxies = vec!["10.0.0.0/8".parse().expect("a network")];
    let settings = web::Settings { trusted_proxies: proxies, ..settings() };
    let api = Api::with(Database::Sqlite, settings, DeskLimits { queue: 10, batch: 10, writers: 1 });
    api.extend(LINES);
    let path = api.intake_path("near");
    let key = path.rsplit('/').next().expect("a key").to_owned();
    let table = [
        ("198.51.100.7", "", true),
        ("2001:db8::1", "", true),
        ("192.0.2.1", "", false),
        ("192.0.2.1", "198.51.100.7", false),
        ("10.0.0.1", "198.51.100.7", true),
        ("10.0.0.1", "198.51.100.7, 192.0.2.1", false),
        ("10.0.0.1", "", false),
    ];
    for (number, (peer, told, taken)) in table.into_iter().enumerate() {
        let ways = [
            Call::post(&path).body(format!("{{\"id\": {number}, \"title\": \"x\"}}")),
            Call::post("/v2/alerts").header("authorization", format!("GenieKey {key}")).body("{\"message\": \"x\"}"),
            Call::post(&format!("/x-ere/{key}")).body(r#"{"event_action": "trigger", "payload": {"summary": "x"}}"#),
            Call::get(&format!("/alertmanager/{key}/-/ready")),
        ];
        for call in ways {
            let call = call.from(peer);
            let call = if told.is_empty() { call } else { call.header("x-forwarded-for", told) };
            let status = api.send(call.clone()).status;
            assert_eq!(status == 403, !taken, "{call:?} from {peer} for `{told}`: {status}");
        }
    }
}

#[test]
fn a_get_is_taken_where_the_integration_says_so_and_nowhere_else() {
    let api = Api::new();
    api.extend(GETTING);
    let query = "?msg=timeout&heartbeat=%7B%22status%22%3A0%7D&monitor=%7B%22id%22%3A7%2C%22name%22%3A%22Shop%22%7D";
    let got = api.intake_path("got");
    let answer = api.send(Call::get(&format!("{got}{query}"))).ok();
    assert_eq!(answer["alerts"][0]["fate"], "opened", "{answer}");
    let incident = answer["alerts"][0]["instance_id"].as_i64().expect("a number");
    assert_eq!(api.details(incident)["task"]["task_title"], "Shop is down");
    let key = got.rsplit('/').next().expect("a key");
    let answer = api.send(Call::get(&format!("/integrations/uptime_kuma{query}&key={key}"))).ok();
    assert_eq!(answer["alerts"][0]["fate"], "repeated", "{answer}");
    api.send(Call::new("DELETE", &got)).refused(405, "method_not_allowed");
    api.send(Call::get(&format!("{}{query}", api.intake_path("posted")))).refused(405, "method_not_allowed");
    api.send(Call::get(&format!("{}?title=x", api.intake_path("scripts")))).refused(405, "method_not_allowed");
}

//! What monitoring tools send, from the body to the incident and back.

use checks::{Api, Call};
use domain::permission::Scope;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;

fn fires(id: &str) -> Value {
    json!({"id": id, "title": format!("Disk of {id} is full"), "severity": "page", "description": "97 %", "url": "https://wiki/disk"})
}

fn resolves(id: &str) -> Value {
    json!({"id": id, "status": "resolved"})
}

/// The one alert of an answer: its fate, why, and its incident.
fn fate(answer: &Value) -> (String, Value, Value) {
    let alerts = answer["alerts"].as_array().expect("alerts");
    assert_eq!((alerts.len(), &answer["status"]), (1, &json!("ok")), "{answer}");
    let alert = &alerts[0];
    (alert["fate"].as_str().expect("a fate").to_owned(), alert["because"].clone(), alert["instance_id"].clone())
}

fn sent(api: &Api, body: &Value) -> (String, Value, Value) {
    fate(&api.deliver("scripts", body).ok())
}

fn of(fate: &str, because: &Value, id: &Value) -> (String, Value, Value) {
    (fate.to_owned(), because.clone(), id.clone())
}

#[test]
fn an_alert_opens_an_incident_that_its_sender_ends() {
    Api::reached_on_both(|api| {
        let answer = api.deliver("scripts", &fires("db-1")).ok();
        let (opened, _, id) = fate(&answer);
        assert_eq!(opened, "opened");
        let number = id.as_i64().expect("a number");
        let details = api.details(number);
        assert_eq!(details["task"]["task_title"], "Disk of db-1 is full");
        assert_eq!((&details["task"]["urgency_level"], &details["status"]), (&json!(5), &json!("OPEN")), "{details}");
        assert_eq!(details["task"]["task_ref_id"], answer["alerts"][0]["alert_id"]);
        assert_eq!(details["task"]["integration_name"], "scripts");
        assert_eq!(details["dedup_key"], "db-1");
        let event = &details["events"][0];
        assert_eq!((&event["event_method"], &event["event_by"]), (&json!("INTEGRATIONS_API"), &json!("scripts")));

        api.clock.advance(61_000_000);
        assert_eq!(sent(api, &fires("db-1")), of("joined", &Value::Null, &id));
        assert_eq!(api.details(number)["suppressed_count"], 1);
        api.clock.advance(1);
        assert_eq!(sent(api, &resolves("db-1")), of("resolved", &json!("ended"), &id));
        let details = api.details(number);
        assert_eq!(details["status"], "RESOLVED");
        let last = details["events"].as_array().expect("events").last().expect("one").clone();
        let said = (&last["event_type"], &last["event_method"], &last["event_by"]);
        assert_eq!(said, (&json!("RESOLVE"), &json!("INTEGRATIONS_API"), &json!("scripts")), "{details}");
        let alert = &api.ok("alerts", &json!({"instance_id": number}))[0];
        assert_eq!(alert["resolved_on"], details["resolved_on"]);
        assert_eq!(alert["links"], json!([["Url", "https://wiki/disk"]]), "{alert}");

        api.clock.advance(1);
        let (opened, _, again) = sent(api, &fires("db-1"));
        assert_eq!(opened, "opened", "what comes back is a new incident");
        let text = api.details(again.as_i64().expect("a number"))["task"]["text_msg"].clone();
        let old = &details["organization_instance_id"];
        assert_eq!(text, format!("97 %\n\nThe same problem was incident #{old}."));
    });
}

#[test]
fn what_became_of_every_alert_can_be_looked_up() {
    Api::reached_on_both(|api| {
        let first = api.deliver("scripts", &fires("db-1")).ok()["alerts"][0]["alert_id"].clone();
        api.clock.advance(1);
        sent(api, &json!({"id": "x", "title": "[test] it"}));
        api.clock.advance(1);
        sent(api, &resolves("db-1"));
        let all = api.get("/v1/alerts");
        let told: Vec<_> = all.as_array().expect("a list").iter().map(|alert| &alert["fate"]).collect();
        assert_eq!(told, ["resolved", "suppressed", "opened"], "{all}");
        assert_eq!(all[1]["because"], "tests wake nobody");
        let one = api.get(&format!("/v1/alerts/{}", first.as_str().expect("an id")));
        let said = ["fate", "state", "title", "identity", "integration", "urgency_level"].map(|key| &one[key]);
        let expected = [
            json!("opened"),
            json!("firing"),
            json!("Disk of db-1 is full"),
            json!("db-1"),
            json!("scripts"),
            json!(5),
        ];
        assert_eq!(said, expected.each_ref(), "{one}");
        let later: Vec<_> = one["later"].as_array().expect("a list").iter().map(|alert| &alert["fate"]).collect();
        assert_eq!(later, ["resolved"]);

        let metrics = api.send(Call::get("/metrics")).text().to_owned();
        assert!(metrics.contains("reveille_alerts_total{fate=\"suppressed\"} 1"), "{metrics}");
        let count = |query: &str| api.get(&format!("/v1/alerts?{query}")).as_array().expect("a list").len();
        assert_eq!((count("fate=opened"), count("integration=scripts"), count("integration=grafana")), (1, 3, 0));
        assert_eq!(count("integration=scripts&identity=db-1"), 2);
        assert_eq!(
            (count("identity=db-1"), count("identity=never"), count("integration=grafana&identity=db-1")),
            (2, 0, 0)
        );
        assert_eq!(count(&format!("instance_id={}", one["instance_id"])), 2);
        assert_eq!(
            (&one["fate_at"], &one["later"][0]["fate_at"]),
            (&one["received_at"], &one["later"][0]["received_at"])
        );
        assert_eq!(count("since=2021-05-05T17:20:14.343826"), 2);
        assert_eq!(count("until=2021-05-05T17:20:14.343826"), 2);
        let page = api.send(Call::get("/v1/alerts?limit=2").key(&api.key));
        let link = page.header("link").to_owned();
        let next = link.split(['<', '>']).nth(1).expect("a link");
        assert_eq!(api.get(next)[0]["alert_id"], first, "{link}");
        let asked = api.send(Call::post("/v1/alerts/list").key(&api.key).json(&json!({"fate": "opened"}))).ok();
        assert_eq!(asked[0]["alert_id"], first);
        api.send(Call::get("/v1/alerts/gone").key(&api.key)).refused(404, "unknown_alert");
        let other = api.new_key("other", "other", Scope::Read);
        assert_eq!(api.send(Call::get("/v1/alerts").key(&other)).ok(), json!([]), "nobody else hears of it");
    });
}

#[test]
fn an_incident_of_many_alerts_ends_with_the_last_of_them() {
    let api = Api::new();
    let (_, _, one) = sent(&api, &fires("a"));
    let (_, _, two) = sent(&api, &fires("b"));
    api.ok("merge", &json!({"instance_id": two, "related_instance_id": one}));
    api.clock.advance(1);
    assert_eq!(sent(&api, &resolves("a")), of("resolved", &json!("1 remain"), &one));
    assert_eq!(sent(&api, &resolves("b")), of("resolved", &json!("ended"), &one), "it moved with its alert");

    let (_, _, three) = sent(&api, &fires("c"));
    let by_hand = api.incident("made by hand");
    api.ok("merge", &json!({"instance_id": by_hand, "related_instance_id": three}));
    api.clock.advance(1);
    assert_eq!(sent(&api, &resolves("c")), of("resolved", &json!("others remain"), &three));
    assert_eq!(api.details(three.as_i64().expect("a number"))["status"], "OPEN");
}

#[test]
fn a_person_who_resolved_it_is_not_asked_again_at_once_though_the_sender_goes_on() {
    let api = Api::new();
    let (_, _, id) = sent(&api, &fires("db-1"));
    api.ok("resolve", &json!({"instance_id": id}));
    api.clock.advance(59 * 60_000_000);
    assert_eq!(sent(&api, &fires("db-1")), of("noted", &json!("resolved_here"), &id));
    api.clock.advance(60_000_000);
    let (opened, _, other) = sent(&api, &fires("db-1"));
    assert!(opened == "opened" && other != id, "an hour later it opens anew");
    api.clock.advance(1);
    assert_eq!(sent(&api, &resolves("db-1")), of("resolved", &json!("ended"), &other));
}

#[test]
fn a_body_that_is_sent_again_is_answered_as_the_first_and_opens_nothing() {
    let api = Api::new();
    let first = api.deliver("scripts", &fires("db-1")).ok();
    let again = api.deliver("scripts", &fires("db-1")).ok();
    assert_eq!(again["alerts"][0]["alert_id"], first["alerts"][0]["alert_id"]);
    let (repeated, because, id) = fate(&again);
    assert_eq!((repeated.as_str(), &because), ("repeated", &first["alerts"][0]["alert_id"]));
    assert_eq!(api.details(id.as_i64().expect("a number"))["suppressed_count"], 0);
    api.clock.advance(1);
    sent(&api, &resolves("db-1"));
    let (opened, _, _) = sent(&api, &fires("db-1"));
    assert_eq!(opened, "opened", "what comes back within a minute is no repetition");
    let unnamed = json!({"title": "without a name"});
    let (one, _, _) = sent(&api, &unnamed);
    let (two, _, _) = sent(&api, &unnamed);
    api.clock.advance(60_000_000);
    let (three, _, _) = sent(&api, &unnamed);
    assert_eq!([one.as_str(), two.as_str(), three.as_str()], ["opened", "repeated", "opened"]);
}

#[test]
fn a_group_of_a_thousand_alerts_is_one_body_one_answer_and_a_thousand_fates() {
    Api::reached_on_both(|api| {
        let alert = |number: usize| {
            let labels = json!({"alertname": "Down", "instance": format!("host-{number}")});
            json!({"status": "firing", "labels": labels, "fingerprint": format!("{number:016x}")})
        };
        let mut alerts: Vec<_> = (0..999).map(alert).collect();
        alerts.push(json!(7));
        let body = json!({"version": "4", "status": "firing", "groupKey": "{}", "alerts": alerts});
        let answer = api.deliver("prometheus", &body).ok();
        assert_eq!((answer["alerts"].as_array().map(Vec::len), &answer["more"]), (Some(100), &json!(900)));
        let count = |query: &str| api.get(&format!("/v1/alerts?limit=5000&{query}")).as_array().expect("a list").len();
        assert_eq!((count(""), count("fate=unmappable")), (1000, 1));
        assert_eq!(count("fate=opened") + count("fate=grouped"), 999);
    });
}

#[test]
fn what_cannot_be_read_is_refused_with_its_reason_and_kept_to_look_at() {
    let api = Api::new();
    let path = api.intake_path("scripts");
    let refused = api.send(Call::post(&path).body("{\"title\": \"x\"").header("content-type", "application/json"));
    refused.refused(400, "malformed_json");
    api.clock.advance(1);
    api.send(Call::post(&path).json(&json!({"title": "y", "password": "hunter2", "labels": {"api_key": "z"}}))).ok();
    let kept = api.get("/v1/integrations/scripts/payloads");
    assert_eq!((kept.as_array().map(Vec::len), &kept[0]["is_read"]), (Some(2), &json!(true)), "{kept}");
    assert_eq!(kept[0]["alerts"][0]["fate"], "opened");
    let body: Value = serde_json::from_str(kept[0]["body"].as_str().expect("a text")).expect("JSON");
    assert_eq!(body, json!({"title": "y", "password": "(hidden)", "labels": {"api_key": "(hidden)"}}));
    assert_eq!(kept[1]["body"], "{\"title\": \"x\"");
    assert!(kept[1]["reason"].as_str().is_some_and(|reason| reason.contains("line 1 column")), "{kept}");
    assert_eq!(api.get("/v1/alerts").as_array().map(Vec::len), Some(1), "what was refused has no fate");
    for number in 0..60 {
        api.send(Call::post(&path).json(&json!({"title": format!("{number}")}))).ok();
    }
    let kept = api.get("/v1/integrations/scripts/payloads");
    let read = kept.as_array().expect("a list").iter().filter(|row| row["is_read"] == true).count();
    assert_eq!((read, kept.as_array().map(Vec::len)), (50, Some(51)), "a flood does not push out what went wrong");
}

#[test]
fn the_key_says_whose_it_is_wherever_it_stands() {
    let api = Api::new();
    let path = api.intake_path("scripts");
    let key = path.rsplit('/').next().expect("a key").to_owned();
    let plain = key.replace('-', "").to_uppercase();
    let body = |name: &str| json!({"title": name, "id": name});
    let calls = [
        Call::post(&format!("/generic/{plain}")),
        Call::post(&format!("/generic/{key}/")),
        Call::new("PUT", &format!("/integrations/generic/{key}")),
        Call::post(&format!("/integrations/generic?token={key}")),
        Call::post("/integrations/generic/").header("authorization", format!("Bearer {key}")),
        Call::post("/integrations/generic").header("x-integration-key", &key),
    ];
    for (number, call) in calls.into_iter().enumerate() {
        assert_eq!(fate(&api.send(call.json(&body(&number.to_string()))).ok()).0, "opened", "{number}");
    }
    let nagios =
        json!({"host_name": "db-1", "host_state": "DOWN", "notification_type": "PROBLEM", "entity_type": "host"});
    let answer = api.send(Call::post(&format!("/nagios/{key}")).json(&nagios)).ok();
    let alert = api.get(&format!("/v1/alerts/{}", answer["alerts"][0]["alert_id"].as_str().expect("an id")));
    assert_eq!(alert["title"], "db-1 is DOWN");
    assert_eq!(alert["repairs"], json!(["kind_differs: the path says nagios, the integration is generic"]));
    for path in ["/generic/00000000-0000-4000-8000-000000000000", "/generic/x", "/integrations/generic"] {
        api.send(Call::post(path).json(&body("x"))).refused(401, "unknown_integration_key");
    }
    api.send(Call::get(&path)).refused(405, "method_not_allowed");
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(body("packed").to_string().as_bytes()).expect("it is packed");
    let packed = packed.finish().expect("it is packed");
    let call = Call::post(&path).body(packed).header("content-encoding", "gzip");
    assert_eq!(fate(&api.send(call).ok()).0, "opened");
}

#[test]
fn events_of_pagerdutys_api_are_answered_in_its_words() {
    Api::reached_on_both(|api| {
        let path = api.intake_path("anything with PagerDuty's API");
        let key = path.rsplit('/').next().expect("a key").replace('-', "");
        let event = |action: &str, more: &Value| {
            let mut event = json!({"routing_key": key, "event_action": action});
            let Value::Object(more) = more else { panic!("{more}") };
            event.as_object_mut().expect("an object").extend(more.clone());
            Call::post("/v2/enqueue").json(&event)
        };
        let payload = json!({"payload": {"summary": "Disk full", "source": "db-1", "severity": "critical"}});
        let made = api.send(event("trigger", &payload));
        assert_eq!(made.status, 202);
        let made = made.json();
        assert_eq!((&made["status"], &made["message"]), (&json!("success"), &json!("Event processed")));
        let dedup_key = made["dedup_key"].as_str().expect("a key");
        assert_eq!((dedup_key.len(), &made["fate"]), (32, &json!("opened")));
        api.clock.advance(1);
        let acknowledged = api.send(event("acknowledge", &json!({"dedup_key": dedup_key}))).json();
        assert_eq!(acknowledged["fate"], "acknowledged");
        let resolved = api.send(event("resolve", &json!({"dedup_key": dedup_key}))).json();
        assert_eq!(resolved["fate"], "resolved");
        let of_nothing = api.send(event("resolve", &json!({"dedup_key": "never seen"})));
        assert_eq!((of_nothing.status, &of_nothing.json()["fate"]), (202, &json!("ignored")));
        let refused = |call: Call| {
            let answer = api.send(call);
            assert_eq!((answer.status, &answer.json()["status"]), (400, &json!("invalid event")));
            answer.json()["errors"].clone()
        };
        assert_eq!(refused(event("trigger", &json!({}))), json!(["'payload.summary' is missing or blank"]));
        assert_eq!(refused(event("resolve", &json!({}))), json!(["'dedup_key' is missing or blank"]));
        let stranger = json!({"routing_key": "0".repeat(32), "event_action": "trigger", "payload": payload["payload"]});
        assert_eq!(refused(Call::post("/v2/enqueue").json(&stranger)), json!(["Invalid routing key"]));
        let older =
            json!({"service_key": key, "event_type": "trigger", "description": "Disk full", "incident_key": "k"});
        let older = api.send(Call::post("/generic/2010-04-15/create_event.json").json(&older));
        let expected = json!({"status": "success", "message": "Event processed", "incident_key": "k"});
        assert_eq!((older.status, older.json()), (200, expected));
        api.clock.advance(1);
        let change = json!({"routing_key": key, "payload": {"summary": "Deployed"}});
        let change = api.send(Call::post("/v2/change/enqueue").json(&change));
        assert_eq!((change.status, &change.json()["message"]), (202, &json!("Change event processed")));
        assert_eq!(api.get("/v1/alerts")[0]["because"], "informational");
    });
}

#[test]
fn an_api_takes_the_key_of_another_kind_and_says_so() {
    let api = Api::new();
    let key = api.intake_path("scripts").rsplit('/').next().expect("a key").to_owned();
    let last = || {
        let id = api.get("/v1/alerts")[0]["alert_id"].as_str().expect("an id").to_owned();
        api.get(&format!("/v1/alerts/{id}"))["repairs"].clone()
    };
    let event = json!({"routing_key": key, "event_action": "trigger",
        "payload": {"summary": "Disk full", "severity": "critical"}});
    assert_eq!(api.send(Call::post("/v2/enqueue").json(&event).from("192.0.2.7")).json()["fate"], "opened");
    assert_eq!(last(), json!(["kind_differs: the path says pagerduty, the integration is generic"]));
    let id = api.get("/list/incidents")[0]["instance_id"].as_i64().expect("a number");
    assert_eq!(api.details(id)["task"]["labels"][0], json!("source:192.0.2.7"), "who does not say where it is");
    api.clock.advance(1);
    let alert = json!({"message": "Disk full", "alias": "disk"});
    let call = Call::post("/v2/alerts").header("authorization", format!("GenieKey {key}")).json(&alert);
    assert_eq!(api.send(call).status, 202);
    assert_eq!(last(), json!(["kind_differs: the path says opsgenie, the integration is generic"]));
}

#[test]
fn alerts_of_opsgenies_api_are_answered_in_its_words() {
    Api::reached_on_both(|api| {
        let path = api.intake_path("anything with Opsgenie's API");
        let key = format!("GenieKey {}", path.rsplit('/').next().expect("a key"));
        let post = |path: &str, body: &Value| {
            let answer = api.send(Call::post(path).header("authorization", &key).json(body));
            assert_eq!((answer.status, &answer.json()["result"]), (202, &json!("Request will be processed")));
            let id = answer.json()["requestId"].as_str().expect("an id").to_owned();
            assert_eq!(answer.header("x-request-id"), id);
            let status = api.send(Call::get(&format!("/v2/alerts/requests/{id}")).header("authorization", &key)).ok();
            let data = status["data"].clone();
            assert_eq!(data["success"], data["isSuccess"]);
            (data["success"].clone(), data["status"].as_str().expect("a status").to_owned(), data["alertId"].clone())
        };
        let create =
            json!({"message": "Disk full", "alias": "disk", "priority": "P1", "tags": [""], "responders": [{}]});
        let (success, status, id) = post("/v2/alerts/", &create);
        assert_eq!((success, status.as_str()), (json!(true), "Created alert"));
        let id = id.as_str().expect("an id").to_owned();
        api.clock.advance(1);
        let status = |path: &str| post(path, &json!({})).1;
        assert_eq!(status("/v2/alerts/disk/acknowledge?identifierType=alias"), "Acknowledged alert");
        assert_eq!(status(&format!("/v2/alerts/{id}/close")), "Closed alert", "an id is that of an alert");
        api.clock.advance(61_000_000);
        assert_eq!(status("/v2/alerts/disk/close?identifierType=alias"), "Alert is already closed");
        assert_eq!(status("/v2/alerts/never/close?identifierType=alias"), "There is no open alert");
        assert_eq!(api.get("/v1/alerts?fate=resolved").as_array().map(Vec::len), Some(1));
        let (_, _, unnamed) = post("/v2/alerts", &json!({"message": "no alias"}));
        api.clock.advance(1);
        assert_eq!(status(&format!("/v2/alerts/{}/close", unnamed.as_str().expect("an id"))), "Closed alert");

        let wrong = api.send(Call::post("/v2/alerts").header("authorization", &key).json(&json!({})));
        assert_eq!((wrong.status, &wrong.json()["errors"]["message"]), (422, &json!("Message can not be empty.")));
        let stranger = api.send(Call::post("/v2/alerts").json(&create));
        assert_eq!(stranger.status, 401);
        let unknown = Call::get("/v2/alerts/requests/8025f64a-0f47-4830-b181-85ce474442a8");
        assert_eq!(api.send(unknown.header("authorization", &key)).status, 404);
    });
}

#[test]
fn a_mail_may_be_posted_as_it_is() {
    let api = Api::new();
    let path = api.intake_path("scripts");
    let path = format!("/email/{}", path.rsplit('/').next().expect("a key"));
    let mail = "Subject: =?utf-8?q?=C3=9Cberlast?=\r\nMessage-ID: <1@mon.example>\r\n\r\nCPU 97 %\r\n";
    let post = || api.send(Call::post(&path).body(mail).header("content-type", "message/rfc822")).ok();
    let (opened, _, id) = fate(&post());
    assert_eq!(opened, "opened");
    let task = api.details(id.as_i64().expect("a number"))["task"].take();
    assert_eq!((&task["task_title"], &task["text_msg"]), (&json!("\u{dc}berlast"), &json!("CPU 97 %")), "{task}");
    assert_eq!(fate(&post()).0, "repeated");
    api.send(Call::post(&path).body("no mail").header("content-type", "message/rfc822")).refused(400, "malformed_json");
}

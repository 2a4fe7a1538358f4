//! No bytes make a reader panic, and JSON is never refused.

use domain::Instant;
use domain::intake::SenderKind;
use proptest::prelude::*;
use senders::mail::Envelope;
use senders::{Input, Options, opsgenie, pagerduty, read, read_prometheus};
use serde_json::{Map, Value};

/// Names that the readers look for, so that they are found in what is made up.
const NAMES: [&str; 131] = [
    "alerts",
    "status",
    "labels",
    "annotations",
    "commonLabels",
    "commonAnnotations",
    "groupLabels",
    "groupKey",
    "startsAt",
    "endsAt",
    "fingerprint",
    "externalURL",
    "generatorURL",
    "truncatedAlerts",
    "alertname",
    "severity",
    "summary",
    "description",
    "values",
    "imageURL",
    "ruleId",
    "ruleName",
    "evalMatches",
    "state",
    "host_name",
    "host_state",
    "service_desc",
    "service_state",
    "notification_type",
    "entity_type",
    "long_date_time",
    "eventid",
    "eventvalue",
    "eventupdate",
    "eventack",
    "eventname",
    "eventtags",
    "eventsource",
    "url",
    "triggerid",
    "event_action",
    "payload",
    "dedup_key",
    "custom_details",
    "timestamp",
    "images",
    "links",
    "event_type",
    "incident_key",
    "service_key",
    "message",
    "alias",
    "priority",
    "tags",
    "details",
    "responders",
    "id",
    "title",
    "text",
    "metric",
    "transition",
    "cycle_key",
    "alert_id",
    "data",
    "essentials",
    "monitorCondition",
    "alertContext",
    "incident",
    "incident_id",
    "documentation",
    "current_state",
    "issueUrl",
    "impactedEntities",
    "heartbeat",
    "monitor",
    "msg",
    "code",
    "event",
    "issue_id",
    "issue",
    "metric_alert",
    "action",
    "alert",
    "entities",
    "resolved",
    "sid",
    "search_name",
    "result",
    "incidentId",
    "Type",
    "Message",
    "Subject",
    "TopicArn",
    "MessageId",
    "AlarmName",
    "AlarmArn",
    "NewStateValue",
    "Trigger",
    "Dimensions",
    "detail",
    "alarmName",
    "configuration",
    "metrics",
    "metricStat",
    "resources",
    "NOTIFY_HOSTNAME",
    "NOTIFY_WHAT",
    "NOTIFY_NOTIFICATIONTYPE",
    "NOTIFY_MICROTIME",
    "workflow_run",
    "conclusion",
    "head_branch",
    "repository",
    "deployment_status",
    "security_advisory",
    "number",
    "object_kind",
    "object_attributes",
    "build_status",
    "project",
    "webhookEvent",
    "key",
    "fields",
    "changelog",
    "items",
    "sensor",
    "sensorid",
    "check_id",
    "Status",
    "Name",
    "rule",
];
/// Texts that mean something to one of the readers.
const TEXTS: [&str; 31] = [
    "firing",
    "resolved",
    "ok",
    "alerting",
    "PROBLEM",
    "RECOVERY",
    "CUSTOM",
    "CRITICAL",
    "UP",
    "trigger",
    "acknowledge",
    "P1",
    "critical",
    "0",
    "1",
    "https://a.example/x",
    "0001-01-01T00:00:00Z",
    "2026-11-26T22:48:14Z",
    "{EVENT.ID}",
    "$HOSTNAME$",
    "$ALERT_ID",
    "Recovered",
    "closed",
    "Notification",
    "UnsubscribeConfirmation",
    "ALARM",
    "INSUFFICIENT_DATA",
    "Down ended (now: Up)",
    "failure",
    "pipeline",
    "jira:issue_updated",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![4 => prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(TEXTS.to_vec()).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..10)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn options() -> impl Strategy<Value = Options<'static>> {
    let switches = (any::<bool>(), any::<bool>(), any::<bool>());
    switches.prop_map(|(per_group, tests_open, insufficient_data_opens)| Options {
        per_group,
        tests_open,
        mail: None,
        insufficient_data_opens,
    })
}

fn input(body: &[u8]) -> Input<'_> {
    Input { headers: &[], query: &[], content_type: None, body }
}

/// Lines of which mails consist, whole and broken.
const LINES: [&str; 24] = [
    "From: a@b.example",
    "Subject: =?utf-8?B?w5w=?= =?x?q?=?=",
    "Content-Type: multipart/mixed; boundary=x",
    "Content-Type: multipart/alternative; boundary=\"y",
    "Content-Type: message/rfc822",
    "Content-Type: text/html; charset=utf-16",
    "Content-Type: text/plain; charset=iso-2022-jp",
    "Content-Disposition: attachment; filename*0*=utf-8''a%",
    "Content-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: quoted-printable",
    "In-Reply-To: <a@b> <",
    "References: <<<>>> a@b",
    "Date: Thu, 32 Foo 99999 25:61:61 +9999",
    "Received: from x by y; Thu",
    " ",
    "\t=",
    "",
    "",
    "--x",
    "--x--",
    "--y",
    "w5z=",
    "=C3=ZZ=",
    "<p><a href='https://a.example'>x</a><td",
];

fn mail() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        8 => prop::sample::select(LINES.to_vec()).prop_map(|line| line.as_bytes().to_vec()),
        1 => any::<Vec<u8>>(),
    ];
    let end = prop::sample::select(vec!["\r\n", "\n", "\r", ""]);
    prop::collection::vec((line, end), 0..40)
        .prop_map(|lines| lines.into_iter().flat_map(|(line, end)| [line, end.as_bytes().to_vec()].concat()).collect())
}

proptest! {
    #[test]
    fn every_mail_is_one_alert(raw in mail(), key in any::<bool>()) {
        let own = "0123456789abcdef0123456789abcdef";
        let envelope = Envelope { key: key.then_some(own), own_address: Some("a@b.example"), ..Envelope::default() };
        let delivery = senders::mail::read(&raw, &envelope);
        prop_assert_eq!(delivery.received.len(), 1);
        let origin = delivery.origin.unwrap();
        let words = origin.thread.iter().chain(&delivery.event_id).chain([&origin.sender]);
        prop_assert!(words.into_iter().all(|word| word.len() <= 512 && !word.contains('\0')));
        prop_assert!(delivery.received[0].payload.to_string().len() <= 6 * 64 * 1024);
        let _ = (senders::mail::hops(&raw), senders::mail::begins(&raw));
    }

    #[test]
    fn no_bytes_are_too_strange(
        body: Vec<u8>,
        text in "[\\[{\"a:=&,}\\] %]*",
        options in options(),
        kind: Option<String>,
    ) {
        for body in [&body[..], text.as_bytes()] {
            let said = Input { content_type: kind.as_deref(), ..input(body) };
            for kind in SenderKind::ALL.iter().copied() {
                let _ = read(kind, &said, &options);
            }
            let _ = read_prometheus(&said, &options, Instant(0));
            let _ = senders::json(body);
        }
    }

    #[test]
    fn json_is_never_refused(body in json(), options in options(), now: i64) {
        let written = body.to_string();
        for kind in SenderKind::ALL.iter().copied() {
            let delivery = read(kind, &input(written.as_bytes()), &options);
            prop_assert!(delivery.is_ok(), "{:?} {:?}", kind, delivery);
            let alert = body.is_object() && !body["alerts"].is_array();
            prop_assert!(!alert || delivery.is_ok_and(|delivery| !delivery.received.is_empty()), "{:?}", kind);
        }
        prop_assert!(read_prometheus(&input(written.as_bytes()), &options, Instant(now)).is_ok());
        let _ = (pagerduty::event(&body), pagerduty::event_v1(&body), opsgenie::create(&body));
        let _ = opsgenie::responders(&body);
        for action in ["close", "priority", "tags", "details", "snooze", "escalate", "assign", "responders", "teams"] {
            let _ = opsgenie::act(action, &body, Instant(now));
        }
    }

    #[test]
    fn one_strange_entry_costs_nothing_of_the_others(strange in json(), at in 0_usize..3) {
        let good = serde_json::json!({"status": "firing", "labels": {"alertname": "A"}, "fingerprint": "1"});
        let mut alerts = vec![good.clone(), good];
        alerts.insert(at, strange);
        for kind in [SenderKind::Alertmanager, SenderKind::Grafana] {
            let body = serde_json::json!({"version": "4", "alerts": alerts}).to_string();
            let delivery = read(kind, &input(body.as_bytes()), &Options::default()).unwrap();
            let fine = delivery.received.iter().filter(|alert| alert.identity.as_deref() == Some("1")).count();
            prop_assert!(delivery.received.len() == 3 && fine >= 2);
        }
    }
}

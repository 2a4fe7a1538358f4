//! Integrations, heartbeats and maintenance windows without faults.

use super::words::{some_of, text, urgency, users_of};
use domain::Urgency;
use domain::directory::{
    CloudWatch, Enrichment, Extract, GroupBy, Heartbeat, Integration, LinkTemplate, Lookup, Mail, MailAction,
    MailAuthentication, MailDemand, MailRule, MaintenanceWindow, Mapping, OnResolve, Reping, SeverityUrgency,
    SigningSecret, Source, Window,
};
use domain::intake::SenderKind;
use domain::routing::{Condition, Test};
use proptest::option::of;
use proptest::prelude::{Strategy, any};
use proptest::sample::select;
use serde_json::json;
use std::collections::BTreeMap;

pub(super) fn window(name: String, services: &[String]) -> impl Strategy<Value = MaintenanceWindow> + use<> {
    let given = (1..=40_000_u32, select(services.to_vec()), any::<bool>(), urgency());
    given.prop_map(move |(duration_minutes, service, is_repeated, except_urgency)| {
        let written = json!({
            "name": name,
            "services": [service],
            "conditions": if is_repeated { vec![json!({"field": "/labels/host", "equals": "db-1"})] } else { Vec::new() },
            "starts": "2026-11-27T22:00:00",
            "duration_minutes": duration_minutes,
            "timezone": "Europe/Berlin",
            "rrule": is_repeated.then_some("FREQ=MONTHLY;BYDAY=3TU"),
            "exdates": if is_repeated { vec!["2027-01-19"] } else { Vec::new() },
            "during": if is_repeated { "discard" } else { "hold" },
            "except_urgency": except_urgency,
            "page_open_incidents": is_repeated,
        });
        serde_json::from_value(written).expect("a window")
    })
}

pub(super) fn heartbeat(name: String, services: &[String]) -> impl Strategy<Value = Heartbeat> + use<> {
    let given =
        (of(any::<u128>()), any::<bool>(), select(services.to_vec()), urgency(), 60..=2_678_400_u32, 0..=604_800_u32);
    given.prop_map(move |(key, enabled, service, urgency, every_seconds, grace_seconds)| Heartbeat {
        team: None,
        name: name.clone(),
        key: key.map(|key| format!("{key:032x}")),
        enabled,
        service: Some(service),
        escalation_policies: Vec::new(),
        users: Vec::new(),
        urgency: urgency.unwrap_or(Urgency::High),
        every_seconds: Some(every_seconds).filter(|_| enabled),
        cron: (!enabled).then(|| "30 2 * * 1-5".to_owned()),
        timezone: (!enabled).then(|| "Europe/Berlin".to_owned()),
        grace_seconds,
    })
}

fn mail() -> Mail {
    let condition = Condition { field: "header:X-Level".to_owned(), test: Test::Contains("a\"b".to_owned()) };
    let rule = MailRule {
        conditions: vec![condition],
        action: MailAction::Resolve,
        identity: Some(r"^(\S+)'$".to_owned()),
        urgency: Some(Urgency::Low),
        cut_quotes: true,
    };
    Mail {
        rules: vec![rule, MailRule::default()],
        allowed_from: vec!["@example.org".to_owned()],
        same_subject: true,
        alias: None,
        authentication: Some(MailAuthentication { host: "mx.example.org".to_owned(), demand: MailDemand::Dkim }),
    }
}

pub(super) fn integration(
    name: String,
    services: &[String],
    policies: &[String],
    users: &[String],
) -> impl Strategy<Value = Integration> + use<> {
    let switches = (any::<bool>(), any::<bool>(), any::<bool>(), 0..=10_080_u32);
    let word = (text(), urgency())
        .prop_map(|(severity, urgency)| urgency.map(|urgency| SeverityUrgency { severity, urgency }));
    let kinds = select(SenderKind::ALL.to_vec());
    let resolves = select(vec![OnResolve::Resolve, OnResolve::Note, OnResolve::Ignore]);
    let key = of(any::<u128>().prop_map(|key| format!("{key:032x}")));
    let targets = (select(services.to_vec()), some_of(policies), users_of(users));
    (switches, word, kinds, resolves, key, targets, urgency()).prop_map(
        move |(switches, word, kind, on_resolve, key, (service, escalation_policies, users), urgency)| Integration {
            team: None,
            name: name.clone(),
            kind,
            key,
            enabled: switches.0,
            service: Some(service),
            escalation_policies,
            users,
            default_urgency: urgency.unwrap_or(Urgency::High),
            urgencies: word.into_iter().collect(),
            on_resolve,
            group_by: switches.1.then(|| GroupBy {
                fields: vec!["title".to_owned(), "label:a\"b".to_owned()],
                minutes: switches.0.then_some(7),
                window: if switches.2 { Window::Fixed } else { Window::Rolling },
                reping_after: switches.0.then_some(Reping { alerts: Some(3), minutes: None }),
            }),
            resolve_after_minutes: switches.2.then_some(90),
            alerts_per_minute: switches.0.then_some(30),
            remind_minutes: switches.3,
            per_group: switches.1,
            tests_open: switches.2,
            disabled_answers_401: switches.1,
            mapping: (kind == SenderKind::Generic && switches.0).then(mapping),
            enrichments: if switches.2 { vec![enrichment()] } else { Vec::new() },
            mail: (kind == SenderKind::Email).then(mail),
            secret: (switches.1 && kind.signs()).then(|| SigningSecret::new("s \" ecret")),
            accept_get: kind.may_get() && switches.1,
            cloudwatch: (kind == SenderKind::Cloudwatch && switches.2).then(|| CloudWatch {
                topics: vec!["arn:aws:sns:eu-west-1:123456789012:alarms".to_owned()],
                signature_version: if switches.0 { 2 } else { 1 },
                raw_delivery: switches.1,
                insufficient_data_opens: switches.0,
            }),
            networks: if switches.0 {
                vec!["198.51.100.0/24".to_owned(), "2001:db8::1".to_owned()]
            } else {
                Vec::new()
            },
        },
    )
}

fn condition() -> Condition {
    Condition { field: "/a b/\"c\"".to_owned(), test: domain::routing::Test::Matches("^\\d+\n".to_owned()) }
}

fn mapping() -> Mapping {
    Mapping {
        items: Some("/list".to_owned()),
        title: Some(Source::One("{{ a[\"b\"] }}\n'''".to_owned())),
        labels: Some(Source::First(vec!["/x".to_owned(), "/y".to_owned()])),
        resolved_when: vec![condition()],
        ..Mapping::default()
    }
}

fn enrichment() -> Enrichment {
    let columns = BTreeMap::from([("té am".to_owned(), "a = \"b\"".to_owned()), ("x".to_owned(), String::new())]);
    Enrichment {
        name: "first".to_owned(),
        conditions: vec![condition()],
        minimum: Some(1),
        extract: vec![Extract { from: "title".to_owned(), pattern: "(?<host>\\w+)".to_owned() }],
        lookup: Some(Lookup {
            key: "{{ host }}".to_owned(),
            rows: BTreeMap::from([("db 1.example".to_owned(), columns), ("none".to_owned(), BTreeMap::new())]),
        }),
        set_urgency: Some("5".to_owned()),
        add_tags: vec!["{{ host }}".to_owned()],
        add_links: vec![LinkTemplate { text: "a".to_owned(), url: "https://wiki.example/{{ host }}".to_owned() }],
        ..Enrichment::default()
    }
}

//! Views say exactly what the contract says, key by key, and fit the schemas of the document.

use super::incident::{IncidentView, details, list_item, name};
use super::{alert, component, event, outcome, user};
use crate::openapi::document;
use domain::alert::{Addressees, Alert, Grouping};
use domain::directory::{BusinessService, ComponentKind, Directory, EscalationPolicy, Level, Service, Team, User};
use domain::incident::{
    Actor, Alerting, By, Case, Command, Event, Happening, Incident, Method, Order, Outcome, Routing, Status, step,
};
use domain::notification::Channel;
use domain::{InstanceId, Instant, OrganizationId, RefId, Urgency, Username};
use serde_json::{Value, json};

const NOW: Instant = Instant(1_620_235_214_343_825);

fn directory() -> Directory {
    let mut directory = Directory::empty(OrganizationId(1), "test");
    let users = [("mofab", "Zoe Mo"), ("adsmi", "Ada Smith")];
    for (username, shown) in users {
        let user: User = serde_json::from_value(json!({
            "username": username, "display_name": shown, "email": format!("{username}@example.org"), "job_title": "SRE",
        }))
        .expect("a user");
        directory.add_user(RefId(format!("user-{username}")), RefId(format!("own-{username}")), user);
    }
    let level = Level { minutes: 15, users: vec![Username::from("mofab")], routines: Vec::new() };
    let policy = EscalationPolicy {
        team: None,
        name: "Ops".to_owned(),
        when_exhausted: Default::default(),
        levels: vec![level],
    };
    directory.policies.add(RefId::from("policy-1"), policy);
    let service: Service =
        serde_json::from_value(json!({"name": "Monitor", "escalation_policy": "Ops"})).expect("a service");
    directory.services.add(RefId::from("service-1"), service);
    let shop = BusinessService { team: None, name: "Shop".to_owned(), description: None, subscribers: Vec::new() };
    directory.business_services.add(RefId::from("business-1"), shop);
    let team = Team { name: "Night".to_owned(), members: vec!["adsmi".into()], ..Team::default() };
    directory.teams.add(RefId::from("team-1"), team);
    directory
}

fn triggered(directory: &Directory) -> (Incident, Vec<Event>) {
    let order = Order {
        task_ref_id: RefId::from("task-1"),
        title: "Down".to_owned(),
        text: "It is down".to_owned(),
        urgency: Urgency::High,
        service: Some(RefId::from("service-1")),
        addressed_to: Addressees::default(),
        notes: Some("Look".to_owned()),
        tags: Vec::new(),
        dedup_key: None,
        integration_name: None,
        source: None,
        payload: Value::Null.into(),
        routing: Routing::Apply,
        after_maintenance: None,
    };
    let actor = Actor { method: Method::IncidentsApi, by: Some(By::Named("batch".to_owned())), user: None };
    let step = step(Case::default(), Command::Trigger(Box::new(order)), &actor, directory, NOW).expect("it begins");
    let change = step.changes.into_iter().next().expect("one incident");
    let incident = Incident { instance_id: InstanceId(463), organization_instance_id: 320, ..change.incident };
    (incident, change.events)
}

fn view<'a>(incident: &'a Incident, directory: &'a Directory, events: &'a [Event]) -> IncidentView<'a> {
    IncidentView { incident, directory, events, first_alert_text: "It is down", now: NOW }
}

fn fits(schema: &str, value: &Value) {
    let mut whole = json!({"$ref": format!("#/components/schemas/{schema}")});
    whole["components"] = document()["components"].clone();
    let validator = jsonschema::draft202012::new(&whole).expect("a schema");
    let errors: Vec<_> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{schema}: {errors:?}");
}

#[test]
fn details_of_a_new_incident_are_byte_for_byte_the_original_and_our_four_keys_after() {
    let directory = directory();
    let (incident, events) = triggered(&directory);
    let text = serde_json::to_string(&details(&view(&incident, &directory, &events))).expect("it is JSON");
    let log = r#"{\"next_alert_timestamp\":\"2021-05-05T17:35:14.343825\",\"assignee_level\":1,\"assignees\":[\"mofab\"],\"urgency_level\":4}"#;
    let expect = [
        r#"{"impacted_business_services":null,"conference_bridges":null,"#,
        r#""instance_timestamp":"2021-05-05T17:20:14.343825","last_alert_timestamp":"2021-05-05T17:20:14.343825","#,
        r#""subscribers":null,"resolved_on":null,"status_update":null,"organization_instance_id":320,"status":"OPEN","#,
        r#""events":[{"event_type":"TRIGGER","event_timestamp":"2021-05-05T17:20:14.343825","#,
        r#""event_method":"INCIDENTS_API","event_by":"batch","event_date":"2021-05-05","event_log":""#,
        log,
        r#"","instance_id":463},{"event_type":"NOTATE","event_timestamp":"2021-05-05T17:20:14.343825","#,
        r#""event_method":"INCIDENTS_API","event_by":"batch","event_date":"2021-05-05","#,
        r#""event_log":"{\"notes\":\"Look\"}","instance_id":463}],"#,
        r#""notes":[{"notes":"Look","timestamp":"2021-05-05T17:20:14.343825","by":"batch"}],"#,
        r#""task":{"integration_key":null,"services":["Monitor","service-1"],"assignees":[["Zoe Mo","mofab",null]],"#,
        r#""task_ref_id":"task-1","related_task_id":"task-1","task_timezone":"UTC","labels":null,"#,
        r#""text_msg":"It is down","with_completion_notice":false,"integration_name":null,"task_title":"Down","#,
        r#""urgency_level":4,"created_by":"batch","task_id":"task-1","repeat":null,"task_time":"17:20:00","#,
        r#""start_date":"2021-05-05"},"assignee_level":1,"assignees":[["Zoe Mo","mofab",null]],"#,
        r#""state_timestamp":"2021-05-05T17:20:14.343825","instance_id":463,"#,
        r#""next_alert_timestamp":"2021-05-05T17:35:14.343825","dedup_key":null,"suppressed_count":0,"#,
        r#""last_suppressed_timestamp":null,"merged_into":null}"#,
    ];
    assert_eq!(text, expect.concat());
}

#[test]
fn what_an_incident_gains_is_told_and_fits_the_schema() {
    let directory = directory();
    let (incident, mut events) = triggered(&directory);
    let incident = Incident {
        status: Status::Resolved,
        resolved_at: Some(NOW),
        impacts: vec![RefId::from("business-1"), RefId::from("gone")],
        subscribers: vec![Username::from("adsmi"), Username::from("gone")],
        bridges: vec!["https://meet.example.org/1".to_owned()],
        tags: vec!["ops".to_owned()],
        service: Some(RefId::from("gone")),
        dedup_key: Some("k".to_owned()),
        suppressed_count: 2,
        last_suppressed_at: Some(NOW),
        merged_into: Some(InstanceId(7)),
        ..incident
    };
    let what = Happening::StatusUpdate { text: "Soon".to_owned() };
    events.push(Event { at: NOW, method: Method::Web, by: None, what });
    let shown = serde_json::to_value(details(&view(&incident, &directory, &events))).expect("it is JSON");
    fits("Details", &shown);
    let impact = |name: &str, id: &str| json!({"name": name, "business_service_ref_id": id});
    assert_eq!(shown["impacted_business_services"], json!([impact("Shop", "business-1"), impact("gone", "gone")]));
    assert_eq!(shown["subscribers"], json!([["Ada Smith", "adsmi"], ["gone", "gone"]]));
    assert_eq!(shown["status_update"], json!([{"status_update": "Soon", "timestamp": NOW.wire(), "by": null}]));
    assert_eq!((&shown["assignees"], &shown["task"]["assignees"]), (&json!([]), &json!([])));
    assert_eq!(shown["task"]["services"], json!(["gone", "gone"]));
    assert_eq!(shown["task"]["labels"], json!(["ops"]));

    let item = serde_json::to_value(list_item(&view(&incident, &directory, &events))).expect("it is JSON");
    fits("Incident", &item);
    let mut expect = shown;
    for key in ["events", "notes"] {
        expect.as_object_mut().expect("an object").shift_remove(key);
    }
    expect["task"].as_object_mut().expect("an object").shift_remove("text_msg");
    assert_eq!(item.to_string(), expect.to_string());
    fits("IncidentName", &serde_json::to_value(name(&incident)).expect("it is JSON"));
}

#[test]
fn every_log_of_an_event_holds_the_keys_of_the_contract() {
    let alerting = || Alerting { level: 2, assignees: vec![Username::from("mofab")], next_alert_at: NOW };
    let targets = || vec![RefId::from("policy-1")];
    let at = NOW.wire();
    let told = json!({"next_alert_timestamp": at, "assignee_level": 2, "assignees": ["mofab"]});
    let with = |more: Value| {
        let mut log = told.clone();
        log.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        log
    };
    let table = [
        (
            Happening::Dispatch { alerting: alerting(), stranded: false, after_maintenance: None },
            "DISPATCH",
            told.clone(),
        ),
        (
            Happening::Escalate { alerting: alerting(), passed_over: vec![1] },
            "ESCALATE",
            with(json!({"passed_over": [1]})),
        ),
        (
            Happening::Reassign { targets: targets(), alerting: alerting(), fallback: false },
            "REASSIGN",
            with(json!({"reassign_to": ["policy-1"]})),
        ),
        (
            Happening::AddResponders { targets: targets(), notified: Vec::new(), first_levels: Vec::new() },
            "ADD RESPONDERS",
            json!({"new_responders": ["policy-1"], "notified": []}),
        ),
        (
            Happening::Snooze { minutes: 30, next_alert_at: NOW },
            "SNOOZE",
            json!({"snooze_for": 30, "next_alert_timestamp": at}),
        ),
        (Happening::Acknowledge { next_alert_at: NOW }, "ACKNOWLEDGE", json!({"next_alert_timestamp": at})),
        (Happening::StatusUpdate { text: "x".to_owned() }, "STATUS UPDATE", json!({"status_update": "x"})),
        (Happening::MergedInto { survivor: InstanceId(9) }, "MERGE", json!({"merged_into": 9})),
        (Happening::Resolve, "RESOLVE", json!({})),
    ];
    logged(&table);
}

#[test]
fn what_became_of_a_message_is_told_as_a_dispatch() {
    let at = NOW.wire();
    let (user, channel, answer) = (|| Username::from("mofab"), Channel::Email, || "550".to_owned());
    let failure = |next| Happening::DeliveryFailed { user: user(), channel, answer: answer(), next };
    let next = Some(Channel::Sms);
    let sentence = format!(
        "mofab is not reached by email: it keeps failing and is left alone until {at} UTC; sms is tried at once instead"
    );
    logged(&[
        (Happening::Acknowledge { next_alert_at: NOW }, "ACKNOWLEDGE", json!({"next_alert_timestamp": at})),
        (
            failure(None),
            "DISPATCH",
            json!({
                "next_alert_timestamp": at,
                "delivery_failed": {"user": "mofab", "channel": "email", "answer": "550"},
            }),
        ),
        (
            failure(next),
            "DISPATCH",
            json!({
                "next_alert_timestamp": at,
                "delivery_failed": {"user": "mofab", "channel": "email", "answer": "550", "next_channel": "sms"},
            }),
        ),
        (
            Happening::DeliveryPaused { user: user(), channel, answer: answer(), until: NOW, next },
            "DISPATCH",
            json!({
                "next_alert_timestamp": at,
                "delivery_paused": {
                    "user": "mofab", "channel": "email", "answer": "550", "until": at, "text": sentence,
                    "next_channel": "sms",
                },
            }),
        ),
        (
            Happening::Resent { user: user(), channel, is_page: true },
            "DISPATCH",
            json!({"next_alert_timestamp": at, "resent": {"user": "mofab", "channel": "email"}}),
        ),
    ]);
}

/// Compares the type and log of each event with what is expected.
#[track_caller]
fn logged(table: &[(Happening, &str, Value)]) {
    let log: Vec<Event> = table
        .iter()
        .map(|(what, _, _)| Event { at: NOW, method: Method::System, by: None, what: what.clone() })
        .collect();
    let directory = directory();
    let shown = serde_json::to_value(event::events(InstanceId(1), &log, &directory)).expect("it is JSON");
    for ((_, kind, expect), shown) in table.iter().zip(shown.as_array().expect("a list")) {
        assert_eq!(shown["event_type"], *kind);
        let log: Value = serde_json::from_str(shown["event_log"].as_str().expect("a string")).expect("that holds JSON");
        assert_eq!(log, *expect, "{kind}");
    }
}

#[test]
fn alerts_have_the_keys_of_the_original_in_its_order() {
    let directory = directory();
    let (incident, _) = triggered(&directory);
    let one = Alert {
        ref_id: RefId::from("task-1"),
        created_at: NOW,
        title: "Down".to_owned(),
        text: String::new(),
        urgency: Urgency::Low,
        service: None,
        addressed_to: Addressees::default(),
        integration_name: None,
        source: None,
        dedup_key: None,
        grouping: Grouping::Grouped,
        resolved_at: Some(NOW),
    };
    let shown = serde_json::to_value(alert::alerts(&incident, &[one], &directory)).expect("it is JSON");
    let expect = concat!(
        r#"[{"text_msg":"","organization_instance_id":320,"timestamp":"2021-05-05T17:20:14.343825","#,
        r#""integration_name":null,"urgency_level":2,"instance_id":463,"task_title":"Down","task_ref_id":"task-1","#,
        r#""status":"GROUPED","services":null,"resolved_on":"2021-05-05T17:20:14.343825","#,
        r#""identity":null,"labels":{},"links":[],"images":[]}]"#
    );
    assert_eq!(shown.to_string(), expect);
    fits("Alerts", &shown);
}

#[test]
fn an_outcome_is_told_as_the_contract_says() {
    let at = NOW;
    let instance_id = InstanceId(5);
    let table = [
        (Outcome::Done, "Success", json!("Success")),
        (Outcome::NextAlert { at }, "NextAlert", json!({"next_alert_timestamp": at.wire()})),
        (Outcome::Created { instance_id, at }, "Created", json!({"instance_id": 5, "timestamp": at.wire()})),
        (
            Outcome::Deduplicated { instance_id, at },
            "Created",
            json!({"instance_id": 5, "timestamp": at.wire(), "deduplicated": true}),
        ),
        (
            Outcome::Suppressed { rule: "r".to_owned(), at },
            "Created",
            json!({"instance_id": null, "timestamp": at.wire(), "suppressed": true, "rule": "r"}),
        ),
    ];
    for (outcome, schema, expect) in table {
        let shown = serde_json::to_value(outcome::answer(&outcome)).expect("it is JSON");
        assert_eq!(shown.to_string(), expect.to_string());
        fits(schema, &shown);
    }
}

#[test]
fn components_are_ordered_by_name_and_carry_their_id_under_each_of_its_names() {
    let directory = directory();
    let page = |word: &str| {
        let kind = component::kind(word).expect("a kind");
        component::page(&directory, ("", None), kind, None, 10).expect("a page").items
    };
    let names: Vec<_> = page("users").iter().map(|user| user["name"].clone()).collect();
    assert_eq!(names, ["Ada Smith", "Zoe Mo"]);
    let user = &page("users")[0];
    assert_eq!((&user["preferred_username"], &user["policy_ref_id"]), (&json!("adsmi"), &json!("own-adsmi")));
    let service = &page("services")[0];
    assert_eq!((&service["ref_id"], &service["service_ref_id"]), (&json!("service-1"), &json!("service-1")));
    assert_eq!(page("escalation-policies")[0]["policy_ref_id"], "policy-1");
    assert_eq!(page("business-services")[0]["business_service_ref_id"], "business-1");
    for word in ["response-sets", "workflows", "routines", "integrations"] {
        assert!(page(word).is_empty());
    }
    assert_eq!(component::kind("incidents"), None);
    fits("Components", &Value::Array(page("users")));
}

#[test]
fn pages_join_without_a_gap_and_an_unknown_place_is_refused() {
    let directory = directory();
    let page = |after| component::page(&directory, ("", None), ComponentKind::User, after, 1);
    let first = page(None).expect("a page");
    assert_eq!(first.next.as_deref(), Some("user-adsmi"));
    let second = page(first.next.as_deref()).expect("a page");
    assert_eq!((second.items[0]["name"].as_str(), second.next), (Some("Zoe Mo"), None));
    assert_eq!(page(Some("gone")), None);
}

#[test]
fn people_are_found_by_words_and_team() {
    let directory = directory();
    let found = |keywords: &str, team| {
        let items = user::search(&directory, keywords, team).map(|items| serde_json::to_value(items).expect("JSON"));
        items.inspect(|items| fits("Users", items)).map(|items| items.as_array().map_or(0, Vec::len))
    };
    assert_eq!(found("", None), Some(2));
    assert_eq!(found("SRE zoe", None), Some(1));
    assert_eq!(found("zoe ada", None), Some(0));
    assert_eq!(found("", Some("team-1")), Some(1));
    assert_eq!(found("", Some("gone")), None);
    let shown = user::details(directory.user("mofab").expect("a user"));
    fits("User", &serde_json::to_value(shown).expect("JSON"));
}

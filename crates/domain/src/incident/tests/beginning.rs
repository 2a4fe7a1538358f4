//! How incidents begin: what an order must name, deduplication, conditional routing, notes, tags and the alert.

use super::house::{house, house_with_rule, minute, names, own, policy, rule, service, set, words};
use super::night::{NUMBER, Night, ana, ask, by_ana, order, order_on, trigger};
use crate::alert::{Addressees, Alert, Grouping};
use crate::directory::{ComponentKind, Directory};
use crate::ids::{InstanceId, RefId};
use crate::incident::{
    AlertChange, Case, Command, Happening, Incident, Opening, Order, Outcome, Pending, Routing, step,
};
use crate::routing::{Actions, CompiledRule};
use crate::{Refusal, Urgency, limits};
use serde_json::json;

#[test]
fn an_incident_begins_open_with_its_alert_and_what_the_order_says() {
    let order = Order {
        service: Some(service("mail")),
        addressed_to: Addressees { policies: vec![policy("ladder")], users: names(&["cho"]) },
        notes: Some("Third time this week".to_owned()),
        tags: words(&["disk", "disk", "eu"]),
        dedup_key: Some("disk-1".to_owned()),
        integration_name: Some("probe".to_owned()),
        ..order(&[])
    };
    let step = trigger(&house(), order.clone()).unwrap();
    assert_eq!(step.outcome, Outcome::Created { instance_id: InstanceId::UNSAVED, at: minute(0) });
    let incident = &step.changes[0].incident;
    let targets: Vec<_> = incident.targets.iter().map(|target| target.policy.clone()).collect();
    assert_eq!(targets, [policy("short"), policy("ladder"), own("cho")]);
    assert_eq!(incident.assignees, names(&["ben", "ana", "cho"]));
    assert_eq!(incident.tags, words(&["disk", "eu"]));
    assert_eq!((incident.task_ref_id.as_str(), incident.dedup_key.as_deref()), ("alert-1", Some("disk-1")));
    assert_eq!(incident.integration_name.as_deref(), Some("probe"));
    assert_eq!((incident.created_at, &incident.created_by), (minute(0), &by_ana()));
    let alert = Alert {
        ref_id: order.task_ref_id,
        created_at: minute(0),
        title: order.title,
        text: order.text,
        urgency: order.urgency,
        service: order.service,
        addressed_to: order.addressed_to,
        integration_name: order.integration_name,
        dedup_key: order.dedup_key,
        grouping: Grouping::Triggered,
        resolved_at: None,
        source: None,
    };
    assert_eq!(step.alerts, [AlertChange::Add(Box::new(alert))]);
    let notes = Happening::Notate { notes: "Third time this week".to_owned() };
    assert_eq!(step.changes[0].events[1].what, notes);
}

#[test]
fn an_order_is_refused_when_it_names_nobody_or_somebody_unknown() {
    let unknown = |field, kind, name: &str| Refusal::UnknownComponent { field, kind, name: name.to_owned() };
    let users = |who: &[&str]| Addressees { policies: Vec::new(), users: names(who) };
    let table = [
        (order(&[]), Refusal::NobodyNamed),
        (order_on("attic"), unknown("service_ref_id", ComponentKind::Service, "service-attic")),
        (order(&["ladder", "rope"]), unknown("policy_ref_id", ComponentKind::EscalationPolicy, "policy-rope")),
        (Order { addressed_to: users(&["ana", "zoe"]), ..order(&[]) }, unknown("users", ComponentKind::User, "zoe")),
    ];
    for (order, refusal) in table {
        assert_eq!(trigger(&house(), order).map(|_| ()), Err(refusal));
    }
}

#[test]
fn a_policy_may_be_a_users_own() {
    let own_policy = Addressees { policies: vec![own("cho")], users: Vec::new() };
    let night = Night::new(house(), Order { addressed_to: own_policy, ..order(&[]) });
    assert_eq!(night.incident.assignees, names(&["cho"]));
}

#[test]
fn a_further_alert_with_the_key_of_an_unresolved_incident_is_counted_and_notifies_nobody() {
    let keyed = || Order { dedup_key: Some("disk-1".to_owned()), ..order(&["ladder"]) };
    let mut night = Night::new(house(), keyed()).asked(&[(2, Command::Acknowledge)]);
    for count in 1..=3 {
        let at = 2 + count;
        let step = ask(&night.house, night.case(), at, Command::Trigger(Box::new(keyed()))).unwrap();
        assert_eq!(step.outcome, Outcome::Deduplicated { instance_id: NUMBER, at: minute(0) });
        assert_eq!((step.alerts.len(), step.changes.len()), (0, 1));
        let change = &step.changes[0];
        assert!(change.events.is_empty() && change.notifications.is_empty() && change.pending == Pending::Keep);
        let last_suppressed_at = Some(minute(at));
        let expect = Incident { suppressed_count: count, last_suppressed_at, ..night.incident.clone() };
        assert_eq!(change.incident, expect, "nothing else changes");
        night.incident = expect;
    }
}

#[test]
fn an_order_is_judged_before_it_is_deduplicated_and_deduplicated_before_it_is_routed() {
    let suppress = Actions { suppress: true, ..Actions::default() };
    let night = Night::on(&["ladder"]);
    let asked = |house: &Directory, order| ask(house, night.case(), 1, Command::Trigger(Box::new(order)));
    assert_eq!(asked(&house(), order(&[])).map(|_| ()), Err(Refusal::NobodyNamed));
    let outcome = asked(&house_with_rule(suppress), order(&["ladder"])).unwrap().outcome;
    assert!(matches!(outcome, Outcome::Deduplicated { .. }));
}

#[test]
fn a_rule_may_suppress_and_then_there_is_no_incident() {
    let house = house_with_rule(Actions { suppress: true, ..Actions::default() });
    let step = trigger(&house, order(&["ladder"])).unwrap();
    assert_eq!(step.outcome, Outcome::Suppressed { rule: "disks".to_owned(), at: minute(0) });
    assert!(step.changes.is_empty() && step.alerts.is_empty());
}

#[test]
fn rules_are_not_tried_on_incidents_made_by_hand_nor_on_alerts_they_do_not_fit() {
    let house = house_with_rule(Actions { suppress: true, ..Actions::default() });
    for order in [
        Order { routing: Routing::Skip, ..order(&["ladder"]) },
        Order { title: "The roof leaks".to_owned(), ..order(&["ladder"]) },
    ] {
        assert!(matches!(trigger(&house, order).unwrap().outcome, Outcome::Created { .. }));
    }
}

#[test]
fn the_first_rule_that_fits_is_applied_alone_and_the_trigger_names_it() {
    let mut house = house();
    let urgency = |urgency| Actions { set_urgency: Some(urgency), ..Actions::default() };
    let mut first = rule("first", urgency(Urgency::Low));
    first.enabled = false;
    let second = rule("second", urgency(Urgency::Critical));
    let third = rule("third", Actions { add_tags: words(&["third"]), ..Actions::default() });
    house.rules = [first, second, third].map(|rule| CompiledRule::new(rule).unwrap()).into();
    let opening = opening(&house, order(&["ladder"]));
    assert_eq!((opening.rule.as_deref(), opening.urgency), (Some("second"), Urgency::Critical));
    assert!(opening.tags.is_empty());
}

#[test]
fn a_rule_sees_the_alert_as_it_came() {
    let see = |field: &str, value: serde_json::Value| {
        let mut house = house();
        let conditions = vec![serde_json::from_value(json!({"field": field, "equals": value})).unwrap()];
        let mut seen = rule("seen", Actions { set_urgency: Some(Urgency::Low), ..Actions::default() });
        seen.conditions = conditions;
        house.rules.push(CompiledRule::new(seen).unwrap());
        let order = Order {
            tags: words(&["eu"]),
            dedup_key: Some("key".to_owned()),
            integration_name: Some("probe".to_owned()),
            payload: json!({"labels": {"team": "storage"}}).into(),
            ..order_on("web")
        };
        assert_eq!(opening(&house, order).rule.as_deref(), Some("seen"), "{field}");
    };
    see("title", json!("The disk is full"));
    see("description", json!("All of it"));
    see("urgency_level", json!(4));
    see("service", json!("web"));
    see("integration", json!("probe"));
    see("tags", json!("eu"));
    see("dedup_key", json!("key"));
    see("/labels/team", json!("storage"));
}

#[test]
fn a_rule_that_sets_the_service_puts_its_policy_in_the_place_of_the_old_services() {
    let house = house_with_rule(Actions { set_service: Some("mail".to_owned()), ..Actions::default() });
    let order = |addressed_to| Order { addressed_to, ..order_on("web") };
    let beside = |policies: &[&str], users| {
        let policies = policies.iter().map(|name| policy(name)).collect();
        policies_of(&opening(&house, order(Addressees { policies, users })))
    };
    assert_eq!(opening(&house, order(Addressees::default())).service, Some(service("mail")));
    assert_eq!(beside(&[], Vec::new()), [policy("short")]);
    assert_eq!(beside(&["circle"], names(&["cho"])), [policy("short"), policy("circle"), own("cho")]);
    assert_eq!(beside(&["ladder"], Vec::new()), [policy("short"), policy("ladder")], "named beside, so it stays");
}

#[test]
fn a_rule_that_sets_policies_replaces_all_that_the_alert_named() {
    let house = house_with_rule(Actions { set_policies: words(&["circle", "short"]), ..Actions::default() });
    let opening = opening(&house, Order { addressed_to: order(&["ladder"]).addressed_to, ..order_on("web") });
    assert_eq!(policies_of(&opening), [policy("circle"), policy("short")]);
    assert_eq!(opening.service, Some(service("web")));
}

#[test]
fn a_rule_adds_tags_a_note_and_a_response_set() {
    let actions = Actions {
        add_tags: words(&["disk", "eu"]),
        add_note: Some("See the runbook".to_owned()),
        run_response_set: Some("hands".to_owned()),
        ..Actions::default()
    };
    let order = Order { tags: words(&["eu"]), notes: Some("First".to_owned()), ..order(&["ladder"]) };
    let night = Night::new(house_with_rule(actions), order);
    assert_eq!(night.incident.tags, words(&["eu", "disk"]));
    assert_eq!(night.incident.assignees, names(&["ana", "ben", "cho"]));
    let notes: Vec<_> = night.log.iter().filter(|event| matches!(event.what, Happening::Notate { .. })).collect();
    assert_eq!(notes[0].what, Happening::Notate { notes: "First".to_owned() });
    assert_eq!(notes[1].what, Happening::Notate { notes: "See the runbook".to_owned() });
    assert_eq!((&notes[0].by, &notes[1].by), (&by_ana(), &None));
    let ran = Happening::RunResponseSet { response_set: set("hands"), name: "hands".to_owned() };
    assert!(night.log.iter().any(|event| event.what == ran));
}

#[test]
fn a_rule_never_costs_an_alert_by_adding_too_many_tags() {
    let many = |word: &str| (0..limits::TAGS).map(|number| format!("{word}{number}")).collect::<Vec<_>>();
    let house = house_with_rule(Actions { add_tags: many("rule"), ..Actions::default() });
    let opening = opening(&house, Order { tags: many("own"), ..order(&["ladder"]) });
    assert_eq!(opening.tags, many("own"));
}

#[test]
fn the_same_arguments_give_the_same_step() {
    let steps = [(); 2].map(|()| {
        let order = Order { notes: Some("Once".to_owned()), ..order(&["ladder", "late"]) };
        step(Case::default(), Command::Trigger(Box::new(order)), &ana(), &house(), minute(3))
    });
    assert_eq!(format!("{:?}", steps[0]), format!("{:?}", steps[1]));
}

fn opening(house: &Directory, order: Order) -> Opening {
    let step = trigger(house, order).unwrap();
    match &step.changes[0].events[0].what {
        Happening::Trigger(opening) => opening.as_ref().clone(),
        other => panic!("{other:?}"),
    }
}

fn policies_of(opening: &Opening) -> Vec<RefId> {
    opening.targets.iter().map(|target| target.policy.clone()).collect()
}

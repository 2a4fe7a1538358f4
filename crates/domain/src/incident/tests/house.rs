//! The house in which the tests take place: who lives there, and which policies, services and sets there are.

use crate::directory::{
    BusinessService, Directory, EscalationPolicy, Level, ResponseSet, Service, User, WebhookContact, WhenExhausted,
    Workflow,
};
use crate::ids::{OrganizationId, RefId, Username};
use crate::routing::{Actions, CompiledRule, Condition, Rule};
use crate::{Instant, Urgency};
use serde_json::json;

/// The instant `minutes` after the tests' night begins.
pub(super) fn minute(minutes: u32) -> Instant {
    Instant(1_780_282_800_000_000).plus_minutes(minutes)
}

pub(super) fn names(names: &[&str]) -> Vec<Username> {
    names.iter().map(|name| Username::from(*name)).collect()
}

pub(super) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Id of a named policy. No id equals its name, so that the one is never taken for the other.
pub(super) fn policy(name: &str) -> RefId {
    RefId(format!("policy-{name}"))
}

/// Id of a user's own policy.
pub(super) fn own(name: &str) -> RefId {
    RefId(format!("own-{name}"))
}

pub(super) fn service(name: &str) -> RefId {
    RefId(format!("service-{name}"))
}

pub(super) fn business(name: &str) -> RefId {
    RefId(format!("business-{name}"))
}

pub(super) fn set(name: &str) -> RefId {
    RefId(format!("set-{name}"))
}

pub(super) fn workflow(name: &str) -> RefId {
    RefId(format!("workflow-{name}"))
}

/// Everyone and everything. dee has no contact at all; ana has two; the others have e-mail.
pub(super) fn house() -> Directory {
    let mut house = Directory::empty(OrganizationId(1), "house");
    for name in ["ana", "ben", "cho", "dee", "eli"] {
        add_user(&mut house, name);
    }
    add_policy(&mut house, "ladder", WhenExhausted::RepeatLast, &[(5, &["ana"]), (10, &["ben"]), (15, &["cho"])]);
    add_policy(&mut house, "short", WhenExhausted::RepeatLast, &[(7, &["ben"])]);
    add_policy(&mut house, "circle", WhenExhausted::Restart, &[(4, &["ana"]), (6, &["cho"])]);
    add_policy(&mut house, "ghost", WhenExhausted::RepeatLast, &[(5, &["dee"])]);
    add_policy(&mut house, "late", WhenExhausted::RepeatLast, &[(3, &["dee"]), (4, &["dee"]), (8, &["ben", "dee"])]);
    add_policy(&mut house, "early", WhenExhausted::RepeatLast, &[(5, &["ana"]), (6, &["dee"])]);
    add_service(&mut house, "web", "ladder", Some(30));
    add_service(&mut house, "mail", "short", None);
    add_service(&mut house, "cellar", "ghost", None);
    add_business(&mut house, "shop", &["cho", "ana"]);
    add_business(&mut house, "blog", &["cho", "eli"]);
    house.response_sets.add(
        set("hands"),
        ResponseSet {
            team: None,
            name: "hands".to_owned(),
            escalation_policies: words(&["short"]),
            users: names(&["cho"]),
            subscribers: names(&["eli"]),
            conference_bridges: words(&["https://meet.example/1"]),
            status_update: Some("We are looking".to_owned()),
        },
    );
    house.workflows.add(
        workflow("storm"),
        Workflow {
            team: None,
            name: "storm".to_owned(),
            set_urgency: Some(Urgency::Critical),
            add_tags: words(&["storm"]),
            add_note: Some("Close the windows".to_owned()),
            add_impacts: words(&["shop"]),
            run_response_set: Some("hands".to_owned()),
        },
    );
    house
}

/// The house with a policy to fall back to.
pub(super) fn house_with_fallback(policy: &str) -> Directory {
    let mut house = house();
    house.fallback_policy = Some(policy.to_owned());
    house
}

/// The house with one rule that fits titles which contain `disk`.
pub(super) fn house_with_rule(actions: Actions) -> Directory {
    let condition: Condition = serde_json::from_value(json!({"field": "title", "contains": "disk"})).unwrap();
    let rule = Rule { conditions: vec![condition], ..rule("disks", actions) };
    let mut house = house();
    house.rules.push(CompiledRule::new(rule).unwrap());
    house
}

/// A rule that fits everything.
pub(super) fn rule(name: &str, actions: Actions) -> Rule {
    Rule {
        team: None,
        name: name.to_owned(),
        description: None,
        enabled: true,
        timezone: "UTC".to_owned(),
        days: Vec::new(),
        from: None,
        until: None,
        conditions: Vec::new(),
        minimum: None,
        actions,
    }
}

pub(super) fn add_user(house: &mut Directory, name: &str) {
    let mut user: User = serde_json::from_value(json!({ "username": name })).unwrap();
    user.email = (name != "dee").then(|| format!("{name}@house.example"));
    let secrets = words(&["whsec_AAAAAAAA"]);
    user.webhook = (name == "ana").then(|| WebhookContact { url: "https://ana.example".to_owned(), secrets });
    house.add_user(RefId(format!("user-{name}")), own(name), user);
}

pub(super) fn add_policy(house: &mut Directory, name: &str, when_exhausted: WhenExhausted, levels: &[(u32, &[&str])]) {
    let levels = levels
        .iter()
        .map(|(minutes, users)| Level { minutes: *minutes, users: names(users), routines: Vec::new() })
        .collect();
    house.policies.add(policy(name), EscalationPolicy { team: None, name: name.to_owned(), when_exhausted, levels });
}

pub(super) fn add_service(house: &mut Directory, name: &str, policy: &str, acknowledgement_minutes: Option<u32>) {
    add_reopening_service(house, name, policy, (acknowledgement_minutes, None));
}

/// A service whose incidents are opened again within `reopen_minutes`.
pub(super) fn add_reopening_service(
    house: &mut Directory,
    name: &str,
    policy: &str,
    (acknowledgement_minutes, reopen_minutes): (Option<u32>, Option<u32>),
) {
    let escalation_policy = policy.to_owned();
    let component = Service {
        team: None,
        name: name.to_owned(),
        description: None,
        escalation_policy,
        acknowledgement_minutes,
        storm_incidents: None,
        hold_seconds: None,
        hold_max_urgency: None,
        flap_changes: None,
        flap_minutes: None,
        flap_quiet_minutes: None,
        reopen_minutes,
        group_by: None,
        created_keep_open: None,
        support_hours: None,
    };
    house.services.add(service(name), component);
}

fn add_business(house: &mut Directory, name: &str, subscribers: &[&str]) {
    let component =
        BusinessService { team: None, name: name.to_owned(), description: None, subscribers: names(subscribers) };
    house.business_services.add(business(name), component);
}

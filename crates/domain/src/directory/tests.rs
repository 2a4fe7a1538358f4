//! Tests of the directory: each fault of a definition with its place, ladders, look-ups and ways to reach people.

use super::{Definition, Directory, EscalationPolicy, Fault, Ladder, User, WhenExhausted};
use crate::Instant;
use crate::ids::{OrganizationId, RefId, Username};
use crate::limits;
use crate::notification::Channel;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// A definition in which everything is sound and everything refers to something.
fn sound() -> Definition {
    read(json!({
        "name": "house",
        "fallback_policy": "ladder",
        "users": [
            {"username": "ana", "email": "ana@house.example", "timezone": "Europe/Berlin",
             "webhook": {"url": "https://ana.example", "secrets": ["whsec_AAAAAAAA"]}},
            {"username": "dee"},
        ],
        "teams": [{"name": "all", "members": ["ana", "dee"]}],
        "escalation_policies": [{"name": "ladder", "levels": [{"minutes": 5, "users": ["ana"]}]}],
        "services": [{"name": "web", "escalation_policy": "ladder", "acknowledgement_minutes": 30}],
        "business_services": [{"name": "shop", "subscribers": ["dee"]}],
        "response_sets": [{"name": "hands", "escalation_policies": ["ladder"], "users": ["dee"],
                           "subscribers": ["ana"], "status_update": "We look"}],
        "workflows": [{"name": "storm", "add_impacts": ["shop"], "run_response_set": "hands", "add_note": "x"}],
        "routing_rules": [
            {"name": "disks", "conditions": [{"field": "service", "equals": "web"}],
             "actions": {"set_service": "web", "set_policies": ["ladder"], "run_response_set": "hands"}},
            {"name": "rest", "actions": {"set_urgency": 2}},
        ],
    }))
}

/// The definition with one part of it, such as `/users/0/email`, replaced.
fn with(pointer: &str, value: Value) -> Definition {
    let mut whole = serde_json::to_value(sound()).unwrap();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match whole.pointer_mut(parent).unwrap() {
        Value::Array(list) if key == "-" => list.push(value),
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        parent => parent[key] = value,
    }
    read(whole)
}

#[test]
fn a_sound_definition_has_no_fault() {
    assert_eq!(sound().faults(), []);
}

#[test]
fn faults_of_people_policies_and_services_name_their_place() {
    let no_email = json!({"username": "ana", "email": "ana"});
    let webhook = |url: &str, secrets: &[&str]| json!({"url": url, "secrets": secrets});
    let levels = |minutes, users: &[&str]| json!([{"minutes": minutes, "users": users}]);
    let table = [
        ("/name", json!(""), "organization", "", "name", "1 to 255"),
        ("/name", json!("x".repeat(256)), "organization", "x", "name", "1 to 255"),
        ("/fallback_policy", json!("rope"), "organization", "house", "fallback_policy", "`rope`"),
        ("/users/0", no_email, "user", "ana", "email", "not an e-mail address"),
        ("/users/0/email", json!("a b@c"), "user", "ana", "email", "not an e-mail address"),
        ("/users/0/timezone", json!("Mars"), "user", "ana", "timezone", "`Mars`"),
        ("/users/0/webhook", webhook("ftp://x", &["whsec_AAAAAAAA"]), "user", "ana", "webhook", "http or https"),
        ("/users/0/webhook", webhook("https://x", &[]), "user", "ana", "webhook", "at least one secret"),
        ("/users/0/webhook", webhook("https://x", &["AAAA"]), "user", "ana", "webhook", "`whsec_`"),
        ("/users/-", json!({"username": "a\nb"}), "user", "a\nb", "username", "control character"),
        ("/users/-", json!({"username": "dee"}), "user", "dee", "username", "twice"),
        ("/teams/-", json!({"name": ""}), "team", "", "name", "1 to 255"),
        ("/teams/-", json!({"name": "core "}), "team", "core ", "name", "begin or end with a blank"),
        ("/users/-", json!({"username": "\u{a0}zoe"}), "user", "\u{a0}zoe", "username", "begin or end with a blank"),
        ("/teams/0/members", json!(["zoe"]), "team", "all", "members[0]", "no user is named `zoe`"),
        ("/escalation_policies/0/levels", json!([]), "escalation_policy", "ladder", "levels", "at least one"),
        (
            "/escalation_policies/0/levels",
            levels(0, &["ana"]),
            "escalation_policy",
            "ladder",
            "levels[0].minutes",
            "level 1",
        ),
        (
            "/escalation_policies/0/levels",
            levels(10_081, &["ana"]),
            "escalation_policy",
            "ladder",
            "levels[0].minutes",
            "10080",
        ),
        (
            "/escalation_policies/0/levels",
            levels(5, &[]),
            "escalation_policy",
            "ladder",
            "levels[0].users",
            "no targets",
        ),
        (
            "/escalation_policies/0/levels",
            levels(5, &["zoe"]),
            "escalation_policy",
            "ladder",
            "levels[0].users",
            "`zoe`",
        ),
        ("/services/0/escalation_policy", json!("rope"), "service", "web", "escalation_policy", "`rope`"),
        ("/services/0/acknowledgement_minutes", json!(0), "service", "web", "acknowledgement_minutes", "from 1"),
        ("/business_services/0/subscribers", json!(["zoe"]), "business_service", "shop", "subscribers[0]", "`zoe`"),
    ];
    table.into_iter().for_each(check);
}

#[test]
fn faults_of_responses_and_rules_name_their_place() {
    let condition = json!([{"field": "service", "equals": "attic"}]);
    let everything = json!({"name": "disks", "actions": {"suppress": true}});
    let table = [
        (
            "/response_sets/0/escalation_policies",
            json!(["rope"]),
            "response_set",
            "hands",
            "escalation_policies[0]",
            "`rope`",
        ),
        ("/response_sets/0/users", json!(["zoe"]), "response_set", "hands", "users[0]", "`zoe`"),
        ("/response_sets/0/subscribers", json!(["zoe"]), "response_set", "hands", "subscribers[0]", "`zoe`"),
        ("/response_sets/0/status_update", json!(""), "response_set", "hands", "status_update", "1 to 8192 bytes"),
        ("/response_sets/-", json!({"name": "idle"}), "response_set", "idle", "name", "does nothing"),
        ("/workflows/0/add_impacts", json!(["web"]), "workflow", "storm", "add_impacts[0]", "no business service"),
        ("/workflows/0/run_response_set", json!("feet"), "workflow", "storm", "run_response_set", "`feet`"),
        ("/workflows/0/add_tags", json!([""]), "workflow", "storm", "add_tags", "1 to 128"),
        ("/workflows/0/add_note", json!(""), "workflow", "storm", "add_note", "1 to 32768"),
        ("/workflows/-", json!({"name": "idle"}), "workflow", "idle", "name", "does nothing"),
        ("/routing_rules/0/conditions", condition, "routing_rule", "disks", "conditions[0]", "`attic`"),
        (
            "/routing_rules/0/actions/set_service",
            json!("attic"),
            "routing_rule",
            "disks",
            "actions.set_service",
            "`attic`",
        ),
        (
            "/routing_rules/0/actions/set_policies",
            json!(["rope"]),
            "routing_rule",
            "disks",
            "actions.set_policies",
            "`rope`",
        ),
        (
            "/routing_rules/0/actions/run_response_set",
            json!("feet"),
            "routing_rule",
            "disks",
            "actions.run_response_set",
            "`feet`",
        ),
        ("/routing_rules/0/timezone", json!("Mars"), "routing_rule", "disks", "timezone", "`Mars`"),
        ("/routing_rules/0", everything, "routing_rule", "rest", "name", "rule `disks` before it fits everything"),
    ];
    table.into_iter().for_each(check);
}

/// What is replaced by what; then the kind and name of the component at fault, the place, and words of the problem.
type Row = (&'static str, Value, &'static str, &'static str, &'static str, &'static str);

fn check((pointer, value, kind, name, field, part): Row) {
    let faults = with(pointer, value).faults();
    let [Fault { kind: found, name: named, place, problem }] = &faults[..] else { panic!("{pointer}: {faults:?}") };
    let found = found.map_or("organization", super::ComponentKind::word);
    assert_eq!((found, place.spelled().as_str()), (kind, field), "{pointer}: {problem}");
    assert!(named.starts_with(name) && problem.contains(part), "{pointer}: {named}: {problem}");
}

#[test]
fn a_response_set_that_could_never_run_is_refused() {
    let many = |count: usize| (0..count).map(|_| Username::from("ana")).collect::<Vec<_>>();
    let mut definition = sound();
    definition.response_sets[0].users = many(limits::TARGETS);
    definition.response_sets[0].subscribers = many(limits::SUBSCRIBERS + 1);
    let fields: Vec<_> = definition.faults().into_iter().map(|fault| fault.place.field).collect();
    assert_eq!(fields, ["escalation_policies", "subscribers"]);
    definition.response_sets[0].users = many(limits::TARGETS - 1);
    definition.response_sets[0].subscribers = many(limits::SUBSCRIBERS);
    assert_eq!(definition.faults(), []);
}

#[test]
fn a_rule_is_shadowed_only_by_an_enabled_one_that_fits_everything() {
    for narrower in [
        json!({"name": "disks", "enabled": false, "actions": {"suppress": true}}),
        json!({"name": "disks", "days": ["monday"], "actions": {"suppress": true}}),
        json!({"name": "disks", "from": "10:00", "until": "11:00", "actions": {"suppress": true}}),
        json!({"name": "disks", "conditions": [{"field": "tags", "exists": true}], "actions": {"suppress": true}}),
    ] {
        assert_eq!(with("/routing_rules/0", narrower.clone()).faults(), [], "{narrower}");
    }
}

#[test]
fn a_disabled_rule_may_stand_behind_one_that_fits_everything() {
    let behind = |enabled: bool| {
        let rule = |name: &str, enabled| json!({"name": name, "enabled": enabled, "actions": {"set_urgency": 2}});
        with("/routing_rules", json!([rule("first", true), rule("second", enabled)])).faults().len()
    };
    assert_eq!((behind(false), behind(true)), (0, 1));
}

#[test]
fn all_faults_are_told_at_once() {
    let mut definition = sound();
    definition.users.clear();
    assert_eq!(definition.faults().len(), 6, "{:?}", definition.faults());
}

#[test]
fn a_ladder_counts_its_levels_from_1() {
    let policy: EscalationPolicy = read(json!({
        "name": "ladder", "when_exhausted": "restart",
        "levels": [{"minutes": 5, "users": ["ana"]}, {"minutes": 10, "users": ["dee", "ana"]}],
    }));
    let (house, at) = (Directory::empty(OrganizationId(1), "house"), Instant(0));
    let ladder = Ladder::Named(&policy, &house);
    assert_eq!((ladder.height(), ladder.when_exhausted()), (2, WhenExhausted::Restart));
    assert_eq!([0, 1, 2, 3].map(|level| ladder.minutes(level)), [None, Some(5), Some(10), None]);
    assert_eq!([0, 1, 2, 3].map(|level| ladder.users(level, at).len()), [0, 1, 2, 0]);
    let user: User = read(json!({"username": "ana"}));
    let own = Ladder::Own(&user);
    assert_eq!((own.height(), own.when_exhausted()), (1, WhenExhausted::RepeatLast));
    assert_eq!([0, 1, 2].map(|level| own.minutes(level)), [None, Some(limits::OWN_POLICY_MINUTES), None]);
    assert_eq!([0, 1, 2].map(|level| own.users(level, at).len()), [0, 1, 0]);
}

#[test]
fn components_are_found_by_name_and_by_id_and_listed_by_name() {
    let mut house = Directory::empty(OrganizationId(1), "house");
    for name in ["zoe", "ana"] {
        let own = RefId(format!("own-{name}"));
        house.add_user(RefId(format!("id-{name}")), own, read(json!({"username": name, "display_name": "Ana A."})));
    }
    assert_eq!(house.users.named("zoe").map(|entry| entry.ref_id.as_str()), Some("id-zoe"));
    assert_eq!(house.users.with_ref("id-ana").map(|entry| entry.component.username.as_str()), Some("ana"));
    assert!(house.users.named("id-ana").is_none() && house.users.with_ref("ana").is_none());
    let listed: Vec<_> = house.users.by_name().iter().map(|entry| entry.component.username.as_str()).collect();
    assert_eq!(listed, ["ana", "zoe"]);
    assert_eq!(house.own_policy("ana"), Some(&RefId::from("own-ana")));
    assert!(
        matches!(house.ladder(&RefId::from("own-ana")), Some(Ladder::Own(user)) if user.username.as_str() == "ana")
    );
    assert!(house.ladder(&RefId::from("id-ana")).is_none());
    assert_eq!(house.shown_name(&"ana".into()), "Ana A.");
    assert_eq!(house.shown_name(&"gone".into()), "gone");
}

#[test]
fn a_person_is_reached_by_the_contacts_that_the_server_has_a_carrier_for() {
    let mut house = Directory::empty(OrganizationId(1), "house");
    for user in sound().users {
        house.add_user(RefId(user.username.0.clone()), RefId::from("own"), user);
    }
    let reach = |house: &Directory, name: &str| house.channels_of(&name.into());
    assert_eq!(reach(&house, "ana"), [Channel::Email, Channel::Webhook]);
    assert_eq!(reach(&house, "dee"), []);
    assert_eq!(reach(&house, "zoe"), []);
    house.channels.remove(&Channel::Email);
    assert_eq!(reach(&house, "ana"), [Channel::Webhook]);
}

#[test]
fn a_webhooks_secrets_never_show_in_what_is_logged() {
    let logged = format!("{:?}", sound());
    assert!(logged.contains("WebhookContact(URL and 1 secrets hidden)"), "{logged}");
    assert!(!logged.contains("https://ana.example") && !logged.contains("whsec_"), "{logged}");
}

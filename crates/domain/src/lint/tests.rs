//! What lint warns of, with its place, and what it is silent about.

use super::{lint, lint_both};
use crate::Instant;
use crate::channel::Channel;
use crate::directory::{ComponentKind, Definition, Directory, PushDevice};
use serde_json::{Value, json};

/// 2026-06-01, a Monday, 00:00 UTC.
const MONDAY: Instant = Instant(1_780_272_000_000_000);

/// A house that there is nothing to say about: ana and ben take turns by a routine, cho is behind them.
fn house() -> Value {
    json!({
        "name": "house",
        "fallback_policy": "ladder",
        "users": [
            {"username": "ana", "email": "ana@house.example", "sms": "+4915112345678", "voice": "+4915112345678"},
            {"username": "ben", "email": "ben@house.example"},
            {"username": "cho", "email": "cho@house.example"},
            {"username": "dee"},
        ],
        "teams": [],
        "routines": [
            {"name": "week", "timezone": "UTC", "routine_layers": [
                {"valid_start": "2026-01-05", "rotation_frequency": 7, "rotations": [["ana"], ["ben"]]},
            ]},
        ],
        "escalation_policies": [
            {"name": "ladder", "levels": [
                {"minutes": 5, "routines": ["week"]},
                {"minutes": 15, "users": ["cho", "ana"]},
            ]},
        ],
        "services": [], "business_services": [], "response_sets": [], "workflows": [], "routing_rules": [],
    })
}

/// The house with one part of it, such as `/users/0/email`, replaced, or taken out where the value is null.
fn with(changes: &[(&str, Value)]) -> Directory {
    let mut whole = house();
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match whole.pointer_mut(parent).unwrap() {
            Value::Array(list) if key == "-" => list.push(value.clone()),
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = value.clone(),
            Value::Object(fields) if value.is_null() => drop(fields.remove(key)),
            parent => parent[key] = value.clone(),
        }
    }
    let definition: Definition = serde_json::from_value(whole).unwrap();
    assert_eq!(definition.faults(), []);
    definition.directory()
}

/// Each warning as `user ana: username: problem`.
fn told(directory: &Directory) -> Vec<String> {
    let line = |fault: crate::directory::Fault| {
        let kind = fault.kind.map_or("organization", ComponentKind::word);
        format!("{kind} {}: {}: {}", fault.name, fault.place.spelled(), fault.problem)
    };
    lint(directory, MONDAY).into_iter().map(line).collect()
}

fn check(changes: &[(&str, Value)], expected: &[&str]) {
    assert_eq!(told(&with(changes)), expected, "{changes:?}");
}

fn unproved(channels: &[Channel]) -> Vec<String> {
    let mut directory = with(&[]);
    directory.verified.retain(|(_, channel)| !channels.contains(channel));
    told(&directory)
}

#[test]
fn there_is_nothing_to_say_about_a_sound_house() {
    check(&[], &[]);
}

#[test]
fn somebody_on_call_without_a_contact_is_warned_of_and_nobody_else() {
    let none = "username: is on call and has no contact, so nobody can reach them";
    // dee has no contact either, and is on no level.
    check(&[("/users/1/email", Value::Null)], &[&format!("user ben: {none}")]);
    check(&[("/users/2/email", Value::Null)], &[&format!("user cho: {none}")]);
}

#[test]
fn contacts_that_are_not_verified_are_told_apart_from_those_that_are_not_there() {
    let expected = ["user ana: username: the sms contact is not verified and not used before that"];
    assert_eq!(unproved(&[Channel::Sms]), expected);
    let expected = ["user ana: username: the sms, voice contacts are not verified and not used before that"];
    assert_eq!(unproved(&[Channel::Sms, Channel::Voice]), expected);
    let mut directory = with(&[("/users/0/email", Value::Null)]);
    directory.verified.clear();
    let expected =
        ["user ana: username: is on call, and nobody can reach them: the sms, voice contacts are not verified"];
    assert_eq!(told(&directory), expected);
    directory.channels.remove(&Channel::Sms);
    let expected = ["user ana: username: is on call, and nobody can reach them: the voice contact is not verified"];
    assert_eq!(told(&directory), expected);
}

#[test]
fn urgencies_for_which_no_step_can_be_done_are_named_with_what_is_done_instead() {
    check(
        &[("/users/0/email", Value::Null)],
        &["user ana: username: no step for urgency 1, 2 has a contact that can be used, so sms, voice is used at once"],
    );
    let rules = json!([{"urgencies": [4, 5], "steps": [{"after_minutes": 0, "channel": "push"}]}]);
    check(
        &[("/users/1/notification_rules", rules)],
        &[
            "user ben: notification_rules[0].steps: no step for urgency 4, 5 has a contact that can be used, so email is used \
           at once",
        ],
    );
}

#[test]
fn whoever_is_pushed_to_and_nothing_else_is_warned_of() {
    let rules = json!([{"urgencies": [4, 5], "steps": [{"after_minutes": 0, "channel": "push"}]}]);
    let push = json!({"url": "https://ntfy.example.org/ana"});
    let changes = [("/users/0/push", push), ("/users/0/notification_rules", rules)];
    let alone =
        "is reached by nothing but push for urgency 4, 5, and push does not ring through silence: add sms or voice";
    check(&changes, &[&format!("user ana: notification_rules[0].steps: {alone}")]);
    // A browser is no better.
    let mut directory = with(&[("/users/1/email", Value::Null)]);
    let [id, name, endpoint, p256dh, auth] =
        ["d", "Fairphone", "https://push.example.net/ben", "", ""].map(str::to_owned);
    directory.devices.insert("ben".into(), vec![PushDevice { id, name, endpoint, p256dh, auth }]);
    assert!(told(&directory).iter().any(|line| line.contains("user ben: username: is reached by nothing but push")));
}

#[test]
fn steps_that_come_when_every_level_has_moved_on_are_warned_of() {
    let step = |minutes: u32, channel: &str| json!({"after_minutes": minutes, "channel": channel});
    let rules = |steps: Vec<Value>| json!([{"urgencies": [4], "steps": steps}]);
    let never = |step: u32, minutes: u32, user: &str, longest: u32| {
        format!(
            "user {user}: notification_rules[0].steps: rule 1, step {step} never comes: it is due after {minutes} minutes, \
             and every level that `{user}` is on moves on after {longest} at the latest"
        )
    };
    for (user, steps, expected) in [
        // ana is on a level of 5 minutes by the routine, and on one of 15 by name.
        (0, vec![step(0, "email"), step(14, "sms")], vec![]),
        (
            0,
            vec![step(0, "email"), step(15, "sms"), step(20, "voice")],
            vec![never(2, 15, "ana", 15), never(3, 20, "ana", 15)],
        ),
        (1, vec![step(0, "email"), step(4, "email")], vec![]),
        (1, vec![step(0, "email"), step(5, "email")], vec![never(2, 5, "ben", 5)]),
        (3, vec![step(60, "email")], vec![]),
    ] {
        let pointer = format!("/users/{user}/notification_rules");
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check(&[(&pointer, rules(steps))], &expected);
    }
    check(
        &[("/users/0/notification_rules", rules(vec![step(0, "push"), step(5, "sms")]))],
        &[
            "user ana: notification_rules[0].steps: rule 1 says nothing before 5 minutes, but level 1 of `ladder` moves on \
           after 5: `ana` is not told there at all",
        ],
    );
}

#[test]
fn levels_on_which_nobody_is_or_can_be_reached_are_warned_of() {
    let empty = json!([{"valid_start": "2026-01-05", "rotations": [[], []]}]);
    let over = json!([{"valid_start": "2026-01-05", "valid_end": "2026-05-01", "rotations": [["ana"]]}]);
    let nobody = "escalation_policy ladder: levels[0].routines: level 1: nobody is on call by its routines within a year, so \
                  nobody is ever on it";
    for layers in [empty, over, json!([])] {
        check(&[("/routines/0/routine_layers", layers)], &[nobody]);
    }
    let soon = json!([{"valid_start": "2026-07-20", "rotations": [["ana"]]}]);
    check(
        &[("/routines/0/routine_layers", soon)],
        &[
            "escalation_policy ladder: levels[0]: level 1: in the next 28 days nobody is on call for 672 h in all, first from \
           2026-06-01 00:00 UTC until 2026-06-29 00:00 UTC",
        ],
    );
    check(
        &[("/escalation_policies/0/levels/1/users", json!(["dee"]))],
        &[
            "user dee: username: is on call and has no contact, so nobody can reach them",
            "escalation_policy ladder: levels[1]: level 2: nobody who can be on it can be reached, so it is always passed over",
        ],
    );
}

#[test]
fn coming_gaps_of_level_1_are_told_and_louder_where_no_level_covers_them() {
    let office = json!([{"valid_start": "2026-01-05", "rotation_start": "09:00:00", "shift_length": "08:00",
                         "skip_days": [5, 6], "rotations": [["ana"]]}]);
    let first = "escalation_policy ladder: levels[0]: level 1: in the next 28 days nobody is on call for 512 h in all, first \
                 from 2026-06-01 00:00 UTC until 2026-06-01 09:00 UTC";
    check(&[("/routines/0/routine_layers", office.clone())], &[first]);
    let second = json!({"minutes": 5, "routines": ["night"]});
    let night = json!({"name": "night", "timezone": "UTC", "routine_layers": [
        {"valid_start": "2026-01-05", "rotation_start": "16:00:00", "shift_length": "17:00", "rotations": [["ben"]]},
    ]});
    let changes = |night: Value| {
        [
            ("/routines/0/routine_layers", office.clone()),
            ("/routines/-", night),
            ("/escalation_policies/0/levels/1", second.clone()),
        ]
    };
    let weekends = "escalation_policy ladder: levels: in the next 28 days nobody is on call on any level for 56 h in all, \
                    first from 2026-06-06 09:00 UTC until 2026-06-06 16:00 UTC";
    check(&changes(night), &[first, weekends]);
    // A swap with nobody opens a gap, too.
    let mut directory = with(&[]);
    let swap = json!({"out": "ana", "from": "2026-06-10T00:00:00", "until": "2026-06-10T06:00:00"});
    directory.swaps.insert("week".to_owned(), vec![serde_json::from_value(swap).unwrap()]);
    let gap = "escalation_policy ladder: levels[0]: level 1: in the next 28 days nobody is on call for 6 h in all, first \
               from 2026-06-10 00:00 UTC until 2026-06-10 06:00 UTC";
    assert_eq!(told(&directory), [gap]);
}

#[test]
fn a_fallback_policy_that_reaches_nobody_and_a_routine_that_nobody_uses_are_warned_of() {
    let ghost = json!({"name": "ghost", "levels": [{"minutes": 5, "users": ["dee"]}]});
    check(
        &[("/escalation_policies/-", ghost), ("/fallback_policy", json!("ghost"))],
        &[
            "user dee: username: is on call and has no contact, so nobody can reach them",
            "escalation_policy ghost: levels[0]: level 1: nobody who can be on it can be reached, so it is always passed over",
            "organization house: fallback_policy: nobody on `ghost` can be reached, so there is nothing to fall back to",
        ],
    );
    let idle = json!({"name": "idle", "timezone": "UTC", "routine_layers": []});
    check(&[("/routines/-", idle)], &["routine idle: name: no level of a policy names it, so nobody is paged by it"]);
}

#[test]
fn both_sides_of_a_change_are_warned_of_as_each_by_itself() {
    let before = with(&[]);
    let mut swapped = with(&[]);
    let swap = json!({"out": "ben", "from": "2026-06-02T00:00:00", "until": "2026-06-03T00:00:00"});
    swapped.swaps.insert("week".to_owned(), vec![serde_json::from_value(swap).unwrap()]);
    let left = with(&[("/routines/0/routine_layers/0/rotations/1", json!([]))]);
    let unreached = with(&[("/escalation_policies/0/levels/1/users", json!(["dee"]))]);
    for after in [swapped, left, unreached] {
        assert_ne!(lint(&after, MONDAY), []);
        assert_eq!(lint_both(&before, &after, MONDAY), [lint(&before, MONDAY), lint(&after, MONDAY)]);
        assert_eq!(lint_both(&after, &before, MONDAY), [lint(&after, MONDAY), lint(&before, MONDAY)]);
    }
}

#[test]
fn what_a_private_team_owns_is_told_of_where_others_name_it() {
    let private = json!([{"name": "vault", "private": true, "members": ["ana"]}]);
    let of_vault = ("/routines/0/team", json!("vault"));
    check(
        &[("/teams", private.clone()), of_vault.clone()],
        &[
            "escalation_policy ladder: levels[0].routines: names the routine `week` of the private team `vault`, by which \
             others learn of it",
        ],
    );
    check(&[("/teams", private), of_vault.clone(), ("/escalation_policies/0/team", json!("vault"))], &[]);
    let open = json!([{"name": "vault", "members": ["ana"]}]);
    check(&[("/teams", open), of_vault], &[]);
}

#[test]
fn whoever_is_locked_and_on_call_is_told_of() {
    let told = "user ben: locked: is locked and on call still: they are paged, and cannot sign in; put somebody else in \
        their place";
    check(&[("/users/1/locked", json!(true))], &[told]);
    check(&[("/users/3/locked", json!(true))], &[]);
}

#[test]
fn a_policy_of_one_level_is_told_of_where_nothing_is_behind_it() {
    let one = json!([{"minutes": 5, "routines": ["week"]}]);
    check(&[("/escalation_policies/0/levels", one.clone())], &[]);
    check(
        &[("/escalation_policies/0/levels", one), ("/fallback_policy", Value::Null)],
        &[
            "organization house: fallback_policy: is not said, and `ladder` has one level: if nobody there answers or can \
             be reached, nobody else is asked",
        ],
    );
}

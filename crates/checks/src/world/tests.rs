//! Whether the checkers notice: the rule of each is broken on purpose, and that checker alone must say so.

use serde_json::{Value, json};
use store::Tx;

use super::asked::{Asked, Verdict};
use super::checkers::LIVENESS;
use super::{SECOND, World};
use crate::{Call, Database};

/// Well over any distance between two messages.
const HOUR: i64 = 3600 * SECOND;

/// A world in which all is well and ana was paged for one incident.
fn quiet_world() -> World {
    let mut world = World::new(1, Database::Sqlite);
    world.carriers.heal();
    world.people.rest();
    world.turn().expect("all is well");
    order(&mut world, "alert 1");
    assert!(!world.carriers.handed_since(0).is_empty(), "ana was paged");
    world
}

fn order(world: &mut World, title: &str) {
    let asked = ask(world, "create", json!({"title": title, "users": ["ana"], "urgency_level": 1}));
    assert!(matches!(asked.verdict, Verdict::Done(_)), "{asked:?}");
    let _ = world.turn();
}

fn ask(world: &mut World, operation: &str, body: Value) -> Asked {
    let call = Call::post(&format!("/incidents/{operation}")).key(&world.key).json(&body);
    world.ask(operation, call).expect("a node lives")
}

fn tamper(world: &World, sql: &str) {
    world.outside.write(|tx: &mut dyn Tx| tx.run(sql, &[])).expect("rows are tampered with");
}

/// Exactly one checker must find something: the one whose promise begins like this.
#[track_caller]
fn noticed(world: &mut World, asked: Option<&Asked>, promise: &str) {
    let broken = world.judge(asked);
    let promises: Vec<&str> = broken.iter().map(|broken| broken.promise.as_str()).collect();
    assert!(matches!(promises.as_slice(), [one] if one.starts_with(promise)), "{broken:?}");
}

#[test]
fn an_incident_without_a_due_time_is_noticed() {
    let mut world = quiet_world();
    tamper(&world, "update incident set due_at = null");
    noticed(&mut world, None, "every unresolved incident has a due time");
}

#[test]
fn an_incident_that_is_due_and_left_is_noticed() {
    let mut world = quiet_world();
    world.now += 24 * HOUR;
    noticed(&mut world, None, "every unresolved incident has a due time");
}

#[test]
fn a_state_that_the_log_does_not_tell_of_is_noticed() {
    let mut world = quiet_world();
    tamper(&world, "update incident set version = version + 1, body = replace(body, 'alert 1', 'alarm 1')");
    noticed(&mut world, None, "the log of every incident replays");
}

#[test]
fn a_refusal_that_changed_something_is_noticed() {
    let mut world = quiet_world();
    let asked = ask(&mut world, "notate", json!({"instance_id": 1, "notes": "after all"}));
    let asked = Asked { verdict: Verdict::Refused("409".to_owned()), ..asked };
    noticed(&mut world, Some(&asked), "a command that is refused");
}

#[test]
fn an_answered_incident_that_is_not_there_is_noticed() {
    let mut world = quiet_world();
    let asked = ask(&mut world, "acknowledge", json!({"instance_id": 1}));
    let asked = Asked { verdict: Verdict::Done(json!({"instance_id": 77})), ..asked };
    noticed(&mut world, Some(&asked), "nothing that was answered is lost");
}

#[test]
fn a_line_that_is_gone_from_a_log_is_noticed() {
    let mut world = quiet_world();
    tamper(&world, "delete from event");
    let asked = ask(&mut world, "details", json!({"instance_id": 1}));
    let asked = Asked { verdict: Verdict::Unknown, ..asked };
    noticed(&mut world, Some(&asked), "nothing that was answered is lost");
}

#[test]
fn a_page_after_an_acknowledgement_is_noticed() {
    let mut world = quiet_world();
    ask(&mut world, "acknowledge", json!({"instance_id": 1}));
    world.turn().expect("all is well");
    let mut late = world.carriers.handed_since(0)[0].clone();
    late.message.attempt += 1;
    late.about[0].1 += 1;
    world.carriers.plant(late);
    noticed(&mut world, None, "nobody is paged for an incident after");
}

#[test]
fn a_page_to_somebody_who_is_not_on_call_is_noticed() {
    let mut world = quiet_world();
    world.organization.mistake();
    let asked = ask(&mut world, "reassign", json!({"instance_id": 1, "reassign_to": ["eli"]}));
    noticed(&mut world, Some(&asked), "everybody who is notified was on call");
}

#[test]
fn a_message_that_is_sent_twice_as_the_same_attempt_is_noticed() {
    let mut world = quiet_world();
    let mut again = world.carriers.handed_since(0)[0].clone();
    again.at += HOUR;
    again.on += HOUR;
    world.carriers.plant(again);
    noticed(&mut world, None, "a delivery id is one message");
}

#[test]
fn messages_without_distance_are_noticed() {
    let mut world = quiet_world();
    let mut other = world.carriers.handed_since(0)[0].clone();
    other.message.delivery_id = "ntf_1_7700000".to_owned();
    world.carriers.plant(other);
    noticed(&mut world, None, "new messages to one person");
}

#[test]
fn a_request_that_made_two_incidents_is_noticed() {
    let mut world = quiet_world();
    let asked = ask(&mut world, "create", json!({"title": "alert 1", "users": ["eli"], "urgency_level": 1}));
    noticed(&mut world, Some(&asked), "one dedup key has one unresolved incident");
}

#[test]
fn a_notification_that_is_never_sent_is_noticed_in_the_end() {
    let mut world = quiet_world();
    tamper(&world, "update notification set state = 'waiting', next_at = 9000000000000000, is_page = 0");
    let broken = world.heal().expect_err("something waits for ever");
    assert_eq!(broken.promise, LIVENESS);
}

#[test]
fn a_ladder_that_is_not_climbed_is_noticed_in_the_end() {
    let mut world = quiet_world();
    tamper(
        &world,
        "update incident set due_at = 9000000000000000, version = version + 1,
        body = json_set(body, '$.next_alert_at', 9000000000000000)",
    );
    world.checkers.clear();
    let broken = world.heal().expect_err("something waits for ever");
    assert_eq!(broken.promise, LIVENESS);
}

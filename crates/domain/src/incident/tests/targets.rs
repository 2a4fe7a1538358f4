//! Several targets sharing one level: the smallest wait, shorter ladders, and targets that joined later.

use super::house::{add_policy, add_user, house, minute, names, own, policy, words};
use super::night::{Night, check, order, transcript, trigger};
use crate::directory::{Directory, WhenExhausted};
use crate::incident::Command::{self, AddResponders, Elapse, Escalate, Reassign};
use crate::incident::Target;
use crate::{Refusal, limits};

#[test]
fn targets_share_a_level_and_the_smallest_wait_counts() {
    let step = trigger(&house(), order(&["ladder", "short", "circle"])).unwrap();
    assert_eq!(transcript(&step.changes[0]), "OPEN 1 [ana ben] 4 | TRIGGER | page ana ben | Keep");
}

#[test]
fn a_target_with_fewer_levels_stays_on_its_last() {
    let mut night = Night::on(&["ladder", "short"]);
    night.check(5, Elapse, "OPEN 2 [ben] 12 | ESCALATE | page ben | DropNotYetDue");
    night.check(12, Elapse, "OPEN 3 [cho ben] 19 | ESCALATE | page cho ben | DropNotYetDue");
    night.check(19, Elapse, "OPEN 3 [cho ben] 26 | DISPATCH | page cho ben | Supersede");
}

#[test]
fn a_target_that_is_named_twice_stands_once() {
    let night = Night::on(&["ladder", "short", "ladder"]);
    assert_eq!(night.incident.targets, [joined("ladder", 1), joined("short", 1)]);
    let night = Night::on(&["ladder"]).asked(&[(1, Reassign(words(&["policy-short", "ben", "policy-short"])))]);
    let ben = Target { policy: own("ben"), joined_at_level: 1 };
    assert_eq!(night.incident.targets, [joined("short", 1), ben]);
}

#[test]
fn a_target_that_joins_later_begins_on_its_own_level_1_and_climbs_with_the_rest() {
    let mut night = Night::on(&["ladder"]).asked(&[(5, Elapse)]);
    night.check(6, add("policy-circle"), "OPEN 2 [ben ana] 15 | ADD RESPONDERS | page ana | Supersede");
    assert_eq!(night.incident.targets, [joined("ladder", 1), joined("circle", 2)]);
    // Level 3: the ladder's third (cho, 15 minutes) and the circle's second (cho, 6 minutes).
    night.check(15, Elapse, "OPEN 3 [cho] 21 | ESCALATE | page cho | DropNotYetDue");
    night.check(21, Elapse, "OPEN 3 [cho] 27 | DISPATCH | page cho | Supersede");
}

#[test]
fn a_target_that_joins_is_asked_on_the_first_level_on_which_somebody_can_be_reached() {
    let mut night = Night::on(&["ladder"]);
    night.check(1, add("policy-late"), "OPEN 1 [ana ben] 5 | ADD RESPONDERS | page ben | Supersede");
    let mut night = Night::on(&["ladder"]);
    night.check(1, add("policy-ghost"), "OPEN 1 [ana] 5 | ADD RESPONDERS | - | Keep");
}

#[test]
fn a_tall_target_that_joins_later_is_climbed_to_its_own_top() {
    let mut night = Night::on(&["circle"]).asked(&[(4, Elapse)]);
    night.check(5, add("policy-ladder"), "OPEN 2 [cho ana] 10 | ADD RESPONDERS | page ana | Supersede");
    night.check(10, Elapse, "OPEN 3 [cho ben] 16 | ESCALATE | page cho ben | DropNotYetDue");
    night.check(16, Elapse, "OPEN 4 [cho] 22 | ESCALATE | page cho | DropNotYetDue");
    night.check(22, Elapse, "OPEN 4 [cho] 28 | DISPATCH | page cho | Supersede");
}

#[test]
fn a_target_that_joins_on_the_last_level_gives_the_incident_further_ones() {
    let mut night = Night::on(&["short"]);
    night.check(1, add("policy-ladder"), "OPEN 1 [ben ana] 7 | ADD RESPONDERS | page ana | Supersede");
    night.check(7, Elapse, "OPEN 2 [ben] 14 | ESCALATE | page ben | DropNotYetDue");
    night.check(14, Elapse, "OPEN 3 [ben cho] 21 | ESCALATE | page ben cho | DropNotYetDue");
}

#[test]
fn a_climb_that_begins_again_begins_for_all_targets() {
    let mut night = Night::on(&["circle"]).asked(&[(4, Elapse)]);
    let mut house = house();
    add_policy(&mut house, "ring", WhenExhausted::Restart, &[(9, &["ben"])]);
    night.house = house;
    night.check(5, add("policy-ring"), "OPEN 2 [cho ben] 10 | ADD RESPONDERS | page ben | Supersede");
    night.check(10, Elapse, "OPEN 1 [ana ben] 14 | DISPATCH | page ana ben | Supersede");
    assert_eq!(night.incident.targets, [joined("circle", 1), joined("ring", 1)]);
}

#[test]
fn a_policy_that_lost_its_upper_levels_is_asked_on_its_last() {
    let mut night = Night::on(&["ladder"]).asked(&[(5, Elapse), (15, Elapse)]);
    let mut house = house();
    add_policy(&mut house, "ladder", WhenExhausted::RepeatLast, &[(5, &["eli"]), (6, &["ben"])]);
    night.house = house;
    night.check(30, Elapse, "OPEN 2 [ben] 36 | DISPATCH | page ben | Supersede");
}

#[test]
fn a_policy_that_changed_is_asked_as_it_stands_now() {
    let mut night = Night::on(&["ladder"]);
    let mut house = house();
    add_policy(&mut house, "ladder", WhenExhausted::RepeatLast, &[(5, &["ana"]), (20, &["eli"])]);
    night.house = house;
    night.check(5, Elapse, "OPEN 2 [eli] 25 | ESCALATE | page eli | DropNotYetDue");
}

#[test]
fn a_user_stands_for_the_users_own_policy_of_one_level() {
    let mut order = order(&[]);
    order.addressed_to.users = names(&["ben", "cho"]);
    let mut night = Night::new(house(), order);
    assert_eq!(night.incident.targets[0].policy, own("ben"));
    assert_eq!(night.incident.due_at(), Some(minute(limits::OWN_POLICY_MINUTES)));
    night.check(5, Elapse, "OPEN 1 [ben cho] 10 | DISPATCH | page ben cho | Supersede");
    assert_eq!(night.refusal(6, Escalate), Refusal::NoFurtherLevel);
}

#[test]
fn targets_are_limited_in_all() {
    let (house, crowd) = crowded_house(limits::TARGETS + 1);
    let full = crowd[..limits::TARGETS].to_vec();
    let refused = |field| Refusal::TooMany { field, limit: limits::TARGETS };
    let mut night = Night::new(house.clone(), order(&["ladder"]));
    night.ask(1, Reassign(full.clone()));
    assert_eq!(night.incident.targets.len(), limits::TARGETS);
    assert_eq!(night.refusal(2, AddResponders(crowd[limits::TARGETS..].to_vec())), refused("assignees"));
    assert_eq!(night.refusal(2, Reassign(crowd.clone())), refused("reassign_to"));
    night.ask(2, AddResponders(full));
    let mut all = order(&[]);
    all.addressed_to.users = crowd.iter().map(|user| user.as_str().into()).collect();
    assert_eq!(trigger(&house, all).map(|_| ()), Err(refused("users")));
}

/// The house with so many more users, and their names.
pub(super) fn crowded_house(count: usize) -> (Directory, Vec<String>) {
    let mut house = house();
    let crowd: Vec<String> = (0..count).map(|number| format!("user{number}")).collect();
    crowd.iter().for_each(|name| add_user(&mut house, name));
    (house, crowd)
}

fn add(word: &str) -> Command {
    AddResponders(words(&[word]))
}

fn joined(name: &str, joined_at_level: u32) -> Target {
    Target { policy: policy(name), joined_at_level }
}

#[test]
fn a_target_that_is_there_already_is_not_paged_again() {
    check(&["ladder"], &[], (1, add("policy-ladder")), "OPEN 1 [ana] 5 | - | - | Keep");
}

//! Levels on which nobody can be reached: passed over, handed to the fallback policy, or tried again every minute.

use super::house::{add_policy, add_service, house, house_with_fallback, minute, names, own, words};
use super::night::{Night, by_ana, check, order, order_on, transcript, trigger};
use crate::directory::{Directory, User, WhenExhausted};
use crate::ids::RefId;
use crate::incident::Command::{
    Acknowledge, AddResponders, Elapse, Escalate, Reassign, Resolve, Snooze, Unacknowledge,
};
use crate::incident::Happening;
use crate::notification::Channel;

#[test]
fn a_level_on_which_nobody_can_be_reached_is_passed_over_at_once() {
    let step = trigger(&house(), order(&["late"])).unwrap();
    let expect = "OPEN 3 [ben] 8 | TRIGGER, ESCALATE over [1, 2] | page ben | Keep";
    assert_eq!(transcript(&step.changes[0]), expect);
    check(
        &["ladder"],
        &[],
        (2, Reassign(words(&["policy-late"]))),
        "OPEN 3 [ben] 10 | REASSIGN, ESCALATE over [1, 2] | page ben | DropAll",
    );
}

#[test]
fn an_unreachable_person_beside_a_reachable_one_is_left_out() {
    assert_eq!(Night::on(&["late"]).incident.assignees, names(&["ben"]));
}

#[test]
fn a_last_level_without_anybody_leads_back_to_those_before() {
    let mut night = Night::on(&["early"]);
    night.check(5, Elapse, "OPEN 1 [ana] 10 | ESCALATE, ESCALATE over [2] | page ana | DropNotYetDue");
    for at in [10, 15, 20] {
        night.check(at, Elapse, &format!("OPEN 1 [ana] {} | DISPATCH | page ana | Supersede", at + 5));
    }
    give_dee_a_contact(&mut night.house);
    night.check(25, Elapse, "OPEN 2 [dee] 31 | ESCALATE | page dee | DropNotYetDue");
    night.house = house();
    night.check(31, Elapse, "OPEN 1 [ana] 36 | DISPATCH, ESCALATE over [2] | page ana | Supersede");
    night.check(36, Elapse, "OPEN 1 [ana] 41 | DISPATCH | page ana | Supersede");
}

#[test]
fn levels_without_anybody_are_said_in_two_events_once_until_the_targets_change() {
    let mut house = house();
    add_policy(&mut house, "gap", WhenExhausted::RepeatLast, &[(5, &["ana"]), (5, &["ben"]), (6, &["dee"])]);
    let mut night = Night::new(house, order(&["gap"]));
    night.check(5, Elapse, "OPEN 2 [ben] 10 | ESCALATE | page ben | DropNotYetDue");
    night.check(10, Elapse, "OPEN 1 [ana] 15 | ESCALATE, ESCALATE over [3] | page ana | DropNotYetDue");
    night.check(15, Elapse, "OPEN 2 [ben] 20 | ESCALATE | page ben | DropNotYetDue");
    for round in [20, 30] {
        night.check(
            round,
            Elapse,
            &format!("OPEN 1 [ana] {} | ESCALATE over [3] | page ana | DropNotYetDue", round + 5),
        );
        night.check(round + 5, Elapse, &format!("OPEN 2 [ben] {} | ESCALATE | page ben | DropNotYetDue", round + 10));
    }
    night.ask(41, Reassign(words(&["policy-gap"])));
    night.ask(46, Elapse);
    night.check(51, Elapse, "OPEN 1 [ana] 56 | ESCALATE, ESCALATE over [3] | page ana | DropNotYetDue");
}

#[test]
fn what_is_passed_over_is_said_by_the_system() {
    let night = Night::on(&["ladder"]).asked(&[(2, Reassign(words(&["policy-late"])))]);
    let by: Vec<_> = night.log.iter().map(|event| event.by.clone()).collect();
    assert_eq!(by, [by_ana(), by_ana(), None]);
}

#[test]
fn the_fallback_policy_takes_over_when_no_level_has_anybody() {
    let step = trigger(&house_with_fallback("ladder"), order(&["ghost"])).unwrap();
    let expect = "OPEN 1 [ana] 5 | TRIGGER, REASSIGN to fallback | page ana | DropAll";
    assert_eq!(transcript(&step.changes[0]), expect);
    let mut night = Night::new(house_with_fallback("ladder"), order(&["ghost"]));
    night.check(5, Elapse, "OPEN 2 [ben] 15 | ESCALATE | page ben | DropNotYetDue");
    let mut night = Night::new(house_with_fallback("late"), order(&["ghost"]));
    night.check(8, Elapse, "OPEN 3 [ben] 16 | DISPATCH | page ben | Supersede");
}

#[test]
fn an_incident_whose_policy_is_gone_goes_to_the_fallback_policy() {
    let mut house = house_with_fallback("short");
    add_service(&mut house, "orphan", "removed", None);
    let step = trigger(&house, order_on("orphan")).unwrap();
    let expect = "OPEN 1 [ben] 7 | TRIGGER, REASSIGN to fallback | page ben | DropAll";
    assert_eq!(transcript(&step.changes[0]), expect);
}

#[test]
fn a_stranded_incident_says_so_once_and_is_tried_every_minute() {
    let mut night = Night::new(house_with_fallback("ghost"), order(&["ghost"]));
    assert!(night.incident.stranded);
    assert_eq!(night.incident.due_at(), Some(minute(1)));
    assert!(matches!(night.log[1].what, Happening::Dispatch { stranded: true, .. }));
    for at in 1..10 {
        night.check(at, Elapse, &format!("OPEN 1 [] {} | - | - | Keep", at + 1));
    }
    assert!(night.incident.stranded);
}

#[test]
fn a_stranded_incident_is_found_again_when_somebody_can_be_reached() {
    let mut night = Night::on(&["ghost"]).asked(&[(1, Elapse)]);
    give_dee_a_contact(&mut night.house);
    night.check(2, Elapse, "OPEN 1 [dee] 7 | DISPATCH | page dee | Supersede");
    assert!(!night.incident.stranded);
    night.house = house();
    night.check(7, Elapse, "OPEN 1 [] 8 | DISPATCH, DISPATCH to nobody | - | Supersede");
}

#[test]
fn a_stranded_incident_is_found_again_by_the_fallback_policy() {
    let mut night = Night::on(&["ghost"]).asked(&[(1, Elapse)]);
    night.house = house_with_fallback("short");
    night.check(2, Elapse, "OPEN 1 [ben] 9 | REASSIGN to fallback | page ben | DropAll");
}

#[test]
fn a_person_may_act_on_a_stranded_incident() {
    let act = |at, command, expect| Night::on(&["ghost"]).asked(&[(1, Elapse)]).check(at, command, expect);
    act(2, Snooze(30), "OPEN 1 [] 32 | SNOOZE | - | DropAll");
    act(2, Resolve, "RESOLVED 1 [] 2 | RESOLVE | - | DropAll");
    act(2, Reassign(words(&["ben"])), "OPEN 1 [ben] 7 | REASSIGN | page ben | DropAll");
    act(2, AddResponders(words(&["policy-late"])), "OPEN 1 [ben] 2 | ADD RESPONDERS | page ben | Supersede");
}

#[test]
fn an_acknowledgement_ends_the_stranding_and_its_end_opens_the_incident() {
    let mut night = Night::on(&["ghost"]);
    night.check(1, Acknowledge, "ACKNOWLEDGED 1 [] 16 | ACKNOWLEDGE | - | DropAll");
    assert!(!night.incident.stranded, "somebody has it");
    night.check(16, Elapse, "OPEN 1 [] 17 | DISPATCH, DISPATCH to nobody | - | Supersede");
    night.check(17, Acknowledge, "ACKNOWLEDGED 1 [] 32 | ACKNOWLEDGE | - | DropAll");
    night.check(18, Unacknowledge, "OPEN 1 [] 19 | UN-ACKNOWLEDGE, DISPATCH to nobody | - | Keep");
}

#[test]
fn responders_added_to_a_stranded_incident_are_climbed_like_any_others() {
    let mut night = Night::on(&["ghost"]);
    night.check(0, AddResponders(words(&["policy-ladder"])), "OPEN 1 [ana] 1 | ADD RESPONDERS | page ana | Supersede");
    assert!(!night.incident.stranded);
    night.check(1, Elapse, "OPEN 2 [ben] 6 | ESCALATE | page ben | DropNotYetDue");
}

#[test]
fn an_escalation_to_a_level_without_anybody_goes_on_to_one_that_has_somebody() {
    let mut house = house();
    add_policy(&mut house, "holes", WhenExhausted::RepeatLast, &[(5, &["ana"]), (6, &["dee"]), (7, &["ben"])]);
    let mut night = Night::new(house, order(&["holes"]));
    night.check(2, Escalate, "OPEN 3 [ben] 9 | ESCALATE, ESCALATE over [2] | page ben | DropNotYetDue");
}

#[test]
fn a_person_without_a_carrier_for_any_contact_cannot_be_reached() {
    let mut house = house();
    house.channels.remove(&Channel::Email);
    let night = Night::new(house, order(&["ladder"]));
    assert_eq!(night.incident.assignees, names(&["ana"]), "ana has a webhook");
    let mut mute = super::house::house();
    mute.channels.clear();
    assert!(Night::new(mute, order(&["ladder"])).incident.stranded);
}

fn give_dee_a_contact(house: &mut Directory) {
    let mut user: User = house.user("dee").expect("dee lives here").clone();
    user.email = Some("dee@house.example".to_owned());
    house.add_user(RefId::from("user-dee"), own("dee"), user);
}

//! The table of contract §3, row by row: status, level, who, when next, events, who is told, what is called off.

use super::house::{business, house, house_with_rule, minute, names, words};
use super::night::{Night, by_ana, check, order, order_on, page, transcript, trigger};
use crate::Urgency;
use crate::incident::{Command, Event, Method};
use crate::notification::Reason;
use crate::routing::Actions;
use Command::{
    Acknowledge, AddImpact, AddResponders, AddSubscribers, AmendUrgency, Elapse, Escalate, Reassign, Resend, Resolve,
    Snooze, Unacknowledge,
};

#[test]
fn a_trigger_pages_everyone_on_level_1_and_waits_its_minutes() {
    let check = |order, expect| {
        let step = trigger(&house(), order).unwrap();
        assert_eq!(transcript(&step.changes[0]), expect);
    };
    check(order(&["ladder"]), "OPEN 1 [ana] 5 | TRIGGER | page ana | Keep");
    check(order(&["short"]), "OPEN 1 [ben] 7 | TRIGGER | page ben | Keep");
    check(order_on("web"), "OPEN 1 [ana] 5 | TRIGGER | page ana | Keep");
}

#[test]
fn an_open_incident_that_is_due_asks_the_further_level() {
    check(&["ladder"], &[], (5, Elapse), "OPEN 2 [ben] 15 | ESCALATE | page ben | DropNotYetDue");
    check(&["ladder"], &[(5, Elapse)], (15, Elapse), "OPEN 3 [cho] 30 | ESCALATE | page cho | DropNotYetDue");
    // A tick that comes late counts from its own time, so that the level has its whole wait.
    check(&["ladder"], &[], (9, Elapse), "OPEN 2 [ben] 19 | ESCALATE | page ben | DropNotYetDue");
}

#[test]
fn nothing_happens_before_it_is_due() {
    check(&["ladder"], &[], (4, Elapse), "OPEN 1 [ana] 5 | - | - | Keep");
    check(&["ladder"], &[(5, Elapse)], (5, Elapse), "OPEN 2 [ben] 15 | - | - | Keep");
    check(&["ladder"], &[(2, Acknowledge)], (16, Elapse), "ACKNOWLEDGED 1 [ana] 17 | - | - | Keep");
}

#[test]
fn an_open_incident_without_a_further_level_is_never_forgotten() {
    let mut night = Night::on(&["ladder"]).asked(&[(5, Elapse), (15, Elapse)]);
    for round in 0..100 {
        let (at, next) = (30 + 15 * round, 45 + 15 * round);
        night.check(at, Elapse, &format!("OPEN 3 [cho] {next} | DISPATCH | page cho | Supersede"));
    }
}

#[test]
fn a_policy_may_begin_again_from_level_1() {
    let mut night = Night::on(&["circle"]);
    night.check(4, Elapse, "OPEN 2 [cho] 10 | ESCALATE | page cho | DropNotYetDue");
    night.check(10, Elapse, "OPEN 1 [ana] 14 | DISPATCH | page ana | Supersede");
    night.check(14, Elapse, "OPEN 2 [cho] 20 | ESCALATE | page cho | DropNotYetDue");
}

#[test]
fn the_climb_begins_again_only_if_all_the_tallest_policies_say_so() {
    let tall = [(4, Elapse), (14, Elapse)];
    check(&["ladder", "circle"], &tall, (29, Elapse), "OPEN 3 [cho] 35 | DISPATCH | page cho | Supersede");
    check(
        &["short", "circle"],
        &[(4, Elapse)],
        (10, Elapse),
        "OPEN 1 [ben ana] 14 | DISPATCH | page ben ana | Supersede",
    );
}

#[test]
fn an_acknowledgement_waits_as_long_as_the_service_says_or_a_quarter_of_an_hour() {
    check(&["ladder"], &[], (2, Acknowledge), "ACKNOWLEDGED 1 [ana] 17 | ACKNOWLEDGE | - | DropAll");
    Night::new(house(), order_on("web")).check(2, Acknowledge, "ACKNOWLEDGED 1 [ana] 32 | ACKNOWLEDGE | - | DropAll");
    Night::new(house(), order_on("mail")).check(2, Acknowledge, "ACKNOWLEDGED 1 [ben] 17 | ACKNOWLEDGE | - | DropAll");
}

#[test]
fn an_acknowledgement_is_renewed_by_another() {
    let before = [(2, Acknowledge)];
    check(&["ladder"], &before, (10, Acknowledge), "ACKNOWLEDGED 1 [ana] 25 | ACKNOWLEDGE | - | DropAll");
}

#[test]
fn an_acknowledged_incident_that_is_due_opens_on_the_same_level() {
    let before = [(2, Acknowledge)];
    check(&["ladder"], &before, (17, Elapse), "OPEN 1 [ana] 22 | DISPATCH | page ana | Supersede");
    let before = [(5, Elapse), (6, Acknowledge)];
    check(&["ladder"], &before, (21, Elapse), "OPEN 2 [ben] 31 | DISPATCH | page ben | Supersede");
}

#[test]
fn a_snooze_leaves_the_status_and_is_followed_by_what_the_status_implies() {
    let mut open = Night::on(&["ladder"]);
    open.check(2, Snooze(60), "OPEN 1 [ana] 62 | SNOOZE | - | DropAll");
    open.check(61, Elapse, "OPEN 1 [ana] 62 | - | - | Keep");
    open.check(62, Elapse, "OPEN 2 [ben] 72 | ESCALATE | page ben | DropNotYetDue");
    let mut acknowledged = Night::on(&["ladder"]).asked(&[(2, Acknowledge)]);
    acknowledged.check(3, Snooze(60), "ACKNOWLEDGED 1 [ana] 63 | SNOOZE | - | DropAll");
    acknowledged.check(63, Elapse, "OPEN 1 [ana] 68 | DISPATCH | page ana | Supersede");
}

#[test]
fn an_unacknowledged_incident_is_open_on_the_same_level_which_is_paged() {
    let before = [(5, Elapse), (6, Acknowledge)];
    check(&["ladder"], &before, (8, Unacknowledge), "OPEN 2 [ben] 18 | UN-ACKNOWLEDGE | page ben | Keep");
}

#[test]
fn an_escalation_asks_the_next_level_now_and_opens_the_incident() {
    check(&["ladder"], &[], (2, Escalate), "OPEN 2 [ben] 12 | ESCALATE | page ben | DropNotYetDue");
    let before = [(1, Acknowledge)];
    check(&["ladder"], &before, (2, Escalate), "OPEN 2 [ben] 12 | ESCALATE | page ben | DropNotYetDue");
}

#[test]
fn a_reassignment_replaces_all_targets_and_begins_at_level_1() {
    let before = [(5, Elapse), (6, Acknowledge)];
    let to = |to| Reassign(words(to));
    let ask = |to, expect| check(&["ladder"], &before, (8, to), expect);
    ask(to(&["policy-short"]), "OPEN 1 [ben] 15 | REASSIGN | page ben | DropAll");
    ask(to(&["own-cho"]), "OPEN 1 [cho] 13 | REASSIGN | page cho | DropAll");
    ask(to(&["cho", "policy-short", "own-cho"]), "OPEN 1 [cho ben] 13 | REASSIGN | page cho ben | DropAll");
}

#[test]
fn added_responders_are_paged_and_nothing_else_changes() {
    let add = || AddResponders(words(&["cho"]));
    check(&["ladder"], &[], (2, add()), "OPEN 1 [ana cho] 5 | ADD RESPONDERS | page cho | Supersede");
    let before = [(1, Acknowledge)];
    check(&["ladder"], &before, (2, add()), "ACKNOWLEDGED 1 [ana cho] 16 | ADD RESPONDERS | page cho | Supersede");
    let twice = [(2, add())];
    check(&["ladder"], &twice, (3, add()), "OPEN 1 [ana cho] 5 | - | - | Keep");
}

#[test]
fn a_risen_urgency_pages_the_assignees_and_a_fallen_one_nobody() {
    let amend = |urgency| (2, AmendUrgency(urgency));
    check(&["ladder"], &[], amend(Urgency::Critical), "OPEN 1 [ana] 5 | URGENCY AMENDMENT | page ana | Supersede");
    check(&["ladder"], &[], amend(Urgency::Minor), "OPEN 1 [ana] 5 | URGENCY AMENDMENT | - | Keep");
    check(&["ladder"], &[], amend(Urgency::High), "OPEN 1 [ana] 5 | URGENCY AMENDMENT | - | Keep");
    let change = Night::on(&["ladder"]).ask(2, AmendUrgency(Urgency::Critical));
    assert!(change.notifications.iter().all(|notification| notification.content.urgency == Urgency::Critical));
    assert_eq!(change.incident.urgency, Urgency::Critical);
}

#[test]
fn a_resolution_tells_the_subscribers_and_keeps_the_next_alert() {
    check(&["ladder"], &[], (2, Resolve), "RESOLVED 1 [] 5 | RESOLVE | - | DropAll");
    let before = [(1, AddSubscribers(names(&["eli"]))), (1, AddImpact(business("shop")))];
    check(&["ladder"], &before, (2, Resolve), "RESOLVED 1 [] 5 | RESOLVE | resolved eli cho ana | DropAll");
    let mut night = Night::on(&["ladder"]).asked(&[(2, Resolve)]);
    assert_eq!((night.incident.resolved_at, night.incident.due_at()), (Some(minute(2)), None));
    night.check(500, Elapse, "RESOLVED 1 [] 5 | - | - | Keep");
}

#[test]
fn a_rule_may_have_the_system_resolve_the_incident_later() {
    let actions = Actions { resolve_after_minutes: Some(7), ..Actions::default() };
    let mut night = Night::new(house_with_rule(actions), order(&["ladder"]));
    assert_eq!(night.incident.due_at(), Some(minute(5)), "the sooner of the two");
    night.check(5, Elapse, "OPEN 2 [ben] 15 | ESCALATE | page ben | DropNotYetDue");
    assert_eq!(night.incident.due_at(), Some(minute(7)));
    night.check(6, Acknowledge, "ACKNOWLEDGED 2 [ben] 21 | ACKNOWLEDGE | - | DropAll");
    night.check(7, Elapse, "RESOLVED 2 [] 21 | RESOLVE | - | DropAll");
}

#[test]
fn an_event_says_who_brought_it_about_and_by_what_way() {
    let said = |event: &Event| (event.method, event.by.clone(), event.at);
    let night = Night::on(&["ladder"]).asked(&[(2, Acknowledge), (17, Elapse)]);
    let log: Vec<_> = night.log.iter().map(said).collect();
    let ana = by_ana();
    let expect = [
        (Method::IncidentsApi, ana.clone(), minute(0)),
        (Method::IncidentsApi, ana.clone(), minute(2)),
        (Method::System, None, minute(17)),
    ];
    assert_eq!(log, expect);
    assert_eq!(night.incident.created_by, ana);
}

#[test]
fn the_last_alert_is_the_last_time_that_people_were_paged() {
    let mut night = Night::on(&["ladder"]);
    let last = |night: &Night| night.incident.last_alert_at;
    assert_eq!(last(&night), minute(0));
    night.ask(2, Acknowledge);
    assert_eq!(last(&night), minute(0), "nobody is paged by an acknowledgement");
    night.ask(3, AmendUrgency(Urgency::Minor));
    assert_eq!(last(&night), minute(0));
    night.ask(4, AmendUrgency(Urgency::Critical));
    assert_eq!(last(&night), minute(4));
    night.ask(6, AddResponders(words(&["ben"])));
    assert_eq!(last(&night), minute(6));
    let again = |reason| {
        let mut again = page("ben");
        again.content.reason = reason;
        Resend(Box::new(again))
    };
    night.ask(7, again(Reason::Page { level: 1 }));
    assert_eq!(last(&night), minute(7), "a page that is sent again asks somebody to act, too");
    night.ask(8, again(Reason::StatusUpdate { text: "x".to_owned() }));
    assert_eq!(last(&night), minute(7), "and a notice does not");
    night.ask(30, Elapse);
    assert_eq!(last(&night), minute(30));
}

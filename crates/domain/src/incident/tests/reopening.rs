//! An incident that ended by itself is opened again when what it was about comes back in time, and no other.

use super::house::{add_reopening_service, house_with_rule, minute, names, policy, words};
use super::night::{NUMBER, Night, order_on};
use crate::directory::Directory;
use crate::ids::InstanceId;
use crate::incident::{Command, Happening, Order, Status, Target};
use crate::routing::Actions;
use crate::{Refusal, Urgency};
use Command::{Acknowledge, AddSubscribers, Escalate, Notate, Reassign, Reopen, Resolve};

/// The house with the service `gate`, whose incidents are opened again within half an hour.
fn house(actions: Actions) -> Directory {
    let mut house = house_with_rule(actions);
    add_reopening_service(&mut house, "gate", "ladder", (None, Some(30)));
    house
}

fn night() -> Night {
    Night::new(house(Actions::default()), order_on("gate"))
}

fn back() -> Command {
    Reopen(Box::new(order_on("gate")))
}

#[test]
fn what_comes_back_in_time_is_open_again_on_level_1_and_pages_it() {
    let mut night = night().asked(&[(1, Escalate), (2, Acknowledge)]).over(10);
    let level_1 = night.incident.targets.clone();
    night.check(39, back(), "OPEN 1 [ana] 44 | TRIGGER | page ana | Keep");
    assert_eq!((night.incident.targets.clone(), night.incident.resolved_at), (level_1, None));
    assert!(matches!(night.log.last().map(|event| &event.what), Some(Happening::Reopen(_))));
    // From here on it goes on like any other, and can end and come back once more.
    let mut again = night.over(45);
    again.check(46, back(), "OPEN 1 [ana] 51 | TRIGGER | page ana | Keep");
}

#[test]
fn what_comes_back_too_late_or_was_resolved_by_somebody_or_merged_stays_so() {
    let resolved = Refusal::AlreadyResolved { instance_id: NUMBER };
    assert_eq!(night().over(10).refusal(40, back()), resolved);
    assert_eq!(night().asked(&[(10, Resolve)]).refusal(11, back()), resolved);
    let mut merged = night().over(10);
    merged.incident.merged_into = Some(InstanceId(2));
    assert_eq!(merged.refusal(11, back()), resolved);
    let mut off = house(Actions::default());
    add_reopening_service(&mut off, "gate", "ladder", (None, Some(0)));
    let ended = Night { house: off, ..night().over(10) };
    assert_eq!(ended.refusal(11, back()), resolved);
}

#[test]
fn what_is_open_is_counted_and_nobody_is_told() {
    let mut open = night();
    let change = open.ask(5, back());
    assert_eq!((change.incident.suppressed_count, change.events.len(), change.notifications.len()), (1, 0, 0));
    assert_eq!(change.incident.status, Status::Open);
}

#[test]
fn it_is_as_loud_as_the_louder_of_both_and_keeps_whom_it_was_handed_to() {
    let mut night = night().asked(&[(1, Reassign(words(&["cho"]))), (2, AddSubscribers(names(&["ben"])))]).over(10);
    let louder = Order { urgency: Urgency::Critical, tags: words(&["eu"]), ..order_on("gate") };
    night.check(12, Reopen(Box::new(louder)), "OPEN 1 [cho] 17 | TRIGGER | page cho, update ben | Keep");
    assert_eq!(night.incident.urgency, Urgency::Critical);
    assert_eq!(night.incident.tags, words(&["eu"]));
    let mut quieter = night.over(20);
    quieter.ask(21, Reopen(Box::new(Order { urgency: Urgency::Minor, ..order_on("gate") })));
    assert_eq!(quieter.incident.urgency, Urgency::Critical);
}

#[test]
fn of_the_rule_tags_note_and_end_count_and_not_its_people() {
    let actions = Actions {
        set_policies: words(&["short"]),
        add_tags: words(&["disk"]),
        add_note: Some("Look at the runbook".to_owned()),
        resolve_after_minutes: Some(5),
        ..Actions::default()
    };
    let mut night = Night::new(house(actions), order_on("gate")).asked(&[(4, Notate("x".to_owned()))]);
    night.incident.targets = vec![Target { policy: policy("ladder"), joined_at_level: 1 }];
    let mut ended = night.over(4);
    let change = ended.ask(10, back());
    assert_eq!(ended.incident.tags, words(&["disk"]));
    assert_eq!(ended.incident.resolve_at, Some(minute(15)));
    assert_eq!(ended.incident.targets, [Target { policy: policy("ladder"), joined_at_level: 1 }]);
    assert!(matches!(&change.events[1].what, Happening::Notate { notes } if notes == "Look at the runbook"));
}

//! Maintenance keeps back what an incident that was open before would page for, until it ends.

use super::house::{add_reopening_service, house};
use super::night::{Night, order_on, page, probe};
use crate::directory::{Directory, MaintenanceWindow};
use crate::ids::RefId;
use crate::incident::{Case, Command, step};
use crate::{Instant, Urgency};
use Command::{Acknowledge, AmendUrgency, Elapse, Escalate, KeepBack, Resend};
use serde_json::{Value, json};

/// The house with the service `gate`, which is worked on from this minute of the night on, for so many; and with what the
/// window says more.
fn worked_on(from: &str, minutes: u32, more: Value) -> Directory {
    let mut house = house();
    add_reopening_service(&mut house, "gate", "ladder", (None, None));
    let mut window = json!({"name": "move", "services": ["gate"], "starts": format!("2026-06-01T{from}:00"),
        "duration_minutes": minutes, "timezone": "UTC"});
    window.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let window: MaintenanceWindow = serde_json::from_value(window).unwrap();
    house.maintenance_windows.add(RefId::from("window"), window);
    house
}

/// The night begins at three; the gate is worked on from its third to its 33rd minute.
fn night() -> Night {
    Night::new(worked_on("03:03", 30, json!({})), order_on("gate"))
}

#[test]
fn what_comes_due_waits_for_the_end_and_asks_the_same_level_again() {
    let mut night = night();
    night.check(5, Elapse, "OPEN 1 [ana] 33 | SNOOZE for move | - | DropAll");
    night.check(20, Elapse, "OPEN 1 [ana] 33 | - | - | Keep");
    night.check(33, Elapse, "OPEN 1 [ana] 38 | DISPATCH after move | page ana | Supersede");
    night.check(38, Elapse, "OPEN 2 [ben] 48 | ESCALATE | page ben | DropNotYetDue");
}

#[test]
fn an_acknowledged_one_waits_acknowledged() {
    let mut night = night().asked(&[(1, Acknowledge)]);
    night.check(16, Elapse, "ACKNOWLEDGED 1 [ana] 33 | SNOOZE for move | - | DropAll");
    night.check(33, Elapse, "OPEN 1 [ana] 38 | DISPATCH after move | page ana | Supersede");
}

#[test]
fn a_page_that_is_about_to_be_sent_is_kept_back_once_and_said() {
    let mut night = night();
    night.check(2, KeepBack, "OPEN 1 [ana] 5 | - | - | Keep");
    assert!(!night.incident.keeps_pages_back(&night.house, super::house::minute(2)));
    assert!(night.incident.keeps_pages_back(&night.house, super::house::minute(4)));
    night.check(4, KeepBack, "OPEN 1 [ana] 33 | SNOOZE for move | - | DropAll");
    night.check(4, KeepBack, "OPEN 1 [ana] 33 | - | - | Keep");
}

#[test]
fn a_page_that_somebody_has_sent_again_meanwhile_is_not_kept_back_and_the_clock_waits_on() {
    let mut night = night();
    night.check(5, Elapse, "OPEN 1 [ana] 33 | SNOOZE for move | - | DropAll");
    night.check(10, Resend(Box::new(page("ana"))), "OPEN 1 [ana] 33 | DISPATCH | page ana | Keep");
    assert!(!night.incident.keeps_pages_back(&night.house, super::house::minute(10)));
    night.check(33, Elapse, "OPEN 1 [ana] 38 | DISPATCH after move | page ana | Supersede");
}

#[test]
fn whom_a_person_asks_meanwhile_is_paged_and_the_clock_waits_again() {
    let mut night = night();
    night.check(5, Elapse, "OPEN 1 [ana] 33 | SNOOZE for move | - | DropAll");
    night.check(10, Escalate, "OPEN 2 [ben] 20 | ESCALATE | page ben | DropNotYetDue");
    night.check(11, KeepBack, "OPEN 2 [ben] 20 | - | - | Keep");
    night.check(20, Elapse, "OPEN 2 [ben] 33 | SNOOZE for move | - | DropAll");
    night.check(33, Elapse, "OPEN 2 [ben] 43 | DISPATCH after move | page ben | Supersede");
}

#[test]
fn what_began_in_it_or_is_loud_enough_or_is_to_page_goes_on() {
    let began_in_it = worked_on("02:55", 60, json!({}));
    let loud = worked_on("03:03", 30, json!({"except_urgency": 4}));
    let pages = worked_on("03:03", 30, json!({"page_open_incidents": true}));
    for house in [began_in_it, loud, pages] {
        let mut night = Night::new(house, order_on("gate"));
        night.check(4, KeepBack, "OPEN 1 [ana] 5 | - | - | Keep");
        night.check(5, Elapse, "OPEN 2 [ben] 15 | ESCALATE | page ben | DropNotYetDue");
    }
}

#[test]
fn what_began_before_a_window_was_made_was_open_before_though_the_window_says_that_it_began_earlier() {
    let mut house = worked_on("02:55", 38, json!({}));
    house.windows_made_at.insert(RefId::from("window"), super::house::minute(2));
    let mut night = Night::new(house, order_on("gate"));
    night.check(4, KeepBack, "OPEN 1 [ana] 33 | SNOOZE for move | - | DropAll");
    night.check(20, Elapse, "OPEN 1 [ana] 33 | - | - | Keep");
    night.check(33, Elapse, "OPEN 1 [ana] 38 | DISPATCH after move | page ana | Supersede");
}

#[test]
fn a_window_that_ends_at_another_time_is_followed() {
    let mut night = night().asked(&[(5, Elapse)]);
    night.house = worked_on("03:03", 60, json!({}));
    night.check(10, Elapse, "OPEN 1 [ana] 63 | SNOOZE for move | - | DropAll");
    night.house = worked_on("03:03", 8, json!({}));
    night.check(12, Elapse, "OPEN 1 [ana] 17 | DISPATCH after move | page ana | Supersede");
}

#[test]
fn what_a_sender_calls_louder_pages_nobody_and_what_a_person_does_is_paged() {
    let (louder, now) = (AmendUrgency(Urgency::Critical), |minute| -> Instant { super::house::minute(minute) });
    let mut night = night();
    let told = step(night.case(), louder.clone(), &probe(), &night.house, now(10)).unwrap();
    assert!(told.changes[0].notifications.is_empty());
    assert_eq!(told.changes[0].incident.urgency, Urgency::Critical);
    let before = step(night.case(), louder.clone(), &probe(), &night.house, now(2)).unwrap();
    assert!(!before.changes[0].notifications.is_empty());
    let loud = worked_on("03:03", 30, json!({"except_urgency": 5}));
    let case = Case { incident: Some(night.incident.clone()), ..Case::default() };
    assert!(!step(case, louder.clone(), &probe(), &loud, now(10)).unwrap().changes[0].notifications.is_empty());
    night.check(10, louder, "OPEN 1 [ana] 5 | URGENCY AMENDMENT | page ana | Supersede");
}

//! Whole escalations, as the people on call see them.

use checks::in_both;
use domain::incident::{Command, Outcome, Status, forecast};
use domain::{Instant, Refusal, Username};
use engine::Failure;

#[test]
fn an_incident_that_nobody_answers_climbs_level_by_level_and_repeats_the_last() {
    in_both(|house| {
        let id = house.trigger("Disk full");
        house.advance(60);
        assert_eq!(
            house.told(),
            [
                "0:00 ana email page 1",
                "5:00 ben webhook page 2",
                "15:00 cho email page 3",
                "15:00 cho webhook page 3",
                "30:00 cho email page 3",
                "30:00 cho webhook page 3",
                "45:00 cho email page 3",
                "45:00 cho webhook page 3",
                "60:00 cho email page 3",
                "60:00 cho webhook page 3",
            ]
        );
        let log = house.log(id);
        assert_eq!(log, ["TRIGGER", "ESCALATE", "ESCALATE", "DISPATCH", "DISPATCH", "DISPATCH"]);
    });
}

#[test]
fn what_is_told_to_happen_next_is_what_then_happens() {
    in_both(|house| {
        let id = house.trigger("Disk full");
        house.act(id, Command::Acknowledge).unwrap();
        // Asked again, then level by level to the last and once more.
        for _ in 0..4 {
            let before = house.details(id);
            let now = Instant(house.clock.now());
            let told = forecast(&before.incident, &before.snapshot.directory, now).expect("something happens next");
            house.advance_micros(told.at.0 - now.0);
            let events = house.details(id).events.split_off(before.events.len());
            assert_eq!(events, told.events);
            assert!(!told.asked().is_empty(), "{told:?}");
        }
        assert!(house.told().len() > 4, "people were asked as it was told");
        house.act(id, Command::Resolve).unwrap();
        house.settle();
        assert!(house.told().iter().all(|told| told.ends_with("resolved")));
        let after = house.details(id);
        assert_eq!(forecast(&after.incident, &after.snapshot.directory, Instant(house.clock.now())), None);
    });
}

#[test]
fn a_policy_that_says_restart_begins_again() {
    in_both(|house| {
        let mut order = house.organization.order("Disk full");
        order.service = None;
        order.addressed_to.policies = vec![house.organization.ref_id("round")];
        house.trigger_order(order);
        house.advance(12);
        let expected = ["0:00 ana email page 1", "5:00 ben webhook page 2", "10:00 ana email page 1"];
        assert_eq!(house.told(), expected);
    });
}

#[test]
fn a_person_on_a_level_twice_is_paged_once() {
    in_both(|house| {
        let mut order = house.organization.order("Disk full");
        order.addressed_to.users = vec!["ana".into()];
        order.addressed_to.policies = vec![house.organization.ref_id("round")];
        house.trigger_order(order);
        assert_eq!(house.told(), ["0:00 ana email page 1"]);
    });
}

#[test]
fn nobody_is_paged_after_an_acknowledgement_until_its_wait_ends() {
    in_both(|house| {
        let id = house.trigger("Disk full");
        house.advance(6);
        let expected = ["0:00 ana email page 1", "5:00 ben webhook page 2"];
        assert_eq!(house.told(), expected);
        let Ok(Outcome::NextAlert { at }) = house.act(id, Command::Acknowledge) else { panic!("acknowledged") };
        assert_eq!(at.0 - house.clock.now(), 20 * 60_000_000);
        house.advance(19);
        assert!(house.told().is_empty());
        house.advance(1);
        assert_eq!(house.told(), ["26:00 ben webhook page 2"]);
        assert_eq!(house.details(id).incident.status, Status::Open);
        house.advance(10);
        assert_eq!(house.told().len(), 2);
    });
}

#[test]
fn a_snoozed_incident_is_quiet_and_then_goes_on() {
    in_both(|house| {
        let id = house.trigger("Disk full");
        house.act(id, Command::Snooze(90)).unwrap();
        assert_eq!(house.told(), ["0:00 ana email page 1"]);
        house.advance(89);
        assert!(house.told().is_empty());
        house.advance(1);
        assert_eq!(house.told(), ["90:00 ben webhook page 2"]);
    });
}

#[test]
fn a_resolved_incident_is_over() {
    in_both(|house| {
        let id = house.trigger("Disk full");
        house.act(id, Command::AddSubscribers(vec![Username::from("ben")])).unwrap();
        house.act(id, Command::Resolve).unwrap();
        assert_eq!(house.told(), ["0:00 ana email page 1", "0:00 ana email resolved", "0:00 ben webhook resolved"]);
        house.advance(600);
        assert!(house.told().is_empty());
        let again = house.act(id, Command::Resolve);
        assert_eq!(again, Err(Failure::Refused(Refusal::AlreadyResolved { instance_id: id })));
        assert!(house.details(id).incident.assignees.is_empty());
    });
}

#[test]
fn a_refused_command_changes_nothing() {
    in_both(|house| {
        let id = house.trigger("Disk full");
        let before = house.details(id);
        for command in [
            Command::Unacknowledge,
            Command::Merge(id),
            Command::AddSubscribers(vec!["ben".into(), "nobody knows".into()]),
            Command::Reassign(vec!["ben".to_owned(), "nobody knows".to_owned()]),
        ] {
            assert!(matches!(house.act(id, command), Err(Failure::Refused(_))));
        }
        let after = house.details(id);
        assert_eq!((after.incident, after.events), (before.incident, before.events));
        assert_eq!(house.told(), ["0:00 ana email page 1"]);
    });
}

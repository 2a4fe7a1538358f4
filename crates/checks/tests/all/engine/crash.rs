//! What survives when the process dies at the worst moment.

use checks::Reply::{self, Silence};
use checks::in_both;
use domain::incident::Command;
use domain::notification::Channel::Email;

#[test]
fn a_crash_between_sending_and_recording_repeats_one_message_with_the_same_id() {
    in_both(|house| {
        house.post.script("ana", Email, &[Silence]);
        let id = house.trigger("Disk full");
        house.crash();
        house.advance_micros(59_000_000);
        let first = house.messages();
        assert_eq!(first.len(), 1);
        house.advance_micros(2_000_000);
        let second = house.messages();
        assert_eq!(second.len(), 1);
        assert_eq!(first[0].message.delivery_id, second[0].message.delivery_id);
        assert_eq!(first[0].message.text, second[0].message.text);
        assert_eq!((first[0].message.attempt, second[0].message.attempt), (1, 2));
        house.advance(2);
        assert!(house.told().is_empty());
        assert_eq!(house.notifications(id)[0].0.state, "sent");
    });
}

#[test]
fn a_crash_before_sending_loses_nothing() {
    in_both(|house| {
        let order = house.order(house.organization.order("Disk full"));
        house.run(house.engine().act(order)).unwrap();
        house.crash();
        house.advance(0);
        assert_eq!(house.told(), ["0:00 ana email page 1"]);
    });
}

#[test]
fn a_crash_between_claim_and_sending_loses_nothing() {
    in_both(|house| {
        let order = house.order(house.organization.order("Disk full"));
        house.run(house.engine().act(order)).unwrap();
        let now = house.engine().now();
        assert_eq!(house.claim_and_die(Email, now.plus_minutes(2)), 1);
        house.crash();
        house.advance(3);
        assert_eq!(house.told(), ["2:00 ana email page 1"]);
    });
}

#[test]
fn an_incident_that_came_due_while_no_engine_ran_is_escalated_at_once() {
    in_both(|house| {
        let id = house.trigger("Disk full");
        house.crash();
        house.clock.advance(7 * 60_000_000);
        house.advance(0);
        assert_eq!(house.told(), ["0:00 ana email page 1", "7:00 ben webhook page 2"]);
        house.act(id, Command::Resolve).unwrap();
        assert_eq!(house.told(), ["7:00 ana email resolved", "7:00 ben webhook resolved"]);
    });
}

#[test]
fn an_answer_after_the_lease_is_over_still_counts_once() {
    in_both(|house| {
        house.post.script("ana", Email, &[Silence]);
        let id = house.trigger("Disk full");
        house.advance(3);
        let attempts: Vec<u32> = house.messages().iter().map(|sent| sent.message.attempt).collect();
        assert_eq!(attempts, [1, 2]);
        house.release("ana", Email, Reply::Temporary);
        house.advance(1);
        assert!(house.told().is_empty());
        assert_eq!(house.notifications(id)[0].0.state, "sent");
    });
}

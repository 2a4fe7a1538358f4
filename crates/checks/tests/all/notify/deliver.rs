//! What becomes of a notification once it is due.

use checks::Reply::{After, Delivered, Permanent, Silence, Temporary};
use checks::in_both;
use domain::incident::{Command, Happening};
use domain::notification::Channel::{Email, Webhook};

#[test]
fn a_temporary_failure_is_tried_again_after_growing_waits_with_the_same_words() {
    in_both(|house| {
        house.post.script("ana", Email, &[Temporary, Temporary, Temporary]);
        let id = house.trigger("Disk full");
        house.act(id, Command::EditTitle("Disk replaced".to_owned())).unwrap();
        house.advance(1);
        let messages = house.messages();
        assert_eq!(messages.iter().map(|sent| sent.message.attempt).collect::<Vec<_>>(), [1, 2, 3, 4]);
        let waits: Vec<i64> = messages.windows(2).map(|pair| pair[1].at.0 - pair[0].at.0).collect();
        for (wait, shortest) in waits.iter().zip([2_000_000, 4_000_000, 8_000_000]) {
            assert!((shortest..=shortest * 3 / 2).contains(wait), "{waits:?}");
        }
        for sent in &messages {
            let (first, this) = (&messages[0].message, &sent.message);
            assert_eq!(first.delivery_id, this.delivery_id);
            assert_eq!((&first.subject, &first.text, &first.html), (&this.subject, &this.text, &this.html));
            assert_eq!(first.payload, this.payload);
        }
        let (row, attempts) = &house.notifications(id)[0];
        assert_eq!((row.state.as_str(), attempts.len()), ("sent", 4));
    });
}

#[test]
fn a_retry_says_the_same_when_its_alert_has_gone_to_another_incident() {
    in_both(|house| {
        let (first, second) = (house.trigger("Disk full"), house.trigger("Database down"));
        house.act(second, Command::Merge(first)).unwrap();
        house.messages();
        house.post.script("ana", Email, &[Temporary]);
        house.act(first, Command::AmendUrgency(domain::Urgency::Critical)).unwrap();
        let task_ref_id = house.details(first).incident.task_ref_id;
        house.act(first, Command::Unmerge { task_ref_id }).unwrap();
        house.advance(1);
        let messages = house.messages();
        let critical = |sent: &&checks::Sent| sent.message.subject.contains("Critical");
        let texts: Vec<_> = messages.iter().filter(critical).map(|sent| sent.message.text.as_str()).collect();
        assert_eq!(texts.len(), 2);
        assert_eq!(texts[0], texts[1]);
        assert!(texts[0].contains("More about: Disk full"));
    });
}

#[test]
fn a_carrier_that_asks_for_a_pause_is_given_it() {
    in_both(|house| {
        house.post.script("ana", Email, &[After(60)]);
        house.trigger("Disk full");
        house.advance_micros(59_000_000);
        assert_eq!(house.told(), ["0:00 ana email page 1"]);
        house.advance_micros(32_000_000);
        assert_eq!(house.messages().len(), 1);
    });
}

#[test]
fn a_permanent_failure_is_said_on_the_incident_and_not_tried_again() {
    in_both(|house| {
        house.post.script("ana", Email, &[Permanent]);
        let id = house.trigger("Disk full");
        house.advance(4);
        assert_eq!(house.told(), ["0:00 ana email page 1"]);
        assert_eq!(house.log(id), ["TRIGGER", "DISPATCH"]);
        let Happening::DeliveryFailed { user, channel, answer, next: None } = &house.details(id).events[1].what else {
            panic!("no failure in the log")
        };
        assert_eq!((user.as_str(), *channel, answer.as_str()), ("ana", Email, "550 no such person"));
        assert_eq!(house.notifications(id)[0].0.state, "failed");
    });
}

#[test]
fn an_acknowledgement_stops_what_waits_to_be_tried_again() {
    for command in [Command::Acknowledge, Command::Resolve, Command::Snooze(30)] {
        in_both(|house| {
            house.post.script("ana", Email, &[Temporary; 9]);
            let id = house.trigger("Disk full");
            assert_eq!(house.told(), ["0:00 ana email page 1"]);
            house.act(id, command.clone()).unwrap();
            house.advance(15);
            assert!(house.told().is_empty());
            assert_eq!(house.notifications(id)[0].0.state, "dropped");
        });
    }
}

#[test]
fn a_page_that_fails_while_somebody_acknowledges_is_not_tried_again() {
    in_both(|house| {
        house.post.script("ana", Email, &[Silence]);
        let id = house.trigger("Disk full");
        house.act(id, Command::Acknowledge).unwrap();
        house.release("ana", Email, Temporary);
        house.advance(15);
        assert_eq!(house.told(), ["0:00 ana email page 1"]);
        let (row, attempts) = &house.notifications(id)[0];
        assert_eq!((row.state.as_str(), attempts.len()), ("dropped", 1));
    });
}

#[test]
fn a_page_that_arrives_while_somebody_acknowledges_is_known_to_be_sent() {
    in_both(|house| {
        house.post.script("ana", Email, &[Silence]);
        let id = house.trigger("Disk full");
        house.act(id, Command::Acknowledge).unwrap();
        house.release("ana", Email, Delivered);
        assert_eq!(house.told(), ["0:00 ana email page 1"]);
        assert_eq!(house.notifications(id)[0].0.state, "sent");
    });
}

#[test]
fn a_page_acknowledged_between_claim_and_sending_is_not_sent() {
    in_both(|house| {
        let id = house.run(house.engine().act(house.order(house.organization.order("Disk full"))));
        let Ok(domain::incident::Outcome::Created { instance_id, .. }) = id else { panic!("{id:?}") };
        let now = house.engine().now();
        assert_eq!(house.claim_and_die(Email, now.plus_micros(1)), 1);
        // The claim outlives what was done to its row, as a slow node's does: it is due again when its lease is over.
        house.run(house.engine().act(house.request(Some(instance_id), Command::Acknowledge))).unwrap();
        let revive = "update notification set state = 'waiting', next_at = due_at where instance_id = $1";
        house.outside().write(|tx| tx.run(revive, &[instance_id.0.into()])).unwrap();
        house.advance(1);
        assert!(house.told().is_empty());
        let (row, attempts) = &house.notifications(instance_id)[0];
        assert_eq!((row.state.as_str(), attempts.len()), ("dropped", 0));
    });
}

#[test]
fn a_person_without_the_contact_any_more_is_a_failure_that_is_said() {
    in_both(|house| {
        house.post.script("ben", Webhook, &[Temporary]);
        let id = house.trigger("Disk full");
        house.act(id, Command::Escalate).unwrap();
        let ben = serde_json::from_value::<domain::directory::User>(serde_json::json!({ "username": "ben" }));
        house.put(&ben.unwrap());
        house.advance(1);
        assert_eq!(house.told(), ["0:00 ana email page 1", "0:00 ben webhook page 2"]);
        assert_eq!(house.log(id), ["TRIGGER", "ESCALATE", "DISPATCH"]);
    });
}

#[test]
fn a_silent_carrier_does_not_hold_up_others() {
    in_both(|house| {
        house.post.script("ana", Email, &[Silence; 8]);
        for number in 0..8 {
            house.trigger(&format!("Disk {number} full"));
        }
        assert_eq!(house.messages().len(), 8);
        // No time passes: what a silent carrier holds is sent again once its lease is over, and that is another promise.
        let mut order = house.organization.order("Database down");
        (order.service, order.addressed_to.users) = (None, vec!["ben".into(), "ana".into()]);
        house.trigger_order(order);
        assert_eq!(house.told(), ["0:00 ben webhook page 1"]);
        house.release("ana", Email, Delivered);
        assert_eq!(house.told(), ["0:00 ana email page 1"]);
    });
}

#[test]
fn a_carrier_that_breaks_loses_nothing_and_keeps_no_place() {
    in_both(|house| {
        house.post.script("ana", Email, &[checks::Reply::Panic; 10]);
        for number in 0..10 {
            house.trigger(&format!("Disk {number} full"));
        }
        assert_eq!(house.messages().len(), 10);
        house.advance(3);
        let messages = house.messages();
        assert_eq!(messages.len(), 10);
        assert!(messages.iter().all(|sent| sent.message.attempt == 2));
    });
}

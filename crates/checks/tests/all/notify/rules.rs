//! Notification rules as time passes: steps that come due later, and what drops them before.

use checks::{House, Reply, eve, in_both};
use domain::directory::User;
use domain::incident::Command;
use domain::notification::Channel::{self, Email, Push, Sms, Voice};
use domain::{InstanceId, Urgency};
use serde_json::json;

/// The house with eve's telephone and topic verified; her chat is not.
fn with_telephone(body: impl Fn(&mut House)) {
    in_both(|house| {
        for channel in [Sms, Voice, Push] {
            house.verify("eve", channel);
        }
        body(house);
    });
}

fn alarm(house: &House) -> InstanceId {
    house.trigger_order(house.organization.order_on("lines", "Line down"))
}

/// What became of the notifications by this channel: state and fate.
fn fates(house: &House, id: InstanceId, channel: Channel) -> Vec<String> {
    let of_channel = house.notifications(id).into_iter().filter(|(row, _)| row.notification.channel == channel);
    of_channel.map(|(row, _)| format!("{}: {}", row.state, row.fate.unwrap_or_default())).collect()
}

fn eve_with_rules(rules: serde_json::Value) -> User {
    User { notification_rules: serde_json::from_value(rules).unwrap(), ..eve() }
}

const AT_ONCE: [&str; 3] = ["0:00 eve email page 1", "0:00 eve sms page 1", "0:00 eve push page 1"];

#[test]
fn a_person_is_paged_step_by_step_by_the_defaults() {
    with_telephone(|house| {
        let id = alarm(house);
        assert_eq!(house.told(), AT_ONCE);
        house.advance(9);
        assert_eq!(house.told(), ["2:00 eve voice page 1", "7:00 eve voice page 1"]);
        let skipped: Vec<_> =
            house.notifications(id).into_iter().map(|(row, _)| row.notification.content.skipped).collect();
        assert_eq!(skipped, [vec![Channel::Chat], vec![], vec![], vec![], vec![]]);
    });
}

#[test]
fn steps_not_yet_due_are_dropped_when_somebody_acts() {
    for command in [Command::Acknowledge, Command::Resolve, Command::Snooze(60)] {
        with_telephone(|house| {
            let id = alarm(house);
            house.advance(1);
            house.act(id, command.clone()).unwrap();
            let over = if command == Command::Resolve { &["1:00 eve push resolved"][..] } else { &[] };
            assert_eq!(house.told(), [&AT_ONCE, over].concat());
            house.advance(10);
            assert!(house.told().is_empty(), "{command:?}");
            assert_eq!(fates(house, id, Voice), ["dropped: somebody acted"; 2]);
        });
    }
}

#[test]
fn steps_not_yet_due_are_dropped_when_the_next_level_is_asked() {
    with_telephone(|house| {
        house.put(&eve_with_rules(json!([{"urgencies": [4], "steps": [
            {"after_minutes": 0, "channel": "sms"},
            {"after_minutes": 9, "channel": "voice"},
            {"after_minutes": 11, "channel": "voice"},
        ]}])));
        let id = alarm(house);
        house.advance(30);
        let told = house.told();
        let expected =
            ["0:00 eve sms page 1", "9:00 eve voice page 1", "10:00 ben webhook page 2", "20:00 ben webhook page 2"];
        assert_eq!(told[..4], expected);
        assert_eq!(fates(house, id, Voice), ["sent: ", "dropped: the next level was asked"]);
    });
}

#[test]
fn a_step_due_when_the_next_level_is_asked_still_goes_out() {
    with_telephone(|house| {
        house.put(&eve_with_rules(json!([{"urgencies": [4], "steps": [{"after_minutes": 2, "channel": "sms"}]}])));
        house.post.script("eve", Sms, &[checks::Reply::After(120)]);
        let id = alarm(house);
        house.advance(2);
        house.act(id, Command::Escalate).unwrap();
        house.advance(3);
        let told = house.told();
        assert_eq!(told[..2], ["2:00 ben webhook page 2", "2:00 eve sms page 1"]);
        assert!(told[2].ends_with("eve sms page 1"), "{told:?}");
        assert_eq!(fates(house, id, Sms), ["sent: "]);
    });
}

#[test]
fn a_level_asked_again_begins_its_steps_anew() {
    with_telephone(|house| {
        let id = alarm(house);
        house.act(id, Command::Reassign(vec!["eve".to_owned()])).unwrap();
        house.messages();
        house.advance(8);
        // Her own policy waits five minutes: the steps begin again, and the call at seven comes all the same.
        let again = |minutes: u32| [format!("{minutes}:00 eve email page 1"), format!("{minutes}:00 eve sms page 1")];
        let told = house.told();
        assert_eq!(told[0], "2:00 eve voice page 1");
        assert_eq!(told[1..3], again(5));
        assert!(told.contains(&"7:00 eve voice page 1".to_owned()), "{told:?}");
        assert_eq!(fates(house, id, Voice)[2..], ["sent: ", "sent: "], "no further one is queued beside it");
    });
}

#[test]
fn an_urgency_that_rises_pages_by_the_new_rules_and_drops_the_old_steps() {
    with_telephone(|house| {
        let mut order = house.organization.order_on("lines", "Line down");
        order.urgency = Urgency::Medium;
        let id = house.trigger_order(order);
        assert_eq!(house.told(), ["0:00 eve email page 1", "0:00 eve push page 1"]);
        house.advance(1);
        house.act(id, Command::AmendUrgency(Urgency::Critical)).unwrap();
        house.advance(8);
        let expected = [
            "1:00 eve email page 1",
            "1:00 eve sms page 1",
            "1:00 eve push page 1",
            "3:00 eve voice page 1",
            "8:00 eve voice page 1",
        ];
        assert_eq!(house.told(), expected);
        assert_eq!(fates(house, id, Sms), ["dropped: notified again", "sent: "]);
    });
}

#[test]
fn an_urgency_that_falls_does_not_ring_where_the_quieter_one_would_not() {
    with_telephone(|house| {
        let id = alarm(house);
        house.messages();
        house.advance(1);
        house.act(id, Command::AmendUrgency(Urgency::Low)).unwrap();
        house.advance(8);
        assert!(house.told().is_empty());
        assert_eq!(
            fates(house, id, Voice),
            ["dropped: the urgency fell, and nothing asks for this channel any more"; 2]
        );
    });
}

#[test]
fn an_urgency_that_falls_keeps_the_steps_that_the_quieter_one_asks_for_too() {
    with_telephone(|house| {
        house.put(&eve_with_rules(json!([{"urgencies": [4], "steps": [{"after_minutes": 3, "channel": "email"}]}])));
        let id = alarm(house);
        house.act(id, Command::AmendUrgency(Urgency::Low)).unwrap();
        house.advance(3);
        assert_eq!(house.told(), ["3:00 eve email page 1"]);
        assert_eq!(fates(house, id, Email), ["sent: "]);
    });
}

#[test]
fn a_step_is_looked_at_again_at_the_moment_of_sending() {
    with_telephone(|house| {
        let id = alarm(house);
        house.act(id, Command::Acknowledge).unwrap();
        assert_eq!(house.told(), AT_ONCE);
        // As if the row had been claimed before it was called off.
        let revive = "update notification set state = 'waiting', next_at = due_at where channel = 'voice'";
        house.outside().write(|tx| tx.run(revive, &[])).unwrap();
        house.advance(9);
        assert!(house.told().is_empty());
        assert_eq!(fates(house, id, Voice), ["dropped: the incident does not call for it any more"; 2]);
    });
}

#[test]
fn a_step_to_a_number_that_has_changed_since_is_a_failure_that_is_said() {
    with_telephone(|house| {
        let id = alarm(house);
        house.put(&User { voice: Some("+4915199999999".to_owned()), ..eve() });
        house.advance(3);
        assert_eq!(house.told(), AT_ONCE);
        let failed = "failed: the voice contact of user `eve` is another one now, and not verified";
        assert_eq!(fates(house, id, Voice)[0], failed);
        assert_eq!(house.log(id), ["TRIGGER", "DISPATCH"]);
    });
}

#[test]
fn a_step_that_waits_survives_the_death_of_the_process() {
    with_telephone(|house| {
        alarm(house);
        assert_eq!(house.told(), AT_ONCE);
        house.crash();
        house.advance(2);
        assert_eq!(house.told(), ["2:00 eve voice page 1"]);
    });
}

#[test]
fn somebody_added_who_is_being_paged_already_is_paged_anew_and_not_twice() {
    with_telephone(|house| {
        let id = alarm(house);
        house.advance(1);
        house.messages();
        house.act(id, Command::AddResponders(vec!["eve".to_owned()])).unwrap();
        house.advance(2);
        let told = house.told();
        assert_eq!(
            told,
            ["1:00 eve email page 1", "1:00 eve sms page 1", "1:00 eve push page 1", "2:00 eve voice page 1"]
        );
        assert_eq!(fates(house, id, Voice), ["sent: ", "waiting: "], "the calls that were to come are not begun anew");
    });
}

#[test]
fn whoever_was_reached_hears_that_it_is_over_and_whoever_was_not_hears_nothing() {
    in_both(|house| {
        house.post.always("ana", Email, Reply::Temporary);
        let id = house.trigger("Disk full");
        house.advance(5);
        assert!(house.told().contains(&"5:00 ben webhook page 2".to_owned()));
        house.act(id, Command::Resolve).unwrap();
        house.post.always("ana", Email, Reply::Delivered);
        house.advance(60);
        assert_eq!(house.told(), ["5:00 ben webhook resolved"]);
    });
}

#[test]
fn a_later_step_says_the_title_that_its_incident_was_given_since() {
    with_telephone(|house| {
        let id = alarm(house);
        house.messages();
        house.act(id, Command::EditTitle("Line to the bank down".to_owned())).unwrap();
        house.advance(2);
        let said: Vec<String> = house.messages().into_iter().map(|sent| sent.message.subject).collect();
        assert!(matches!(said.as_slice(), [one] if one.ends_with("Line to the bank down")), "{said:?}");
    });
}

//! A destination that keeps failing is left alone for a while, its incidents say so, and another channel is asked
//! (on-call §4).

use super::standings;
use checks::Reply::{Permanent, Temporary};
use checks::{House, eve, in_both};
use domain::incident::{Command, Happening, Order};
use domain::notification::Channel::{self, Email, Push, Sms, Voice};
use domain::{InstanceId, Urgency};

fn for_ana(house: &House, title: &str) -> InstanceId {
    let mut order = Order { service: None, ..house.organization.order(title) };
    order.addressed_to.users = vec!["ana".into()];
    house.trigger_order(order)
}

fn for_eve(house: &House, title: &str) -> InstanceId {
    let mut order = Order { service: None, urgency: Urgency::High, ..house.organization.order(title) };
    order.addressed_to.users = vec!["eve".into()];
    house.trigger_order(order)
}

/// What the incident says of pauses: for whom, by which channel, until which second of it, and what was asked instead.
fn pauses(house: &House, id: InstanceId) -> Vec<(String, Channel, i64, Option<Channel>)> {
    let details = house.details(id);
    let (events, begun) = (details.events, details.incident.created_at.0);
    let pause = |event: &domain::incident::Event| match &event.what {
        Happening::DeliveryPaused { user, channel, until, next, .. } => {
            Some((user.0.clone(), *channel, (until.0 - begun) / 1_000_000, *next))
        }
        _ => None,
    };
    events.iter().filter_map(pause).collect()
}

#[test]
fn a_destination_that_fails_five_times_in_a_row_is_left_alone_and_then_tried_with_one_message() {
    in_both(|house| {
        house.post.script("ana", Email, &[Temporary; 5]);
        let ids: Vec<_> = (0..5).map(|number| for_ana(house, &format!("Disk {number}"))).collect();
        assert_eq!(house.messages().len(), 5);
        let late = for_ana(house, "Late");
        assert!(house.told().is_empty(), "nothing is sent in a pause");
        assert_eq!(standings(house, late), ["paused"]);
        let waiting = &house.notifications(late)[0].0;
        assert_eq!(waiting.fate.as_deref(), Some("the destination keeps failing and is left alone: 451 not now"));
        assert_eq!(waiting.attempts, 0, "what was not sent is no attempt");
        assert_eq!(pauses(house, late), [("ana".to_owned(), Email, 30, None)]);
        house.advance_micros(29_999_999);
        assert!(house.told().is_empty());
        house.advance_micros(1);
        let messages = house.messages();
        assert_eq!(messages.len(), 6, "once one message was taken, the others follow at once");
        assert!(ids.iter().chain([&late]).all(|id| standings(house, *id) == ["sent"]));
        assert!(ids.iter().all(|id| pauses(house, *id).len() == 1), "each says it once");
    });
}

#[test]
fn what_one_node_finds_out_about_a_destination_all_nodes_know_and_after_a_crash_too() {
    in_both(|house| {
        house.post.script("ana", Email, &[Temporary; 5]);
        for number in 0..5 {
            for_ana(house, &format!("Disk {number}"));
        }
        assert_eq!(house.messages().len(), 5);
        house.crash();
        let late = for_ana(house, "Late");
        assert!(house.told().is_empty(), "the node that comes after it sends nothing in a pause");
        assert_eq!(standings(house, late), ["paused"]);
        house.advance(1);
        assert_eq!(house.messages().len(), 6, "and then finds out with one message, after which all go");
        house.post.script("ana", Email, &[Temporary; 4]);
        house.advance(2);
        for number in 0..4 {
            for_ana(house, &format!("Net {number}"));
        }
        assert_eq!(house.messages().len(), 4);
        house.crash();
        for_ana(house, "One more");
        assert_eq!(house.messages().len(), 1, "four failures are no pause");
    });
}

#[test]
fn only_one_message_finds_out_and_the_next_pause_is_longer() {
    in_both(|house| {
        house.post.script("ana", Email, &[Temporary; 7]);
        let ids: Vec<_> = (0..6).map(|number| for_ana(house, &format!("Disk {number}"))).collect();
        assert_eq!(house.messages().len(), 5);
        house.advance_micros(30_000_000);
        assert_eq!(house.messages().len(), 1, "one message");
        house.advance_micros(59_999_999);
        assert_eq!(pauses(house, ids[0]), [("ana".to_owned(), Email, 30, None), ("ana".to_owned(), Email, 90, None)]);
        assert_eq!(
            pauses(house, ids[5]),
            [("ana".to_owned(), Email, 30, None)],
            "what was not tried again says it once"
        );
        assert!(house.told().is_empty());
        house.advance_micros(1);
        assert_eq!(house.messages().len(), 1);
        house.advance_micros(120_000_000);
        assert_eq!(house.messages().len(), 6);
        assert_eq!(pauses(house, ids[0]).len(), 3);
    });
}

#[test]
fn a_new_address_is_tried_at_once_though_the_old_one_is_left_alone() {
    in_both(|house| {
        let mut eve = eve();
        house.put(&eve);
        house.post.script("eve", Email, &[Temporary; 5]);
        let ids: Vec<_> = (0..5).map(|number| for_eve(house, &format!("Disk {number}"))).collect();
        house.messages();
        let held = for_eve(house, "Held");
        assert!(house.told().is_empty(), "nothing is sent in a pause");
        eve.email = Some("eve@elsewhere.example".to_owned());
        house.put(&eve);
        for_eve(house, "New");
        assert_eq!(house.told(), ["0:00 eve email page 1"]);
        house.advance_micros(30_000_000);
        house.messages();
        assert!(
            ids.iter().chain([&held]).all(|id| standings(house, *id) == ["sent"]),
            "and the rest when the pause is over"
        );
    });
}

#[test]
fn four_failures_or_a_refusal_for_good_between_are_no_reason_to_leave_a_destination_alone() {
    in_both(|house| {
        house.post.script("ana", Email, &[Temporary, Temporary, Temporary, Temporary, Permanent, Temporary]);
        let ids: Vec<_> = (0..7).map(|number| for_ana(house, &format!("Disk {number}"))).collect();
        assert_eq!(house.messages().len(), 7);
        house.advance(1);
        house.messages();
        assert!(ids.iter().all(|id| pauses(house, *id).is_empty()));
    });
}

#[test]
fn a_pause_of_one_destination_holds_up_no_other() {
    in_both(|house| {
        house.post.script("ana", Email, &[Temporary; 5]);
        let ids: Vec<_> = (0..5).map(|number| for_ana(house, &format!("Disk {number}"))).collect();
        house.messages();
        let mut order = Order { service: None, ..house.organization.order("Shop down") };
        order.addressed_to.users = vec!["ana".into(), "ben".into(), "cho".into()];
        ids.into_iter().for_each(|id| drop(house.act(id, Command::Acknowledge).unwrap()));
        house.trigger_order(order);
        assert_eq!(house.told(), ["0:00 ben webhook page 1", "0:00 cho email page 1", "0:00 cho webhook page 1"]);
        house.advance(1);
        house.messages();
    });
}

#[test]
fn while_a_destination_is_left_alone_the_persons_next_channel_is_asked_at_once() {
    in_both(|house| {
        house.put(&eve());
        [Sms, Voice].into_iter().for_each(|channel| house.verify("eve", channel));
        house.post.script("eve", Sms, &[Temporary; 5]);
        let ids: Vec<_> = (0..5).map(|number| for_eve(house, &format!("Disk {number}"))).collect();
        house.advance_micros(4_000_000);
        let messages = house.messages();
        let calls = messages.iter().filter(|sent| sent.channel == Voice);
        assert_eq!(calls.count(), 5, "two minutes early, as soon as each would have been texted again");
        assert_eq!(pauses(house, ids[4]), [("eve".to_owned(), Sms, 30, Some(Voice))]);
        let id = for_eve(house, "Shop down");
        assert_eq!(house.told(), ["0:04 eve email page 1", "0:04 eve voice page 1"]);
        house.act(id, Command::Acknowledge).unwrap();
        ids.iter().for_each(|id| drop(house.act(*id, Command::Acknowledge).unwrap()));
        house.advance(9);
        assert!(house.told().is_empty(), "what waited for the end of the pause was called off");
    });
}

#[test]
fn a_permanent_failure_asks_the_next_channel_at_once() {
    in_both(|house| {
        house.put(&eve());
        [Sms, Voice, Push].into_iter().for_each(|channel| house.verify("eve", channel));
        house.post.script("eve", Sms, &[Permanent]);
        let id = for_eve(house, "Disk full");
        let at_once = ["0:00 eve email page 1", "0:00 eve sms page 1", "0:00 eve voice page 1", "0:00 eve push page 1"];
        assert_eq!(house.told(), at_once);
        let failed = Happening::DeliveryFailed {
            user: "eve".into(),
            channel: Sms,
            answer: "550 no such person".to_owned(),
            next: Some(Voice),
        };
        assert_eq!(house.details(id).events[1].what, failed);
        house.advance(4);
        assert!(house.told().is_empty(), "the call that was due after two minutes was this one");
        house.act(id, Command::Acknowledge).unwrap();
    });
}

#[test]
fn a_permanent_failure_with_nothing_else_to_come_asks_a_channel_that_was_not_tried() {
    in_both(|house| {
        house.put(&eve());
        house.verify("eve", Push);
        house.post.script("eve", Email, &[Permanent; 2]);
        let mut order = Order { service: None, urgency: Urgency::Low, ..house.organization.order("Disk fills") };
        order.addressed_to.users = vec!["eve".into()];
        let id = house.trigger_order(order);
        assert_eq!(house.told(), ["0:00 eve email page 1", "0:00 eve push page 1"]);
        house.post.script("eve", Push, &[Permanent]);
        house.advance(5);
        let told = house.told();
        assert_eq!(
            told,
            ["5:00 eve email page 1", "5:00 eve push page 1"],
            "and both are tried when it is asked again"
        );
        let failures = house.log(id).iter().filter(|kind| **kind == "DISPATCH").count();
        assert_eq!(failures, 4, "three failures and the level asked again; nobody is asked in circles");
    });
}

#[test]
fn a_failure_after_somebody_acted_asks_nobody() {
    in_both(|house| {
        house.put(&eve());
        house.verify("eve", Voice);
        house.post.script("eve", Email, &[checks::Reply::Silence]);
        let id = for_eve(house, "Disk full");
        house.act(id, Command::Acknowledge).unwrap();
        house.release("eve", Email, Permanent);
        house.advance(9);
        assert_eq!(house.told(), ["0:00 eve email page 1"]);
        assert_eq!(house.log(id), ["TRIGGER", "ACKNOWLEDGE"]);
    });
}

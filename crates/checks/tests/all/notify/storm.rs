//! A storm: many incidents at once are few messages, and no incident is left out (on-call §3, field.md).

use std::collections::{BTreeMap, BTreeSet};

use checks::Reply::{Delivered, Silence, Temporary};
use checks::{Fittings, House, Sent, eve, in_both_with};
use domain::incident::{Command, Method, Order, Outcome, Status};
use domain::notification::Channel::{self, Chat, Email, Push, Sms, Voice};
use domain::{InstanceId, Urgency};
use notify::{Answered, Reply};
use store::{NotificationRow, PACED};

const NUMBER: &str = "+4915112345678";

/// Runs a test in a house where messages keep a distance and Eve has a contact for every channel but a webhook.
fn in_a_storm(body: impl Fn(&mut House)) {
    in_both_with(&Fittings::paced(), |house| {
        house.put(&eve());
        [Sms, Voice, Chat, Push].into_iter().for_each(|channel| house.verify("eve", channel));
        body(house);
    });
}

/// An incident that is Eve's and is told by e-mail and chat only.
fn low(house: &House, title: &str) -> Order {
    let mut order = Order { service: None, urgency: Urgency::Low, ..house.organization.order(title) };
    order.addressed_to.users = vec!["eve".into()];
    order
}

fn high(house: &House, title: &str) -> Order {
    Order { urgency: Urgency::High, ..low(house, title) }
}

/// An incident for each order, all at the same time, before anything is sent.
fn at_once(house: &House, orders: Vec<Order>) -> Vec<InstanceId> {
    let requests: Vec<_> = orders.into_iter().map(|order| house.order(order)).collect();
    let outcomes = house.run(async {
        let mut under_way = tokio::task::JoinSet::new();
        for request in requests {
            let engine = house.engine().clone();
            under_way.spawn(async move { engine.act(request).await });
        }
        under_way.join_all().await
    });
    let created = |outcome| match outcome {
        Ok(Outcome::Created { instance_id, .. }) => instance_id,
        other => panic!("no new incident: {other:?}"),
    };
    outcomes.into_iter().map(created).collect()
}

/// Incidents named by a message: those of a bundle, or its own.
fn incidents(sent: &Sent) -> Vec<i64> {
    let data = &sent.message.payload["data"];
    match data["instance_ids"].as_array() {
        Some(ids) => ids.iter().map(|id| id.as_i64().unwrap()).collect(),
        None => vec![data["instance_id"].as_i64().unwrap()],
    }
}

fn by(messages: &[Sent], channel: Channel) -> Vec<&Sent> {
    messages.iter().filter(|sent| sent.channel == channel).collect()
}

#[test]
fn the_first_message_goes_at_once_and_what_comes_within_the_gap_goes_as_one() {
    in_a_storm(|house| {
        for title in ["Disk full", "Database down", "Shop down"] {
            house.trigger_order(low(house, title));
        }
        assert_eq!(house.told(), ["0:00 eve email page 1", "0:00 eve chat page 1"]);
        house.advance_micros(9_999_999);
        assert!(house.told().is_empty());
        house.advance_micros(1);
        let messages = house.messages();
        assert_eq!(messages.len(), 2);
        let mail = &by(&messages, Email)[0].message;
        assert_eq!(mail.subject, "2 incidents: #2 Low: Database down, and 1 more");
        for words in ["2 incidents came within a short time:\n#2–#3\n", "#2 Low: Database down\n#3 Low: Shop down"] {
            assert!(mail.text.contains(words), "{}", mail.text);
        }
        let labels: Vec<_> = mail.actions.iter().map(|link| link.label.as_str()).collect();
        assert_eq!(labels, ["Acknowledge all", "Resolve all", "Escalate all"]);
        house.trigger_order(low(house, "Late"));
        assert!(house.told().is_empty());
        house.advance_micros(10_000_000);
        assert_eq!(house.told(), ["0:20 eve email page 1", "0:20 eve chat page 1"]);
    });
}

#[test]
fn a_webhook_is_never_held_back() {
    in_a_storm(|house| {
        for title in ["Disk full", "Database down"] {
            let mut order = low(house, title);
            order.addressed_to.users = vec!["ben".into()];
            house.trigger_order(order);
        }
        assert_eq!(house.told(), ["0:00 ben webhook page 1"; 2]);
    });
}

#[test]
fn what_waits_is_in_the_ledger_with_the_reason() {
    in_a_storm(|house| {
        let ids = ["Disk full", "Database down"].map(|title| house.trigger_order(low(house, title)));
        house.messages();
        let waiting = house.notifications(ids[1]);
        let is_bundled = |row: &NotificationRow| row.state == "waiting" && row.fate.as_deref() == Some(PACED);
        assert!(waiting.iter().all(|(row, attempts)| is_bundled(row) && attempts.is_empty()));
        house.advance_micros(10_000_000);
        house.messages();
        let sent = house.notifications(ids[1]);
        assert!(sent.iter().all(|(row, attempts)| row.state == "sent" && attempts.len() == 1));
    });
}

#[test]
fn a_message_lists_only_what_is_still_called_for() {
    in_a_storm(|house| {
        let ids: Vec<_> = (0..5).map(|number| house.trigger_order(low(house, &format!("Disk {number}")))).collect();
        house.messages();
        house.act(ids[2], Command::Acknowledge).unwrap();
        house.act(ids[3], Command::Resolve).unwrap();
        house.advance_micros(10_000_000);
        let messages = house.messages();
        assert_eq!(messages.len(), 2);
        assert!(messages.iter().all(|sent| incidents(sent) == [ids[1].0, ids[4].0]));
        let states = |id| house.notifications(id).into_iter().map(|(row, _)| row.state).collect::<Vec<_>>();
        assert_eq!((states(ids[1]), states(ids[2])), (vec!["sent".to_owned(); 2], vec!["dropped".to_owned(); 2]));
        for id in [ids[0], ids[1], ids[4]] {
            house.act(id, Command::Acknowledge).unwrap();
        }
        house.advance(14);
        assert!(house.told().is_empty());
    });
}

#[test]
fn a_mailbox_that_cannot_be_opened_is_looked_at_again_a_second_later_and_keeps_the_server_free_meanwhile() {
    in_a_storm(|house| {
        for title in ["Disk full", "Database down"] {
            house.trigger_order(low(house, title));
        }
        house.messages();
        let pace = |count: i64| {
            let sql = "update pace set hour_count = $1 where channel = 'email'";
            house.outside().write(|tx| tx.run(sql, &[count.into()])).unwrap();
        };
        pace(-1);
        house.advance_micros(10_000_000);
        assert_eq!(house.told(), ["0:10 eve chat page 1"], "what is broken keeps no other channel waiting");
        pace(1);
        house.advance_micros(1_000_000);
        assert_eq!(house.told(), ["0:11 eve email page 1"]);
    });
}

#[test]
fn a_message_of_which_nothing_is_left_is_not_sent() {
    in_a_storm(|house| {
        let ids: Vec<_> = (0..3).map(|number| house.trigger_order(low(house, &format!("Disk {number}")))).collect();
        house.messages();
        ids.into_iter().for_each(|id| drop(house.act(id, Command::Acknowledge).unwrap()));
        house.advance(1);
        assert!(house.told().is_empty());
    });
}

#[test]
fn a_message_that_is_tried_again_is_the_same_without_what_was_acknowledged() {
    in_a_storm(|house| {
        house.post.script("eve", Email, &[Delivered, Temporary, Temporary]);
        let ids: Vec<_> = (0..4).map(|number| house.trigger_order(low(house, &format!("Disk {number}")))).collect();
        house.advance_micros(10_000_000);
        let first = by(&house.messages(), Email)[1].clone();
        assert_eq!((first.message.attempt, incidents(&first)), (1, vec![ids[1].0, ids[2].0, ids[3].0]));
        house.act(ids[1], Command::Acknowledge).unwrap();
        house.trigger_order(low(house, "Meanwhile"));
        house.advance_micros(3_000_000);
        let second = by(&house.messages(), Email)[0].clone();
        assert_eq!((second.message.attempt, incidents(&second)), (2, vec![ids[2].0, ids[3].0]));
        assert_eq!(first.message.delivery_id, second.message.delivery_id);
        assert_eq!(first.message.actions, second.message.actions);
        house.act(ids[2], Command::Acknowledge).unwrap();
        house.act(ids[3], Command::Acknowledge).unwrap();
        house.advance(1);
        let messages = house.messages();
        assert!(by(&messages, Email).iter().all(|sent| sent.message.attempt == 1), "nothing is left of the first");
        assert_eq!(by(&messages, Email).len(), 1, "and what came meanwhile goes out by itself");
    });
}

#[test]
fn a_crash_between_the_claim_and_the_sending_of_a_message_loses_nothing_of_it() {
    in_a_storm(|house| {
        house.post.script("eve", Email, &[Delivered, Silence]);
        let ids: Vec<_> = (0..4).map(|number| house.trigger_order(low(house, &format!("Disk {number}")))).collect();
        house.advance_micros(10_000_000);
        let first = by(&house.messages(), Email)[1].clone();
        house.crash();
        house.advance_micros(59_000_000);
        assert!(house.told().is_empty());
        house.advance_micros(2_000_000);
        let second = by(&house.messages(), Email)[0].clone();
        assert_eq!((first.message.attempt, second.message.attempt), (1, 2));
        assert_eq!(
            (&first.message.delivery_id, &first.message.text),
            (&second.message.delivery_id, &second.message.text)
        );
        assert_eq!(incidents(&second), [ids[1].0, ids[2].0, ids[3].0]);
        assert!(house.notifications(ids[3]).iter().all(|(row, _)| row.state == "sent"));
    });
}

#[test]
fn the_message_that_ends_a_pause_tells_of_all_that_it_is_recorded_for() {
    in_a_storm(|house| {
        house.post.script("eve", Chat, &[Temporary; 5]);
        let first = house.trigger_order(low(house, "First"));
        while !house.log(first).contains(&"DISPATCH") {
            house.advance_micros(1_000_000);
        }
        house.act(first, Command::Acknowledge).unwrap();
        let ids: Vec<_> = (0..3).map(|number| house.trigger_order(low(house, &format!("Disk {number}")))).collect();
        house.messages();
        house.advance(1);
        let messages = house.messages();
        let told: Vec<_> = by(&messages, Chat).into_iter().map(incidents).collect();
        assert_eq!(told, [ids.iter().map(|id| id.0).collect::<Vec<_>>()]);
        assert!(ids.iter().all(|id| house.notifications(*id).iter().all(|(row, _)| row.state == "sent")));
    });
}

#[test]
fn two_nodes_send_what_waits_once() {
    in_a_storm(|house| {
        let nodes = [house.another_node(), house.another_node()];
        let (mut all, mut told) = (BTreeSet::new(), Vec::new());
        for round in 0..3 {
            let orders = (0..30).map(|number| low(house, &format!("Disk {round}/{number}"))).collect();
            all.extend(at_once(house, orders).into_iter().map(|id| id.0));
            house.run(async {
                let beats = tokio::join!(nodes[0].notifier().beat(), nodes[1].notifier().beat());
                beats.0.unwrap();
                beats.1.unwrap();
                nodes[0].notifier().all_sent().await;
                nodes[1].notifier().all_sent().await;
            });
            let messages = house.messages();
            assert_eq!(by(&messages, Email).len(), 1, "one message in each gap, whichever node sends it");
            told.extend(by(&messages, Email).into_iter().flat_map(incidents));
            house.clock.advance(10_000_000);
        }
        house.advance(0);
        assert!(house.told().is_empty());
        assert_eq!(told.len(), all.len(), "no incident is told twice");
        assert_eq!(told.into_iter().collect::<BTreeSet<i64>>(), all);
    });
}

#[test]
fn one_reply_acts_on_all_that_a_text_message_lists() {
    in_a_storm(|house| {
        let ids: Vec<_> = (0..5).map(|number| house.trigger_order(high(house, &format!("Disk {number}")))).collect();
        house.advance(1);
        let messages = house.messages();
        let texts = by(&messages, Sms);
        assert_eq!(texts.iter().map(|sent| incidents(sent).len()).collect::<Vec<_>>(), [1, 4]);
        let brief = &texts[1].message.brief;
        assert!(
            brief.starts_with("4 incidents: #2 High: Disk 1; #3 High: Disk 2; #4 High: Disk 3, and 1 more. Reply A")
        );
        assert!(brief.ends_with(" to escalate all.") && brief.chars().count() <= 300, "{brief}");
        let (_, offer) = brief.split_once("Reply A").unwrap();
        let code: String = offer.chars().take_while(char::is_ascii_digit).collect();
        house.act(ids[1], Command::Resolve).unwrap();
        house.act(ids[2], Command::Acknowledge).unwrap();
        let reply = house.run(house.notifier().take_reply(NUMBER, &format!("A{code}"), Some("SM1"))).unwrap();
        let Reply::Answered(Answered::Done { count: 2, untouched: 2, .. }) = reply else { panic!("{reply:?}") };
        let acknowledged = |id: &InstanceId| {
            let details = house.details(*id);
            let last = details.events.last().unwrap();
            let by = last.by.as_ref().and_then(|by| by.shown(&details.snapshot.directory));
            last.method == Method::Sms && by == Some("eve")
        };
        assert_eq!(ids.iter().map(acknowledged).collect::<Vec<_>>(), [false, false, false, true, true]);
        let again = house.run(house.notifier().take_reply(NUMBER, &format!("A{code}"), Some("SM1"))).unwrap();
        assert!(matches!(again, Reply::Answered(Answered::Already(_))), "{again:?}");
        let confirmed = house.notifications(ids[3]).into_iter().filter(|(row, _)| row.confirmed_at.is_some());
        assert_eq!(confirmed.map(|(row, _)| row.notification.channel).collect::<Vec<_>>(), [Sms]);
        house.act(ids[0], Command::Acknowledge).unwrap();
        house.advance(10);
        assert_eq!(house.told(), ["1:00 eve push resolved"], "the calls were called off");
    });
}

#[test]
fn a_storm_of_a_thousand_stays_within_the_limits_and_ends_with_the_acknowledgement() {
    in_a_storm(|house| {
        let mut all: BTreeSet<i64> = BTreeSet::new();
        let mut messages = Vec::new();
        for second in 0..20 {
            let orders = (0..50).map(|number| high(house, &format!("Disk {second}/{number}"))).collect();
            all.extend(at_once(house, orders).into_iter().map(|id| id.0));
            house.advance_micros(1_000_000);
            messages.extend(house.messages());
        }
        house.advance(4);
        messages.extend(house.messages());
        let told = |channel| by(&messages, channel).into_iter().flat_map(incidents).collect::<BTreeSet<_>>();
        for (channel, most, gap) in [(Email, 4, 10), (Push, 4, 10), (Sms, 2, 60), (Voice, 2, 120)] {
            let sent = by(&messages, channel);
            assert!(sent.len() <= most, "{channel:?}: {}", sent.len());
            let kept = |pair: &[&Sent]| pair[1].at.0 - pair[0].at.0 >= gap * 1_000_000;
            assert!(sent.windows(2).all(kept), "{channel:?}");
        }
        for channel in [Email, Push, Sms] {
            assert_eq!(told(channel), all, "{channel:?}");
        }
        let newest = by(&messages, Sms).last().map(|sent| sent.message.brief.clone()).unwrap();
        let (_, offer) = newest.split_once("Reply A").unwrap();
        let code: String = offer.chars().take_while(char::is_ascii_digit).collect();
        house.run(house.notifier().take_reply(NUMBER, &format!("A{code}"), Some("SM1"))).unwrap();
        let open = |id: &&i64| house.details(InstanceId(**id)).incident.status == Status::Open;
        let left: Vec<i64> = all.iter().filter(open).copied().collect();
        assert_eq!(left, incidents(by(&messages, Sms)[0]), "all but those that the first message told of");
        left.into_iter().for_each(|id| drop(house.act(InstanceId(id), Command::Acknowledge).unwrap()));
        house.advance(14);
        assert!(house.told().is_empty(), "silence");
    });
}

#[test]
fn wrong_codes_are_counted_for_a_number_on_all_nodes() {
    in_both_with(&Fittings::reachable(), |house| {
        house.verify("eve", Sms);
        let nodes = [house.another_node(), house.another_node()];
        let wrong = |node: usize| house.run(nodes[node].notifier().take_reply(NUMBER, "A00000", None)).unwrap();
        for number in 0..5 {
            assert_eq!(wrong(number % 2), Reply::WrongCode, "{number}");
        }
        assert_eq!([wrong(0), wrong(1)], [Reply::TooManyWrongCodes, Reply::TooManyWrongCodes]);
        house.advance(60);
        house.run(house.engine().tidy_up(90)).unwrap();
        let rows = |tx: &mut dyn store::Tx| tx.one("select count(*) from hourly_count", &[]);
        assert_eq!(house.outside().read(rows).unwrap().unwrap().integer(0).unwrap(), 0, "and forgotten after an hour");
        assert_eq!(wrong(0), Reply::WrongCode);
    });
}

#[test]
fn text_messages_and_calls_to_one_person_are_counted_by_the_hour() {
    in_a_storm(|house| {
        let mut times: BTreeMap<Channel, Vec<i64>> = BTreeMap::new();
        for minute in 0..65_i64 {
            let id = house.trigger_order(high(house, &format!("Disk {minute}")));
            house.advance(1);
            for sent in house.messages() {
                times.entry(sent.channel).or_default().push(sent.at.0);
            }
            house.act(id, Command::Resolve).unwrap();
        }
        let first = times[&Sms][0];
        let in_hour = |channel| {
            times.get(&channel).map_or(0, |at: &Vec<i64>| at.iter().filter(|at| **at < first + 3_600_000_000).count())
        };
        assert_eq!(in_hour(Sms), 20);
        assert_eq!(in_hour(Email), 60, "what wakes nobody is not counted");
        assert!(times[&Sms].len() > 20, "and the next hour begins anew");
        assert_eq!(house.told(), ["65:00 eve push resolved"]);
    });
}

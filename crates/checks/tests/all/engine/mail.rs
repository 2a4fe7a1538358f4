//! Mails: what one is about that does not say it, that one comes again, and that one sender sends too many.

use checks::{House, in_both};
use domain::directory::Integration;
use domain::incident::{Command, Status};
use domain::intake::{Fate, MailOrigin, Received, State};
use domain::{InstanceId, RefId, limits};
use engine::{Incoming, Intake, Taken};

/// A house with an integration for Ana that takes mail; the integration's id.
fn open(house: &mut House) -> RefId {
    let written = serde_json::json!({"name": "mail", "kind": "email", "users": ["ana"]});
    let integration: Integration = serde_json::from_value(written).unwrap();
    house.put(&integration);
    house.organization.ref_id("mail")
}

/// A mail with this id of this sender, which answers these.
fn mail(
    house: &House,
    integration: &RefId,
    (id, from): (&str, &str),
    thread: &[&str],
    said: (Option<&str>, State),
) -> Taken {
    let (identity, state) = said;
    let received = Received { identity: identity.map(str::to_owned), title: id.to_owned(), ..Received::of(state) };
    let intake = Intake {
        origin: Some(MailOrigin {
            sender: from.to_owned(),
            thread: thread.iter().map(|id| (*id).to_owned()).collect(),
        }),
        organization: house.organization.id,
        integration: integration.clone(),
        alerts: vec![Incoming { id: RefId(house.engine().ids().ref_id()), problem: None, received }],
        event_id: Some(id.to_owned()),
        body_digest: id.to_owned(),
        body: String::new(),
    };
    house.run(house.engine().take_in(intake)).unwrap().unwrap().remove(0)
}

fn rows(house: &House, table: &str) -> i64 {
    let count = |tx: &mut dyn store::Tx| tx.one(&format!("select count(*) from {table}"), &[])?.unwrap().integer(0);
    house.outside().read(count).unwrap()
}

fn fate(taken: &Taken) -> (Fate, Option<i64>) {
    (taken.judged.fate, taken.judged.instance_id.map(|id| id.0))
}

#[test]
fn an_answer_is_about_what_it_answers_as_long_as_that_is_open() {
    in_both(|house| {
        let integration = open(house);
        let say = |house: &House, id: &str, thread: &[&str], said| {
            let taken = mail(house, &integration, (id, "a@b"), thread, said);
            house.advance(1);
            fate(&taken)
        };
        let firing = || (None, State::Firing);
        assert_eq!(say(house, "1", &[], (Some("disk"), State::Firing)), (Fate::Opened, Some(1)));
        assert_eq!(say(house, "2", &["unknown", "1"], firing()), (Fate::Joined, Some(1)), "what a rule named, too");
        assert_eq!(say(house, "3", &["2"], firing()), (Fate::Joined, Some(1)), "an answer to an answer");
        assert_eq!(say(house, "4", &["unknown"], firing()), (Fate::Opened, Some(2)), "what is known of nothing is new");
        assert_eq!(
            say(house, "5", &["4"], (Some("disk"), State::Firing)),
            (Fate::Joined, Some(1)),
            "its own word counts"
        );
        assert_eq!(say(house, "6", &["3"], (None, State::Resolved)), (Fate::Resolved, Some(1)));
        assert_eq!(say(house, "7", &["6", "3"], firing()), (Fate::Opened, Some(3)), "that is over, so it is new");
        house.act(InstanceId(2), Command::Resolve).unwrap();
        assert_eq!(say(house, "8", &["4"], firing()), (Fate::Opened, Some(4)), "a person resolved it");
        assert_eq!(say(house, "9", &["4"], (None, State::Resolved)), (Fate::Ignored, None));
        house.settle();
        house.messages();
    });
}

#[test]
fn a_mail_that_comes_again_within_a_day_is_known_whatever_was_said_since() {
    in_both(|house| {
        let integration = open(house);
        let say = |house: &House, id: &str, identity: Option<&str>, state| {
            mail(house, &integration, (id, "a@b"), &[], (identity, state))
        };
        let first = say(house, "1", Some("disk"), State::Firing);
        assert_eq!(fate(&say(house, "2", Some("disk"), State::Resolved)), (Fate::Resolved, Some(1)));
        house.advance(60 * 24 - 1);
        let again = say(house, "1", Some("disk"), State::Firing);
        assert_eq!((fate(&again), &again.alert_id), ((Fate::Repeated, Some(1)), &first.alert_id));
        let to_another = say(house, "1", Some("cpu"), State::Firing);
        assert_eq!(fate(&to_another), (Fate::Opened, Some(2)), "the same mail to another address of the integration");
        house.advance(2);
        assert_eq!(fate(&say(house, "2", Some("disk"), State::Firing)), (Fate::Opened, Some(3)), "a day is over");
        house.settle();
        house.messages();
    });
}

#[test]
fn a_mail_that_is_not_listened_to_does_not_make_a_copy_that_is_a_repetition() {
    in_both(|house| {
        let integration = open(house);
        let say = |house: &House, state| fate(&mail(house, &integration, ("1", "a@b"), &[], (None, state)));
        assert_eq!(say(house, State::Ignored("sender_not_allowed")), (Fate::Ignored, None));
        assert_eq!(say(house, State::Firing), (Fate::Opened, Some(1)));
        assert_eq!(say(house, State::Ignored("sender_not_allowed")), (Fate::Repeated, Some(1)));
        assert_eq!(say(house, State::Firing), (Fate::Repeated, Some(1)), "the one that was listened to is known");
        house.settle();
        house.messages();
    });
}

#[test]
fn mails_are_forgotten_once_what_they_are_about_is_over() {
    in_both(|house| {
        let integration = open(house);
        let say = |house: &House, id: &str, thread: &[&str], state| {
            fate(&mail(house, &integration, (id, "a@b"), thread, (None, state)))
        };
        assert_eq!(say(house, "1", &[], State::Firing), (Fate::Opened, Some(1)));
        assert_eq!(say(house, "2", &[], State::Firing), (Fate::Opened, Some(2)));
        house.act(InstanceId(2), Command::Resolve).unwrap();
        house.advance(1);
        house.run(house.engine().tidy_up(0)).unwrap();
        assert_eq!(rows(house, "delivery"), 1, "that of what a person resolved is forgotten");
        assert_eq!(
            say(house, "3", &["1"], State::Resolved),
            (Fate::Resolved, Some(1)),
            "the answer finds its incident"
        );
        house.advance(1);
        house.run(house.engine().tidy_up(0)).unwrap();
        assert_eq!(rows(house, "delivery"), 0);
        house.settle();
        house.messages();
    });
}

#[test]
fn senders_of_whom_nothing_comes_any_more_are_not_counted_for_ever() {
    in_both(|house| {
        let integration = open(house);
        for number in 0..5 {
            mail(house, &integration, (&number.to_string(), &format!("{number}@b")), &[], (None, State::Firing));
        }
        assert_eq!(rows(house, "storm"), 6, "one for each sender, and one for the integration");
        house.advance(119);
        mail(house, &integration, ("again", "0@b"), &[], (None, State::Firing));
        house.advance(2);
        house.run(house.engine().tidy_up(90)).unwrap();
        assert_eq!(rows(house, "storm"), 2, "those of whom something came within two hours");
        house.settle();
        house.messages();
    });
}

#[test]
fn more_mail_of_one_sender_than_one_can_read_is_one_storm() {
    in_both(|house| {
        let integration = open(house);
        let most = i64::from(limits::MAIL_SENDER_HOURLY);
        let say = |house: &House, number: i64, from: &str| {
            let taken = mail(house, &integration, (&number.to_string(), from), &[], (None, State::Firing));
            // Slow enough for the storm of a service not to begin.
            house.advance_micros(40_000_000);
            fate(&taken)
        };
        for number in 1..=most + 1 {
            assert_eq!(say(house, number, "noisy@b"), (Fate::Opened, Some(number)));
        }
        for number in most + 2..most + 10 {
            assert_eq!(say(house, number, "noisy@b"), (Fate::Grouped, Some(most + 1)), "{number}");
        }
        assert_eq!(say(house, most + 10, "quiet@b").0, Fate::Opened, "another sender is heard");
        let storm = house.details(InstanceId(most + 1)).incident;
        assert!(storm.title.starts_with("Storm of ") && storm.title.contains("mail from noisy@b"), "{}", storm.title);
        assert_eq!(storm.status, Status::Open);
        house.settle();
        house.messages();
    });
}

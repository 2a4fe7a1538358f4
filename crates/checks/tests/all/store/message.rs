//! A message that lists several notifications is claimed, tried and settled as one, and each notification shows what became of it.

use super::notification::{ID, append, attempt, list, state, states};
use super::sample::{incident, page};
use super::{organization, read, write};
use checks::{TestStore, on_both};
use domain::incident::Pending;
use domain::notification::Channel;
use domain::{Instant, OrganizationId};
use store::{Due, MessageEnd, NotificationId, Try};

const MAIL: Channel = Channel::Email;

/// An organization with an incident of which Ana has `count` pages in one message, claimed at 10 until 99; the message's name.
fn claimed(test: &TestStore, count: u32) -> (OrganizationId, String) {
    let one = organization(test, "one");
    let id = write(test, |tx| {
        let mut incident = incident(1);
        store::incident_insert(tx, one, &mut incident)?;
        Ok(incident.instance_id)
    });
    assert_eq!(id, ID);
    append(test, one, 1, &(0..count).map(|_| page("ana", 5)).collect::<Vec<_>>());
    let first = write(test, |tx| store::notification_due(tx, one, MAIL, Instant(10), 1)).remove(0);
    let claimed = write(test, |tx| store::notification_claim_new(tx, &first, Instant(10), Instant(99), 1000));
    assert_eq!(claimed, u64::from(count));
    (one, first.id.delivery_id())
}

fn due(test: &TestStore, one: OrganizationId, now: i64) -> Vec<Due> {
    write(test, |tx| store::message_due(tx, one, MAIL, Instant(now), 9))
}

fn ids(test: &TestStore, this: &Try) -> Vec<i64> {
    let contents = read(test, |tx| store::message_contents(tx, this, None, 99));
    contents.bundled.iter().map(|bundled| bundled.id.sequence & 0xf_ffff).collect()
}

fn attempts(test: &TestStore, id: &NotificationId) -> usize {
    let (first, last) = (id.sequence, id.sequence);
    read(test, |tx| store::attempt_list(tx, id.organization, id.instance_id, first, last)).len()
}

#[test]
fn a_message_is_tried_and_sent_as_one_and_each_notification_shows_it() {
    on_both(|test| {
        let (one, name) = claimed(test, 3);
        let this = |attempt| Try { delivery_id: name.clone(), attempt };
        assert_eq!(states(test, one), vec![state("sending", None, 1, None); 3]);
        assert!(due(test, one, 98).is_empty() && due(test, one, 99).len() == 1, "until its lease is over");
        write(test, |tx| {
            store::message_attempt(tx, &name, &attempt(1))?;
            store::message_retry(tx, &this(1), Instant(40))
        });
        assert_eq!(states(test, one), vec![state("waiting", None, 1, None); 3]);
        let again = due(test, one, 40);
        assert_eq!((again[0].bundle.as_deref(), again[0].attempts), (Some(name.as_str()), 1));
        assert_eq!(write(test, |tx| store::message_claim(tx, &name, Instant(140))), 3);
        write(test, |tx| store::message_end(tx, &this(1), MessageEnd::Sent, Instant(50)));
        assert_eq!(states(test, one), vec![state("sending", None, 2, None); 3], "the first try has no say any more");
        write(test, |tx| {
            store::message_attempt(tx, &name, &attempt(2))?;
            store::message_end(tx, &this(2), MessageEnd::Sent, Instant(60))
        });
        assert_eq!(states(test, one), vec![state("sent", None, 2, Some(60)); 3]);
        assert!(list(test, one).iter().all(|row| attempts(test, &row.id) == 2));
        assert!(due(test, one, 9_999).is_empty());
        assert_eq!(write(test, |tx| store::notification_confirm(tx, one, &name, Instant(70))), 3);
        assert_eq!(write(test, |tx| store::notification_confirm(tx, one, &name, Instant(80))), 0);
        assert!(list(test, one).iter().all(|row| row.confirmed_at == Some(Instant(70))));
    });
}

#[test]
fn a_message_grows_by_what_waits_for_its_reader_as_long_as_it_is_held() {
    on_both(|test| {
        let (one, name) = claimed(test, 2);
        append(test, one, 2, &(0..5).map(|_| page("ana", 6)).collect::<Vec<_>>());
        append(test, one, 3, &[page("ben", 6), page("ana", 90)]);
        let user = "ana".into();
        let reader = store::Mailbox { organization: one, user: &user, channel: MAIL };
        write(test, |tx| store::mailbox_hold_fresh(tx, &reader, Instant(10), 3));
        let grow = |attempt, limit| {
            let this = Try { delivery_id: name.clone(), attempt };
            write(test, |tx| store::message_grow(tx, &this, &reader, Instant(10), Instant(200), limit))
        };
        assert_eq!(grow(2, 9), 0, "whoever does not hold it adds nothing");
        assert_eq!((grow(1, 4), grow(1, 9), grow(1, 9)), (4, 1, 0), "what is held, what is due, and nothing else");
        assert!(due(test, one, 199).is_empty(), "it is held for longer");
        assert_eq!(ids(test, &Try { delivery_id: name.clone(), attempt: 1 }).len(), 7);
        assert_eq!(write(test, |tx| store::notification_confirm(tx, one, &name, Instant(70))), 7);
    });
}

#[test]
fn what_is_dropped_before_a_message_is_written_is_not_in_it_and_what_is_dropped_after_is() {
    on_both(|test| {
        let (one, name) = claimed(test, 3);
        let first = Try { delivery_id: name.clone(), attempt: 1 };
        let rows = list(test, one);
        let drop = |place: usize| {
            let sql = "update notification set state = 'dropped', finished_at = 20, fate = 'somebody acted'
                where organization_id = $1 and sequence = $2";
            write(test, |tx| tx.run(sql, &[one.0.into(), rows[place].id.sequence.into()]));
        };
        write(test, |tx| store::message_retry(tx, &first, Instant(30)));
        drop(0);
        write(test, |tx| store::message_claim(tx, &name, Instant(140)));
        let second = Try { delivery_id: name.clone(), attempt: 2 };
        let contents = read(test, |tx| store::message_contents(tx, &second, None, 99));
        assert_eq!((contents.bundled.len(), contents.dropped.as_slice()), (2, [rows[0].id].as_slice()));
        write(test, |tx| store::message_leave_dropped(tx, &second, &rows[0].id));
        drop(1);
        write(test, |tx| {
            store::message_attempt(tx, &name, &attempt(1))?;
            store::message_attempt(tx, &name, &attempt(2))?;
            store::message_end(tx, &second, MessageEnd::Sent, Instant(50))
        });
        let left = state("dropped", Some("somebody acted"), 1, Some(20));
        assert_eq!(states(test, one), [left, state("sent", None, 2, Some(50)), state("sent", None, 2, Some(50))]);
        assert_eq!(rows.iter().map(|row| attempts(test, &row.id)).collect::<Vec<_>>(), [1, 2, 2]);
        let names: Vec<_> = list(test, one).into_iter().map(|row| row.bundle).collect();
        assert_eq!(names, [None, Some(name.clone()), Some(name.clone())]);
        let listed = read(test, |tx| store::notification_by_delivery(tx, one, &name, 9));
        assert_eq!(listed.len(), 2, "who answers it answers for what it listed");
    });
}

#[test]
fn a_message_of_which_nothing_is_left_is_due_no_more() {
    on_both(|test| {
        let (one, name) = claimed(test, 2);
        let first = Try { delivery_id: name, attempt: 1 };
        write(test, |tx| store::message_retry(tx, &first, Instant(30)));
        write(test, |tx| store::notification_call_off(tx, one, ID, Pending::DropAll, Vec::new(), Instant(25)));
        assert_eq!(states(test, one), vec![state("dropped", Some("somebody acted"), 1, Some(25)); 2]);
        assert!(due(test, one, 30).is_empty());
        let next = read(test, store::notification_next);
        assert!(next.iter().all(|waiting| waiting.next_at().is_none()), "nobody is woken for it: {next:?}");
    });
}

#[test]
fn what_a_message_lists_is_called_off_until_it_is_sent_and_not_after() {
    on_both(|test| {
        let (one, name) = claimed(test, 2);
        let first = Try { delivery_id: name, attempt: 1 };
        write(test, |tx| store::message_end(tx, &first, MessageEnd::Sent, Instant(20)));
        write(test, |tx| store::notification_call_off(tx, one, ID, Pending::DropAll, Vec::new(), Instant(25)));
        assert_eq!(states(test, one), vec![state("sent", None, 1, Some(20)); 2]);
    });
}

#[test]
fn incidents_of_a_message_that_waits_for_its_destination_are_told_once_each() {
    on_both(|test| {
        let (one, name) = claimed(test, 5);
        let rows = list(test, one);
        write(test, |tx| store::message_pause(tx, &name, Instant(500), "down: 451", Some(&rows[0].id)));
        assert_eq!(states(test, one), vec![state("waiting", Some("down: 451"), 1, None); 5]);
        let untold = |most| write(test, |tx| store::message_untold(tx, one, MAIL, Instant(50), most));
        let some = untold(3).unwrap();
        assert_eq!((some.until, some.reason.as_str()), (Some(Instant(500)), "down: 451"));
        let told: Vec<_> = some.notifications.iter().map(|(id, _)| *id).collect();
        assert_eq!(told, [rows[1].id, rows[2].id, rows[3].id], "the first was told where it was found out");
        let next = read(test, store::notification_next);
        assert!(next.iter().any(|waiting| waiting.untold == Some(one)));
        assert_eq!(untold(3).unwrap().notifications.len(), 1);
        assert!(untold(3).is_none());
        let user = "ana".into();
        let mailbox = store::Mailbox { organization: one, user: &user, channel: MAIL };
        write(test, |tx| store::mailbox_resume(tx, &mailbox, Instant(60)));
        assert_eq!(due(test, one, 60).len(), 1, "and it goes out once the destination works");
    });
}

#[test]
fn a_reply_finds_a_message_by_its_code_and_one_notification_alone_too() {
    on_both(|test| {
        let (one, name) = claimed(test, 2);
        let user = "ana".into();
        let first = list(test, one)[0].id;
        let by = |code: &str| read(test, |tx| store::notification_by_code(tx, one, &user, code, Instant(0)));
        write(test, |tx| store::notification_give_code(tx, &first, Some(&name), "12345"));
        assert_eq!(by("12345").map(|row| row.delivery_id()), Some(name));
        append(test, one, 2, &[page("ana", 6)]);
        let alone = write(test, |tx| store::notification_due(tx, one, MAIL, Instant(10), 1)).remove(0);
        assert_eq!(write(test, |tx| store::notification_claim_new(tx, &alone, Instant(10), Instant(99), 9)), 1);
        let own = alone.id.delivery_id();
        write(test, |tx| store::notification_give_code(tx, &alone.id, Some(&own), "54321"));
        assert_eq!(by("54321").map(|row| row.delivery_id()), Some(own));
        assert!(by("11111").is_none());
    });
}

#[test]
fn a_notification_that_cannot_be_read_does_not_hold_up_its_message() {
    on_both(|test| {
        let (one, name) = claimed(test, 3);
        let this = Try { delivery_id: name, attempt: 1 };
        let first = list(test, one)[0].id;
        write(test, |tx| tx.run("update notification set body = '{' where sequence = $1", &[first.sequence.into()]));
        let contents = read(test, |tx| store::message_contents(tx, &this, None, 9));
        assert_eq!((contents.bundled.len(), contents.unreadable.len()), (2, 1));
        write(test, |tx| store::message_retry(tx, &this, Instant(20)));
        let due = due(test, one, 20);
        assert_ne!(due[0].id, first, "it goes on with the next");
        assert_eq!(ids(test, &this).len(), 0, "nobody tries it now");
    });
}

//! What waits for a pace or the end of a pause is held in a mailbox, which is due for all of it.

use super::notification::{ID, append, list};
use super::sample::page;
use super::{organization, read, write};
use checks::{TestStore, on_both};
use domain::notification::{Channel, Notification, Pace};
use domain::{Instant, OrganizationId, Username};
use store::{Closed, Due, Mailbox, PACED, Place};

const MAIL: Channel = Channel::Email;

fn ana(organization: OrganizationId, user: &Username) -> Mailbox<'_> {
    Mailbox { organization, user, channel: MAIL }
}

/// Pages to Ana, due at these instants.
fn pages(due_at: impl IntoIterator<Item = i64>) -> Vec<Notification> {
    due_at.into_iter().map(|at| page("ana", at)).collect()
}

fn due(test: &TestStore, organization: OrganizationId, now: i64) -> Vec<Due> {
    write(test, |tx| store::notification_due(tx, organization, MAIL, Instant(now), 1000))
}

fn first(test: &TestStore, mailbox: &Mailbox<'_>) -> Option<i64> {
    write(test, |tx| store::mailbox_first(tx, mailbox, Instant(50))).map(|due| due.notification.due_at.0)
}

#[test]
fn what_is_held_is_not_due_and_its_mailbox_is() {
    on_both(|test| {
        let (one, user) = (organization(test, "one"), "ana".into());
        let mailbox = ana(one, &user);
        append(test, one, 1, &pages([5, 3, 4, 99]));
        let held = write(test, |tx| {
            store::mailbox_close(tx, &mailbox, Instant(60), Closed::Paced)?;
            store::mailbox_hold_fresh(tx, &mailbox, Instant(50), 2)
        });
        assert_eq!(held, 2, "no more than are asked for");
        assert_eq!(due(test, one, 50).len(), 1);
        write(test, |tx| store::mailbox_hold_fresh(tx, &mailbox, Instant(50), 9));
        assert!(due(test, one, 50).is_empty());
        let told: Vec<_> = list(test, one).into_iter().map(|row| (row.next_at.map(|at| at.0), row.fate)).collect();
        let paced = || (Some(60), Some(PACED.to_owned()));
        assert_eq!(told, [paced(), paced(), paced(), (Some(99), None)], "each says when its mailbox is due");
        let waiting = read(test, store::notification_next);
        let mail = waiting.iter().find(|waiting| waiting.channel == MAIL).unwrap();
        assert_eq!((mail.next_at(), mail.untold), (Some(Instant(60)), None));
        let whose = |now| write(test, |tx| store::mailbox_due(tx, one, MAIL, Instant(now), 9));
        assert_eq!((whose(59), whose(60)), (vec![], vec![user.clone()]));
        assert_eq!(read(test, |tx| store::mailbox_due_where(tx, MAIL, Instant(60))), [one]);
        write(test, |tx| store::mailbox_set(tx, &mailbox, None));
        assert_eq!(whose(99), Vec::<Username>::new());
    });
}

#[test]
fn a_message_begins_with_what_it_is_named_after_and_has_at_most_as_many_as_it_may() {
    on_both(|test| {
        let (one, user) = (organization(test, "one"), "ana".into());
        let mailbox = ana(one, &user);
        append(test, one, 1, &pages(0..30));
        write(test, |tx| store::mailbox_hold_fresh(tx, &mailbox, Instant(19), 20));
        let claim = |first: &Due, most| {
            write(test, |tx| store::notification_claim_new(tx, first, Instant(50), Instant(99), most))
        };
        let of = |state: &str| {
            let rows = list(test, one).into_iter().filter(|row| row.state == state);
            rows.map(|row| row.notification.due_at.0).collect::<Vec<_>>()
        };
        let begins = due(test, one, 50).remove(0);
        assert_eq!((begins.place, begins.notification.due_at), (Place::Due, Instant(20)));
        assert_eq!(claim(&begins, 3), 3);
        assert_eq!(of("sending"), [20, 21, 22], "what is due, since it begins with it");
        let begins = write(test, |tx| store::mailbox_first(tx, &mailbox, Instant(50))).unwrap();
        assert_eq!((begins.place, begins.notification.due_at), (Place::Held, Instant(0)));
        assert_eq!(claim(&begins, 22), 22);
        assert_eq!(of("waiting"), [25, 26, 27, 28, 29], "what is held, and then what is due");
    });
}

#[test]
fn what_a_pause_holds_is_told_once_and_let_go_oldest_first() {
    on_both(|test| {
        let (one, user) = (organization(test, "one"), "ana".into());
        let mailbox = ana(one, &user);
        append(test, one, 1, &pages(0..5));
        write(test, |tx| {
            store::mailbox_close(tx, &mailbox, Instant(90), Closed::Paused("down: 451"))?;
            store::mailbox_hold_all(tx, &mailbox, Instant(50), "down: 451", 1000)
        });
        let untold = |most| write(test, |tx| store::mailbox_untold(tx, one, MAIL, Instant(50), most));
        let waiting =
            |test: &TestStore| read(test, store::notification_next).into_iter().find_map(|waiting| waiting.untold);
        assert_eq!(waiting(test), Some(one));
        for (id, _, reason) in untold(3) {
            assert_eq!(reason, "down: 451");
            write(test, |tx| store::mailbox_hold_told(tx, &id, &reason));
        }
        assert_eq!(first(test, &mailbox), Some(0));
        let left: Vec<_> = untold(9).into_iter().map(|(id, ..)| id).collect();
        assert_eq!(left.len(), 2);
        left.iter().for_each(|id| write(test, |tx| store::mailbox_hold_told(tx, id, "down: 451")));
        assert_eq!((untold(9).len(), waiting(test)), (0, None));
        write(test, |tx| store::mailbox_resume(tx, &mailbox, Instant(50)));
        assert_eq!(read(test, |tx| store::mailbox_next_at(tx, &mailbox)), Some(Instant(50)));
        write(test, |tx| store::mailbox_close(tx, &mailbox, Instant(70), Closed::Paced));
        assert_eq!(read(test, |tx| store::mailbox_next_at(tx, &mailbox)), Some(Instant(50)), "not later");
    });
}

#[test]
fn what_comes_to_a_closed_mailbox_is_held_there_and_what_is_due_later_is_not() {
    on_both(|test| {
        let (one, user) = (organization(test, "one"), "ana".into());
        let mailbox = ana(one, &user);
        let come = |version, at: i64, due_at: &[i64]| {
            let pages = pages(due_at.iter().copied());
            write(test, |tx| store::notification_append(tx, one, ID, version, &pages, Instant(at)));
        };
        let close = |closed| write(test, |tx| store::mailbox_set(tx, &mailbox, closed));
        let stands = || {
            let row = list(test, one)
                .into_iter()
                .map(|row| (row.notification.due_at.0, row.next_at.map(|at| at.0), row.fate));
            row.filter(|(_, next_at, _)| *next_at == Some(60)).collect::<Vec<_>>()
        };
        write(test, |tx| store::mailbox_close(tx, &mailbox, Instant(60), Closed::Paced));
        come(1, 50, &[50, 51]);
        assert_eq!(stands(), [(50, Some(60), Some(PACED.to_owned()))]);
        assert_eq!(due(test, one, 99).len(), 1, "what is due later comes by itself");
        close(Some((Instant(60), Closed::Paused("down: 451"))));
        come(2, 52, &[52]);
        assert_eq!(stands()[1], (52, Some(60), Some("down: 451".to_owned())));
        assert_eq!(write(test, |tx| store::mailbox_untold(tx, one, MAIL, Instant(53), 9)).len(), 1);
        come(3, 60, &[60]);
        write(test, |tx| store::mailbox_doubt(tx, one));
        come(4, 55, &[55]);
        close(None);
        come(5, 56, &[56]);
        let by_itself: Vec<_> = due(test, one, 99).into_iter().map(|due| due.notification.due_at.0).collect();
        assert_eq!(by_itself, [51, 55, 56], "it comes later, it must be found out again, or nothing is held");
    });
}

#[test]
fn the_last_message_to_a_person_is_the_newest_of_all_channels() {
    on_both(|test| {
        let (one, other, user) = (organization(test, "one"), organization(test, "other"), Username::from("ana"));
        let last = |organization| read(test, |tx| store::pace_last(tx, organization, &user));
        assert_eq!(last(one), None);
        for (channel, at) in [(Channel::Sms, 7), (Channel::Email, 9), (Channel::Voice, 8)] {
            let pace = Pace { sent_at: Instant(at), hour_from: Instant(at), hour_count: 1 };
            write(test, |tx| store::pace_save(tx, one, &user, channel, &pace));
        }
        assert_eq!((last(one), last(other)), (Some((Channel::Email, Instant(9))), None));
    });
}

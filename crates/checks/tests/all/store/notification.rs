//! Notifications are the queue: claimed for a time, tried, and settled once.

use super::sample::{HARD, notice, page};
use super::{conflict, organization, read, write};
use checks::{Database, TestStore, on_both};
use domain::notification::{Channel, Fate, Notification};
use domain::{InstanceId, Instant, OrganizationId};
use store::{AttemptRow, Due, Error, NotificationId, NotificationRow, Tx};

pub(super) const ID: InstanceId = InstanceId(1);

pub(super) fn append(test: &TestStore, organization: OrganizationId, version: i64, notifications: &[Notification]) {
    write(test, |tx| store::notification_append(tx, organization, ID, version, notifications, Instant(0)));
}

pub(super) fn list(test: &TestStore, organization: OrganizationId) -> Vec<NotificationRow> {
    read(test, |tx| store::notification_list(tx, organization, ID, -1, u32::MAX))
}

/// A notification that was claimed.
pub(super) struct Claimed {
    pub(super) id: NotificationId,
    pub(super) attempt: u32,
    pub(super) notification: Notification,
}

/// Claims what is due by mail, of each organization at most `limit`.
fn claim_by_mail(tx: &mut dyn Tx, now: i64, lease_until: i64, limit: u32) -> Result<Vec<Claimed>, Error> {
    let (now, lease_until) = (Instant(now), Instant(lease_until));
    let mut claimed = Vec::new();
    for organization in store::notification_due_where(tx, Channel::Email, now)? {
        for due in store::notification_due(tx, organization, Channel::Email, now, limit)? {
            store::notification_claim(tx, &due.id, lease_until)?;
            let Due { id, notification, attempts, .. } = due;
            claimed.push(Claimed { id, attempt: attempts + 1, notification });
        }
    }
    Ok(claimed)
}

/// Claims by mail until 100 later.
pub(super) fn claim(test: &TestStore, now: i64) -> Vec<Claimed> {
    write(test, |tx| claim_by_mail(tx, now, now + 100, 9))
}

/// The attempts at one notification.
fn attempts(test: &TestStore, id: &NotificationId) -> Vec<AttemptRow> {
    let all = read(test, |tx| store::attempt_list(tx, id.organization, id.instance_id, 0, i64::MAX));
    all.into_iter().filter(|(sequence, _)| *sequence == id.sequence).map(|(_, attempt)| attempt).collect()
}

pub(super) fn attempt(attempt: u32) -> AttemptRow {
    let (outcome, answer) = ("delivered".to_owned(), "250 OK".to_owned());
    AttemptRow { attempt, at: Instant(7), elapsed_micros: 1500, outcome, answer }
}

pub(super) fn settle(test: &TestStore, id: &NotificationId, number: u32, fate: Fate, now: i64) {
    write(test, |tx| store::notification_settle(tx, id, &attempt(number), fate, Instant(now)).map(drop));
}

/// State, fate, attempts and end of every notification of the incident.
pub(super) fn states(test: &TestStore, one: OrganizationId) -> Vec<(String, Option<String>, u32, Option<i64>)> {
    let rows = list(test, one).into_iter();
    rows.map(|row| (row.state, row.fate, row.attempts, row.finished_at.map(|at| at.0))).collect()
}

pub(super) fn state(
    state: &str,
    fate: Option<&str>,
    attempts: u32,
    end: Option<i64>,
) -> (String, Option<String>, u32, Option<i64>) {
    (state.to_owned(), fate.map(str::to_owned), attempts, end)
}

/// The channels that something waits on, and when it is next due.
fn next(test: &TestStore) -> Vec<(Channel, i64)> {
    let waiting = read(test, store::notification_next);
    waiting.iter().filter_map(|waiting| Some((waiting.channel, waiting.next_at()?.0))).collect()
}

fn users(claimed: &[Claimed]) -> Vec<&str> {
    claimed.iter().map(|claimed| claimed.notification.user.as_str()).collect()
}

#[test]
fn a_notification_survives_the_round_trip_in_the_order_it_was_queued() {
    on_both(|test| {
        let one = organization(test, "one");
        let mut expected: Vec<Notification> = HARD.iter().map(|text| page(text, 5)).collect();
        for (notification, text) in expected.iter_mut().zip(HARD) {
            notification.content.title = text.to_owned();
            notification.content.reason = domain::notification::Reason::StatusUpdate { text: text.to_owned() };
        }
        expected.push(Notification { channel: Channel::Webhook, round: u32::MAX, ..page("last", 1) });
        expected.push(notice("subscriber", 1));
        append(test, one, 2, &expected[3..]);
        append(test, one, 1, &expected[..3]);
        let rows = list(test, one);
        let notifications: Vec<_> = rows.iter().map(|row| row.notification.clone()).collect();
        assert_eq!(notifications, expected);
        assert!(rows.windows(2).all(|pair| pair[0].id < pair[1].id));
        assert!(states(test, one).iter().all(|found| *found == state("waiting", None, 0, None)));
        conflict(test, |tx| store::notification_append(tx, one, ID, 2, &expected[..1], Instant(0)));
        let claimed = claim(test, 5);
        assert!(claimed.iter().all(|claimed| expected.contains(&claimed.notification)));
    });
}

#[test]
fn only_what_is_due_on_the_channel_is_claimed_oldest_first_then_in_order() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        append(test, other, 1, &[page("f", 20), page("b", 10)]);
        append(test, one, 1, &[page("c", 20), page("later", 21), page("d", 20), page("a", 9)]);
        append(test, one, 2, &[page("e", 20), Notification { channel: Channel::Webhook, ..page("web", 1) }]);
        assert_eq!(next(test), [(Channel::Email, 9), (Channel::Webhook, 1)]);
        let organizations = |now| read(test, |tx| store::notification_due_where(tx, Channel::Email, Instant(now)));
        assert_eq!((organizations(8), organizations(9), organizations(20)), (vec![], vec![one], vec![one, other]));
        let claim = |limit| write(test, |tx| claim_by_mail(tx, 20, 90, limit));
        assert!(claim(0).is_empty());
        assert_eq!(users(&claim(2)), ["a", "c", "b", "f"]);
        assert_eq!(users(&claim(9)), ["d", "e"]);
        assert!(claim(9).is_empty());
        assert_eq!(next(test), [(Channel::Email, 21), (Channel::Webhook, 1)]);
    });
}

#[test]
fn a_claimed_notification_comes_due_again_when_its_lease_is_over() {
    on_both(|test| {
        let one = organization(test, "one");
        append(test, one, 1, &[page("ann", 5)]);
        let first = claim(test, 10);
        assert_eq!(first[0].attempt, 1);
        assert_eq!(states(test, one), [state("sending", None, 1, None)]);
        assert!(claim(test, 109).is_empty());
        let second = claim(test, 110);
        assert_eq!((second[0].id, second[0].attempt), (first[0].id, 2));
        assert_eq!(second[0].notification, first[0].notification);
        settle(test, &first[0].id, 1, Fate::Failed, 111);
        assert_eq!(states(test, one), [state("sending", None, 2, None)], "the first attempt has no say any more");
        settle(test, &second[0].id, 2, Fate::Sent, 112);
        assert!(claim(test, 9_999).is_empty());
    });
}

#[test]
fn each_fate_is_recorded_with_its_attempt() {
    on_both(|test| {
        let one = organization(test, "one");
        append(test, one, 1, &[page("sent", 1), page("failed", 2), page("retried", 3)]);
        let claimed = claim(test, 10);
        for (claimed, fate) in claimed.iter().zip([Fate::Sent, Fate::Failed, Fate::Retry(Instant(50))]) {
            settle(test, &claimed.id, 1, fate, 20);
            assert_eq!(attempts(test, &claimed.id), [attempt(1)]);
        }
        let expected = [
            state("sent", None, 1, Some(20)),
            state("failed", Some("250 OK"), 1, Some(20)),
            state("waiting", None, 1, None),
        ];
        assert_eq!(states(test, one), expected);
        assert!(claim(test, 49).is_empty());
        let again = claim(test, 50);
        assert_eq!((users(&again), again[0].attempt), (vec!["retried"], 2));
        settle(test, &again[0].id, 2, Fate::Sent, 60);
        assert_eq!(attempts(test, &again[0].id), [attempt(1), attempt(2)]);
        assert_eq!(next(test), []);
    });
}

#[test]
fn what_a_carrier_answered_survives_the_round_trip() {
    on_both(|test| {
        let one = organization(test, "one");
        append(test, one, 1, &HARD.map(|_| page("ann", 1)));
        for (claimed, text) in claim(test, 1).iter().zip(HARD) {
            let row = AttemptRow {
                attempt: 1,
                at: Instant::LATEST,
                elapsed_micros: i64::MAX,
                outcome: text.to_owned(),
                answer: text.to_owned(),
            };
            write(test, |tx| store::notification_settle(tx, &claimed.id, &row, Fate::Failed, Instant(2)));
            assert_eq!(attempts(test, &claimed.id), [row]);
        }
        assert!(list(test, one).iter().zip(HARD).all(|(row, text)| row.fate.as_deref() == Some(text)));
    });
}

#[test]
fn a_claimed_notification_that_is_not_called_for_is_dropped_with_the_reason() {
    on_both(|test| {
        let one = organization(test, "one");
        append(test, one, 1, &[page("ann", 1)]);
        let id = claim(test, 1)[0].id;
        let drop = |attempt| write(test, |tx| store::notification_drop(tx, &id, attempt, "not called for", Instant(5)));
        drop(2);
        assert_eq!(states(test, one), [state("sending", None, 1, None)], "only by who holds it");
        drop(1);
        assert_eq!(states(test, one), [state("dropped", Some("not called for"), 1, Some(5))]);
        assert!(claim(test, 9_999).is_empty());
    });
}

#[test]
fn another_organization_sees_and_settles_nothing() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        append(test, one, 1, &[page("ann", 1)]);
        let claimed = claim(test, 1);
        assert_eq!(claimed[0].id.organization, one);
        assert!(list(test, other).is_empty());
        let foreign = NotificationId { organization: other, ..claimed[0].id };
        settle(test, &foreign, 1, Fate::Sent, 5);
        write(test, |tx| store::notification_drop(tx, &foreign, 1, "not called for", Instant(5)));
        assert_eq!(states(test, one), [state("sending", None, 1, None)]);
        assert!(attempts(test, &claimed[0].id).is_empty());
    });
}

#[test]
fn a_notification_that_cannot_be_read_does_not_hold_up_the_rest() {
    on_both(|test| {
        let one = organization(test, "one");
        append(test, one, 1, &[page("broken", 1), page("ann", 2)]);
        write(test, |tx| tx.run("update notification set body = '{' where username = 'broken'", &[]));
        assert_eq!(users(&claim(test, 5)), ["ann"]);
        let sql = "select state, attempts, finished_at from notification where username = 'broken'";
        let row = read(test, |tx| tx.one(sql, &[])).unwrap();
        assert_eq!((row.text(0).unwrap(), row.integer(1).unwrap(), row.integer(2).unwrap()), ("failed", 0, 5));
        assert!(claim(test, 9_999).iter().all(|claimed| claimed.notification.user.as_str() == "ann"));
    });
}

#[test]
fn two_nodes_at_the_same_time_claim_different_notifications() {
    let test = TestStore::new(Database::Postgresql);
    let one = organization(&test, "one");
    append(&test, one, 1, &[page("a", 1), page("b", 2), page("c", 3)]);
    let store = test.store();
    let (mut first, mut second) = (store.writer(), store.writer());
    let (mut first, mut second) = (first.begin().unwrap(), second.begin().unwrap());
    let of_first = claim_by_mail(first.tx(), 9, 90, 2).unwrap();
    let of_second = claim_by_mail(second.tx(), 9, 90, 9).unwrap();
    assert_eq!((users(&of_first), users(&of_second)), (vec!["a", "b"], vec!["c"]));
    first.commit().unwrap();
    second.commit().unwrap();
    assert!(claim(&test, 89).is_empty());
}

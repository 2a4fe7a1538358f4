//! Calling off touches exactly the pages that it says, and never a notice to a subscriber.

use super::notification::{ID, append, claim, list, settle, state, states};
use super::sample::{notice, page};
use super::{organization, write};
use checks::{TestStore, on_both};
use domain::incident::Pending;
use domain::notification::{Channel, Fate, Notification};
use domain::{InstanceId, Instant, OrganizationId};

const NOW: i64 = 50;

fn call_off(test: &TestStore, organization: OrganizationId, pending: Pending, coming: &[Notification]) {
    rest(test, organization, pending, coming);
}

/// What of `coming` is to be queued.
fn rest(
    test: &TestStore,
    organization: OrganizationId,
    pending: Pending,
    coming: &[Notification],
) -> Vec<Notification> {
    write(test, |tx| store::notification_call_off(tx, organization, ID, pending, coming.to_vec(), Instant(NOW)))
}

/// One notification of every kind and state, each to a person named after it, with pages to Ann twice.
fn queue(test: &TestStore, organization: OrganizationId) {
    append(test, organization, 1, &[page("sent", 1), page("retried", 2), page("sending", 3), notice("in flight", 4)]);
    let claimed = claim(test, 40);
    let of = |user: &str| claimed.iter().find(|claimed| claimed.notification.user.as_str() == user).unwrap().id;
    settle(test, &of("sent"), 1, Fate::Sent, 41);
    settle(test, &of("retried"), 1, Fate::Retry(Instant(60)), 41);
    let due = [page("due", NOW), page("not yet due", NOW + 1), notice("notice", 10), notice("later notice", 99)];
    let of_ann = [page("ann", 10), Notification { channel: Channel::Webhook, ..page("ann", 99) }, notice("ann", 10)];
    append(test, organization, 2, &due);
    append(test, organization, 3, &of_ann);
}

/// Who of the incident was dropped, in order, and that each says why.
fn dropped(test: &TestStore, organization: OrganizationId, fate: &str) -> Vec<String> {
    let dropped = list(test, organization).into_iter().filter(|row| row.state == "dropped");
    dropped
        .map(|row| {
            assert_eq!((row.fate.as_deref(), row.finished_at), (Some(fate), Some(Instant(NOW))));
            row.notification.user.0
        })
        .collect()
}

#[test]
fn each_way_of_calling_off_drops_exactly_what_it_says() {
    let ann = [page("ann", NOW), page("ann", NOW), page("nobody", NOW), page("not yet due", NOW)];
    let mut twice = ann.to_vec();
    twice.push(notice("due", NOW));
    let table: [(Pending, &[Notification], &str, &[&str]); 6] = [
        (Pending::Keep, &ann, "", &[]),
        (Pending::DropNotYetDue, &ann, "the next level was asked", &["not yet due", "ann"]),
        (Pending::Supersede, &ann, "notified again", &["not yet due", "ann", "ann"]),
        (Pending::Supersede, &twice, "notified again", &["not yet due", "ann", "ann"]),
        (Pending::Supersede, &[], "notified again", &[]),
        (Pending::DropAll, &[], "somebody acted", &["retried", "sending", "due", "not yet due", "ann", "ann"]),
    ];
    on_both(|test| {
        for (number, (pending, coming, fate, expected)) in table.iter().enumerate() {
            let one = organization(test, &number.to_string());
            queue(test, one);
            let notices = |test| list(test, one).into_iter().filter(|row| !row.notification.content.reason.is_page());
            let before: Vec<_> = notices(test).map(|row| row.state).collect();
            call_off(test, one, *pending, coming);
            assert_eq!(dropped(test, one, fate), *expected, "{pending:?} with {} coming", coming.len());
            assert!(notices(test).map(|row| row.state).eq(before), "notices stay as they are");
        }
    });
}

#[test]
fn who_is_asked_again_keeps_the_steps_that_come_sooner_than_the_same_begun_anew() {
    let by = |channel: Channel, at: i64| Notification { channel, ..page("ann", at) };
    let (sms, voice) = (Channel::Sms, Channel::Voice);
    // What waits, what comes, and what then waits by each channel: when it is due.
    let table = [
        (vec![by(sms, 60)], vec![by(sms, 70)], vec![60], "the step before this one stays"),
        (vec![by(sms, NOW)], vec![by(sms, 70)], vec![NOW], "also at the instant at which it is due"),
        (vec![by(sms, 80)], vec![by(sms, 70)], vec![70], "what is asked sooner now is not waited for"),
        (vec![by(sms, 60)], vec![by(sms, NOW)], vec![NOW], "what is asked at once is asked once"),
        (vec![by(sms, 60)], vec![by(voice, 70)], vec![70], "the rules name another channel now"),
        (
            vec![by(voice, 55), by(voice, 60)],
            vec![by(voice, 57), by(voice, 62)],
            vec![55, 60],
            "all steps of a channel",
        ),
    ];
    on_both(|test| {
        for (number, (waiting, coming, expected, why)) in table.iter().enumerate() {
            for pending in [Pending::Supersede, Pending::DropNotYetDue] {
                let one = organization(test, &format!("{number} {pending:?}"));
                append(test, one, 1, waiting);
                append(test, one, 2, &rest(test, one, pending, coming));
                let left = list(test, one).into_iter().filter(|row| row.state == "waiting");
                let due: Vec<_> = left.map(|row| row.notification.due_at.0).collect();
                assert_eq!(due, *expected, "{why}, {pending:?}");
            }
        }
    });
}

#[test]
fn what_was_called_off_is_never_claimed_and_what_was_not_still_is() {
    on_both(|test| {
        let one = organization(test, "one");
        queue(test, one);
        call_off(test, one, Pending::DropAll, &[]);
        let mut left: Vec<_> = claim(test, 999).into_iter().map(|claimed| claimed.notification.user.0).collect();
        left.sort();
        assert_eq!(left, ["ann", "in flight", "later notice", "notice"]);
        assert!(claim(test, 999).is_empty());
    });
}

#[test]
fn only_the_incident_of_the_organization_is_called_off() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let elsewhere = InstanceId(ID.0 + 1);
        append(test, one, 1, &[page("ann", 99)]);
        append(test, other, 1, &[page("ann", 99)]);
        write(test, |tx| store::notification_append(tx, one, elsewhere, 1, &[page("ann", 99)], Instant(0)));
        for pending in [Pending::DropNotYetDue, Pending::Supersede, Pending::DropAll] {
            call_off(test, other, pending, &[page("ann", NOW)]);
        }
        assert_eq!(states(test, one), [state("waiting", None, 0, None)]);
        assert_eq!(dropped(test, other, "the next level was asked"), ["ann"], "the first that called it off");
        let rows = write(test, |tx| store::notification_list(tx, one, elsewhere, -1, u32::MAX));
        assert_eq!(rows[0].state, "waiting");
    });
}

#[test]
fn a_dropped_notification_that_was_in_flight_is_recorded_as_sent_but_not_tried_again() {
    on_both(|test| {
        for (fate, expected) in [
            (Fate::Sent, state("sent", None, 1, Some(60))),
            (Fate::Retry(Instant(70)), state("dropped", Some("somebody acted"), 1, Some(NOW))),
            (Fate::Failed, state("dropped", Some("somebody acted"), 1, Some(NOW))),
        ] {
            let one = organization(test, &format!("{fate:?}"));
            append(test, one, 1, &[page("ann", 1)]);
            let id = claim(test, 1)[0].id;
            call_off(test, one, Pending::DropAll, &[]);
            settle(test, &id, 1, fate, 60);
            assert_eq!(states(test, one), [expected], "{fate:?}");
            assert_eq!(
                write(test, |tx| store::attempt_list(tx, one, ID, 0, i64::MAX)).len(),
                1,
                "the attempt is recorded"
            );
            assert!(claim(test, 9_999).is_empty(), "{fate:?}");
        }
    });
}

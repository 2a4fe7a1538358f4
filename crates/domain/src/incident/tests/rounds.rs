//! Rounds and what is called off: which waiting notifications an incident still calls for after each command.

use super::house::{house, house_with_fallback, names, words};
use super::night::{Night, order};
use crate::Urgency;
use crate::incident::{Command, Incident, Pending};
use crate::notification::{Notification, Reason, Standing};
use Command::{
    Acknowledge, AddResponders, AddSubscribers, AmendUrgency, Elapse, Escalate, Notate, Reassign, Resolve, Snooze,
    Unacknowledge, UpdateStatus,
};

#[test]
fn a_page_queued_before_somebody_acted_is_no_longer_called_for() {
    let reassign = Reassign(words(&["cho"]));
    for act in [Acknowledge, Resolve, Snooze(5), reassign] {
        let mut night = Night::on(&["ladder"]);
        let earlier = night.ask(5, Elapse).notifications;
        assert!(all_called_for(&earlier, &night.incident));
        let round = night.incident.round;
        let change = night.ask(6, act.clone());
        assert_eq!((change.pending, change.incident.round), (Pending::DropAll, round + 1), "{act:?}");
        assert!(earlier.iter().all(|page| !called_for(page, &night.incident)), "{act:?}");
        assert!(all_called_for(&change.notifications, &night.incident), "{act:?}: what it queued itself stays");
    }
}

#[test]
fn pages_stay_called_for_while_nobody_acts() {
    let quiet = [
        (Escalate, Pending::DropNotYetDue),
        (Elapse, Pending::DropNotYetDue),
        (AddResponders(words(&["cho"])), Pending::Supersede),
        (AmendUrgency(Urgency::Critical), Pending::Supersede),
        (AmendUrgency(Urgency::Low), Pending::Keep),
        (Notate("x".to_owned()), Pending::Keep),
        (UpdateStatus("x".to_owned()), Pending::Keep),
        (AddSubscribers(names(&["cho"])), Pending::Keep),
    ];
    for (command, pending) in quiet {
        let mut night = Night::on(&["ladder"]);
        let earlier = night.ask(5, Elapse).notifications;
        let change = night.ask(15, command.clone());
        assert_eq!(change.pending, pending, "{command:?}");
        assert!(all_called_for(&earlier, &night.incident), "{command:?}");
        assert!(all_called_for(&change.notifications, &night.incident), "{command:?}");
    }
}

#[test]
fn a_level_that_is_paged_again_supersedes_its_earlier_pages() {
    let mut night = Night::on(&["short"]);
    assert_eq!(night.ask(7, Elapse).pending, Pending::Supersede);
    let mut acknowledged = Night::on(&["ladder"]).asked(&[(1, Acknowledge)]);
    assert_eq!(acknowledged.ask(16, Elapse).pending, Pending::Supersede);
}

#[test]
fn pages_after_an_acknowledgement_belong_to_the_new_round() {
    for (command, at) in [(Unacknowledge, 2), (Elapse, 16), (Escalate, 2), (AddResponders(words(&["cho"])), 2)] {
        let mut night = Night::on(&["ladder"]).asked(&[(1, Acknowledge)]);
        let change = night.ask(at, command.clone());
        assert!(!change.notifications.is_empty(), "{command:?}");
        assert!(all_called_for(&change.notifications, &night.incident), "{command:?}");
    }
}

#[test]
fn the_fallback_policy_calls_the_earlier_pages_off() {
    let mut night = Night::new(house(), order(&["short"]));
    let mut without_mail = house_with_fallback("circle");
    without_mail.channels.remove(&crate::notification::Channel::Email);
    night.house = without_mail;
    let change = night.ask(7, Elapse);
    assert_eq!((change.pending, &night.incident.assignees), (Pending::DropAll, &names(&["ana"])));
    assert!(all_called_for(&change.notifications, &night.incident));
}

#[test]
fn what_subscribers_are_told_is_called_for_whatever_happens() {
    let mut night = Night::on(&["ladder"]).asked(&[(1, AddSubscribers(names(&["eli"])))]);
    let update = night.ask(2, UpdateStatus("We know".to_owned())).notifications;
    night.ask(3, Acknowledge);
    let resolved = night.ask(4, Resolve).notifications;
    assert_eq!((update.len(), resolved.len()), (1, 1));
    assert!(all_called_for(&update, &night.incident) && all_called_for(&resolved, &night.incident));
}

#[test]
fn a_page_is_called_for_in_its_own_round_of_an_unresolved_incident_only() {
    use crate::incident::Status::{Acknowledged, Open, Resolved};
    let (page, notice) = (Reason::Page { level: 1 }, Reason::Resolved);
    let instance_id = super::night::NUMBER;
    let calls = |status, reason: &Reason, round| Standing { instance_id, status, round: 3 }.calls_for(reason, round);
    let table =
        [(Open, 3, true), (Acknowledged, 3, true), (Open, 2, false), (Acknowledged, 2, false), (Resolved, 3, false)];
    for (status, round, expect) in table {
        assert_eq!(calls(status, &page, round), expect, "{status:?} {round}");
        assert!(calls(status, &notice, round));
    }
}

fn called_for(notification: &Notification, incident: &Incident) -> bool {
    let Incident { instance_id, status, round, .. } = *incident;
    Standing { instance_id, status, round }.calls_for(&notification.content.reason, notification.round)
}

fn all_called_for(notifications: &[Notification], incident: &Incident) -> bool {
    notifications.iter().all(|notification| called_for(notification, incident))
}

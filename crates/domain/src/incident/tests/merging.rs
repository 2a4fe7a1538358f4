//! Merge and un-merge: what moves, what ends, who is told, and where the dedup key goes.

use super::house::{business, house, minute, names, policy, service};
use super::night::{NUMBER, Night, ask, order, replayed, transcript};
use super::targets::crowded_house;
use crate::alert::{Addressees, Alert, Grouping};
use crate::ids::{InstanceId, RefId};
use crate::incident::{AlertChange, Case, Command, Happening, Incident, Outcome, Status, Step, Target};
use crate::{Refusal, Urgency, limits};
use Command::{Acknowledge, AddImpact, AddSubscribers, Resolve, UpdateTags};

const SURVIVOR: InstanceId = InstanceId(2);

#[test]
fn a_merge_resolves_the_absorbed_and_adds_its_followers_to_the_survivor() {
    let absorbed = Night::on(&["ladder"]).asked(&[
        (1, AddSubscribers(names(&["eli", "cho"]))),
        (1, AddImpact(business("shop"))),
        (1, AddImpact(business("blog"))),
    ]);
    let surviving = survivor(&[(1, AddSubscribers(names(&["cho", "ben"]))), (1, AddImpact(business("blog")))]);
    let step = merge(&absorbed, &surviving).unwrap();
    assert_eq!(transcript(&step.changes[0]), "OPEN 1 [ben] 7 | MERGE | - | Keep");
    assert_eq!(transcript(&step.changes[1]), "RESOLVED 1 [] 5 | MERGE | - | DropAll");
    let [survivor, absorbed_after] = [&step.changes[0].incident, &step.changes[1].incident];
    assert_eq!(survivor.subscribers, names(&["cho", "ben", "eli"]));
    assert_eq!(survivor.impacts, [business("blog"), business("shop")]);
    assert_eq!((absorbed_after.merged_into, absorbed_after.resolved_at), (Some(SURVIVOR), Some(minute(3))));
    assert_eq!(step.changes[1].events[0].what, Happening::MergedInto { survivor: SURVIVOR });
    assert!(matches!(step.changes[0].events[0].what, Happening::Absorbed { absorbed: NUMBER, .. }));
    assert_eq!(step.alerts, [AlertChange::MoveAll { from: NUMBER, to: SURVIVOR }]);
    assert_eq!(step.outcome, Outcome::Done);
    for (change, log) in step.changes.iter().zip([&surviving.log, &absorbed.log]) {
        let log: Vec<_> = log.iter().chain(&change.events).cloned().collect();
        assert_eq!(replayed(&log, &change.incident), change.incident);
    }
}

#[test]
fn a_merge_leaves_the_survivors_status_level_and_wait() {
    let surviving = survivor(&[(2, Acknowledge)]);
    let step = merge(&Night::on(&["ladder"]), &surviving).unwrap();
    assert_eq!(transcript(&step.changes[0]), "ACKNOWLEDGED 1 [ben] 17 | MERGE | - | Keep");
}

#[test]
fn a_merge_wants_two_different_unresolved_incidents() {
    let open = Night::on(&["ladder"]);
    let resolved = Night::on(&["ladder"]).asked(&[(1, Resolve)]);
    let already = |instance_id| Some(Refusal::AlreadyResolved { instance_id });
    assert_eq!(merge(&resolved, &survivor(&[])).err(), already(NUMBER));
    assert_eq!(merge(&open, &survivor(&[(1, Resolve)])).err(), already(SURVIVOR));
    assert_eq!(open.refusal(1, Command::Merge(NUMBER)), Refusal::MergedWithItself);
    let unknown = Refusal::UnknownIncident { field: "related_instance_id", instance_id: InstanceId(9) };
    assert_eq!(open.refusal(1, Command::Merge(InstanceId(9))), unknown);
}

#[test]
fn a_merge_that_would_pass_the_limit_of_subscribers_is_refused() {
    let (house, crowd) = crowded_house(limits::SUBSCRIBERS + 1);
    let crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
    let night =
        |people: &[&str]| Night::new(house.clone(), order(&["ladder"])).asked(&[(1, AddSubscribers(names(people)))]);
    let (absorbed, mut surviving) = (night(&crowd[..300]), night(&crowd[299..]));
    surviving.incident.instance_id = SURVIVOR;
    let refused = Refusal::TooMany { field: "subscribers", limit: limits::SUBSCRIBERS };
    assert_eq!(merge(&absorbed, &surviving).err(), Some(refused));
    let mut surviving = night(&crowd[299..crowd.len() - 1]);
    surviving.incident.instance_id = SURVIVOR;
    assert_eq!(merge(&absorbed, &surviving).unwrap().changes[0].incident.subscribers.len(), limits::SUBSCRIBERS);
}

#[test]
fn who_followed_an_absorbed_incident_goes_with_its_first_alert_and_leaves_the_survivor() {
    let follow = |people: &[&str], services: &[&str]| {
        let impact = |service: &&str| (1, AddImpact(business(service)));
        [(1, AddSubscribers(names(people)))].into_iter().chain(services.iter().map(impact)).collect::<Vec<_>>()
    };
    let absorbed = Night::on(&["ladder"]).asked(&follow(&["eli", "cho"], &["shop", "blog"]));
    let mut surviving = survivor(&follow(&["cho", "ben"], &["blog"]));
    let step = merge(&absorbed, &surviving).unwrap();
    surviving.incident = step.changes[0].incident.clone();
    surviving.log.extend(step.changes[0].events.clone());
    surviving.ask(4, Command::RemoveImpact(business("shop")));
    let origin = Some((step.changes[1].incident.clone(), surviving.log.clone()));
    let alerts = ["alert-0", "alert-1"].map(alert).to_vec();
    let case = Case { alerts, origin, ..surviving.case() };
    let parted = ask(&house(), case, 5, Command::Unmerge { task_ref_id: RefId::from("alert-1") }).unwrap();
    let [fresh, old] = [&parted.changes[0], &parted.changes[1]];
    let added = "TRIGGER, ADD SUBSCRIBERS, ADD IMPACTED BUSINESS SERVICE, ADD IMPACTED BUSINESS SERVICE";
    assert!(transcript(fresh).contains(added), "{}", transcript(fresh));
    assert_eq!(fresh.incident.subscribers, names(&["eli", "cho"]));
    assert_eq!(fresh.incident.impacts, [business("shop"), business("blog")]);
    assert_eq!(transcript(old), "OPEN 1 [ben] 7 | UN-MERGE, REMOVE SUBSCRIBERS | - | Keep");
    assert_eq!((&old.incident.subscribers, &old.incident.impacts), (&names(&["cho", "ben"]), &vec![business("blog")]));
}

#[test]
fn an_unmerged_alert_begins_afresh_on_what_it_named_itself() {
    let mut guest = alert("alert-2");
    guest.addressed_to = Addressees { policies: vec![policy("circle")], users: names(&["cho"]) };
    guest.service = Some(service("mail"));
    let step = unmerge(&Night::on(&["ladder"]), &[alert("alert-1"), guest], "alert-2").unwrap();
    let fresh = &step.changes[0].incident;
    assert_eq!(transcript(&step.changes[0]), "OPEN 1 [ben ana cho] 7 | TRIGGER | page ben ana cho | Keep");
    let targets: Vec<_> = fresh.targets.iter().map(|target| target.policy.0.as_str()).collect();
    assert_eq!(targets, ["policy-short", "policy-circle", "own-cho"]);
    assert_eq!((fresh.title.as_str(), fresh.urgency), ("Title of alert-2", Urgency::Medium));
    assert_eq!((fresh.task_ref_id.as_str(), &fresh.service), ("alert-2", &Some(service("mail"))));
    assert_eq!(fresh.dedup_key.as_deref(), Some("key of alert-2"));
    assert_eq!((fresh.created_at, fresh.instance_id), (minute(3), InstanceId::UNSAVED));
    assert_eq!(step.outcome, Outcome::Created { instance_id: InstanceId::UNSAVED, at: minute(3) });
}

#[test]
fn an_unmerged_alert_that_named_nobody_goes_to_the_old_incidents_targets_from_level_1() {
    let night = Night::on(&["ladder"]).asked(&[
        (5, Command::Elapse),
        (6, Command::AddResponders(vec!["policy-circle".to_owned()])),
        (7, UpdateTags(vec!["eu".to_owned()])),
    ]);
    let step = ask_unmerge(&night, &[alert("alert-1"), alert("alert-2")], "alert-2", 8).unwrap();
    assert_eq!(transcript(&step.changes[0]), "OPEN 1 [ana] 12 | TRIGGER | page ana | Keep");
    let joined = |name| Target { policy: policy(name), joined_at_level: 1 };
    assert_eq!(step.changes[0].incident.targets, [joined("ladder"), joined("circle")]);
    assert_eq!(transcript(&step.changes[1]), "OPEN 2 [ben ana] 15 | UN-MERGE | - | Keep");
}

#[test]
fn what_an_unmerged_alert_named_counts_only_as_far_as_it_still_exists() {
    let mut guest = alert("alert-2");
    guest.addressed_to = Addressees { policies: vec![policy("removed")], users: names(&["zoe"]) };
    guest.service = Some(service("removed"));
    let step = unmerge(&Night::on(&["short"]), &[alert("alert-1"), guest], "alert-2").unwrap();
    assert_eq!(step.changes[0].incident.assignees, names(&["ben"]), "so the old incident's targets are asked");
}

#[test]
fn the_old_incident_keeps_its_first_alert_and_key_when_another_leaves() {
    let night = keyed("key of alert-1");
    let alerts = ["alert-1", "alert-2", "alert-3"].map(alert);
    let step = unmerge(&night, &alerts, "alert-3").unwrap();
    let old = &step.changes[1].incident;
    assert_eq!((old.task_ref_id.as_str(), old.dedup_key.as_deref()), ("alert-1", Some("key of alert-1")));
    assert_eq!(step.alerts, [AlertChange::MoveToNew(RefId::from("alert-3"))]);
}

#[test]
fn when_the_first_alert_leaves_its_key_leaves_with_it_and_the_oldest_left_is_the_first() {
    let night = keyed("key of alert-1");
    let alerts = ["alert-1", "alert-2", "alert-3"].map(alert);
    let step = unmerge(&night, &alerts, "alert-1").unwrap();
    let [fresh, old] = [&step.changes[0].incident, &step.changes[1].incident];
    assert_eq!((fresh.task_ref_id.as_str(), fresh.dedup_key.as_deref()), ("alert-1", Some("key of alert-1")));
    assert_eq!((old.task_ref_id.as_str(), old.dedup_key.as_deref()), ("alert-2", Some("key of alert-2")));
    let regroup = AlertChange::Regroup(RefId::from("alert-2"), Grouping::Triggered);
    assert_eq!(step.alerts, [AlertChange::MoveToNew(RefId::from("alert-1")), regroup]);
}

#[test]
fn the_old_incidents_log_names_the_new_one_once_it_has_a_number() {
    let mut step = unmerge(&Night::on(&["ladder"]), &[alert("alert-1"), alert("alert-2")], "alert-2").unwrap();
    let change = &mut step.changes[1];
    change.name_new(InstanceId(77));
    assert!(matches!(&change.events[0].what, Happening::UnMerge { into: InstanceId(77), .. }));
    change.name_new(InstanceId(78));
    assert!(matches!(&change.events[0].what, Happening::UnMerge { into: InstanceId(77), .. }), "once");
}

#[test]
fn an_incident_keeps_at_least_one_alert_and_gives_only_its_own() {
    let night = Night::on(&["ladder"]);
    assert_eq!(unmerge(&night, &[alert("alert-1")], "alert-1").err(), Some(Refusal::OnlyAlert));
    let unknown = Refusal::UnknownAlert { field: "task_ref_id", task_ref_id: "alert-9".to_owned() };
    assert_eq!(unmerge(&night, &[alert("alert-1")], "alert-9").err(), Some(unknown.clone()));
    assert_eq!(unmerge(&night, &["alert-1", "alert-2"].map(alert), "alert-9").err(), Some(unknown));
}

/// Ends by its time at this minute.
fn timed(mut night: Night, at: Option<u32>) -> Night {
    night.incident.resolve_at = at.map(minute);
    night
}

#[test]
fn a_merged_incident_ends_by_its_time_only_if_all_that_is_in_it_was_to_end_by_then() {
    for (survivors, absorbeds, expected) in [
        (Some(9), Some(7), Some(9)),
        (Some(9), Some(9), Some(9)),
        (Some(9), Some(10), None),
        (Some(9), None, None),
        (None, Some(7), None),
        (None, None, None),
    ] {
        let surviving = timed(survivor(&[]), survivors);
        let step = merge(&timed(Night::on(&["ladder"]), absorbeds), &surviving).unwrap();
        let ends = step.changes[0].incident.resolve_at;
        assert_eq!(ends, expected.map(minute), "{survivors:?} and {absorbeds:?}");
    }
    let parted = unmerge(&timed(Night::on(&["ladder"]), Some(9)), &["alert-1", "alert-2"].map(alert), "alert-2");
    let ends: Vec<_> = parted.unwrap().changes.iter().map(|change| change.incident.resolve_at).collect();
    assert_eq!(ends, [Some(minute(9)); 2], "what was to end by its time in one does in two");
}

#[test]
fn an_incident_whose_first_alert_leaves_is_called_as_the_next_one_unless_somebody_named_it() {
    let left = |title: &str| {
        let mut night = keyed("key of alert-1");
        night.incident.title = title.to_owned();
        let step = unmerge(&night, &["alert-1", "alert-2"].map(alert), "alert-1").unwrap();
        step.changes[1].incident.title.clone()
    };
    assert_eq!(left("Title of alert-1"), "Title of alert-2");
    assert_eq!(left("All of the north is down"), "All of the north is down");
}

fn survivor(before: &[(u32, Command)]) -> Night {
    let mut night = Night::on(&["short"]).asked(before);
    night.incident.instance_id = SURVIVOR;
    night
}

fn merge(absorbed: &Night, survivor: &Night) -> Result<Step, Refusal> {
    let case = Case { related: Some(survivor.incident.clone()), ..absorbed.case() };
    ask(&house(), case, 3, Command::Merge(survivor.incident.instance_id))
}

fn keyed(key: &str) -> Night {
    let night = Night::on(&["ladder"]);
    let incident = Incident { dedup_key: Some(key.to_owned()), ..night.incident };
    assert_eq!(incident.status, Status::Open);
    Night { incident, ..night }
}

/// An alert that named nobody, grouped in.
pub(super) fn alert(id: &str) -> Alert {
    let from = order(&[]);
    Alert {
        ref_id: RefId::from(id),
        created_at: minute(0),
        title: format!("Title of {id}"),
        text: from.text,
        urgency: Urgency::Medium,
        service: None,
        addressed_to: Addressees::default(),
        integration_name: None,
        dedup_key: Some(format!("key of {id}")),
        grouping: Grouping::Grouped,
        resolved_at: None,
        source: None,
    }
}

fn unmerge(night: &Night, alerts: &[Alert], leaving: &str) -> Result<Step, Refusal> {
    ask_unmerge(night, alerts, leaving, 3)
}

fn ask_unmerge(night: &Night, alerts: &[Alert], leaving: &str, at: u32) -> Result<Step, Refusal> {
    let case = Case { alerts: alerts.to_vec(), ..night.case() };
    ask(&night.house, case, at, Command::Unmerge { task_ref_id: RefId::from(leaving) })
}

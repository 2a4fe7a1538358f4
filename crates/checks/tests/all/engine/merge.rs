//! Merging and un-merging, through the store.

use checks::{House, in_both};
use domain::alert::{Alert, Grouping};
use domain::incident::{Command, Outcome, Status};
use domain::{InstanceId, RefId};

fn keyed(house: &House, title: &str, key: &str) -> InstanceId {
    let mut order = house.organization.order(title);
    order.dedup_key = Some(key.to_owned());
    house.trigger_order(order)
}

fn again(house: &House, key: &str) -> Outcome {
    let mut order = house.organization.order("Once more");
    order.dedup_key = Some(key.to_owned());
    house.perform(house.order(order)).unwrap()
}

fn alerts(house: &House, id: InstanceId) -> Vec<Alert> {
    house.run(house.engine().alerts(house.reader(), id)).unwrap().1
}

#[test]
fn the_alerts_and_the_key_of_an_absorbed_incident_go_to_the_survivor() {
    in_both(|house| {
        let (absorbed, survivor) = (keyed(house, "Disk full", "disk"), keyed(house, "Database down", "database"));
        house.messages();
        house.act(absorbed, Command::AddSubscribers(vec!["ben".into()])).unwrap();
        house.act(absorbed, Command::Merge(survivor)).unwrap();
        let gone = house.details(absorbed);
        assert_eq!((gone.incident.status, gone.incident.merged_into), (Status::Resolved, Some(survivor)));
        assert_eq!(gone.text, "More about: Disk full");
        assert!(alerts(house, absorbed).is_empty());
        let moved = alerts(house, survivor);
        assert_eq!(moved.iter().filter(|alert| alert.grouping == Grouping::Grouped).count(), 1);
        assert_eq!(moved.len(), 2);
        assert_eq!(house.details(survivor).incident.subscribers, ["ben".into()]);
        for key in ["disk", "database"] {
            let outcome = again(house, key);
            assert!(matches!(outcome, Outcome::Deduplicated { instance_id, .. } if instance_id == survivor));
        }
        house.act(survivor, Command::Resolve).unwrap();
        assert_eq!(house.told(), ["0:00 ana email resolved", "0:00 ben webhook resolved"], "and once to each");
        assert!(matches!(again(house, "disk"), Outcome::Created { .. }));
        assert_eq!(house.told(), ["0:00 ana email page 1"]);
    });
}

#[test]
fn an_unmerged_alert_is_an_incident_of_its_own_with_its_own_key() {
    in_both(|house| {
        let (absorbed, survivor) = (keyed(house, "Disk full", "disk"), keyed(house, "Database down", "database"));
        let follow = |id, user: &str| house.act(id, Command::AddSubscribers(vec![user.into()])).unwrap();
        follow(absorbed, "ben");
        follow(absorbed, "cho");
        follow(survivor, "cho");
        house.act(absorbed, Command::Merge(survivor)).unwrap();
        house.messages();
        let alert = alerts(house, survivor).into_iter().find(|alert| alert.title == "Disk full").unwrap();
        let outcome = house.act(survivor, Command::Unmerge { task_ref_id: alert.ref_id }).unwrap();
        let Outcome::Created { instance_id, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!(house.told(), ["0:00 ana email page 1"]);
        let subscribers = |id| house.details(id).incident.subscribers;
        assert_eq!((subscribers(instance_id).len(), subscribers(survivor)), (2, vec!["cho".into()]));
        let details = house.details(instance_id);
        assert_eq!((details.incident.title.as_str(), details.text.as_str()), ("Disk full", "More about: Disk full"));
        assert!(matches!(again(house, "disk"), Outcome::Deduplicated { instance_id: id, .. } if id == instance_id));
        assert!(matches!(again(house, "database"), Outcome::Deduplicated { instance_id: id, .. } if id == survivor));
        assert_eq!(house.details(instance_id).incident.suppressed_count, 1);
    });
}

#[test]
fn the_only_alert_of_an_incident_stays() {
    in_both(|house| {
        let id = house.trigger("Disk full");
        let task_ref_id = house.details(id).incident.task_ref_id;
        for task_ref_id in [task_ref_id, RefId::from("no such alert")] {
            assert!(house.act(id, Command::Unmerge { task_ref_id }).is_err());
        }
        assert_eq!(house.messages().len(), 1);
    });
}

#[test]
fn two_incidents_merged_into_each_other_at_the_same_time_leave_one() {
    in_both(|house| {
        for _ in 0..10 {
            let (one, two) = (house.trigger("Disk full"), house.trigger("Database down"));
            let merge = |from, into| house.engine().act(house.request(Some(from), Command::Merge(into)));
            let (first, second) = house.run(async { tokio::join!(merge(one, two), merge(two, one)) });
            assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        }
        house.messages();
    });
}

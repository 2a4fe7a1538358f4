//! One key, one incident, however many ask at the same instant.

use checks::{DESK, Database, House, TestStore, in_both};
use domain::InstanceId;
use domain::incident::{Command, Outcome};
use engine::{Engine, Request};
use std::collections::BTreeSet;

const CREATES: usize = 1_000;
const TASKS: usize = 64;

/// Sends the requests from many tasks at the same time, to the engines in turn.
fn all_at_once(house: &House, engines: &[Engine], requests: Vec<Request>) -> Vec<Outcome> {
    let mut shares: Vec<Vec<Request>> = vec![Vec::new(); TASKS];
    for (number, request) in requests.into_iter().enumerate() {
        shares[number % TASKS].push(request);
    }
    house.run(async {
        let mut tasks = tokio::task::JoinSet::new();
        for (number, share) in shares.into_iter().enumerate() {
            let engine = engines[number % engines.len()].clone();
            tasks.spawn(async move {
                let mut outcomes = Vec::new();
                for request in share {
                    outcomes.push(engine.act(request).await.unwrap());
                }
                outcomes
            });
        }
        tasks.join_all().await.concat()
    })
}

fn one_incident_of_many_creates(house: &House, engines: &[Engine]) {
    let request = || {
        let mut order = house.organization.order("Disk full");
        order.dedup_key = Some("db1/disk".to_owned());
        house.order(order)
    };
    let outcomes = all_at_once(house, engines, (0..CREATES).map(|_| request()).collect());
    let number = |outcome: &Outcome| match outcome {
        Outcome::Created { instance_id, .. } | Outcome::Deduplicated { instance_id, .. } => *instance_id,
        other => panic!("{other:?}"),
    };
    let ids: BTreeSet<InstanceId> = outcomes.iter().map(number).collect();
    assert_eq!((outcomes.len(), ids.len()), (CREATES, 1));
    let created = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Created { .. })).count();
    assert_eq!(created, 1);
    house.settle();
    let incident = house.details(*ids.first().unwrap()).incident;
    assert_eq!(incident.suppressed_count, 999);
    assert_eq!(incident.organization_instance_id, 1);
    assert_eq!(house.told(), ["0:00 ana email page 1"]);
}

#[test]
fn a_thousand_creates_with_one_key_make_one_incident() {
    in_both(|house| one_incident_of_many_creates(house, &[house.engine().clone()]));
}

#[test]
fn a_thousand_creates_with_one_key_on_two_nodes_make_one_incident() {
    let store = TestStore::new(Database::Postgresql);
    let house = House::over(&store, DESK);
    one_incident_of_many_creates(&house, &[house.engine().clone(), house.another_node().engine().clone()]);
}

#[test]
fn a_key_is_free_again_once_its_incident_is_resolved() {
    in_both(|house| {
        let mut order = house.organization.order("Disk full");
        order.dedup_key = Some("db1/disk".to_owned());
        let first = house.trigger_order(order.clone());
        house.act(first, Command::Resolve).unwrap();
        order.task_ref_id = domain::RefId(house.ids.ref_id());
        let second = house.trigger_order(order);
        assert_ne!(first, second);
        let page = "0:00 ana email page 1";
        assert_eq!(house.told(), [page, "0:00 ana email resolved", page]);
    });
}

//! Two nodes over one PostgreSQL: nothing is done twice, nothing waits for the other's end.

use checks::{DESK, Database, House, TestStore};
use domain::InstanceId;
use domain::incident::Command;
use engine::{Failure, Request};

/// Every task sends its own mix of commands for the same few incidents, and new ones between.
fn storm(house: &House, ids: &[InstanceId], task: usize) -> Vec<Request> {
    let command = |number: usize| match (number + task) % 5 {
        0 => Command::Acknowledge,
        1 => Command::Escalate,
        2 => Command::Notate(format!("{task}/{number}")),
        3 => Command::Unacknowledge,
        _ => Command::Trigger(Box::new(house.organization.order("Disk full"))),
    };
    (0..30).map(|number| house.request(Some(ids[number * 7 % ids.len()]), command(number))).collect()
}

#[test]
fn a_storm_of_commands_on_two_nodes_leaves_logs_that_tell_the_truth() {
    let store = TestStore::new(Database::Postgresql);
    let house = House::over(&store, DESK);
    let ids: Vec<_> = (0..4).map(|number| house.trigger(&format!("Disk {number} full"))).collect();
    let engines = [house.engine().clone(), house.another_node().engine().clone()];
    let done = house.run(async {
        let mut tasks = tokio::task::JoinSet::new();
        for task in 0..16 {
            let (engine, requests) = (engines[task % 2].clone(), storm(&house, &ids, task));
            tasks.spawn(async move {
                let mut done = 0;
                for request in requests {
                    match engine.act(request).await {
                        Ok(_) => done += 1,
                        Err(Failure::Refused(_)) => {}
                        Err(failure) => panic!("{failure:?}"),
                    }
                }
                done
            });
        }
        tasks.join_all().await.into_iter().sum::<usize>()
    });
    assert!(done > 200, "{done}");
    house.settle();
    house.messages();
}

#[test]
fn two_nodes_that_beat_at_the_same_time_page_everyone_once() {
    let store = TestStore::new(Database::Postgresql);
    let house = House::over(&store, DESK);
    for number in 0..40 {
        house.trigger(&format!("Disk {number} full"));
    }
    assert_eq!(house.messages().len(), 40);
    house.clock.advance(5 * 60_000_000);
    let other = house.another_node();
    house.run(async {
        for _ in 0..5 {
            let (ours, theirs) = tokio::join!(house.notifier().beat(), other.notifier().beat());
            ours.unwrap();
            theirs.unwrap();
        }
    });
    while other.notifier().sending() > 0 {
        house.run(other.engine().woken());
    }
    house.settle();
    let told = house.told();
    assert_eq!(told, ["5:00 ben webhook page 2"; 40]);
}

#[test]
fn beats_and_commands_on_two_nodes_do_not_stop_each_other() {
    let store = TestStore::new(Database::Postgresql);
    let house = House::over(&store, DESK);
    let ids: Vec<_> = (0..30).map(|number| house.trigger(&format!("Disk {number} full"))).collect();
    let other = house.another_node();
    for round in 0..4 {
        house.clock.advance(20 * 60_000_000);
        house.run(async {
            let mut tasks = tokio::task::JoinSet::new();
            for id in &ids {
                let note = house.request(Some(*id), Command::Notate(format!("round {round}")));
                let (engine, acknowledge) = (other.engine().clone(), house.request(Some(*id), Command::Acknowledge));
                tasks.spawn(async move {
                    engine.act(note).await.unwrap();
                    engine.act(acknowledge).await.unwrap();
                });
            }
            let notifier = house.notifier().clone();
            tasks.spawn(async move { notifier.beat().await.map(drop).unwrap() });
            tasks.join_all().await;
        });
    }
    house.settle();
    house.messages();
}

//! A database that is migrated by a newer version while a node works on it: what knows only the old schema writes nothing
//! from then on.

use checks::{DESK, House, on_both};
use domain::incident::Command;
use engine::Failure;
use store::{MIGRATIONS, Migration, Store, migrate_through};

const TASKS: usize = 8;
/// Commands that are done before the migration begins.
const DONE: usize = 40;

/// Keeps how many events there were when it ran.
const WITNESS: &str = "create table witness (events bigint not null);
    insert into witness (events) select count(*) from event";

fn migrate_as_the_next_version(store: &Store) {
    let number = MIGRATIONS.last().unwrap().number + 1;
    let all = [MIGRATIONS, &[Migration { number, name: "witness", sql: WITNESS }]].concat();
    assert_eq!(migrate_through(store, &all, 7).unwrap(), ["witness"]);
}

fn restore(store: &Store) {
    let number = MIGRATIONS.last().unwrap().number;
    let undone: Result<_, store::Error> = store.write(|tx| {
        tx.run("drop table witness", &[])?;
        tx.run("delete from migration where number > $1", &[number.into()])
    });
    assert_eq!(undone.unwrap(), 1);
}

#[test]
fn nothing_of_the_old_version_is_written_after_a_migration_under_load() {
    on_both(|test| {
        let mut house = House::over(test, DESK);
        house.trigger("Disk full");
        let url = test.url.clone();
        house.run(async {
            let (told, mut done) = tokio::sync::mpsc::unbounded_channel();
            let mut tasks = tokio::task::JoinSet::new();
            for task in 0..TASKS {
                let (engine, told) = (house.engine().clone(), told.clone());
                let requests = (0..).map(|number| house.organization.order(&format!("{task}/{number}")));
                let mut requests: Vec<_> =
                    requests.take(2_000).map(|order| house.request(None, Command::Trigger(Box::new(order)))).collect();
                tasks.spawn(async move {
                    while let Some(request) = requests.pop() {
                        match engine.act(request).await {
                            // Nobody listens any more once the migration has begun.
                            Ok(_) => drop(told.send(())),
                            Err(Failure::Unavailable(reason)) => return reason,
                            Err(failure) => panic!("{failure:?}"),
                        }
                    }
                    panic!("the migration was never noticed")
                });
            }
            for _ in 0..DONE {
                done.recv().await.unwrap();
            }
            let migration =
                tokio::task::spawn_blocking(move || migrate_as_the_next_version(&Store::open(&url).unwrap()));
            for reason in tasks.join_all().await {
                assert!(reason.contains("the database is newer than this program"), "{reason}");
            }
            migration.await.unwrap();
        });
        let count = |sql| test.store().read(|tx| tx.one(sql, &[])).unwrap().unwrap().integer(0).unwrap();
        let (now, then) = (count("select count(*) from event"), count("select events from witness"));
        assert!(then > i64::try_from(DONE).unwrap());
        assert_eq!(now, then, "events were written to the new schema");
        restore(&Store::open(&test.url).unwrap());
        house.crash();
        house.settle();
        house.messages();
    });
}

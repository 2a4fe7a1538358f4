//! The desk under pressure: a full queue, a busy database, a lost connection.

use checks::{DESK, Database, House, TestStore, in_both, on_both};
use domain::incident::{Command, Outcome};
use domain::notification::Channel::Email;
use engine::{DeskLimits, Failure};
use store::{Tx, Writer};

const NARROW: DeskLimits = DeskLimits { queue: 4, batch: 1, writers: 1 };

/// Keeps every command waiting until it is dropped.
fn hold_up(writer: &mut Writer) -> store::Transaction<'_> {
    let mut transaction = writer.begin().unwrap();
    transaction.tx().run("update incident_counter set last_number = last_number", &[]).unwrap();
    transaction
}

/// The client of PostgreSQL brings a runtime of its own, which must not begin within another.
fn release(lock: store::Transaction<'_>) {
    tokio::task::block_in_place(|| drop(lock));
}

fn incidents(house: &House) -> i64 {
    let count = |tx: &mut dyn Tx| tx.one("select count(*) from incident", &[])?.unwrap().integer(0);
    house.outside().read(count).unwrap()
}

#[test]
fn a_full_queue_is_busy_and_stores_nothing() {
    on_both(|store| {
        let house = House::over(store, NARROW);
        let mut writer = store.store().writer();
        let lock = hold_up(&mut writer);
        let answers = house.run(async {
            let mut tasks = tokio::task::JoinSet::new();
            for _ in 0..12 {
                let (engine, request) = (house.engine().clone(), house.order(house.organization.order("Disk full")));
                tasks.spawn(async move { engine.act(request).await });
            }
            let mut answers = Vec::new();
            // Four wait in the queue and one or none at the writer; the others are answered at once.
            while answers.len() < 7 {
                answers.push(tasks.join_next().await.unwrap().unwrap());
            }
            assert!(answers.iter().all(|answer| matches!(answer, Err(Failure::Busy(_)))), "{answers:?}");
            release(lock);
            answers.extend(tasks.join_all().await);
            answers
        });
        let done = answers.iter().filter(|answer| answer.is_ok()).count();
        assert!((4..=5).contains(&done), "{answers:?}");
        assert_eq!(incidents(&house), i64::try_from(done).unwrap());
        house.settle();
        assert_eq!(house.messages().len(), done);
    });
}

#[test]
fn a_full_queue_does_not_keep_the_engine_from_its_own_work() {
    on_both(|store| {
        let house = House::over(store, NARROW);
        house.post.script("ana", Email, &[checks::Reply::Silence]);
        let id = house.trigger("Disk full");
        house.clock.advance(60_000_000);
        let mut writer = store.store().writer();
        let lock = hold_up(&mut writer);
        house.run(async {
            let mut tasks = tokio::task::JoinSet::new();
            for _ in 0..12 {
                let (engine, request) = (house.engine().clone(), house.request(Some(id), Command::Notate("x".into())));
                tasks.spawn(async move { engine.act(request).await });
            }
            for _ in 0..7 {
                assert!(matches!(tasks.join_next().await, Some(Ok(Err(Failure::Busy(_))))));
            }
            house.post.release("ana", Email, checks::Reply::Delivered);
            let beat = house.notifier().beat();
            let (beat, ()) = tokio::join!(beat, async { release(lock) });
            beat.unwrap();
            tasks.join_all().await;
        });
        house.settle();
        assert_eq!(house.notifications(id)[0].0.state, "sent");
        assert_eq!(house.told(), ["0:00 ana email page 1"]);
    });
}

#[test]
fn a_refused_command_does_not_harm_its_neighbours() {
    in_both(|house| {
        let id = house.trigger("Disk full");
        let mut writer = house.outside().writer();
        let lock = hold_up(&mut writer);
        let answers = house.run(async {
            let mut tasks = tokio::task::JoinSet::new();
            for number in 0..40 {
                let command = match number % 4 {
                    0 => Command::Notate(format!("note {number}")),
                    1 => Command::Unacknowledge,
                    2 => Command::Merge(domain::InstanceId(9_999)),
                    _ => Command::UpdateTags(vec![format!("tag {number}"), "zero\0".to_owned()]),
                };
                let (engine, request) = (house.engine().clone(), house.request(Some(id), command));
                tasks.spawn(async move { (number, engine.act(request).await) });
            }
            release(lock);
            tasks.join_all().await
        });
        for (number, answer) in answers {
            let as_expected = match number % 4 {
                0 => matches!(answer, Ok(Outcome::Done)),
                // The store refuses text with NUL.
                3 => matches!(answer, Err(Failure::Broken(_))),
                _ => matches!(answer, Err(Failure::Refused(_))),
            };
            assert!(as_expected, "{number}: {answer:?}");
        }
        assert_eq!(house.details(id).events.len(), 11);
        assert_eq!(house.messages().len(), 1);
    });
}

/// Ends every other connection to the database of the test, and waits until they are gone.
fn cut_all_connections(house: &House) {
    let sql = "select count(pg_terminate_backend(pid, 10000)) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()";
    house.outside().read(|tx| tx.one(sql, &[])).unwrap();
}

#[test]
fn an_engine_whose_connections_were_cut_goes_on_by_itself() {
    let store = TestStore::new(Database::Postgresql);
    let house = House::over(&store, DESK);
    let id = house.trigger("Disk full");
    for _ in 0..3 {
        cut_all_connections(&house);
        house.act(id, Command::Notate("after the cut".to_owned())).unwrap();
        cut_all_connections(&house);
        house.details(id);
        cut_all_connections(&house);
        house.settle();
    }
    house.advance(5);
    assert_eq!(house.told(), ["0:00 ana email page 1", "5:00 ben webhook page 2"]);
}

#[test]
fn a_connection_cut_in_the_middle_of_a_command_is_answered_and_changes_nothing() {
    let store = TestStore::new(Database::Postgresql);
    let house = House::over(&store, DESK);
    let id = house.trigger("Disk full");
    let mut writer = store.store().writer();
    let mut lock = hold_up(&mut writer);
    let mine = lock.tx().one("select pg_backend_pid()", &[]).unwrap().unwrap().integer(0).unwrap();
    let order = house.order(house.organization.order("Database down"));
    let answer = house.run(async {
        let engine = house.engine().clone();
        let waiting = tokio::spawn(async move { engine.act(order).await });
        // Looks until the command waits for the lock, and ends its connection there.
        let sql = "select count(pg_terminate_backend(pid, 10000)) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock' and pid <> $1";
        loop {
            let look = || house.outside().read(|tx| tx.one(sql, &[mine.into()])).unwrap().unwrap();
            let row = tokio::task::block_in_place(look);
            if row.integer(0).unwrap() > 0 {
                break;
            }
            tokio::task::yield_now().await;
        }
        waiting.await.unwrap()
    });
    assert!(matches!(answer, Err(Failure::Unavailable(_))), "{answer:?}");
    drop(lock);
    assert_eq!(incidents(&house), 1);
    house.act(id, Command::Acknowledge).unwrap();
    house.trigger("Database down");
    assert_eq!(house.messages().len(), 2);
}

/// Both wait for the real time limit of their database, each in a test of its own, so that they wait together.
fn busy_and_then_done(database: Database) {
    let store = TestStore::new(database);
    let house = House::over(&store, DESK);
    let id = house.trigger("Disk full");
    let mut writer = store.store().writer();
    let lock = hold_up(&mut writer);
    let order = house.order(house.organization.order("Database down"));
    let answer = house.run(house.engine().act(order));
    assert!(matches!(answer, Err(Failure::Busy(_))), "{answer:?}");
    drop(lock);
    house.act(id, Command::Acknowledge).unwrap();
    assert_eq!(incidents(&house), 1);
    assert_eq!(house.messages().len(), 1);
}

#[test]
fn a_busy_sqlite_is_busy_and_the_next_command_is_done() {
    busy_and_then_done(Database::Sqlite);
}

#[test]
fn a_busy_postgresql_is_busy_and_the_next_command_is_done() {
    busy_and_then_done(Database::Postgresql);
}

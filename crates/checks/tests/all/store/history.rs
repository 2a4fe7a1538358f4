//! The schema's history is kept, and a backup is what it says.

use std::path::Path;

use checks::{Database, TestStore, on_both};
use store::{Error, Migration, Store, Tx, Url, backup, migrate, migrate_through, pending};

fn file_url(path: &Path) -> Url {
    format!("sqlite:{}", path.display()).parse().unwrap()
}

const FIRST: Migration = Migration {
    number: 1,
    name: "first",
    sql: "create table first (number {identity}, name text not null, {key: name, number}); \
          create table other (number bigint);",
};
const SECOND: Migration = Migration { number: 2, name: "second", sql: "insert into other (number) values (2)" };

/// A database without any migration, beside the one of the test.
fn empty(test: &TestStore) -> Store {
    let store = match test.database {
        Database::Sqlite => Store::open(&file_url(&test.path("empty.db"))).unwrap(),
        Database::Postgresql => Store::open(&test.url).unwrap(),
    };
    store.write(|tx| tx.run("drop table if exists migration", &[])).unwrap();
    store
}

/// A store of `test` without any table.
fn blank(test: &TestStore) -> Store {
    let store = empty(test);
    if test.database == Database::Postgresql {
        store.write(|tx| tx.run("drop schema public cascade", &[])).unwrap();
        store.write(|tx| tx.run("create schema public", &[])).unwrap();
    }
    store
}

#[test]
fn migrations_run_once_under_concurrency() {
    on_both(|test| {
        let first = empty(test);
        let second = Store::open(first.url()).unwrap();
        let stores = [&first, &second, &first, &second];
        let mut applied = std::thread::scope(|scope| {
            let threads = stores.map(|store| scope.spawn(|| migrate_through(store, &[FIRST, SECOND], 5)));
            threads.map(|thread| thread.join().unwrap().unwrap()).concat()
        });
        applied.sort_unstable();
        assert_eq!(applied, ["first", "second"]);
        let rows = first.read(|tx| tx.all("select number from other", &[])).unwrap();
        assert_eq!(rows.len(), 1);
    });
}

#[test]
fn a_migration_that_fails_leaves_no_trace() {
    on_both(|test| {
        let store = empty(test);
        let broken = Migration { number: 2, name: "broken", sql: "create table half (a bigint); insert into nowhere" };
        assert!(migrate_through(&store, &[FIRST, broken], 5).is_err());
        assert!(store.read(|tx| tx.all("select a from half", &[])).is_err());
        assert_eq!(migrate_through(&store, &[FIRST, SECOND], 5).unwrap(), ["second"]);
    });
}

#[test]
fn a_changed_or_unknown_migration_is_refused() {
    on_both(|test| {
        let store = empty(test);
        migrate_through(&store, &[FIRST, SECOND], 5).unwrap();
        let changed = Migration { sql: "insert into other (number) values (3)", ..SECOND };
        let Err(Error::Migration(text)) = migrate_through(&store, &[FIRST, changed], 6) else { panic!("not refused") };
        assert!(text.contains("in another form") && text.contains("second"), "{text}");
        let Err(Error::OtherSchema(text)) = migrate_through(&store, &[FIRST], 6) else { panic!("not refused") };
        assert!(text.contains("newer than this program") && text.contains("second"), "{text}");
    });
}

#[test]
fn nothing_is_pending_after_migrating() {
    on_both(|test| {
        let store = blank(test);
        let before = pending(&store).unwrap();
        assert!(!before.is_empty());
        assert_eq!(migrate(&store, 5).unwrap(), before);
        assert!(pending(&store).unwrap().is_empty());
    });
}

fn insert(tx: &mut dyn Tx, name: &str) -> Result<u64, Error> {
    tx.run("insert into thing (name) values ($1)", &[name.into()])
}

fn names(tx: &mut dyn Tx) -> Result<Vec<String>, Error> {
    tx.all("select name from thing", &[])?.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}

#[test]
fn a_backup_opens_and_holds_the_same() {
    let test = TestStore::new(Database::Sqlite);
    let store = test.store();
    store.write(|tx| tx.run("create table thing (name text)", &[])).unwrap();
    store.write(|tx| insert(tx, "one")).unwrap();
    let mut writer = store.writer();
    let mut transaction = writer.begin().unwrap();
    insert(transaction.tx(), "two, not committed").unwrap();
    let path = test.path("backup.db");
    backup(store, &path).unwrap();
    transaction.commit().unwrap();
    assert!(!test.path("backup.db-wal").exists());
    let copy = Store::open(&file_url(&path)).unwrap();
    assert_eq!(copy.read(names).unwrap(), ["one"]);
    let refused = backup(store, &path);
    assert!(matches!(refused, Err(Error::Address(_))), "{refused:?}");
    assert_eq!(copy.read(names).unwrap(), ["one"]);
}

#[test]
fn a_backup_of_postgresql_is_left_to_its_own_tool() {
    let test = TestStore::new(Database::Postgresql);
    let refused = backup(test.store(), &test.path("backup.db"));
    assert!(matches!(&refused, Err(Error::Unsupported(text)) if text.contains("pg_dump")), "{refused:?}");
}

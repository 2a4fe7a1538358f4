//! The seam keeps the same promises on both databases.

use std::time::Duration;

use checks::{Database, TestStore, on_both};
use store::{Error, Store, Tx, Value, statements};

const CREATE: &str = "create table thing (
    number {identity}, name text not null unique, size bigint, active boolean, content bytea, small integer,
    {key: name, number}
)";
const INSERT: &str = "insert into thing (name) values ($1)";
const NAMES: &str = "select name from thing order by name";

fn with_table(test: &TestStore) -> &Store {
    let store = test.store();
    store.write(|tx| tx.run(CREATE, &[])).unwrap();
    store
}

fn names(tx: &mut dyn Tx) -> Result<Vec<String>, Error> {
    tx.all(NAMES, &[])?.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}

fn insert(tx: &mut dyn Tx, name: &str) -> Result<u64, Error> {
    tx.run(INSERT, &[name.into()])
}

#[test]
fn values_survive_the_round_trip() {
    on_both(|test| {
        let store = with_table(test);
        let insert = "insert into thing (name, size, active, content, small) values ($1, $2, $3, $4, $5) \
                      returning name, size, active, content, small, number";
        let row = |name: &str, size, active: bool, content: Vec<u8>, small: u32| {
            let values = [name.into(), Value::Integer(size), active.into(), content.into(), small.into()];
            store.write(|tx| tx.one(insert, &values)).unwrap().unwrap()
        };
        for (name, size, active, content) in
            [("", i64::MIN, true, vec![]), ("zażółć 🦆 '$1' {x} \u{1}", i64::MAX, false, vec![0, 255, 39])]
        {
            let row = row(name, size, active, content.clone(), 7);
            assert_eq!(row.text(0).unwrap(), name);
            assert_eq!(row.optional_text(0).unwrap(), Some(name));
            assert_eq!(row.integer(1).unwrap(), size);
            assert_eq!(row.optional_integer(1).unwrap(), Some(size));
            assert_eq!(row.boolean(2).unwrap(), active);
            assert_eq!(row.bytes(3).unwrap(), content);
            assert_eq!(row.integer(4).unwrap(), 7);
            assert!(row.integer(5).unwrap() > 0);
        }
    });
}

#[test]
fn null_fits_a_column_of_any_type() {
    on_both(|test| {
        let store = with_table(test);
        let insert = "insert into thing (name, size, active, content, small) values ('n', $1, $2, $3, $4) \
                      returning size, active, content, small";
        let values = [Value::Null, Value::Null, Value::Null, None::<i64>.into()];
        let row = store.write(|tx| tx.one(insert, &values)).unwrap().unwrap();
        assert_eq!(row.optional_integer(0).unwrap(), None);
        assert!(row.boolean(1).is_err());
        assert!(row.bytes(2).is_err());
        assert_eq!(row.optional_integer(3).unwrap(), None);
    });
}

#[test]
fn a_column_of_the_wrong_type_is_corrupt_and_named() {
    on_both(|test| {
        let row = test.store().read(|tx| tx.one("select 1, cast('word' as text)", &[])).unwrap().unwrap();
        for (result, expected) in [
            (row.text(0).map(drop), "column 0 should hold text but holds an integer"),
            (row.integer(1).map(drop), "column 1 should hold an integer but holds text"),
            (row.boolean(1).map(drop), "column 1 should hold a boolean"),
            (row.bytes(2).map(drop), "no column 2"),
        ] {
            let Err(Error::Corrupt(text)) = result else { panic!("{result:?}") };
            assert!(text.contains(expected) && text.contains("select 1"), "{text}");
        }
    });
}

#[test]
fn placeholders_are_bound_by_position_and_never_inside_quotes() {
    on_both(|test| {
        let sql = "select cast($10 as bigint), cast($2 as bigint), cast($1 as bigint), '$1 {x}', cast($2 as bigint) \
                   where cast(0 as bigint) + $3 + $4 + $5 + $6 + $7 + $8 + $9 = 42 -- $11";
        let values: Vec<Value> = (1..=10_i64).map(Value::from).collect();
        let row = test.store().read(|tx| tx.one(sql, &values)).unwrap().unwrap();
        let integers: Vec<i64> = [0, 1, 2, 4].map(|column| row.integer(column).unwrap()).to_vec();
        assert_eq!(integers, [10, 2, 1, 2]);
        assert_eq!(row.text(3).unwrap(), "$1 {x}");
    });
}

#[test]
fn a_value_that_does_not_fit_is_an_error_of_ours() {
    on_both(|test| {
        let store = with_table(test);
        for values in [vec![], vec!["nul \0".into()], vec!["one".into(), "two".into()]] {
            let result = store.write(|tx| tx.run(INSERT, &values));
            assert!(matches!(result, Err(Error::Statement(_))), "{values:?}: {result:?}");
        }
    });
}

#[test]
fn one_row_means_one_row() {
    on_both(|test| {
        let result = test.store().read(|tx| tx.one("select 1 union all select 2", &[]));
        assert!(matches!(result, Err(Error::Statement(_))), "{result:?}");
    });
}

#[test]
fn rolling_back_to_a_savepoint_undoes_only_its_own_work() {
    on_both(|test| {
        let store = with_table(test);
        let mut writer = store.writer();
        let mut transaction = writer.begin().unwrap();
        let tx = transaction.tx();
        insert(tx, "before").unwrap();
        tx.savepoint().unwrap();
        insert(tx, "kept").unwrap();
        tx.savepoint().unwrap();
        insert(tx, "undone").unwrap();
        tx.rollback_to_savepoint().unwrap();
        tx.release_savepoint().unwrap();
        tx.savepoint().unwrap();
        insert(tx, "undone too").unwrap();
        tx.rollback_to_savepoint().unwrap();
        insert(tx, "after").unwrap();
        transaction.commit().unwrap();
        assert_eq!(store.read(names).unwrap(), ["after", "before", "kept"]);
    });
}

#[test]
fn what_is_not_committed_nobody_sees() {
    on_both(|test| {
        let store = with_table(test);
        let mut writer = store.writer();
        let mut transaction = writer.begin().unwrap();
        insert(transaction.tx(), "one").unwrap();
        assert!(store.read(names).unwrap().is_empty());
        transaction.commit().unwrap();
        assert_eq!(store.read(names).unwrap(), ["one"]);

        insert(writer.begin().unwrap().tx(), "dropped").unwrap();
        let failed = store.write(|tx| insert(tx, "failed").and(insert(tx, "one")));
        assert!(failed.is_err());
        assert_eq!(store.read(names).unwrap(), ["one"]);
    });
}

#[test]
fn a_reader_sees_one_moment() {
    on_both(|test| {
        let store = with_table(test);
        store
            .read(|tx| {
                assert!(names(tx)?.is_empty());
                store.write(|tx| insert(tx, "later"))?;
                assert!(names(tx)?.is_empty());
                Ok::<(), Error>(())
            })
            .unwrap();
        assert_eq!(store.read(names).unwrap(), ["later"]);
    });
}

#[test]
fn as_many_read_at_the_same_time_as_the_caller_allows() {
    on_both(|test| {
        for (asked, allowed) in [(0, 1), (1, 1), (3, 3)] {
            let store = Store::open_with(&test.url, asked).unwrap().with_patience(Duration::ZERO);
            assert_eq!(nested_reads(&store), allowed, "of {asked}");
            assert!(store.read(|tx| tx.one("select 1", &[])).is_ok(), "a refusal uses nothing up");
        }
    });
}

/// How many transactions for reading can be open in one another.
fn nested_reads(store: &Store) -> usize {
    match store.read(|_| Ok::<_, Error>(1 + nested_reads(store))) {
        Ok(deep) => deep,
        Err(Error::Busy(_)) => 0,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_reader_cannot_write() {
    on_both(|test| {
        let store = with_table(test);
        let result = store.read(|tx| insert(tx, "sneaked in"));
        assert!(matches!(result, Err(Error::Unavailable(_))), "{result:?}");
        assert!(store.read(names).unwrap().is_empty());
    });
}

#[test]
fn a_name_taken_twice_is_a_conflict_and_the_transaction_goes_on() {
    on_both(|test| {
        let store = with_table(test);
        store
            .write(|tx| {
                insert(tx, "one")?;
                tx.savepoint()?;
                let taken = insert(tx, "one");
                assert!(matches!(taken, Err(Error::Conflict(_))), "{taken:?}");
                let refused = insert(tx, "two");
                assert!(matches!(refused, Err(Error::Statement(_))), "{refused:?}");
                tx.rollback_to_savepoint()?;
                insert(tx, "three")
            })
            .unwrap();
        assert_eq!(store.read(names).unwrap(), ["one", "three"]);
    });
}

#[test]
fn a_transaction_with_a_failed_statement_is_not_committed() {
    on_both(|test| {
        let store = with_table(test);
        let result = store.write(|tx| {
            insert(tx, "one")?;
            assert!(insert(tx, "one").is_err());
            Ok::<(), Error>(())
        });
        assert!(matches!(result, Err(Error::Statement(_))), "{result:?}");
        assert!(store.read(names).unwrap().is_empty());
    });
}

#[test]
fn every_statement_is_accepted() {
    on_both(|test| {
        for (name, sql) in statements() {
            test.store().read(|tx| tx.prepare(sql)).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        assert!(test.store().read(|tx| tx.prepare("select from nowhere at all")).is_err());
    });
}

#[test]
fn a_store_that_cannot_be_opened_says_why() {
    let test = TestStore::new(Database::Sqlite);
    std::fs::write(test.path("noise.db"), "this is not a database, and long enough to be looked at").unwrap();
    let missing = test.path("missing");
    for (url, expected) in [
        (format!("sqlite:{}", missing.join("a.db").display()), "directory does not exist"),
        (format!("sqlite:{}", test.path("noise.db").display()), "not a database"),
        (format!("postgresql:///name?host={}&user=u&password=secret", missing.display()), "unavailable"),
    ] {
        let error = Store::open(&url.parse().unwrap()).err().expect("refused").to_string();
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn a_lost_connection_is_unavailable_and_the_next_use_works() {
    let test = TestStore::new(Database::Postgresql);
    let store = with_table(&test);
    let identify = |tx: &mut dyn Tx| tx.one("select pg_backend_pid()", &[])?.unwrap().integer(0);
    let kill = |backend: i64| {
        let sql = "select pg_terminate_backend($1, 10000)";
        let row = store.read(|tx| tx.one(sql, &[backend.into()])).unwrap().unwrap();
        assert!(row.boolean(0).unwrap());
    };
    let mut writer = store.writer();

    let mut transaction = writer.begin().unwrap();
    let backend = identify(transaction.tx()).unwrap();
    insert(transaction.tx(), "lost").unwrap();
    kill(backend);
    let lost = insert(transaction.tx(), "lost too");
    assert!(matches!(lost, Err(Error::Unavailable(_))), "{lost:?}");
    drop(transaction);

    let mut transaction = writer.begin().unwrap();
    let backend = identify(transaction.tx()).unwrap();
    insert(transaction.tx(), "kept").unwrap();
    transaction.commit().unwrap();
    kill(backend);
    let mut transaction = writer.begin().unwrap();
    insert(transaction.tx(), "kept after an idle connection was lost").unwrap();
    transaction.commit().unwrap();
    assert_eq!(store.read(names).unwrap(), ["kept", "kept after an idle connection was lost"]);
}

#[test]
fn a_killed_reader_does_not_use_up_the_pool() {
    let test = TestStore::new(Database::Postgresql);
    let store = test.store();
    for _ in 0..6 {
        let result = store.read(|tx| tx.one("select pg_terminate_backend(pg_backend_pid())", &[]));
        assert!(matches!(result, Err(Error::Unavailable(_))), "{result:?}");
    }
    assert!(store.read(|tx| tx.one("select 1", &[])).unwrap().is_some());
}

#[test]
fn a_database_that_cannot_store_every_letter_is_refused() {
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let store = Store::open(&checks::database_in(encoding).parse().unwrap()).unwrap();
        let refused = store::migrate(&store, 0).expect_err("an alert in other letters would be lost").to_string();
        assert!(refused.contains(encoding) && refused.contains("-E UTF8"), "{refused}");
    }
}

//! Two versions of the program on one database: the newer one migrates it, and the older one steps aside until it fits
//! again.

use checks::{Client, Database, Home, Server};
use serde_json::json;
use store::{MIGRATIONS, Migration, Store, migrate_through};

use super::ACME;

const FITS_AGAIN: &str = "the schema is that of this program again";

fn outside(home: &Home) -> Store {
    Store::open(&home.url().parse().unwrap()).unwrap()
}

/// Migrates the store as the next version of the program will.
fn migrate_as_the_next_version(home: &Home) {
    let number = MIGRATIONS.last().unwrap().number + 1;
    let sql = "create table later (number bigint not null primary key)";
    let all = [MIGRATIONS, &[Migration { number, name: "later", sql }]].concat();
    assert_eq!(migrate_through(&outside(home), &all, 7).unwrap(), ["later"]);
}

/// Undoes that, as a restored backup does.
fn restore(home: &Home) {
    let number = MIGRATIONS.last().unwrap().number;
    let undone = outside(home).write(|tx| {
        tx.run("drop table later", &[])?;
        tx.run("delete from migration where number > $1", &[number.into()])
    });
    assert_eq!(undone.map_err(|error: store::Error| error.to_string()), Ok(1));
}

fn has_stepped_aside(server: &Server, key: &str) {
    let mut client = server.client(key);
    for path in ["/incidents/create", "/incidents/list"] {
        let answer = client.post(path, &json!({"title": "x", "users": "ana"}));
        assert_eq!(answer.status, 503, "{path}: {}", answer.body);
        assert!(answer.header("retry-after").is_some(), "{answer:?}");
    }
    let ready = client.get("/readyz");
    assert_eq!(ready.status, 503);
    let problem = ready.json()["problems"][0].as_str().unwrap().to_owned();
    assert!(problem.contains("the database is newer than this program"), "{problem}");
}

/// Creates an incident; how many there are then.
fn create(client: &mut Client, title: &str) -> usize {
    client.done("/incidents/create", &json!({"title": title, "users": "ana"}));
    client.done("/incidents/list", &json!({})).as_array().unwrap().len()
}

#[test]
fn a_node_whose_database_a_newer_one_migrates_steps_aside_and_comes_back_when_it_fits() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let home = Home::with(database, ACME);
        let (mut server, key) = (home.serve(), home.key(&[]));
        assert_eq!(create(&mut server.client(&key), "before"), 1);
        migrate_as_the_next_version(&home);
        // Without waiting for a beat: the transaction itself finds out.
        assert_eq!(server.client(&key).post("/incidents/create", &json!({"title": "x", "users": "ana"})).status, 503);
        has_stepped_aside(&server, &key);
        let refused = home.run(&["key", "create", "--organization", "acme", "--name", "late"]);
        assert!(refused.code == 1 && refused.stderr.contains("run a newer one"), "{refused:?}");
        restore(&home);
        server.logged(FITS_AGAIN);
        assert_eq!(create(&mut server.client(&key), "after"), 2, "{database:?}: nothing was written meanwhile");
        assert!(server.terminate().success());
    }
}

#[test]
fn a_node_that_starts_on_a_newer_database_waits_instead_of_crashing_again_and_again() {
    let home = Home::with(Database::Postgresql, ACME);
    let key = home.key(&[]);
    migrate_as_the_next_version(&home);
    let mut server = home.serve();
    has_stepped_aside(&server, &key);
    restore(&home);
    server.logged(FITS_AGAIN);
    assert_eq!(create(&mut server.client(&key), "after"), 1);
    assert!(server.terminate().success());
}

//! `migrate`, `backup`, and servers that meet on one database.

use checks::{Database, Home};
use serde_json::{Value, json};

use super::ACME;

#[test]
fn migrate_brings_an_empty_database_up_to_date_once() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let home = Home::new(database);
        assert!(home.succeed(&["migrate"]).starts_with("applied: incidents\n"));
        assert_eq!(home.succeed(&["migrate"]), "the schema is up to date\n");
    }
}

#[test]
fn a_database_that_cannot_be_used_is_told_without_its_password() {
    let mut home = Home::new(Database::Sqlite);
    for (url, code, told) in [
        ("sqlite:missing/reveille.db", 1, "its directory does not exist"),
        ("postgresql://ana:secret@127.0.0.1:1/reveille", 1, "127.0.0.1"),
        ("mysql://ana:secret@127.0.0.1/reveille", 2, "REVEILLE__DATABASE__URL"),
    ] {
        home.set("database.url", url);
        for command in [&["migrate"][..], &["serve"], &["key", "list", "--organization", "acme"]] {
            let finished = home.run(command);
            assert_eq!(finished.code, code, "{finished:?}");
            assert!(finished.stderr.contains(told) && !finished.stderr.contains("secret"), "{finished:?}");
        }
    }
}

#[test]
fn a_backup_taken_while_the_server_runs_can_be_served_from() {
    let mut home = Home::with(Database::Sqlite, ACME);
    let server = home.serve();
    let key = home.key(&[]);
    let mut client = server.client(&key);
    for number in 0..20 {
        client.done("/incidents/create", &json!({"title": format!("disk {number} is full"), "users": "ana"}));
    }
    client.done("/incidents/acknowledge", &json!({"instance_id": 7, "by": "ana"}));
    let without_time = |mut listed: Value| {
        for incident in listed.as_array_mut().unwrap() {
            incident["state_timestamp"] = Value::Null;
        }
        listed
    };
    let before = without_time(client.done("/incidents/list", &json!({})));
    let events = client.details(7)["events"].take();
    let told = home.succeed(&["backup", "copy.db"]);
    let (told, head) = told.split_once("audit log of acme: ").unwrap();
    assert_eq!(told, "backed up to copy.db, and verified\n");
    client.done("/incidents/create", &json!({"title": "after the backup", "users": "ana"}));

    let again = home.run(&["backup", "copy.db"]);
    assert_eq!(again.code, 1, "{again:?}");
    assert!(again.stderr.contains("copy.db exists already; a backup never overwrites"), "{again:?}");

    home.set("database.url", "sqlite:copy.db");
    let verified = home.succeed(&["audit", "verify", "--head", head.trim()]);
    assert_eq!(verified, format!("rows 1 to 4 verify\nhead: {head}"), "the audit log came with it");
    let restored = home.serve();
    let mut client = restored.client(&key);
    assert_eq!(without_time(client.done("/incidents/list", &json!({}))), before);
    assert_eq!(client.details(7)["events"], events, "the log came with it");
    client.done("/incidents/resolve", &json!({"instance_id": 7}));
}

#[test]
fn a_backup_of_postgresql_is_left_to_its_own_tools() {
    let home = Home::with(Database::Postgresql, ACME);
    let finished = home.run(&["backup", "copy.db"]);
    assert_eq!(finished.code, 1, "{finished:?}");
    assert!(finished.stderr.contains("for PostgreSQL use pg_dump"), "{finished:?}");
    assert!(!home.path("copy.db").exists());
}

#[test]
fn two_servers_started_at_the_same_moment_on_one_empty_database_both_come_up() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let home = Home::new(database);
        let servers: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..2).map(|_| scope.spawn(|| home.serve())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        home.apply(ACME);
        let key = home.key(&[]);
        let mut clients: Vec<_> = servers.iter().map(|server| server.client(&key)).collect();
        let body = json!({"title": "Disk full", "users": "ana", "dedup_key": "disk"});
        let created: Vec<_> = clients.iter_mut().map(|client| client.done("/incidents/create", &body)).collect();
        assert_eq!(created[0]["instance_id"], created[1]["instance_id"], "what one stores, the other sees");
        clients[1].done("/incidents/acknowledge", &json!({"instance_id": created[0]["instance_id"]}));
        let seen = clients[0].details(created[0]["instance_id"].as_i64().unwrap());
        assert_eq!((&seen["status"], &seen["suppressed_count"]), (&json!("ACKNOWLEDGED"), &json!(1)));
        assert!(servers.into_iter().all(|server| server.terminate().success()));
    }
}

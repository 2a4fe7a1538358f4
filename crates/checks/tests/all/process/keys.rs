//! `key`: what is made works at once on the running server, and what is revoked works no longer at once.

use checks::{Database, Home, Server};
use serde_json::{Value, json};

use super::ACME;

/// Status and code of a request that every key may make, and of one that changes an incident.
fn tried(server: &Server, key: &str) -> [(u16, Value); 2] {
    let mut client = server.client(key);
    let list = client.post("/incidents/list", &json!({}));
    let acknowledge = client.post("/incidents/acknowledge", &json!({"instance_id": 1}));
    [list, acknowledge].map(|answer| (answer.status, answer.json()["code"].clone()))
}

#[test]
fn a_key_may_do_what_its_scope_says_from_where_it_says_until_it_says_on_both_databases() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let mut home = Home::with(database, ACME);
        let server = home.serve();
        server.client(&home.key(&[])).done("/incidents/create", &json!({"title": "Disk full", "users": "ana"}));
        let fine = || (200, Value::Null);
        let refused = |status, code: &str| (status, Value::from(code));
        let table = [
            (&["--scope", "read"][..], [fine(), refused(403, "scope_too_small")]),
            (&["--scope", "incidents"], [fine(), fine()]),
            (&["--scope", "admin"], [fine(), fine()]),
            (&["--allow", "127.0.0.0/8"], [fine(), fine()]),
            (&["--allow", "10.0.0.0/8", "--allow", "127.0.0.1"], [fine(), fine()]),
            (&["--expires", "2999-12-31"], [fine(), fine()]),
        ];
        for (arguments, expect) in table {
            assert_eq!(tried(&server, &home.key(arguments)), expect, "{arguments:?}");
        }
        for (arguments, status, code) in [
            (&["--allow", "10.0.0.0/8"][..], 403, "address_not_allowed"),
            (&["--expires", "2020-01-31"], 401, "expired_key"),
        ] {
            // It expired since it was made.
            home.set_clock_off_by("@2020-01-01 00:00:00");
            let [list, acknowledge] = tried(&server, &home.key(arguments));
            home.set_clock_off_by("+0");
            assert_eq!((&list, &acknowledge), (&refused(status, code), &refused(status, code)), "{arguments:?}");
        }
        assert_eq!(tried(&server, "reveille_nobodys")[0].0, 401);
    }
}

#[test]
fn a_revoked_key_is_refused_at_once_by_the_running_server() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let home = Home::with(database, ACME);
        let server = home.serve();
        let (key, other) = (home.key(&[]), home.key(&[]));
        let mut client = server.client(&key);
        client.done("/incidents/create", &json!({"title": "Disk full", "users": "ana"}));
        let listed = home.succeed(&["key", "list", "--organization", "acme"]);
        assert!(!listed.contains(&key) && !listed.contains(&other), "no key is shown twice: {listed}");
        let id = number(&listed, &key);
        let revoked = home.succeed(&["key", "revoke", "--organization", "acme", &id]);
        assert_eq!(revoked, format!("key {id} is revoked\n"));
        for (path, body) in [
            ("/incidents/acknowledge", json!({"instance_id": 1})),
            ("/incidents/list", json!({})),
            ("/incidents/details", json!({"instance_id": 1})),
            ("/users/list", json!({})),
        ] {
            let answer = client.post(path, &body);
            assert_eq!((answer.status, &answer.json()["code"]), (401, &json!("revoked_key")), "{path}");
        }
        assert_eq!(client.get("/list/users").status, 401);
        assert_eq!(tried(&server, &other)[0].0, 200, "other keys go on");
        let listed = home.succeed(&["key", "list", "--organization", "acme"]);
        let line = listed.lines().find(|line| line.trim_start().starts_with(&format!("{id} "))).unwrap();
        assert!(line.contains("revoked 2"), "{line}");
        let again = home.run(&["key", "revoke", "--organization", "acme", &id]);
        assert_eq!(again.code, 2, "{again:?}");
    }
}

#[test]
fn mistakes_about_keys_are_told_and_make_none() {
    let home = Home::with(Database::Sqlite, ACME);
    let create = ["key", "create", "--organization", "acme", "--name", "n"];
    let long = "n".repeat(256);
    for (arguments, told) in [
        (vec!["key", "create", "--organization", "nobody", "--name", "n"], "no organization is named `nobody`"),
        (vec!["key", "create", "--organization", "acme", "--name", &long], "--name: must have 1 to 255 characters"),
        ([&create[..], &["--allow", "10.0.0.0/33"]].concat(), "--allow: `10.0.0.0/33` is not a network"),
        ([&create[..], &["--expires", "2020-01-31"]].concat(), "--expires: `2020-01-31` must be in the future"),
        ([&create[..], &["--expires", "soon"]].concat(), "--expires: `soon` is not a day or an instant"),
        ([&create[..], &["--scope", "all"]].concat(), "--scope"),
        (vec!["key", "list", "--organization", "nobody"], "no organization is named `nobody`"),
        (vec!["key", "revoke", "--organization", "acme", "7"], "there is no key 7"),
    ] {
        let finished = home.run(&arguments);
        assert_eq!((finished.code, finished.stdout.as_str()), (2, ""), "{finished:?}");
        assert!(finished.stderr.contains(told), "{told}: {finished:?}");
    }
    assert_eq!(home.succeed(&["key", "list", "--organization", "acme"]).lines().count(), 1, "only the heading");
}

/// The number of a key in a list, known by the end of the key.
fn number(listed: &str, key: &str) -> String {
    let tail = format!("…{}", &key[key.len() - 5..]);
    let line = listed.lines().find(|line| line.contains(&tail)).unwrap_or_else(|| panic!("{tail}: {listed}"));
    line.split_whitespace().next().unwrap().to_owned()
}

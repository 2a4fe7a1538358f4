//! `integration rotate-key`: the key before counts for as long as was said, and not a moment longer.

use checks::{Database, Home, Server};
use serde_json::json;

const DEFINITION: &str = r#"
[organization]
name = "acme"

[[user]]
username = "ana"
email = "ana@example.org"

[[integration]]
name = "scripts"
kind = "generic"
users = ["ana"]

[[integration]]
name = "quiet"
kind = "generic"
users = ["ana"]

[[integration]]
name = "fixed"
kind = "generic"
users = ["ana"]
key = "00000000-0000-4000-8000-000000000001"
"#;

const ROTATE: [&str; 4] = ["integration", "rotate-key", "--organization", "acme"];

/// The path that the integration of this name is reached at, as the command lists it.
fn path(home: &Home, integration: &str) -> String {
    let listed = home.succeed(&["integration", "list", "--organization", "acme"]);
    let line = listed.lines().find(|line| line.starts_with(integration)).expect("an integration");
    let at = line.find("/generic/").expect("an address");
    line[at..].trim().to_owned()
}

/// The status that is answered to an alert that comes by this path.
fn sent(server: &Server, path: &str) -> u16 {
    server.client("").post(path, &json!({"title": "Disk full", "id": path})).status
}

#[test]
fn an_integration_is_given_another_key_at_once_on_the_running_server_and_the_one_before_counts_as_long_as_is_said() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let home = Home::with(database, DEFINITION);
        let server = home.serve();
        let first = path(&home, "scripts");
        assert_eq!(sent(&server, &first), 200);
        let told = home.succeed(&[&ROTATE[..], &["scripts"]].concat());
        let second = path(&home, "scripts");
        assert_ne!(second, first);
        let (key, before) = told.trim().split_once('\n').expect("two lines");
        assert_eq!(format!("/generic/{key}"), second);
        assert!(before.starts_with("The key before counts until 20") && before.ends_with(" UTC."), "{told}");
        assert_eq!([sent(&server, &first), sent(&server, &second)], [200, 200]);
        // Of this one nothing came yet that the server would remember for a moment.
        let before = path(&home, "quiet");
        let told = home.succeed(&[&ROTATE[..], &["--overlap-hours", "0", "quiet"]].concat());
        let after = path(&home, "quiet");
        assert_eq!(told, format!("{}\nThe key before counts no more.\n", &after["/generic/".len()..]));
        assert_eq!([sent(&server, &before), sent(&server, &after)], [401, 200]);
        assert!(home.succeed(&["audit", "export"]).contains("\"integration.rotate_key\""));
    }
}

#[test]
fn the_key_that_a_file_gives_and_what_is_not_there_are_refused_with_words_and_nothing_is_changed() {
    let home = Home::with(Database::Sqlite, DEFINITION);
    let before = path(&home, "fixed");
    for (arguments, expected) in [
        (&["fixed"][..], "gives the key of `fixed`: give another one there, and apply"),
        (&["nothing"], "no integration is named `nothing`"),
        (&["--overlap-hours", "721", "scripts"], "721 is not in 0..=720"),
    ] {
        let refused = home.run(&[&ROTATE[..], arguments].concat());
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.stderr.contains(expected), "{refused:?}");
    }
    assert_eq!(path(&home, "fixed"), before);
}

//! `audit`: what was exported verifies without a database, and what was tampered with does not.

use super::ACME;
use checks::{Database, Home};

#[test]
fn an_export_verifies_offline_until_somebody_changes_it() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let mut home = Home::with(database, ACME);
        let (first, second) = (home.key(&["--scope", "read"]), home.key(&[]));
        home.succeed(&["key", "revoke", "--organization", "acme", "1"]);
        let lines = home.succeed(&["audit", "export"]);
        assert_eq!(
            lines.lines().count(),
            7,
            "the organization and two components, two keys, one revoked, the export: {lines}"
        );
        assert!(!lines.contains(&first) && !lines.contains(&second));
        let whole = home.succeed(&["audit", "verify"]);
        assert!(whole.starts_with("rows 1 to 7 verify\nhead: 7:"), "{whole}");
        let head = whole.trim().rsplit_once(' ').unwrap().1.to_owned();
        home.write("all.jsonl", &lines);
        home.write("changed.jsonl", &lines.replacen("\"read\"", "\"admin\"", 1));
        home.write(
            "removed.jsonl",
            &lines
                .lines()
                .enumerate()
                .filter(|(at, _)| *at != 1)
                .map(|(_, line)| format!("{line}\n"))
                .collect::<String>(),
        );
        home.write("short.jsonl", &lines.lines().take(6).map(|line| format!("{line}\n")).collect::<String>());
        home.set("database.url", "sqlite:/nowhere/at/all.db");
        assert_eq!(home.succeed(&["audit", "verify", "all.jsonl", "--head", &head]), whole, "without a database");
        for (file, arguments, expected) in [
            ("changed.jsonl", &[][..], "row 4 was changed: it does not have its digest"),
            ("removed.jsonl", &[], "row 2 was removed"),
            ("short.jsonl", &["--head", head.as_str()], "the end was cut off: the last row is 6, and row 7 was known"),
        ] {
            let told = home.run(&[&["audit", "verify", file], arguments].concat());
            assert_eq!((told.code, told.stderr.trim()), (1, format!("reveille: {file}: {expected}").as_str()));
        }
        let wrong = home.run(&["audit", "verify", "all.jsonl", "--head", "4"]);
        assert_eq!((wrong.code, wrong.stderr.trim()), (2, "reveille: --head: must be NUMBER:DIGEST, not `4`"));
    }
}

#[test]
fn a_table_is_exported_with_a_line_for_each_row_of_a_period() {
    let home = Home::with(Database::Sqlite, ACME);
    home.key(&[]);
    let table = home.succeed(&["audit", "export", "--format", "csv"]);
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("number,at,actor_kind,actor,") && lines[1].starts_with("1,20"), "{table}");
    assert_eq!(lines.len(), 6);
    assert_eq!(home.succeed(&["audit", "export", "--until", "2020-01-01"]), "");
    let wrong = home.run(&["audit", "export", "--since", "yesterday"]);
    assert_eq!((wrong.code, wrong.stderr.trim()), (2, "reveille: --since: `yesterday` is not a day or an instant"));
}

#[test]
fn the_log_verifies_after_somebody_was_removed_and_erased_by_a_command() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let lou = "[[user]]\nusername = \"lou\"\ndisplay_name = \"Lou Lund\"\nemail = \"lou@example.org\"\n";
        let home = Home::with(database, &format!("{ACME}\n{lou}"));
        home.succeed(&["release", "lou"]);
        let before = home.succeed(&["audit", "export"]);
        assert!(before.contains("lou@example.org"));
        let told = home.succeed(&["user", "remove", "lou", "--erase"]);
        assert!(told.contains("lou is shown as former person 1 from now on"), "{told}");
        let whole = home.succeed(&["audit", "verify"]);
        assert!(whole.starts_with("rows 1 to "), "{whole}");
        let after = home.succeed(&["audit", "export"]);
        assert!(!after.contains("lou@example.org") && !after.contains("Lou Lund"), "{after}");
        home.write("after.jsonl", &after);
        home.succeed(&["audit", "verify", "after.jsonl"]);
        assert!(home.succeed(&["user", "remove", "lou", "--erase"]).contains("former person 1"), "once more");
        let nobody = home.run(&["user", "remove", "nobody", "--erase"]);
        assert_eq!(
            (nobody.code, nobody.stderr.trim()),
            (2, "reveille: user: there is no user `nobody`, nor one who left")
        );
    }
}

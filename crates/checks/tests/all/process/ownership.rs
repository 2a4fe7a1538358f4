//! What a directory file owns and what it leaves alone: names that change, components that are handed over.

use super::ACME;
use checks::{Database, Home};

const SERVICE: &str = r#"
[[escalation_policy]]
name = "database team"
levels = [{ minutes = 10, users = ["ana"] }]

[[service]]
name = "database"
escalation_policy = "database team"
"#;

#[test]
fn a_component_that_says_its_old_name_is_renamed_and_what_names_it_follows() {
    let home = Home::with(Database::Sqlite, &format!("{ACME}{SERVICE}"));
    let renamed = SERVICE.replace("database team", "data team").replacen(
        "name = \"data team\"",
        "name = \"data team\"\nrenamed_from = \"database team\"",
        1,
    );
    home.write("renamed.toml", &format!("{ACME}{renamed}"));
    let shown = home.succeed(&["apply", "renamed.toml"]);
    let expect = "~ escalation_policy `database team`: renamed to `data team`\n0 to create, 1 to update, 0 to remove\n";
    assert!(shown.ends_with(expect), "{shown}");
    assert_eq!(home.succeed(&["apply", "renamed.toml"]), "nothing to change\n");
    let person = ACME.replacen("username =", "renamed_from = \"anna\"\nusername =", 1);
    home.write("person.toml", &person);
    let refused = home.run(&["apply", "person.toml"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("renamed_from: people keep their username"), "{refused:?}");
}

#[test]
fn what_was_handed_to_the_api_is_left_alone_until_the_file_takes_it_over() {
    let home = Home::with(Database::Sqlite, &format!("{ACME}{SERVICE}"));
    let whole = home.succeed(&["export"]);
    home.succeed(&["release", "database"]);
    home.write("without.toml", ACME);
    // The service is the API's, and the policy that it names would go with the file.
    let refused = home.run(&["apply", "without.toml"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(
        refused.stderr.contains("service `database`: escalation_policy: no escalation policy is named"),
        "{refused:?}"
    );
    let told = home.succeed(&["release", "database team"]);
    assert_eq!(told, "escalation policy `database team` is managed by the API now\n");
    assert_eq!(home.succeed(&["apply", "without.toml"]), "nothing to change\n");
    assert_eq!(home.succeed(&["export"]), whole);
    assert!(!home.succeed(&["export", "--managed-by", "file"]).contains("database"));
    let other = SERVICE.replace("minutes = 10", "minutes = 20");
    home.write("other.toml", &format!("{ACME}{other}"));
    let refused = home.run(&["apply", "other.toml"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    let expect = "escalation policy `database team` was made by the API, and the file says something else of it";
    assert!(refused.stderr.contains(expect), "{refused:?}");
    assert!(home.succeed(&["apply", "--adopt", "database team", "other.toml"]).contains("levels: "));
    // What a file may name, it need not own.
    home.succeed(&["release", "database team"]);
    let service = &SERVICE[SERVICE.find("[[service]]").expect("a service")..];
    home.write("service.toml", &format!("{ACME}{service}"));
    let expect = "~ service `database`: managed by the file from now on\n0 to create, 1 to update, 0 to remove\n";
    assert_eq!(home.succeed(&["apply", "--adopt-all", "--dry-run", "service.toml"]), expect);
    let json = home.succeed(&["apply", "--adopt-all", "--dry-run", "--json", "service.toml"]);
    assert!(json.contains("\"do\": \"adopt\""), "{json}");
    assert_eq!(home.succeed(&["apply", "--adopt-all", "service.toml"]), expect);
    assert_eq!(home.succeed(&["apply", "--adopt-all", "service.toml"]), "nothing to change\n");
    let log = home.succeed(&["audit", "export"]);
    assert!(log.contains("\"service.adopt\"") && log.contains("\"directory.export\""), "{log}");
    let unknown = home.run(&["release", "nothing"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
}

#[test]
fn an_organization_that_says_its_old_name_is_renamed_and_the_old_name_makes_no_other_one() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let home = Home::with(database, ACME);
        let renamed = ACME.replacen("name = \"acme\"", "name = \"globex\"\nrenamed_from = \"acme\"", 1);
        home.write("renamed.toml", &renamed);
        let shown = home.succeed(&["apply", "renamed.toml"]);
        assert!(shown.contains("name: \"acme\" -> \"globex\""), "{shown}");
        assert_eq!(home.succeed(&["apply", "renamed.toml"]), "nothing to change\n");
        home.write("old.toml", ACME);
        let refused = home.run(&["apply", "old.toml"]);
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.stderr.contains("organization `acme` is named `globex` now"), "{refused:?}");
        // A command that says the old name means it.
        let listed = home.succeed(&["key", "list", "--organization", "acme"]);
        assert_eq!(listed, home.succeed(&["key", "list", "--organization", "globex"]));
        assert!(home.succeed(&["export"]).contains("[organization]\nname = \"globex\"\n"));
        let back = ACME.replacen("name = \"acme\"", "name = \"acme\"\nrenamed_from = \"globex\"", 1);
        home.write("back.toml", &back);
        assert!(home.succeed(&["apply", "back.toml"]).contains("name: \"globex\" -> \"acme\""));
        let wrong = ACME.replacen("name = \"acme\"", "name = \"acme\"\nrenamed_from = 7", 1);
        home.write("wrong.toml", &wrong);
        assert!(home.run(&["apply", "wrong.toml"]).stderr.contains("organization: renamed_from: must be a string"));
    }
}

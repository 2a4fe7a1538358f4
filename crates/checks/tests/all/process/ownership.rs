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
    assert_eq!(home.succeed(&["apply", "--adopt-all", "service.toml"]), "nothing to change\n");
    assert!(home.succeed(&["audit", "export"]).contains("\"service.adopt\""));
    let unknown = home.run(&["release", "nothing"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
}

//! `apply` and `export`: the plan is shown, mistakes are placed, and what is in use is not removed.

use checks::{Database, Home};
use serde_json::{Value, json};

use super::ACME;

const SERVICE: &str = r#"
[[escalation_policy]]
name = "database team"
levels = [{ minutes = 10, users = ["ana"] }]

[[service]]
name = "database"
escalation_policy = "database team"
"#;

#[test]
fn applying_shows_what_changes_and_a_second_time_changes_nothing() {
    let home = Home::new(Database::Sqlite);
    let plan = home.apply(ACME);
    for line in ["+ user `ana`", "+ escalation_policy `primary`", "2 to create, 1 to update, 0 to remove"] {
        assert!(plan.lines().any(|shown| shown == line), "{line} in {plan}");
    }
    assert_eq!(home.apply(ACME), "nothing to change\n");
    let plan = home.apply(&ACME.replace("600", "5"));
    assert!(plan.contains("~ escalation_policy `primary`: levels: "), "{plan}");
    assert!(plan.ends_with("0 to create, 1 to update, 0 to remove\n"), "{plan}");
}

#[test]
fn a_dry_run_changes_nothing() {
    let home = Home::with(Database::Sqlite, ACME);
    let before = home.succeed(&["export"]);
    home.write("more.toml", &format!("{ACME}{SERVICE}"));
    let shown = home.succeed(&["apply", "--dry-run", "more.toml"]);
    assert!(shown.contains("+ service `database`"), "{shown}");
    assert_eq!(home.succeed(&["export"]), before);
    assert_eq!(home.succeed(&["apply", "more.toml"]), shown, "what was shown is what is done");
}

#[test]
fn a_plan_is_written_as_json_with_why_it_is_refused() {
    let home = Home::with(Database::Sqlite, ACME);
    let told = |arguments: &[&str]| {
        let finished = home.run(arguments);
        let told: Value = serde_json::from_str(&finished.stdout).expect("JSON");
        (finished.code, told)
    };
    home.write("more.toml", &format!("{ACME}{SERVICE}"));
    let (code, plan) = told(&["apply", "--dry-run", "--json", "more.toml"]);
    assert_eq!((code, &plan["changes"][1]), (0, &json!({"do": "create", "kind": "service", "name": "database"})));
    assert_eq!(told(&["apply", "--json", "more.toml"]), (0, plan), "what was shown is what is done");
    let key = home.key(&[]);
    let server = home.serve();
    let mut client = server.client(&key);
    let service = client.get("/list/services").json()[0]["ref_id"].clone();
    client.done("/incidents/create", &json!({"title": "Disk full", "service_ref_id": service}));
    home.write("less.toml", ACME);
    let (code, refused) = told(&["apply", "--dry-run", "--json", "less.toml"]);
    assert_eq!((code, &refused["plan"], &refused["changes"]), (2, &json!(""), &json!([])));
    assert_eq!(refused["refused"].as_array().map(Vec::len), Some(2), "{refused}");
    home.write("wrong.toml", &ACME.replace("email =", "emial ="));
    let (code, wrong) = told(&["apply", "--json", "wrong.toml"]);
    assert_eq!(code, 2);
    assert!(wrong["refused"][0].as_str().is_some_and(|why| why.starts_with("wrong.toml:8: ")), "{wrong}");
}

#[test]
fn a_team_is_exported_with_what_it_owns_and_nothing_else() {
    let owned = SERVICE.replace("[[service]]", "[[service]]\nteam = \"databases\"");
    let both = format!("{ACME}{owned}\n[[team]]\nname = \"databases\"\nmembers = [\"ana\"]\n");
    let home = Home::with(Database::Sqlite, &both);
    let part = home.succeed(&["export", "--team", "databases"]);
    assert!(part.contains("[[team]]") && part.contains("name = \"database\""), "{part}");
    assert!(!part.contains("[[user]]") && !part.contains("[[escalation_policy]]"), "{part}");
    let unknown = home.run(&["export", "--team", "networks"]);
    assert_eq!((unknown.code, unknown.stderr.trim_end()), (2, "reveille: no team is named `networks`"));
}

#[test]
fn every_mistake_of_a_directory_is_told_with_its_file_and_line_and_nothing_is_changed() {
    let home = Home::with(Database::Sqlite, ACME);
    let before = home.succeed(&["export"]);
    home.write("wrong.toml", &ACME.replace("users = [\"ana\"]", "users = [\"anna\"]").replace("email =", "emial ="));
    for arguments in [&["apply", "wrong.toml"][..], &["apply", "--dry-run", "wrong.toml"]] {
        let finished = home.run(arguments);
        assert_eq!((finished.code, finished.stdout.as_str()), (2, ""), "{finished:?}");
        let told: Vec<_> = finished.stderr.lines().collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with("reveille: wrong.toml:8: user `ana`: unknown key `emial`"), "{told:?}");
        assert!(told[1].starts_with("reveille: wrong.toml:12: escalation_policy `primary`: "), "{told:?}");
        assert!(told[1].contains("anna"), "{told:?}");
    }
    assert_eq!(home.succeed(&["export"]), before);
    let missing = home.run(&["apply", "nowhere.toml"]);
    assert_eq!(missing.code, 2, "{missing:?}");
    assert!(missing.stderr.contains("nowhere.toml"), "{missing:?}");
}

#[test]
fn what_an_unresolved_incident_refers_to_is_not_removed_until_it_is_resolved() {
    let home = Home::with(Database::Sqlite, &format!("{ACME}{SERVICE}"));
    let server = home.serve();
    let mut client = server.client(&home.key(&[]));
    let service = client.get("/list/services").json()[0]["ref_id"].clone();
    let created = client.done("/incidents/create", &json!({"title": "Disk full", "service_ref_id": service}));
    let id = created["instance_id"].clone();

    home.write("less.toml", ACME);
    let refused = home.run(&["apply", "less.toml"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    for what in ["service `database`", "escalation policy `database team`"] {
        let sentence =
            format!("{what} cannot be removed: incident #1 (instance_id 1) refers to it and is not resolved");
        assert!(refused.stderr.contains(&sentence), "{refused:?}");
    }
    let services = client.get("/list/services").json();
    assert_eq!(services.as_array().unwrap().len(), 1, "nothing was changed: {services}");

    client.done("/incidents/resolve", &json!({"instance_id": id}));
    let plan = home.succeed(&["apply", "less.toml"]);
    assert!(plan.ends_with("0 to create, 0 to update, 2 to remove\n"), "{plan}");
    assert_eq!(client.get("/list/services").json(), json!([]), "the running server sees it at once");
    let refused = client.post("/incidents/create", &json!({"title": "Disk full", "service_ref_id": service}));
    assert_eq!(refused.status, 404, "{}", refused.body);
    assert_eq!(client.details(id.as_i64().unwrap())["status"], "RESOLVED", "what was, is still told");
}

#[test]
fn what_is_exported_changes_nothing_when_it_is_applied() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let home = Home::with(database, include_str!("../../../../../examples/demo.toml"));
        let exported = home.succeed(&["export"]);
        let applied = home.apply(&exported);
        assert_eq!(applied.lines().find(|line| !line.contains(": warning: ")), Some("nothing to change"), "{applied}");
        assert_eq!(home.succeed(&["export", "--organization", "demo"]), exported);

        let other = Home::with(database, &exported);
        assert_eq!(other.succeed(&["export"]), exported, "and makes the same organization elsewhere");
    }
}

#[test]
fn export_asks_which_organization_is_meant_where_it_cannot_know() {
    let home = Home::new(Database::Sqlite);
    for (arguments, told) in [
        (&["export"][..], "there is no organization yet"),
        (&["export", "--organization", "acme"], "no organization is named `acme`"),
    ] {
        let finished = home.run(arguments);
        assert_eq!((finished.code, finished.stdout.as_str()), (2, ""), "{finished:?}");
        assert!(finished.stderr.contains(told), "{finished:?}");
    }
    home.apply(ACME);
    home.apply(&ACME.replace("acme", "zenith"));
    let finished = home.run(&["export"]);
    assert_eq!(finished.code, 2);
    assert!(finished.stderr.contains("--organization: acme, zenith"), "{finished:?}");
}

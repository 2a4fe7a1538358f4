//! `on-call`, `lint` and `contact`: what is seen of a directory before anybody is paged by it.

use checks::{Database, Home};
use serde_json::{Value, json};

const WEEK: &str = r#"[organization]
name = "acme"

[[user]]
username = "ana"
email = "ana@example.com"

[[user]]
username = "ben"
sms = "+4915112345678"

[[routine]]
name = "week"
timezone = "Europe/Lisbon"
routine_layers = [
  { valid_start = "2026-01-05", rotation_start = "09:00:00", rotation_frequency = 7, rotations = [["ana"], ["ben"]], skip_days = [6] },
]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, routines = ["week"] }, { minutes = 10, users = ["ana"] }]
"#;

fn home() -> Home {
    let home = Home::new(Database::Sqlite);
    home.write("acme.toml", WEEK);
    home
}

fn answered(home: &Home, arguments: &[&str]) -> Value {
    let told = home.succeed(&[&["on-call"], arguments].concat());
    serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error}: {told}"))
}

const FORTNIGHT: [&str; 4] = ["--from", "2026-06-01", "--until", "2026-06-15"];

fn weeks() -> Value {
    json!([
        {"from": "2026-06-01T08:00:00.000000", "until": "2026-06-07T08:00:00.000000", "on_call": ["ben"]},
        {"from": "2026-06-08T08:00:00.000000", "until": "2026-06-14T08:00:00.000000", "on_call": ["ana"]},
    ])
}

#[test]
fn who_is_on_call_by_a_file_is_told_in_the_shape_of_every_schedule() {
    let home = home();
    for file in [&["acme.toml"][..], &["--config", "acme.toml"]] {
        let routine = [file, &["--routine", "week"], &FORTNIGHT].concat();
        assert_eq!(answered(&home, &routine), json!({ "intervals": weeks() }));
        let policy = answered(&home, &[file, &["--policy", "primary"], &FORTNIGHT].concat());
        let all =
            json!([{"from": "2026-06-01T00:00:00.000000", "until": "2026-06-15T00:00:00.000000", "on_call": ["ana"]}]);
        let levels = json!([{"level": 1, "intervals": weeks()}, {"level": 2, "intervals": all}]);
        assert_eq!(policy["levels"], levels);
        let gap = json!({"from": "2026-06-07T08:00:00.000000", "until": "2026-06-08T08:00:00.000000"});
        assert_eq!((policy["gaps"].as_array().unwrap().len(), &policy["gaps"][1]), (3, &gap));
        let at = answered(&home, &[file, &["--routine", "week", "--at", "2026-06-02T12:00:00+02:00"]].concat());
        let ben =
            json!({"from": "2026-06-02T10:00:00.000000", "until": "2026-06-07T08:00:00.000000", "on_call": ["ben"]});
        assert_eq!(at, json!({ "intervals": [ben] }));
        let now = answered(&home, file);
        assert_eq!(now["policies"][0]["levels"].as_array().unwrap().len(), 2, "{now}");
    }
    let sunday = answered(&home, &["acme.toml", "--routine", "week", "--at", "2026-06-07T12:00"]);
    assert_eq!(sunday, json!({ "intervals": [] }));
}

#[test]
fn a_table_says_it_in_local_time_and_in_utc() {
    let home = home();
    let told = |arguments: &[&str]| home.succeed(&[&["on-call", "acme.toml", "--table"], arguments].concat());
    let expected = "routine `week`, Europe/Lisbon\n\
        \x20 2026-06-05 01:00 (2026-06-05 00:00 UTC)  to  2026-06-07 09:00 (2026-06-07 08:00 UTC)  ben\n\
        \x20 2026-06-07 09:00 (2026-06-07 08:00 UTC)  to  2026-06-08 09:00 (2026-06-08 08:00 UTC)  nobody\n\
        \x20 2026-06-08 09:00 (2026-06-08 08:00 UTC)  to  2026-06-10 01:00 (2026-06-10 00:00 UTC)  ana\n";
    assert_eq!(told(&["--routine", "week", "--from", "2026-06-05", "--until", "2026-06-10"]), expected);
    let expected = "policy `primary`, level 1 (5 minutes), Europe/Lisbon\n\
        \x20 nobody, until 2026-06-08 09:00 (2026-06-08 08:00 UTC)\n\
        policy `primary`, level 2 (10 minutes)\n\
        \x20 ana, with no change within a year\n";
    assert_eq!(told(&["--at", "2026-06-07T12:00"]), expected);
}

#[test]
fn what_cannot_be_told_is_a_mistake_that_names_the_option() {
    let home = home();
    for (arguments, told) in [
        (&["acme.toml", "--routine", "month"][..], "--routine: no routine is named `month`"),
        (&["acme.toml", "--policy", "week"], "--policy: no escalation policy is named `week`"),
        (&["acme.toml", "--at", "noon"], "--at: `noon` is not a timestamp"),
        (&["acme.toml", "--from", "2026-06-02", "--until", "2026-06-02"], "--until: must be after --from"),
        (
            &["acme.toml", "--from", "2026-06-02", "--until", "2046-06-02"],
            "--until: must be at most 3660 days after --from",
        ),
        (&["acme.toml", "--from", "2026-06-02"], "--until"),
        (&["acme.toml", "--at", "2026-06-02", "--from", "2026-06-02", "--until", "2026-06-03"], "cannot be used with"),
        (&["nowhere.toml"], "nowhere.toml: cannot be read"),
        (&[], "PATH"),
    ] {
        let finished = home.run(&[&["on-call"], arguments].concat());
        assert_eq!((finished.code, finished.stdout.as_str()), (2, ""), "{finished:?}");
        assert!(finished.stderr.contains(told), "{told}: {finished:?}");
    }
}

#[test]
fn warnings_stand_at_their_line_and_fail_only_where_that_is_asked_for() {
    let home = home();
    let expected = "acme.toml:9: warning: user `ben`: username: no step for urgency 1, 2 has a contact that can be used, so sms \
                    is used at once\n";
    for file in [&["acme.toml"][..], &["--config", "acme.toml"]] {
        let told = home.succeed(&[&["lint"], file].concat());
        assert!(told.starts_with("acme.toml:"), "{told}");
        let lines: Vec<_> = told.lines().collect();
        assert_eq!((lines.len(), format!("{}\n", lines[0])), (3, expected.to_owned()), "{told}");
        assert!(
            lines[1].starts_with("acme.toml:21: warning: escalation_policy `primary`: levels: level 1: in the next 28")
        );
        assert_eq!(lines[2], "2 warnings");
        let strict = home.run(&[&["lint", "--strict"], file].concat());
        assert_eq!((strict.code, strict.stdout), (1, told));
    }
    let sound =
        WEEK.replace(", skip_days = [6]", "").replace("sms = \"+4915112345678\"", "email = \"ben@example.com\"");
    home.write("sound.toml", &sound);
    assert_eq!(home.succeed(&["lint", "--strict", "sound.toml"]), "nothing to warn of\n");
    home.write("wrong.toml", &sound.replace("[\"week\"]", "[\"month\"]"));
    let wrong = home.run(&["lint", "wrong.toml"]);
    assert_eq!((wrong.code, wrong.stdout.as_str()), (2, ""), "{wrong:?}");
}

#[test]
fn the_plan_of_apply_warns_of_contacts_until_they_are_verified() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let home = Home::new(database);
        home.write("acme.toml", &WEEK.replace(", skip_days = [6]", ""));
        let unverified = "acme.toml:9: warning: user `ben`: username: is on call, and nobody can reach them: the sms contact is \
                          not verified\n";
        let shown = home.succeed(&["apply", "--dry-run", "acme.toml"]);
        assert!(shown.starts_with(unverified) && shown.ends_with("0 to remove\n"), "{shown}");
        assert_eq!(home.succeed(&["apply", "acme.toml"]), shown);

        let list = || home.succeed(&["contact", "list", "--organization", "acme"]);
        let line = |user: &str| list().lines().find(|line| line.starts_with(user)).unwrap_or_default().to_owned();
        assert!(line("ana").ends_with("not needed") && line("ana").contains("a…@example.com"), "{}", list());
        assert!(line("ben").ends_with("no") && line("ben").contains("…678"), "{}", list());
        let trust = |user: &str, channel: &str| {
            home.run(&["contact", "trust", "--organization", "acme", "--user", user, "--channel", channel])
        };
        let trusted = trust("ben", "sms");
        assert_eq!((trusted.code, trusted.stdout.as_str()), (0, "the sms contact of `ben`, …678, is verified\n"));
        assert!(trusted.stderr.contains("an operator vouched for a contact"), "{}", trusted.stderr);
        assert!(line("ben").contains("since "), "{}", list());
        let quieter = home.succeed(&["apply", "acme.toml"]);
        assert!(quieter.contains("no step for urgency 1, 2") && !quieter.contains("not verified"), "{quieter}");
        for (user, channel, told) in [
            ("ben", "email", "--channel: must be sms, voice, chat or push, not `email`"),
            ("ben", "voice", "user `ben` has no voice contact"),
            ("cho", "sms", "`acme` has no user `cho`"),
        ] {
            let refused = trust(user, channel);
            assert_eq!(refused.code, 2, "{refused:?}");
            assert!(refused.stderr.contains(told), "{refused:?}");
        }
    }
}

//! `check-config`, `openapi`, and what the command line says of itself.

use checks::{Database, Home};

#[test]
fn check_config_tells_every_mistake_with_its_place() {
    let mut home = Home::new(Database::Sqlite);
    assert_eq!(home.succeed(&["check-config"]), "the configuration is without mistakes\n");
    home.write("good.toml", "[limits]\nrate_per_second = 10\n");
    assert_eq!(home.succeed(&["check-config", "--config", "good.toml"]), "the configuration is without mistakes\n");
    let wrong = "[server]\nlisten = \"everywhere\"\n[databse]\nurl = \"sqlite:x\"\n[limits]\nbatch = 0\nqueu = 5\n\
        [smtp]\nhost = \"mail.example.org\"\n";
    home.write("wrong.toml", wrong);
    home.set("egress.allow", "10.0.0.0/8,everything");
    home.set("server.lisen", "127.0.0.1:1");
    // The environment wins over the file, whose mistake would not be in force.
    home.set("server.listen", "127.0.0.1:99999");
    let finished = home.run(&["check-config", "--config", "wrong.toml"]);
    assert_eq!((finished.code, finished.stdout.as_str()), (2, ""), "{finished:?}");
    for beginning in [
        "wrong.toml:3: [databse]: unknown section; did you mean `database`?",
        "wrong.toml:6: limits.batch: ",
        "wrong.toml:7: limits.queu: unknown key; did you mean `queue`?",
        "wrong.toml:9: smtp.host: set, but smtp.from is not",
        "REVEILLE__EGRESS__ALLOW: ",
        "REVEILLE__SERVER__LISEN: ",
        "REVEILLE__SERVER__LISTEN: expected an address and a port",
    ] {
        let beginning = format!("reveille: {beginning}");
        assert!(finished.stderr.lines().any(|line| line.starts_with(&beginning)), "{beginning}: {finished:?}");
    }
    assert_eq!(finished.stderr.lines().count(), 7, "{finished:?}");
    let served = home.run(&["serve", "--config", "wrong.toml"]);
    assert_eq!((served.code, &served.stderr), (2, &finished.stderr), "serve says the same and does not start");
    let missing = home.run(&["check-config", "--config", "nowhere.toml"]);
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("nowhere.toml: cannot be read"), "{missing:?}");
}

#[test]
fn openapi_writes_what_the_server_serves() {
    let home = Home::new(Database::Sqlite);
    let written = home.succeed(&["openapi"]);
    let server = home.serve();
    let served = server.client("").get("/openapi.json");
    assert_eq!((served.status, served.header("content-type")), (200, Some("application/json")));
    assert_eq!(written, format!("{}\n", served.body));
    assert_eq!(served.json()["openapi"], "3.1.0");
}

#[test]
fn every_command_tells_its_options() {
    let home = Home::new(Database::Sqlite);
    let commands = [
        "demo",
        "serve",
        "apply",
        "export",
        "lint",
        "on-call",
        "contact",
        "key",
        "setup-link",
        "user",
        "check-config",
        "migrate",
        "backup",
        "openapi",
    ];
    for (line, options) in [
        ("", &commands[..]),
        ("demo", &["--listen", "--data", "--speed", "--without-incidents", "--empty"]),
        ("serve", &["--config"]),
        ("apply", &["--config", "--dry-run", "<PATH>"]),
        ("export", &["--config", "--organization"]),
        ("lint", &["--config", "--strict", "[PATH]"]),
        ("on-call", &["--config", "--policy", "--routine", "--at", "--from", "--until", "--json", "--table"]),
        ("contact", &["list", "trust"]),
        ("contact list", &["--config", "--organization"]),
        ("contact trust", &["--config", "--organization", "--user", "--channel"]),
        ("key", &["create", "list", "revoke"]),
        ("key create", &["--config", "--organization", "--name", "--scope", "--allow", "--expires"]),
        ("key list", &["--config", "--organization"]),
        ("key revoke", &["--config", "--organization", "<ID>"]),
        ("setup-link", &["--config", "--organization", "--owner", "--user"]),
        ("user", &["invite", "recover"]),
        ("user invite", &["--config", "--organization", "--mail", "<USER>"]),
        ("user recover", &["--config", "--organization", "<USER>"]),
        ("check-config", &["--config"]),
        ("migrate", &["--config"]),
        ("backup", &["--config", "<FILE>"]),
        ("openapi", &[]),
    ] {
        let mut arguments: Vec<_> = line.split_whitespace().collect();
        arguments.push("--help");
        let told = home.succeed(&arguments);
        for option in options {
            assert!(told.contains(option), "{line} --help names {option}: {told}");
        }
        *arguments.last_mut().unwrap() = "--no-such-option";
        let refused = home.run(&arguments);
        assert_eq!((refused.code, refused.stdout.as_str()), (2, ""), "{refused:?}");
        assert!(refused.stderr.contains("--no-such-option"), "{refused:?}");
    }
    assert!(home.succeed(&["--version"]).starts_with("reveille "));
    assert_eq!(home.run(&[]).code, 2, "without a command there is nothing to do");
    assert_eq!(home.run(&["demo", "--speed", "0"]).code, 2);
}

#[test]
fn a_port_that_is_taken_is_told() {
    let mut home = Home::new(Database::Sqlite);
    let server = home.serve();
    home.set("server.listen", &server.address.to_string());
    let second = home.run(&["serve"]);
    assert_eq!(second.code, 1, "{second:?}");
    assert!(second.stderr.contains(&format!("server.listen: {} cannot be listened on", server.address)), "{second:?}");
}

#[test]
fn a_demo_whose_port_is_taken_makes_nothing_whose_key_nobody_would_see() {
    let mut home = Home::new(Database::Sqlite);
    let server = home.serve();
    home.set("server.listen", &server.address.to_string());
    let data = home.path("taken");
    let demo = ["demo", "--data", data.to_str().unwrap()];
    for arguments in [&demo[..], &[&demo[..], &["--listen", &server.address.to_string()]].concat()] {
        let refused = home.run(arguments);
        assert_eq!((refused.code, refused.stdout.as_str()), (1, ""), "{refused:?}");
        assert!(refused.stderr.contains("cannot be listened on"), "{refused:?}");
        assert!(!data.exists());
    }
}

//! What a configuration accepts, what it says about mistakes, and that the built-in default is whole.

use std::num::NonZeroU32;
use std::path::Path;

use domain::notification::{Channel, Pacing};

use super::layers::Layers;
use super::{Configuration, DEFAULT, DEFAULT_NAME, LogFormat, Mistake, Security, SmsFrom};

fn load(file: &str, environment: &[(&str, &str)]) -> Result<Configuration, Vec<Mistake>> {
    let mut layers = Layers::base(DEFAULT_NAME, DEFAULT);
    layers.lay_file("reveille.toml", file);
    let variables = environment.iter().map(|(name, text)| ((*name).into(), (*text).into()));
    layers.lay_environment(variables);
    Configuration::read(layers)
}

#[track_caller]
fn refused(file: &str, environment: &[(&str, &str)], expected: &[&str]) {
    let mistakes = load(file, environment).expect_err("the configuration is wrong");
    let said: Vec<_> = mistakes.iter().map(Mistake::to_string).collect();
    assert_eq!(said, expected, "for the file\n{file}");
}

#[track_caller]
fn accepted(file: &str, environment: &[(&str, &str)], holds: impl FnOnce(&Configuration) -> bool) {
    match load(file, environment) {
        Ok(configuration) => assert!(holds(&configuration), "{configuration:#?}"),
        Err(mistakes) => panic!("refused: {mistakes:?}"),
    }
}

#[test]
fn the_built_in_default_is_a_whole_configuration() {
    let default = Configuration::load(None, std::iter::empty()).expect("the default is right");
    assert_eq!(default.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(default.server.public_url, None);
    assert_eq!(default.server.trusted_proxies, []);
    assert_eq!(default.server.shutdown.as_secs(), 10);
    assert_eq!(default.database.url.reveal(), "sqlite:reveille.db");
    assert_eq!((default.database.writers, default.database.readers), (4, 4));
    assert_eq!(default.smtp, None);
    assert_eq!(default.mail_intake, None);
    assert_eq!(default.twilio, None);
    assert_eq!(default.egress.allow, []);
    let pacing = |channel| default.storm.pacing.get(&channel).copied();
    let pace = |gap_seconds, messages_per_hour| Some(Pacing { gap_seconds, messages_per_hour });
    assert_eq!(pacing(Channel::Email), pace(10, None));
    assert_eq!(pacing(Channel::Sms), pace(60, Some(20)));
    assert_eq!(pacing(Channel::Voice), pace(120, Some(10)));
    assert_eq!(pacing(Channel::Webhook), None);
    assert_eq!((default.watchdog.heartbeat_url, default.watchdog.heartbeat.as_secs()), (None, 60));
    assert_eq!(default.limits.body_bytes, 1_048_576);
    assert_eq!((default.limits.queue, default.limits.batch), (10_000, 64));
    let rate = default.limits.rate.map(|rate| (rate.per_second, rate.burst));
    assert_eq!(rate, NonZeroU32::new(500).zip(NonZeroU32::new(2000)));
    assert_eq!(default.limits.connections, 10_000);
    assert_eq!((default.limits.header.as_secs(), default.limits.idle.as_secs()), (10, 30));
    assert_eq!(default.limits.sends_at_once, 32);
    assert_eq!((default.log.format, default.log.level), (LogFormat::Text, tracing::Level::INFO));
}

#[test]
fn every_key_of_the_default_is_explained_on_the_line_above_it() {
    let mut above = "";
    for (index, line) in DEFAULT.lines().enumerate() {
        let is_key = !line.starts_with('#') && line.contains('=');
        assert!(!is_key || above.starts_with("# "), "line {}: `{line}` has no comment", index + 1);
        above = line;
    }
}

#[test]
fn mistakes_in_a_file_name_the_line_the_key_and_what_was_meant() {
    let table: &[(&str, &[&str])] = &[
        ("\n[server]\nlisen = \"x\"", &["reveille.toml:3: server.lisen: unknown key; did you mean `listen`?"]),
        ("[servr]\nlisten = \"x\"", &["reveille.toml:1: [servr]: unknown section; did you mean `server`?"]),
        ("[weather]", &["reveille.toml:1: [weather]: unknown section"]),
        ("listen = \"x\"", &["reveille.toml:1: listen: unknown key; did you mean `server.listen`?"]),
        (
            "[database]\nlisten = \"x\"",
            &["reveille.toml:2: database.listen: unknown key; did you mean `server.listen`?"],
        ),
        ("server = 1", &["reveille.toml:1: server: expected a section; write `[server]`"]),
        ("[smtp]\nport = \"25\"", &["reveille.toml:2: smtp.port: expected a whole number, found a string"]),
        (
            "[egress]\nallow = [1]",
            &["reveille.toml:2: egress.allow: expected a list of strings, \
                 found a list that holds something else than strings"],
        ),
        (
            "[egress]\nallow = [\"10.0.0.0/40\"]",
            &["reveille.toml:2: egress.allow: expected an address or a network such as \
                 `10.0.0.0/8`, found `10.0.0.0/40`"],
        ),
        (
            "[limits]\nbatch = 0\nqueue = -1",
            &[
                "reveille.toml:2: limits.batch: must be from 1 to 1024, found 0",
                "reveille.toml:3: limits.queue: must be from 1 to 1000000, found -1",
            ],
        ),
        (
            "[log]\nformat = \"jsn\"",
            &["reveille.toml:2: log.format: expected one of `text`, `json`, found `jsn`; \
                 did you mean `json`?"],
        ),
        (
            "[smtp]\nhost = \"mail\"",
            &["reveille.toml:2: smtp.host: set, but smtp.from is not; it must be a sender such as \
                 `Reveille <reveille@example.org>`"],
        ),
    ];
    for (file, expected) in table {
        refused(file, &[], expected);
    }
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_lines() {
    refused(
        "[server]\nlisten = 1\nport = 2\n[limits]\nbatch = 0\n[lgo]\n",
        &[("REVEILLE__LOG__LEVEL", "loud"), ("REVEILLE__LGO__LEVEL", "info")],
        &[
            "reveille.toml:2: server.listen: expected a string, found a whole number",
            "reveille.toml:3: server.port: unknown key; did you mean `smtp.port`?",
            "reveille.toml:5: limits.batch: must be from 1 to 1024, found 0",
            "reveille.toml:6: [lgo]: unknown section; did you mean `log`?",
            "REVEILLE__LGO__LEVEL: unknown variable; did you mean `REVEILLE__LOG__LEVEL`?",
            "REVEILLE__LOG__LEVEL: expected one of `error`, `warn`, `info`, `debug`, `trace`, \
             found `loud`",
        ],
    );
}

#[test]
fn a_text_that_is_not_toml_is_refused_with_its_lines() {
    let mistakes = load("[server]\nlisten = \n\n[log\n", &[]).expect_err("not TOML");
    let said: Vec<_> = mistakes.iter().map(Mistake::to_string).collect();
    assert!(said[0].starts_with("reveille.toml:2: not valid TOML: "), "{said:?}");
    assert!(said.iter().any(|line| line.starts_with("reveille.toml:4: ")), "{said:?}");
}

#[test]
fn a_file_that_is_not_there_is_a_mistake() {
    let mistakes = Configuration::load(Some(Path::new("no/such.toml")), std::iter::empty());
    let said = mistakes.expect_err("there is no file")[0].to_string();
    assert!(said.starts_with("no/such.toml: cannot be read: "), "{said}");
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
    let file = "[server]\nlisten = \"[::]:80\"\npublic_url = \"https://r.example/\"";
    accepted(file, &[("REVEILLE__SERVER__LISTEN", "0.0.0.0:81"), ("HOME", "x")], |found| {
        found.server.listen.port() == 81
            && found.server.public_url.as_deref() == Some("https://r.example")
            && found.server.shutdown.as_secs() == 10
    });
}

#[test]
fn a_variable_has_the_type_of_its_default() {
    let networks = ["10.0.0.0/8".parse().unwrap(), "192.0.2.1/32".parse().unwrap()];
    for list in ["10.0.0.0/8, 192.0.2.1", "[\"10.0.0.0/8\", \"192.0.2.1\"]"] {
        accepted("", &[("REVEILLE__EGRESS__ALLOW", list)], |found| found.egress.allow == networks);
    }
    accepted("[egress]\nallow = [\"::1\"]", &[("REVEILLE__EGRESS__ALLOW", "")], |found| found.egress.allow.is_empty());
    accepted("", &[("REVEILLE__LIMITS__RATE_PER_SECOND", "0")], |found| found.limits.rate.is_none());
    let wrong = [
        ("REVEILLE__EGRESS__ALLOW", "[1]", "expected a list of strings"),
        ("REVEILLE__SMTP__PORT", "many", "expected a whole number"),
        ("REVEILLE__SMTP__PORT", "65536", "must be from 1 to 65535, found 65536"),
        ("REVEILLE__WEATHER__FORECAST", "x", "unknown variable"),
    ];
    for (name, text, problem) in wrong {
        refused("", &[(name, text)], &[&format!("{name}: {problem}")]);
    }
}

#[test]
fn a_password_comes_from_one_place_and_is_never_printed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    std::fs::write(&path, "hunter2\n").unwrap();
    let path = path.to_str().unwrap();
    let file = "[smtp]\nhost = \"mail\"\nsecurity = \"tls\"\nusername = \"me\"\nfrom = \"a@b\"\n";
    for (name, text) in [("REVEILLE__SMTP__PASSWORD_FILE", path), ("REVEILLE__SMTP__PASSWORD", "hunter2")] {
        let found = load(file, &[(name, text)]).unwrap();
        assert!(!format!("{found:?}").contains("hunter2"), "{found:?}");
        let smtp = found.smtp.expect("a host is set");
        assert_eq!(smtp.security, Security::Tls);
        assert_eq!(smtp.credentials.unwrap().password.reveal(), "hunter2");
    }
    refused(
        file,
        &[("REVEILLE__SMTP__PASSWORD_FILE", path), ("REVEILLE__SMTP__PASSWORD", "x")],
        &["REVEILLE__SMTP__PASSWORD_FILE: smtp.password is set too; keep one"],
    );
    refused(file, &[], &["reveille.toml:4: smtp.username: set, but there is no password"]);
}

#[test]
fn a_telephone_account_is_whole_or_refused() {
    let account = "[twilio]\naccount_sid = \"AC1\"\n";
    let token = ("REVEILLE__TWILIO__AUTH_TOKEN", "hunter2");
    accepted("[twilio]\nfrom = \"+1\"", &[], |found| found.twilio.is_none());
    for (rest, sms, voice) in [
        ("from = \"Reveille\"", Some(SmsFrom::Number("Reveille".to_owned())), None),
        ("messaging_service_sid = \"MG1\"", Some(SmsFrom::MessagingService("MG1".to_owned())), None),
        ("voice_from = \"+4930123456\"", None, Some("+4930123456")),
    ] {
        accepted(&format!("{account}{rest}"), &[token], |found| {
            let twilio = found.twilio.as_ref().unwrap();
            twilio.base_url == "https://api.twilio.com"
                && twilio.auth_token.reveal() == "hunter2"
                && (&twilio.sms_from, twilio.voice_from.as_deref()) == (&sms, voice)
                && !format!("{found:?}").contains("hunter2")
        });
    }
    let nobody = "reveille.toml:2: twilio.account_sid: set, but none of twilio.from, twilio.messaging_service_sid and \
                  twilio.voice_from is, so nobody would be texted or called";
    let both = "from = \"+1\"\nmessaging_service_sid = \"MG1\"";
    let url = "expected a URL such as `https://api.twilio.com`, without a password or a query";
    refused(account, &[], &["reveille.toml:2: twilio.account_sid: set, but twilio.auth_token is not"]);
    refused(account, &[token], &[nobody]);
    refused(
        &format!("{account}{both}\nvoice_from = \"Reveille\"\nbase_url = \"https://me:hunter2@a.example\""),
        &[token],
        &[
            "reveille.toml:4: twilio.messaging_service_sid: twilio.from is set too; keep one",
            "reveille.toml:5: twilio.voice_from: expected a telephone number such as `+4930123456`, found `Reveille`",
            &format!("reveille.toml:6: twilio.base_url: {url}"),
        ],
    );
    refused(
        account,
        &[token, ("REVEILLE__TWILIO__AUTH_TOKEN_FILE", "no/such"), ("REVEILLE__TWILIO__FROM", "+1")],
        &["REVEILLE__TWILIO__AUTH_TOKEN_FILE: twilio.auth_token is set too; keep one"],
    );
}

#[test]
fn a_heartbeat_url_is_a_secret() {
    let key = "REVEILLE__WATCHDOG__HEARTBEAT_URL";
    accepted("[watchdog]\nheartbeat_seconds = 5", &[(key, "https://watch.example.org/ping/hunter2")], |found| {
        let url = found.watchdog.heartbeat_url.as_ref().unwrap();
        url.reveal().ends_with("/hunter2")
            && found.watchdog.heartbeat.as_secs() == 5
            && !format!("{found:?}").contains("hunter2")
    });
    for url in ["watch.example.org/hunter2", "https://", "https://me:hunter2@watch.example.org/"] {
        refused("", &[(key, url)], &[&format!("{key}: expected a URL such as `https://watch.example.org/ping/ID`")]);
    }
}

#[test]
fn a_database_url_is_kept_apart_and_never_printed() {
    let url = "postgres://me:hunter2@db/reveille";
    accepted("", &[("REVEILLE__DATABASE__URL", url)], |found| {
        found.database.url.reveal() == url && !format!("{found:?}").contains("hunter2")
    });
    let problem = "expected `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`";
    for url in ["mysql://me:hunter2@db", "sqlite:", "postgres:db", "reveille.db"] {
        refused("", &[("REVEILLE__DATABASE__URL", url)], &[&format!("REVEILLE__DATABASE__URL: {problem}")]);
    }
}

#[test]
fn a_storm_is_held_back_as_configured_or_not_at_all() {
    accepted("[storm]\ngap_seconds = 0\nsms_gap_seconds = 0", &[], |found| {
        let sms = Pacing { gap_seconds: 0, messages_per_hour: Some(20) };
        !found.storm.pacing.contains_key(&Channel::Email) && found.storm.pacing.get(&Channel::Sms) == Some(&sms)
    });
    let most = "must be from 0 to 3600, found 3601";
    refused("[storm]\nvoice_per_hour = 3601", &[], &[&format!("reveille.toml:2: storm.voice_per_hour: {most}")]);
}

#[test]
fn a_listener_for_mail_is_whole_or_refused() {
    accepted("[intake.smtp]\ndomains = [\"Alerts.example.org\"]", &[], |found| found.mail_intake.is_none());
    let whole = "[intake.smtp]\nlisten = \"0.0.0.0:25\"\ndomains = [\"Alerts.example.org\", \"b.example\"]";
    accepted(whole, &[], |found| {
        let mail = found.mail_intake.as_ref().unwrap();
        mail.listen.port() == 25 && mail.domains == ["alerts.example.org", "b.example"] && mail.host == mail.domains[0]
    });
    let environment = [("REVEILLE__INTAKE__SMTP__LISTEN", "[::]:25"), ("REVEILLE__INTAKE__SMTP__DOMAINS", "b.example")];
    accepted("[intake]\nsmtp = { host = \"mx.b.example\" }", &environment, |found| {
        found.mail_intake.as_ref().is_some_and(|mail| mail.host == "mx.b.example" && mail.certificate.is_none())
    });
    let table: &[(&str, &[&str])] = &[
        (
            "[intake.smtp]\nlisten = \":25\"",
            &["reveille.toml:2: intake.smtp.listen: expected an address and a port, such as \
            `0.0.0.0:25`, found `:25`"],
        ),
        (
            "[intake.smtp]\nlisten = \"[::]:25\"",
            &["reveille.toml:2: intake.smtp.listen: set, but intake.smtp.domains is empty"],
        ),
        (
            "[intake.smtp]\ndomains = [\"@b\"]",
            &["reveille.toml:2: intake.smtp.domains: expected a domain such as \
            `alerts.example.org`, found `@b`"],
        ),
        (
            "[intake.smtp]\nhost = \"a b\"",
            &["reveille.toml:2: intake.smtp.host: expected a name such as \
            `alerts.example.org`, found `a b`"],
        ),
        (
            "[intake.smtp]\nkey_file = \"k\"",
            &["reveille.toml:2: intake.smtp.key_file: set, but intake.smtp.certificate_file is not"],
        ),
        (
            "[intake.smtp]\ncertificate_file = \"no/such\"\nkey_file = \"k\"",
            &["reveille.toml:2: intake.smtp.certificate_file: \
            `no/such` cannot be read: No such file or directory (os error 2)"],
        ),
        (
            "[intake.smtp]\nlisten = 25",
            &["reveille.toml:2: intake.smtp.listen: expected a string, found a whole number"],
        ),
        ("[intake.smtp]\nlistn = \"x\"", &["reveille.toml:2: intake.smtp.listn: unknown key; did you mean `listen`?"]),
        ("[intake.http]\nlisten = \"x\"", &["reveille.toml:1: intake.http: unknown key"]),
    ];
    for (file, expected) in table {
        refused(file, &[], expected);
    }
}

#[test]
fn a_public_url_by_which_links_would_lead_nowhere_is_refused() {
    for url in ["https://r.example", "http://localhost:8080", "https://[2001:db8::1]", "https://[::1]:8443/"] {
        accepted(&format!("[server]\npublic_url = \"{url}\""), &[], |found| {
            found.server.public_url.as_deref() == Some(url.trim_end_matches('/'))
        });
    }
    for url in [
        "https://r.example/?x=1",
        "https://r.example/#f",
        "https://r.example/path",
        "https://r.example:99999",
        "https://r.example:",
        "https://me:secret@r.example",
        "https://",
        "r.example",
    ] {
        let mistakes = load(&format!("[server]\npublic_url = \"{url}\""), &[]).expect_err(url);
        let said = mistakes[0].to_string();
        assert!(said.contains("server.public_url: expected a URL of host and port alone"), "{said}");
    }
}

//! The telephone carrier as it is configured: which channels it serves, and what is said when it serves none.

use checks::{Database, Home, Telephone};

const DEFINITION: &str = "[organization]\nname = \"acme\"\n[[user]]\nusername = \"ana\"\nemail = \"ana@example.org\"\n\
    sms = \"+4915112345678\"\nvoice = \"+4915112345678\"\nchat = { kind = \"slack\", url = \"https://hooks.example.org/T\" }\n\
    push = { url = \"https://ntfy.example.org/ops\" }\n";

/// The channels that somebody has a contact for and the server no carrier, as `/readyz` tells them.
fn missed(home: &Home) -> Vec<String> {
    let server = home.serve();
    let warnings = server.client("").get("/readyz").json()["warnings"].take();
    let warnings = warnings.as_array().expect("a list").iter().filter_map(|warning| warning.as_str());
    let channel = |warning: &str| {
        let rest = warning.strip_prefix("no carrier serves the channel ")?;
        rest.split(',').next().map(str::to_owned)
    };
    warnings.filter_map(channel).collect()
}

#[test]
fn each_channel_has_a_carrier_when_the_configuration_says_how() {
    let telephone = Telephone::new();
    let mut home = Home::with(Database::Sqlite, DEFINITION);
    assert_eq!(missed(&home), ["email", "sms", "voice"]);
    telephone.serve(&mut home);
    assert_eq!(missed(&home), ["email"]);
    home.set("twilio.voice_from", "");
    assert_eq!(missed(&home), ["email", "voice"]);
    home.set("twilio.from", "");
    home.set("twilio.messaging_service_sid", "MG0123");
    home.set("smtp.host", "127.0.0.1");
    home.set("smtp.from", "reveille@example.org");
    assert_eq!(missed(&home), ["voice"]);
}

#[test]
fn an_account_that_would_reach_nobody_is_a_mistake_that_does_not_tell_its_token() {
    let telephone = Telephone::new();
    let mut home = Home::new(Database::Sqlite);
    telephone.serve(&mut home);
    home.set("twilio.from", "");
    home.set("twilio.voice_from", "");
    home.set("watchdog.heartbeat_url", "https://me:secret@watch.example.org/");
    let finished = home.run(&["check-config"]);
    assert_eq!(finished.code, 2, "{finished:?}");
    assert!(finished.stderr.contains("REVEILLE__TWILIO__ACCOUNT_SID: set, but none of twilio.from"), "{finished:?}");
    assert!(finished.stderr.contains("REVEILLE__WATCHDOG__HEARTBEAT_URL: expected a URL"), "{finished:?}");
    assert!(!finished.stderr.contains(checks::TOKEN) && !finished.stderr.contains("secret"), "{finished:?}");
}

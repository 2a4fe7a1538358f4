//! The telephone carrier as it is configured: a page by text and by call, which channels it serves, and what is said when
//! it serves none.

use checks::{Client, Database, Home, Kind, Line, NUMBER, Telephone};
use serde_json::json;

const DEFINITION: &str = "[organization]\nname = \"acme\"\n[[user]]\nusername = \"ana\"\nemail = \"ana@example.org\"\n\
    sms = \"+4915112345678\"\nvoice = \"+4915112345678\"\nchat = { kind = \"slack\", url = \"https://hooks.example.org/T\" }\n\
    push = { url = \"https://ntfy.example.org/ops\" }\n";

const ANA: &str = "+4915112345678";

/// Lets `ana` prove that the contact is hers, by the code that reaches her there.
fn prove(client: &mut Client, telephone: &Telephone, channel: &str) {
    telephone.expect(ANA, Line::Takes);
    let path = format!("/v1/users/ana/contacts/{channel}");
    let sent = client.done(&format!("{path}/code"), &json!({}));
    assert_eq!(sent["is_delivered"], true, "{sent}");
    let said = telephone.wait_for_one().said;
    let digits = said.chars().filter(char::is_ascii_digit);
    // A voice says it one digit at a time, and the attributes of its script have digits of their own.
    let code: String = match channel {
        "sms" => digits.take(6).collect(),
        _ => {
            said.split_once("Your code is: ").expect("a code").1.chars().filter(char::is_ascii_digit).take(6).collect()
        }
    };
    client.done(&format!("{path}/verify"), &json!({"code": code}));
}

#[test]
fn a_page_goes_out_as_a_text_and_as_a_call_and_a_carrier_that_breaks_is_asked_again() {
    let telephone = Telephone::new();
    let rules = "notification_rules = [{ urgencies = [5], steps = [{ after_minutes = 0, channel = \"sms\" }, \
        { after_minutes = 0, channel = \"voice\" }] }]\n";
    let mut home = Home::with(Database::Sqlite, &format!("{DEFINITION}{rules}"));
    telephone.serve(&mut home);
    let server = home.serve();
    let mut client = server.client(&home.key(&["--scope", "admin"]));
    prove(&mut client, &telephone, "sms");
    prove(&mut client, &telephone, "voice");

    // Which of the two comes first is not said: the first request breaks, the next two are taken.
    for line in [Line::Breaks, Line::Takes, Line::Takes] {
        telephone.expect(ANA, line);
    }
    client.done("/incidents/create", &json!({"title": "Disk <full>", "users": "ana", "urgency_level": 5}));
    let mut dialled = [telephone.wait_for_one(), telephone.wait_for_one()];
    dialled.sort_by_key(|dialled| dialled.kind == Kind::Call);
    let [text, call] = dialled;
    assert_eq!((text.kind, call.kind), (Kind::Text, Kind::Call));
    assert_eq!((text.from.as_str(), call.from.as_str()), (NUMBER, NUMBER));
    assert!(text.said.contains("Disk <full>"), "{text:?}");
    assert!(call.said.contains("Disk &lt;full&gt;"), "{call:?}");
    assert!(server.terminate().success());
}

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

//! Contacts of people: told with masked addresses, proved by a code, and only then used.

use super::column;
use checks::{Answer, Api, Call, Database, START, number};
use domain::permission::Scope;
use serde_json::{Value, json};

fn send_code(api: &Api, channel: &str) -> Answer {
    api.send(Call::post(&format!("/v1/users/pia/contacts/{channel}/code")).key(&api.key))
}

fn verify(api: &Api, channel: &str, code: &str) -> Answer {
    let path = format!("/v1/users/pia/contacts/{channel}/verify");
    api.send(Call::post(&path).key(&api.key).json(&json!({"code": code})))
}

fn contact(api: &Api, channel: &str) -> Value {
    let contacts = api.get("/v1/users/pia/contacts");
    let found = contacts.as_array().expect("a list").iter().find(|contact| contact["channel"] == channel);
    found.expect("a contact").clone()
}

/// Another code of six digits.
fn another(code: &str) -> String {
    code.chars().map(|digit| if digit == '9' { '0' } else { char::from(digit as u8 + 1) }).collect()
}

#[test]
fn contacts_are_told_in_order_and_never_with_the_whole_address() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let contacts = api.get("/v1/users/pia/contacts");
        assert_eq!(column(&contacts, "channel"), ["email", "webhook", "sms", "voice", "chat", "push"]);
        let proofs = ["not needed", "not needed", "missing", "missing", "missing", "missing"];
        assert_eq!(column(&contacts, "proof"), proofs);
        assert_eq!(column(&contacts, "is_usable"), [true, true, false, false, false, false]);
        assert_eq!(super::keys(&contacts[0]), ["channel", "address", "proof", "verified_at", "is_usable"]);
        let text = contacts.to_string();
        for secret in ["+49151", "pia@", "hooks.example.com/", "/services", "secret", "whsec"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        assert!(contacts[2]["address"].as_str().expect("a text").ends_with("678"), "{text}");
        assert_eq!(api.get("/v1/users/eva/contacts").as_array().map(Vec::len), Some(1));
    }
}

#[test]
fn a_contact_is_used_from_the_moment_its_code_is_given_back() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let channels = |title: &str| {
            let before = api.sent.lock().expect("no panic").len();
            let id = number(&api.ok("create", &json!({"title": title, "users": ["pia"], "urgency_level": 5})));
            api.beat();
            api.ok("resolve", &json!({"instance_id": id}));
            let sent = api.sent.lock().expect("no panic");
            sent[before..]
                .iter()
                .filter(|message| matches!(message.address, notify::carrier::Address::Sms { .. }))
                .count()
        };
        assert_eq!(channels("before"), 0);
        let sent = send_code(&api, "sms").ok();
        let expires_at = START.plus_minutes(10).wire();
        assert_eq!(sent, json!({"is_delivered": true, "answer": "250 OK", "expires_at": expires_at}));
        assert_eq!((channels("meanwhile"), contact(&api, "sms")["proof"].as_str()), (0, Some("missing")));
        let code = super::code(&api, "sms");
        api.pass_minutes(1);
        assert_eq!(verify(&api, "sms", &format!(" {code} ")).ok(), json!("Success"));
        let proved = contact(&api, "sms");
        let at = START.plus_minutes(1).wire();
        let told = (proved["proof"].as_str(), proved["verified_at"].as_str(), proved["is_usable"].as_bool());
        assert_eq!(told, (Some("given"), Some(at.as_str()), Some(true)));
        assert_eq!(channels("after"), 1);
    }
}

#[test]
fn what_cannot_be_proved_is_refused_in_words() {
    let api = Api::new();
    let missing = verify(&api, "sms", "493027").first_error(409, "no_code");
    assert_eq!(missing, "code: none counts at the moment; have a new one sent");
    let email = "channel: the email contact needs no proof, or has given it";
    assert_eq!(send_code(&api, "email").first_error(409, "nothing_to_verify"), email);
    assert_eq!(verify(&api, "email", "493027").first_error(409, "nothing_to_verify"), email);
    let code = super::code(&api, "sms");
    let wrong = verify(&api, "sms", &another(&code)).first_error(400, "wrong_code");
    assert_eq!(wrong, "code: is not the one that was sent; it can be tried 4 times more");
    verify(&api, "sms", &code).ok();
    send_code(&api, "sms").refused(409, "nothing_to_verify");
    let nobody = api.send(Call::post("/v1/users/eva/contacts/sms/code").key(&api.key));
    assert_eq!(nobody.first_error(404, "unknown_contact"), "channel: `eva` has no sms contact");
    let unknown = api.send(Call::get("/v1/users/nobody/contacts").key(&api.key));
    let error = unknown.first_error(404, "unknown_component");
    assert_eq!(error, "preferred_username: there is no user `nobody`");
    send_code(&api, "pigeon").refused(404, "unknown_path");
    let body = verify(&api, "voice", &"9".repeat(33)).first_error(400, "invalid_fields");
    assert_eq!(body, "code: must have at most 32 characters, and has 33");
}

#[test]
fn codes_are_bounded_by_the_hour_and_it_is_said_when_the_next_may_come() {
    let api = Api::new();
    (0..5).for_each(|_| drop(send_code(&api, "voice").ok()));
    api.pass_minutes(20);
    let refused = send_code(&api, "voice");
    let error = refused.first_error(429, "too_many_codes");
    assert_eq!(error, "channel: 5 codes were sent within an hour; more in 2400 seconds");
    assert_eq!((refused.header("retry-after"), refused.header("ratelimit-limit")), ("2400", "5"));
    api.pass_minutes(40);
    send_code(&api, "voice").ok();
}

#[test]
fn a_repeated_request_sends_no_second_code_and_repeats_the_first_answer() {
    let api = Api::new();
    let ask = |path: &str, body: Value| {
        let call = Call::post(&format!("/v1/users/pia/contacts/{path}")).key(&api.key);
        api.send(call.header("idempotency-key", path).json(&body))
    };
    let first = ask("chat/code", json!({}));
    let sent = api.sent.lock().expect("no panic").clone();
    api.pass_minutes(1);
    assert_eq!(ask("chat/code", json!({})).text(), first.text());
    assert_eq!(api.sent.lock().expect("no panic").len(), sent.len());
    let code = sent.last().expect("a message").payload["data"]["code"].clone();
    for _ in 0..2 {
        assert_eq!(ask("chat/verify", json!({"code": code})).ok(), json!("Success"));
    }
    ask("chat/verify", json!({"code": "1"})).refused(409, "idempotency_key_reused");
}

#[test]
fn whoever_may_only_read_sends_no_codes() {
    let api = Api::new();
    let key = api.new_key("demo", "reader", Scope::Read);
    api.send(Call::get("/v1/users/pia/contacts").key(&key)).ok();
    for path in ["sms/code", "sms/verify"] {
        api.send(Call::post(&format!("/v1/users/pia/contacts/{path}")).key(&key)).refused(403, "scope_too_small");
    }
    assert!(api.sent.lock().expect("no panic").is_empty());
}

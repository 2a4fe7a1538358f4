//! Contacts of people: told with masked addresses, proved by a code, and only then used.

use super::column;
use super::console::welcomed;
use checks::{Answer, Api, Browser, Call, Database, START, number};
use domain::permission::Scope;
use notify::carrier::{Address, Message};
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
fn another_contact_has_to_be_proved_again_and_one_that_is_removed_is_gone() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let change = |method: &str, path: &str, key: &str, body: &Value| {
            api.send(Call::new(method, &format!("/v1/users/{path}")).key(key).header("if-match", "*").json(body))
        };
        verify(&api, "sms", &super::code(&api, "sms")).ok();
        assert_eq!(contact(&api, "sms")["is_usable"], true);
        let other = json!({"address": "+4915199999999"});
        let told = change("PUT", "pia/contacts/sms", &api.key, &other).ok();
        assert_eq!((&told["username"], &told["sms"]), (&json!("pia"), &json!("+4915199999999")));
        assert_eq!(
            (&contact(&api, "sms")["proof"], &contact(&api, "sms")["is_usable"]),
            (&json!("missing"), &json!(false))
        );
        let wrong =
            change("PUT", "pia/contacts/sms", &api.key, &json!({"address": "nine"})).first_error(400, "invalid_fields");
        assert!(wrong.starts_with("sms: "), "{wrong}");
        change("PUT", "pia/contacts/sms", &api.key, &json!({})).refused(400, "invalid_fields");
        let more = json!({"address": "+4915188888888", "adress": "+4915188888888"});
        let told = change("PUT", "pia/contacts/sms", &api.key, &more).first_error(400, "invalid_fields");
        assert_eq!(told, "adress: is not known; did you mean `address`?");
        // Everybody's own is theirs to change, and nobody else's.
        let eva = api.token_of("eva", Scope::Incidents);
        change("PUT", "pia/contacts/sms", &eva, &other).refused(403, "not_allowed");
        change("PUT", "eva/contacts/voice", &eva, &json!({"address": "+4915111111111"})).ok();
        assert_eq!(column(&api.get("/v1/users/eva/contacts"), "channel"), ["email", "voice"]);
        change("DELETE", "eva/contacts/voice", &eva, &json!({})).ok();
        assert_eq!(column(&api.get("/v1/users/eva/contacts"), "channel"), ["email"]);
        api.send(Call::new("DELETE", "/v1/users/eva/contacts/email").key(&api.key)).refused(428, "if_match_missing");
    }
}

#[test]
fn notification_rules_are_told_with_what_they_come_to_and_what_is_left_out_and_why() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let path = "/v1/users/pia/notification-rules";
        let set = |rules: &Value| {
            let call = Call::new("PUT", path).key(&api.key).header("if-match", "*");
            api.send(call.json(&json!({"notification_rules": rules})))
        };
        let rules = json!([{"urgencies": [5], "steps": [{"after_minutes": 0, "channel": "sms"}, {"after_minutes": 3, "channel": "email"}]}]);
        assert_eq!(set(&rules).ok()["notification_rules"], rules);
        let told = api.get(path);
        assert_eq!((&told["preferred_username"], &told["notification_rules"]), (&json!("pia"), &rules));
        let of = |part: &str, urgency: usize| told[part][urgency - 1].clone();
        assert_eq!(of("effective", 5), json!({"urgency": 5, "is_default": false, "steps": rules[0]["steps"]}));
        assert_eq!(of("effective", 4)["is_default"], true);
        let expect = json!({
            "urgency": 5,
            "is_instead": false,
            "steps": [{"after_minutes": 3, "channel": "email", "due_at": START.plus_minutes(3).wire()}],
            "left_out": [{"after_minutes": 0, "channel": "sms", "why": "not_verified"}],
        });
        assert_eq!(of("preview", 5), expect);
        let wrong = json!([{"urgencies": [5], "steps": [{"after_minutes": 0, "channel": "pigeon"}]}]);
        set(&wrong).refused(400, "invalid_fields");
        assert_eq!(api.get(path)["notification_rules"], rules);
        api.send(Call::get("/v1/users/nobody/notification-rules").key(&api.key)).refused(404, "unknown_component");
    }
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

#[test]
fn an_administrator_who_signed_in_just_now_vouches_for_a_contact_and_its_person_is_told() {
    Api::reached_on_both(|api| {
        let path = |channel: &str| format!("/v1/users/pia/contacts/{channel}/trust");
        let trust = |browser: &Browser<'_>, channel: &str| {
            browser.send(Call::post(&path(channel)).header("sec-fetch-site", "same-origin"))
        };
        let told = || -> Vec<Message> {
            api.beat();
            let sent = api.sent.lock().expect("no panic");
            sent.iter().filter(|message| message.subject == "A contact of yours is used from now on").cloned().collect()
        };
        let ana = welcomed(api, "ana", "192.0.2.1");
        for key in [api.key.clone(), api.token_of("ana", Scope::Admin)] {
            api.send(Call::post(&path("sms")).key(&key)).refused(403, "fresh_sign_in_needed");
        }
        ana.send(Call::post(&path("sms"))).refused(403, "cross_site");
        trust(&welcomed(api, "ben", "192.0.2.2"), "sms").refused(403, "not_allowed");
        trust(&welcomed(api, "pia", "192.0.2.3"), "sms").refused(403, "not_allowed");
        trust(&ana, "email").refused(409, "nothing_to_verify");
        trust(&ana, "pigeon").refused(404, "unknown_path");
        assert_eq!((contact(api, "sms")["proof"].clone(), told().len()), (json!("missing"), 0));
        trust(&ana, "sms").ok();
        assert_eq!(contact(api, "sms")["is_usable"], true);
        assert_eq!(contact(api, "voice")["proof"], "missing");
        let mails = told();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].address, Address::Email("pia@example.com".to_owned()));
        assert!(mails[0].text.contains("vouched for your contact of the channel sms"), "{}", mails[0].text);
        let row = &api.get("/v1/audit?action=contact.trust")[0];
        assert_eq!(json!([row["actor"]["name"], row["object"]["name"]]), json!(["ana", "pia sms"]), "{row}");
        api.pass_minutes(11);
        trust(&ana, "voice").refused(403, "fresh_sign_in_needed");
    });
}

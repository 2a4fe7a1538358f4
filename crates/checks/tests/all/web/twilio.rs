//! What the telephone carrier brings: replies, digits, receipts; believed only if it signed them.

use super::everything;
use checks::{Answer, Api, Call, PUBLIC_URL, START, TOKEN};
use domain::notification::Channel;
use notify::{
    carrier::twilio_signature,
    carrier::{Address, Message},
};
use serde_json::{Value, json};

const SMS: &str = "/v1/carrier/twilio/sms";
const ANA: &str = "+4915112300001";
const BEN: &str = "+4915112300002";
const STRANGER: &str = "+4915199999999";

/// Ana has a telephone.
fn on_both(body: impl Fn(&Api)) {
    Api::reached_on_both(|api| {
        api.equip("ana", &format!("sms = \"{ANA}\"\nvoice = \"{ANA}\""), &[Channel::Sms, Channel::Voice]);
        body(api);
    });
}

/// A request as the carrier makes it, signed with `token`.
fn signed(path: &str, fields: &[(&str, &str)], token: &str) -> Call {
    let owned: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let signature = twilio_signature::sign(token, &format!("{PUBLIC_URL}{path}"), &owned);
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    Call::post(path).header("x-twilio-signature", signature).body(body.finish())
}

fn reply(api: &Api, from: &str, text: &str, id: &str) -> Answer {
    api.send(signed(SMS, &[("MessageSid", id), ("From", from), ("Body", text)], TOKEN))
}

#[track_caller]
fn says(answer: &Answer, words: &str) {
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/xml; charset=utf-8"), "{}", answer.text());
    assert!(answer.text().contains(words), "{}", answer.text());
    answer.guarded();
}

/// The messages by this kind of address so far.
fn messages(api: &Api, is_wanted: fn(&Address) -> bool) -> Vec<Message> {
    api.beat();
    api.sent.lock().expect("no panic").iter().filter(|message| is_wanted(&message.address)).cloned().collect()
}

fn texts(api: &Api) -> Vec<Message> {
    messages(api, |address| matches!(address, Address::Sms { .. }))
}

fn calls(api: &Api) -> Vec<Message> {
    messages(api, |address| matches!(address, Address::Voice { .. }))
}

/// The code of the newest text message.
fn code(api: &Api) -> String {
    let brief = texts(api).last().expect("a text message").brief.clone();
    let (_, rest) = brief.split_once("Reply A").expect("an offer");
    rest.chars().take_while(char::is_ascii_digit).collect()
}

fn path(url: Option<&String>) -> String {
    url.expect("a URL").strip_prefix(PUBLIC_URL).expect("it leads to us").to_owned()
}

fn last_event(api: &Api, incident: i64) -> (Value, Value, Value) {
    let events = api.details(incident)["events"].clone();
    let last = events.as_array().expect("a list").last().expect("an event").clone();
    (last["event_type"].clone(), last["event_method"].clone(), last["event_by"].clone())
}

#[test]
fn a_reply_with_the_code_acts_in_the_name_of_the_person() {
    for (message, done, kind) in
        [("A", "acknowledged", "ACKNOWLEDGE"), ("r ", "resolved", "RESOLVE"), ("e", "escalated", "ESCALATE")]
    {
        on_both(|api| {
            let incident = api.incident("Disk full");
            let answer = reply(api, ANA, &format!("{message}{}", code(api)), "SM1");
            says(&answer, &format!("<Message>Incident #1 is {done}. Disk full</Message>"));
            assert_eq!(last_event(api, incident), (json!(kind), json!("SMS"), json!("Ana Alves")));
        });
    }
}

#[test]
fn each_message_has_a_code_of_its_own_and_acts_on_its_own_incident() {
    on_both(|api| {
        let first = api.incident("Disk full");
        let one = code(api);
        let second = api.incident("Database down");
        let two = code(api);
        assert!(one != two && one.len() >= 4, "{one} {two}");
        says(&reply(api, ANA, &format!("A{two}"), "SM1"), "Incident #2 is acknowledged");
        assert_eq!(
            (&api.details(first)["status"], &api.details(second)["status"]),
            (&json!("OPEN"), &json!("ACKNOWLEDGED"))
        );
    });
}

#[test]
fn a_message_that_the_carrier_brings_twice_acts_once() {
    on_both(|api| {
        let incident = api.incident("Disk full");
        let text = format!("E{}", code(api));
        says(&reply(api, ANA, &text, "SM1"), "is escalated");
        says(&reply(api, ANA, &text, "SM1"), "This was escalated already");
        assert_eq!(api.details(incident)["assignee_level"], 2);
        says(&reply(api, ANA, &text, "SM2"), "is escalated");
        assert_eq!(api.details(incident)["assignee_level"], 3);
    });
}

#[test]
fn a_request_that_the_carrier_did_not_sign_changes_nothing() {
    on_both(|api| {
        api.incident("Disk full");
        let text = format!("A{}", code(api));
        let fields = [("MessageSid", "SM1"), ("From", ANA), ("Body", text.as_str())];
        let before = everything(api);
        let elsewhere = signed("/v1/carrier/twilio/sms?x=1", &fields, TOKEN);
        let mut unsigned = form_urlencoded::Serializer::new(String::new());
        unsigned.extend_pairs(fields);
        let unsigned = unsigned.finish();
        for call in [
            signed(SMS, &fields, "another token"),
            Call::post(SMS).body(&unsigned),
            Call::post(SMS).body(&unsigned).header("x-twilio-signature", "x"),
            Call::post(SMS).body(format!("{unsigned}&X=1")).header("x-twilio-signature", signature_of(&fields)),
        ] {
            api.send(call).refused(403, "invalid_signature");
        }
        assert_eq!(everything(api), before);
        says(&api.send(elsewhere), "is acknowledged");
        api.send(Call::get(SMS)).refused(405, "method_not_allowed");
    });
}

fn signature_of(fields: &[(&str, &str)]) -> String {
    let owned: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    twilio_signature::sign(TOKEN, &format!("{PUBLIC_URL}{SMS}"), &owned)
}

#[test]
fn of_a_request_that_anybody_may_make_little_is_read() {
    on_both(|api| {
        let most = domain::limits::CARRIER_FORM_BYTES;
        api.send(Call::post(SMS).body("x".repeat(most))).refused(403, "invalid_signature");
        for path in [SMS, "/v1/carrier/twilio/voice/x", "/v1/carrier/twilio/status/x"] {
            api.send(Call::post(path).body("x".repeat(most + 1))).refused(413, "body_too_large");
        }
    });
}

#[test]
fn a_server_without_an_account_at_a_carrier_believes_nobody() {
    let api = Api::new();
    api.send(signed(SMS, &[("From", ANA), ("Body", "A12345")], TOKEN)).refused(403, "invalid_signature");
    api.send(signed(SMS, &[("From", ANA), ("Body", "A12345")], "")).refused(403, "invalid_signature");
}

#[test]
fn a_stranger_is_told_nothing_and_so_is_a_number_that_was_not_verified() {
    on_both(|api| {
        api.incident("Disk full");
        let text = format!("A{}", code(api));
        let before = everything(api);
        says(&reply(api, STRANGER, &text, "SM1"), "<Response></Response>");
        api.equip("ana", &format!("sms = \"{BEN}\""), &[]);
        for (from, id) in [(ANA, "SM2"), (BEN, "SM3")] {
            says(&reply(api, from, &text, id), "<Response></Response>");
        }
        assert_eq!(everything(api), before);
    });
}

#[test]
fn a_code_of_somebody_else_is_a_wrong_one() {
    Api::reached_on_both(|api| {
        let zed = format!("[[user]]\nusername = \"zed\"\nemail = \"z@example.com\"\nsms = \"{BEN}\"");
        api.equip("ana", &format!("sms = \"{ANA}\"\n\n{zed}"), &[Channel::Sms]);
        directory::contact_trust(api.test.store(), &api.clock, &api.ids, "demo", ("zed", Channel::Sms))
            .expect("a contact");
        api.incident("Disk full");
        let text = format!("A{}", code(api));
        let before = everything(api);
        says(&reply(api, BEN, &text, "SM1"), "No message to you has this code");
        assert_eq!(everything(api), before);
        says(&reply(api, ANA, &text, "SM2"), "is acknowledged");
    });
}

#[test]
fn wrong_codes_say_so_change_nothing_and_are_not_listened_to_for_ever() {
    on_both(|api| {
        api.incident("Disk full");
        let right = code(api);
        let wrong = if right == "00000" { "A00001" } else { "A00000" };
        let before = everything(api);
        says(&reply(api, ANA, "Are you there?", "SM0"), "Not understood");
        for number in 1..=5 {
            says(&reply(api, ANA, wrong, &format!("SM{number}")), "No message to you has this code");
        }
        says(&reply(api, ANA, &format!("A{right}"), "SM6"), "Too many wrong codes");
        assert_eq!(everything(api), before);
        api.pass_minutes(60);
        says(&reply(api, ANA, &format!("A{right}"), "SM7"), "is acknowledged");
    });
}

#[test]
fn a_code_is_accepted_for_a_day() {
    on_both(|api| {
        let incident = api.incident("Disk full");
        let text = format!("A{}", code(api));
        api.clock.advance(24 * 3_600_000_000);
        says(&reply(api, ANA, &text, "SM1"), "No message to you has this code");
        assert_eq!(api.details(incident)["status"], "OPEN");
    });
}

#[test]
fn a_digit_in_a_call_acts_in_the_name_of_the_person() {
    on_both(|api| {
        let incident = api.incident("Disk full");
        api.pass_minutes(2);
        let call = calls(api).remove(0);
        assert!(call.spoken.ends_with("Press 4 to acknowledge, 6 to resolve, 8 to escalate."), "{}", call.spoken);
        let at = path(call.digits_url.as_ref());
        let press = |digits: &str, id: &str| api.send(signed(&at, &[("CallSid", id), ("Digits", digits)], TOKEN));
        let before = everything(api);
        let confirmed = || api.metric("reveille_notifications_confirmed_total{channel=\"voice\"}");
        says(&press("", "CA1"), "This key does nothing");
        assert_eq!((everything(api), confirmed()), (before, None), "a mailbox presses nothing");
        let told = api.details(incident);
        says(&press("5", "CA1"), "<Say>This key does nothing. Goodbye.</Say>");
        assert_eq!((api.details(incident), confirmed().as_deref()), (told, Some("1")), "but somebody is there");
        says(&press("4", "CA1"), "<Say>Incident #1 is acknowledged. Disk full</Say>");
        assert_eq!(last_event(api, incident), (json!("ACKNOWLEDGE"), json!("CALL"), json!("Ana Alves")));
        says(&press("4", "CA1"), "This was acknowledged already");
        let forged = at.replace("/voice/", "/voice/A");
        api.send(signed(&forged, &[("CallSid", "CA2"), ("Digits", "4")], TOKEN)).refused(404, "unknown_path");
        api.send(signed(&at, &[("Digits", "6")], "another token")).refused(403, "invalid_signature");
    });
}

#[test]
fn a_receipt_says_that_a_message_arrived_or_that_it_never_will() {
    on_both(|api| {
        let incident = api.incident("Disk full");
        let at = path(texts(api)[0].status_url.as_ref());
        let report = |status: &str| api.send(signed(&at, &[("MessageStatus", status)], TOKEN));
        let before = everything(api);
        for status in ["queued", "sent"] {
            assert_eq!(report(status).status, 204);
        }
        assert_eq!(api.metric("reveille_notifications_confirmed_total{channel=\"sms\"}"), None);
        assert_eq!(everything(api), before);
        assert_eq!(report("delivered").status, 204);
        let ledger = api.get(&format!("/v1/incidents/{incident}/notifications"));
        let confirmed = |channel: &str| {
            let found = ledger.as_array().expect("a list").iter().find(|one| one["channel"] == channel);
            found.expect("one")["confirmed_at"].clone()
        };
        assert_eq!((confirmed("sms"), confirmed("email")), (json!(START.wire()), Value::Null));
        let before = everything(api);
        assert_eq!(report("delivered").status, 204);
        assert_eq!(api.metric("reveille_notifications_confirmed_total{channel=\"sms\"}").as_deref(), Some("1"));
        assert_eq!(report("failed").status, 204, "what arrived cannot be undone");
        assert_eq!(everything(api), before);
        let forged = at.replace("/status/", "/status/A");
        api.send(signed(&forged, &[("MessageStatus", "failed")], TOKEN)).refused(404, "unknown_path");
        let other = calls_status(api, incident);
        api.send(signed(&other, &[("CallStatus", "busy")], "another token")).refused(403, "invalid_signature");
        assert_eq!(api.send(signed(&other, &[("CallStatus", "busy")], TOKEN)).status, 204);
        let (kind, method, by) = last_event(api, incident);
        assert_eq!((kind, method, by), (json!("DISPATCH"), json!("SYSTEM"), Value::Null));
    });
}

/// Where the call about the incident reports to.
fn calls_status(api: &Api, incident: i64) -> String {
    api.pass_minutes(2);
    let call = calls(api).remove(0);
    assert_eq!(call.payload["data"]["instance_id"], incident);
    path(call.status_url.as_ref())
}

#[test]
fn a_machine_that_answers_whatever_it_is_told_is_not_talked_to_for_ever() {
    on_both(|api| {
        let incident = api.incident("Disk full");
        let right = format!("A{}", code(api));
        let babble = |number: u32| reply(api, ANA, "I am driving and will answer later.", &format!("SM{number}"));
        for number in 0..5 {
            says(&babble(number), "Not understood");
        }
        says(&babble(5), "<Response></Response>");
        says(&reply(api, ANA, &right, "SM6"), "Incident #1 is acknowledged");
        assert_eq!(api.details(incident)["status"], "ACKNOWLEDGED");
        api.pass_minutes(60);
        says(&babble(7), "Not understood");
    });
}

#[test]
fn what_the_carrier_brings_may_come_to_a_path_with_a_slash() {
    on_both(|api| {
        api.incident("Disk full");
        let fields = [("MessageSid", "SM1"), ("From", ANA), ("Body", &format!("A{}", code(api)))];
        api.send(signed(&format!("{SMS}/"), &fields, "another token")).refused(403, "invalid_signature");
        says(&api.send(signed(&format!("{SMS}/"), &fields, TOKEN)), "Incident #1 is acknowledged");
    });
}

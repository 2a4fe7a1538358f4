//! Mails, and what they come to by the settings of an integration.

use super::*;
use serde_json::json;

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn settings(written: Value) -> CompiledMail {
    CompiledMail::new(serde_json::from_value(written).unwrap()).unwrap()
}

fn one(raw: &str, envelope: &Envelope<'_>) -> (Received, Delivery) {
    let delivery = read(raw.replace('\n', "\r\n").as_bytes(), envelope);
    (delivery.received[0].clone(), delivery)
}

fn mail(headers: &str, text: &str) -> String {
    format!(
        "From: Nagios <Nagios@Mon.example>\nTo: alerts@us.example\nMessage-ID: <1@mon.example>\n{headers}\n\n{text}\n"
    )
}

#[test]
fn the_identity_is_the_rules_else_the_addresss_else_the_subjects() {
    let rules = settings(json!({"rules": [
        {"conditions": [{"field": "subject", "matches": "^PROBLEM"}], "identity": "^PROBLEM (.*)$", "urgency": 5},
        {"conditions": [{"field": "subject", "matches": "^RECOVERY"}], "identity": "^RECOVERY (.*)$", "do": "resolve"},
    ]}));
    let same = settings(json!({"same_subject": true}));
    let table = [
        (Some(&rules), "PROBLEM disk", Some("x"), State::Firing, Some("disk")),
        (Some(&rules), "RECOVERY disk", Some("x"), State::Resolved, Some("disk")),
        (Some(&rules), "hello", Some("x"), State::Firing, Some("x")),
        (Some(&rules), "hello", None, State::Firing, None),
        (Some(&same), "Re: Disk 7", Some("x"), State::Firing, Some("x")),
        (Some(&same), "Re: Disk 7", None, State::Firing, Some("disk")),
        (None, "Re: Disk 7", None, State::Firing, None),
    ];
    for (settings, subject, identity, state, expect) in table {
        let envelope = Envelope { identity, settings, ..Envelope::default() };
        let (received, delivery) = one(&mail(&format!("Subject: {subject}"), "text"), &envelope);
        assert_eq!((received.state, received.identity.as_deref()), (state, expect), "{subject}");
        assert_eq!(delivery.event_id.as_deref(), Some("1@mon.example"));
        assert_eq!(delivery.origin.unwrap().sender, "nagios@mon.example");
    }
}

#[test]
fn reports_absence_notices_and_our_own_mail_are_never_alerts_and_what_tools_set_is() {
    let ours = "In-Reply-To: <incident.abc@us.example>";
    let table = [
        ("", Some("x@mon.example"), true),
        ("", Some(""), false),
        ("Return-Path: <>", None, false),
        ("Return-Path: <>", Some("x@mon.example"), true),
        ("Content-Type: multipart/report; boundary=x", None, false),
        ("Auto-Submitted: Auto-Replied; x=y", None, false),
        ("Auto-Submitted: no", None, true),
        ("Auto-Submitted: auto-generated", None, true),
        ("Precedence: bulk\nList-Id: <x>", None, true),
        ("Precedence: auto_reply", None, false),
        ("X-Auto-Response-Suppress: All", None, true),
        ("X-Auto-Response-Suppress: All\nX-Autoreply: yes", None, false),
        ("X-Reveille-Id: abc", None, false),
        (ours, None, true),
        (&*format!("{ours}\nAuto-Submitted: auto-generated"), None, false),
        (&*format!("{ours}\nList-Id: <x>"), None, false),
        ("References: <a@b> <dGhpcyBpcyBhbiBpZDEyMw@us.example>\nPrecedence: bulk", None, false),
        ("In-Reply-To: <incident.abc@them.example>\nPrecedence: bulk", None, true),
    ];
    for (headers, from, is_alert) in table {
        let envelope = Envelope { from, own_address: Some("reveille@us.example"), ..Envelope::default() };
        let (received, _) = one(&mail(&format!("Subject: Disk\n{headers}"), "text"), &envelope);
        let expect = if is_alert { State::Firing } else { State::Ignored("auto_reply") };
        assert_eq!(received.state, expect, "{headers} {from:?}");
    }
    let (received, _) = one(
        "From: Reveille <Reveille@us.example>\nSubject: x\n\ny",
        &Envelope { own_address: Some("reveille@us.example"), ..Envelope::default() },
    );
    assert_eq!(received.state, State::Ignored("auto_reply"));
}

#[test]
fn who_is_not_allowed_is_not_heard() {
    let allowed = settings(json!({"allowed_from": ["@mon.example", "ana@other.example"]}));
    let table = [
        ("nagios@mon.example", Some("bounces@Mon.example"), true),
        ("Ana <ANA@other.example>", Some("ana@other.example"), true),
        ("Ana <ana@other.example>", None, true),
        ("bob@other.example", None, false),
        ("nagios@mon.example", Some("x@evil.example"), false),
        ("nagios@mon.example, x@evil.example", None, false),
        ("nagios@mon.example.evil", None, false),
        ("", None, false),
    ];
    for (from, envelope_from, is_heard) in table {
        let envelope = Envelope { from: envelope_from, settings: Some(&allowed), ..Envelope::default() };
        let (received, _) = one(&format!("From: {from}\nSubject: Disk\n\nfull\n"), &envelope);
        let expect = if is_heard { State::Firing } else { State::Ignored("sender_not_allowed") };
        assert_eq!(received.state, expect, "{from} {envelope_from:?}");
    }
}

#[test]
fn an_answer_names_what_it_answers_the_nearest_first() {
    let headers = "Subject: Re: Disk\nIn-Reply-To: <3@x>\nReferences: <1@x>\n <2@x> <3@x>";
    let (_, delivery) = one(&mail(headers, "text"), &Envelope::default());
    assert_eq!(delivery.origin.unwrap().thread, ["3@x", "2@x", "1@x"]);
}

#[test]
fn the_key_is_shown_nowhere() {
    let dashed = "01234567-89AB-cdef-0123-456789abcdef";
    let headers = format!("Subject: To {KEY}\nDelivered-To: ops+{dashed}@us.example\nCc: {KEY}+disk@us.example");
    let envelope = Envelope { key: Some(KEY), ..Envelope::default() };
    let (received, _) = one(&mail(&headers, &format!("Sent to {KEY}, {dashed}x.")), &envelope);
    let shown = format!("{received:?}").to_lowercase();
    assert!(!shown.contains(KEY) && !shown.contains(&dashed.to_lowercase()), "{shown}");
    assert_eq!((&*received.title, &*received.text), ("To (hidden)", "Sent to (hidden), (hidden)x."));
}

#[test]
fn quotations_are_cut_only_where_a_rule_says_so() {
    let cut = settings(json!({"rules": [{"cut_quotes": true}]}));
    let text = "On fire\n\nAna wrote:\n> Is it?";
    let text_by = |settings| one(&mail("Subject: x", text), &Envelope { settings, ..Envelope::default() }).0.text;
    assert_eq!((text_by(None), text_by(Some(&cut))), (text.to_owned(), "On fire".to_owned()));
}

#[test]
fn mail_that_cannot_be_taken_apart_is_shown_as_it_came() {
    for raw in ["", "no headers at all, just a text", "\r\n\r\nbody only"] {
        let (received, delivery) = one(raw, &Envelope { from: Some("x@y.example"), ..Envelope::default() });
        assert_eq!((&received.state, &*delivery.origin.unwrap().sender), (&State::Firing, "x@y.example"), "{raw}");
        assert!(received.text.trim() == raw.trim().replace("\r\n", "\n") || raw.is_empty(), "{received:?}");
    }
    let headers = Headers::of(b"Subject: Down\r\nFrom: A <A@b.example>\r\nMessage-ID: <1@b>\r\n");
    let parts = Parts::unread(b"Subject: Down\r\n\r\nx\xff", &headers);
    assert_eq!((&*parts.subject, &*parts.text, parts.from), ("Down", "x\u{fffd}", vec!["a@b.example".to_owned()]));
    assert_eq!(parts.message_id.as_deref(), Some("1@b"));
}

//! Messages that OpenSSL signed, each spoilt in every way. The certificates are of keys that were made for these tests.

use super::*;
use serde_json::Value;

const CERTIFICATE: &[u8] = include_bytes!("../../tests/sns/cert.pem");
/// 2021-05-05T17:20:14Z.
const NOW: Instant = Instant(1_620_235_214_000_000);
const MESSAGES: [(&str, &str); 5] = [
    ("alarm_1", include_str!("../../tests/sns/alarm_1.json")),
    ("ok_2", include_str!("../../tests/sns/ok_2.json")),
    ("plain_2", include_str!("../../tests/sns/plain_2.json")),
    ("subscription_1", include_str!("../../tests/sns/subscription_1.json")),
    ("unsubscription_1", include_str!("../../tests/sns/unsubscription_1.json")),
];

fn message(name: &str) -> Value {
    let (_, text) = MESSAGES.iter().find(|(known, _)| *known == name).expect("a message");
    serde_json::from_str(text).expect("JSON")
}

fn verify(message: &Value) -> Result<(), Unsigned> {
    Envelope::of(message).expect("an envelope").verify(CERTIFICATE, 1, NOW)
}

#[track_caller]
fn refused(message: &Value, about: &str) {
    let refused = verify(message).unwrap_err();
    assert!(refused.0.starts_with(about), "{refused:?}");
}

#[test]
fn what_amazon_signed_is_believed_in_both_versions() {
    for (name, _) in MESSAGES {
        assert_eq!(verify(&message(name)), Ok(()), "{name}");
    }
    for (name, expect) in [
        ("alarm_1", Purpose::Notification),
        ("subscription_1", Purpose::SubscriptionConfirmation),
        ("unsubscription_1", Purpose::UnsubscribeConfirmation),
    ] {
        assert_eq!(Envelope::of(&message(name)).expect("an envelope").purpose, expect);
    }
}

#[test]
fn whatever_is_signed_cannot_be_changed() {
    for (name, _) in MESSAGES {
        let original = message(name);
        let names = if original["Type"] == "Notification" { &OF_NOTIFICATION[..] } else { &OF_CONFIRMATION[..] };
        for field in names.iter().filter(|field| **field != "Type") {
            let mut spoilt = original.clone();
            let text = spoilt[field].as_str().unwrap_or_default().replace(":20:", ":21:")
                + if *field == "Timestamp" { "" } else { " " };
            spoilt[field] = Value::from(text);
            refused(&spoilt, "Signature: is not of this message");
            let was_there = original[field].is_string();
            spoilt.as_object_mut().expect("an object").remove(*field);
            match Envelope::of(&spoilt) {
                Some(envelope) => {
                    assert_eq!(envelope.verify(CERTIFICATE, 1, NOW).is_err(), was_there, "{name} {field}")
                }
                None => assert!(["MessageId", "TopicArn"].contains(field), "{name} {field}"),
            }
        }
    }
    let mut other = message("subscription_1");
    other["Type"] = Value::from("UnsubscribeConfirmation");
    refused(&other, "Signature: is not of this message");
    other["Type"] = Value::from("Whatever");
    assert!(Envelope::of(&other).is_none());
}

#[test]
fn a_version_is_what_it_was_signed_as_and_the_older_one_can_be_refused() {
    let mut other = message("alarm_1");
    for (version, about) in [("2", "Signature: "), ("3", "SignatureVersion: "), ("", "SignatureVersion: ")] {
        other["SignatureVersion"] = Value::from(version);
        refused(&other, about);
    }
    let least_2 = |name: &str| Envelope::of(&message(name)).expect("an envelope").verify(CERTIFICATE, 2, NOW);
    assert_eq!(least_2("ok_2"), Ok(()));
    assert_eq!(least_2("alarm_1"), Err(Unsigned("SignatureVersion: must be 2".to_owned())));
}

#[test]
fn a_message_counts_for_an_hour() {
    let alarm = message("alarm_1");
    let at = |seconds: i64| {
        let sent = Instant(1_620_235_200_000_000);
        Envelope::of(&alarm).expect("an envelope").verify(CERTIFICATE, 1, sent.plus_micros(seconds * 1_000_000))
    };
    assert_eq!((at(3_600), at(-60)), (Ok(()), Ok(())));
    assert_eq!(at(3_601), Err(Unsigned("Timestamp: is more than an hour ago".to_owned())));
}

#[test]
fn only_the_certificate_of_its_key_counts_and_only_in_its_time() {
    let alarm = message("alarm_1");
    let by = |pem: &[u8]| Envelope::of(&alarm).expect("an envelope").verify(pem, 1, NOW).map_err(|refused| refused.0);
    let chain = [CERTIFICATE, include_bytes!("../../tests/sns/other.pem")].concat();
    assert_eq!(by(&chain), Ok(()));
    for (pem, told) in [
        (&include_bytes!("../../tests/sns/other.pem")[..], "Signature: is not of this message"),
        (&include_bytes!("../../tests/sns/old.pem")[..], "SigningCertURL: holds a certificate that is not in its time"),
        (&b"<html>"[..], "SigningCertURL: holds no certificate"),
        (&b""[..], "SigningCertURL: holds no certificate"),
        (
            &b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"[..],
            "SigningCertURL: holds a certificate that cannot be read",
        ),
    ] {
        assert_eq!(by(pem), Err(told.to_owned()));
    }
    let later = Instant(1_900_000_000_000_000);
    let key = key_of(include_bytes!("../../tests/sns/ed25519.pem"), later);
    assert_eq!(key, Err("holds a certificate whose key is not of RSA"));
}

#[test]
fn only_addresses_of_amazons_own_are_called() {
    let urls = |url: &str| {
        let mut spoilt = message("subscription_1");
        (spoilt["SigningCertURL"], spoilt["SubscribeURL"]) = (Value::from(url), Value::from(url));
        let envelope = Envelope::of(&spoilt).expect("an envelope");
        (envelope.certificate_url().is_ok(), envelope.subscribe_url().is_ok())
    };
    for (url, expect) in [
        ("https://sns.eu-west-1.amazonaws.com/a.pem", (true, true)),
        ("https://sns.us-gov-west-1.amazonaws.com:443/a/b.pem", (true, true)),
        ("https://sns.cn-north-1.amazonaws.com.cn/a.pem", (true, true)),
        ("https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=1", (false, true)),
        ("https://sns.eu-west-1.amazonaws.com/a.txt?x=.pem", (false, true)),
        ("http://sns.eu-west-1.amazonaws.com/a.pem", (false, false)),
        ("https://sns.eu-west-1.amazonaws.com:8443/a.pem", (false, false)),
        ("https://me@sns.eu-west-1.amazonaws.com/a.pem", (false, false)),
        ("https://evil.example/sns.eu-west-1.amazonaws.com/a.pem", (false, false)),
        ("https://sns.eu-west-1.amazonaws.com.evil.example/a.pem", (false, false)),
        ("https://sns.evil.example#.amazonaws.com/a.pem", (false, false)),
        ("https://sns.evil.example\\.amazonaws.com/a.pem", (false, false)),
        ("https://sns.eu-west-1.amazonaws.com\\@evil.example/a.pem", (false, false)),
        ("https://sns.eu-west-1.amazonaws.com/\\evil.example/a.pem", (false, false)),
        ("https://sns.a.b.amazonaws.com/a.pem", (false, false)),
        ("https://sns.eu.amazonaws.com/a.pem", (false, false)),
        ("https://bucket.s3.amazonaws.com/a.pem", (false, false)),
        ("https://sns.amazonaws.com/a.pem", (false, false)),
        ("https://sns.eu-west-1.amazonaws.com/a b.pem", (false, false)),
        ("https://sns.eu-west-1.amazonaws.com/a\n.pem", (false, false)),
        ("https://sns.eu-west-1.amazonaws.com/a.pem#x.pem", (false, false)),
        ("https://sns.eu-west-1.amazonaws.com", (false, false)),
        ("//sns.eu-west-1.amazonaws.com/a.pem", (false, false)),
        ("", (false, false)),
    ] {
        assert_eq!(urls(url), expect, "{url}");
    }
}

#[test]
fn what_is_no_message_of_sns_has_no_envelope() {
    for body in [
        "{}",
        "[]",
        "\"x\"",
        "{\"Type\": \"Notification\"}",
        "{\"Type\": 1, \"MessageId\": \"1\", \"TopicArn\": \"2\"}",
    ] {
        assert!(Envelope::of(&serde_json::from_str(body).expect("JSON")).is_none(), "{body}");
    }
    let bare = serde_json::json!({"Type": "Notification", "MessageId": "1", "TopicArn": "2"});
    let bare = Envelope::of(&bare).expect("an envelope");
    assert!(
        bare.certificate_url().is_err() && bare.subscribe_url().is_err() && bare.verify(CERTIFICATE, 1, NOW).is_err()
    );
}

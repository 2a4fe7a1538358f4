//! Contacts: a code proves that one is the person's, and only then it is used.

use checks::Reply::Permanent;
use checks::{House, eve, in_both};
use directory::{CodeSent, Proof, TrustError, contact_list, contact_trust};
use domain::directory::User;
use domain::notification::Channel::{self, Chat, Email, Push, Sms, Voice, Webhook};
use domain::{Instant, Refusal};
use engine::{Asker, Failure, Idempotency, Origin};
use notify::carrier::Address;
use std::collections::HashSet;

fn asker(house: &House, key: Option<&str>) -> Asker {
    let idempotency = key.map(|key| Idempotency { key: key.to_owned(), digest: "d".to_owned() });
    Asker {
        organization: house.organization.id,
        credential: engine::Credential::Key(house.key_id),
        by: None,
        idempotency,
        origin: Origin::default(),
    }
}

fn send(house: &House, user: &str, channel: Channel) -> Result<CodeSent, Failure> {
    house.run(house.administration().send_code(asker(house, None), user.into(), channel))
}

fn verify(house: &House, channel: Channel, code: &str) -> Result<Instant, Failure> {
    house.run(house.administration().verify(asker(house, None), "eve".into(), channel, code.to_owned()))
}

/// Asks for a code and takes it out of the message.
fn code(house: &House, channel: Channel) -> String {
    let sent = send(house, "eve", channel).unwrap();
    assert_eq!((sent.is_delivered, sent.answer.as_str()), (true, "250 taken"));
    let messages = house.messages();
    let [only] = &messages[..] else { panic!("{messages:?}") };
    assert_eq!((only.user.as_str(), only.channel), ("eve", channel));
    only.message.payload["data"]["code"].as_str().unwrap().to_owned()
}

/// Another code than this one.
fn another(code: &str) -> String {
    let other = if code.starts_with('1') { "2" } else { "1" };
    format!("{other}{}", &code[1..])
}

fn usable(house: &House) -> Vec<Channel> {
    let contacts = house.run(house.administration().contacts(house.reader(), "eve".into())).unwrap();
    contacts.iter().filter(|contact| contact.is_usable).map(|contact| contact.channel).collect()
}

fn refused<T: std::fmt::Debug>(result: Result<T, Failure>) -> Refusal {
    match result {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_code_proves_a_contact_and_from_then_on_it_is_used() {
    for channel in [Sms, Voice, Chat, Push] {
        in_both(|house| {
            assert_eq!(usable(house), [Email]);
            let code = code(house, channel);
            assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
            assert_eq!(usable(house), [Email], "not by having been sent a code");
            house.advance(9);
            let at = verify(house, channel, &format!(" {code}\n")).unwrap();
            assert_eq!((at, usable(house)), (house.engine().now(), vec![Email, channel]));
            assert_eq!(refused(send(house, "eve", channel)), Refusal::NothingToVerify { channel });
            assert_eq!(refused(verify(house, channel, &code)), Refusal::NothingToVerify { channel });
        });
    }
}

#[test]
fn the_message_goes_to_the_contact_and_says_the_code_in_each_form() {
    in_both(|house| {
        send(house, "eve", Voice).unwrap();
        let message = house.messages().remove(0).message;
        let code = message.payload["data"]["code"].as_str().unwrap();
        assert_eq!(message.address, Address::Voice { to: "+4915112345678".to_owned() });
        let digits: String = code.chars().flat_map(|digit| [digit, ',', ' ']).collect();
        assert!(message.spoken.contains(digits.trim_end_matches(", ")), "{}", message.spoken);
        assert!([&message.brief, &message.text, &message.subject].into_iter().all(|said| said.contains(code)));
    });
}

#[test]
fn codes_differ_and_only_the_last_one_counts() {
    in_both(|house| {
        let codes: Vec<_> = (0..3).map(|_| code(house, Sms)).collect();
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), 3);
        assert_eq!(refused(verify(house, Sms, &codes[1])), Refusal::WrongCode { tries_left: 4 });
        assert_eq!(refused(verify(house, Voice, &codes[2])), Refusal::NoCode, "of another contact");
        verify(house, Sms, &codes[2]).unwrap();
    });
}

#[test]
fn a_code_can_be_tried_five_times_for_ten_minutes() {
    in_both(|house| {
        let first = code(house, Sms);
        for tries_left in [4, 3, 2, 1, 0] {
            assert_eq!(refused(verify(house, Sms, &another(&first))), Refusal::WrongCode { tries_left });
        }
        assert_eq!(refused(verify(house, Sms, &first)), Refusal::NoCode);
        let second = code(house, Sms);
        house.advance(10);
        assert_eq!(refused(verify(house, Sms, &second)), Refusal::NoCode);
        let third = code(house, Sms);
        assert_eq!(refused(verify(house, Sms, "")), Refusal::WrongCode { tries_left: 4 });
        house.advance_micros(10 * 60_000_000 - 1);
        verify(house, Sms, &third).unwrap();
    });
}

#[test]
fn a_contact_is_sent_five_codes_in_an_hour_whatever_its_address() {
    in_both(|house| {
        house.advance(3);
        (0..4).for_each(|_| drop(code(house, Sms)));
        house.put(&User { sms: Some("+4915199999999".to_owned()), ..eve() });
        code(house, Sms);
        house.advance(30);
        let refusal = refused(send(house, "eve", Sms));
        assert_eq!(refusal, Refusal::TooManyCodes { limit: 5, retry_after_seconds: 1800 });
        code(house, Voice);
        house.advance(30);
        code(house, Sms);
    });
}

#[test]
fn what_the_carrier_says_of_a_code_is_told() {
    in_both(|house| {
        house.post.script("eve", Sms, &[Permanent]);
        let sent = send(house, "eve", Sms).unwrap();
        assert_eq!((sent.is_delivered, sent.answer.as_str()), (false, "550 no such person"));
        assert_eq!(house.messages().len(), 1);
    });
}

#[test]
fn a_repeated_request_sends_no_second_code_and_is_answered_as_the_first_was() {
    in_both(|house| {
        let send =
            || house.run(house.administration().send_code(asker(house, Some("once")), "eve".into(), Sms)).unwrap();
        let (first, second) = (send(), send());
        assert_eq!((first.answer.as_str(), &first), ("250 taken", &second));
        let code = house.messages().remove(0).message.payload["data"]["code"].as_str().unwrap().to_owned();
        let verify = || house.administration().verify(asker(house, Some("proof")), "eve".into(), Sms, code.clone());
        let since = house.run(verify()).unwrap();
        house.advance(1);
        assert_eq!(house.run(verify()), Ok(since));
        assert!(house.messages().is_empty());
    });
}

#[test]
fn who_or_what_does_not_exist_or_needs_no_proof_is_refused() {
    in_both(|house| {
        assert!(matches!(refused(send(house, "zoe", Sms)), Refusal::UnknownComponent { .. }));
        let none = Refusal::NoContact { user: "ana".into(), channel: Sms };
        assert_eq!(refused(send(house, "ana", Sms)), none);
        assert_eq!(refused(send(house, "eve", Webhook)), Refusal::NoContact { user: "eve".into(), channel: Webhook });
        assert_eq!(refused(send(house, "eve", Email)), Refusal::NothingToVerify { channel: Email });
        assert_eq!(refused(verify(house, Email, "123456")), Refusal::NothingToVerify { channel: Email });
        assert_eq!(refused(verify(house, Sms, "123456")), Refusal::NoCode);
        assert!(house.messages().is_empty());
    });
}

#[test]
fn another_address_is_another_contact() {
    in_both(|house| {
        let waiting = code(house, Voice);
        verify(house, Sms, &code(house, Sms)).unwrap();
        let moved = Some("+4915199999999".to_owned());
        house.put(&User { sms: moved.clone(), voice: moved, ..eve() });
        assert_eq!(usable(house), [Email]);
        assert_eq!(refused(verify(house, Voice, &waiting)), Refusal::NoCode, "it was sent to the old number");
        house.put(&eve());
        assert_eq!(usable(house), [Email, Sms], "the old one is still proved");
    });
}

#[test]
fn a_verified_contact_is_seen_by_every_node_at_once_and_by_the_next_page() {
    in_both(|house| {
        let other = house.another_node();
        let seen = |house: &House| house.run(other.contacts(house.reader(), "eve".into())).unwrap();
        assert_eq!(seen(house).iter().filter(|contact| contact.is_usable).count(), 1);
        verify(house, Sms, &code(house, Sms)).unwrap();
        assert_eq!(seen(house).iter().filter(|contact| contact.is_usable).count(), 2);
        house.trigger_order(house.organization.order_on("lines", "Line down"));
        assert_eq!(house.told(), ["0:00 eve email page 1", "0:00 eve sms page 1"]);
    });
}

#[test]
fn a_list_of_contacts_does_not_give_them_away() {
    in_both(|house| {
        house.verify("eve", Push);
        let contacts = house.run(house.administration().contacts(house.reader(), "eve".into())).unwrap();
        let shown: Vec<_> = contacts.iter().map(|contact| (contact.channel, contact.address.as_str())).collect();
        let expected = [
            (Email, "e…@example.org"),
            (Sms, "…678"),
            (Voice, "…678"),
            (Chat, "slack at chat.example.org"),
            (Push, "push.example.org"),
        ];
        assert_eq!(shown, expected);
        let since: Vec<_> = contacts.iter().map(|contact| contact.verified_at).collect();
        assert_eq!(since, [None, None, None, None, Some(house.engine().now())]);
    });
}

#[test]
fn an_operator_lists_contacts_and_vouches_for_them() {
    in_both(|house| {
        let trust = |organization: &str, user: &str, channel| {
            contact_trust(house.outside(), &house.clock, &house.ids, organization, (user, channel))
                .map(|contact| contact.proof)
        };
        assert!(matches!(trust("home", "eve", Sms), Err(TrustError::NoOrganization)));
        assert!(matches!(trust("house", "zoe", Sms), Err(TrustError::NoUser)));
        assert!(matches!(trust("house", "ana", Sms), Err(TrustError::NoContact)));
        assert!(matches!(trust("house", "eve", Email), Err(TrustError::NotNeeded)));
        let now = house.engine().now();
        assert!(matches!(trust("house", "eve", Sms), Ok(Proof::Given(at)) if at == now));
        assert_eq!(usable(house), [Email, Sms]);
        let listed = contact_list(house.outside(), "house").unwrap();
        let of_eve: Vec<_> =
            listed.iter().filter(|contact| contact.user == "eve").map(|contact| contact.proof).collect();
        assert_eq!(of_eve, [Proof::NotNeeded, Proof::Given(now), Proof::Missing, Proof::Missing, Proof::Missing]);
    });
}

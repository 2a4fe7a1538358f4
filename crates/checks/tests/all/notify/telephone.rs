//! Texts and calls by a carrier of the Twilio form: what it is asked, and what each of its answers means.

use std::time::Duration;

use checks::{Dialled, Kind, Line, NUMBER, Telephone};
use domain::Urgency;
use engine::Clock;
use notify::carrier::{Address, Carrier, Message, Outcome, Report, SmsCarrier, SmsSender, TwilioAccount, VoiceCarrier};

const ANA: &str = "+4915112345678";
const LATER: Outcome = Outcome::TemporaryFailure { retry_after_seconds: None };
const SHORT: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(60);

fn message(address: Address) -> Message {
    Message {
        delivery_id: "ntf_1_1".to_owned(),
        attempt: 1,
        address,
        subject: "[#7] Critical: Disk full".to_owned(),
        text: "You are asked to act.".to_owned(),
        html: None,
        thread: "incident-7".to_owned(),
        payload: serde_json::Value::Null,
        urgency: Urgency::Critical,
        brief: "[#7] Disk \"/var\" full & more\nReply A1234".to_owned(),
        spoken: "Critical: disk </Say> full & more. Press 4 to acknowledge.".to_owned(),
        actions: Vec::new(),
        status_url: Some("https://r.example/receipts/abc?x=1&y=2".to_owned()),
        digits_url: Some("https://r.example/digits/abc?x=1&y=2".to_owned()),
        headers: Vec::new(),
        about: None,
        page: None,
        useful_until: None,
    }
}

fn text() -> Message {
    message(Address::Sms { to: ANA.to_owned() })
}

fn call() -> Message {
    message(Address::Voice { to: ANA.to_owned() })
}

fn number() -> SmsSender {
    SmsSender::Number(NUMBER.to_owned())
}

fn account(telephone: &Telephone, timeout: Duration) -> TwilioAccount {
    TwilioAccount::with_timeout(&telephone.settings(), Clock::system(), timeout).unwrap()
}

fn send(carrier: &impl Carrier, message: &Message) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(carrier.send(message))
}

/// What becomes of a text and of a call when the line does so; the texts and calls that went out all the same.
fn both(line: Line, timeout: Duration) -> [(Report, Vec<Dialled>); 2] {
    let telephone = Telephone::new();
    let sms = SmsCarrier::new(account(&telephone, timeout), number());
    let voice = VoiceCarrier::new(account(&telephone, timeout), NUMBER.to_owned());
    let sent = |send: &dyn Fn() -> Report| {
        telephone.expect(ANA, line);
        (send(), telephone.waiting())
    };
    [sent(&|| send(&sms, &text())), sent(&|| send(&voice, &call()))]
}

#[test]
fn a_text_that_the_carrier_took_is_delivered_as_it_was_written() {
    for sender in [number(), SmsSender::MessagingService("MG0123".to_owned())] {
        let telephone = Telephone::new();
        telephone.expect(ANA, Line::Takes);
        let sms = SmsCarrier::new(account(&telephone, LONG), sender.clone());
        let report = send(&sms, &text());
        let taken = telephone.wait_for_one();
        assert_eq!(report.outcome, Outcome::Delivered);
        assert_eq!(report.answer, format!("HTTP 201 {} queued", taken.sid));
        let from = match sender {
            SmsSender::Number(from) | SmsSender::MessagingService(from) => from,
        };
        let status_url = text().status_url;
        let said = text().brief;
        assert_eq!(
            taken,
            Dialled { kind: Kind::Text, sid: taken.sid.clone(), to: ANA.to_owned(), from, said, status_url }
        );
    }
}

#[test]
fn a_call_says_the_message_and_sends_its_digits_to_us() {
    let telephone = Telephone::new();
    telephone.expect(ANA, Line::Takes);
    let voice = VoiceCarrier::new(account(&telephone, LONG), NUMBER.to_owned());
    assert_eq!(send(&voice, &call()).outcome, Outcome::Delivered);
    let taken = telephone.wait_for_one();
    assert_eq!((taken.kind, taken.to.as_str(), taken.from.as_str()), (Kind::Call, ANA, NUMBER));
    assert_eq!((taken.digits_url(), taken.status_url.clone()), (call().digits_url, call().status_url));
    let said = "<Say loop=\"2\">Critical: disk &lt;/Say&gt; full &amp; more. Press 4 to acknowledge.</Say>";
    assert!(taken.said.contains(said), "{}", taken.said);
}

#[test]
fn without_an_address_of_ours_nothing_is_reported_and_no_digit_is_waited_for() {
    let telephone = Telephone::new();
    let (sms, voice) = (
        SmsCarrier::new(account(&telephone, LONG), number()),
        VoiceCarrier::new(account(&telephone, LONG), NUMBER.to_owned()),
    );
    let alone = |message| Message { status_url: None, digits_url: None, ..message };
    telephone.expect(ANA, Line::Takes);
    telephone.expect(ANA, Line::Takes);
    assert_eq!(send(&sms, &alone(text())).outcome, Outcome::Delivered);
    assert_eq!(send(&voice, &alone(call())).outcome, Outcome::Delivered);
    assert_eq!(telephone.wait_for_one().status_url, None);
    let taken = telephone.wait_for_one();
    assert_eq!((taken.status_url.clone(), taken.digits_url()), (None, None));
}

#[test]
fn what_is_too_long_for_the_form_is_cut() {
    let telephone = Telephone::new();
    let (sms, voice) = (
        SmsCarrier::new(account(&telephone, LONG), number()),
        VoiceCarrier::new(account(&telephone, LONG), NUMBER.to_owned()),
    );
    for long in ["x".repeat(5_000), "\"é😀".repeat(5_000)] {
        telephone.expect(ANA, Line::Takes);
        telephone.expect(ANA, Line::Takes);
        send(&sms, &Message { brief: long.clone(), ..text() });
        send(&voice, &Message { spoken: long.clone(), ..call() });
        let (text, call) = (telephone.wait_for_one(), telephone.wait_for_one());
        assert!(text.said.ends_with("...") && call.said.contains("...</Say>"), "{text:?} {call:?}");
    }
}

#[test]
fn a_400_is_permanent_and_keeps_the_reason() {
    for (report, dialled) in both(Line::Refuses, LONG) {
        assert_eq!(report.outcome, Outcome::PermanentFailure);
        assert!(report.answer.starts_with("HTTP 400 ") && report.answer.contains("21211"), "{}", report.answer);
        assert_eq!(dialled, []);
    }
}

#[test]
fn a_429_is_temporary_and_keeps_the_wait() {
    for (report, dialled) in both(Line::IsBusy(17), LONG) {
        let outcome = Outcome::TemporaryFailure { retry_after_seconds: Some(17) };
        assert_eq!((report.outcome, dialled), (outcome, Vec::new()), "{}", report.answer);
    }
}

#[test]
fn a_500_is_temporary() {
    for (report, dialled) in both(Line::Breaks, LONG) {
        assert_eq!((report.outcome, dialled), (LATER, Vec::new()), "{}", report.answer);
    }
}

#[test]
fn a_201_that_says_that_it_failed_is_temporary() {
    for (report, _) in both(Line::TakesAndFails, LONG) {
        assert_eq!(report.outcome, LATER, "{}", report.answer);
        assert!(report.answer.contains("30008"), "{}", report.answer);
    }
}

#[test]
fn a_carrier_that_hangs_is_given_up_in_time() {
    for (report, dialled) in both(Line::Hangs, SHORT) {
        assert_eq!((report.outcome, report.answer.as_str(), dialled), (LATER, "no answer in time", Vec::new()));
        assert!(report.elapsed_micros < 30_000_000);
    }
}

#[test]
fn a_carrier_that_takes_a_text_and_then_hangs_is_asked_again_for_the_same_text() {
    let telephone = Telephone::new();
    let slow = SmsCarrier::new(account(&telephone, SHORT), number());
    telephone.expect(ANA, Line::TakesAndHangs);
    assert_eq!(send(&slow, &text()).outcome, LATER);
    let first = telephone.wait_for_one();

    let sms = SmsCarrier::new(account(&telephone, LONG), number());
    telephone.expect(ANA, Line::Takes);
    assert_eq!(send(&sms, &Message { attempt: 2, ..text() }).outcome, Outcome::Delivered);
    let second = telephone.wait_for_one();
    assert_eq!((first.said, first.status_url), (second.said, second.status_url), "the person can tell that it is one");
}

#[test]
#[should_panic(expected = "nobody expected")]
fn a_text_that_nobody_expected_fails_the_test() {
    let telephone = Telephone::new();
    send(&SmsCarrier::new(account(&telephone, LONG), number()), &text());
}

#[test]
#[should_panic(expected = "wrong account or token")]
fn a_request_with_another_token_fails_the_test() {
    let telephone = Telephone::new();
    telephone.expect(ANA, Line::Takes);
    let settings = notify::carrier::TwilioSettings { auth_token: "another".to_owned(), ..telephone.settings() };
    let account = TwilioAccount::with_timeout(&settings, Clock::system(), LONG).unwrap();
    send(&SmsCarrier::new(account, number()), &text());
}

#[test]
#[should_panic(expected = "nobody asked for")]
fn a_text_that_was_expected_and_did_not_come_fails_the_test() {
    Telephone::new().expect(ANA, Line::Takes);
}

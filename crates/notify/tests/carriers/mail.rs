//! E-mail: handed over means that the server took the whole message; a conversation that went wrong is never continued.

use std::time::Duration;

use engine::Clock;
use notify::carrier::{Address, Carrier as _, MailCarrier, MailSecurity, MailSettings, Message, Outcome, Report};
use store::Authorities;

use crate::mail_double::{Cover, MailDouble, Reply};
use crate::{TEMPORARY, message, tls_double};

const SHORT: Duration = Duration::from_millis(200);
/// Runs out where a test wants it to, yet leaves a busy machine the time to give the answers that must arrive.
const AMPLE: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_secs(60);

fn carrier(double: &MailDouble, security: MailSecurity, timeout: Duration) -> MailCarrier {
    trusting(double, security, timeout, Authorities::default())
}

fn trusting(double: &MailDouble, security: MailSecurity, timeout: Duration, authorities: Authorities) -> MailCarrier {
    let settings = MailSettings {
        host: double.address.ip().to_string(),
        port: double.address.port(),
        security,
        username: Some("reveille".to_owned()),
        password: Some("open sesame".to_owned()),
        from: "Reveille <pages@example.org>".to_owned(),
        reply_to: Some("noc@example.org".to_owned()),
        authorities,
    };
    MailCarrier::with_timeouts(settings, Clock::system(), timeout, timeout).unwrap()
}

fn plain(double: &MailDouble, timeout: Duration) -> MailCarrier {
    carrier(double, MailSecurity::None, timeout)
}

fn page() -> Message {
    message(Address::Email("ann@example.com".to_owned()))
}

/// What becomes of one message when the server gives `reply` to `verb`.
async fn send(verb: &'static str, reply: Reply, timeout: Duration) -> (Report, MailDouble) {
    let double = MailDouble::start(move |asked, _| (asked == verb).then_some(reply)).await;
    let report = plain(&double, timeout).send(&page()).await;
    (report, double)
}

#[tokio::test]
async fn a_message_that_the_server_took_is_delivered_whole() {
    let double = MailDouble::start(|_, _| None).await;
    let carrier = plain(&double, LONG);
    let report = carrier.send(&page()).await;
    assert_eq!(report.outcome, Outcome::Delivered, "{}", report.answer);
    assert_eq!(report.answer, "250 2.0.0 queued");

    let log = double.log();
    let [message] = log.messages.as_slice() else {
        panic!("one message, not {}", log.messages.len());
    };
    for part in [
        "To: ann@example.com\n",
        "Subject: Disk full\n",
        "Message-ID: <msg_p5jXN8AQM9LWM0D4loKWxJek@example.org>\n",
        "Reply-To: noc@example.org\n",
        "Disk full on db1\n.\nThe end",
        "<p>Disk full on db1</p>",
    ] {
        assert!(message.contains(part), "{part:?} in {message}");
    }
    let mail = log.commands.iter().find(|line| line.starts_with("MAIL")).unwrap();
    assert!(mail.starts_with("MAIL FROM:<pages@example.org>"), "{mail}");
    assert!(log.commands.contains(&"RCPT TO:<ann@example.com>".to_owned()));
}

#[tokio::test]
async fn the_servers_code_decides_once_it_listens_and_a_broken_talk_is_temporary() {
    let permanent = Outcome::PermanentFailure;
    for (verb, reply, timeout, expect) in [
        ("RCPT", Reply::Say("550 5.1.1 no such user"), LONG, permanent),
        ("MAIL", Reply::Say("553 5.7.1 not you"), LONG, permanent),
        (".", Reply::Say("554 5.6.0 no"), LONG, permanent),
        (".", Reply::Say("354 still going on"), LONG, TEMPORARY),
        ("RCPT", Reply::Say("451 4.7.1 greylisted"), LONG, TEMPORARY),
        ("MAIL", Reply::Say("421 4.3.2 going down"), LONG, TEMPORARY),
        (".", Reply::Say("452 4.2.2 full"), LONG, TEMPORARY),
        ("CONNECT", Reply::Say("554 5.3.2 not now"), LONG, TEMPORARY),
        ("AUTH", Reply::Say("535 5.7.8 wrong"), LONG, TEMPORARY),
        ("CONNECT", Reply::Say("HTTP/1.1 400 What"), LONG, TEMPORARY),
        ("CONNECT", Reply::Silence, SHORT, TEMPORARY),
        ("EHLO", Reply::Silence, SHORT, TEMPORARY),
        ("DATA", Reply::Silence, SHORT, TEMPORARY),
        (".", Reply::Silence, SHORT, TEMPORARY),
        ("CONNECT", Reply::HangUp, LONG, TEMPORARY),
        ("DATA", Reply::HangUp, LONG, TEMPORARY),
        (".", Reply::HangUp, LONG, TEMPORARY),
    ] {
        let (report, _double) = send(verb, reply, timeout).await;
        assert_eq!(report.outcome, expect, "{verb}: {}", report.answer);
        assert!(report.elapsed_micros < 30_000_000, "{verb}");
        assert!(!report.answer.contains("sesame"), "{verb}: {}", report.answer);
        if let Reply::Say(said) = reply
            && !said.starts_with("HTTP")
        {
            assert_eq!(report.answer, said, "{verb}");
        }
    }
}

#[tokio::test]
async fn a_session_is_used_again_and_replaced_when_it_died() {
    let died = |verb: &str, connection| (verb == "NOOP" && connection == 1).then_some(Reply::HangUp);
    let double = MailDouble::start(died).await;
    let carrier = plain(&double, LONG);
    for connections in [1, 2, 2] {
        let report = carrier.send(&page()).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{}", report.answer);
        assert_eq!(double.log().count("CONNECT"), connections);
    }
    assert_eq!(double.log().messages.len(), 3);
}

#[tokio::test]
async fn a_conversation_that_timed_out_is_not_continued_by_the_next_message() {
    let slow = |verb: &str, connection| (verb == "." && connection == 1).then_some(Reply::Silence);
    let double = MailDouble::start(slow).await;
    let carrier = plain(&double, AMPLE);
    assert_eq!(carrier.send(&page()).await.outcome, TEMPORARY);
    assert_eq!(carrier.send(&page()).await.answer, "250 2.0.0 queued");
    assert_eq!(double.log().count("CONNECT"), 2);
}

#[tokio::test]
async fn without_the_protection_asked_for_no_word_of_the_message_is_said() {
    for security in [MailSecurity::StartTls, MailSecurity::Tls] {
        let double = MailDouble::start(|_, _| None).await;
        let report = carrier(&double, security, SHORT).send(&page()).await;
        assert_eq!(report.outcome, TEMPORARY, "{security:?}: {}", report.answer);
        let log = double.log();
        assert_eq!((log.count("AUTH"), log.count("MAIL")), (0, 0), "{security:?}");
    }
}

#[tokio::test]
async fn a_recipient_that_is_no_address_is_permanent_and_nobody_is_called() {
    let double = MailDouble::start(|_, _| None).await;
    let carrier = plain(&double, LONG);
    for address in [
        Address::Email(String::new()),
        Address::Email("ann".to_owned()),
        Address::Email("ann@example.com\r\nRCPT TO:<eve@example.net>".to_owned()),
        Address::Email("ann@example.com, eve@example.net".to_owned()),
        Address::Terminal("ann".to_owned()),
    ] {
        let report = carrier.send(&message(address)).await;
        assert_eq!(report.outcome, Outcome::PermanentFailure, "{}", report.answer);
    }
    assert_eq!(double.log().count("CONNECT"), 0);
}

#[tokio::test]
async fn a_mail_server_of_an_authority_of_ones_own_is_believed_and_one_of_nobody_hears_no_word() {
    for (cover, security) in [(Cover::First, MailSecurity::Tls), (Cover::Later, MailSecurity::StartTls)] {
        let double = MailDouble::covered(cover, |_, _| None).await;
        let refused = carrier(&double, security, LONG).send(&page()).await;
        assert_eq!(refused.outcome, TEMPORARY, "{security:?}");
        assert!(refused.answer.contains("certificate"), "{security:?}: {}", refused.answer);
        assert_eq!(double.log().count("MAIL") + double.log().count("AUTH"), 0, "{security:?}");
        let own = Authorities::with_own(tls_double::authority().as_bytes()).unwrap();
        let carrier = trusting(&double, security, LONG, own);
        for number in 1..=2 {
            let report = carrier.send(&page()).await;
            assert_eq!(report.outcome, Outcome::Delivered, "{security:?}: {}", report.answer);
            assert_eq!(double.log().messages.len(), number);
        }
        assert_eq!(double.log().count("AUTH"), 1, "{security:?}: the session is kept");
    }
}

//! What every carrier that speaks HTTP makes of an answer: only a 2xx is a success, nothing is followed, nothing can hold
//! a sender.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering::SeqCst};
use std::time::Duration;

use domain::directory::ChatKind;
use engine::{Clock, Ids};
use notify::carrier::{
    Address, Carrier, ChatCarrier, HttpClient, Outcome, PushCarrier, Report, SmsCarrier, SmsSender, TwilioAccount,
    TwilioSettings, VoiceCarrier, WebhookCarrier,
};
use notify::egress::Egress;
use store::Authorities;

use crate::tls_double::TlsDouble;
use crate::web_double::{Answer, WebDouble, status};
use crate::{CHATS, TEMPORARY, message};

const SHORT: Duration = Duration::from_millis(200);
/// Runs out where a test wants it to, yet leaves a busy machine the time to give the answers that must arrive.
const AMPLE: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_secs(60);

/// A carrier, and an address at the server that it is to be tried with.
struct Sender {
    name: String,
    carrier: Box<dyn Carrier>,
    address: Address,
}

impl Sender {
    fn new(name: impl Into<String>, carrier: impl Carrier + 'static, address: Address) -> Self {
        Self { name: name.into(), carrier: Box::new(carrier), address }
    }

    async fn send(&self) -> Report {
        self.carrier.send(&message(self.address.clone())).await
    }

    /// Whether the account that the server is asked by is the operator's and not the person's.
    fn is_telephone(&self) -> bool {
        matches!(self.address, Address::Sms { .. } | Address::Voice { .. })
    }
}

/// Every carrier that speaks HTTP, with an address whose URL begins with `base`.
fn senders(base: &str, timeout: Duration) -> Vec<Sender> {
    let settings = TwilioSettings {
        base_url: base.to_owned(),
        account_sid: "AC1".to_owned(),
        auth_token: "open sesame".to_owned(),
        authorities: Authorities::default(),
    };
    let account = TwilioAccount::with_timeout(&settings, Clock::system(), timeout).unwrap();
    let sms = SmsCarrier::new(account.clone(), SmsSender::Number("+4930123456".to_owned()));
    let voice = VoiceCarrier::new(account, "+4930123456".to_owned());
    let to = || "+4915112345678".to_owned();
    let mut senders = vec![
        Sender::new("sms", sms, Address::Sms { to: to() }),
        Sender::new("voice", voice, Address::Voice { to: to() }),
    ];
    senders.extend(guarded(base, Egress::new(vec!["127.0.0.0/8".parse().unwrap()]), timeout));
    senders
}

/// Those of them whose URL a user can set.
fn guarded(base: &str, egress: Egress, timeout: Duration) -> Vec<Sender> {
    let http = HttpClient::with_timeout(egress, timeout).unwrap();
    let url = format!("{base}/token");
    let chat = |kind: ChatKind| {
        let recipient = (kind == ChatKind::Telegram).then(|| "-100".to_owned());
        let carrier = ChatCarrier::new(http.clone(), Clock::system());
        Sender::new(format!("{kind:?}"), carrier, Address::Chat { kind, url: url.clone(), recipient })
    };
    let webhook = WebhookCarrier::new(http.clone(), Clock::system());
    let push = PushCarrier::new(http.clone(), Clock::system(), Ids::system());
    let mut senders = vec![
        Sender::new("webhook", webhook, Address::Webhook { url: url.clone(), secrets: Vec::new() }),
        Sender::new("push", push, Address::Push { url: url.clone(), token: Some("tk_token".to_owned()) }),
    ];
    senders.extend(CHATS.map(chat));
    senders
}

/// What came of a message by each of them, sent at the same time: those that run out of time do so together.
async fn send_by_all(senders: Vec<Sender>) -> Vec<(String, Report)> {
    let send = |sender: Sender| tokio::spawn(async move { (sender.name.clone(), sender.send().await) });
    let sent: Vec<_> = senders.into_iter().map(send).collect();
    let mut reports = Vec::new();
    for report in sent {
        reports.push(report.await.unwrap());
    }
    reports
}

fn at(double: &WebDouble) -> String {
    format!("http://{}", double.address)
}

#[tokio::test]
async fn only_a_2xx_is_a_success() {
    let code = Arc::new(AtomicU16::new(0));
    let asked = Arc::clone(&code);
    let double = WebDouble::start(move |_| Answer::Say(status(asked.load(SeqCst), "location: /elsewhere\r\n"))).await;
    let senders = senders(&at(&double), LONG);
    for status in 200..=599 {
        code.store(status, SeqCst);
        for sender in &senders {
            let report = sender.send().await;
            let expect = match status {
                200..300 => Outcome::Delivered,
                401 | 403 if sender.is_telephone() => TEMPORARY,
                408 | 425 | 429 | 500.. => TEMPORARY,
                _ => Outcome::PermanentFailure,
            };
            assert_eq!(report.outcome, expect, "{} {status}: {}", sender.name, report.answer);
            assert_eq!(report.answer.trim(), format!("HTTP {status}"), "{}", sender.name);
        }
    }
    // One request for each: no redirect was followed and nothing was tried again.
    let received = double.received();
    assert_eq!(received.len(), 400 * senders.len());
    assert!(received.iter().all(|request| request.path() != "/elsewhere"));
}

#[tokio::test]
async fn a_failure_keeps_its_reason_and_the_wait_that_was_asked_for() {
    let headers = "retry-after: 120\r\ncontent-length: 19\r\n";
    let text = format!("{}slow down,\r\nplease\n", status(429, headers));
    let double = WebDouble::always(Answer::Say(text)).await;
    for sender in senders(&at(&double), LONG) {
        let report = sender.send().await;
        let outcome = Outcome::TemporaryFailure { retry_after_seconds: Some(120) };
        assert_eq!(
            (report.outcome, report.answer.as_str()),
            (outcome, "HTTP 429 slow down, please"),
            "{}",
            sender.name
        );
    }
}

#[tokio::test]
async fn what_breaks_before_an_answer_is_temporary_and_tells_no_secret() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let silent = WebDouble::always(Answer::Stall(String::new())).await;
    let half = WebDouble::always(Answer::Stall("HTTP/1.1 200 OK\r\nx-half".to_owned())).await;
    let broken = WebDouble::always(Answer::Break).await;
    let nonsense = WebDouble::always(Answer::Say("220 mail ready\r\n\r\n".to_owned())).await;
    let plain = WebDouble::always(Answer::Interrupt(status(400, ""))).await;
    let alerting = TlsDouble::that_alerts();
    for (what, base, timeout) in [
        ("connection refused", format!("http://{closed}"), LONG),
        ("silence", at(&silent), SHORT),
        ("half a header", at(&half), SHORT),
        ("reset", at(&broken), LONG),
        ("not HTTP", at(&nonsense), LONG),
        ("not TLS", format!("https://{}", plain.address), LONG),
        ("a handshake that fails", format!("https://{}", alerting.address), LONG),
    ] {
        for (name, report) in send_by_all(senders(&base, timeout)).await {
            assert_eq!(report.outcome, TEMPORARY, "{name}, {what}: {}", report.answer);
            assert!(!report.answer.is_empty(), "{name}, {what}");
            for secret in ["token", "sesame", "AC1"] {
                assert!(!report.answer.contains(secret), "{name}, {what}: {}", report.answer);
            }
            assert!(report.elapsed_micros < 30_000_000, "{name}, {what}");
        }
    }
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_hears_no_word() {
    let double = TlsDouble::of_nobody();
    for host in ["127.0.0.1", "localhost"] {
        for sender in senders(&format!("https://{host}:{}", double.address.port()), LONG) {
            let report = sender.send().await;
            assert_eq!(report.outcome, TEMPORARY, "{}: {}", sender.name, report.answer);
            assert!(report.answer.contains("certificate"), "{}: {}", sender.name, report.answer);
            assert_eq!(double.heard(), b"", "{}", sender.name);
        }
    }
}

#[tokio::test]
async fn a_server_of_an_authority_of_ones_own_is_believed() {
    let double = TlsDouble::of_nobody();
    let own = Authorities::with_own(crate::tls_double::authority().as_bytes()).unwrap();
    for host in ["127.0.0.1", "localhost"] {
        let egress =
            Egress::new(vec!["127.0.0.0/8".parse().unwrap(), "::1".parse::<std::net::IpAddr>().unwrap().into()]);
        let http = HttpClient::new(egress.trusting(&own)).unwrap();
        let url = format!("https://{host}:{}", double.address.port());
        let address = Address::Webhook { url, secrets: Vec::new() };
        let report = WebhookCarrier::new(http, Clock::system()).send(&message(address)).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{host}: {}", report.answer);
        assert!(double.heard().starts_with(b"POST "), "{host}");
    }
}

#[tokio::test]
async fn the_status_decides_whatever_becomes_of_the_body() {
    let cut = status(200, "content-length: 1000\r\n") + "only this";
    for (answer, timeout, expect) in [
        (Answer::Endless(200), LONG, Outcome::Delivered),
        (Answer::Endless(503), LONG, TEMPORARY),
        (Answer::Endless(404), LONG, Outcome::PermanentFailure),
        (Answer::Stall(cut.clone()), AMPLE, Outcome::Delivered),
        (Answer::Say(cut), LONG, Outcome::Delivered),
    ] {
        let double = WebDouble::always(answer).await;
        for (name, report) in send_by_all(senders(&at(&double), timeout)).await {
            assert_eq!(report.outcome, expect, "{name}: {}", report.answer);
            assert!(report.elapsed_micros < 30_000_000, "{name}");
        }
    }
}

#[tokio::test]
async fn a_closed_address_is_never_connected_to() {
    let double = WebDouble::always(Answer::Say(status(200, ""))).await;
    let port = double.address.port();
    for host in ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"] {
        for sender in guarded(&format!("http://{host}:{port}"), Egress::default(), LONG) {
            let report = sender.send().await;
            assert_eq!(report.outcome, Outcome::PermanentFailure, "{} {host}", sender.name);
            assert!(report.answer.starts_with("refused: "), "{}", report.answer);
        }
    }
    assert!(double.received().is_empty());

    for sender in senders(&format!("http://localhost:{port}"), LONG) {
        let report = sender.send().await;
        assert_eq!(report.outcome, Outcome::Delivered, "{}: {}", sender.name, report.answer);
    }
}

#[tokio::test]
async fn a_message_to_another_channel_is_permanent_and_not_sent() {
    let double = WebDouble::always(Answer::Say(status(200, ""))).await;
    let senders = senders(&at(&double), LONG);
    for sender in &senders {
        for other in senders.iter().map(|other| &other.address).chain([&Address::Email("ann@example.org".to_owned())]) {
            if std::mem::discriminant(other) == std::mem::discriminant(&sender.address) {
                continue;
            }
            let report = sender.carrier.send(&message(other.clone())).await;
            assert_eq!(report.outcome, Outcome::PermanentFailure, "{} {other:?}", sender.name);
        }
    }
    assert!(double.received().is_empty());
}

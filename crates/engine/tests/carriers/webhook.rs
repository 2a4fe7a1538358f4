//! Webhooks: only a 2xx is a success, nothing is followed, nothing can hold a sender, and what arrives is signed.

use std::time::Duration;

use engine::carrier::{Address, Carrier as _, HttpClient, Outcome, Report, WebhookCarrier};
use engine::clock::Clock;
use engine::egress::Egress;
use engine::signature::Secret;

use crate::web_double::{Answer, WebDouble, status};
use crate::{TEMPORARY, letter};

const SHORT: Duration = Duration::from_millis(200);
/// Runs out where a test wants it to, yet leaves a busy machine the time to give the answers that must arrive.
const AMPLE: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_secs(60);
const SECRETS: [&str; 2] = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2Vjb25k"];

fn loopback() -> Egress {
    Egress::new(vec!["127.0.0.0/8".parse().unwrap()])
}

fn carrier(timeout: Duration) -> WebhookCarrier {
    WebhookCarrier::new(HttpClient::with_timeout(loopback(), timeout).unwrap(), Clock::system())
}

fn webhook(url: impl Into<String>) -> Address {
    Address::Webhook { url: url.into(), secrets: SECRETS.map(str::to_owned).to_vec() }
}

async fn send(carrier: &WebhookCarrier, url: String) -> Report {
    carrier.send(&letter(webhook(url))).await
}

#[tokio::test]
async fn only_a_2xx_is_a_success() {
    let double = WebDouble::start(|path| {
        let code = path.trim_start_matches('/').parse().unwrap_or(200);
        Answer::Say(status(code, "location: /200\r\n"))
    })
    .await;
    let carrier = carrier(LONG);
    for code in 200..=599 {
        let report = send(&carrier, format!("http://{}/{code}", double.address)).await;
        let expect = match code {
            200..300 => Outcome::Delivered,
            408 | 425 | 429 | 500.. => TEMPORARY,
            _ => Outcome::PermanentFailure,
        };
        assert_eq!(report.outcome, expect, "{code}: {}", report.answer);
        assert_eq!(report.answer.trim(), format!("HTTP {code}"));
    }
    // One request for each status: no redirect was followed and nothing was tried again.
    assert_eq!(double.received().len(), 400);
}

#[tokio::test]
async fn the_receiver_can_verify_what_it_was_sent() {
    let double = WebDouble::always(Answer::Say(status(204, ""))).await;
    let clock = Clock::held(1_614_265_330_999_999);
    let carrier = WebhookCarrier::new(HttpClient::new(loopback()).unwrap(), clock);
    let letter = letter(webhook(format!("http://{}/hook?a=b", double.address)));
    assert_eq!(carrier.send(&letter).await.outcome, Outcome::Delivered);

    let [request] = double.received().try_into().ok().unwrap();
    assert!(request.head.starts_with("POST /hook?a=b HTTP/1.1\r\n"));
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body, letter.payload);
    let signatures = SECRETS.map(|secret| {
        let secret = Secret::parse(secret).unwrap();
        secret.sign(&letter.delivery_id, 1_614_265_330, &request.body)
    });
    let version = concat!("Reveille/", env!("CARGO_PKG_VERSION"));
    for (header, expect) in [
        ("webhook-id", letter.delivery_id.as_str()),
        ("webhook-timestamp", "1614265330"),
        ("webhook-signature", &signatures.join(" ")),
        ("content-type", "application/json"),
        ("user-agent", version),
        ("x-team", "night"),
    ] {
        assert_eq!(request.header(header), Some(expect), "{header}");
    }
}

#[tokio::test]
async fn a_receiver_without_a_secret_gets_no_signature() {
    let double = WebDouble::always(Answer::Say(status(200, ""))).await;
    let address = Address::Webhook { url: format!("http://{}/", double.address), secrets: Vec::new() };
    let report = carrier(LONG).send(&letter(address)).await;
    assert_eq!(report.outcome, Outcome::Delivered);
    assert_eq!(double.received()[0].header("webhook-signature"), None);
}

#[tokio::test]
async fn a_failure_keeps_its_reason_and_the_wait_that_was_asked_for() {
    let headers = "retry-after: 120\r\ncontent-length: 19\r\n";
    let text = format!("{}slow down,\r\nplease\n", status(429, headers));
    let double = WebDouble::always(Answer::Say(text)).await;
    let report = send(&carrier(LONG), format!("http://{}/", double.address)).await;
    let outcome = Outcome::TemporaryFailure { retry_after_seconds: Some(120) };
    assert_eq!(report.outcome, outcome);
    assert_eq!(report.answer, "HTTP 429 slow down, please");
}

#[tokio::test]
async fn what_breaks_before_an_answer_is_temporary() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let silent = WebDouble::always(Answer::Stall(String::new())).await;
    let half = WebDouble::always(Answer::Stall("HTTP/1.1 200 OK\r\nx-half".to_owned())).await;
    let broken = WebDouble::always(Answer::Break).await;
    let nonsense = WebDouble::always(Answer::Say("220 mail ready\r\n\r\n".to_owned())).await;
    let plain = WebDouble::always(Answer::Interrupt(status(400, ""))).await;
    for (what, url, timeout) in [
        ("connection refused", format!("http://{closed}/token"), LONG),
        ("silence", format!("http://{}/token", silent.address), SHORT),
        ("half a header", format!("http://{}/token", half.address), SHORT),
        ("reset", format!("http://{}/token", broken.address), LONG),
        ("not HTTP", format!("http://{}/token", nonsense.address), LONG),
        ("not TLS", format!("https://{}/token", plain.address), LONG),
    ] {
        let report = send(&carrier(timeout), url).await;
        assert_eq!(report.outcome, TEMPORARY, "{what}: {}", report.answer);
        assert!(!report.answer.is_empty(), "{what}");
        assert!(!report.answer.contains("token"), "{what}: {}", report.answer);
        assert!(report.elapsed_micros < 30_000_000, "{what}");
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
        let report = send(&carrier(timeout), format!("http://{}/", double.address)).await;
        assert_eq!(report.outcome, expect, "{}", report.answer);
        assert!(report.elapsed_micros < 30_000_000);
    }
}

#[tokio::test]
async fn a_closed_address_is_never_connected_to() {
    let double = WebDouble::always(Answer::Say(status(200, ""))).await;
    let guarded = WebhookCarrier::new(HttpClient::new(Egress::default()).unwrap(), Clock::system());
    let port = double.address.port();
    for host in ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"] {
        let report = send(&guarded, format!("http://{host}:{port}/")).await;
        assert_eq!(report.outcome, Outcome::PermanentFailure, "{host}");
        assert!(report.answer.starts_with("refused: "), "{}", report.answer);
    }
    assert!(double.received().is_empty());

    let report = send(&carrier(LONG), format!("http://localhost:{port}/")).await;
    assert_eq!(report.outcome, Outcome::Delivered, "{}", report.answer);
}

#[tokio::test]
async fn a_letter_that_cannot_be_sent_is_permanent_and_not_sent() {
    let double = WebDouble::always(Answer::Say(status(200, ""))).await;
    let url = format!("http://{}/", double.address);
    let secret = Address::Webhook { url: url.clone(), secrets: vec!["whsec_!!".to_owned()] };
    let mut split = letter(webhook(url.clone()));
    split.delivery_id = "a\r\nHost: b".to_owned();
    let mut forged = letter(webhook(url));
    forged.headers = vec![("webhook-id".to_owned(), "other".to_owned())];
    for letter in [
        letter(secret),
        split,
        forged,
        letter(webhook("not a url")),
        letter(Address::Email("ann@example.org".to_owned())),
    ] {
        let report = carrier(LONG).send(&letter).await;
        assert_eq!(report.outcome, Outcome::PermanentFailure, "{letter:?}");
    }
    assert!(double.received().is_empty());
}

//! Webhooks: what arrives is signed, and what cannot be signed or sent as asked is not sent.

use engine::Clock;
use notify::carrier::signature::Secret;
use notify::carrier::{Address, Carrier as _, HttpClient, Outcome, WebhookCarrier};
use notify::egress::Egress;

use crate::message;
use crate::web_double::{Answer, WebDouble, status};

const SECRETS: [&str; 2] = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2Vjb25k"];

fn loopback() -> Egress {
    Egress::new(vec!["127.0.0.0/8".parse().unwrap()])
}

fn carrier() -> WebhookCarrier {
    WebhookCarrier::new(HttpClient::new(loopback()).unwrap(), Clock::system())
}

fn webhook(url: impl Into<String>) -> Address {
    Address::Webhook { url: url.into(), secrets: SECRETS.map(str::to_owned).to_vec() }
}

#[tokio::test]
async fn the_receiver_can_verify_what_it_was_sent() {
    let double = WebDouble::always(Answer::Say(status(204, ""))).await;
    let clock = Clock::held(1_614_265_330_999_999);
    let carrier = WebhookCarrier::new(HttpClient::new(loopback()).unwrap(), clock);
    let message = message(webhook(format!("http://{}/hook?a=b", double.address)));
    assert_eq!(carrier.send(&message).await.outcome, Outcome::Delivered);

    let [request] = double.received().try_into().ok().unwrap();
    assert!(request.head.starts_with("POST /hook?a=b HTTP/1.1\r\n"));
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body, message.payload);
    let signatures = SECRETS.map(|secret| {
        let secret = Secret::parse(secret).unwrap();
        secret.sign(&message.delivery_id, 1_614_265_330, &request.body)
    });
    let version = concat!("Reveille/", env!("CARGO_PKG_VERSION"));
    for (header, expect) in [
        ("webhook-id", message.delivery_id.as_str()),
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
    let report = carrier().send(&message(address)).await;
    assert_eq!(report.outcome, Outcome::Delivered);
    assert_eq!(double.received()[0].header("webhook-signature"), None);
}

#[tokio::test]
async fn a_message_that_cannot_be_sent_is_permanent_and_not_sent() {
    let double = WebDouble::always(Answer::Say(status(200, ""))).await;
    let url = format!("http://{}/", double.address);
    let secret = Address::Webhook { url: url.clone(), secrets: vec!["whsec_!!".to_owned()] };
    let mut split = message(webhook(url.clone()));
    split.delivery_id = "a\r\nHost: b".to_owned();
    let mut forged = message(webhook(url));
    forged.headers = vec![("webhook-id".to_owned(), "other".to_owned())];
    for message in [
        message(secret),
        split,
        forged,
        message(webhook("not a url")),
        message(Address::Email("ann@example.org".to_owned())),
    ] {
        let report = carrier().send(&message).await;
        assert_eq!(report.outcome, Outcome::PermanentFailure, "{message:?}");
    }
    assert!(double.received().is_empty());
}

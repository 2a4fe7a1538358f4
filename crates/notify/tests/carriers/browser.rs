//! Browsers: one POST to the push service of their maker, which can read nothing of it, and what its answers mean.

use std::sync::Arc;

use domain::directory::PushDevice;
use domain::{Instant, Urgency};
use engine::{Clock, Ids};
use notify::carrier::{ActionLink, Address, Carrier as _, HttpClient, Message, Outcome, PushCarrier, Report, VapidKey};
use notify::egress::Egress;

use crate::message;
use crate::web_double::{Answer, Received, WebDouble, status};

const NOW: i64 = 1_772_438_400_000_000;

fn device(endpoint: String) -> Address {
    let device = PushDevice {
        id: "d".to_owned(),
        name: "telephone".to_owned(),
        endpoint,
        p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4".to_owned(),
        auth: "BTBZMqHH6r4Tts7J_aSIgg".to_owned(),
    };
    let key = VapidKey::read(&VapidKey::fresh(&Ids::seeded(1)), Some("https://reveille.example.org")).unwrap();
    Address::Device { device, key: Arc::new(key) }
}

async fn send(message: &Message) -> Report {
    let http = HttpClient::new(Egress::new(vec!["127.0.0.0/8".parse().unwrap()])).unwrap();
    PushCarrier::new(http, Clock::held(NOW), Ids::system()).send(message).await
}

/// What a push service was sent that took it.
async fn taken(change: impl Fn(Message) -> Message) -> Received {
    let double = WebDouble::always(Answer::Say(status(201, ""))).await;
    let report = send(&change(message(device(format!("http://{}/send/s3cret", double.address))))).await;
    assert_eq!((report.outcome, report.answer.as_str()), (Outcome::Delivered, "HTTP 201"));
    let [request] = double.received().try_into().ok().unwrap();
    request
}

fn acknowledge() -> Vec<ActionLink> {
    vec![ActionLink { label: "Acknowledge".to_owned(), url: format!("https://r.example/act/{}", "t".repeat(200)) }]
}

#[tokio::test]
async fn a_push_service_is_told_how_long_and_how_urgently_and_what_replaces_what_and_nothing_else() {
    let request = taken(|message| Message {
        about: Some("payments".to_owned()),
        page: Some("https://r.example/app/i/7".to_owned()),
        actions: acknowledge(),
        useful_until: Some(Instant(NOW + 300_000_000)),
        ..message
    })
    .await;
    assert!(request.head.starts_with("POST /send/s3cret HTTP/1.1\r\n"), "{}", request.head);
    for (name, value) in [("content-encoding", "aes128gcm"), ("ttl", "300"), ("urgency", "high")] {
        assert_eq!(request.header(name), Some(value), "{name}");
    }
    assert!(request.header("authorization").unwrap().starts_with("vapid t="));
    let topic = request.header("topic").unwrap();
    let is_of_urls = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
    assert!(topic.len() == 32 && topic.chars().all(is_of_urls), "{topic}");
    assert!(!request.head.contains("incident"), "{}", request.head);
    let text = String::from_utf8_lossy(&request.body);
    assert!(!text.contains("Disk") && !text.contains("r.example"), "{text}");
}

#[tokio::test]
async fn the_newest_about_an_incident_takes_the_place_of_the_one_before_and_of_no_other() {
    let topic = async |thread: &str| {
        let thread = thread.to_owned();
        let request = taken(|message| Message { thread: thread.clone(), ..message }).await;
        request.header("topic").unwrap().to_owned()
    };
    assert_eq!(topic("incident-7").await, topic("incident-7").await);
    assert_ne!(topic("incident-7").await, topic("incident-8").await);
}

#[tokio::test]
async fn no_message_is_kept_for_less_than_a_minute_or_more_than_a_day_and_a_quiet_one_is_not_urgent() {
    for (until, ttl) in
        [(Some(NOW - 9), "60"), (Some(NOW + 59_000_000), "60"), (None, "86400"), (Some(i64::MAX), "86400")]
    {
        let request = taken(|message| Message { useful_until: until.map(Instant), ..message }).await;
        assert_eq!(request.header("ttl"), Some(ttl), "{until:?}");
    }
    let request = taken(|message| Message { urgency: Urgency::Medium, ..message }).await;
    assert_eq!(request.header("urgency"), Some("normal"));
}

#[tokio::test]
async fn every_message_is_equally_long_however_much_it_says_and_two_are_never_sealed_alike() {
    let short = taken(|message| message).await.body;
    let long = taken(|message| Message {
        subject: "\"\\\u{1f514}".repeat(2_000),
        about: Some("\u{1}é".repeat(2_000)),
        page: Some(format!("https://r.example/{}", "p".repeat(200))),
        actions: acknowledge(),
        ..message
    })
    .await
    .body;
    assert_eq!((short.len(), long.len()), (2_903, 2_903));
    assert_eq!(short[16..21], [0, 0, 16, 0, 65], "one record of at most 4,096 bytes, then a point");
    assert!(short[..16] != long[..16] && short[21..86] != long[21..86], "a salt and a key for each message");
}

#[tokio::test]
async fn a_subscription_that_ended_is_gone_and_whoever_is_busy_is_asked_later() {
    let later = |seconds| Outcome::TemporaryFailure { retry_after_seconds: seconds };
    for (code, headers, outcome) in [
        (404, "", Outcome::Gone),
        (410, "", Outcome::Gone),
        (429, "retry-after: 30\r\n", later(Some(30))),
        (503, "", later(None)),
        (401, "", Outcome::PermanentFailure),
        (413, "", Outcome::PermanentFailure),
        (307, "location: /elsewhere\r\n", Outcome::PermanentFailure),
    ] {
        let double = WebDouble::always(Answer::Say(status(code, headers))).await;
        let report = send(&message(device(format!("http://{}/x", double.address)))).await;
        assert_eq!(report.outcome, outcome, "{code}: {}", report.answer);
    }
}

#[tokio::test]
async fn a_browser_is_not_pushed_to_in_clear_or_within_a_closed_network() {
    for endpoint in ["http://push.example.net/x", "https://10.0.0.1/x"] {
        let report = send(&message(device(endpoint.to_owned()))).await;
        assert_eq!(report.outcome, Outcome::PermanentFailure, "{endpoint}: {}", report.answer);
    }
}

//! Push: JSON to the server of the topic, as loud as the incident, with the links as buttons.

use domain::Urgency;
use engine::{Clock, Ids};
use notify::carrier::{ActionLink, Address, Carrier as _, HttpClient, Message, Outcome, PushCarrier, Report};
use notify::egress::Egress;
use serde_json::json;

use crate::message;
use crate::web_double::{Answer, Received, WebDouble, status};

async fn send(message: &Message) -> Report {
    let http = HttpClient::new(Egress::new(vec!["127.0.0.0/8".parse().unwrap()])).unwrap();
    PushCarrier::new(http, Clock::system(), Ids::system()).send(message).await
}

/// What a server was sent that took it.
async fn taken(token: Option<&str>, change: impl Fn(Message) -> Message) -> Received {
    let double = WebDouble::always(Answer::Say(status(200, ""))).await;
    let url = format!("http://{}/ops-ana", double.address);
    let page = message(Address::Push { url, token: token.map(str::to_owned) });
    let report = send(&change(page)).await;
    assert_eq!(report.outcome, Outcome::Delivered, "{}", report.answer);
    let [request] = double.received().try_into().ok().unwrap();
    request
}

fn links(count: usize) -> Vec<ActionLink> {
    let link = |number| ActionLink { label: format!("Do {number}"), url: format!("https://r.example/act/{number}") };
    (1..=count).map(link).collect()
}

#[tokio::test]
async fn a_page_is_published_whole() {
    let request = taken(Some("tk_secret"), |message| Message {
        subject: "[#7] Critical: Disk full".to_owned(),
        brief: "97 % of /var".to_owned(),
        actions: links(2),
        ..message
    })
    .await;
    assert!(request.head.starts_with("POST / HTTP/1.1\r\n"), "{}", request.head);
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("authorization"), Some("Bearer tk_secret"));
    let view = |number: u32| json!({"action": "view", "label": format!("Do {number}"), "url": format!("https://r.example/act/{number}")});
    assert_eq!(
        request.json(),
        json!({
            "topic": "ops-ana",
            "title": "[#7] Critical: Disk full",
            "message": "97 % of /var",
            "priority": 5,
            "tags": ["rotating_light"],
            "actions": [view(1), view(2)],
            "click": "https://r.example/act/1",
        })
    );
}

#[tokio::test]
async fn it_is_as_loud_as_the_incident() {
    let urgencies = [Urgency::Minor, Urgency::Low, Urgency::Medium, Urgency::High, Urgency::Critical];
    for (urgency, priority) in urgencies.into_iter().zip(1..) {
        let request = taken(None, |message| Message { urgency, ..message }).await;
        assert_eq!(request.json()["priority"], priority);
        assert_eq!(request.header("authorization"), None);
    }
}

#[tokio::test]
async fn it_stays_within_what_the_server_takes() {
    let request = taken(None, |message| Message {
        subject: "é\n".repeat(4_000),
        brief: "é\u{0}".repeat(4_000),
        actions: links(9),
        ..message
    })
    .await;
    let body = request.json();
    let message = body["message"].as_str().unwrap();
    assert!(message.len() <= 4_096 && message.ends_with('…'), "{}", message.len());
    assert!(!body["title"].as_str().unwrap().contains('\n'));
    assert_eq!(body["actions"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn what_cannot_be_published_is_permanent_and_not_sent() {
    let double = WebDouble::always(Answer::Say(status(200, ""))).await;
    for (path, token) in [("", None), ("//", None), ("topic", Some("tk\r\nx-evil: 1"))] {
        let url = format!("http://{}/{path}", double.address);
        let report = send(&message(Address::Push { url, token: token.map(str::to_owned) })).await;
        assert_eq!(report.outcome, Outcome::PermanentFailure, "{path}: {}", report.answer);
    }
    assert!(double.received().is_empty());
}

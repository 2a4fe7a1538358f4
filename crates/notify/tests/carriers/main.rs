//! What the carriers promise, held against small real servers on the loopback.
#![cfg(test)]

mod answers;
mod browser;
mod chat;
mod chat_double;
mod mail;
mod mail_double;
mod push;
mod tls_double;
mod web_double;
mod webhook;

use domain::directory::ChatKind;
use notify::carrier::{Address, Message, Outcome};
use serde_json::json;

const TEMPORARY: Outcome = Outcome::TemporaryFailure { retry_after_seconds: None };

const CHATS: [ChatKind; 6] = [
    ChatKind::Slack,
    ChatKind::Teams,
    ChatKind::Discord,
    ChatKind::Mattermost,
    ChatKind::GoogleChat,
    ChatKind::Telegram,
];

fn message(address: Address) -> Message {
    Message {
        delivery_id: "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(),
        attempt: 1,
        address,
        subject: "Disk full".to_owned(),
        text: "Disk full on db1\n.\nThe end".to_owned(),
        html: Some("<p>Disk full on db1</p>".to_owned()),
        thread: "incident-7".to_owned(),
        payload: json!({"title": "Disk full", "urgency_level": 5}),
        urgency: domain::Urgency::Critical,
        brief: "Disk full".to_owned(),
        spoken: "Disk full".to_owned(),
        actions: Vec::new(),
        status_url: None,
        digits_url: None,
        about: None,
        page: None,
        useful_until: None,
        headers: vec![("X-Team".to_owned(), "night".to_owned())],
    }
}

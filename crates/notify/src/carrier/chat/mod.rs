//! Chats by their incoming webhooks: one sender, and a table of bodies.

mod body;
mod escape;

use domain::directory::ChatKind;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::http::Answer;
use super::{Address, BoxFuture, Carrier, HttpClient, Message, Report, Verdict};
use engine::Clock;

/// What an old connector of Teams writes under a 200 when the message did not arrive.
const TEAMS_FAILED: &str = "Microsoft Teams endpoint returned HTTP error";

/// Posts messages to chats.
#[derive(Clone, Debug)]
pub struct ChatCarrier {
    http: HttpClient,
    clock: Clock,
}

impl ChatCarrier {
    /// A carrier that sends by `http`.
    #[must_use]
    pub fn new(http: HttpClient, clock: Clock) -> Self {
        Self { http, clock }
    }

    async fn post(&self, message: &Message) -> Result<Verdict, Verdict> {
        let Address::Chat { kind, url, recipient } = &message.address else {
            return Err(Verdict::permanent("a chat needs the URL of its webhook"));
        };
        let url = self.http.url(url)?;
        let body = body::of(*kind, message, recipient.as_deref());
        let answer = self.http.post_json(url, HeaderMap::new(), &body).await?;
        Ok(judge(*kind, answer))
    }
}

impl Carrier for ChatCarrier {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let watch = self.clock.stopwatch();
            let verdict = self.post(message).await.unwrap_or_else(|verdict| verdict);
            verdict.after(watch.micros())
        })
    }
}

/// Only a 2xx is a success, and not one whose body denies it. The wait that a chat asks for may stand in the body.
fn judge(kind: ChatKind, answer: Answer) -> Verdict {
    let body = answer.json().unwrap_or_default();
    let denied = match kind {
        ChatKind::Telegram => body["ok"] == Value::Bool(false),
        ChatKind::Teams => answer.text().contains(TEAMS_FAILED),
        ChatKind::Slack | ChatKind::Discord | ChatKind::Mattermost | ChatKind::GoogleChat => false,
    };
    let wait = match kind {
        ChatKind::Discord => body["retry_after"].as_f64(),
        ChatKind::Telegram => body["parameters"]["retry_after"].as_f64(),
        ChatKind::Slack | ChatKind::Teams | ChatKind::Mattermost | ChatKind::GoogleChat => None,
    };
    let answer = answer.asking_to_wait(wait);
    if answer.is_success() && denied { answer.temporary() } else { answer.verdict() }
}

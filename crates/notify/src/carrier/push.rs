//! Push messages: by ntfy, one POST of JSON to the server, with the action links as buttons; or to a browser.

use domain::Urgency;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde_json::{Value, json};

use super::fit::{characters, fit, printable};
use super::web_push::Browsers;
use super::{ActionLink, Address, BoxFuture, Carrier, HttpClient, Message, Report, Verdict, one_line};
use engine::{Clock, Ids};

/// The longest message, in bytes; a longer one becomes a file that nobody opens in the night.
const MESSAGE_MAX_BYTES: usize = 4_000;

/// The longest title, in characters; a telephone shows less.
const TITLE_MAX_CHARS: usize = 200;

/// Buttons that a message may have.
const BUTTONS_MOST: usize = 3;

/// Publishes messages to topics, and pushes them to browsers.
#[derive(Clone, Debug)]
pub struct PushCarrier {
    http: HttpClient,
    clock: Clock,
    browsers: Browsers,
}

impl PushCarrier {
    /// A carrier that sends by `http`, and makes the keys of single messages by `ids`.
    #[must_use]
    pub fn new(http: HttpClient, clock: Clock, ids: Ids) -> Self {
        let browsers = Browsers { http: http.clone(), clock: clock.clone(), ids };
        Self { http, clock, browsers }
    }

    async fn publish(&self, message: &Message) -> Result<Verdict, Verdict> {
        if matches!(message.address, Address::Device { .. }) {
            return self.browsers.push(message).await;
        }
        let Address::Push { url, token } = &message.address else {
            return Err(Verdict::permanent("a push message needs the URL of a topic"));
        };
        let (server, topic) = server_and_topic(self.http.url(url)?)?;
        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            let refused = |_| Verdict::permanent("the access token holds a character that cannot be sent");
            let mut value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(refused)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        Ok(self.http.post_json(server, headers, &body(message, &topic)).await?.verdict())
    }
}

impl Carrier for PushCarrier {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let watch = self.clock.stopwatch();
            let verdict = self.publish(message).await.unwrap_or_else(|verdict| verdict);
            verdict.after(watch.micros())
        })
    }
}

/// JSON is published to the server itself, and names the topic: the last part of the path.
fn server_and_topic(mut url: Url) -> Result<(Url, String), Verdict> {
    let missing = || Verdict::permanent("the URL of a topic ends with its name");
    let parts = url.path_segments().ok_or_else(missing)?;
    let topic = parts.rev().find(|part| !part.is_empty()).ok_or_else(missing)?.to_owned();
    let mut path = url.path_segments_mut().map_err(|()| missing())?;
    path.pop_if_empty().pop().push("");
    drop(path);
    url.set_query(None);
    url.set_fragment(None);
    Ok((url, topic))
}

fn body(message: &Message, topic: &str) -> Value {
    let button = |link: &ActionLink| json!({"action": "view", "label": link.label, "url": link.url});
    let mut body = json!({
        "topic": topic,
        "title": one_line(&message.subject, TITLE_MAX_CHARS),
        "message": fit(characters(&printable(&message.brief)), MESSAGE_MAX_BYTES, str::len, "…"),
        "priority": message.urgency.number(),
        "tags": [tag(message.urgency)],
        "actions": message.actions.iter().take(BUTTONS_MOST).map(button).collect::<Vec<Value>>(),
    });
    if let Some(first) = message.actions.first() {
        body["click"] = json!(first.url);
    }
    body
}

/// What is shown before the title: an emoji by its short name.
fn tag(urgency: Urgency) -> &'static str {
    match urgency.number() {
        5 => "rotating_light",
        4 => "warning",
        _ => "bell",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_published_to_its_server() {
        for (url, server, topic) in [
            ("https://ntfy.example.org/ops", "https://ntfy.example.org/", "ops"),
            ("https://ntfy.example.org/ops/", "https://ntfy.example.org/", "ops"),
            ("https://a.example:8443/ntfy/ops?x#y", "https://a.example:8443/ntfy/", "ops"),
        ] {
            let found = server_and_topic(url.parse().unwrap()).unwrap();
            assert_eq!((found.0.as_str(), found.1.as_str()), (server, topic));
        }
        assert!(server_and_topic("https://ntfy.example.org/".parse().unwrap()).is_err());
    }
}

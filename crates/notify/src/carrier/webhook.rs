//! Webhooks: one signed HTTP POST by the Standard Webhooks specification, through the guard on outgoing requests.

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::{Address, BoxFuture, Carrier, HttpClient, Message, Report, Verdict};
use crate::carrier::signature;
use engine::Clock;

/// Headers that belong to this carrier or to the connection, and that a receiver cannot ask for.
const RESERVED: [&str; 11] = [
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "proxy-authorization",
];

/// Sends messages to webhooks.
#[derive(Clone, Debug)]
pub struct WebhookCarrier {
    http: HttpClient,
    clock: Clock,
}

impl WebhookCarrier {
    /// A carrier that sends by `http` and stamps requests with the real time of `clock`.
    #[must_use]
    pub fn new(http: HttpClient, clock: Clock) -> Self {
        Self { http, clock }
    }

    async fn post(&self, message: &Message) -> Result<Verdict, Verdict> {
        let Address::Webhook { url, secrets } = &message.address else {
            return Err(Verdict::permanent("a webhook needs a URL"));
        };
        let url = self.http.url(url)?;
        let body = message.payload.to_string().into_bytes();
        let headers = self.headers(message, secrets, &body)?;
        Ok(self.http.post(url, headers, body).await?.verdict())
    }

    fn headers(&self, message: &Message, secrets: &[String], body: &[u8]) -> Result<HeaderMap, Verdict> {
        let mut headers = HeaderMap::new();
        for (name, value) in &message.headers {
            insert(&mut headers, name, value)?;
        }
        let seconds = self.clock.real_now().div_euclid(1_000_000);
        let signature = signature::sign_with_each(secrets, &message.delivery_id, seconds, body)
            .map_err(|error| Verdict::permanent(error.to_string()))?;
        let own = [
            ("webhook-id", message.delivery_id.as_str()),
            ("webhook-timestamp", &seconds.to_string()),
            ("webhook-signature", &signature),
        ];
        for (name, value) in own.into_iter().filter(|(_, value)| !value.is_empty()) {
            headers.insert(name, readable(name, value)?);
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(headers)
    }
}

impl Carrier for WebhookCarrier {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let watch = self.clock.stopwatch();
            let verdict = self.post(message).await.unwrap_or_else(|verdict| verdict);
            verdict.after(watch.micros())
        })
    }
}

fn insert(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), Verdict> {
    let refused = || Verdict::permanent(format!("the header {name} cannot be sent"));
    let name: HeaderName = name.parse().map_err(|_| refused())?;
    if RESERVED.contains(&name.as_str()) || name.as_str().starts_with("webhook-") {
        return Err(refused());
    }
    let value = readable(name.as_str(), value)?;
    headers.append(name, value);
    Ok(())
}

/// A header's value, refused if it holds a line break or another control character.
fn readable(name: &str, value: &str) -> Result<HeaderValue, Verdict> {
    HeaderValue::from_str(value)
        .map_err(|_| Verdict::permanent(format!("the header {name} has a value that cannot be sent")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_cannot_ask_for_headers_that_are_ours() {
        for (name, value, accepted) in [
            ("Authorization", "Bearer x", true),
            ("X-Team", "night", true),
            ("Webhook-Signature", "v1,forged", false),
            ("webhook-extra", "1", false),
            ("Host", "internal", false),
            ("Content-Length", "0", false),
            ("bad name", "x", false),
            ("X-Split", "a\r\nHost: b", false),
        ] {
            let inserted = insert(&mut HeaderMap::new(), name, value);
            assert_eq!(inserted.is_ok(), accepted, "{name}");
        }
    }
}

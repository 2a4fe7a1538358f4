//! Web Push: what a browser shows that its owner allowed to, sealed so that its maker's push service cannot read it.

mod encryption;
mod vapid;

use super::fit::{characters, fit, printable};
use super::{Address, HttpClient, Message, Outcome, Verdict, one_line};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::directory::PushDevice;
use encryption::{Keys, SALT_BYTES, seal};
use engine::{Clock, Ids};
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::SecretKey;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use sha2::Sha256;

pub use vapid::VapidKey;

/// Bytes to which each message is filled up, so that its length says nothing. With what the encryption adds it stays below
/// 3,000, which every push service and telephone takes.
const PADDED_BYTES: usize = 2_800;
/// Bytes of a title, and of what stands below it, as they are written in JSON.
const LINE_BYTES: usize = 400;
/// Characters by which a push service knows what replaces what.
const TOPIC_CHARACTERS: usize = 32;
/// Seconds for which a push service keeps a message whose reader is away: at least a minute, at most a day.
const KEPT_SECONDS: (i64, i64) = (60, 24 * 3600);
const TTL: HeaderName = HeaderName::from_static("ttl");
const TOPIC: HeaderName = HeaderName::from_static("topic");
const URGENCY: HeaderName = HeaderName::from_static("urgency");

/// What is wrong with what a browser says of its subscription; `None` where it can be pushed to. Its address may be `https`
/// only, since by it alone whoever reads it could push, except on the machine itself.
#[must_use]
pub fn device_fault(device: &PushDevice) -> Option<(&'static str, &'static str)> {
    let is_local = |url: &Url| matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let is_safe = |url: Url| url.scheme() == "https" || (url.scheme() == "http" && is_local(&url));
    if !Url::parse(&device.endpoint).is_ok_and(is_safe) {
        return Some(("endpoint", "must be an https URL, as the browser's push service gives it"));
    }
    match Keys::read(&device.p256dh, &device.auth) {
        Some(_) => None,
        None => Some(("p256dh", "and auth must be the keys that the browser made, in base64 of URLs")),
    }
}

/// Pushes to browsers.
#[derive(Clone, Debug)]
pub(super) struct Browsers {
    pub(super) http: HttpClient,
    pub(super) clock: Clock,
    pub(super) ids: Ids,
}

impl Browsers {
    /// Hands a message over to the push service of one browser.
    pub(super) async fn push(&self, message: &Message) -> Result<Verdict, Verdict> {
        let Address::Device { device, key } = &message.address else {
            return Err(Verdict::permanent("a browser is pushed to by its subscription"));
        };
        if let Some((field, problem)) = device_fault(device) {
            return Err(Verdict::permanent(format!("{field} {problem}")));
        }
        let url = self.http.url(&device.endpoint)?;
        let keys = Keys::read(&device.p256dh, &device.auth).ok_or_else(unsealed)?;
        let body = seal(&content(message), PADDED_BYTES, &keys, &self.fresh_key(), self.ids.chance::<SALT_BYTES>());
        let voucher = key.voucher(&url, self.clock.real_now().div_euclid(1_000_000));
        let headers = headers(message, &keys, &voucher, self.clock.now())?;
        let answer = self.http.post(url, headers, body.ok_or_else(unsealed)?).await?;
        let verdict = answer.verdict();
        // The browser ended its subscription, or was reset: it never comes back.
        let is_gone = matches!(answer.status(), 404 | 410);
        Ok(if is_gone { Verdict { outcome: Outcome::Gone, ..verdict } } else { verdict })
    }

    /// A key for one message.
    fn fresh_key(&self) -> SecretKey {
        loop {
            let bytes: [u8; 32] = self.ids.chance();
            if let Ok(key) = SecretKey::from_slice(&bytes) {
                return key;
            }
        }
    }
}

fn unsealed() -> Verdict {
    Verdict::permanent("the message could not be encrypted")
}

fn headers(message: &Message, keys: &Keys, voucher: &str, now: i64) -> Result<HeaderMap, Verdict> {
    let refused = |_| Verdict::permanent("a header cannot be sent");
    let (least, most) = KEPT_SECONDS;
    let left = message.useful_until.map_or(most, |until| (until.0 - now).div_euclid(1_000_000));
    let urgency = if message.urgency.number() >= 4 { "high" } else { "normal" };
    let mut headers = HeaderMap::from_iter([
        (CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (CONTENT_ENCODING, HeaderValue::from_static("aes128gcm")),
        (TTL, HeaderValue::from(left.clamp(least, most))),
        (URGENCY, HeaderValue::from_static(urgency)),
        (TOPIC, HeaderValue::from_str(&topic(&message.thread, keys)).map_err(refused)?),
    ]);
    let mut voucher = HeaderValue::from_str(voucher).map_err(refused)?;
    voucher.set_sensitive(true);
    headers.insert(AUTHORIZATION, voucher);
    Ok(headers)
}

/// Of two messages under one topic that wait, a push service delivers the newer one only. It reads the topic, so that it is
/// told nothing by it: not even which messages to two browsers are about the same.
#[expect(clippy::expect_used, reason = "HMAC pads or hashes its key, so none has a wrong length")]
fn topic(thread: &str, keys: &Keys) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(&keys.auth).expect("every key length is valid");
    mac.update(thread.as_bytes());
    let mut topic = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    topic.truncate(TOPIC_CHARACTERS);
    topic
}

/// What the browser is told, in the form of a declarative push message, which Safari shows without our worker.
fn content(message: &Message) -> Vec<u8> {
    let line = |text: &str| fit(characters(&printable(text)), LINE_BYTES, written, "…");
    let mut notification = json!({
        "title": line(&one_line(&message.subject, usize::MAX)),
        "body": line(message.about.as_deref().unwrap_or_default()),
        "tag": message.thread,
        "requireInteraction": !message.actions.is_empty(),
    });
    let mut data = json!({});
    // The first action is to acknowledge.
    if let Some(first) = message.actions.first() {
        data = json!({"act": first.url, "label": first.label});
    }
    if let Some(page) = message.page.as_ref().or(message.actions.first().map(|first| &first.url)) {
        notification["navigate"] = json!(page);
        data["page"] = json!(page);
    }
    notification["data"] = data;
    json!({"web_push": 8030, "notification": notification}).to_string().into_bytes()
}

/// Bytes that a text takes up in JSON.
fn written(text: &str) -> usize {
    Value::from(text).to_string().len().saturating_sub(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(endpoint: &str, auth: &str) -> PushDevice {
        PushDevice {
            id: "d".to_owned(),
            name: "telephone".to_owned(),
            endpoint: endpoint.to_owned(),
            p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
                .to_owned(),
            auth: auth.to_owned(),
        }
    }

    #[test]
    fn a_subscription_is_taken_with_an_https_address_and_the_keys_of_a_browser() {
        const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";
        for (endpoint, auth, fault) in [
            ("https://push.example.net/s3cret", AUTH, None),
            ("http://127.0.0.1:9/s3cret", AUTH, None),
            ("http://push.example.net/s3cret", AUTH, Some("endpoint")),
            ("ftp://push.example.net/", AUTH, Some("endpoint")),
            ("push", AUTH, Some("endpoint")),
            ("https://push.example.net/s3cret", "short", Some("p256dh")),
        ] {
            assert_eq!(device_fault(&device(endpoint, auth)).map(|(field, _)| field), fault, "{endpoint} {auth}");
        }
    }
}

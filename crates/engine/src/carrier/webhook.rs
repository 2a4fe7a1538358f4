//! Webhooks: one signed HTTP POST by the Standard Webhooks specification, through the guard on outgoing requests.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::Resolve;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, redirect};

use super::{Address, BoxFuture, Carrier, Letter, Outcome, RETRY_AFTER_MAX_SECONDS, Report, Verdict};
use crate::clock::Clock;
use crate::egress::{Egress, EgressRefusal};
use crate::signature;

/// How long one attempt may take, from the first look-up to the last byte read.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How much of an answer is read, so that a body without end cannot hold a sender.
const ANSWER_MAX_BYTES: usize = 64 * 1024;

/// How many characters of a failure's body are kept beside its status.
const EXCERPT_MAX_CHARS: usize = 200;

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

/// Sends letters to webhooks.
#[derive(Clone, Debug)]
pub struct WebhookCarrier {
    client: Client,
    egress: Egress,
    clock: Clock,
}

/// The HTTP client could not be built, so no webhook can be sent.
#[derive(Debug, thiserror::Error)]
pub enum WebhookClientError {
    /// The TLS library offers no usable protocol.
    #[error("TLS for webhooks cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The HTTP library refused its settings.
    #[error("the HTTP client for webhooks cannot be set up: {0}")]
    Http(#[from] reqwest::Error),
}

impl WebhookCarrier {
    /// A carrier that goes where `egress` permits and stamps requests with the real time of `clock`.
    ///
    /// # Errors
    /// [`WebhookClientError`] when the HTTP client cannot be built.
    pub fn new(egress: Egress, clock: Clock) -> Result<Self, WebhookClientError> {
        Self::with_timeout(egress, clock, TIMEOUT)
    }

    /// Like [`WebhookCarrier::new`], with another bound on the length of one attempt.
    ///
    /// # Errors
    /// [`WebhookClientError`] when the HTTP client cannot be built.
    pub fn with_timeout(egress: Egress, clock: Clock, timeout: Duration) -> Result<Self, WebhookClientError> {
        let resolver = Arc::new(egress.clone());
        Self::build(egress, resolver, clock, timeout)
    }

    fn build(
        egress: Egress,
        resolver: Arc<dyn Resolve>,
        clock: Clock,
        timeout: Duration,
    ) -> Result<Self, WebhookClientError> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls()?)
            .dns_resolver(resolver)
            .redirect(redirect::Policy::none())
            // A proxy from the environment would resolve the name itself, behind the guard's back.
            .no_proxy()
            .referer(false)
            .timeout(timeout)
            .user_agent(concat!("Reveille/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, egress, clock })
    }

    async fn post(&self, letter: &Letter) -> Verdict {
        let Address::Webhook { url, secrets } = &letter.address else {
            return Verdict::permanent("a webhook needs a URL");
        };
        let url = match self.egress.check_url(url) {
            Ok(url) => url,
            Err(refusal) => return Verdict::permanent(refusal.to_string()),
        };
        let body = letter.payload.to_string().into_bytes();
        let headers = match self.headers(letter, secrets, &body) {
            Ok(headers) => headers,
            Err(verdict) => return verdict,
        };
        let request = self.client.post(url).headers(headers).body(body);
        match request.send().await {
            Ok(response) => judge(response).await,
            Err(error) => judge_error(error),
        }
    }

    fn headers(&self, letter: &Letter, secrets: &[String], body: &[u8]) -> Result<HeaderMap, Verdict> {
        let mut headers = HeaderMap::new();
        for (name, value) in &letter.headers {
            insert(&mut headers, name, value)?;
        }
        let seconds = self.clock.real_now().div_euclid(1_000_000);
        let signature = signature::sign_with_each(secrets, &letter.delivery_id, seconds, body)
            .map_err(|error| Verdict::permanent(error.to_string()))?;
        let own = [
            ("webhook-id", letter.delivery_id.as_str()),
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
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let watch = self.clock.stopwatch();
            let verdict = self.post(letter).await;
            verdict.after(watch.micros())
        })
    }
}

fn tls() -> Result<rustls::ClientConfig, rustls::Error> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
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

/// The status decides, whatever becomes of the body: the receiver has answered.
async fn judge(response: Response) -> Verdict {
    let status = response.status();
    let retry_after_seconds = retry_after(response.headers());
    let body = body(response).await;
    let outcome = outcome(status, retry_after_seconds);
    let excerpt = super::one_line(&String::from_utf8_lossy(&body), EXCERPT_MAX_CHARS);
    let answer = match outcome {
        Outcome::Delivered => format!("HTTP {}", status.as_u16()),
        _ => format!("HTTP {} {excerpt}", status.as_u16()),
    };
    Verdict::new(outcome, &answer)
}

fn outcome(status: StatusCode, retry_after_seconds: Option<u32>) -> Outcome {
    match status.as_u16() {
        200..=299 => Outcome::Delivered,
        408 | 425 | 429 | 500..=599 => Outcome::TemporaryFailure { retry_after_seconds },
        // A redirect too: following it would let the receiver choose an address that nobody configured.
        _ => Outcome::PermanentFailure,
    }
}

/// The wait that the receiver asked for, if in seconds; the form with a date would need its clock to agree with ours.
fn retry_after(headers: &HeaderMap) -> Option<u32> {
    let seconds: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    u32::try_from(seconds.min(u64::from(RETRY_AFTER_MAX_SECONDS))).ok()
}

/// The first bytes of the body, up to the bound; what arrived before an error counts too.
async fn body(mut response: Response) -> Vec<u8> {
    let mut read = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = ANSWER_MAX_BYTES - read.len();
        read.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if read.len() == ANSWER_MAX_BYTES {
            break;
        }
    }
    read
}

fn judge_error(error: reqwest::Error) -> Verdict {
    // The URL may hold a secret, and the answer is shown to people.
    let error = error.without_url();
    let mut causes = Vec::new();
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(current) = cause {
        if let Some(refusal) = current.downcast_ref::<EgressRefusal>() {
            return Verdict::permanent(refusal.to_string());
        }
        causes.push(current.to_string());
        cause = current.source();
    }
    if error.is_timeout() {
        return Verdict::temporary("no answer in time");
    }
    let answer = causes.join(": ");
    if error.is_builder() {
        return Verdict::permanent(answer);
    }
    Verdict::temporary(answer)
}

#[cfg(test)]
mod tests {
    use reqwest::Url;
    use reqwest::dns::{Name, Resolving};

    use super::*;

    struct LeadsInside;

    impl Resolve for LeadsInside {
        fn resolve(&self, name: Name) -> Resolving {
            let refusal = EgressRefusal::Name(name.as_str().to_owned());
            Box::pin(async { Err(refusal.into()) })
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_a_permanent_failure() {
        let (egress, clock) = (Egress::default(), Clock::held(0));
        let carrier = WebhookCarrier::build(egress, Arc::new(LeadsInside), clock, TIMEOUT).unwrap();
        let url = Url::parse("https://hooks.example.org/token").unwrap();
        let error = carrier.client.post(url).send().await.unwrap_err();
        let verdict = judge_error(error);
        assert_eq!(verdict.outcome, Outcome::PermanentFailure);
        let expect = "refused: hooks.example.org leads to no public address";
        assert!(verdict.answer.starts_with(expect), "{}", verdict.answer);
    }

    #[test]
    fn a_receiver_cannot_put_a_page_off_for_a_night() {
        for (value, expect) in [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("99999999999", Some(RETRY_AFTER_MAX_SECONDS)),
            ("-1", None),
            ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ] {
            let value = HeaderValue::from_static(value);
            let headers = HeaderMap::from_iter([(RETRY_AFTER, value)]);
            assert_eq!(retry_after(&headers), expect);
        }
    }

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

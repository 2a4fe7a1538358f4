//! The way out of every carrier that speaks HTTP: one guarded client, and what an answer means.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::Resolve;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url, redirect};
use serde_json::Value;

use super::{Outcome, RETRY_AFTER_MAX_SECONDS, Verdict};
use crate::egress::{Egress, EgressRefusal, Guarded, SystemLookup};

/// How long one request may take, from the first look-up to the last byte read (on-call §4).
const TIMEOUT: Duration = Duration::from_secs(10);

/// How much of an answer is read, so that a body without end cannot hold a sender (on-call §4).
const ANSWER_MAX_BYTES: usize = 64 * 1024;

/// How many characters of a failure's body are kept beside its status.
const EXCERPT_MAX_CHARS: usize = 200;

/// A client for outgoing requests: guarded, without redirects and proxies, and bounded in time and size. Cheap to clone;
/// clones share their connections.
#[derive(Clone, Debug)]
pub struct HttpClient {
    client: Client,
    egress: Egress,
}

/// The HTTP client could not be built, so nothing can be sent by HTTP.
#[derive(Debug, thiserror::Error)]
pub enum HttpClientError {
    /// The TLS library offers no usable protocol.
    #[error("TLS for outgoing requests cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The HTTP library refused its settings.
    #[error("the client for outgoing requests cannot be set up: {0}")]
    Http(#[from] reqwest::Error),
}

/// A whole answer: the receiver has spoken, whatever became of the rest of its body.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    retry_after_seconds: Option<u32>,
    body: Vec<u8>,
}

impl HttpClient {
    /// A client that goes where `egress` permits.
    ///
    /// # Errors
    /// [`HttpClientError`] when it cannot be built.
    pub fn new(egress: Egress) -> Result<Self, HttpClientError> {
        Self::with_timeout(egress, TIMEOUT)
    }

    /// Like [`HttpClient::new`], with another bound on the length of one request.
    ///
    /// # Errors
    /// [`HttpClientError`] when it cannot be built.
    pub fn with_timeout(egress: Egress, timeout: Duration) -> Result<Self, HttpClientError> {
        let resolver = Guarded { egress: egress.clone(), lookup: Arc::new(SystemLookup) };
        Self::build(egress, Arc::new(resolver), timeout)
    }

    fn build(egress: Egress, resolver: Arc<dyn Resolve>, timeout: Duration) -> Result<Self, HttpClientError> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls(&egress)?)
            .dns_resolver(resolver)
            .redirect(redirect::Policy::none())
            // A proxy from the environment would resolve the name itself, behind the guard's back.
            .no_proxy()
            .referer(false)
            .timeout(timeout)
            .user_agent(concat!("Reveille/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, egress })
    }

    /// Reads `text` as a URL that may be called; the verdict says why not.
    pub(crate) fn url(&self, text: &str) -> Result<Url, Verdict> {
        self.egress.check_url(text).map_err(|refusal| Verdict::permanent(refusal.to_string()))
    }

    /// Posts `body` once. The verdict stands for an answer that never came.
    pub(crate) async fn post(&self, url: Url, headers: HeaderMap, body: Vec<u8>) -> Result<Answer, Verdict> {
        ask(self.client.post(url).headers(headers).body(body)).await
    }

    /// Posts `body` as JSON, with `headers` beside it.
    pub(crate) async fn post_json(&self, url: Url, mut headers: HeaderMap, body: &Value) -> Result<Answer, Verdict> {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.post(url, headers, body.to_string().into_bytes()).await
    }

    /// Gets `url` once, for its status.
    pub(crate) async fn get(&self, url: Url) -> Result<Answer, Verdict> {
        ask(self.client.get(url)).await
    }
}

impl Answer {
    /// Whether the receiver took what it was sent: only a 2xx says so (on-call §4).
    pub(crate) fn is_success(&self) -> bool {
        self.status.is_success()
    }

    /// The status as a number.
    pub(crate) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The body, if it is JSON; a body that was cut off is not.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The beginning of the body as text, up to the bound on what is read.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body, up to the bound on what is read.
    pub(crate) fn into_body(self) -> Vec<u8> {
        self.body
    }

    /// The same answer, as if the wait that stands in its body had stood in its head.
    pub(crate) fn asking_to_wait(mut self, seconds: Option<f64>) -> Self {
        self.retry_after_seconds = self.retry_after_seconds.or_else(|| seconds.map(bounded_wait));
        self
    }

    /// What the status says.
    pub(crate) fn verdict(&self) -> Verdict {
        let outcome = match self.status.as_u16() {
            200..=299 => Outcome::Delivered,
            408 | 425 | 429 | 500..=599 => return self.temporary(),
            // A redirect too: following it would let the receiver choose an address that nobody configured.
            _ => Outcome::PermanentFailure,
        };
        self.judged(outcome)
    }

    /// Not now, whatever the status says.
    pub(crate) fn temporary(&self) -> Verdict {
        self.judged(Outcome::TemporaryFailure { retry_after_seconds: self.retry_after_seconds })
    }

    fn judged(&self, outcome: Outcome) -> Verdict {
        let status = self.status.as_u16();
        let excerpt = super::one_line(&self.text(), EXCERPT_MAX_CHARS);
        match outcome {
            Outcome::Delivered => Verdict::new(outcome, &format!("HTTP {status}")),
            _ => Verdict::new(outcome, &format!("HTTP {status} {excerpt}")),
        }
    }
}

fn tls(egress: &Egress) -> Result<rustls::ClientConfig, rustls::Error> {
    let mut config = egress.authorities().client_config()?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

async fn ask(request: RequestBuilder) -> Result<Answer, Verdict> {
    let response = request.send().await.map_err(judge_error)?;
    let status = response.status();
    let retry_after_seconds = retry_after(response.headers());
    Ok(Answer { status, retry_after_seconds, body: body(response).await })
}

/// The wait that the receiver asked for, if in seconds; the form with a date would need its clock to agree with ours.
fn retry_after(headers: &HeaderMap) -> Option<u32> {
    let seconds: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    u32::try_from(seconds.min(u64::from(RETRY_AFTER_MAX_SECONDS))).ok()
}

/// The same for a wait with a fraction, which is rounded up; one that is none asks for no wait.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded on the same line")]
fn bounded_wait(seconds: f64) -> u32 {
    seconds.ceil().clamp(0.0, f64::from(RETRY_AFTER_MAX_SECONDS)) as u32
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
    use std::net::SocketAddr;
    use std::sync::Mutex;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::egress::{Found, Lookup};

    /// A resolver that answers with these addresses in turn.
    struct Turning(Mutex<Vec<&'static str>>);

    impl Lookup for Turning {
        fn look_up(&self, _: &str) -> Found {
            let address = self.0.lock().unwrap().remove(0);
            Box::pin(async { Ok(vec![SocketAddr::new(address.parse().unwrap(), 0)]) })
        }
    }

    fn client(egress: &Egress, answers: &[&'static str]) -> HttpClient {
        let lookup = Arc::new(Turning(Mutex::new(answers.to_vec())));
        let resolver = Guarded { egress: egress.clone(), lookup };
        HttpClient::build(egress.clone(), Arc::new(resolver), TIMEOUT).unwrap()
    }

    async fn get(client: &HttpClient, port: u16) -> Verdict {
        let url = client.url(&format!("http://hooks.example.org:{port}/token")).unwrap();
        client.get(url).await.map_or_else(|verdict| verdict, |answer| answer.verdict())
    }

    /// Answers one request with 204 and closes the connection; who was reached.
    async fn serve_once(listener: &TcpListener) -> SocketAddr {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_u8().await.unwrap();
        stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await.unwrap();
        stream.shutdown().await.unwrap();
        stream.local_addr().unwrap()
    }

    #[tokio::test]
    async fn a_name_that_turns_to_a_closed_address_after_it_was_good_is_not_connected_to() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let open = Egress::new(vec!["127.0.0.1/32".parse().unwrap()]);
        let client = client(&open, &["127.0.0.1", "127.0.0.2", "10.0.0.1"]);
        let (verdict, reached) = tokio::join!(get(&client, port), serve_once(&listener));
        assert_eq!((verdict.outcome, reached.ip().to_string().as_str()), (Outcome::Delivered, "127.0.0.1"));
        for _ in 0..2 {
            let verdict = get(&client, port).await;
            assert_eq!(verdict.outcome, Outcome::PermanentFailure, "{}", verdict.answer);
            assert!(verdict.answer.starts_with("refused: hooks.example.org leads to no public address"), "{verdict:?}");
        }
    }

    #[tokio::test]
    async fn what_was_checked_is_what_is_connected_to() {
        let inside = TcpListener::bind("127.0.0.2:0").await.unwrap();
        let port = inside.local_addr().unwrap().port();
        let client = client(&Egress::everywhere(), &["127.0.0.2"]);
        let (verdict, reached) = tokio::join!(get(&client, port), serve_once(&inside));
        assert_eq!((verdict.outcome, reached.ip().to_string().as_str()), (Outcome::Delivered, "127.0.0.2"));
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
        for (seconds, expect) in [(0.2, 1), (3.0, 3), (1e30, RETRY_AFTER_MAX_SECONDS), (-5.0, 0), (f64::NAN, 0)] {
            assert_eq!(bounded_wait(seconds), expect, "{seconds}");
        }
    }
}

//! What this server asks elsewhere by itself: certificates that others sign with, kept for a while, and what sign-in providers
//! say.

use crate::carrier::{BoxFuture, HttpClient};
use domain::Instant;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Microseconds for which what was got is kept.
const KEPT: i64 = 86_400_000_000;
/// Things that are kept; more are not needed, and addresses may come from strangers.
const MOST: usize = 100;

/// A form that is posted to an address.
#[derive(Clone, Copy)]
pub struct FormPost<'a> {
    /// Where to.
    pub url: &'a str,
    /// Its fields, encoded.
    pub form: &'a str,
    /// The value of the header `Authorization`.
    pub authorization: Option<&'a str>,
}

/// What gets something by its address: the one guarded client, or what a test puts in its place.
pub trait Fetch: Send + Sync {
    /// Gets what is there, once, without following to anywhere else; at most 64 KiB.
    ///
    /// # Errors
    /// Why it is not to be had, in words that do not repeat the address.
    fn get<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Vec<u8>, String>>;

    /// Posts a form, once, without following to anywhere else; the status and at most 64 KiB of the answer.
    ///
    /// # Errors
    /// Why there is no answer, in words that do not repeat the address or what was sent.
    fn post<'a>(&'a self, post: FormPost<'a>) -> BoxFuture<'a, Result<(u16, Vec<u8>), String>>;

    /// Whether a URL may be called at all, as far as can be known before its name is resolved.
    ///
    /// # Errors
    /// Why it may not, in words that do not repeat it.
    fn may_call(&self, _url: &str) -> Result<(), String> {
        Ok(())
    }
}

impl Fetch for HttpClient {
    fn get<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Vec<u8>, String>> {
        Box::pin(async move {
            let url = self.url(url).map_err(|verdict| verdict.answer)?;
            let answer = HttpClient::get(self, url).await.map_err(|verdict| verdict.answer)?;
            if answer.is_success() { Ok(answer.into_body()) } else { Err(answer.verdict().answer) }
        })
    }

    fn post<'a>(&'a self, post: FormPost<'a>) -> BoxFuture<'a, Result<(u16, Vec<u8>), String>> {
        Box::pin(async move {
            let url = self.url(post.url).map_err(|verdict| verdict.answer)?;
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
            headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
            if let Some(authorization) = post.authorization {
                let value = HeaderValue::from_str(authorization);
                let mut value = value.map_err(|_| "what is to be shown there is no text for a header".to_owned())?;
                value.set_sensitive(true);
                headers.insert(AUTHORIZATION, value);
            }
            let answer = HttpClient::post(self, url, headers, post.form.as_bytes().to_vec()).await;
            let answer = answer.map_err(|verdict| verdict.answer)?;
            Ok((answer.status(), answer.into_body()))
        })
    }

    fn may_call(&self, url: &str) -> Result<(), String> {
        self.url(url).map(drop).map_err(|verdict| verdict.answer)
    }
}

/// What was got, and when, by its address.
type Kept = HashMap<String, (Instant, Arc<[u8]>)>;

/// What was got lately.
#[derive(Debug, Default)]
pub(crate) struct Fetched(Mutex<Kept>);

impl Fetched {
    /// What was got from there within a day.
    pub(crate) fn find(&self, url: &str, now: Instant) -> Option<Arc<[u8]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(url).filter(|(at, _)| at.plus_micros(KEPT) > now).map(|(_, bytes)| Arc::clone(bytes))
    }

    /// Keeps it for a day.
    pub(crate) fn keep(&self, url: &str, bytes: &Arc<[u8]>, now: Instant) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(url.to_owned(), (now, Arc::clone(bytes)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::egress::Egress;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    /// What is fetched from a server that gives each of these answers once, and how many of them it gave.
    async fn fetched(answers: &[&str]) -> (Result<Vec<u8>, String>, usize) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/a.pem", listener.local_addr().unwrap());
        let client = HttpClient::new(Egress::new(vec!["127.0.0.1/32".parse().unwrap()])).unwrap();
        let mut given = 0;
        let serve = async {
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                stream.read_u8().await.unwrap();
                stream.write_all(answer.as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
                given += 1;
            }
            std::future::pending::<()>().await;
        };
        let fetch = Fetch::get(&client, &url);
        let fetched = tokio::select! { fetched = fetch => fetched, () = serve => unreachable!("it serves for ever") };
        (fetched, given)
    }

    #[tokio::test]
    async fn only_the_body_of_a_success_is_had_and_nothing_is_followed() {
        let good = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\nPEM";
        assert_eq!(fetched(&[good]).await, (Ok(b"PEM".to_vec()), 1));
        let elsewhere = "HTTP/1.1 302 Found\r\nlocation: /b.pem\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let gone = "HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\nconnection: close\r\n\r\ngone";
        for answer in [elsewhere, gone] {
            let (fetched, given) = fetched(&[answer, good]).await;
            assert!(fetched.is_err() && given == 1, "{fetched:?} {given}");
        }
        let closed = HttpClient::new(Egress::default()).unwrap();
        let refused = Fetch::get(&closed, "http://127.0.0.1:1/a.pem").await.unwrap_err();
        assert!(refused.starts_with("refused: 127.0.0.1"), "{refused}");
    }

    #[test]
    fn what_was_fetched_is_kept_for_a_day() {
        let (fetched, bytes): (_, Arc<[u8]>) = (Fetched::default(), b"PEM".as_slice().into());
        fetched.keep("https://a.example/", &bytes, Instant(0));
        assert_eq!(fetched.find("https://a.example/", Instant(KEPT - 1)).as_deref(), Some(b"PEM".as_slice()));
        assert_eq!(fetched.find("https://a.example/", Instant(KEPT)), None);
        assert_eq!(fetched.find("https://b.example/", Instant(0)), None);
    }
}

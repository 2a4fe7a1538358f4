//! Requests to the API in process, and its answers, each held to what the contract says of every answer.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request};
use serde_json::Value;
use std::net::IpAddr;
use web::gate::Peer;

/// A request.
#[derive(Clone, Debug)]
pub struct Call {
    method: Method,
    path: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    peer: IpAddr,
}

impl Call {
    /// A request without key and body, from 192.0.2.1.
    pub fn new(method: &str, path: &str) -> Self {
        let method = method.parse().expect("a method");
        let peer = IpAddr::from([192, 0, 2, 1]);
        Self { method, path: path.to_owned(), headers: Vec::new(), body: Vec::new(), peer }
    }

    /// A GET.
    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// A POST.
    pub fn post(path: &str) -> Self {
        Self::new("POST", path)
    }

    /// Shows a key.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("authorization", format!("token {key}"))
    }

    /// Adds a header; the value may be anything.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    /// Sends JSON, without saying that it is.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body(body.to_string())
    }

    /// Sends anything.
    #[must_use]
    pub fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = body.as_ref().to_vec();
        self
    }

    /// Comes from this address.
    #[must_use]
    pub fn from(mut self, peer: &str) -> Self {
        self.peer = peer.parse().expect("an address");
        self
    }

    pub(crate) fn into_request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(&self.path).extension(Peer(self.peer));
        for (name, value) in &self.headers {
            request = request.header(name, value.as_slice());
        }
        request.body(Body::from(self.body)).expect("a request")
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, whole.
    pub body: Vec<u8>,
}

impl Answer {
    /// The header of this name, if there is exactly one; none is `""`.
    pub fn header(&self, name: &str) -> &str {
        let mut values = self.headers.get_all(name).iter();
        let first = values.next().map_or("", |value| value.to_str().expect("ASCII"));
        assert!(values.next().is_none(), "`{name}` twice: {:?}", self.headers);
        first
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The result of a success: exactly 200, `application/json` (contract §1).
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/json");
        self.guarded();
        self.json()
    }

    /// The body of an error with this status and code, with all that contract §1 says of errors.
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let body = self.json();
        assert_eq!((self.status, body["code"].as_str()), (status, Some(code)), "{body}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        let members: Vec<&str> = body.as_object().expect("an object").keys().map(String::as_str).collect();
        let common = ["type", "title", "status", "detail", "code", "errors", "request_id"];
        // Who lost a race is told what there is now.
        let more: &[&str] =
            if code == "changed_meanwhile" { &["current", "changed_by", "changed_at", "fields"] } else { &[] };
        assert_eq!(members, [&common, more].concat());
        assert_eq!(body["type"], format!("/docs#error-{code}"));
        assert_eq!(body["status"], status);
        let errors = body["errors"].as_array().expect("a list");
        let formed = |error: &Value| error.as_str().is_some_and(|error| error.contains(": "));
        assert!(!errors.is_empty() && errors.iter().all(formed), "{body}");
        for member in ["title", "detail", "request_id"] {
            assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {body}");
        }
        assert_eq!(body["request_id"], self.header("x-request-id"));
        self.guarded();
        body
    }

    /// The first error of a refusal, which is what existing clients read.
    pub fn first_error(&self, status: u16, code: &str) -> String {
        self.refused(status, code)["errors"][0].as_str().expect("a text").to_owned()
    }

    /// The headers that keep a browser from being tricked stand on every answer, and none has it hold anything.
    pub fn guarded(&self) {
        self.guarded_in_browsers();
        assert_eq!(self.header("referrer-policy"), "no-referrer");
        assert_eq!(self.header("set-cookie"), "");
    }

    /// The same of a page of the console, which may have a browser hold something, and say to us where it comes from.
    pub fn guarded_in_browsers(&self) {
        assert_eq!(self.header("x-content-type-options"), "nosniff");
        assert!(["no-referrer", "same-origin"].contains(&self.header("referrer-policy")));
        assert_eq!(self.header("cache-control"), "no-store");
        let policy = self.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        for absent in ["server", "x-powered-by", "access-control-allow-origin"] {
            assert_eq!(self.header(absent), "", "{absent}");
        }
    }
}

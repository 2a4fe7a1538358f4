//! Problems: every way of saying no, as RFC 9457 tells it. The only file that knows status codes of errors.

use crate::operation::{Code, Method};
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use domain::Refusal;
use domain::directory::ComponentKind;
use domain::ids::InstanceId;
use domain::permission::{Needs, Scope};
use serde::Serialize;
use serde_json::{Map, Value};

/// An error as a caller is told it.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Its reason; status and title follow from it.
    pub code: Code,
    /// Each `field: what is wrong`; never empty.
    pub errors: Vec<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// What else the body tells.
    extra: Option<Box<Map<String, Value>>>,
    /// What the log is told of it, and the caller is not.
    reason: Option<String>,
}

/// What a key's token bucket holds, for the `ratelimit-*` headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Requests that it holds when full.
    pub limit: u32,
    /// Requests that are left.
    pub remaining: u32,
    /// Seconds until it is full again.
    pub reset_seconds: u64,
}

/// The status of an error. No wildcard: a new code does not compile until its status is decided.
pub fn status(code: Code) -> StatusCode {
    match code {
        Code::MalformedJson
        | Code::InvalidFields
        | Code::InvalidIdempotencyKey
        | Code::NobodyNamed
        | Code::TooMany
        | Code::WrongCode => StatusCode::BAD_REQUEST,
        Code::MissingKey
        | Code::UnknownIntegrationKey
        | Code::UnknownKey
        | Code::ExpiredKey
        | Code::RevokedKey
        | Code::SignedOut
        | Code::SignInRefused => StatusCode::UNAUTHORIZED,
        Code::AddressNotAllowed
        | Code::InvalidSignature
        | Code::ScopeTooSmall
        | Code::CrossSite
        | Code::NotAllowed
        | Code::NotInYourName
        | Code::SecondFactorNeeded
        | Code::FreshSignInNeeded => StatusCode::FORBIDDEN,
        Code::UnknownPath
        | Code::UnknownIncident
        | Code::UnknownAlert
        | Code::UnknownComponent
        | Code::UnknownContact
        | Code::UnknownNotification
        | Code::UnknownSession
        | Code::UnknownSwap
        | Code::UnknownCover
        | Code::UnknownLayer
        | Code::UnknownVersion
        | Code::UnknownApiKey
        | Code::UnknownToken
        | Code::UnknownInvitation => StatusCode::NOT_FOUND,
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        // Merging with itself is no mistake of form: whether two numbers may be merged depends on what they name.
        Code::AlreadyResolved
        | Code::NotAcknowledged
        | Code::NoFurtherLevel
        | Code::OnlyAlert
        | Code::MergedWithItself
        | Code::NothingToVerify
        | Code::NoCode
        | Code::CoverClosed
        | Code::NameTaken
        | Code::StillNamed
        | Code::LastOwner
        | Code::AlreadyInvited
        | Code::ManagedByFile
        | Code::ManagedByProvider
        | Code::LintFailed
        | Code::ToldOnce
        | Code::IdempotencyKeyReused => StatusCode::CONFLICT,
        Code::ChangedMeanwhile => StatusCode::PRECONDITION_FAILED,
        Code::IfMatchMissing => StatusCode::PRECONDITION_REQUIRED,
        Code::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::UnsupportedEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::RateLimited | Code::TooManyCodes | Code::TooManySignIns => StatusCode::TOO_MANY_REQUESTS,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Code::Busy | Code::SignInBusy | Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

#[derive(Serialize)]
struct Body9457<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: String,
    code: &'a str,
    errors: &'a [String],
    request_id: &'a str,
    #[serde(flatten)]
    extra: Option<&'a Map<String, Value>>,
}

impl Problem {
    /// A problem with one error.
    pub(crate) fn new(code: Code, error: impl Into<String>) -> Self {
        Self { code, errors: vec![error.into()], headers: Vec::new(), extra: None, reason: None }
    }

    /// A problem with these errors, of which there is at least one, and what else the body tells.
    pub(super) fn of_change(code: Code, errors: Vec<String>, extra: Map<String, Value>) -> Self {
        debug_assert!(!errors.is_empty());
        Self { code, errors, headers: Vec::new(), extra: Some(Box::new(extra)), reason: None }
    }

    /// What else the body tells under this key.
    pub(crate) fn told(&self, key: &str) -> Option<&Value> {
        self.extra.as_ref()?.get(key)
    }

    fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// The body is not JSON.
    pub fn malformed(error: &serde_json::Error) -> Self {
        // The error's own words already end with line and column.
        Self::new(Code::MalformedJson, format!("body: not JSON: {error}"))
    }

    /// Fields are missing or break a limit; `errors` must not be empty.
    pub fn invalid(errors: Vec<String>) -> Self {
        debug_assert!(!errors.is_empty());
        Self { code: Code::InvalidFields, errors, headers: Vec::new(), extra: None, reason: None }
    }

    /// The `Idempotency-Key` header is empty, too long or not visible ASCII.
    pub fn invalid_idempotency_key() -> Self {
        let most = domain::limits::IDEMPOTENCY_KEY_BYTES;
        Self::new(
            Code::InvalidIdempotencyKey,
            format!("idempotency-key: must have 1 to {most} visible ASCII characters"),
        )
    }

    /// No key was sent, or one that cannot be read.
    pub fn missing_key() -> Self {
        Self::unauthorized(Code::MissingKey, "authorization: must be `token KEY`")
    }

    /// The key is not known.
    pub fn unknown_key() -> Self {
        Self::unauthorized(Code::UnknownKey, "authorization: the key is not known")
    }

    /// The key has expired.
    pub fn expired_key() -> Self {
        Self::unauthorized(Code::ExpiredKey, "authorization: the key has expired")
    }

    /// The key was revoked.
    pub fn revoked_key() -> Self {
        Self::unauthorized(Code::RevokedKey, "authorization: the key was revoked")
    }

    fn unauthorized(code: Code, error: &str) -> Self {
        Self::new(code, error).with(header::WWW_AUTHENTICATE, "Token realm=\"reveille\"")
    }

    /// The key does not allow the address that the request came from.
    pub fn address_not_allowed() -> Self {
        Self::new(Code::AddressNotAllowed, "authorization: the key may not be used from this address")
    }

    /// The telephone carrier, or a monitoring tool, did not sign the request; `error` names the header.
    pub fn invalid_signature(error: impl Into<String>) -> Self {
        Self::new(Code::InvalidSignature, error)
    }

    /// A page of another site, or a program that does not say where it comes from, asks for a change with a session.
    pub(crate) fn cross_site() -> Self {
        let error = "sec-fetch-site: must be `same-origin`, or `origin` this server's own address";
        Self::new(Code::CrossSite, error)
    }

    /// Sign-ins failed too often.
    pub(crate) fn too_many_sign_ins(retry_after_seconds: u32) -> Self {
        let error = format!("sign-in: failed too often; again in {retry_after_seconds} seconds");
        Self::try_again(Code::TooManySignIns, error, retry_after_seconds.into())
    }

    /// The operation needs the scope `needed`.
    pub fn scope_too_small(held: Scope, needed: Scope) -> Self {
        let (held, needed) = (held.word(), needed.word());
        Self::new(
            Code::ScopeTooSmall,
            format!("authorization: the operation needs a key of scope `{needed}`, and this one has `{held}`"),
        )
    }

    /// Somebody who is signed in may not; what would be needed.
    pub fn not_allowed(needs: &Needs) -> Self {
        Self::new(Code::NotAllowed, format!("session: {needs}"))
    }

    /// Nothing is at this path.
    pub fn unknown_path() -> Self {
        Self::new(Code::UnknownPath, "path: there is nothing here; see /docs")
    }

    /// The path takes only the methods `allowed`.
    pub fn method_not_allowed(allowed: &[Method]) -> Self {
        let words: Vec<_> = allowed.iter().map(|method| method.word()).collect();
        Self::new(Code::MethodNotAllowed, format!("method: must be {}", words.join(" or ")))
            .with(header::ALLOW, &Method::allow(allowed))
    }

    /// The path takes only the methods of these words.
    pub(crate) fn methods_not_allowed(allowed: &[&str]) -> Self {
        Self::new(Code::MethodNotAllowed, format!("method: must be {}", allowed.join(" or ")))
            .with(header::ALLOW, &allowed.join(", "))
    }

    /// The body has more than `limit` bytes.
    pub fn body_too_large(limit: usize) -> Self {
        Self::new(Code::BodyTooLarge, format!("body: must have at most {limit} bytes"))
    }

    /// The body cannot be unpacked.
    pub fn not_packed(error: &std::io::Error) -> Self {
        Self::new(Code::MalformedJson, format!("body: cannot be unpacked as gzip: {error}"))
    }

    /// The body is packed in another way than the one that is taken.
    pub fn unsupported_encoding() -> Self {
        let error = "content-encoding: must be gzip, or absent";
        Self::new(Code::UnsupportedEncoding, error).with(header::ACCEPT_ENCODING, "gzip")
    }

    /// The connection ended before the body did.
    pub fn cut_off() -> Self {
        Self::new(Code::MalformedJson, "body: ended before it was complete")
    }

    /// The body did not arrive in time.
    pub fn too_slow(seconds: u64) -> Self {
        Self::new(Code::MalformedJson, format!("body: must arrive within {seconds} seconds"))
    }

    /// No incident has this number.
    pub fn unknown_incident(instance_id: InstanceId) -> Self {
        Refusal::UnknownIncident { field: "instance_id", instance_id }.into()
    }

    /// No component of this kind has this name or id.
    pub fn unknown_component(field: &'static str, kind: ComponentKind, name: &str) -> Self {
        Refusal::UnknownComponent { field, kind, name: name.to_owned() }.into()
    }

    /// This is not known before so many seconds have passed, by a limit that has a bucket of its own.
    pub(super) fn with_bucket(mut self, bucket: Bucket) -> Self {
        self.headers.extend(bucket.headers());
        self.retry_after(bucket.reset_seconds)
    }

    /// The key asks too often.
    pub fn rate_limited(retry_after_seconds: u64, bucket: Bucket) -> Self {
        let error = format!("authorization: the key may send again in {retry_after_seconds} seconds");
        let mut problem = Self::new(Code::RateLimited, error).retry_after(retry_after_seconds);
        problem.headers.extend(bucket.headers());
        problem
    }

    /// More requests are waiting than the server takes on; nothing was stored.
    pub fn busy(retry_after_seconds: u64, reason: impl ToString) -> Self {
        Self::new(Code::Busy, "server: busy; nothing was stored").retry_after(retry_after_seconds).because(reason)
    }

    /// Something that is needed beside cannot be had at this moment; nothing was stored.
    pub(crate) fn try_again(code: Code, error: impl Into<String>, seconds: u64) -> Self {
        Self::new(code, error).retry_after(seconds)
    }

    /// The database cannot be reached.
    pub fn unavailable(retry_after_seconds: u64, reason: impl ToString) -> Self {
        let problem = Self::new(Code::Unavailable, "server: the database cannot be reached");
        problem.retry_after(retry_after_seconds).because(reason)
    }

    /// Something broke. What it was stands in the log, never in the answer.
    pub fn internal(reason: impl ToString) -> Self {
        Self::new(Code::Internal, "server: failed; the log has the details under the request_id").because(reason)
    }

    fn because(mut self, reason: impl ToString) -> Self {
        self.reason = Some(reason.to_string());
        self
    }

    /// Tells the log what the caller is not told, under the id that the caller is told.
    pub(crate) fn log(&self, request_id: &str) {
        let Some(reason) = &self.reason else { return };
        match self.code {
            Code::Busy => tracing::warn!(request_id, reason, "busy"),
            Code::Unavailable => tracing::error!(request_id, reason, "the database cannot be reached"),
            _ => tracing::error!(request_id, reason, "a request failed"),
        }
    }

    pub(super) fn retry_after(self, seconds: u64) -> Self {
        self.with(header::RETRY_AFTER, &seconds.to_string())
    }

    /// The headers of its answer, beside the content's type.
    pub(crate) fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.headers
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        status(self.code)
    }

    /// Its body as RFC 9457 tells it (contract §1).
    pub fn json(&self, request_id: &str) -> String {
        let body = Body9457 {
            r#type: format!("/docs#error-{}", self.code.word()),
            title: self.code.title(),
            status: self.status().as_u16(),
            detail: self.errors.join("; "),
            code: self.code.word(),
            errors: &self.errors,
            request_id,
            extra: self.extra.as_deref(),
        };
        serde_json::to_string(&body).unwrap_or_default()
    }

    /// The answer. What it does not say is logged.
    pub fn respond(self, request_id: &str) -> Response {
        self.log(request_id);
        let mut response = Response::new(Body::from(self.json(request_id)));
        *response.status_mut() = self.status();
        response.headers_mut().extend(self.headers);
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}

impl Bucket {
    /// The `ratelimit-*` headers, which successes carry too.
    pub fn headers(self) -> [(HeaderName, HeaderValue); 3] {
        [
            (HeaderName::from_static("ratelimit-limit"), self.limit.into()),
            (HeaderName::from_static("ratelimit-remaining"), self.remaining.into()),
            (HeaderName::from_static("ratelimit-reset"), self.reset_seconds.into()),
        ]
    }
}

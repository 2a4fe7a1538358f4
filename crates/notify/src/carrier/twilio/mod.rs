//! Telephone carriers of the Twilio form: one account, and what its answers mean.

pub mod signature;
mod sms;
mod voice;

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};

use super::http::Answer;
use super::{HttpClient, HttpClientError, Verdict};
use crate::egress::{Egress, EgressRefusal};
use engine::Clock;
use store::Authorities;

pub use sms::{SmsCarrier, SmsSender};
pub use voice::VoiceCarrier;

/// The version of the API, which is the first part of every path.
const VERSION: &str = "2010-04-01";

/// States of a message or a call in an answer that took the request and yet says that nothing will come of it.
const FAILED: [&str; 5] = ["failed", "undelivered", "canceled", "busy", "no-answer"];

/// Where the carrier is, and what proves that we may use it. `Debug` hides the token.
#[derive(Clone)]
pub struct TwilioSettings {
    /// Beginning of every URL, such as `https://api.twilio.com`: the operator's own choice, so private addresses are fine.
    pub base_url: String,
    /// Name of the account.
    pub account_sid: String,
    /// Its token.
    pub auth_token: String,
    /// Whose certificates are believed.
    pub authorities: Authorities,
}

impl TwilioSettings {
    fn egress(&self) -> Egress {
        Egress::everywhere().trusting(&self.authorities)
    }
}

impl fmt::Debug for TwilioSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("TwilioSettings")
            .field("base_url", &self.base_url)
            .field("account_sid", &self.account_sid)
            .field("auth_token", &"hidden")
            .finish_non_exhaustive()
    }
}

/// Settings with which nobody can be texted or called.
#[derive(Debug, thiserror::Error)]
pub enum TwilioSettingsError {
    /// The base URL cannot be called.
    #[error("the base URL cannot be used: {0}")]
    BaseUrl(#[from] EgressRefusal),
    /// The base URL has a query or a fragment, behind which no path can stand.
    #[error("the base URL must end before any `?` or `#`")]
    BaseUrlTail,
    /// Name and token cannot stand in a header.
    #[error("account and token hold a character that cannot be sent")]
    Credentials,
    /// There is no client to send by.
    #[error(transparent)]
    Client(#[from] HttpClientError),
}

/// An account at a carrier, by which messages are sent and calls are made. Cheap to clone.
#[derive(Clone)]
pub struct TwilioAccount {
    http: HttpClient,
    account: Url,
    authorization: HeaderValue,
    clock: Clock,
}

impl TwilioAccount {
    /// The account in `settings`.
    ///
    /// # Errors
    /// [`TwilioSettingsError`] when the settings cannot work whatever the carrier says.
    pub fn new(settings: &TwilioSettings, clock: Clock) -> Result<Self, TwilioSettingsError> {
        Self::build(settings, clock, HttpClient::new(settings.egress())?)
    }

    /// Like [`TwilioAccount::new`], with another bound on the length of one request.
    ///
    /// # Errors
    /// [`TwilioSettingsError`] when the settings cannot work whatever the carrier says.
    pub fn with_timeout(
        settings: &TwilioSettings,
        clock: Clock,
        timeout: Duration,
    ) -> Result<Self, TwilioSettingsError> {
        Self::build(settings, clock, HttpClient::with_timeout(settings.egress(), timeout)?)
    }

    fn build(settings: &TwilioSettings, clock: Clock, http: HttpClient) -> Result<Self, TwilioSettingsError> {
        let mut account = Egress::everywhere().check_url(&settings.base_url)?;
        if account.query().is_some() || account.fragment().is_some() {
            return Err(TwilioSettingsError::BaseUrlTail);
        }
        let parts = [VERSION, "Accounts", &settings.account_sid];
        // A URL with a host, as this one is, always has a path.
        account.path_segments_mut().map_err(|()| EgressRefusal::Unreadable)?.pop_if_empty().extend(parts);
        let credentials = STANDARD.encode(format!("{}:{}", settings.account_sid, settings.auth_token));
        let mut authorization =
            HeaderValue::from_str(&format!("Basic {credentials}")).map_err(|_| TwilioSettingsError::Credentials)?;
        authorization.set_sensitive(true);
        Ok(Self { http, account, authorization, clock })
    }

    /// Asks once for a new `resource`, such as `Messages.json`.
    async fn create(&self, resource: &str, parameters: &[(&str, &str)]) -> Verdict {
        let mut url = self.account.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.push(resource);
        }
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, self.authorization.clone());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        match self.http.post(url, headers, body.into_bytes()).await {
            Ok(answer) => judge(&answer),
            Err(verdict) => verdict,
        }
    }
}

/// Only a 2xx is a success, and not one that says that nothing will come of it.
fn judge(answer: &Answer) -> Verdict {
    match answer.status() {
        200..=299 => {
            let body = answer.json().unwrap_or_default();
            let word = |key: &str| body[key].as_str().unwrap_or_default();
            if FAILED.contains(&word("status")) || !body["error_code"].is_null() {
                return answer.temporary();
            }
            Verdict::delivered(format!("HTTP {} {} {}", answer.status(), word("sid"), word("status")))
        }
        // It says nothing of the person: once the operator has mended the account, the message goes out.
        401 | 403 => {
            let verdict = answer.temporary();
            tracing::error!(answer = verdict.answer, "the telephone carrier does not accept the account in [twilio]");
            verdict
        }
        _ => answer.verdict(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(base_url: &str) -> TwilioSettings {
        TwilioSettings {
            base_url: base_url.to_owned(),
            account_sid: "AC1".to_owned(),
            auth_token: "open sesame".to_owned(),
            authorities: Authorities::default(),
        }
    }

    #[test]
    fn the_token_is_not_shown() {
        let shown = format!("{:?}", settings("https://api.twilio.com"));
        assert!(shown.contains("AC1") && !shown.contains("sesame"), "{shown}");
    }

    #[test]
    fn the_account_stands_below_the_base_url_and_is_one_part_of_the_path() {
        for (base_url, sid, expect) in [
            ("https://api.twilio.com", "AC1", "https://api.twilio.com/2010-04-01/Accounts/AC1"),
            ("https://a.example/api/laml/", "AC1", "https://a.example/api/laml/2010-04-01/Accounts/AC1"),
            ("http://127.0.0.1:8080", "../x?y", "http://127.0.0.1:8080/2010-04-01/Accounts/..%2Fx%3Fy"),
        ] {
            let settings = TwilioSettings { account_sid: sid.to_owned(), ..settings(base_url) };
            let account = TwilioAccount::new(&settings, Clock::held(0)).unwrap();
            assert_eq!(account.account.as_str(), expect);
        }
    }

    #[test]
    fn a_base_url_that_cannot_be_called_is_refused_at_the_start() {
        for base_url in [
            "",
            "api.twilio.com",
            "ftp://api.twilio.com",
            "https://me@api.twilio.com",
            "https://a.example?x",
            "https://a.example#",
        ] {
            assert!(TwilioAccount::new(&settings(base_url), Clock::held(0)).is_err(), "{base_url}");
        }
    }
}

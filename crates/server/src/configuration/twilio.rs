//! The telephone carrier of the Twilio form: apart from the other sections, because its keys depend on each other.

use super::reader::Reader;
use super::secret::{self, Secret};

/// The account at a carrier that sends text messages and makes calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Twilio {
    /// Beginning of every URL of its API.
    pub(crate) base_url: String,
    /// The account's name.
    pub(crate) account_sid: String,
    /// Its token, which also signs what the carrier asks of us.
    pub(crate) auth_token: Secret,
    /// Who text messages are from; None = no text messages.
    pub(crate) sms_from: Option<SmsFrom>,
    /// The number that calls are from; None = no calls.
    pub(crate) voice_from: Option<String>,
}

/// Who text messages are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SmsFrom {
    /// A number or a name.
    Number(String),
    /// A messaging service, by its id.
    MessagingService(String),
}

impl Twilio {
    /// The outer None is a mistake; the inner one says that nobody is texted or called.
    pub(super) fn read(reader: &mut Reader) -> Option<Option<Self>> {
        let base_url = reader.text_as("twilio.base_url", read_base_url);
        let account_sid = reader.text("twilio.account_sid");
        let auth_token = secret::read(reader, "twilio.auth_token", "twilio.auth_token_file");
        let sms_from = read_sms_from(reader);
        let voice_from = reader.text_as("twilio.voice_from", read_number);
        let account_sid = account_sid?;
        let (base_url, auth_token, sms_from, voice_from) = (base_url?, auth_token?, sms_from?, voice_from?);
        if account_sid.is_empty() {
            return Some(None);
        }
        // Said where the account is set, because an absent key has no place of its own.
        let Some(auth_token) = auth_token else {
            return reader.reject("twilio.account_sid", "set, but twilio.auth_token is not");
        };
        if sms_from.is_none() && voice_from.is_none() {
            let problem = "set, but none of twilio.from, twilio.messaging_service_sid and twilio.voice_from is, so \
                nobody would be texted or called";
            return reader.reject("twilio.account_sid", problem);
        }
        Some(Some(Self { base_url, account_sid, auth_token, sms_from, voice_from }))
    }
}

fn read_sms_from(reader: &mut Reader) -> Option<Option<SmsFrom>> {
    let number = reader.text("twilio.from");
    let service = reader.text("twilio.messaging_service_sid");
    let (number, service) = (number?, service?);
    match (number.is_empty(), service.is_empty()) {
        (true, true) => Some(None),
        (false, true) => Some(Some(SmsFrom::Number(number))),
        (true, false) => Some(Some(SmsFrom::MessagingService(service))),
        (false, false) => reader.reject("twilio.messaging_service_sid", "twilio.from is set too; keep one"),
    }
}

fn read_base_url(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains([' ', '@', '?', '#']) => Ok(text.to_owned()),
        // It may hold a password, so it is not repeated.
        _ => Err("expected a URL such as `https://api.twilio.com`, without a password or a query".to_owned()),
    }
}

fn read_number(text: &str) -> Result<Option<String>, String> {
    let digits = text.strip_prefix('+').unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    if !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(Some(text.to_owned()));
    }
    Err(format!("expected a telephone number such as `+4930123456`, found `{text}`"))
}

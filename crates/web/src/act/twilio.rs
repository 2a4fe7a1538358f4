//! What a telephone carrier of the Twilio form brings: replies to text messages, digits pressed in a call, receipts.
//! Nothing is looked at before the carrier's signature is verified.

use super::token;
use super::twiml::{message, say, silence};
use super::words::{not_now, of_answer};
use crate::api::{App, receive, refuse};
use crate::gate::{Problem, failed};
use crate::operation::Method;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequest, RawPathParams, Request, State};
use axum::http::{Method as HttpMethod, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::limits;
use notify::{Answered, Pressed, Receipt, Reply};

/// The header with the carrier's signature.
const SIGNATURE: &str = "x-twilio-signature";

/// Digits of an error's number; the longest of the form has five.
const ERROR_DIGITS: usize = 10;

const NOT_UNDERSTOOD: &str = "Not understood. Reply with a letter and the code of a message: A to acknowledge, R to \
    resolve, E to escalate, such as A12345.";
const WRONG_CODE: &str = "No message to you has this code. Nothing was changed.";
const TOO_MANY: &str =
    "Too many wrong codes came from this number. Try again in an hour, or use the links in your mail.";
const NO_ACTION: &str = "This key does nothing. Goodbye.";

/// The fields of a form that the carrier signed.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    async fn receive(app: &App, request: Request) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        if parts.method != HttpMethod::POST {
            return Err(Problem::method_not_allowed(&[Method::Post]));
        }
        // Anybody may send one, and it is read before it is known who did.
        let bytes = receive(body, &app.settings, limits::CARRIER_FORM_BYTES.min(app.settings.body_bytes)).await?;
        let fields: Vec<_> = form_urlencoded::parse(&bytes).into_owned().collect();
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let signature = parts.headers.get(SIGNATURE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if app.notifier.is_from_carrier(path, &fields, signature) {
            Ok(Self(fields))
        } else {
            // Its path may hold a token of ours.
            tracing::warn!("a request is not signed by the telephone carrier");
            Err(Problem::invalid_signature("x-twilio-signature: is not the telephone carrier's for this request"))
        }
    }
}

impl FromRequest<App> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        Self::receive(app, request).await.map_err(|problem| refuse(app, problem))
    }
}

/// A reply to a text message.
pub(crate) async fn text(State(app): State<App>, form: Form) -> Response {
    let (from, said) = (form.get("From").unwrap_or_default(), form.get("Body").unwrap_or_default());
    match app.notifier.take_reply(from, said, form.get("MessageSid")).await {
        Ok(Reply::Stranger | Reply::Unanswered) => silence(),
        Ok(Reply::NotUnderstood) => message(NOT_UNDERSTOOD),
        Ok(Reply::WrongCode) => message(WRONG_CODE),
        Ok(Reply::TooManyWrongCodes) => message(TOO_MANY),
        Ok(Reply::Answered(answered)) => message(&of_answer(&answered).sentence()),
        Err(failure) => {
            tracing::error!(?failure, "a reply could not be taken in");
            message(&not_now().sentence())
        }
    }
}

/// Digits pressed in a call.
pub(crate) async fn digits(
    State(app): State<App>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    form: Form,
) -> Response {
    let token = token(params).unwrap_or_default();
    match app.notifier.take_digits(&token, form.get("Digits").unwrap_or_default(), form.get("CallSid")).await {
        Ok(Pressed::NoAction) => say(NO_ACTION),
        Ok(Pressed::Answered(Answered::Unknown)) => refuse(&app, Problem::unknown_path()),
        Ok(Pressed::Answered(answered)) => say(&of_answer(&answered).sentence()),
        Err(failure) => {
            tracing::error!(?failure, "digits could not be taken in");
            say(&not_now().sentence())
        }
    }
}

/// A receipt: what became of a message that the carrier took.
pub(crate) async fn receipt(
    State(app): State<App>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    form: Form,
) -> Response {
    let token = token(params).unwrap_or_default();
    // What is still under way tells nothing.
    let Some(receipt) = told(&form) else { return StatusCode::NO_CONTENT.into_response() };
    match app.notifier.take_receipt(&token, receipt).await {
        Ok(Ok(())) => StatusCode::NO_CONTENT.into_response(),
        Ok(Err(_)) => refuse(&app, Problem::unknown_path()),
        Err(failure) => refuse(&app, failed(failure)),
    }
}

/// What the carrier says of a message or a call. That a call was picked up says nothing: a mailbox picks up, too. Whoever
/// presses a key is somebody.
fn told(form: &Form) -> Option<Receipt> {
    let status = form.get("MessageStatus").or_else(|| form.get("SmsStatus")).or_else(|| form.get("CallStatus"))?;
    match status {
        "delivered" | "read" => Some(Receipt::Arrived),
        "undelivered" | "failed" | "busy" | "no-answer" | "canceled" => {
            let is_code = |code: &&str| code.len() <= ERROR_DIGITS && code.bytes().all(|byte| byte.is_ascii_digit());
            let code = form.get("ErrorCode").filter(is_code).map(|code| format!(" (error {code})")).unwrap_or_default();
            Some(Receipt::Failed(format!("the carrier reports: {status}{code}")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Form {
        Form(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_status_of_the_carrier_says_that_it_arrived_that_it_never_will_or_nothing() {
        for (field, status, expect) in [
            ("MessageStatus", "delivered", Some(Receipt::Arrived)),
            ("MessageStatus", "sent", None),
            ("MessageStatus", "queued", None),
            ("MessageStatus", "undelivered", Some(Receipt::Failed("the carrier reports: undelivered".to_owned()))),
            ("SmsStatus", "failed", Some(Receipt::Failed("the carrier reports: failed".to_owned()))),
            ("CallStatus", "ringing", None),
            ("CallStatus", "in-progress", None),
            ("CallStatus", "completed", None),
            ("CallStatus", "no-answer", Some(Receipt::Failed("the carrier reports: no-answer".to_owned()))),
            ("Other", "delivered", None),
        ] {
            assert_eq!(told(&form(&[(field, status)])), expect, "{field}={status}");
        }
        let long = "9".repeat(1_000);
        let with_prose = form(&[("MessageStatus", "failed"), ("ErrorCode", &long)]);
        assert_eq!(told(&with_prose), Some(Receipt::Failed("the carrier reports: failed".to_owned())));
        let with_code = form(&[("MessageStatus", "failed"), ("ErrorCode", "30003")]);
        assert_eq!(told(&with_code), Some(Receipt::Failed("the carrier reports: failed (error 30003)".to_owned())));
    }
}

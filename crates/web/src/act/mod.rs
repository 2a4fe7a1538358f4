//! Acting from a message: the pages behind its links, and what the telephone carrier brings back. None of it needs a
//! key; a signed token, or the carrier's signature, says who it is.

mod cover;
mod page;
mod twilio;
mod twiml;
mod words;

pub(crate) use cover::cover;
pub(crate) use page::{link, style};
pub(crate) use twilio::{digits, receipt, text};

use axum::extract::RawPathParams;
use axum::extract::rejection::RawPathParamsRejection;

/// The token in a path; what is no text is none.
fn token(params: Result<RawPathParams, RawPathParamsRejection>) -> Option<String> {
    params.ok()?.iter().next().map(|(_, token)| token.to_owned())
}

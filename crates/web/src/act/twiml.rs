//! Answers to the telephone carrier: the few elements of its XML that we say something with.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use notify::markup::escaped;

/// A text message in reply.
pub(super) fn message(text: &str) -> Response {
    respond(&format!("<Message>{}</Message>", escaped(text)))
}

/// Words in a call.
pub(super) fn say(text: &str) -> Response {
    respond(&format!("<Say>{}</Say>", escaped(text)))
}

/// Nothing at all.
pub(super) fn silence() -> Response {
    respond("")
}

fn respond(inside: &str) -> Response {
    let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{inside}</Response>");
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], body).into_response()
}

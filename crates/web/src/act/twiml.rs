//! Answers to the telephone carrier: the few elements of its XML that we say something with.

use axum::http::header;
use axum::response::{IntoResponse, Response};

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

/// The text as XML writes it; what XML cannot hold becomes a space.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            other if other.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_title_can_add_an_element() {
        let evil = "x</Say><Dial>+1900</Dial>\u{0}\u{ffff}&amp;\"'";
        assert_eq!(escaped(evil), "x&lt;/Say&gt;&lt;Dial&gt;+1900&lt;/Dial&gt;  &amp;amp;&quot;&apos;");
    }
}

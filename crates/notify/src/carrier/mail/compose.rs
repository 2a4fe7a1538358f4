//! A message as mail: text and HTML side by side, and headers that are the same on every attempt.

use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message as Mail, MultiPart, SinglePart};
use sha2::{Digest as _, Sha256};

use super::super::{ActionLink, Message, one_line};
use super::MailCarrier;
use crate::markup::escaped;

/// The longest subject, in characters; longer ones are cut by those who read them on a telephone anyway.
const SUBJECT_MAX_CHARS: usize = 250;

/// The longest identifier that goes into a header as it is.
const TOKEN_MAX_CHARS: usize = 64;

/// How a button looks, in the words that mail programs know.
const BUTTON: &str = "display: inline-block; margin: 4px 8px 4px 0; padding: 8px 14px; border-radius: 4px; \
    background: #1f4e8c; color: #ffffff; font: 14px sans-serif; text-decoration: none";

const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");
const NO_ANSWERS: HeaderName = HeaderName::new_from_ascii_str("X-Auto-Response-Suppress");
/// By which a mail of ours is known wherever it is sent on to, also to our own listener.
const OURS: HeaderName = HeaderName::new_from_ascii_str("X-Reveille-Id");

/// Writes `message` to `to`, dated `now_micros` after the Unix epoch.
///
/// `Message-ID` comes from the delivery and the thread's from the incident, so a repeated message can be told from a new
/// one, and mail programs show an incident as one conversation. `Auto-Submitted` (RFC 3834) and `X-Auto-Response-Suppress` keep holiday answers away.
pub(super) fn compose(
    carrier: &MailCarrier,
    message: &Message,
    to: lettre::Address,
    now_micros: i64,
) -> Result<Mail, lettre::error::Error> {
    let domain = carrier.from.email.domain();
    let delivery = token(&message.delivery_id);
    let thread = format!("<incident.{}@{domain}>", token(&message.thread));
    let date = UNIX_EPOCH + Duration::from_micros(u64::try_from(now_micros).unwrap_or(0));
    let mut builder = Mail::builder()
        .from(carrier.from.clone())
        .to(Mailbox::new(None, to))
        .subject(one_line(&message.subject, SUBJECT_MAX_CHARS))
        .date(date)
        .message_id(Some(format!("<{delivery}@{domain}>")))
        .in_reply_to(thread.clone())
        .references(thread)
        .raw_header(HeaderValue::new(AUTO_SUBMITTED, "auto-generated".to_owned()))
        .raw_header(HeaderValue::new(NO_ANSWERS, "All".to_owned()))
        .raw_header(HeaderValue::new(OURS, delivery));
    if let Some(reply_to) = &carrier.reply_to {
        builder = builder.reply_to(reply_to.clone());
    }
    let text = text(message);
    match &html(message) {
        None => builder.singlepart(SinglePart::plain(text)),
        Some(html) => builder.multipart(
            MultiPart::alternative()
                .boundary(boundary(&text, html))
                .singlepart(SinglePart::plain(text))
                .singlepart(SinglePart::html(html.clone())),
        ),
    }
}

/// The text, and below it a line for each link.
fn text(message: &Message) -> String {
    let line = |link: &ActionLink| format!("\n{}: {}", link.label, link.url);
    let lines: String = message.actions.iter().map(line).collect();
    if lines.is_empty() { message.text.clone() } else { format!("{}\n{lines}", message.text) }
}

/// The HTML, and at its end a button for each link. A button is a link and nothing more: what it leads to asks once again.
fn html(message: &Message) -> Option<String> {
    let html = message.html.as_ref()?;
    let button = |link: &ActionLink| {
        let (url, label) = (escaped(&link.url), escaped(&link.label));
        format!("<a href=\"{url}\" style=\"{BUTTON}\">{label}</a> ")
    };
    let buttons: String = message.actions.iter().map(button).collect();
    if buttons.is_empty() {
        return Some(html.clone());
    }
    let (before, after) = html
        .rsplit_once("</body>")
        .map_or((html.as_str(), String::new()), |(before, after)| (before, format!("</body>{after}")));
    Some(format!("{before}<p>{buttons}</p>{after}"))
}

/// An identifier as it may stand in a header: itself if it is plain and short, else its digest.
fn token(id: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !id.is_empty() && id.len() <= TOKEN_MAX_CHARS && id.chars().all(plain) {
        return id.to_owned();
    }
    URL_SAFE_NO_PAD.encode(Sha256::digest(id))
}

/// A boundary that is the same on every attempt and that no text can contain, being a digest of the text.
fn boundary(text: &str, html: &str) -> String {
    let digest = Sha256::new().chain_update(text).chain_update([0]).chain_update(html);
    format!("part-{}", URL_SAFE_NO_PAD.encode(digest.finalize()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::settings;
    use super::*;
    use crate::carrier::Address;
    use engine::Clock;

    fn message() -> Message {
        Message {
            delivery_id: "dGhpcyBpcyBhbiBpZA".to_owned(),
            attempt: 1,
            address: Address::Email("ann@example.com".to_owned()),
            subject: "Disk full".to_owned(),
            text: "Disk full on db1".to_owned(),
            html: Some("<p>Disk full</p>".to_owned()),
            thread: "incident-7".to_owned(),
            payload: serde_json::Value::Null,
            urgency: domain::Urgency::High,
            brief: String::new(),
            spoken: String::new(),
            actions: Vec::new(),
            status_url: None,
            digits_url: None,
            about: None,
            page: None,
            useful_until: None,
            headers: Vec::new(),
        }
    }

    fn written(message: &Message, now_micros: i64) -> String {
        let carrier = MailCarrier::new(settings(), Clock::held(0)).unwrap();
        let to = "ann@example.com".parse().unwrap();
        let mail = compose(&carrier, message, to, now_micros).unwrap();
        String::from_utf8(mail.formatted()).unwrap()
    }

    fn headers(mail: &str) -> Vec<String> {
        let (head, _) = mail.split_once("\r\n\r\n").unwrap();
        head.replace("\r\n ", " ").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn the_headers_identify_the_delivery_and_the_incident() {
        let headers = headers(&written(&message(), 0));
        for expect in [
            "From: Reveille <pages@example.org>",
            "To: ann@example.com",
            "Subject: Disk full",
            "Date: Thu, 01 Jan 1970 00:00:00 +0000",
            "Message-ID: <dGhpcyBpcyBhbiBpZA@example.org>",
            "In-Reply-To: <incident.incident-7@example.org>",
            "References: <incident.incident-7@example.org>",
            "Auto-Submitted: auto-generated",
            "X-Auto-Response-Suppress: All",
            "X-Reveille-Id: dGhpcyBpcyBhbiBpZA",
        ] {
            assert!(headers.contains(&expect.to_owned()), "{expect}: {headers:#?}");
        }
    }

    #[test]
    fn text_and_html_stand_side_by_side() {
        let mail = written(&message(), 0);
        assert!(mail.contains("Content-Type: multipart/alternative;"));
        assert!(mail.find("Disk full on db1").unwrap() < mail.find("<p>Disk").unwrap());
    }

    #[test]
    fn each_link_is_a_line_of_the_text_and_a_button_of_the_html() {
        let link = |label: &str, url: &str| ActionLink { label: label.to_owned(), url: url.to_owned() };
        let actions =
            vec![link("Acknowledge", "https://r.example/act/a"), link("<Resolve>", "https://r.example/act/b?c&d")];
        let message =
            Message { html: Some("<body><pre>Disk full</pre></body></html>".to_owned()), actions, ..message() };
        assert_eq!(
            text(&message),
            "Disk full on db1\n\nAcknowledge: https://r.example/act/a\n<Resolve>: https://r.example/act/b?c&d"
        );
        let html = html(&message).unwrap();
        assert!(html.starts_with("<body><pre>Disk full</pre><p><a href=\"https://r.example/act/a\""), "{html}");
        assert!(html.contains("href=\"https://r.example/act/b?c&amp;d\""), "{html}");
        assert!(html.contains(">&lt;Resolve&gt;</a>") && html.ends_with("</p></body></html>"), "{html}");
        let mail = written(&message, 0).replace("=\r\n", "").replace("=3D", "=");
        assert!(mail.contains("\r\nAcknowledge: https://r.example/act/a\r\n"), "{mail}");
        assert!(mail.contains("<a href=\"https://r.example/act/a\""), "{mail}");
    }

    #[test]
    fn a_message_without_links_is_written_as_it_is() {
        assert_eq!(text(&message()), "Disk full on db1");
        assert_eq!(html(&message()).as_deref(), Some("<p>Disk full</p>"));
    }

    #[test]
    fn a_second_attempt_writes_the_same_message_but_for_the_date() {
        let first = written(&message(), 0);
        let second = written(&Message { attempt: 2, ..message() }, 60_000_000);
        assert_eq!(first.replace("00:00:00", "00:01:00"), second);
    }

    #[test]
    fn no_field_of_a_message_can_add_a_header() {
        let evil = "x\r\nBcc: eve@example.net\r\n\r\nbody\n.\r\n";
        let message = Message {
            delivery_id: evil.to_owned(),
            subject: evil.to_owned(),
            thread: evil.to_owned(),
            text: evil.to_owned(),
            html: None,
            ..message()
        };
        let headers = headers(&written(&message, 0));
        let names = |headers: &[String]| -> Vec<String> {
            let name = |line: &String| line.split(':').next().unwrap_or("").to_owned();
            headers.iter().map(name).collect()
        };
        assert_eq!(
            names(&headers),
            [
                "From",
                "To",
                "Subject",
                "Date",
                "Message-ID",
                "In-Reply-To",
                "References",
                "Auto-Submitted",
                "X-Auto-Response-Suppress",
                "X-Reveille-Id",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding",
            ]
        );
        assert!(headers.contains(&"Subject: x Bcc: eve@example.net body .".to_owned()));
    }
}

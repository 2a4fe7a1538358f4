//! Mail, read into the same words as all that is posted (intake §5). Nothing is fetched, nothing is refused: mail that cannot be
//! taken apart is an alert with its subject and raw text.

mod guard;
mod header;
mod html;
mod part;
mod subject;
mod trust;

use domain::Instant;
use domain::directory::{CompiledMail, CompiledMailRule, Mail, MailAction, MailView};
use domain::intake::{Delivery, MailOrigin, Received, State};
use header::Headers;
pub use header::{begins, hops};
use part::Parts;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Bytes of the text of a mail that are kept in its payload.
const PAYLOAD_TEXT_BYTES: usize = 32 * 1024;
/// Bytes of one header that are.
const PAYLOAD_HEADER_BYTES: usize = 1024;
/// Bytes of all headers that are.
const PAYLOAD_HEADERS_BYTES: usize = 16 * 1024;
/// Bytes of an address, a name or an id that are kept.
const WORD_BYTES: usize = 512;
/// Attachments that are named.
const ATTACHMENTS: usize = 20;
/// What stands in the place of the integration's key.
const HIDDEN: &str = "(hidden)";

/// How a mail came, and whom it is for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Envelope<'a> {
    /// The reverse path, empty for a delivery report; `None` where it is not known.
    pub from: Option<&'a str>,
    /// What the address that it was sent to calls the problem.
    pub identity: Option<&'a str>,
    /// How the integration reads its mail.
    pub settings: Option<&'a CompiledMail>,
    /// The digits of the integration's key, which are not shown.
    pub key: Option<&'a str>,
    /// The address from which this server sends mail.
    pub own_address: Option<&'a str>,
}

/// Reads a mail.
#[must_use]
pub fn read(raw: &[u8], envelope: &Envelope<'_>) -> Delivery {
    let headers = Headers::of(raw);
    // What is known of the library is that it has panicked before; what it makes of this mail is thrown away then.
    let parts = catch_unwind(AssertUnwindSafe(|| Parts::of(raw))).ok().flatten();
    let parts = parts.filter(|_| !headers.all.is_empty());
    let mut repairs = Vec::new();
    let parts = parts.unwrap_or_else(|| {
        repairs.push("the mail could not be taken apart, and is shown as it came".to_owned());
        Parts::unread(raw, &headers)
    });
    repairs.extend(parts.repairs.iter().cloned());
    let default = CompiledMail::default();
    let settings = envelope.settings.unwrap_or(&default);
    let from: Vec<&str> = parts.from.iter().map(String::as_str).chain(parts.from_name.as_deref()).collect();
    let from: Vec<&str> = from.into_iter().chain(envelope.from.filter(|from| !from.is_empty())).collect();
    let to: Vec<&str> = parts.to.iter().map(String::as_str).collect();
    let view = MailView { subject: &parts.subject, body: &parts.text, from: &from, to: &to, headers: &headers.all };
    let rule = settings.rule_for(&view);
    let state = guard::refused(&headers, &parts, envelope)
        .or_else(|| trust::refused(&settings.mail, &headers, &parts, envelope))
        .map_or_else(|| state(rule, &parts), State::Ignored);
    let message_id = parts.message_id.as_ref().map(|id| hidden(&word(id), envelope.key));
    let received = Received {
        identity: identity(rule, &settings.mail, &parts, envelope),
        title: hidden(&parts.subject, envelope.key),
        text: hidden(&text(rule, &parts), envelope.key),
        urgency: rule.and_then(|fits| fits.rule.urgency),
        labels: labels(&parts),
        links: parts.links.clone(),
        occurred_at: parts.sent_at,
        payload: payload(&parts, &headers, envelope.key),
        repairs,
        ..Received::of(state)
    };
    let sender = parts.from.first().map(String::as_str).or(envelope.from).unwrap_or_default().to_lowercase();
    let origin = MailOrigin { sender: word(&sender), thread: parts.thread.iter().map(|id| word(id)).collect() };
    Delivery { event_id: message_id, received: vec![received], origin: Some(origin) }
}

fn state(rule: Option<&CompiledMailRule>, parts: &Parts) -> State {
    match rule.map(|fits| fits.rule.action).unwrap_or_default() {
        MailAction::Open => State::Firing,
        MailAction::Resolve => State::Resolved,
        MailAction::Acknowledge => State::Acknowledged { by: parts.from.first().cloned() },
        MailAction::Ignore => State::Ignored("mail_rule"),
    }
}

/// What the mail itself says that it is about.
fn identity(
    rule: Option<&CompiledMailRule>,
    settings: &Mail,
    parts: &Parts,
    envelope: &Envelope<'_>,
) -> Option<String> {
    let by_rule = rule.and_then(|rule| rule.identity_in(&parts.subject, &parts.text));
    let by_address = || envelope.identity.filter(|identity| !identity.is_empty()).map(str::to_owned);
    let by_subject = || settings.same_subject.then(|| subject::normalised(&parts.subject))?;
    by_rule.or_else(by_address).or_else(by_subject)
}

/// The text, and below it the attachments by name and size.
fn text(rule: Option<&CompiledMailRule>, parts: &Parts) -> String {
    let text = match rule.is_some_and(|fits| fits.rule.cut_quotes) {
        true => part::without_quotes(&parts.text),
        false => &parts.text,
    };
    let mut text = text.trim().to_owned();
    for (number, (name, bytes)) in parts.attachments.iter().enumerate() {
        match number {
            0 if text.is_empty() => {}
            0 => text.push_str("\n\n"),
            _ => text.push('\n'),
        }
        if number == ATTACHMENTS {
            text.push_str(&format!("{} more attachments, not kept", parts.attachments.len() - ATTACHMENTS));
            break;
        }
        text.push_str(&format!("Attachment, not kept: {} ({bytes} bytes)", word(name)));
    }
    text
}

fn labels(parts: &Parts) -> BTreeMap<String, String> {
    let from = parts.from.first().map(|from| ("from".to_owned(), word(from)));
    let name = parts.from_name.as_deref().map(|name| ("from_name".to_owned(), word(name)));
    from.into_iter().chain(name).collect()
}

/// What rules by JSON pointer look at.
fn payload(parts: &Parts, headers: &Headers, key: Option<&str>) -> Value {
    let cut = |text: &str, most: usize| hidden(&text[..text.floor_char_boundary(most)], key);
    let mut shown = serde_json::Map::new();
    let mut room = PAYLOAD_HEADERS_BYTES;
    for (name, value) in &headers.all {
        room = room.saturating_sub(name.len() + value.len().min(PAYLOAD_HEADER_BYTES));
        if room == 0 {
            break;
        }
        // Of several the first counts, which the last server that it passed wrote.
        shown.entry(name.clone()).or_insert_with(|| Value::from(cut(value, PAYLOAD_HEADER_BYTES)));
    }
    let attachments = parts.attachments.iter().take(ATTACHMENTS);
    let attachments: Vec<_> = attachments.map(|(name, bytes)| json!({"name": word(name), "bytes": bytes})).collect();
    json!({
        "subject": cut(&parts.subject, PAYLOAD_HEADER_BYTES),
        "from": parts.from.first().map(|from| word(from)),
        "from_name": parts.from_name.as_deref().map(word),
        "to": parts.to.iter().take(ATTACHMENTS).map(|to| hidden(&word(to), key)).collect::<Vec<_>>(),
        "text": cut(&parts.text, PAYLOAD_TEXT_BYTES),
        "headers": shown,
        "attachments": attachments,
    })
}

/// A short text without signs that cannot be seen, among them NUL, which no database keeps.
fn word(text: &str) -> String {
    text[..text.floor_char_boundary(WORD_BYTES)].chars().filter(|letter| !letter.is_control()).collect()
}

/// A text without the integration's key, in whichever spelling.
fn hidden(text: &str, key: Option<&str>) -> String {
    let Some(key) = key else { return text.to_owned() };
    let is_part = |letter: char| letter.is_ascii_hexdigit() || letter == '-';
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, run) = rest.split_at(start);
        let (run, after) = run.split_at(run.find(|letter| !is_part(letter)).unwrap_or(run.len()));
        let digits: String =
            run.chars().filter(|digit| *digit != '-').map(|digit| digit.to_ascii_lowercase()).collect();
        shown.push_str(before);
        shown.push_str(if digits.contains(key) { HIDDEN } else { run });
        rest = after;
    }
    shown + rest
}

/// Seconds of the Unix epoch as an instant.
fn instant(seconds: i64) -> Option<Instant> {
    seconds.checked_mul(1_000_000).map(Instant)
}

#[cfg(test)]
mod tests;

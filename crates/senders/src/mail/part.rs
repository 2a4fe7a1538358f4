//! What a mail consists of: its addresses, its text, what is attached.

use super::header::Headers;
use super::{html, instant};
use domain::Instant;
use domain::intake::Link;
use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders, PartType};

/// Bytes of a text, or of the HTML that stands for it, that are looked at.
const TEXT_BYTES: usize = 1024 * 1024;
/// Bytes of a mail that are shown where it could not be taken apart.
const RAW_BYTES: usize = 64 * 1024;

/// The parts of a mail that are looked at.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) subject: String,
    /// Addresses of `From`, in lower case.
    pub(super) from: Vec<String>,
    pub(super) from_name: Option<String>,
    /// Addresses of `To` and `Cc`, in lower case.
    pub(super) to: Vec<String>,
    pub(super) text: String,
    pub(super) links: Vec<Link>,
    /// Names and sizes in bytes.
    pub(super) attachments: Vec<(String, usize)>,
    pub(super) message_id: Option<String>,
    /// Ids of `In-Reply-To`, then of `References` from the last to the first.
    pub(super) thread: Vec<String>,
    pub(super) sent_at: Option<Instant>,
    /// Whether it reports what became of another mail.
    pub(super) is_report: bool,
    pub(super) repairs: Vec<String>,
}

impl Parts {
    /// `None` if nothing can be made of it.
    pub(super) fn of(raw: &[u8]) -> Option<Self> {
        let message = MessageParser::default().parse(raw)?;
        if message.headers().is_empty() {
            return None;
        }
        let (mut text, links) = text(&message);
        let mut repairs = Vec::new();
        let is_broken = message.parts.iter().any(|part| part.is_encoding_problem);
        if text.is_empty() && (is_broken || message.attachments().next().is_none()) {
            text = shown(body(raw)).trim().to_owned();
            repairs
                .extend((!text.is_empty()).then(|| "no text was found in the mail: it is shown as it came".to_owned()));
        }
        if is_broken {
            repairs.push("a part of the mail was not encoded as it says".to_owned());
        }
        let from = message.from().or_else(|| message.sender());
        Some(Self {
            subject: message.subject().unwrap_or_default().trim().to_owned(),
            from: addresses(from),
            from_name: from.and_then(Address::first).and_then(|from| Some(from.name()?.trim().to_owned())),
            to: message.all_to().chain(message.all_cc()).flat_map(|to| addresses(Some(to))).collect(),
            text,
            links,
            attachments: message.attachments().map(attachment).collect(),
            message_id: message.message_id().map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned),
            thread: thread(&message),
            sent_at: message.date().filter(|date| date.is_valid()).and_then(|date| instant(date.to_timestamp())),
            is_report: message.is_content_type("multipart", "report"),
            repairs,
        })
    }

    /// What can be said of a mail that could not be taken apart.
    pub(super) fn unread(raw: &[u8], headers: &Headers) -> Self {
        let bare = |id: &str| id.trim_matches(['<', '>', ' ']).to_owned();
        let text = shown(if headers.all.is_empty() { raw } else { body(raw) });
        let from = headers.first("from").unwrap_or_default();
        let from = from.rsplit_once('<').map_or(from, |(_, address)| address).trim_matches(['<', '>', ' ']);
        let is_report = headers.word("content-type").is_some_and(|word| word == "multipart/report");
        Self {
            subject: headers.first("subject").unwrap_or_default().to_owned(),
            from: if from.contains('@') { vec![from.to_lowercase()] } else { Vec::new() },
            text,
            message_id: headers.first("message-id").map(bare).filter(|id| !id.is_empty()),
            is_report,
            ..Self::default()
        }
    }
}

/// What stands behind the headers.
fn body(raw: &[u8]) -> &[u8] {
    let ends = [b"\r\n\r\n".as_slice(), b"\n\n"];
    let end = |end: &[u8]| raw.windows(end.len()).position(|bytes| bytes == end).map(|at| at + end.len());
    ends.iter().filter_map(|bytes| end(bytes)).min().map_or(&[], |at| &raw[at..])
}

fn shown(raw: &[u8]) -> String {
    String::from_utf8_lossy(&raw[..raw.len().min(RAW_BYTES)]).replace("\r\n", "\n")
}

fn addresses(address: Option<&Address<'_>>) -> Vec<String> {
    let all = address.into_iter().flat_map(Address::iter);
    all.filter_map(|one| Some(one.address()?.trim().to_lowercase())).filter(|one| !one.is_empty()).collect()
}

/// The first text, and where there is none that says something, the first HTML as text; with the links of the HTML.
fn text(message: &Message<'_>) -> (String, Vec<Link>) {
    let of = |part: &PartType<'_>| match part {
        PartType::Text(text) => Some((text.replace("\r\n", "\n").replace('\r', "\n"), None)),
        PartType::Html(html) => {
            let html = &html[..html.floor_char_boundary(TEXT_BYTES)];
            Some((html::text(html), Some(html::links(html))))
        }
        _ => None,
    };
    let bodies = message.text_bodies().chain(message.html_bodies());
    let mut said = bodies.filter_map(|part| of(&part.body)).filter(|(text, _)| !text.trim().is_empty());
    let (text, links) = said.next().unwrap_or_default();
    // What is longer is cut where it is shown, and no rule needs to look through all of it.
    let text = &text[..text.floor_char_boundary(TEXT_BYTES)];
    (text.trim_end().to_owned(), links.unwrap_or_default())
}

fn attachment(part: &mail_parser::MessagePart<'_>) -> (String, usize) {
    let nested = part.message().and_then(|message| message.subject()).map(|subject| format!("mail: {subject}"));
    let name = part.attachment_name().map(str::to_owned).or(nested);
    let kind = || {
        let kind = part.content_type()?;
        Some(format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()))
    };
    (name.or_else(kind).unwrap_or_else(|| "without a name".to_owned()), part.len())
}

fn thread(message: &Message<'_>) -> Vec<String> {
    let ids = |value: &HeaderValue<'_>| -> Vec<String> {
        match value {
            HeaderValue::Text(id) => vec![id.to_string()],
            HeaderValue::TextList(ids) => ids.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        }
    };
    let mut thread = Vec::new();
    for id in ids(message.in_reply_to()).into_iter().chain(ids(message.references()).into_iter().rev()) {
        let id = id.trim().to_owned();
        if !id.is_empty() && !thread.contains(&id) && thread.len() < domain::limits::MAIL_THREAD {
            thread.push(id);
        }
    }
    thread
}

/// The text as far as it is not quoted from an earlier mail.
pub(super) fn without_quotes(text: &str) -> &str {
    let mut end = text.len();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        let is_rule = ["-----original message-----", "-------- original message --------"];
        let introduces = bare.ends_with(':') && text[offset + line.len()..].trim_start().starts_with('>');
        if bare.starts_with('>') || introduces || is_rule.contains(&bare.to_lowercase().as_str()) {
            end = offset;
            break;
        }
        offset += line.len();
    }
    text[..end].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_history_is_what_follows_a_quotation() {
        let table = [
            ("It is on fire\n\nOn Monday Ana wrote:\n> Is it?\n", "It is on fire"),
            ("It is on fire\n> Is it?\nYes", "It is on fire"),
            ("Gone\n-----Original Message-----\nFrom: x", "Gone"),
            ("Values:\ncpu 3 > 2\n", "Values:\ncpu 3 > 2"),
        ];
        for (text, expect) in table {
            assert_eq!(without_quotes(text), expect, "{text}");
        }
    }
}

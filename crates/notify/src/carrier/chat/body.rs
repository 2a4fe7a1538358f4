//! The table of bodies: what each chat's incoming webhook wants to be sent.

use domain::directory::ChatKind;
use serde_json::{Value, json};

use super::super::fit::{fit, printable, utf16};
use super::super::{ActionLink, Message, one_line};
use super::escape;

/// What a text that was cut ends with.
const CUT: &str = "…";

/// The most that links may take up of a message, as a part of it: two thirds.
const LINKS_SHARE: (usize, usize) = (2, 3);

/// The most characters of the line that a chat shows in a notice of the message.
const SUBJECT_MAX: usize = 150;

/// The most lines of a Teams card, each of which is an element of its own.
const CARD_LINES: usize = 60;

/// Discord's mark of a message whose links get no preview: a preview would be fetched from us.
const DISCORD_WITHOUT_PREVIEWS: u32 = 4;

/// How one chat wants a message.
struct Template {
    /// The longest text it takes, in UTF-16 as it counts.
    most: usize,
    /// How other people's text is written, in pieces that may not be cut.
    escape: fn(&str) -> Vec<String>,
    /// How a link is written; `None` where links stand outside the text.
    link: Option<fn(&ActionLink) -> String>,
    /// The body around the text.
    body: fn(&Message, String, Option<&str>) -> Value,
}

fn template(kind: ChatKind) -> Template {
    match kind {
        ChatKind::Slack => Template { most: 3_000, escape: escape::entities, link: None, body: slack },
        // 28 KiB in bytes, of which the text of many lines takes the most.
        ChatKind::Teams => Template { most: 6_000, escape: as_it_is, link: None, body: teams },
        ChatKind::Discord => {
            Template { most: 2_000, escape: escape::markdown, link: Some(markdown_link), body: discord }
        }
        // Old servers take 4,000, newer ones four times as many.
        ChatKind::Mattermost => {
            Template { most: 4_000, escape: escape::markdown, link: Some(markdown_link), body: plain }
        }
        ChatKind::GoogleChat => {
            Template { most: 4_000, escape: escape::brackets, link: Some(bracketed_link), body: plain }
        }
        ChatKind::Telegram => Template { most: 4_096, escape: escape::mentions, link: Some(bare_link), body: telegram },
    }
}

/// What is posted to a chat of this kind.
pub(super) fn of(kind: ChatKind, message: &Message, recipient: Option<&str>) -> Value {
    let template = template(kind);
    let links = template.link.map_or_else(String::new, |link| links(message, link, template.most));
    let text = format!("{}\n\n{}", one_line(&message.subject, usize::MAX), printable(&message.text));
    let room = template.most - utf16(&links);
    let text = fit((template.escape)(&text), room, utf16, CUT) + &links;
    (template.body)(message, text, recipient)
}

/// A line for each link, as many as there is room for beside a message.
fn links(message: &Message, write: fn(&ActionLink) -> String, most: usize) -> String {
    let mut lines = "\n".to_owned();
    for link in &message.actions {
        let line = format!("\n{}", write(link));
        if utf16(&lines) + utf16(&line) > most * LINKS_SHARE.0 / LINKS_SHARE.1 {
            break;
        }
        lines.push_str(&line);
    }
    lines.trim_end().to_owned()
}

fn as_it_is(text: &str) -> Vec<String> {
    text.chars().map(String::from).collect()
}

fn markdown_link(link: &ActionLink) -> String {
    format!("[{}]({})", link.label, escape::address(&link.url))
}

fn bracketed_link(link: &ActionLink) -> String {
    format!("<{}|{}>", escape::address(&link.url), link.label)
}

fn bare_link(link: &ActionLink) -> String {
    format!("{}: {}", link.label, escape::address(&link.url))
}

/// The text in a block without formatting, and the links in one with it. `text` is what a notice of it shows.
fn slack(message: &Message, text: String, _: Option<&str>) -> Value {
    let section = |kind: &str, text: String| json!({"type": "section", "text": {"type": kind, "text": text}});
    let mut blocks = vec![section("plain_text", text)];
    let link = |link: &ActionLink| {
        let url = escape::entities(&escape::address(&link.url)).concat();
        format!("<{url}|{}>", escape::entities(&link.label).concat())
    };
    // A block takes as much as the whole message elsewhere, and the links are few.
    let links: Vec<String> = message.actions.iter().map(link).collect();
    if !links.is_empty() {
        blocks.push(section("mrkdwn", fit(links.iter().map(|link| format!("{link}   ")), 3_000, utf16, "")));
    }
    let notice = escape::entities(&one_line(&message.subject, SUBJECT_MAX)).concat();
    json!({"text": notice, "blocks": blocks, "unfurl_links": false, "unfurl_media": false})
}

/// A message with an adaptive card, as Workflows take it. Runs of text are shown as they are, without Markdown.
fn teams(message: &Message, text: String, _: Option<&str>) -> Value {
    let run = |line: &str, weight: &str| {
        json!({
            "type": "RichTextBlock",
            "spacing": "none",
            // An empty run has no height, and the line would be gone.
            "inlines": [{"type": "TextRun", "text": if line.is_empty() { " " } else { line }, "weight": weight}],
        })
    };
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.len() > CARD_LINES {
        lines.truncate(CARD_LINES - 1);
        lines.push(CUT);
    }
    let weights = std::iter::once("bolder").chain(std::iter::repeat("default"));
    let body: Vec<Value> = lines.into_iter().zip(weights).map(|(line, weight)| run(line, weight)).collect();
    let open = |link: &ActionLink| json!({"type": "Action.OpenUrl", "title": link.label, "url": link.url});
    let actions: Vec<Value> = message.actions.iter().map(open).collect();
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": body,
                "actions": actions,
            },
        }],
    })
}

fn discord(_: &Message, text: String, _: Option<&str>) -> Value {
    json!({"content": text, "allowed_mentions": {"parse": []}, "flags": DISCORD_WITHOUT_PREVIEWS})
}

fn plain(_: &Message, text: String, _: Option<&str>) -> Value {
    json!({"text": text})
}

/// Without a parse mode, so that nothing in the text is a mark.
fn telegram(_: &Message, text: String, recipient: Option<&str>) -> Value {
    json!({"chat_id": recipient, "text": text, "link_preview_options": {"is_disabled": true}})
}

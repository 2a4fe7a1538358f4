//! Chats as their documentation describes them: each takes a body of its own shape and refuses any other, with its own words.

use domain::directory::ChatKind;
use serde_json::{Map, Value, json};

use crate::web_double::{Answer, Received, status};

/// What is wrong with a body; nothing if it is as documented.
type Check = Result<(), String>;

/// Answers as the chat does: with its own success, or with its own refusal of what it does not know.
pub(crate) fn answer(kind: ChatKind, request: &Received) -> Answer {
    // Whether the server breaks off is asked before the request is read.
    if request.head.is_empty() {
        return Answer::Say(String::new());
    }
    let fault = check_request(kind, request).err();
    let (code, body) = match (kind, fault) {
        (ChatKind::Slack | ChatKind::Mattermost, None) => (200, "ok".to_owned()),
        (ChatKind::Teams, None) => (202, String::new()),
        (ChatKind::Discord, None) => (204, String::new()),
        (ChatKind::GoogleChat, None) => (200, json!({"name": "spaces/A/messages/B"}).to_string()),
        (ChatKind::Telegram, None) => (200, json!({"ok": true, "result": {"message_id": 7}}).to_string()),
        (ChatKind::Telegram, Some(fault)) => {
            (400, json!({"ok": false, "error_code": 400, "description": fault}).to_string())
        }
        (_, Some(fault)) => (400, fault),
    };
    let length = if code == 204 { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    Answer::Say(format!("{}{body}", status(code, &length)))
}

fn check_request(kind: ChatKind, request: &Received) -> Check {
    ensure(request.head.starts_with("POST /token HTTP/1.1\r\n"), "a POST to the URL as it is")?;
    ensure(request.header("content-type") == Some("application/json"), "JSON")?;
    let body = serde_json::from_slice(&request.body).map_err(|error| error.to_string())?;
    match kind {
        ChatKind::Slack => slack(&body),
        ChatKind::Teams => teams(&body, request.body.len()),
        ChatKind::Discord => discord(&body),
        ChatKind::Mattermost => text_alone(&body, 4_000),
        ChatKind::GoogleChat => text_alone(&body, 4_096),
        ChatKind::Telegram => telegram(&body),
    }
}

fn slack(body: &Value) -> Check {
    let fields = object(body, &["text", "blocks", "unfurl_links", "unfurl_media"])?;
    text(&fields["text"], 4_000).and_then(escaped_for_slack)?;
    let blocks = array(&fields["blocks"])?;
    ensure((1..=50).contains(&blocks.len()), "1 to 50 blocks")?;
    for block in blocks {
        let block = object(block, &["type", "text"])?;
        ensure(block["type"] == "section", "a section")?;
        let part = object(&block["text"], &["type", "text"])?;
        let said = text(&part["text"], 3_000)?;
        match part["type"].as_str() {
            Some("plain_text") => escaped_for_slack(said)?,
            // Ours alone: links, and nothing that calls anybody.
            Some("mrkdwn") => ensure(said.split("   ").all(|link| link.is_empty() || is_link(link)), "links alone")?,
            _ => return Err("an unknown kind of text".to_owned()),
        }
    }
    Ok(())
}

fn is_link(text: &str) -> bool {
    let inner = text.strip_prefix("<https://").and_then(|rest| rest.strip_suffix('>'));
    inner.is_some_and(|inner| inner.matches('|').count() == 1 && !inner.contains(['<', '>']))
}

fn escaped_for_slack(text: &str) -> Check {
    let rest = text.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "");
    ensure(!rest.contains(['&', '<', '>']), "control characters escaped")
}

fn teams(body: &Value, bytes: usize) -> Check {
    ensure(bytes <= 28 * 1024, "at most 28 KiB")?;
    let fields = object(body, &["type", "attachments"])?;
    ensure(fields["type"] == "message", "a message")?;
    let [attachment] = array(&fields["attachments"])?.as_slice() else {
        return Err("one attachment".to_owned());
    };
    let attachment = object(attachment, &["contentType", "contentUrl", "content"])?;
    ensure(attachment["contentType"] == "application/vnd.microsoft.card.adaptive", "an adaptive card")?;
    let card = object(&attachment["content"], &["$schema", "type", "version", "body", "actions"])?;
    ensure(card["type"] == "AdaptiveCard" && card["version"] == "1.4", "a card of a version that Teams knows")?;
    for element in array(&card["body"])? {
        let block = object(element, &["type", "spacing", "inlines"])?;
        ensure(block["type"] == "RichTextBlock", "text that is not formatted")?;
        for run in array(&block["inlines"])? {
            let run = object(run, &["type", "text", "weight"])?;
            ensure(run["type"] == "TextRun" && !text(&run["text"], 10_000)?.contains('\n'), "a line")?;
        }
    }
    for action in array(&card["actions"])? {
        let action = object(action, &["type", "title", "url"])?;
        ensure(action["type"] == "Action.OpenUrl", "a link")?;
        text(&action["title"], 100)?;
        ensure(text(&action["url"], 2_000)?.starts_with("https://"), "a web address")?;
    }
    Ok(())
}

fn discord(body: &Value) -> Check {
    let fields = object(body, &["content", "allowed_mentions", "flags"])?;
    text(&fields["content"], 2_000)?;
    ensure(fields["allowed_mentions"] == json!({"parse": []}), "nobody may be mentioned")?;
    ensure(fields["flags"] == 4, "no previews")
}

fn text_alone(body: &Value, most: usize) -> Check {
    text(&object(body, &["text"])?["text"], most).map(drop)
}

fn telegram(body: &Value) -> Check {
    let fields = object(body, &["chat_id", "text", "link_preview_options"])?;
    ensure(fields["chat_id"] == "-100", "chat not found")?;
    text(&fields["text"], 4_096)?;
    ensure(fields["link_preview_options"] == json!({"is_disabled": true}), "no previews")
}

fn object<'a>(value: &'a Value, known: &[&str]) -> Result<&'a Map<String, Value>, String> {
    let fields = value.as_object().ok_or("not an object")?;
    let keys: Vec<&str> = fields.keys().map(String::as_str).collect();
    ensure(keys.iter().all(|key| known.contains(key)), &format!("no key but {known:?}, found {keys:?}"))?;
    ensure(known.iter().all(|key| keys.contains(key)), &format!("every key of {known:?}, found {keys:?}"))?;
    Ok(fields)
}

fn array(value: &Value) -> Result<&Vec<Value>, String> {
    value.as_array().ok_or_else(|| "not a list".to_owned())
}

/// A text of 1 to `most` characters as these chats count them.
fn text(value: &Value, most: usize) -> Result<&str, String> {
    let text = value.as_str().ok_or("not a text")?;
    let length = text.encode_utf16().count();
    ensure((1..=most).contains(&length), &format!("1 to {most} characters, found {length}"))?;
    Ok(text)
}

fn ensure(holds: bool, wanted: &str) -> Check {
    if holds { Ok(()) } else { Err(format!("wanted: {wanted}")) }
}

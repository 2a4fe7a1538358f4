//! Chats: each gets a body of the shape that it documents, whatever a message says, and nobody is called by its text.

use domain::directory::ChatKind;
use engine::Clock;
use notify::carrier::{ActionLink, Address, Carrier as _, ChatCarrier, HttpClient, Message, Outcome, Report};
use notify::egress::Egress;
use serde_json::Value;

use crate::web_double::{Answer, Received, WebDouble, status};
use crate::{CHATS, chat_double, message};

const MENTIONS: &str = "@everyone @here @channel @all <!channel> <@U123> <#C1> <users/all> <at>ann</at> (@ann)";

fn link(label: &str, path: &str) -> ActionLink {
    ActionLink { label: label.to_owned(), url: format!("https://r.example/act/{path}") }
}

fn page(double: &WebDouble, kind: ChatKind) -> Message {
    let recipient = (kind == ChatKind::Telegram).then(|| "-100".to_owned());
    let url = format!("http://{}/token", double.address);
    let actions = vec![link("Acknowledge", "a1"), link("Resolve", "b2"), link("Escalate", "c3")];
    let subject = "[#7] Critical: Disk full".to_owned();
    let text = "Ana,\n\nYou are asked to act.\nsee https://wiki.example/disk_full#now".to_owned();
    Message { subject, text, actions, ..message(Address::Chat { kind, url, recipient }) }
}

async fn send(message: &Message) -> Report {
    let http = HttpClient::new(Egress::new(vec!["127.0.0.0/8".parse().unwrap()])).unwrap();
    ChatCarrier::new(http, Clock::system()).send(message).await
}

/// Sends what `change` makes of a page to a double of each chat, which must take it; what each was sent.
async fn taken(change: impl Fn(Message) -> Message) -> Vec<(ChatKind, Received)> {
    let mut taken = Vec::new();
    for kind in CHATS {
        let double = WebDouble::start(move |request| chat_double::answer(kind, request)).await;
        let report = send(&change(page(&double, kind))).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{kind:?}: {}", report.answer);
        let [request] = double.received().try_into().ok().unwrap();
        taken.push((kind, request));
    }
    taken
}

/// Every text of a body that is shown, one after another.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text}\n"),
        Value::Array(items) => items.iter().map(shown).collect(),
        Value::Object(fields) => fields.values().map(shown).collect(),
        _ => String::new(),
    }
}

#[tokio::test]
async fn each_chat_takes_a_page_and_shows_the_whole_of_it_with_its_links() {
    for (kind, request) in taken(|message| message).await {
        let shown = shown(&request.json());
        let title = if kind == ChatKind::Discord || kind == ChatKind::Mattermost { "\\[\\#7\\]" } else { "[#7]" };
        for part in [title, "Critical: Disk full", "Ana,", "https://wiki.example/disk_full#now"] {
            assert!(shown.contains(part), "{kind:?}: {part:?} in {shown}");
        }
        for (label, path) in [("Acknowledge", "a1"), ("Resolve", "b2"), ("Escalate", "c3")] {
            assert!(shown.contains(label), "{kind:?}: {label} in {shown}");
            assert!(shown.contains(&format!("https://r.example/act/{path}")), "{kind:?}: {path} in {shown}");
        }
    }
}

#[tokio::test]
async fn the_body_of_each_chat_is_written_in_full() {
    for (kind, request) in taken(|message| Message { text: "a < b".to_owned(), ..message }).await {
        let text = match kind {
            ChatKind::Slack => {
                let body = request.json();
                assert_eq!(body["text"], "[#7] Critical: Disk full");
                let links = &body["blocks"][1]["text"]["text"];
                let first = links.as_str().unwrap().split("   ").next();
                assert_eq!(first, Some("<https://r.example/act/a1|Acknowledge>"));
                assert_eq!(body["blocks"][0]["text"]["text"], "[#7] Critical: Disk full\n\na &lt; b");
                continue;
            }
            ChatKind::Teams => {
                let card = request.json()["attachments"][0]["content"].take();
                let lines: Vec<&str> = card["body"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|line| line["inlines"][0]["text"].as_str().unwrap())
                    .collect();
                assert_eq!(lines, ["[#7] Critical: Disk full", " ", "a < b"]);
                assert_eq!(card["actions"][2]["title"], "Escalate");
                assert_eq!(card["actions"][2]["url"], "https://r.example/act/c3");
                continue;
            }
            ChatKind::Discord | ChatKind::Mattermost => {
                "\\[\\#7\\] Critical: Disk full\n\na \\< b\n\n[Acknowledge](https://r.example/act/a1)\n\
                 [Resolve](https://r.example/act/b2)\n[Escalate](https://r.example/act/c3)"
            }
            ChatKind::GoogleChat => {
                "[#7] Critical: Disk full\n\na <\u{200b} b\n\n<https://r.example/act/a1|Acknowledge>\n\
                 <https://r.example/act/b2|Resolve>\n<https://r.example/act/c3|Escalate>"
            }
            ChatKind::Telegram => {
                "[#7] Critical: Disk full\n\na < b\n\nAcknowledge: https://r.example/act/a1\n\
                 Resolve: https://r.example/act/b2\nEscalate: https://r.example/act/c3"
            }
        };
        let body = request.json();
        assert_eq!(body.get("content").unwrap_or(&body["text"]), text, "{kind:?}");
    }
}

#[tokio::test]
async fn nobody_is_called_by_what_an_alert_says() {
    let hostile = |message| Message { subject: MENTIONS.to_owned(), text: MENTIONS.repeat(3), ..message };
    for (kind, request) in taken(hostile).await {
        let body = String::from_utf8(request.body).unwrap();
        let calls: &[&str] = match kind {
            ChatKind::Slack => &["<!", "<@", "<#"],
            // A card calls only whom its own list of mentions names.
            ChatKind::Teams => &["\"msteams\"", "\"entities\""],
            // Escaped, and nobody may be mentioned at all.
            ChatKind::Discord => &[" <@", "@everyone", "@here"],
            ChatKind::Mattermost => &["@everyone", "@here", "@channel", "@all", "@ann"],
            ChatKind::GoogleChat => &["<users/"],
            ChatKind::Telegram => &["@everyone", "@here", "@ann"],
        };
        for call in calls {
            assert!(!body.contains(call), "{kind:?}: {call} in {body}");
        }
    }
}

#[tokio::test]
async fn what_is_too_long_is_cut_where_it_is_seen_and_keeps_its_links() {
    for text in ["x".repeat(128 * 1024), "😀".repeat(32 * 1024), "<&>*_".repeat(9_000), "a\n".repeat(9_000)] {
        for (kind, request) in taken(|message| Message { text: text.clone(), ..message }).await {
            let shown = shown(&request.json());
            assert!(shown.contains('…'), "{kind:?}: nothing tells that it was cut");
            assert!(shown.contains("Critical: Disk full") && shown.contains("act/c3"), "{kind:?}");
        }
    }
}

#[tokio::test]
async fn a_message_of_any_form_is_taken() {
    let many = || (0..40).map(|number| link("Acknowledge", &format!("{number}{}", "x".repeat(300)))).collect();
    for change in [
        |message: Message| Message { actions: Vec::new(), ..message },
        |message| Message { text: String::new(), ..message },
        |message| Message { subject: "x\r\ny\u{0}".repeat(9_000), text: "\u{1b}[31m\r\n\u{7}".to_owned(), ..message },
    ] {
        taken(change).await;
    }
    taken(|message| Message { actions: many(), ..message }).await;
}

#[tokio::test]
async fn a_wait_that_stands_in_the_body_is_kept() {
    let wait = |seconds| Outcome::TemporaryFailure { retry_after_seconds: Some(seconds) };
    for (kind, code, headers, body, expect) in [
        (ChatKind::Discord, 429, "", r#"{"message": "slow", "retry_after": 0.35, "global": false}"#, wait(1)),
        (ChatKind::Discord, 429, "retry-after: 65\r\n", r#"{"retry_after": 64.57}"#, wait(65)),
        (
            ChatKind::Telegram,
            429,
            "",
            r#"{"ok": false, "error_code": 429, "parameters": {"retry_after": 35}}"#,
            wait(35),
        ),
        (ChatKind::Telegram, 429, "", r#"{"ok": false, "parameters": {"retry_after": 1e12}}"#, wait(3_600)),
        (ChatKind::Telegram, 400, "", r#"{"ok": false, "parameters": {"retry_after": 5}}"#, Outcome::PermanentFailure),
        (ChatKind::Slack, 429, "retry-after: 30\r\n", "rate_limited", wait(30)),
    ] {
        let text = status(code, &format!("{headers}content-length: {}\r\n", body.len())) + body;
        let double = WebDouble::always(Answer::Say(text)).await;
        let report = send(&page(&double, kind)).await;
        assert_eq!(report.outcome, expect, "{kind:?}: {}", report.answer);
    }
}

#[tokio::test]
async fn a_success_whose_body_denies_it_is_none() {
    let later = Outcome::TemporaryFailure { retry_after_seconds: None };
    let failed =
        "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x";
    for (kind, body, expect) in [
        (ChatKind::Telegram, r#"{"ok": false, "description": "no"}"#, later),
        (ChatKind::Telegram, "not JSON", Outcome::Delivered),
        (ChatKind::Teams, failed, later),
        (ChatKind::Teams, "1", Outcome::Delivered),
        (ChatKind::Slack, failed, Outcome::Delivered),
    ] {
        let text = status(200, &format!("content-length: {}\r\n", body.len())) + body;
        let double = WebDouble::always(Answer::Say(text)).await;
        let report = send(&page(&double, kind)).await;
        assert_eq!(report.outcome, expect, "{kind:?} {body}: {}", report.answer);
    }
}

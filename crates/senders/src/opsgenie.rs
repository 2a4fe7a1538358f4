//! Alerts as senders post them to Opsgenie's API of alerts (intake §4.2). The answers are given elsewhere.

use crate::input::Options;
use crate::links;
use crate::members::{Object, as_object, entries, first, object, paragraphs, text, texts, words};
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::Value;

/// Characters of a message that make a title; a longer one is kept whole in the text.
const TITLE_CHARACTERS: usize = 130;

/// Who is to answer, as the sender names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Responder {
    /// `team`, `user`, `escalation` or `schedule`, in lower case, where the sender says it.
    pub kind: Option<String>,
    /// A name, a username or an id, whichever comes first.
    pub name: String,
}

/// Reads the body of `POST /v2/alerts`. The identity is `alias`.
///
/// # Errors
/// Each field that is wrong, with what is wrong with it.
pub fn create(value: &Value) -> Result<Received, Vec<(String, String)>> {
    let wrong = |field: &str, problem: &str| vec![(field.to_owned(), problem.to_owned())];
    let body = as_object(value).ok_or_else(|| wrong("body", "must be an object"))?;
    let message = text(body, "message").ok_or_else(|| wrong("message", "Message can not be empty."))?;
    let mut received = Received::of(State::Firing);
    received.identity = text(body, "alias");
    received.title = title(&message);
    let details = object(body, "details").map(texts).unwrap_or_default();
    let whole = Some(message).filter(|message| *message != received.title);
    let shown = details.iter().filter(|(_, value)| !links::is_address(value));
    let shown: Vec<String> = shown.map(|(name, value)| format!("{name}: {value}")).collect();
    let description = text(body, "description");
    let facts = facts(value).join("\n");
    received.text =
        paragraphs([whole, description, Some(shown.join("\n")), Some(facts), note(body)].into_iter().flatten());
    for (name, url) in details.iter().filter(|(_, value)| links::is_address(value)) {
        links::add(&mut received, &links::caption(name), Some(url.clone()));
    }
    grade(&mut received, text(body, "priority"));
    received.tags = body.get("tags").map(words).unwrap_or_default();
    received.labels = details;
    for name in ["entity", "source"] {
        let Some(value) = text(body, name) else { continue };
        if links::is_address(&value) {
            links::add(&mut received, &links::caption(name), Some(value.clone()));
        } else {
            received.tags.push(format!("{name}:{value}"));
        }
        received.labels.insert(name.to_owned(), value);
    }
    received.payload = Value::Object(body.clone());
    Ok(received)
}

/// Whom the body names as responders or teams; those without any name are skipped.
pub fn responders(value: &Value) -> Vec<Responder> {
    let Some(body) = as_object(value) else { return Vec::new() };
    let named = ["responders", "teams"].into_iter().filter_map(|list| Some((list, body.get(list)?)));
    let each = named.flat_map(|(list, value)| entries(value).iter().map(move |entry| (list, entry)));
    let found = each.filter_map(|(list, entry)| {
        let responder = as_object(entry)?;
        let kind = text(responder, "type").or_else(|| (list == "teams").then(|| "team".to_owned()));
        let (_, name) = first(responder, &["name", "username", "id"])?;
        Some(Responder { kind: kind.map(|kind| kind.to_lowercase()), name })
    });
    found.collect()
}

/// One alert; `None` if it cannot be created.
pub(crate) fn read(body: &Object, _: &Options) -> Option<Vec<Received>> {
    create(&Value::Object(body.clone())).ok().map(|received| vec![received])
}

/// The first line, as long as a title may be in Opsgenie.
fn title(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default().trim_end();
    if line.chars().count() <= TITLE_CHARACTERS {
        return line.to_owned();
    }
    line.chars().take(TITLE_CHARACTERS - 1).chain(['…']).collect()
}

/// P3 where none is given, as in Opsgenie.
fn grade(received: &mut Received, priority: Option<String>) {
    received.severity = priority.map(|word| word.to_lowercase());
    received.urgency = Some(match received.severity.as_deref() {
        Some("p1") => Urgency::Critical,
        Some("p2") => Urgency::High,
        Some("p3") | None => Urgency::Medium,
        Some("p4") => Urgency::Low,
        Some("p5") => Urgency::Minor,
        Some(_) => {
            received.repairs.push("`priority` is none of P1 to P5: taken as P3".to_owned());
            Urgency::Medium
        }
    });
}

fn facts(value: &Value) -> Vec<String> {
    let responders: Vec<String> = responders(value).into_iter().map(|responder| responder.name).collect();
    let named = Some(format!("Responders: {}", responders.join(", "))).filter(|_| !responders.is_empty());
    let user = as_object(value).and_then(|body| text(body, "user")).map(|user| format!("Created by: {user}"));
    named.into_iter().chain(user).collect()
}

fn note(body: &Object) -> Option<String> {
    text(body, "note").map(|note| format!("Note: {note}"))
}

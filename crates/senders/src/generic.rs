//! Any JSON, form, query or text, read by the names that most senders use (intake §3.7). What an integration configures
//! of its own is read elsewhere.

use crate::form;
use crate::input::Input;
use crate::json::json;
use crate::links::{add, add_image, caption, is_address};
use crate::members::{Object, as_object, entries, first, lines, object as inner, paragraphs, spelled, texts, words};
use crate::multipart::multipart;
use crate::remarks::{repaired, unknown};
use crate::repair::repair;
use crate::secrets::{secret, without_secrets};
use crate::severity;
use crate::titles::entitle;
use domain::Urgency;
use domain::intake::{Received, State, Unreadable};
use serde_json::Value;

const TITLES: [&str; 6] = ["title", "summary", "message", "subject", "alert_name", "name"];
const TEXTS: [&str; 4] = ["text", "description", "details", "body"];
const STATES: [&str; 4] = ["status", "state", "action", "event_action"];
const SEVERITIES: [&str; 4] = ["severity", "priority", "level", "urgency"];
const IDENTITIES: [&str; 6] = ["id", "dedup_key", "alias", "fingerprint", "incident_key", "key"];
const IMAGES: [&str; 4] = ["image", "image_url", "imageUrl", "images"];
const OVER: [&str; 13] = [
    "ok",
    "resolved",
    "resolve",
    "close",
    "closed",
    "up",
    "recovery",
    "recovered",
    "normal",
    "success",
    "green",
    "cleared",
    "inactive",
];
const ACTED_ON: [&str; 3] = ["acknowledge", "acknowledged", "ack"];

/// One for each object of the body, which may be JSON, a form or text; where it is empty, the query.
///
/// # Errors
/// A body that begins as JSON and is none, or an empty one with an empty query.
pub(crate) fn read(input: &Input<'_>) -> Result<Vec<Received>, Unreadable> {
    let (body, repairs) = body(input)?;
    let parts = if body.is_null() { std::slice::from_ref(&body) } else { entries(&body) };
    let received = parts.iter().map(|part| with_remark(one(part))).collect();
    Ok(repaired(received, &repairs))
}

/// The body as JSON, which a form and a query become too, and a text as a string; and what it was repaired of.
///
/// # Errors
/// As [`read`].
pub(crate) fn body(input: &Input<'_>) -> Result<(Value, Vec<String>), Unreadable> {
    let refused = match json(input.body) {
        Ok(read) => return Ok(read),
        Err(refused) => refused,
    };
    let text = String::from_utf8_lossy(input.body);
    if text.trim().is_empty() {
        return form::query(input.query).ok_or(refused);
    }
    if begins_as_json(&repair(input.body).0) {
        return Err(refused);
    }
    let form = multipart(input.body).or_else(|| form::form(input.body, input.content_type));
    Ok(form.unwrap_or_else(|| (Value::String(text.into_owned()), Vec::new())))
}

/// An object, read by the names that most senders use, with a remark where no name says which alerts are the same.
pub(crate) fn object(body: &Object) -> Received {
    with_remark(fields(body))
}

fn with_remark(mut received: Received) -> Received {
    if received.identity.is_none() && matches!(received.payload, Value::Object(_)) {
        received.repairs.push(format!("none of {} is there: each is a new alert", IDENTITIES.join(", ")));
    }
    received
}

/// What a word says of the state, as most senders use it.
pub(crate) fn state(word: &str) -> State {
    match word.to_lowercase().as_str() {
        over if OVER.contains(&over) => State::Resolved,
        acted if ACTED_ON.contains(&acted) => State::Acknowledged { by: None },
        _ => State::Firing,
    }
}

/// An object, read by the names that most senders use. Whatever else is in it becomes part of the text.
fn fields(body: &Object) -> Received {
    let said = first(body, &STATES);
    let mut received = Received::of(said.as_ref().map_or(State::Firing, |(_, word)| state(word)));
    let title = first(body, &TITLES);
    let described = TEXTS.iter().find_map(|name| Some((*name, described(body.get(*name)?)?)));
    let severity = first(body, &SEVERITIES);
    let identity = first(body, &IDENTITIES);
    let used =
        [&title, &described, &said, &severity, &identity].map(|found| found.as_ref().map_or("", |(name, _)| *name));
    received.urgency = severity.as_ref().and_then(|(name, word)| urgency(name, word));
    received.severity = severity.map(|(_, word)| word.to_lowercase());
    received.identity = identity.map(|(_, identity)| identity);
    received.tags = ["tags", "labels"].iter().filter_map(|name| body.get(*name)).flat_map(words).collect();
    received.labels = inner(body, "labels").map(texts).unwrap_or_default();
    look(&mut received, body);
    let mut rest = without_secrets(body);
    rest.retain(|name, value| {
        let shown = used.contains(&name.as_str()) || ["tags", "labels", "links"].contains(&name.as_str());
        let picture = IMAGES.contains(&name.as_str());
        !(shown || picture || value.as_str().is_some_and(is_address))
    });
    for (name, value) in body.iter().filter(|(name, _)| !secret(name) && used.iter().take(2).all(|used| used != name)) {
        let plain = matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
        let label = plain.then(|| spelled(value)).flatten();
        received.labels.extend(label.map(|label| (name.clone(), label)));
    }
    let title = title.map(|(_, title)| title).unwrap_or_default();
    let text = paragraphs([described.map(|(_, text)| text).unwrap_or_default(), lines(&rest).join("\n")]);
    entitle(&mut received, &title, text);
    received.payload = Value::Object(body.clone());
    received
}

/// An alert of an object; what is text is its own title.
pub(crate) fn one(part: &Value) -> Received {
    match (as_object(part), spelled(part)) {
        (Some(found), _) => fields(found),
        (None, Some(text)) => Received { payload: part.clone(), ..plain(&text) },
        (None, None) => unknown(part, "anything that says what happened"),
    }
}

/// A text that is nothing else.
fn plain(text: &str) -> Received {
    let mut received = Received::of(State::Firing);
    entitle(&mut received, text, String::new());
    received.payload = Value::String(text.to_owned());
    received.repairs.push("a text without fields: each is a new alert".to_owned());
    received
}

/// Links and pictures: each member that is an address, and the lists of them.
fn look(received: &mut Received, body: &Object) {
    for (name, value) in body.iter().filter(|(name, _)| !(secret(name) || IMAGES.contains(&name.as_str()))) {
        if let Some(url) = value.as_str().map(str::trim).filter(|text| is_address(text)) {
            add(received, &caption(name), Some(url.to_owned()));
        }
    }
    link(received, body.get("links").unwrap_or(&Value::Null));
    for image in IMAGES.iter().filter_map(|name| body.get(*name)).flat_map(entries) {
        picture(received, image);
    }
}

/// Links: an address, an object with one, or a list of these.
pub(crate) fn link(received: &mut Received, links: &Value) {
    for link in entries(links) {
        match as_object(link) {
            Some(link) => {
                let caption =
                    first(link, &["text", "title", "name"]).map_or_else(|| "Link".to_owned(), |(_, text)| text);
                add(received, &caption, first(link, &["href", "url"]).map(|(_, url)| url));
            }
            None => add(received, "Link", spelled(link)),
        }
    }
}

/// The address of a picture, or an object with one.
pub(crate) fn picture(received: &mut Received, image: &Value) {
    let url = as_object(image).map_or_else(|| spelled(image), |image| Some(first(image, &["src", "url", "href"])?.1));
    add_image(received, url);
}

fn described(value: &Value) -> Option<String> {
    match as_object(value) {
        Some(object) => Some(lines(&without_secrets(object)).join("\n")).filter(|text| !text.is_empty()),
        None => spelled(value),
    }
}

/// A number is an urgency only where the member says that it is one; 1 is the best or the worst elsewhere.
pub(crate) fn urgency(name: &str, word: &str) -> Option<Urgency> {
    let number = word.parse::<i64>().ok().filter(|_| name == "urgency");
    number.and_then(|number| Urgency::try_from(number).ok()).or_else(|| severity::urgency(word))
}

/// Whether a text was meant to be JSON: as an object, or as a list of objects, lists or texts.
fn begins_as_json(text: &str) -> bool {
    let text = text.trim_start();
    let inside = text.strip_prefix('[').map(str::trim_start);
    text.starts_with('{') || inside.is_some_and(|inside| inside.starts_with(['{', '[', '"', ']']))
}

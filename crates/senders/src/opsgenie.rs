//! Alerts as senders post them to Opsgenie's API of alerts (intake §4.2). The answers are given elsewhere.

use crate::input::Options;
use crate::links;
use crate::members::{Object, as_object, entries, first, object, paragraphs, text, texts, words};
use crate::times;
use domain::intake::{Asked, Received, Responder, SenderCommand, State};
use domain::{Instant, Urgency, limits};
use serde_json::Value;

/// Each field that is wrong, with what is wrong with it.
pub type Faults = Vec<(String, String)>;

/// Characters of a message that make a title; a longer one is kept whole in the text.
const TITLE_CHARACTERS: usize = 130;

/// Reads the body of `POST /v2/alerts`. The identity is `alias`.
///
/// # Errors
/// Each field that is wrong, with what is wrong with it.
pub fn create(value: &Value) -> Result<Received, Faults> {
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
    received.responders = responders(value);
    received.payload = Value::Object(body.clone());
    Ok(received)
}

/// Whom the body names as responders or teams; those without any name are skipped.
pub fn responders(value: &Value) -> Vec<Responder> {
    let Some(body) = as_object(value) else { return Vec::new() };
    let lists = ["responders", "responder", "teams", "team"];
    let named = lists.into_iter().filter_map(|list| Some((list, body.get(list)?)));
    let each = named.flat_map(|(list, value)| entries(value).iter().map(move |entry| (list, entry)));
    // One more than is heeded, so that it is told.
    let each = each.take(limits::RESPONDERS + 1);
    let found = each.filter_map(|(list, entry)| {
        let responder = as_object(entry)?;
        let kind = text(responder, "type").or_else(|| list.starts_with("team").then(|| "team".to_owned()));
        Some(Responder { kind: kind.map(|kind| kind.to_lowercase()), name: name_of(responder)? })
    });
    found.collect()
}

/// Reads the body of `POST /v2/alerts/{id}/{action}`, or of a `PUT`; the title is the action. `None` where there is no such
/// action.
///
/// # Errors
/// Each field that is wrong, with what is wrong with it.
pub fn act(action: &str, value: &Value, now: Instant) -> Option<Result<Received, Faults>> {
    let empty = Object::new();
    let body = as_object(value).unwrap_or(&empty);
    let state = match action {
        "close" => Ok(State::Resolved),
        "acknowledge" => Ok(State::Acknowledged { by: text(body, "user") }),
        // What is told anew stands in the next alert, too.
        "notes" | "message" | "description" => Ok(State::Noted),
        "priority" => {
            Ok(priority(body).map_or(State::Noted, |urgency| asked(body, SenderCommand::AmendUrgency(urgency))))
        }
        _ => match command(action, value, body, now)? {
            Ok(what) => Ok(asked(body, what)),
            Err(faults) => Err(faults),
        },
    };
    Some(state.map(|state| acted(action, state, body)))
}

/// What `DELETE /v2/alerts/{id}/tags?tags=` and `/details?keys=` ask: names with commas between them. `None` where nothing
/// else can be taken away.
///
/// # Errors
/// The parameter that is missing.
pub fn remove(what: &str, named: &str, by: Option<String>) -> Option<Result<Received, Faults>> {
    let names = words(&Value::from(named));
    let (field, action, what) = match what {
        "tags" => ("tags", "remove tags", SenderCommand::RemoveTags(names.clone())),
        "details" => ("keys", "remove details", SenderCommand::RemoveDetails(names.clone())),
        _ => return None,
    };
    if names.is_empty() {
        return Some(Err(wrong(field, "must name at least one")));
    }
    let state = State::Asked(Box::new(Asked { what, by }));
    Some(Ok(acted(action, state, &Object::new())))
}

/// What `POST /v2/alerts/{id}/actions/{name}` asks.
pub fn perform(name: &str, value: &Value) -> Received {
    let empty = Object::new();
    let body = as_object(value).unwrap_or(&empty);
    acted("actions", asked(body, SenderCommand::Perform(name.to_owned())), body)
}

fn asked(body: &Object, what: SenderCommand) -> State {
    State::Asked(Box::new(Asked { what, by: text(body, "user") }))
}

fn acted(action: &str, state: State, body: &Object) -> Received {
    let said = match action {
        "notes" => first(body, &["note", "body"]).map(|(_, note)| note),
        _ => text(body, "note"),
    };
    // Anybody can be named, so that it is said, and not believed.
    let note = match (said, text(body, "user")) {
        (Some(note), Some(user)) => format!("{user}: {note}"),
        (note, _) => note.unwrap_or_default(),
    };
    let payload = Value::Object(body.clone());
    Received { title: action.to_owned(), note, payload, ..Received::of(state) }
}

fn command(action: &str, value: &Value, body: &Object, now: Instant) -> Option<Result<SenderCommand, Faults>> {
    Some(match action {
        "unacknowledge" => Ok(SenderCommand::Unacknowledge),
        "tags" => some("tags", body.get("tags").map(words).unwrap_or_default()).map(SenderCommand::AddTags),
        "details" => {
            let details = object(body, "details").map(texts).unwrap_or_default();
            match details.is_empty() {
                true => Err(wrong("details", "must be an object that holds something")),
                false => Ok(SenderCommand::AddDetails(details)),
            }
        }
        "snooze" => snoozed(body, now).map(SenderCommand::Snooze),
        "escalate" => Ok(SenderCommand::Escalate(object(body, "escalation").and_then(name_of))),
        "assign" => match object(body, "owner").and_then(name_of) {
            Some(owner) => Ok(SenderCommand::Assign(owner)),
            None => Err(wrong("owner", "must have an `id` or a `username`")),
        },
        "responders" => some("responder", responders(value)).map(SenderCommand::AddResponders),
        "teams" => some("team", responders(value)).map(SenderCommand::AddResponders),
        _ => return None,
    })
}

fn some<T>(field: &str, given: Vec<T>) -> Result<Vec<T>, Faults> {
    if given.is_empty() { Err(wrong(field, "must name at least one")) } else { Ok(given) }
}

fn snoozed(body: &Object, now: Instant) -> Result<Instant, Faults> {
    let until = body.get("endTime").and_then(times::time).filter(|until| *until > now);
    let until = until.ok_or_else(|| wrong("endTime", "must be a time to come, as ISO 8601 writes it"))?;
    let most = limits::SNOOZE_MINUTES_MOST;
    if until > now.plus_minutes(most) {
        return Err(wrong("endTime", &format!("must be within {} days", most / (24 * 60))));
    }
    Ok(until)
}

fn name_of(object: &Object) -> Option<String> {
    first(object, &["name", "username", "id"]).map(|(_, name)| name)
}

fn wrong(field: &str, problem: &str) -> Faults {
    vec![(field.to_owned(), problem.to_owned())]
}

fn priority(body: &Object) -> Option<Urgency> {
    let mut graded = Received::of(State::Noted);
    grade(&mut graded, Some(text(body, "priority")?));
    graded.urgency.filter(|_| graded.repairs.is_empty())
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

//! Doing something to an incident: one operation of the API, answered by the incident's page.

use super::forms;
use super::page::{self, Told};
use super::typed::meant;
use crate::console::form::Form;
use crate::console::seen::{Seen, wish};
use crate::console::visit::Visit;
use crate::gate::{Problem, failed};
use crate::operation::{Code, Does, Verb, operations};
use axum::response::Response;
use domain::incident::{By, Event, Happening, Incident, Status};
use engine::Numbered;
use serde_json::Value;

/// Does the operation of this name to the incident of this number.
pub(super) async fn act(visit: &Visit, number: &str, operation: &str, form: &Form) -> Response {
    let is_command = |does| matches!(does, Does::Command(verb) if verb != Verb::Create);
    let Some(operation) = operations().find(|known| known.name == operation && is_command(known.does)) else {
        return visit.nothing_here().await;
    };
    let (seen, found) = match page::found(visit, number).await {
        Ok(found) => found,
        Err(page) => return page,
    };
    if operation.name == forms::NOTE && form.get("preview").is_some() {
        return page::answer(&seen, &found, Some(Told::Preview(form))).await;
    }
    let done = match meant_otherwise(&seen, &found, operation.name, form) {
        Some(problem) => Err(problem),
        None => perform(&seen, &found.incident, operation.name, form).await,
    };
    answer(&seen, number, operation.name, done, form).await
}

/// Sends a message again.
pub(super) async fn resend(visit: &Visit, number: &str, delivery: &str, form: &Form) -> Response {
    let (seen, found) = match page::found(visit, number).await {
        Ok(found) => found,
        Err(page) => return page,
    };
    let wish = wish("resend", form).at("instance_id", found.incident.instance_id.0).at("delivery_id", delivery);
    let done = seen.ask("resend", wish).await.map(drop);
    answer(&seen, number, "resend", done, form).await
}

/// Ends one of its alerts.
pub(super) async fn end_alert(visit: &Visit, number: &str, alert: &str, form: &Form) -> Response {
    let (seen, found) = match page::found(visit, number).await {
        Ok(found) => found,
        Err(page) => return page,
    };
    let mut wish = wish("alert-resolve", form).at("alert_id", alert);
    wish.body.insert("instance_id".to_owned(), Value::from(found.incident.instance_id.0));
    let done = seen.ask("alert-resolve", wish).await.map(drop);
    answer(&seen, number, "alert-resolve", done, form).await
}

async fn perform(seen: &Seen<'_>, incident: &Incident, operation: &str, form: &Form) -> Result<(), Problem> {
    let form = &Form::of(meant(form.pairs(), &seen.snapshot.directory));
    let mut wish = wish(operation, form);
    wish.body.insert("instance_id".to_owned(), Value::from(incident.instance_id.0));
    wish.body.remove("status");
    if operation == "update-tags" {
        let tags = form.text("tags").split(',').map(str::trim).filter(|tag| !tag.is_empty());
        wish.body.insert("tags".to_owned(), tags.map(Value::from).collect());
    }
    if operation == "merge" {
        let other = form.text("related_instance_id").parse().unwrap_or_default();
        let app = &seen.visit.app;
        let other = app.engine.numbered(seen.reader(), other).await.map_err(failed)?.incident.instance_id;
        wish.body.insert("related_instance_id".to_owned(), Value::from(other.0));
    }
    seen.ask(operation, wish).await.map(drop)
}

/// Whether somebody else has changed, since the page was drawn, what pressing this button means; then it is not pressed.
fn meant_otherwise(seen: &Seen<'_>, found: &Numbered, operation: &str, form: &Form) -> Option<Problem> {
    let is_answer = matches!(operation, "acknowledge" | "unacknowledge" | "resolve" | "escalate" | "snooze");
    let drawn = form.get("status").and_then(Status::from_word).filter(|_| is_answer)?;
    if drawn == found.incident.status {
        return None;
    }
    let last = found.events.iter().rev().find(|event| changes_status(event))?;
    let is_own = last.by == Some(By::person(&seen.session.person.ref_id));
    // A second press of the same button is known by its key.
    (!is_own).then(|| {
        let known = super::timeline::Known {
            directory: &found.snapshot.directory,
            clock: &seen.visit.clock,
            others: &found.others,
        };
        let who = last.by.as_ref().and_then(|by| by.shown(known.directory)).unwrap_or("Reveille");
        let what = super::timeline::words(&last.what, known);
        let when = seen.visit.clock.moment(last.at).relative;
        Problem::new(
            Code::ChangedMeanwhile,
            format!(
                "status: {who} {what}, {when}; nothing was done. Look once more, and press again if you still mean it"
            ),
        )
    })
}

fn changes_status(event: &Event) -> bool {
    matches!(
        event.what,
        Happening::Acknowledge { .. }
            | Happening::UnAcknowledge { .. }
            | Happening::Snooze { .. }
            | Happening::Dispatch { .. }
            | Happening::Resolve
            | Happening::MergedInto { .. }
    )
}

async fn answer(seen: &Seen<'_>, number: &str, operation: &str, done: Result<(), Problem>, form: &Form) -> Response {
    // What stands there now, with what came of it.
    let found = match page::load(seen, number).await {
        Ok(found) => found,
        Err(page) => return page,
    };
    let told = match &done {
        Ok(()) => Told::Done(words(operation)),
        Err(problem) => Told::Refused(operation, problem, form),
    };
    page::answer(seen, &found, Some(told)).await
}

fn words(operation: &str) -> &'static str {
    match operation {
        "acknowledge" => "Acknowledged: it is yours.",
        "unacknowledge" => "The acknowledgement is taken back.",
        "resolve" => "Resolved.",
        "escalate" => "The next level is asked.",
        "snooze" => "Snoozed.",
        "notate" => "Written down.",
        "merge" => "Merged.",
        "unmerge" => "The alert is an incident of its own.",
        "update-status" => "Subscribers are told.",
        "resend" => "Sent again.",
        "alert-resolve" => "The alert is over.",
        _ => "Done.",
    }
}

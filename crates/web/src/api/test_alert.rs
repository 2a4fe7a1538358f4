//! A test that is sent to an integration: an alert of its kind that takes the way of all others, marked, and apart from every
//! problem that its sender knows.

use super::try_out::delivered;
use super::{App, Success};
use crate::gate::{Caller, Fields, Problem, failed};
use crate::view;
use ::intake::NotTaken;
use domain::directory::{ComponentKind, SenderKind};
use domain::intake::{Delivery, Received, Unreadable};
use domain::limits;
use serde_json::Value;

/// What marks a test: the first word of its title and of what its problem is called, and its tag.
const MARK: &str = "test";

/// Sends it, and tells what became of each alert.
pub(super) async fn send(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let name = fields.required_text("integration_ref_id");
    let known = app.administration.integration_named(caller.reader(), &name).await.map_err(failed)?;
    let body = match fields.json("payload") {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => example(known.integration.kind).to_owned(),
    };
    let (now, reading) = (app.engine.now(), known.clone());
    // Templates may take their time, which would be that of all others whom this thread serves.
    let read = tokio::task::spawn_blocking(move || {
        let read = delivered(&reading.integration, &reading.reading, &body, now);
        (read, body)
    });
    let (read, body) = read.await.map_err(Problem::internal)?;
    let wrong = |reason: String| Problem::invalid(vec![format!("payload: {reason}")]);
    let read = read.map_err(|Unreadable(reason)| wrong(reason))?;
    if read.received.is_empty() {
        return Err(wrong("there is no alert in it".to_owned()));
    }
    if read.received.len() > limits::TEST_ALERTS {
        return Err(wrong(format!("must hold at most {} alerts", limits::TEST_ALERTS)));
    }
    let by = caller.person().map_or("a key", |person| person.username.as_str());
    // Each is a delivery of its own, also where the same is sent again.
    let event_id = Some(app.engine.ids().uuid());
    let test = Delivery { event_id, origin: None, received: read.received.into_iter().map(marked).collect() };
    let taken = app.reception.take(&known, Ok(test), body.as_bytes(), Some(format!("{MARK}: sent by {by}"))).await;
    let taken = taken.map_err(|reason| match reason {
        NotTaken::Failed(failure) => failed(failure),
        NotTaken::Unreadable(reason) => wrong(reason),
        NotTaken::TooMany | NotTaken::Gone => {
            Problem::unknown_component("integration_ref_id", ComponentKind::Integration, &name)
        }
    })?;
    let mut told = Vec::new();
    for one in taken {
        let found = app.engine.fate(caller.reader(), one.alert_id.to_string()).await.map_err(failed)?;
        told.extend(view::fate::list(found.fates.get(..1).unwrap_or_default(), &found.snapshot.directory));
    }
    Success::json(&told)
}

/// What a sender of this kind posts when something fires.
fn example(kind: SenderKind) -> &'static str {
    senders::table().iter().find(|sender| sender.kind == kind).map_or("", |sender| sender.example_fires)
}

/// An alert as a test: it says so, speaks of now, and of no problem but that of other tests.
fn marked(mut received: Received) -> Received {
    received.title = format!("Test: {}", received.title);
    received.identity = Some(format!("{MARK}: {}", received.identity.unwrap_or_default()));
    received.tags.push(MARK.to_owned());
    (received.occurred_at, received.expires_at) = (None, None);
    received
}

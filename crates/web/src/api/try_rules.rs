//! Which routing rule an alert would meet, condition by condition, and what would come of it. Nothing is stored.

use super::try_out::read_body;
use super::{App, Success};
use crate::gate::{Caller, Fields, Problem, failed};
use crate::view;
use domain::alert::Addressees;
use domain::directory::{ComponentKind, Directory, Integration};
use domain::incident::{Actor, Case, Command, Order, Outcome, Routing, step};
use domain::intake::{Received, State};
use domain::{Instant, RefId, Refusal, Urgency};
use engine::{PayloadRow, order_of};
use serde_json::Value;
use std::sync::Arc;

/// By what an alert is known that is only tried.
const TRIED: &str = "tried";

/// The alert that is tried, and whether all of it is known.
type Tried = (Order, bool);

pub(super) async fn try_rules(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let snapshot = app.engine.directory(caller.reader()).await.map_err(failed)?;
    let directory = &snapshot.directory;
    let now = app.engine.now();
    let (order, is_whole) = match (fields.text("alert_id"), fields.text("integration_ref_id")) {
        (Some(alert), _) => came(app, caller, directory, alert, now).await?,
        (None, Some(integration)) => {
            let (integration, _) =
                app.engine.payloads(caller.reader(), integration.to_owned()).await.map_err(failed)?;
            let body = match fields.json("payload") {
                Some(Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
                None => return Err(Problem::invalid(vec!["payload: is needed with integration_ref_id".to_owned()])),
            };
            let read = reading(integration.clone(), body, now).await?;
            let said = |words: String| Problem::invalid(vec![format!("payload: {words}")]);
            let first = read.map_err(said)?.into_iter().next();
            let received = first.ok_or_else(|| said("there is no alert in it".to_owned()))?;
            (order_of(directory, &integration, received, RefId::from(TRIED), now), true)
        }
        (None, None) => (described(directory, fields)?, true),
    };
    let directory = Arc::clone(&snapshot);
    // Many rules with many patterns take their time.
    let judged = tokio::task::spawn_blocking(move || judged(&directory.directory, order, is_whole, now));
    Success::json(&judged.await.map_err(Problem::internal)??)
}

/// An alert that came: read anew from the body it came in, or else what is kept of it.
async fn came(app: &App, caller: &Caller, directory: &Directory, alert: &str, now: Instant) -> Result<Tried, Problem> {
    let found = app.engine.fate(caller.reader(), alert.to_owned()).await.map_err(failed)?;
    let unknown = || Problem::from(Refusal::UnknownAlert { field: "alert_id", task_ref_id: alert.to_owned() });
    let fate = found.fates.first().ok_or_else(unknown)?;
    let Some(entry) = directory.integrations.with_ref(fate.integration.as_str()) else {
        let heartbeat = directory.heartbeats.with_ref(fate.integration.as_str()).ok_or_else(unknown)?;
        return Ok((kept(directory, &heartbeat.component.as_integration(), &fate.body, now), false));
    };
    let kept_bodies = app.engine.payloads(caller.reader(), entry.ref_id.0.clone()).await.map_err(failed)?.1;
    for row in kept_bodies.into_iter().filter(|row| row.is_read) {
        let Some(place) = place_of(&row, alert) else { continue };
        let read = reading(entry.component.clone(), row.body, now).await?;
        if let Some(received) = read.ok().and_then(|all| all.into_iter().nth(place)) {
            return Ok((order_of(directory, &entry.component, received, RefId::from(TRIED), now), true));
        }
    }
    Ok((kept(directory, &entry.component, &fate.body, now), false))
}

/// The place of an alert in a body that is kept.
fn place_of(row: &PayloadRow, alert: &str) -> Option<usize> {
    let outcome: Value = serde_json::from_str(&row.outcome).ok()?;
    outcome["alerts"].as_array()?.iter().position(|kept| kept["alert_id"] == alert)
}

/// As much of an alert as its fate keeps.
fn kept(directory: &Directory, integration: &Integration, body: &str, now: Instant) -> Order {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    let urgency = body.get("urgency_level").and_then(Value::as_i64).and_then(|number| Urgency::try_from(number).ok());
    let (title, identity) = (text("title").unwrap_or_default(), text("identity"));
    let received = Received { title, identity, set_urgency: urgency, ..Received::of(State::Firing) };
    order_of(directory, integration, received, RefId::from(TRIED), now)
}

/// What an integration reads in a body, or why it does not.
async fn reading(
    integration: Integration,
    body: String,
    now: Instant,
) -> Result<Result<Vec<Received>, String>, Problem> {
    let read = tokio::task::spawn_blocking(move || read_body(&integration, &body, now));
    let read = read.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(read.map_err(|unreadable| unreadable.0))
}

/// An alert as a create describes it.
fn described(directory: &Directory, fields: &Fields) -> Result<Order, Problem> {
    let Some(title) = fields.text("title") else {
        let words = "title: is needed where neither alert_id nor integration_ref_id with payload is given";
        return Err(Problem::invalid(vec![words.to_owned()]));
    };
    let unknown = |name: &str| Problem::unknown_component("service_ref_id", ComponentKind::Service, name);
    let service = fields.text("service_ref_id");
    let service = service.map(|name| directory.services.known(name).ok_or_else(|| unknown(name))).transpose()?;
    Ok(Order {
        task_ref_id: RefId::from(TRIED),
        title: title.to_owned(),
        text: fields.text("description").unwrap_or_default().to_owned(),
        urgency: fields
            .number("urgency_level")
            .and_then(|level| Urgency::try_from(level).ok())
            .unwrap_or(Urgency::High),
        service: service.map(|entry| entry.ref_id.clone()),
        addressed_to: Addressees { policies: fields.ref_ids("policy_ref_id"), users: fields.usernames("users") },
        notes: None,
        tags: fields.texts("tags"),
        dedup_key: fields.text("dedup_key").map(str::to_owned),
        integration_name: None,
        source: None,
        payload: fields.json("payload").cloned().unwrap_or_default().into(),
        routing: Routing::Apply,
        after_maintenance: None,
    })
}

/// The rules as they are judged for it, and what the step itself makes of it.
fn judged(directory: &Directory, order: Order, is_whole: bool, now: Instant) -> Result<Value, Problem> {
    let verdicts = view::fate::verdicts(directory, &order, now);
    let command = Command::Trigger(Box::new(order.clone()));
    let made = match step(Case::default(), command, &Actor::SYSTEM, directory, now) {
        Ok(step) if matches!(step.outcome, Outcome::Suppressed { .. }) => None,
        Ok(step) => step.changes.into_iter().next(),
        // What names nobody can be tried all the same.
        Err(Refusal::NobodyNamed) => None,
        Err(refusal) => return Err(refusal.into()),
    };
    Ok(view::fate::tried_on_rules((&order, is_whole), verdicts, made.as_ref(), directory))
}

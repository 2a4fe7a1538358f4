//! What an integration would make of a body, by its own settings or by others that are tried first.

use super::{App, Success};
use crate::gate::{Caller, Fields, Problem, failed};
use crate::view;
use domain::directory::{Integration, Reading, SenderKind};
use domain::intake::{Delivery, Received, Unreadable};
use domain::template::Budget;
use domain::{Instant, limits};
use engine::PayloadRow;
use senders::{Input, Options};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What is read in a body.
type Read = Result<Vec<Received>, Unreadable>;

pub(super) async fn try_integration(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let name = fields.required_text("integration_ref_id");
    let (standing, kept) = app.engine.payloads(caller.reader(), name).await.map_err(failed)?;
    let proposed = proposal(&standing, fields)?;
    let bodies: Vec<_> = match fields.json("payload") {
        Some(Value::String(text)) => vec![(None, text.clone())],
        Some(value) => vec![(None, value.to_string())],
        // Of a mail only what was read of it is kept, and not its source.
        None if standing.kind == SenderKind::Email => Vec::new(),
        None => kept.into_iter().map(|PayloadRow { received_at, body, .. }| (Some(received_at), body)).collect(),
    };
    let now = app.engine.now();
    // Templates may take their time, which would be that of all others whom this thread serves.
    let tried = tokio::task::spawn_blocking(move || {
        let bodies = bodies.iter();
        bodies.map(|(at, body)| tried(*at, body, (&standing, &proposed), now)).collect::<Result<Vec<_>, _>>()
    });
    let tried = tried.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Success::json(&tried)
}

/// The integration with what the request proposes.
///
/// # Errors
/// `invalid_fields` with every fault.
fn proposal(standing: &Integration, fields: &Fields) -> Result<Integration, Problem> {
    let mut proposed = standing.clone();
    let mut mistakes = Vec::new();
    if let Some(mapping) = fields.json("mapping") {
        let is_none = mapping.as_object().is_some_and(serde_json::Map::is_empty);
        // Whoever tries a mapping wants to see what the kind that has one makes of it.
        if !is_none {
            proposed.kind = SenderKind::Generic;
        }
        proposed.mapping = parsed("mapping", mapping, &mut mistakes).filter(|_| !is_none);
    }
    if let Some(enrichments) = fields.json("enrichments") {
        proposed.enrichments = parsed("enrichments", enrichments, &mut mistakes).unwrap_or_default();
    }
    if let Some(mail) = fields.json("mail") {
        proposed.mail = parsed("mail", mail, &mut mistakes);
    }
    let faults =
        proposed.faults().into_iter().filter(|(place, _)| ["mapping", "enrichments", "mail"].contains(&place.field));
    mistakes.extend(faults.map(|(place, fault)| format!("{}: {fault}", place.spelled())));
    if mistakes.is_empty() { Ok(proposed) } else { Err(Problem::invalid(mistakes)) }
}

fn parsed<T: DeserializeOwned>(name: &str, value: &Value, mistakes: &mut Vec<String>) -> Option<T> {
    let parsed = serde_json::from_value(value.clone());
    parsed.map_err(|error| mistakes.push(format!("{name}: {error}"))).ok()
}

fn tried(
    received_at: Option<Instant>,
    body: &str,
    (standing, proposed): (&Integration, &Integration),
    now: Instant,
) -> Result<Value, String> {
    let after = read_body(proposed, body, now)?;
    let before = (standing != proposed).then(|| read_body(standing, body, now)).transpose()?;
    let before = before.filter(|before| *before != after).map(|before| before.unwrap_or_default());
    Ok(view::fate::tried(received_at, proposed, &after, before.as_deref().map(|before| (standing, before))))
}

/// What an integration reads in a body, by what it takes of it within the limits.
///
/// # Errors
/// That its mapping, which was checked when it was written, does not compile.
pub(super) fn read_body(integration: &Integration, body: &str, now: Instant) -> Result<Read, String> {
    let reading = Reading::of(integration)?;
    let read = delivered(integration, &reading, body, now);
    let mut budget = Budget::default();
    Ok(read.map(|delivery| {
        let received = delivery.received.into_iter().take(limits::TRIED_ALERTS).map(|mut received| {
            reading.enrich(&mut received, integration, &mut budget);
            received.within_limits(&integration.name, now)
        });
        received.collect()
    }))
}

/// What an integration reads in a body that comes without headers and a query.
pub(super) fn delivered(
    integration: &Integration,
    reading: &Reading,
    body: &str,
    now: Instant,
) -> Result<Delivery, Unreadable> {
    let Integration { per_group, tests_open, .. } = integration;
    let insufficient_data_opens = integration.sns().is_some_and(|sns| sns.insufficient_data_opens);
    let mail = reading.mail.as_ref();
    let options = Options { per_group: *per_group, tests_open: *tests_open, mail, insufficient_data_opens };
    let input = Input { headers: &[], query: &[], content_type: None, body: body.as_bytes() };
    // What Prometheus posts to an Alertmanager is a list.
    let is_list = integration.kind == SenderKind::Alertmanager && body.trim_start().starts_with('[');
    match &reading.mapping {
        Some(mapping) => senders::read_mapped(&input, mapping),
        None if is_list => senders::read_prometheus(&input, &options, now),
        None => senders::read(integration.kind, &input, &options),
    }
}

//! What Prometheus, its relatives and amtool post to `/api/v2/alerts` of an Alertmanager: a list of alerts without a
//! group and without a status (intake §3.4).

use crate::input::{Input, Options};
use crate::json::json;
use crate::members::{Object, as_object, entries, object, text, texts};
use crate::remarks::{repaired, unknown};
use crate::times::time;
use crate::{alertmanager, labelled, links};
use domain::Instant;
use domain::intake::{Delivery, Received, State, Unreadable};
use serde_json::Value;

/// Minutes for which an alert counts that does not say until when, as in an Alertmanager.
const LASTS_MINUTES: u32 = 5;

/// Reads what is posted to `/api/v2/alerts` of an Alertmanager. An alert whose `endsAt` is not after `now` is over; one
/// that ends later or never fires, and [`ends_at`] says until when.
///
/// # Errors
/// A body that is no JSON, with line and column.
pub fn read_prometheus(input: &Input<'_>, options: &Options, now: Instant) -> Result<Delivery, Unreadable> {
    let (body, repairs) = json(input.body)?;
    let group = as_object(&body).filter(|body| body.contains_key("alerts"));
    let received = group.and_then(|group| alertmanager::read(group, options));
    let received = received.unwrap_or_else(|| entries(&body).iter().map(|entry| alert(entry, options, now)).collect());
    Ok(Delivery { received: repaired(received, &repairs), ..Delivery::default() })
}

/// When an alert that was read here counts as over if nothing more is heard of it; `None` if its sender did not say.
pub fn ends_at(received: &Received) -> Option<Instant> {
    as_object(&received.payload)?.get("endsAt").and_then(time)
}

fn alert(entry: &Value, options: &Options, now: Instant) -> Received {
    let Some(alert) = as_object(entry) else { return unknown(entry, "an object with `labels`") };
    let labels = object(alert, "labels").map(texts).unwrap_or_default();
    if labels.is_empty() {
        return unknown(entry, "`labels`");
    }
    let annotations = object(alert, "annotations").map(texts).unwrap_or_default();
    let mut received = labelled::received(labels, &annotations);
    received.identity = labelled::digest(&received.labels);
    links::add(&mut received, "Source", text(alert, "generatorURL"));
    received.payload = Value::Object(alert.clone());
    let ended = ends_at(&received).filter(|end| *end <= now);
    received.occurred_at = ended.or_else(|| started(alert));
    let said = if ended.is_some() { State::Resolved } else { State::Firing };
    received.state = match labelled::heeded(&received.labels, said) {
        _ if labelled::test(&received.labels) && !options.tests_open => State::Ignored("test"),
        state => state,
    };
    // Prometheus always says until when; what else posts here may never be heard of again.
    received.lasts_minutes = ends_at(&received).is_none().then_some(LASTS_MINUTES);
    received
}

fn started(alert: &Object) -> Option<Instant> {
    alert.get("startsAt").and_then(time)
}

//! The webhook of Prometheus Alertmanager, version 4 (intake §3.4).

use crate::input::Options;
use crate::labelled::{self, with_common};
use crate::members::{Object, as_object, entries, object, says, text};
use crate::remarks::unknown;
use crate::times::time;
use crate::{group, links};
use domain::intake::{Received, State};
use serde_json::Value;

/// What an alert says itself; one without any of these says nothing.
const OWN: [&str; 4] = ["labels", "annotations", "status", "fingerprint"];

/// One for each alert of the group, or one for the whole group; `None` without alerts.
pub(crate) fn read(body: &Object, options: &Options) -> Option<Vec<Received>> {
    let Some(alerts) = body.get("alerts").filter(|alerts| !alerts.is_null()) else {
        return lone(body).map(|alert| vec![alert]);
    };
    let alerts: Vec<Received> = entries(alerts).iter().map(|entry| alert(entry, body)).collect();
    Some(if options.per_group { vec![group::whole(body, &alerts)] } else { group::noted(alerts, body) })
}

/// An alert of a group, with the words that the group has in common.
pub(crate) fn alert(entry: &Value, body: &Object) -> Received {
    let Some(alert) = as_object(entry) else { return unknown(entry, "an object with `labels` and `status`") };
    let labels = with_common(alert, "labels", body, "commonLabels");
    let annotations = with_common(alert, "annotations", body, "commonAnnotations");
    let status = text(alert, "status");
    if !OWN.iter().any(|name| alert.get(*name).is_some_and(says)) {
        return unknown(entry, "`labels` and `status`");
    }
    let mut received = labelled::received(labels, &annotations);
    received.identity = text(alert, "fingerprint");
    if received.identity.is_none() {
        labelled::identify(&mut received, "`fingerprint`");
    }
    links::add(&mut received, "Source", text(alert, "generatorURL"));
    links::add(&mut received, "Alertmanager", text(body, "externalURL"));
    let status = status.or_else(|| text(body, "status")).unwrap_or_default();
    let state = state(&status, &mut received);
    received.occurred_at = occurred(alert, &state);
    received.state = labelled::heeded(&received.labels, state);
    received.payload = labelled::payload(alert, body);
    received
}

/// The sender's time of this state: when it began, or when it ended.
fn occurred(alert: &Object, state: &State) -> Option<domain::Instant> {
    let name = if *state == State::Resolved { "endsAt" } else { "startsAt" };
    alert.get(name).and_then(time)
}

/// A word that is not known fires: an alert too many is better than one too few.
fn state(status: &str, received: &mut Received) -> State {
    match status.to_lowercase().as_str() {
        "firing" => State::Firing,
        "resolved" => State::Resolved,
        _ => {
            received.repairs.push("`status` is neither firing nor resolved: taken as firing".to_owned());
            State::Firing
        }
    }
}

/// An alert that stands alone, without a group around it.
fn lone(body: &Object) -> Option<Received> {
    let fits = object(body, "labels").is_some() && (body.contains_key("status") || body.contains_key("startsAt"));
    fits.then(|| {
        let mut received = alert(&Value::Object(body.clone()), &Object::new());
        received.repairs.push(
            "an alert without a group: Prometheus itself is pointed at the path that ends in /api/v2/alerts".to_owned(),
        );
        received
    })
}

//! The last bodies that came to an integration, and what became of them.

use crate::api::Wish;
use crate::console::seen::Seen;
use crate::console::time::Moment;
use axum::response::Response;
use domain::{InstanceId, Instant};
use serde_json::Value;
use std::collections::HashMap;

/// Bodies that are shown.
const SHOWN: usize = 50;
/// Letters of a body that are shown.
const LETTERS: usize = 4000;
/// Incidents whose numbers are looked up.
const LOOKED_UP: usize = 50;

/// What came, the newest first.
#[derive(Clone, Debug)]
pub(super) struct Payloads(pub(super) Vec<Payload>);

/// One body.
#[derive(Clone, Debug)]
pub(super) struct Payload {
    pub(super) at: Moment,
    /// Why it could not be read.
    pub(super) reason: Option<String>,
    pub(super) alerts: Vec<Alert>,
    /// Alerts in it that are not told one by one.
    pub(super) more: i64,
    pub(super) body: String,
    pub(super) is_cut: bool,
}

/// What became of an alert in it.
#[derive(Clone, Debug)]
pub(super) struct Alert {
    pub(super) fate: String,
    pub(super) because: String,
    /// The number of its incident, as the console shows it.
    pub(super) incident: Option<i64>,
}

/// The last ones of this integration.
pub(super) async fn last(seen: &Seen<'_>, reference: &str) -> Result<Payloads, Response> {
    let wish = Wish::default().at("integration_ref_id", reference);
    let listed = seen.answer("payloads", wish).await.map_err(|problem| seen.visit.refuse(&problem))?;
    let listed: Vec<Value> = listed.as_array().cloned().unwrap_or_default();
    let shown = &listed[..listed.len().min(SHOWN)];
    let numbers = numbers(seen, shown).await;
    Ok(Payloads(shown.iter().map(|payload| told(seen, payload, &numbers)).collect()))
}

fn alerts(payload: &Value) -> impl Iterator<Item = &Value> {
    payload.get("alerts").and_then(Value::as_array).into_iter().flatten()
}

/// What became of the alerts of a body that was sent just now.
pub(super) async fn became(seen: &Seen<'_>, alerts: Value) -> Vec<Alert> {
    let body = serde_json::json!({ "alerts": alerts });
    let numbers = numbers(seen, std::slice::from_ref(&body)).await;
    told(seen, &body, &numbers).alerts
}

/// The numbers that the console shows of incidents, by those of the API.
async fn numbers(seen: &Seen<'_>, payloads: &[Value]) -> HashMap<i64, i64> {
    let mut numbers = HashMap::new();
    for id in payloads.iter().flat_map(alerts).filter_map(|alert| alert.get("instance_id")?.as_i64()) {
        if numbers.len() == LOOKED_UP {
            break;
        }
        if !numbers.contains_key(&id) {
            // One that is gone has no page to lead to.
            let found = seen.visit.app.engine.details(seen.reader(), InstanceId(id)).await;
            numbers.extend(found.ok().map(|found| (id, found.incident.organization_instance_id)));
        }
    }
    numbers
}

fn told(seen: &Seen<'_>, payload: &Value, numbers: &HashMap<i64, i64>) -> Payload {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let at = Instant::parse(&format!("{}Z", text(payload, "received_at"))).unwrap_or(seen.now);
    let body = text(payload, "body");
    let alert = |alert: &Value| Alert {
        fate: text(alert, "fate"),
        because: text(alert, "because"),
        incident: alert.get("instance_id").and_then(Value::as_i64).and_then(|id| numbers.get(&id).copied()),
    };
    Payload {
        at: seen.visit.clock.moment(at),
        reason: payload.get("reason").and_then(Value::as_str).map(str::to_owned),
        alerts: alerts(payload).map(alert).collect(),
        more: payload.get("more").and_then(Value::as_i64).unwrap_or_default(),
        is_cut: body.chars().count() > LETTERS,
        body: body.chars().take(LETTERS).collect(),
    }
}

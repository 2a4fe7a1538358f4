//! What a sender is answered: exactly 200, because some count any other success as a failure.

use crate::api::{App, respond_with};
use axum::response::Response;
use engine::Taken;
use serde_json::{Value, json};

/// Alerts that are named in an answer.
const NAMED: usize = 100;

/// What became of the alerts of a body.
pub(super) fn taken(app: &App, taken: &[Taken]) -> Response {
    let named: Vec<Value> = taken.iter().take(NAMED).map(item).collect();
    let mut body = json!({"status": "ok", "alerts": named});
    if taken.len() > NAMED {
        body["more"] = json!(taken.len() - NAMED);
    }
    respond_with(app, body.to_string())
}

fn item(taken: &Taken) -> Value {
    let judged = &taken.judged;
    json!({
        "alert_id": taken.alert_id,
        "fate": judged.fate.word(),
        "because": judged.because,
        "instance_id": judged.instance_id,
    })
}

/// For who looks at the status only.
pub(super) fn nothing(app: &App) -> Response {
    respond_with(app, "{}".to_owned())
}

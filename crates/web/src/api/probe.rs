//! What machines ask about the server itself: health, readiness, metrics. They need no key and tell of no organization.

use super::App;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Whether the process answers.
pub(crate) async fn healthz() -> Response {
    axum::Json(json!({"status": "ok"})).into_response()
}

/// Whether requests should be sent here, and if not, why.
pub(crate) async fn readyz(State(app): State<App>) -> Response {
    let readiness = app.engine.readiness().await;
    let (status, word) = match readiness.problems.is_empty() {
        true => (StatusCode::OK, "ready"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
    };
    let body = json!({"status": word, "problems": readiness.problems, "warnings": readiness.warnings});
    (status, axum::Json(body)).into_response()
}

/// What is counted, as Prometheus reads it.
pub(crate) async fn metrics(State(app): State<App>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], app.engine.metrics_text()).into_response()
}

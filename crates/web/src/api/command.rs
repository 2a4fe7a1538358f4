//! Operations that ask something of an incident.

use super::{App, Success};
use crate::gate::{Caller, Fields, Problem, failed, request};
use crate::operation::{Operation, Verb};
use crate::view;
use axum::http::HeaderMap;
use domain::incident::Method;
use domain::{RefId, limits};
use engine::Idempotency;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Performs a command and tells its outcome.
pub(super) async fn command(
    app: &App,
    verb: Verb,
    caller: &Caller,
    fields: &Fields,
    payload: Value,
    idempotency: Option<Idempotency>,
) -> Result<Success, Problem> {
    let asked = request(verb, fields, payload, || RefId(app.engine.ids().ref_id()));
    let request = engine::Request {
        organization: caller.key.organization,
        key_id: Some(caller.key.id),
        method: Method::IncidentsApi,
        by: asked.by.map(|user| user.0),
        instance_id: asked.instance_id,
        command: asked.command,
        idempotency,
    };
    let outcome = app.engine.act(request).await.map_err(failed)?;
    Success::json(&view::outcome::answer(&outcome))
}

/// The `Idempotency-Key` of a request, with what it stands for: the operation, whatever path it was called by, and the
/// body to the byte.
pub(super) fn idempotency(
    operation: &Operation,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Option<Idempotency>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let is_visible = |text: &&str| {
        (1..=limits::IDEMPOTENCY_KEY_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let key = value.to_str().ok().filter(is_visible).ok_or_else(Problem::invalid_idempotency_key)?;
    let mut hash = Sha256::new();
    hash.update(operation.name.as_bytes());
    hash.update([0]);
    hash.update(body);
    let digest = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Some(Idempotency { key: key.to_owned(), digest }))
}

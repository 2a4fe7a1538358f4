//! Operations that ask something of an incident.

use super::{App, Asked, Success};
use crate::gate::{Caller, Problem, failed, request};
use crate::operation::Verb;
use crate::view;
use domain::RefId;

/// Performs a command and tells its outcome.
pub(super) async fn command(app: &App, verb: Verb, caller: &Caller, asked: Asked) -> Result<Success, Problem> {
    let Asked { fields, payload, idempotency, .. } = asked;
    let asked = request(verb, &fields, payload, || RefId(app.engine.ids().ref_id()));
    let request = engine::Request {
        organization: caller.organization,
        method: caller.credential().method(),
        credential: Some(caller.credential()),
        by: asked.by.map(|user| user.0),
        integration: None,
        instance_id: asked.instance_id,
        command: asked.command,
        idempotency,
    };
    let outcome = app.engine.act(request).await.map_err(failed)?;
    Success::json(&view::outcome::answer(&outcome))
}

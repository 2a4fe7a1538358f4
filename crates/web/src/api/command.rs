//! Operations that ask something of an incident.

use super::{App, Asked, Success};
use crate::gate::{Caller, Problem, failed, request};
use crate::operation::Verb;
use crate::view;
use domain::RefId;
use domain::incident::Routing;

/// Performs a command and tells its outcome.
pub(super) async fn command(app: &App, verb: Verb, caller: &Caller, asked: Asked) -> Result<Success, Problem> {
    let Asked { fields, payload, idempotency, .. } = asked;
    let asked = request(verb, &fields, payload, || RefId(app.engine.ids().ref_id()));
    // Rules are for what tools and programs send (contract §3).
    let command = if caller.is_signed_in() { asked.command.routed(Routing::Skip) } else { asked.command };
    let request = engine::Request {
        organization: caller.organization,
        method: caller.credential().method(),
        credential: Some(caller.credential()),
        by: asked.by.map(|user| user.0),
        integration: None,
        instance_id: asked.instance_id,
        command,
        idempotency,
    };
    let outcome = app.engine.act(request).await.map_err(failed)?;
    Success::json(&view::outcome::answer(&outcome))
}

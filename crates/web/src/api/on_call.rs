//! Operations that read who is on call.

use super::{App, Success};
use crate::gate::{Caller, Fields, Problem, failed, period, proposal};
use crate::view;

/// Who is on call by every policy.
pub(super) async fn on_call(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let at = fields.instant("at").unwrap_or_else(|| app.engine.now());
    let (policies, snapshot) = app.administration.on_call(caller.reader(), at).await.map_err(failed)?;
    Success::json(&view::on_call::policies(&policies, &snapshot.directory))
}

/// Who is on call by one routine over a period.
pub(super) async fn schedule(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let (from, until) = period(fields, app.engine.now())?;
    let routine = fields.required_text("routine_ref_id");
    let intervals = app.administration.schedule(caller.reader(), routine, from, until).await.map_err(failed)?;
    Success::json(&view::routine::schedule(&intervals))
}

/// Who is on the levels of a policy over a period.
pub(super) async fn coverage(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let (from, until) = period(fields, app.engine.now())?;
    let policy = fields.required_text("policy_ref_id");
    let coverage = app.administration.coverage(caller.reader(), policy, from, until).await.map_err(failed)?;
    Success::json(&view::routine::coverage(&coverage))
}

/// What a routine would come to.
pub(super) async fn preview(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let (from, until) = period(fields, app.engine.now())?;
    let preview = app.administration.preview(caller.reader(), proposal(fields)?, from, until).await.map_err(failed)?;
    Success::json(&view::routine::preview(&preview))
}

/// The swaps of a routine.
pub(super) async fn swaps(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let routine = fields.required_text("routine_ref_id");
    let swaps = app.administration.swaps(caller.reader(), routine).await.map_err(failed)?;
    Success::json(&swaps.iter().map(view::swap::swap).collect::<Vec<_>>())
}

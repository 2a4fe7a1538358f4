//! Operations about the sessions of a person, asked for by those who manage people.

use super::super::{App, Success};
use crate::gate::{Caller, Fields, Problem, failed};
use crate::view;
use domain::{RefId, Username};
use engine::Asker;

/// Lists a person's.
pub(in crate::api) async fn sessions(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let sessions = app.administration.sessions_of(caller.reader(), person(fields)).await.map_err(failed)?;
    Success::json(&sessions.iter().map(view::administration::me::session).collect::<Vec<_>>())
}

/// Ends one, or all where none is named.
pub(super) async fn end(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let session = fields.text("session_ref_id").map(RefId::from);
    app.administration.end_sessions_of(asker, person(fields), session).await.map_err(failed)?;
    Success::json(&"Success")
}

fn person(fields: &Fields) -> Username {
    Username(fields.required_text("preferred_username"))
}

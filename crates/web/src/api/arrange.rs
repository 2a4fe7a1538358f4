//! Operations that change something that is no incident.

use super::{App, Asked, Success};
use crate::gate::{Caller, Problem, failed, wanted_swap};
use crate::operation::Arranging;
use crate::view;
use engine::Asker;

/// Performs an arrangement and tells its outcome.
pub(super) async fn arrange(
    app: &App,
    arranging: Arranging,
    caller: &Caller,
    asked: Asked,
) -> Result<Success, Problem> {
    let Asked { fields, idempotency, .. } = asked;
    let asker = Asker {
        organization: caller.key.organization,
        key_id: caller.key.id,
        by: fields.text("by").map(str::to_owned),
        idempotency,
    };
    match arranging {
        Arranging::AddSwap => {
            let routine = fields.required_text("routine_ref_id");
            let made = app.engine.add_swap(asker, routine, wanted_swap(&fields)?).await.map_err(failed)?;
            Success::json(&view::swap::swap(&made))
        }
        Arranging::RemoveSwap => {
            let (routine, swap) = (fields.required_text("routine_ref_id"), fields.required_text("swap_ref_id"));
            app.engine.remove_swap(asker, routine, swap).await.map_err(failed)?;
            Success::json(&"Success")
        }
    }
}

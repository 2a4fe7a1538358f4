//! Operations that change something that is no incident.

use super::{App, Asked, Success};
use crate::gate::{Caller, Fields, Problem, failed, wanted_swap};
use crate::operation::Arranging;
use crate::view;
use domain::Username;
use domain::notification::Channel;
use engine::Asker;
use serde::Serialize;
use serde::de::DeserializeOwned;

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
            Success::json(&SUCCESS)
        }
        Arranging::SendCode => {
            once(app, &asker, async {
                let (person, channel) = contact(&fields)?;
                let sent = app.engine.send_code(caller.reader(), person, channel).await.map_err(failed)?;
                Ok(view::contact::code_sent(&sent))
            })
            .await
        }
        Arranging::VerifyContact => {
            once(app, &asker, async {
                let (person, channel) = contact(&fields)?;
                let code = fields.required_text("code");
                app.engine.verify(caller.reader(), person, channel, code).await.map_err(failed)?;
                Ok(SUCCESS.to_owned())
            })
            .await
        }
    }
}

const SUCCESS: &str = "Success";

fn contact(fields: &Fields) -> Result<(Username, Channel), Problem> {
    let channel = Channel::from_word(&fields.required_text("channel")).ok_or_else(Problem::unknown_path)?;
    Ok((Username(fields.required_text("preferred_username")), channel))
}

/// Does the work, unless it was answered under the same `Idempotency-Key` before.
async fn once<T>(app: &App, asker: &Asker, work: impl Future<Output = Result<T, Problem>>) -> Result<Success, Problem>
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    if let Some(before) = app.engine.answered_before::<T>(asker).await.map_err(failed)? {
        return Success::json(&before);
    }
    let answer = work.await?;
    app.engine.keep_answer(asker, &answer).await.map_err(failed)?;
    Success::json(&answer)
}

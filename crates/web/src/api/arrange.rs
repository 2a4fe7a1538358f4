//! Operations that change something beside the state of an incident.

use super::{App, Asked, Success};
use crate::gate::{Caller, Fields, Problem, failed, wanted_swap};
use crate::operation::Arranging;
use crate::view;
use domain::notification::Channel;
use domain::{InstanceId, Username};
use engine::{Asker, FeedOf, FeedUrl};
use serde_json::json;

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
        Arranging::RoutineFeed => {
            let of = FeedOf::Routine(fields.required_text("routine_ref_id"));
            let url = app.engine.feed_url(asker, of, feed_url(&fields)).await.map_err(failed)?;
            Success::json(&json!({"url": url}))
        }
        Arranging::UserFeed => {
            let of = FeedOf::User(fields.required_text("preferred_username"));
            let url = app.engine.feed_url(asker, of, feed_url(&fields)).await.map_err(failed)?;
            Success::json(&json!({"url": url}))
        }
        Arranging::Resend => {
            let id = fields.instance_id("instance_id").unwrap_or(InstanceId::UNSAVED);
            app.engine.resend(asker, id, fields.required_text("delivery_id")).await.map_err(failed)?;
            Success::json(&SUCCESS)
        }
        Arranging::SendCode => {
            let (person, channel) = contact(&fields)?;
            let sent = app.engine.send_code(asker, person, channel).await.map_err(failed)?;
            Success::json(&view::contact::code_sent(&sent))
        }
        Arranging::VerifyContact => {
            let (person, channel) = contact(&fields)?;
            app.engine.verify(asker, person, channel, fields.required_text("code")).await.map_err(failed)?;
            Success::json(&SUCCESS)
        }
    }
}

const SUCCESS: &str = "Success";

fn feed_url(fields: &Fields) -> FeedUrl {
    if fields.is_true("renew") { FeedUrl::Renewed } else { FeedUrl::Same }
}

fn contact(fields: &Fields) -> Result<(Username, Channel), Problem> {
    let channel = Channel::from_word(&fields.required_text("channel")).ok_or_else(Problem::unknown_path)?;
    Ok((Username(fields.required_text("preferred_username")), channel))
}

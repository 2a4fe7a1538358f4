//! Operations that change something beside the state of an incident.

pub(super) mod device;
pub(super) mod session;

use super::feed::give;
use super::intake::alert;
use super::{
    App, Asked, Success, cover, directory, intake, invitation, key, layer, me, person_part, provider, test_alert,
};
use crate::gate::{Caller, Fields, Problem, failed, known_fields, wanted_swap};
use crate::operation::{Change, Operation};
use crate::view;
use ::directory::{ChangeOf, FeedOf};
use domain::notification::Channel;
use domain::{InstanceId, Username};
use engine::Asker;
use serde_json::Value;

/// Refuses words of a body that are not known: a misspelt one that is dropped does in earnest what was to be tried.
///
/// # Errors
/// `invalid_fields` with each of them.
pub(super) fn known_words(operation: &Operation, payload: &Value) -> Result<(), Problem> {
    if operation.knows_its_words() { known_fields(payload, operation.fields) } else { Ok(()) }
}

/// Performs a change and tells its outcome.
pub(super) async fn change(app: &App, change: Change, caller: &Caller, asked: Asked) -> Result<Success, Problem> {
    if let Some(wish) = of_directory(change, &asked)? {
        return directory::change(app, wish, caller, asked).await;
    }
    if let Some(part) = person_part::part(change, &asked) {
        return person_part::change(app, part, caller, asked).await;
    }
    if let Some(of) = layer::OfLayer::of(change) {
        return layer::change(app, of, caller, asked).await;
    }
    use Change::{AddException, ChangeException, RemoveException, ReplaceException};
    use Change::{AddLayer, ChangeLayer, RemoveLayer, ReplaceLayer};
    use Change::{AddProvider, ChangeProvider, RemoveProvider, ReplaceProvider};
    if matches!(change, AddProvider | ReplaceProvider | ChangeProvider | RemoveProvider) {
        let asker = caller.asker(None, asked.idempotency.clone());
        return provider::change(app, change, asker, &asked).await;
    }
    let Asked { fields, idempotency, .. } = asked;
    let asker = caller.asker(fields.text("by"), idempotency);
    match change {
        Change::AddKey => key::add(app, caller, asker, &fields).await,
        Change::RevokeKey => key::revoke(app, asker, &fields).await,
        Change::AddSwap => add_swap(app, asker, &fields).await,
        Change::RemoveSwap => remove_swap(app, asker, &fields).await,
        Change::RoutineFeed | Change::UserFeed | Change::Wall => feed(app, change, asker, &fields).await,
        Change::EndAlert => alert::end(app, asker, &fields).await,
        Change::Resend => resend(app, asker, &fields).await,
        Change::SendCode => send_code(app, asker, &fields).await,
        Change::TestIntegration => test_alert::send(app, caller, &fields).await,
        Change::RotateKey => intake::rotate_key(app, asker, &fields).await,
        Change::EndSessions
        | Change::EndSession
        | Change::AddToken
        | Change::RevokeToken
        | Change::Away
        | Change::TestPage
        | Change::OwnFeed => me::change(app, change, caller, asker, &fields).await,
        Change::AskForCover | Change::AnswerCover | Change::WithdrawCover => {
            cover::change(app, change, caller, asker, &fields).await
        }
        Change::Invite => invitation::invite(app, asker, &fields).await,
        Change::InviteAgain => invitation::again(app, asker, &fields).await,
        Change::TakeInvitationBack => invitation::take_back(app, asker, &fields).await,
        Change::VerifyContact => {
            let (person, channel) = contact(&fields)?;
            app.administration.verify(asker, person, channel, fields.required_text("code")).await.map_err(failed)?;
            Success::json(&SUCCESS)
        }
        Change::SendEnrolment => {
            caller.fresh_session(app.engine.now())?;
            invitation::enrol(app, asker, &fields).await
        }
        Change::TrustContact => {
            caller.fresh_session(app.engine.now())?;
            let (person, channel) = contact(&fields)?;
            app.administration.trust(asker, person, channel).await.map_err(failed)?;
            Success::json(&SUCCESS)
        }
        Change::EndSessionsOf | Change::EndSessionOf => session::end(app, asker, &fields).await,
        Change::AddDevice | Change::RemoveDevice => device::change(app, change, asker, &fields).await,
        Change::CheckProvider => provider::check(app, caller, &fields).await,
        Change::Components | Change::RuleOrder | Change::Organization | Change::Restore => Err(taken_for_another()),
        AddLayer | ReplaceLayer | ChangeLayer | RemoveLayer => Err(taken_for_another()),
        AddException | ReplaceException | ChangeException | RemoveException => Err(taken_for_another()),
        Change::SetContact | Change::RemoveContact | Change::SetRules => Err(taken_for_another()),
        AddProvider | ReplaceProvider | ChangeProvider | RemoveProvider => Err(taken_for_another()),
    }
}

async fn resend(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let id = fields.instance_id("instance_id").unwrap_or(InstanceId::UNSAVED);
    app.notifier.resend(asker, id, fields.required_text("delivery_id")).await.map_err(failed)?;
    Success::json(&SUCCESS)
}

/// Gives the address of a feed, or of a wall.
async fn feed(app: &App, change: Change, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let of = match change {
        Change::RoutineFeed => FeedOf::Routine(fields.required_text("routine_ref_id")),
        Change::UserFeed => FeedOf::User(fields.required_text("preferred_username")),
        _ => FeedOf::Wall(fields.text("team_ref_id").map(str::to_owned)),
    };
    give(app, asker, of, fields).await
}

async fn add_swap(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let routine = fields.required_text("routine_ref_id");
    let made = app.administration.add_swap(asker, routine, wanted_swap(fields)?).await.map_err(failed)?;
    Success::json(&view::swap::made(&made))
}

async fn send_code(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let (person, channel) = contact(fields)?;
    let sent = app.administration.send_code(asker, person, channel).await.map_err(failed)?;
    Success::json(&view::contact::code_sent(&sent))
}

/// What is asked of the directory as a whole; nothing where something else is changed.
fn of_directory(change: Change, asked: &Asked) -> Result<Option<ChangeOf>, Problem> {
    Ok(Some(match change {
        Change::Components => directory::components(&asked.fields)?,
        Change::RuleOrder => ChangeOf::RuleOrder(asked.fields.texts("names")),
        Change::Organization => ChangeOf::Settings(asked.payload.as_object().cloned().unwrap_or_default()),
        Change::Restore => ChangeOf::Version(asked.fields.number("version").unwrap_or_default()),
        _ => return Ok(None),
    }))
}

async fn remove_swap(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let (routine, swap) = (fields.required_text("routine_ref_id"), fields.required_text("swap_ref_id"));
    app.administration.remove_swap(asker, routine, swap).await.map_err(failed)?;
    Success::json(&SUCCESS)
}

/// What was done above comes to no arm below.
fn taken_for_another() -> Problem {
    Problem::internal("a change was taken for another one")
}

const SUCCESS: &str = "Success";

fn contact(fields: &Fields) -> Result<(Username, Channel), Problem> {
    let channel = Channel::from_word(&fields.required_text("channel")).ok_or_else(Problem::unknown_path)?;
    Ok((Username(fields.required_text("preferred_username")), channel))
}

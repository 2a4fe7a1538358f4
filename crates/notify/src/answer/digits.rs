//! Digits pressed in a call.

use super::{Answered, Asked};
use crate::message::link::MessageSubject;
use crate::notifier::Notifier;
use crate::token::{Purpose, TokenFault};
use domain::incident::{Action, Method};
use domain::notification::Channel;
use engine::Failure;

/// What became of the digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// They stand for no action; of the incident, nothing was changed.
    NoAction,
    /// They were an answer.
    Answered(Answered),
}

impl Notifier {
    /// Takes in the digits that were pressed in the call of this token. `call_id` is the carrier's, by which digits that it
    /// brings twice are known.
    ///
    /// # Errors
    /// As the store says.
    pub async fn take_digits(&self, token: &str, digits: &str, call_id: Option<&str>) -> Result<Pressed, Failure> {
        let subject: MessageSubject = match self.open_token(Purpose::Digits, token).await? {
            Ok(subject) => subject,
            Err(TokenFault::Expired) => return Ok(Pressed::Answered(Answered::Expired)),
            Err(TokenFault::Forged) => return Ok(Pressed::Answered(Answered::Unknown)),
        };
        let MessageSubject(organization, delivery_id) = subject;
        let Some(action) = Action::from_digits(digits) else {
            // No mailbox presses a key: whatever it is, somebody has heard the call.
            if !digits.is_empty() {
                self.confirm(organization, delivery_id, Channel::Voice).await?;
            }
            return Ok(Pressed::NoAction);
        };
        let once = call_id.map(|id| format!("call {delivery_id} {id} {}", action.word()));
        let asked = Asked { organization, delivery_id, action, method: Some(Method::Call), once };
        self.answer(asked).await.map(Pressed::Answered)
    }
}

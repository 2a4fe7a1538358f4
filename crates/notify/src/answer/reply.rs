//! Replies to text messages: a letter for the action, and the code by which the message is named.

use super::{Answered, Asked};
use crate::notifier::Notifier;
use domain::incident::{Action, Method};
use domain::notification::Channel;
use domain::{OrganizationId, Username, limits};
use engine::Failure;
use store::{Error, Tx};

/// What became of a text message that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The number is nobody's; nobody is told anything, and nothing was changed.
    Stranger,
    /// It is no letter with a code; nothing was changed.
    NotUnderstood,
    /// No message to this person has this code; nothing was changed.
    WrongCode,
    /// Too many wrong codes came from this number; nothing was looked at.
    TooManyWrongCodes,
    /// It deserved one of the answers above but the first, and this number was given enough of them: a machine that
    /// answers whatever we say must not be talked to for ever. Nothing was changed.
    Unanswered,
    /// It named a message.
    Answered(Answered),
}

impl Notifier {
    /// Takes in a text message of the verified number `from`. `message_id` is the carrier's, by which one that it brings
    /// twice is known.
    ///
    /// # Errors
    /// As the store says.
    pub async fn take_reply(&self, from: &str, text: &str, message_id: Option<&str>) -> Result<Reply, Failure> {
        let now = self.engine().now();
        let number = from.to_owned();
        let people = self.engine().read(move |tx, shared| Ok(people(tx, shared, &number)?)).await?;
        if people.is_empty() {
            tracing::warn!("a text message came from a number that is nobody's");
            return Ok(Reply::Stranger);
        }
        if self.0.wrong_codes.is_reached(from, now) {
            return Ok(self.excuse(from, Reply::TooManyWrongCodes));
        }
        let Some((action, code)) = Action::from_reply(text) else {
            return Ok(self.excuse(from, Reply::NotUnderstood));
        };
        let since = now.plus_micros(-i64::from(limits::LINK_HOURS) * 3_600_000_000);
        let find = move |tx: &mut dyn Tx| {
            for (organization, user) in &people {
                if let Some(row) = store::notification_by_code(tx, *organization, user, &code, since)? {
                    return Ok(Some((*organization, row.delivery_id())));
                }
            }
            Ok::<_, Failure>(None)
        };
        let Some((organization, delivery_id)) = self.engine().read(move |tx, _| find(tx)).await? else {
            self.0.wrong_codes.count(from, now);
            return Ok(Reply::WrongCode);
        };
        let once = message_id.map(|id| format!("sms {id}"));
        let asked = Asked { organization, delivery_id, action, method: Some(Method::Sms), once };
        self.answer(asked).await.map(Reply::Answered)
    }

    /// The reply, unless this number has heard enough of its kind.
    fn excuse(&self, from: &str, reply: Reply) -> Reply {
        let now = self.engine().now();
        if self.0.excuses.is_reached(from, now) {
            return Reply::Unanswered;
        }
        self.0.excuses.count(from, now);
        reply
    }
}

/// Everybody whose verified number this is, in any organization.
fn people(tx: &mut dyn Tx, shared: &engine::Shared, number: &str) -> Result<Vec<(OrganizationId, Username)>, Error> {
    let mut people = Vec::new();
    for organization in store::organization_list(tx)? {
        let Some(snapshot) = shared.directories.current(tx, organization.id)? else { continue };
        let directory = &snapshot.directory;
        let users = directory.users.iter().map(|entry| &entry.component);
        let theirs = users.filter(|user| user.sms.as_deref() == Some(number));
        let verified = theirs.filter(|user| directory.channels_of(&user.username).contains(&Channel::Sms));
        people.extend(verified.map(|user| (organization.id, user.username.clone())));
    }
    Ok(people)
}

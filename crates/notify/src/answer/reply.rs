//! Replies to text messages: a letter for the action, and the code by which the message is named.

use super::{Answered, Asked};
use crate::notifier::Notifier;
use domain::incident::{Action, Method};
use domain::notification::Channel;
use domain::{OrganizationId, Username, limits};
use engine::{Batch, EVERYBODY, Failure};
use store::{Error, Tx};

/// Wrong codes that came from a number.
const WRONG_CODES: &str = "wrong codes";
/// How often a number was told that it is not understood, or not listened to.
const EXCUSES: &str = "excuses";

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
        if self.is_reached(WRONG_CODES, from).await? {
            return self.excuse(from, Reply::TooManyWrongCodes).await;
        }
        let Some((action, code)) = Action::from_reply(text) else {
            return self.excuse(from, Reply::NotUnderstood).await;
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
            self.count_once_more(WRONG_CODES, from).await?;
            return Ok(Reply::WrongCode);
        };
        let once = message_id.map(|id| format!("sms {id}"));
        let asked = Asked { organization, delivery_id, action, method: Some(Method::Sms), once };
        self.answer(asked).await.map(Reply::Answered)
    }

    /// The reply, unless this number has heard enough of its kind.
    async fn excuse(&self, from: &str, reply: Reply) -> Result<Reply, Failure> {
        if self.is_reached(EXCUSES, from).await? {
            return Ok(Reply::Unanswered);
        }
        self.count_once_more(EXCUSES, from).await?;
        Ok(reply)
    }

    /// Whether this number did something so often, on whichever node, that it may not do it again for a while. Only numbers
    /// that belong to somebody are counted, so that there are no more of them than contacts.
    async fn is_reached(&self, what: &'static str, number: &str) -> Result<bool, Failure> {
        let (subject, now) = (format!("{what} {number}"), self.engine().now());
        let count = self.engine().read(move |tx, _| Ok(store::hourly_count(tx, &subject, now)?)).await?;
        Ok(count >= limits::WRONG_CODES)
    }

    async fn count_once_more(&self, what: &'static str, number: &str) -> Result<(), Failure> {
        let subject = format!("{what} {number}");
        let add = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            Ok(store::hourly_add(batch.tx, &subject, now)?)
        };
        self.engine().desk().submit_own(EVERYBODY, add).await
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

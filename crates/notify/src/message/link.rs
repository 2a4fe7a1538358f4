//! Links in messages: where a person acts, where a carrier reports, and how long each is accepted.

use crate::notifier::Notifier;
use crate::token::{Purpose, TokenSecret};
use domain::cover::Reply;
use domain::incident::Action;
use domain::{Instant, OrganizationId, RefId, limits};
use engine::Failure;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Where a person acts: below it, a token.
const ACT: &str = "/act/";
/// Where a person answers a request for cover: below it, a token.
const COVER: &str = "/cover/";
/// Where the telephone carrier sends the digits that were pressed.
const VOICE: &str = "/v1/carrier/twilio/voice/";
/// Where the telephone carrier reports what became of a message.
const STATUS: &str = "/v1/carrier/twilio/status/";

/// What the token of an action link speaks of: one message, which is to one person, and one action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ActSubject(pub(crate) OrganizationId, pub(crate) String, pub(crate) Action);

/// What the token of a link to answer a request for cover speaks of: the request, the person who answers, and what they say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverSubject(pub OrganizationId, pub RefId, pub RefId, pub Reply);

/// What the token of a receipt or of digits speaks of: one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MessageSubject(pub(crate) OrganizationId, pub(crate) String);

/// Whether the telephone carrier may bring replies, digits and receipts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replies {
    /// It may, and we can tell that it is the carrier.
    Taken,
    /// Nothing that comes in could be believed.
    Refused,
}

/// What links are made of; there are none on a server that does not know how people reach it.
#[derive(Clone, Debug)]
pub(crate) struct Links {
    /// The address of this server, without a slash at its end.
    pub(crate) base: String,
    pub(crate) secret: Arc<TokenSecret>,
    pub(crate) replies: Replies,
}

impl Links {
    /// The page on which a person who got this message acts.
    pub(crate) fn act(
        &self,
        organization: OrganizationId,
        delivery_id: &str,
        action: Action,
        expires_at: Instant,
    ) -> String {
        let subject = ActSubject(organization, delivery_id.to_owned(), action);
        let token = self.secret.seal(Purpose::Act, &subject, Some(expires_at));
        format!("{}{ACT}{token}", self.base)
    }

    /// The page on which a person says this to a request for cover, until its shift begins.
    pub(crate) fn cover(&self, subject: &CoverSubject, begins_at: Instant) -> String {
        format!("{}{COVER}{}", self.base, self.secret.seal(Purpose::Cover, subject, Some(begins_at)))
    }

    /// Where the digits of this call go.
    pub(crate) fn digits(
        &self,
        organization: OrganizationId,
        delivery_id: &str,
        expires_at: Instant,
    ) -> Option<String> {
        self.of_carrier(Purpose::Digits, VOICE, organization, delivery_id, expires_at)
    }

    /// Where the receipt of this message goes.
    pub(crate) fn status(
        &self,
        organization: OrganizationId,
        delivery_id: &str,
        expires_at: Instant,
    ) -> Option<String> {
        self.of_carrier(Purpose::Status, STATUS, organization, delivery_id, expires_at)
    }

    fn of_carrier(
        &self,
        purpose: Purpose,
        path: &str,
        organization: OrganizationId,
        delivery_id: &str,
        expires_at: Instant,
    ) -> Option<String> {
        let subject = MessageSubject(organization, delivery_id.to_owned());
        let token = || self.secret.seal(purpose, &subject, Some(expires_at));
        (self.replies == Replies::Taken).then(|| format!("{}{path}{}", self.base, token()))
    }
}

/// Until when what a message offers is accepted. It counts from when the message was due and not from when it was sent,
/// so that a message that is tried again says the same.
pub(crate) fn expiry(due_at: Instant) -> Instant {
    due_at.plus_minutes(limits::LINK_HOURS * 60)
}

impl Notifier {
    /// What links in messages are made of; `None` on a server that does not know how people reach it.
    pub(crate) async fn links(&self) -> Result<Option<Links>, Failure> {
        let Some(base) = &self.0.public_url else { return Ok(None) };
        let secret = self.token_secret().await?;
        Ok(Some(Links { base: base.trim_end_matches('/').to_owned(), secret, replies: self.replies() }))
    }

    /// Whether replies, digits and receipts are taken in: they are believed only if the carrier signs them, and only a
    /// carrier that knows where we are can send them.
    pub(crate) fn replies(&self) -> Replies {
        let is_reached = self.0.public_url.is_some() && self.0.twilio_auth_token.is_some();
        if is_reached { Replies::Taken } else { Replies::Refused }
    }
}

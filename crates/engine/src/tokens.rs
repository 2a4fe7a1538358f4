//! Tokens as the engine gives them out: signed with the one secret of the installation.

use crate::desk::{Batch, EVERYBODY};
use crate::engine::Engine;
use crate::failure::Failure;
use crate::links::{Links, Replies};
use crate::token::{Purpose, TokenFault, TokenSecret};
use domain::Instant;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Under which name the secret is kept.
const SECRET: &str = "token";

impl Engine {
    /// A token for `subject`, valid until `expires_at`, or for ever: letters, digits, `-` and `_`, the same for the
    /// same arguments on every node.
    ///
    /// # Errors
    /// As the store says, when the secret must be read.
    pub async fn token<T: Serialize>(
        &self,
        purpose: Purpose,
        subject: &T,
        expires_at: Option<Instant>,
    ) -> Result<String, Failure> {
        Ok(self.token_secret().await?.seal(purpose, subject, expires_at))
    }

    /// What a token speaks of, or why it is not accepted.
    ///
    /// # Errors
    /// As the store says, when the secret must be read.
    pub async fn open_token<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        token: &str,
    ) -> Result<Result<T, TokenFault>, Failure> {
        let now = self.now();
        Ok(self.token_secret().await?.open(purpose, token, now))
    }

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

    /// The secret, made on first use. All nodes agree: of two that make one at the same time, one is kept.
    pub(crate) async fn token_secret(&self) -> Result<Arc<TokenSecret>, Failure> {
        if let Some(secret) = self.0.token_secret.get() {
            return Ok(Arc::clone(secret));
        }
        let fresh = self.0.ids.secret("");
        let keep = move |batch: &mut Batch<'_>| Ok(store::secret_keep(batch.tx, SECRET, &fresh)?);
        let kept = self.0.desk.submit_own(EVERYBODY, keep).await?;
        Ok(Arc::clone(self.0.token_secret.get_or_init(|| Arc::new(TokenSecret(kept)))))
    }
}

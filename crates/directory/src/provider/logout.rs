//! Sessions that a provider ends (OpenID Connect Back-Channel Logout 1.0): those that it knows by their `sid`, or all that
//! it began for a subject.

use super::flow::{ProviderError, unbelieved};
use super::given::author;
use super::settings::Stored;
use super::token::{Ending, TokenFault, logout_token};
use crate::administration::Administration;
use crate::audit::{self, Object};
use crate::sign_in::organization_meant;
use engine::{Batch, Undo};

impl Administration {
    /// Ends the sessions that a provider's token names; how many.
    ///
    /// # Errors
    /// `Unknown`, `Away`, `Refused`, or see [`engine::Failure`]; nothing ended then.
    pub async fn logout_by_provider(
        &self,
        (organization, name): (Option<String>, &str),
        token: &str,
    ) -> Result<usize, ProviderError> {
        let meant = self.engine().read(move |tx, _| Ok(organization_meant(tx, organization.as_deref())?)).await?;
        let organization = meant.ok_or(ProviderError::Unknown)?;
        let stored = self.provider_known_as(organization, name).await?.ok_or(ProviderError::Unknown)?;
        let ending = self.ending(&stored, token).await?;
        let ids = self.engine().ids().clone();
        let end = move |batch: &mut Batch<'_>| {
            let issuer = stored.provider.issuer.as_str();
            let rows = match (&ending.sid, &ending.subject) {
                (Some(sid), _) => store::provider_session_of_sid(batch.tx, organization, (issuer, sid))?,
                (None, Some(subject)) => store::provider_session_of_subject(batch.tx, organization, (issuer, subject))?,
                (None, None) => Vec::new(),
            };
            let is_meant = |subject: &String| ending.subject.as_ref().is_none_or(|meant| meant == subject);
            let mut ended = 0;
            for row in rows.iter().filter(|row| is_meant(&row.subject)) {
                store::provider_session_delete(batch.tx, organization, &row.digest)?;
                ended += usize::from(store::session_delete(batch.tx, organization, &row.digest)?);
            }
            if ended > 0 {
                let object = Object::new("session", None, "");
                let entry = author(&stored).base.with("session.end", object, Vec::new());
                let now = batch.now();
                audit::record(batch.tx, &ids, organization, now, &entry)?;
            }
            Ok::<_, Undo>(ended)
        };
        Ok(self.engine().desk().submit(organization, end).await?)
    }

    async fn ending(&self, stored: &Stored, token: &str) -> Result<Ending, ProviderError> {
        let provider = &stored.provider;
        let known = self.known_provider(provider).await.map_err(ProviderError::Away)?;
        let (own, now) = ((provider.issuer.as_str(), provider.client_id.as_str()), self.engine().now());
        let ending = match logout_token(token, own, &known.keys, now) {
            Err(TokenFault::UnknownKey) => match self.with_new_keys(provider).await {
                Some(known) => logout_token(token, own, &known.keys, now),
                None => Err(TokenFault::UnknownKey),
            },
            result => result,
        };
        ending.map_err(|fault| match fault {
            TokenFault::UnknownKey => unbelieved("the logout token is signed by an unknown key"),
            TokenFault::Wrong(words) => unbelieved(words),
        })
    }
}

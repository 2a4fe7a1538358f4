//! A passkey in the place of a password, by a link of who has none yet.

use super::link::{Chosen, Followed, LinkView};
use super::passkey::{PasskeyAsked, PasskeyMade, PasskeySite};
use super::visitor::{SignInError, SignedIn, Visitor};
use crate::administration::Administration;
use domain::sign_in::LinkPurpose;

impl Administration {
    /// What a browser is asked to make a passkey for whoever a link is for.
    ///
    /// # Errors
    /// `UnknownLink`, also where no passkey is chosen by it; `TooManyPasskeys`, or see [`engine::Failure`].
    pub async fn offer_passkey_by_link(
        &self,
        (purpose, link): (LinkPurpose, &str),
        site: &PasskeySite,
    ) -> Result<PasskeyAsked, SignInError> {
        let view = self.passkey_link(purpose, link).await?;
        self.passkey_asked(&view.person, site).await
    }

    /// Follows a link by which a person chose a passkey, and signs them in.
    ///
    /// # Errors
    /// `UnknownLink`, `PasskeyName`, `PasskeyNotTaken`, `TooManyPasskeys`, or see [`engine::Failure`]. The link still counts then.
    pub async fn set_passkey_by_link(
        &self,
        (purpose, link): (LinkPurpose, &str),
        site: &PasskeySite,
        made: PasskeyMade<'_>,
        visitor: &Visitor,
    ) -> Result<SignedIn, SignInError> {
        let view = self.passkey_link(purpose, link).await?;
        let new = self.passkey_made(&view.person, site, made).await?;
        match self.follow(view, (purpose, link), Chosen::Passkey(Box::new(new)), visitor).await? {
            Followed::SignedIn(signed_in) => Ok(signed_in),
            Followed::PasswordSet(_) | Followed::CodeNeeded(_) => Err(SignInError::UnknownLink),
        }
    }

    async fn passkey_link(&self, purpose: LinkPurpose, link: &str) -> Result<LinkView, SignInError> {
        let view = self.sign_in_link(purpose, link).await?;
        view.filter(|view| view.takes_passkey(purpose)).ok_or(SignInError::UnknownLink)
    }
}

//! Back in without the second factor: by a link of the operator, and the password.

use super::factor::remove_factor;
use super::link::look;
use super::session::{NewSession, read_token};
use super::trace::set;
use super::visitor::{SignInError, SignedIn, Visitor};
use crate::administration::Administration;
use domain::OrganizationId;
use domain::sign_in::{LinkPurpose, Means};
use engine::{Batch, Undo};

impl Administration {
    /// Follows a link of who lost their second factor: with their password, it is removed, and they are signed in to set up
    /// another.
    ///
    /// # Errors
    /// `UnknownLink`, `Refused`, `TooMany`, `Busy`, or see [`engine::Failure`]. The link still counts then.
    pub async fn recover_by_link(
        &self,
        token: &str,
        password: &str,
        visitor: &Visitor,
    ) -> Result<SignedIn, SignInError> {
        let view = self.sign_in_link(LinkPurpose::Enrol, token).await?.ok_or(SignInError::UnknownLink)?;
        let person = view.person;
        self.right_password(&person, password, visitor).await?;
        let Some((organization, digest)) = read_token(token) else { return Err(SignInError::UnknownLink) };
        let new = NewSession::draw(self.engine().ids(), &person, (Means::Password, false), visitor);
        let session = new.token.clone();
        let work = move |batch: &mut Batch<'_>| recover(batch, (organization, &digest), &new);
        if !self.engine().desk().submit(organization, work).await? {
            return Err(SignInError::UnknownLink);
        }
        self.tell_of_factor(&person);
        let known = self.known_device(&person, visitor).await?;
        self.signed_in(person, session, known).await
    }
}

/// Uses the link, forgets the second factor, ends all sessions and begins one; `false` where the link does not count.
fn recover(
    batch: &mut Batch<'_>,
    (organization, digest): (OrganizationId, &str),
    new: &NewSession,
) -> Result<bool, Undo> {
    let now = batch.now();
    let view = look((batch.tx, batch.shared), (organization, digest), LinkPurpose::Enrol, now)?;
    if view.is_none() || !store::sign_in_link_use(batch.tx, organization, digest, now)? {
        return Ok(false);
    }
    let trace = new.trace.without_session();
    trace.record(batch.tx, now, "link.use", vec![set("purpose", LinkPurpose::Enrol.word())])?;
    remove_factor(batch.tx, &trace, (organization, &new.person), now)?;
    store::session_delete_others(batch.tx, organization, &new.person, "")?;
    new.begin(batch.tx, organization, now)?;
    new.record(batch.tx, now, "user.sign_in", Vec::new())?;
    Ok(true)
}

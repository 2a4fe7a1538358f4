//! Proving once more who one is, as what is dangerous asks for, and changing one's password.

use super::password;
use super::session::{NewSession, Session};
use super::visitor::{SignInError, SignedIn, Visitor};
use crate::administration::Administration;
use crate::hashing::SALT_BYTES;
use domain::sign_in::Alone;
use engine::{Batch, Undo};

impl Administration {
    /// Proves once more who one is: the session goes on under a new id, and its sign-in is fresh.
    ///
    /// # Errors
    /// `Refused`, `TooMany`, `Busy`, or see [`engine::Failure`].
    pub async fn sign_in_again(
        &self,
        session: &Session,
        password: &str,
        code: Option<&str>,
        visitor: &Visitor,
    ) -> Result<SignedIn, SignInError> {
        self.enter_again((session.person.clone(), session.means), password, code, visitor).await
    }

    /// Changes one's password: with the present one, where there is any, and a fresh sign-in. All sessions end, and this browser
    /// has a new one.
    ///
    /// # Errors
    /// `NotFresh`, `Refused`, `TooMany`, `Busy`, `Password`, or see [`engine::Failure`].
    pub async fn change_password(
        &self,
        session: &Session,
        (present, wanted): (&str, &str),
        visitor: &Visitor,
    ) -> Result<SignedIn, SignInError> {
        if !session.is_fresh(self.engine().now()) {
            return Err(SignInError::NotFresh);
        }
        let person = session.person.clone();
        let known = self.with_ref(person.organization, person.ref_id.clone()).await?.ok_or(SignInError::Refused)?;
        if known.credential.password.is_some() {
            self.right_password(&person, present, visitor).await?;
        }
        let alone = if known.credential.factor.is_some() { Alone::No } else { Alone::Yes };
        let place = self.hash_place()?;
        let salt: [u8; SALT_BYTES] = self.engine().ids().chance();
        let hash = password::chosen(&place, (&person, alone), wanted, salt).await?;
        let new = NewSession::draw(self.engine().ids(), &person, (session.means, session.with_factor), visitor);
        let (organization, token) = (person.organization, new.token.clone());
        let (before, trace) = (known.credential.password, self.trace(session, visitor));
        let change = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            if store::credential_load(batch.tx, organization, &new.person)?.password != before {
                return Ok::<_, Undo>(false);
            }
            password::keep(batch.tx, &trace, (organization, &new.person), (&hash, now))?;
            new.begin(batch.tx, organization, now)?;
            Ok(true)
        };
        if !self.engine().desk().submit(organization, change).await? {
            return Err(SignInError::Refused);
        }
        self.tell_of_password(&person);
        let device = self.known_device(&person, visitor).await?;
        self.signed_in(person, token, device).await
    }
}

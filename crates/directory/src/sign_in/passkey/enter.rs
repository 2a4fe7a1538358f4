//! Signing in with a passkey: nobody says who they are; the passkey does.

use super::{Challenge, PasskeyAsked, PasskeySite, broken, handle, kept_id, note_not_taken};
use crate::administration::Administration;
use crate::sign_in::person::Person;
use crate::sign_in::session::{NewSession, Session};
use crate::sign_in::visitor::{SignInError, SignedIn, Visitor};
use domain::limits;
use domain::sign_in::Means;
use engine::{Batch, Failure, Undo};
use notify::Purpose;
use store::PasskeyRow;
use webauthn_rs::prelude::{DiscoverableAuthentication, Passkey, PublicKeyCredential};

/// What somebody enters by.
struct Proved {
    challenge: Challenge,
    /// The passkey as it was looked at.
    row: PasskeyRow,
    /// What is kept of it from now on.
    after: String,
    action: &'static str,
}

impl Administration {
    /// What a browser is asked to sign somebody in.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn ask_for_passkey(&self, site: &PasskeySite) -> Result<PasskeyAsked, SignInError> {
        let asked = site.webauthn()?.start_discoverable_authentication();
        let (asked, state) = asked.map_err(|error| broken(&error))?;
        let mut options = serde_json::to_value(asked).map_err(|error| broken(&error))?;
        // The library asks for passkeys in a list under a field; ours are asked for by a button.
        options.as_object_mut().map(|options| options.remove("mediation"));
        let ends_at = self.engine().now().plus_minutes(limits::PASSKEY_MINUTES);
        let token = self.notifier().token(Purpose::PasskeySignIn, &state, Some(ends_at)).await?;
        Ok(PasskeyAsked { options, token })
    }

    /// Signs in by what a browser answered to what it was asked with this token; once more where a session is given, which must
    /// be of the same person. A passkey is both factors.
    ///
    /// # Errors
    /// `Refused`, or see [`Failure`].
    pub async fn sign_in_by_passkey(
        &self,
        (site, again): (&PasskeySite, Option<&Session>),
        (token, answer): (&str, &str),
        visitor: &Visitor,
    ) -> Result<SignedIn, SignInError> {
        let opened = self.notifier().open_token::<DiscoverableAuthentication>(Purpose::PasskeySignIn, token).await?;
        let Ok(state) = opened else { return Err(SignInError::Refused) };
        let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else { return Err(SignInError::Refused) };
        let Some((person, row)) = self.passkey_shown(kept_id(answer.get_credential_id())).await? else {
            return Err(SignInError::Refused);
        };
        let action = if again.is_some() { "user.sign_in_again" } else { "user.sign_in" };
        let proved = prove(site, (&person, row), (&answer, state), action);
        let proved = proved.and_then(|proved| match again {
            Some(session) if !session.is_of(&person) => Err(SignInError::Refused),
            _ => Ok(proved),
        });
        let proved = proved.inspect_err(|error| self.note_sign_in_refused(Some(&person), error, visitor))?;
        let known = self.known_device(&person, visitor).await?;
        let new = NewSession::draw(self.engine().ids(), &person, (Means::Passkey, true), visitor);
        let (organization, session, for_whom) = (person.organization, new.token.clone(), person.clone());
        let work = move |batch: &mut Batch<'_>| enter(batch, &for_whom, &proved, &new);
        if !self.engine().desk().submit(organization, work).await? {
            self.note_sign_in_refused(Some(&person), &SignInError::Refused, visitor);
            return Err(SignInError::Refused);
        }
        if known.is_none() {
            self.tell_of_device(&person, visitor);
        }
        self.signed_in(person, session, known).await
    }

    /// Whose passkey this is, if they are there and not locked.
    async fn passkey_shown(&self, id: String) -> Result<Option<(Person, PasskeyRow)>, Failure> {
        self.engine()
            .read(move |tx, shared| {
                let Some((organization, row)) = store::passkey_find(tx, &id)? else { return Ok(None) };
                let Some(snapshot) = shared.directories.current(tx, organization)? else { return Ok(None) };
                Ok(Person::with_ref(&snapshot.directory, &row.person).zip(Some(row)))
            })
            .await
    }
}

/// Whether a passkey answered what was asked: at this site, with its key, by its person, and with a count of signatures that
/// went on.
fn prove(
    site: &PasskeySite,
    (person, row): (&Person, PasskeyRow),
    (answer, state): (&PublicKeyCredential, DiscoverableAuthentication),
    action: &'static str,
) -> Result<Proved, SignInError> {
    let webauthn = site.webauthn()?;
    let shown = webauthn.identify_discoverable_authentication(answer).inspect_err(note_not_taken);
    let (whose, _) = shown.map_err(|_| SignInError::Refused)?;
    if whose != handle(person.organization, &person.ref_id) {
        return Err(SignInError::Refused);
    }
    let mut passkey: Passkey = serde_json::from_str(&row.credential).map_err(|error| broken(&error))?;
    let challenge = Challenge::of(&state)?;
    let result = webauthn.finish_discoverable_authentication_v2(answer, state, &passkey);
    let result = result.inspect_err(note_not_taken).map_err(|_| SignInError::Refused)?;
    passkey.update_credential(&result);
    let after = serde_json::to_string(&passkey).map_err(|error| broken(&error))?;
    Ok(Proved { challenge, row, after, action })
}

/// Begins a session, if what was looked at still stands: the person is there, the challenge was not answered before, and the
/// passkey was not used meanwhile.
fn enter(batch: &mut Batch<'_>, person: &Person, proved: &Proved, new: &NewSession) -> Result<bool, Undo> {
    let (now, organization) = (batch.now(), person.organization);
    let snapshot = batch.snapshot(organization)?;
    if Person::with_ref(&snapshot.directory, &person.ref_id).is_none()
        || !proved.challenge.use_up(batch.tx, organization, now)?
    {
        return Ok(false);
    }
    let Proved { row, after, action, .. } = proved;
    if !store::passkey_used(batch.tx, organization, &row.id, (&row.credential, after), now)? {
        return Ok(false);
    }
    new.begin(batch.tx, organization, now)?;
    new.record(batch.tx, now, action, Vec::new())?;
    Ok(true)
}

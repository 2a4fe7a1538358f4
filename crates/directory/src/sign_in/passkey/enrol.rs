//! Making a passkey: what the browser is asked, and what is kept of its answer.

use super::{Challenge, PasskeyAsked, PasskeySite, broken, handle, kept_id, note_not_taken};
use crate::administration::Administration;
use crate::sign_in::person::Person;
use crate::sign_in::session::Session;
use crate::sign_in::trace::{Trace, set};
use crate::sign_in::visitor::{SignInError, Visitor};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::sign_in::passkey_name;
use domain::{Instant, RefId, limits};
use engine::{Batch, Failure, Undo};
use notify::Purpose;
use serde_json::{Value, json};
use store::{PasskeyRow, Tx};
use webauthn_rs::prelude::{Passkey, PasskeyRegistration, RegisterPublicKeyCredential};

/// For whom a passkey is made, and what is kept of what was asked.
type Offered = (i64, RefId, PasskeyRegistration);

/// What a browser answered, who it says made a passkey.
#[derive(Clone, Copy, Debug)]
pub struct PasskeyMade<'a> {
    /// What it was asked with.
    pub token: &'a str,
    /// Its answer, as JSON.
    pub answer: &'a str,
    /// What the person calls it.
    pub name: &'a str,
}

/// A passkey that is to be kept.
#[derive(Clone, Debug)]
pub(in crate::sign_in) struct NewPasskey {
    row: PasskeyRow,
    challenge: Challenge,
}

/// Why a passkey was not kept.
pub(in crate::sign_in) enum NotKept {
    /// What was asked was answered before, or this passkey is somebody's already.
    Known,
    /// The person has as many as there may be.
    TooMany,
}

impl From<NotKept> for SignInError {
    fn from(why: NotKept) -> Self {
        match why {
            NotKept::Known => Self::PasskeyNotTaken,
            NotKept::TooMany => Self::TooManyPasskeys,
        }
    }
}

impl Administration {
    /// What a browser is asked to make another passkey for whoever is signed in.
    ///
    /// # Errors
    /// `NotFresh`, `TooManyPasskeys`, or see [`Failure`].
    pub async fn offer_passkey(&self, session: &Session, site: &PasskeySite) -> Result<PasskeyAsked, SignInError> {
        self.fresh(session)?;
        self.passkey_asked(&session.person, site).await
    }

    /// Keeps a passkey that a browser made.
    ///
    /// # Errors
    /// `NotFresh`, `PasskeyName`, `PasskeyNotTaken`, `TooManyPasskeys`, or see [`Failure`].
    pub async fn add_passkey(
        &self,
        (session, site): (&Session, &PasskeySite),
        made: PasskeyMade<'_>,
        visitor: &Visitor,
    ) -> Result<(), SignInError> {
        self.fresh(session)?;
        let new = self.passkey_made(&session.person, site, made).await?;
        let trace = self.trace(session, visitor);
        let organization = session.organization();
        let keep = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            keep(batch.tx, &trace, (organization, &new), now)
        };
        self.engine().desk().submit(organization, keep).await?.map_err(SignInError::from)?;
        self.tell_of_passkeys(&session.person);
        Ok(())
    }

    pub(in crate::sign_in) async fn passkey_asked(
        &self,
        person: &Person,
        site: &PasskeySite,
    ) -> Result<PasskeyAsked, SignInError> {
        let (organization, ref_id) = (person.organization, person.ref_id.clone());
        let kept = self.engine().read(move |tx, _| Ok(store::passkey_list(tx, organization, &ref_id)?)).await?;
        if kept.len() >= limits::PASSKEYS {
            return Err(SignInError::TooManyPasskeys);
        }
        let whose = handle(organization, &person.ref_id);
        let started = site.webauthn()?.start_passkey_registration(whose, person.username.as_str(), &person.name, None);
        let (asked, state) = started.map_err(|error| broken(&error))?;
        let mut options = serde_json::to_value(asked).map_err(|error| broken(&error))?;
        let known: Vec<Value> = kept.iter().map(described).collect::<Result<_, _>>()?;
        // The device keeps it itself, so that nobody has to say who they are; and has none of ours already. Neither is
        // part of what the answer is held against, which the library keeps small enough for a cookie.
        let public = &mut options["publicKey"];
        public["authenticatorSelection"]["residentKey"] = json!("required");
        public["authenticatorSelection"]["requireResidentKey"] = json!(true);
        public["excludeCredentials"] = Value::from(known);
        let ends_at = self.engine().now().plus_minutes(limits::PASSKEY_MINUTES);
        let subject: Offered = (organization.0, person.ref_id.clone(), state);
        let token = self.notifier().token(Purpose::PasskeyEnrolment, &subject, Some(ends_at)).await?;
        Ok(PasskeyAsked { options, token })
    }

    /// The passkey that a browser made for this person, as it was asked to.
    pub(in crate::sign_in) async fn passkey_made(
        &self,
        person: &Person,
        site: &PasskeySite,
        made: PasskeyMade<'_>,
    ) -> Result<NewPasskey, SignInError> {
        let name = passkey_name(made.name).map_err(SignInError::PasskeyName)?;
        let opened = self.notifier().open_token::<Offered>(Purpose::PasskeyEnrolment, made.token).await?;
        let is_theirs = |(owner, ref_id, _): &Offered| *owner == person.organization.0 && *ref_id == person.ref_id;
        let (_, _, state) = opened.ok().filter(is_theirs).ok_or(SignInError::PasskeyNotTaken)?;
        let answer = serde_json::from_str::<RegisterPublicKeyCredential>(made.answer);
        let answer = answer.map_err(|_| SignInError::PasskeyNotTaken)?;
        let passkey = site.webauthn()?.finish_passkey_registration(&answer, &state);
        let passkey = passkey.inspect_err(note_not_taken).map_err(|_| SignInError::PasskeyNotTaken)?;
        let row = PasskeyRow {
            id: kept_id(passkey.cred_id()),
            person: person.ref_id.clone(),
            name,
            credential: serde_json::to_string(&passkey).map_err(|error| broken(&error))?,
            made_at: self.engine().now(),
            last_used_at: None,
        };
        Ok(NewPasskey { row, challenge: Challenge::of(&state)? })
    }
}

/// A passkey as a browser is told of it, so that its device is not asked to make another.
fn described(row: &PasskeyRow) -> Result<Value, Failure> {
    let passkey: Passkey = serde_json::from_str(&row.credential).map_err(|error| broken(&error))?;
    Ok(json!({"type": "public-key", "id": URL_SAFE_NO_PAD.encode(passkey.cred_id())}))
}

/// Keeps a passkey, which must be nobody's.
pub(in crate::sign_in) fn keep(
    tx: &mut dyn Tx,
    trace: &Trace,
    (organization, new): (domain::OrganizationId, &NewPasskey),
    now: Instant,
) -> Result<Result<(), NotKept>, Undo> {
    let row = &new.row;
    if store::passkey_find(tx, &row.id)?.is_some() {
        return Ok(Err(NotKept::Known));
    }
    if store::passkey_list(tx, organization, &row.person)?.len() >= limits::PASSKEYS {
        return Ok(Err(NotKept::TooMany));
    }
    if !new.challenge.use_up(tx, organization, now)? {
        return Ok(Err(NotKept::Known));
    }
    store::passkey_insert(tx, organization, row)?;
    trace.record(tx, now, "passkey.add", vec![set("name", &row.name)])?;
    Ok(Ok(()))
}

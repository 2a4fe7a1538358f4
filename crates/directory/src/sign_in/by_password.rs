//! Signing in by a password, and by a code of a second factor after it. Who is unknown meets the same work and the same
//! answer as whoever mistyped.

use super::factor::{Proof, right_code};
use super::failure::Counted;
use super::password::normal;
use super::person::Person;
use super::session::{NewSession, settings_of};
use super::visitor::{SignInError, SignedIn, Visitor};
use super::ways::organization_meant;
use crate::administration::Administration;
use crate::audit::{Changed, Value};
use crate::hashing::{HashPlace, hash, is_of, is_outdated, nobodys};
use domain::sign_in::Means;
use domain::{OrganizationId, RefId};
use engine::{Batch, EVERYBODY, Failure, Undo};
use notify::Purpose;
use store::{CredentialRow, Error, Tx};

/// Minutes within which the code must follow the password.
const CODE_MINUTES: u32 = 10;
/// Failures in a row of which the person is told.
const TOLD_AT: u32 = 10;

/// What the audit log calls a sign-in, and one of who was signed in.
const SIGN_IN: &str = "user.sign_in";
const SIGN_IN_AGAIN: &str = "user.sign_in_again";

/// What somebody typed to sign in.
#[derive(Clone, Default)]
pub struct Typed {
    /// The organization, where there are several.
    pub organization: Option<String>,
    /// A username or an e-mail address.
    pub name: String,
    /// The password.
    pub password: String,
}

/// What came of a right password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    /// The person is signed in.
    SignedIn(SignedIn),
    /// A code of their second factor is wanted, together with this token.
    CodeNeeded(String),
}

/// What a person signs in with; without a password where their organization takes none.
fn counting(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<CredentialRow, Error> {
    let mut credential = store::credential_load(tx, organization, person)?;
    if !settings_of(tx, organization)?.password_sign_in {
        credential.password = None;
    }
    Ok(credential)
}

/// Whose password was right, and since when it is theirs.
type Halfway = (i64, RefId, i64);

/// Somebody whom there is, with what they sign in with.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) person: Person,
    pub(super) credential: CredentialRow,
}

impl Administration {
    /// Signs in by a password.
    ///
    /// # Errors
    /// `Refused`, `TooMany`, `Busy`, or see [`Failure`].
    pub async fn sign_in(&self, typed: &Typed, visitor: &Visitor) -> Result<Entered, SignInError> {
        let place = self.hash_place()?;
        let (organization, known) = self.known(typed).await?;
        let counted = self.counted(organization, known.as_ref(), typed, visitor).await?;
        let known = self.with_password(&place, known, (&counted, visitor), &typed.password).await?;
        let Known { person, credential } = known;
        if credential.factor.is_some() {
            let token = self.halfway(&person, &credential).await?;
            self.clear(counted).await?;
            return Ok(Entered::CodeNeeded(token));
        }
        let rehashed = self.rehashed(&place, &credential, &typed.password).await?;
        let entry = Entry { credential, proof: None, counted, rehashed, action: SIGN_IN };
        Ok(Entered::SignedIn(self.enter(person, Means::Password, entry, visitor).await?))
    }

    /// The token with which a code of their second factor lets somebody in, whose password was right.
    pub(super) async fn halfway(&self, person: &Person, credential: &CredentialRow) -> Result<String, Failure> {
        let set_at = credential.password.as_ref().map_or(0, |(_, at)| at.0);
        let halfway: Halfway = (person.organization.0, person.ref_id.clone(), set_at);
        let ends_at = self.engine().now().plus_minutes(CODE_MINUTES);
        self.notifier().token(Purpose::SecondFactor, &halfway, Some(ends_at)).await
    }

    /// A place where a password is looked at.
    pub(super) fn hash_place(&self) -> Result<HashPlace, SignInError> {
        self.0.hashing.place().ok_or(SignInError::Busy)
    }

    /// Goes on with a code, after the password was right: of the clock, or one for recovery.
    ///
    /// # Errors
    /// `Refused`, `TooMany`, `Busy`, or see [`Failure`].
    pub async fn sign_in_by_code(&self, token: &str, code: &str, visitor: &Visitor) -> Result<SignedIn, SignInError> {
        let opened = self.notifier().open_token::<Halfway>(Purpose::SecondFactor, token).await?;
        let Ok((organization, ref_id, set_at)) = opened else { return Err(SignInError::Refused) };
        // Whether passwords count was looked at when the token was made.
        let known = self.with_ref(OrganizationId(organization), ref_id).await?;
        let still = |known: &Known| known.credential.password.as_ref().is_some_and(|(_, at)| at.0 == set_at);
        let Known { person, credential } = known.filter(still).ok_or(SignInError::Refused)?;
        let proof = self.proved(&person, &credential, code, visitor).await?;
        let counted = Counted::account(person.organization, person.ref_id.as_str());
        let entry = Entry { credential, proof: Some(proof), counted, rehashed: None, action: SIGN_IN };
        self.enter(person, Means::Password, entry, visitor).await
    }

    /// A person with what they sign in with, if this is their password.
    pub(super) async fn right_password(
        &self,
        person: &Person,
        password: &str,
        visitor: &Visitor,
    ) -> Result<Known, SignInError> {
        let place = self.hash_place()?;
        let known = self.with_counting(person.organization, person.ref_id.clone()).await?;
        let typed = Typed { name: person.username.to_string(), ..Typed::default() };
        let counted = self.counted(person.organization, known.as_ref(), &typed, visitor).await?;
        let known = self.with_password(&place, known, (&counted, visitor), password).await?;
        self.clear(counted).await?;
        Ok(known)
    }

    /// Begins a session anew for whoever is signed in, who proves once more who they are.
    pub(super) async fn enter_again(
        &self,
        (person, means): (Person, Means),
        password: &str,
        code: Option<&str>,
        visitor: &Visitor,
    ) -> Result<SignedIn, SignInError> {
        let Known { person, credential } = self.right_password(&person, password, visitor).await?;
        let proof = match credential.factor {
            Some(_) => Some(self.proved(&person, &credential, code.unwrap_or_default(), visitor).await?),
            None => None,
        };
        let counted = Counted::account(person.organization, person.ref_id.as_str());
        let entry = Entry { credential, proof, counted, rehashed: None, action: SIGN_IN_AGAIN };
        self.enter(person, means, entry, visitor).await
    }

    /// The person whom somebody means who types this, in which organization.
    async fn known(&self, typed: &Typed) -> Result<(OrganizationId, Option<Known>), Failure> {
        let Typed { organization, name, .. } = typed.clone();
        self.engine()
            .read(move |tx, shared| {
                let Some(organization) = organization_meant(tx, organization.as_deref())? else {
                    return Ok((EVERYBODY, None));
                };
                let Some(snapshot) = shared.directories.current(tx, organization)? else {
                    return Ok((EVERYBODY, None));
                };
                let Some(person) = Person::typed(&snapshot.directory, &name) else { return Ok((organization, None)) };
                let credential = counting(tx, organization, &person.ref_id)?;
                Ok((organization, Some(Known { person, credential })))
            })
            .await
    }

    /// The person with this id.
    pub(super) async fn with_ref(&self, organization: OrganizationId, ref_id: RefId) -> Result<Option<Known>, Failure> {
        self.engine()
            .read(move |tx, shared| {
                let Some(snapshot) = shared.directories.current(tx, organization)? else { return Ok(None) };
                let Some(person) = Person::with_ref(&snapshot.directory, &ref_id) else { return Ok(None) };
                let credential = store::credential_load(tx, organization, &ref_id)?;
                Ok(Some(Known { person, credential }))
            })
            .await
    }

    /// The same, without a password where none counts.
    async fn with_counting(&self, organization: OrganizationId, ref_id: RefId) -> Result<Option<Known>, Failure> {
        let Some(known) = self.with_ref(organization, ref_id.clone()).await? else { return Ok(None) };
        let read = self.engine().read(move |tx, _| Ok(counting(tx, organization, &ref_id)?));
        Ok(Some(Known { credential: read.await?, ..known }))
    }

    /// What an attempt is counted for: a device that the person signed in from before has a count of its own.
    async fn counted(
        &self,
        organization: OrganizationId,
        known: Option<&Known>,
        typed: &Typed,
        visitor: &Visitor,
    ) -> Result<Counted, Failure> {
        let Some(Known { person, .. }) = known else {
            let name = format!("typed {}", typed.name.trim().to_lowercase());
            return Ok(Counted::stranger(organization, &name, visitor));
        };
        let account = person.ref_id.as_str();
        Ok(match self.known_device(person, visitor).await? {
            Some(device) => Counted::device(organization, account, &device),
            None => Counted::stranger(organization, account, visitor),
        })
    }

    /// The person, if the password is theirs. Counted as a failure before it is looked at.
    async fn with_password(
        &self,
        place: &HashPlace,
        known: Option<Known>,
        (counted, visitor): (&Counted, &Visitor),
        password: &str,
    ) -> Result<Known, SignInError> {
        let person = known.as_ref().map(|known| known.person.clone());
        let note = |error: &SignInError| match &person {
            None => self.note_stranger_refused(counted.organization(), error, visitor),
            person => self.note_sign_in_refused(person.as_ref(), error, visitor),
        };
        let times = self.count_attempt(counted).await.inspect_err(note)?;
        let kept = known.as_ref().and_then(|known| known.credential.password.as_ref()).map(|(hash, _)| hash.clone());
        let password = normal(password);
        let look = move || match kept {
            Some(hash) => is_of(&hash, &password),
            None => {
                // As much work, for nothing.
                let _ = is_of(nobodys(), &password);
                false
            }
        };
        let is_right = place.run(look).await?;
        match known {
            Some(known) if is_right => Ok(known),
            known => {
                note(&SignInError::Refused);
                self.count_network(counted).await?;
                if let Some(Known { person, .. }) = known.filter(|_| times == TOLD_AT) {
                    self.tell_of_failures(&person, times);
                }
                Err(SignInError::Refused)
            }
        }
    }

    /// What proves that a code is the person's. Counted as a failure before it is looked at, whoever asks from where: only who
    /// has the password comes here.
    async fn proved(
        &self,
        person: &Person,
        credential: &CredentialRow,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Proof, SignInError> {
        let note = |error: &SignInError| self.note_sign_in_refused(Some(person), error, visitor);
        let counted = Counted::account(person.organization, person.ref_id.as_str());
        let times = self.count_attempt(&counted).await.inspect_err(note)?;
        let Some(factor) = credential.factor.clone() else { return Err(SignInError::Refused) };
        let proof = right_code(self, person, &factor, code).await?;
        if proof.is_none() && times == TOLD_AT {
            self.tell_of_failures(person, times);
        }
        proof.ok_or(SignInError::Refused).inspect_err(note)
    }

    /// The hash by which a password is kept from now on, if it is kept with less work than is asked for today.
    async fn rehashed(
        &self,
        place: &HashPlace,
        credential: &CredentialRow,
        password: &str,
    ) -> Result<Option<String>, SignInError> {
        let kept = credential.password.as_ref().map(|(hash, _)| hash.as_str());
        if !kept.is_some_and(is_outdated) {
            return Ok(None);
        }
        let (password, salt) = (normal(password), self.engine().ids().chance());
        Ok(Some(place.run(move || hash(&password, &salt)).await??))
    }

    async fn clear(&self, counted: Counted) -> Result<(), Failure> {
        let organization = counted.organization();
        let clear = move |batch: &mut Batch<'_>| Ok::<_, Undo>(counted.clear(batch.tx)?);
        self.engine().desk().submit(organization, clear).await
    }

    /// Begins the session of somebody who proved who they are.
    async fn enter(
        &self,
        person: Person,
        means: Means,
        entry: Entry,
        visitor: &Visitor,
    ) -> Result<SignedIn, SignInError> {
        let known = self.known_device(&person, visitor).await?;
        let new = NewSession::draw(self.engine().ids(), &person, (means, entry.proof.is_some()), visitor);
        let (organization, session) = (person.organization, new.token.clone());
        let work = move |batch: &mut Batch<'_>| enter(batch, organization, &entry, &new);
        if !self.engine().desk().submit(organization, work).await? {
            return Err(SignInError::Refused);
        }
        if known.is_none() {
            self.tell_of_device(&person, visitor);
        }
        self.signed_in(person, session, known).await
    }
}

/// What somebody enters by.
struct Entry {
    /// What was looked at.
    credential: CredentialRow,
    proof: Option<Proof>,
    counted: Counted,
    rehashed: Option<String>,
    /// What the audit log calls it.
    action: &'static str,
}

/// Begins a session, if what was looked at still stands: the person is there, the password is the same, and the code was not
/// used meanwhile. The failures that were counted for it are forgotten.
fn enter(batch: &mut Batch<'_>, organization: OrganizationId, entry: &Entry, new: &NewSession) -> Result<bool, Undo> {
    let now = batch.now();
    let snapshot = batch.snapshot(organization)?;
    let mut credential = store::credential_load(batch.tx, organization, &new.person)?;
    let is_same = credential.password == entry.credential.password
        && credential.factor.as_ref().map(|factor| &factor.secret)
            == entry.credential.factor.as_ref().map(|factor| &factor.secret);
    if !is_same || Person::with_ref(&snapshot.directory, &new.person).is_none() {
        return Ok(false);
    }
    if let Some(proof) = &entry.proof
        && !proof.use_up(batch.tx, organization, (&new.person, &mut credential), now)?
    {
        return Ok(false);
    }
    rehash(&mut credential, entry.rehashed.as_deref());
    store::credential_save(batch.tx, organization, &new.person, &credential)?;
    entry.counted.clear(batch.tx)?;
    if entry.proof.is_some() {
        Counted::account(organization, new.person.as_str()).clear(batch.tx)?;
    }
    new.begin(batch.tx, organization, now)?;
    new.record(batch.tx, now, entry.action, entry.proof.as_ref().and_then(used_code).into_iter().collect())?;
    Ok(true)
}

/// The code for recovery that was used up, by its number.
fn used_code(proof: &Proof) -> Option<Changed> {
    let Proof::Recovery(number, _) = proof else { return None };
    let before = Value::Plain((*number).into());
    Some(Changed { field: "recovery_code".to_owned(), before, after: Value::Unset })
}

/// The same password, kept with the work that is asked for today.
fn rehash(credential: &mut CredentialRow, rehashed: Option<&str>) {
    if let (Some((hash, _)), Some(rehashed)) = (credential.password.as_mut(), rehashed) {
        rehashed.clone_into(hash);
    }
}

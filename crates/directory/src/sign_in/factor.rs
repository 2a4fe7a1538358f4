//! A second factor by the clock (RFC 6238), and the codes for who lost it.

use super::person::Person;
use super::session::{Session, settings_of};
use super::trace::{Trace, removed, renewed};
use super::visitor::{SignInError, Visitor};
use crate::administration::Administration;
use crate::hashing::{SALT_BYTES, hash, is_of, nobodys};
use domain::sign_in::{RecoveryCode, counts, recovery_code_text};
use domain::{Instant, OrganizationId, RefId, limits};
use engine::{Batch, Failure, Undo};
use notify::Purpose;
use store::{CredentialRow, Error, FactorRow, Tx};
use totp_rs::{Builder, Secret, Totp};

/// Minutes within which a new factor is confirmed.
const ENROLMENT_MINUTES: u32 = 15;

/// What proves that somebody has a person's second factor.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Proof {
    /// The code of this step.
    Step(i64),
    /// The code for recovery with this number and hash.
    Recovery(u32, String),
}

impl Proof {
    /// Uses it up; `false` where it was used before. A step is noted in the credential, which the caller saves.
    pub(super) fn use_up(
        &self,
        tx: &mut dyn Tx,
        organization: OrganizationId,
        (person, credential): (&RefId, &mut CredentialRow),
        now: Instant,
    ) -> Result<bool, Error> {
        match (self, &mut credential.factor) {
            (Self::Step(step), Some(factor)) if counts(*step, factor.last_step, now) => {
                factor.last_step = Some(*step);
                Ok(true)
            }
            (Self::Recovery(number, hash), Some(_)) => {
                store::recovery_code_use(tx, organization, person, *number, hash)
            }
            _ => Ok(false),
        }
    }
}

fn totp(secret: &str, person: Option<&Person>) -> Result<Totp, Failure> {
    let broken = |error: &dyn std::fmt::Display| Failure::Broken(format!("a second factor cannot be read: {error}"));
    let secret = Secret::try_from_base32(secret).map_err(|error| broken(&error))?;
    let plain = |text: &str| text.replace(':', " ");
    let issuer = person.map(|person| plain(&format!("Reveille {}", person.organization_name)));
    let account = person.map(|person| plain(person.username.as_str())).unwrap_or_default();
    let built = Builder::new().with_secret(secret).with_account_name(account).with_issuer(issuer).build();
    built.map_err(|error| broken(&error))
}

/// The step whose code this is, among those that count at `now`.
fn step_of(secret: &str, code: &str, now: Instant) -> Result<Option<i64>, Failure> {
    let code: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
    let seconds = u64::try_from(now.0.div_euclid(1_000_000)).unwrap_or_default();
    let step = totp(secret, None)?.check(&code, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// What a code proves for this person; nothing where it is wrong, or was used before.
pub(super) async fn right_code(
    administration: &Administration,
    person: &Person,
    factor: &FactorRow,
    code: &str,
) -> Result<Option<Proof>, SignInError> {
    let now = administration.engine().now();
    let Some(recovery) = RecoveryCode::read(code) else {
        let step = step_of(&factor.secret, code, now)?.filter(|step| counts(*step, factor.last_step, now));
        return Ok(step.map(Proof::Step));
    };
    let (organization, ref_id, number) = (person.organization, person.ref_id.clone(), recovery.number);
    let kept =
        administration.engine().read(move |tx, _| Ok(store::recovery_code_load(tx, organization, &ref_id, number)?));
    let kept = kept.await?;
    let place = administration.hash_place()?;
    let tried = kept.clone();
    let look = move || is_of(tried.as_deref().unwrap_or(nobodys()), &recovery.signs);
    let is_right = place.run(look).await?;
    Ok(kept.filter(|_| is_right).map(|hash| Proof::Recovery(number, hash)))
}

/// What a person has to prove who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factors {
    /// Whether they have a password that counts.
    pub has_password: bool,
    /// How many passkeys they have.
    pub passkeys: usize,
    /// Codes for recovery that they have left, where they have a second factor.
    pub codes_left: Option<u32>,
}

/// A second factor that is about to be set up.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Its secret in base32, for who types it.
    pub secret: String,
    /// The same as a URL, for who reads it as a picture.
    pub url: String,
    /// What is sent back with the first code.
    pub token: String,
}

/// For whom a factor is, and its secret.
type Offered = (i64, RefId, String);

impl Administration {
    /// What whoever is signed in has to prove who they are.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn factors(&self, session: &Session) -> Result<Factors, Failure> {
        let (organization, person) = (session.person.organization, session.person.ref_id.clone());
        self.engine()
            .read(move |tx, _| {
                let credential = store::credential_load(tx, organization, &person)?;
                let has_password = credential.password.is_some() && settings_of(tx, organization)?.password_sign_in;
                let codes_left = match credential.factor {
                    Some(_) => Some(store::recovery_code_count(tx, organization, &person)?),
                    None => None,
                };
                let passkeys = store::passkey_list(tx, organization, &person)?.len();
                Ok(Factors { has_password, passkeys, codes_left })
            })
            .await
    }

    /// Offers a new second factor, which counts once its first code is given.
    ///
    /// # Errors
    /// `NotFresh`, or see [`Failure`].
    pub async fn offer_factor(&self, session: &Session) -> Result<Enrolment, SignInError> {
        self.fresh(session)?;
        let bytes: [u8; 20] = self.engine().ids().chance();
        let secret = Secret::new_stack(bytes).to_base32();
        self.offered(session, secret).await
    }

    /// The same factor once more, after a wrong code.
    ///
    /// # Errors
    /// `NotFresh`, `UnknownLink` where it was not offered to them, or see [`Failure`].
    pub async fn offer_again(&self, session: &Session, token: &str) -> Result<Enrolment, SignInError> {
        self.fresh(session)?;
        let secret = self.offered_secret(session, token).await?;
        self.offered(session, secret).await
    }

    async fn offered(&self, session: &Session, secret: String) -> Result<Enrolment, SignInError> {
        let person = &session.person;
        let broken = |error: &dyn std::fmt::Display| Failure::Broken(format!("a second factor has no URL: {error}"));
        let url = totp(&secret, Some(person))?.to_url().map_err(|error| broken(&error))?;
        let subject: Offered = (person.organization.0, person.ref_id.clone(), secret.clone());
        let ends_at = self.engine().now().plus_minutes(ENROLMENT_MINUTES);
        let token = self.notifier().token(Purpose::Enrolment, &subject, Some(ends_at)).await?;
        Ok(Enrolment { secret, url, token })
    }

    async fn offered_secret(&self, session: &Session, token: &str) -> Result<String, SignInError> {
        let opened = self.notifier().open_token::<Offered>(Purpose::Enrolment, token).await?;
        let person = &session.person;
        let is_theirs = |(owner, ref_id, _): &Offered| *owner == person.organization.0 && *ref_id == person.ref_id;
        opened.ok().filter(is_theirs).map(|(_, _, secret)| secret).ok_or(SignInError::UnknownLink)
    }

    /// Takes a factor that was offered, if the code is its present one. The answer are the codes for recovery, which are
    /// seen this once.
    ///
    /// # Errors
    /// `NotFresh`, `UnknownLink`, `WrongCode`, `Busy`, or see [`Failure`].
    pub async fn take_factor(
        &self,
        session: &Session,
        (token, code): (&str, &str),
        visitor: &Visitor,
    ) -> Result<Vec<String>, SignInError> {
        self.fresh(session)?;
        let secret = self.offered_secret(session, token).await?;
        let now = self.engine().now();
        let step = step_of(&secret, code, now)?.ok_or(SignInError::WrongCode)?;
        let factor = FactorRow { secret, since: now, last_step: Some(step) };
        self.keep_factor((session, visitor), Some(factor)).await
    }

    /// Makes new codes for recovery; those before count no more.
    ///
    /// # Errors
    /// `NotFresh`, `Busy`, or see [`Failure`].
    pub async fn renew_recovery_codes(&self, session: &Session, visitor: &Visitor) -> Result<Vec<String>, SignInError> {
        self.fresh(session)?;
        self.keep_factor((session, visitor), None).await
    }

    /// Draws codes for recovery and keeps them, with a new factor or the one there is.
    async fn keep_factor(
        &self,
        (session, visitor): (&Session, &Visitor),
        factor: Option<FactorRow>,
    ) -> Result<Vec<String>, SignInError> {
        let place = self.hash_place()?;
        let ids = self.engine().ids();
        let draw = |number| (recovery_code_text(number, ids.chance()), ids.chance::<SALT_BYTES>());
        let drawn: Vec<(String, [u8; SALT_BYTES])> = (1..=limits::RECOVERY_CODES).map(draw).collect();
        let codes = drawn.iter().map(|(code, _)| code.clone()).collect();
        let signs = |code: &str| RecoveryCode::read(code).map(|code| code.signs).unwrap_or_default();
        let hash_all = move || drawn.iter().map(|(code, salt)| hash(&signs(code), salt)).collect::<Result<Vec<_>, _>>();
        let hashes = place.run(hash_all).await??;
        let (organization, person) = (session.person.organization, session.person.ref_id.clone());
        let trace = self.trace(session, visitor);
        let keep = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            keep_factor(batch.tx, (&trace, now), (organization, &person), factor.as_ref(), &hashes)
        };
        if !self.engine().desk().submit(organization, keep).await? {
            return Err(SignInError::UnknownLink);
        }
        self.tell_of_factor(&session.person);
        Ok(codes)
    }

    /// Removes the second factor.
    ///
    /// # Errors
    /// `NotFresh`, or see [`Failure`].
    pub async fn remove_factor(&self, session: &Session, visitor: &Visitor) -> Result<(), SignInError> {
        self.fresh(session)?;
        let (organization, person) = (session.person.organization, session.person.ref_id.clone());
        let trace = self.trace(session, visitor);
        let remove = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            Ok::<_, Undo>(remove_factor(batch.tx, &trace, (organization, &person), now)?)
        };
        self.engine().desk().submit(organization, remove).await?;
        self.tell_of_factor(&session.person);
        Ok(())
    }

    pub(super) fn fresh(&self, session: &Session) -> Result<(), SignInError> {
        if session.is_fresh(self.engine().now()) { Ok(()) } else { Err(SignInError::NotFresh) }
    }
}

/// Keeps a person's new factor, or goes on with the one there is, and their codes; `false` where there is none.
fn keep_factor(
    tx: &mut dyn Tx,
    (trace, now): (&Trace, Instant),
    (organization, person): (OrganizationId, &RefId),
    factor: Option<&FactorRow>,
    hashes: &[String],
) -> Result<bool, Undo> {
    let mut credential = store::credential_load(tx, organization, person)?;
    if let Some(factor) = factor {
        credential.factor = Some(factor.clone());
        store::credential_save(tx, organization, person, &credential)?;
    }
    if credential.factor.is_none() {
        return Ok(false);
    }
    store::recovery_code_replace(tx, organization, person, hashes)?;
    match factor {
        Some(_) => trace.record(tx, now, "factor.add", vec![renewed("secret"), renewed("recovery_codes")])?,
        None => trace.record(tx, now, "recovery_codes.renew", vec![renewed("recovery_codes")])?,
    }
    Ok(true)
}

/// Forgets a person's second factor and their codes for recovery.
pub(super) fn remove_factor(
    tx: &mut dyn Tx,
    trace: &Trace,
    (organization, person): (OrganizationId, &RefId),
    now: Instant,
) -> Result<(), Error> {
    let mut credential = store::credential_load(tx, organization, person)?;
    if credential.factor.take().is_none() {
        return Ok(());
    }
    trace.record(tx, now, "factor.remove", vec![removed("secret")])?;
    store::credential_save(tx, organization, person, &credential)?;
    store::recovery_code_delete_all(tx, organization, person)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B; its codes there have eight digits, of which ours are the last six.
    fn secret() -> String {
        Secret::new_stack(*b"12345678901234567890").to_base32()
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = Instant(seconds * 1_000_000);
            assert_eq!(step_of(&secret(), code, now), Ok(Some(seconds / 30)), "{seconds}");
            let spaced = format!(" {} {}", &code[..3], &code[3..]);
            assert_eq!(step_of(&secret(), &spaced, now), Ok(Some(seconds / 30)), "{seconds}");
        }
        let at = |seconds: i64| step_of(&secret(), "287082", Instant(seconds * 1_000_000)).unwrap();
        assert_eq!([at(0), at(29), at(30), at(89), at(90)], [Some(1), Some(1), Some(1), Some(1), None]);
        for wrong in ["", "28708", "2870820", "+87082", "28708a"] {
            assert_eq!(step_of(&secret(), wrong, Instant(59_000_000)), Ok(None), "{wrong}");
        }
    }
}

//! Passwords: read in one form, however a keyboard wrote them, refused where everybody tries them, kept as a hash.

use super::person::Person;
use super::trace::{Trace, renewed};
use super::visitor::SignInError;
use crate::hashing::{HashPlace, SALT_BYTES, hash};
use domain::sign_in::{Alone, PasswordFault, is_made_of, password_fault};
use domain::{Instant, OrganizationId, RefId};
use store::{CredentialRow, Error, Tx};
use unicode_normalization::UnicodeNormalization;
use zxcvbn::{Score, zxcvbn};

/// A password in the one form in which it is counted and hashed (NFC).
pub(super) fn normal(password: &str) -> String {
    password.nfc().collect()
}

/// What is wrong with a password in normal form for this person. It takes a while.
fn fault(password: &str, alone: Alone, person: &Person) -> Option<PasswordFault> {
    let is_common = || {
        let words = person.words();
        is_made_of(password, &words) || zxcvbn(password, &words).score() < Score::Three
    };
    password_fault(password, alone).or_else(|| is_common().then_some(PasswordFault::Common))
}

/// The hash of a password that a person chose.
pub(super) async fn chosen(
    place: &HashPlace,
    (person, alone): (&Person, Alone),
    password: &str,
    salt: [u8; SALT_BYTES],
) -> Result<String, SignInError> {
    let (person, password) = (person.clone(), normal(password));
    let look = move || match fault(&password, alone, &person) {
        Some(fault) => Err(SignInError::Password(fault)),
        None => Ok(hash(&password, &salt)?),
    };
    place.run(look).await?
}

/// Keeps a person's new password. Their sessions end, and so do their links.
pub(super) fn keep(
    tx: &mut dyn Tx,
    trace: &Trace,
    (organization, person): (OrganizationId, &RefId),
    (hash, now): (&str, Instant),
) -> Result<CredentialRow, Error> {
    let mut credential = store::credential_load(tx, organization, person)?;
    credential.password = Some((hash.to_owned(), now));
    store::credential_save(tx, organization, person, &credential)?;
    super::end_sessions(tx, organization, person)?;
    trace.record(tx, now, "password.change", vec![renewed("password")])?;
    Ok(credential)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Username;
    use domain::directory::Role;

    fn ana() -> Person {
        Person {
            organization: OrganizationId(1),
            organization_name: "globex corporation".to_owned(),
            ref_id: RefId::from("id"),
            username: Username::from("anastasia"),
            name: "Anastasia Alvesson".to_owned(),
            email: Some("anastasia@example.com".to_owned()),
            role: Role::Responder,
            team_role: None,
            timezone: None,
        }
    }

    #[test]
    fn passwords_that_everybody_tries_are_refused_and_so_are_names() {
        for password in [
            "password1234567",
            "passwordpassword",
            "123456789012345",
            "qwertyuiop[]asd",
            "aaaaaaaaaaaaaaaaaaaa",
            "reveille-reveille",
            "anastasia-anastasia",
            "AnastasiaAlvesson",
            "anastasia@example.com",
            "globex corporation",
        ] {
            assert_eq!(fault(password, Alone::Yes, &ana()), Some(PasswordFault::Common), "{password}");
        }
        for password in ["correct horse battery staple", "tür und angel 47 kühe", "vm2Dq8-Zzt4k_P1"] {
            assert_eq!(fault(password, Alone::Yes, &ana()), None, "{password}");
        }
    }

    #[test]
    fn a_password_is_the_same_however_a_keyboard_writes_it() {
        assert_eq!(normal("Ame\u{301}lie"), normal("Am\u{e9}lie"));
        assert_eq!(normal("Am\u{e9}lie"), "Am\u{e9}lie");
        assert_eq!(normal(" x "), " x ");
    }
}

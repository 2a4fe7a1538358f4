//! Why somebody is not signed in, or not given what they asked for, in words and as a problem.

use crate::gate::{Problem, failed};
use crate::operation::Code;
use directory::SignInError;
use domain::limits;
use domain::sign_in::{PasskeyNameFault, PasswordFault};

/// What is wrong with a password that somebody chose.
pub(super) fn password_problem(fault: PasswordFault) -> String {
    match fault {
        PasswordFault::TooShort { least } => format!("must have at least {least} characters"),
        PasswordFault::TooLong { most } => format!("must have at most {most} characters"),
        PasswordFault::Common => {
            "is among the first that are tried, or made of your name and that of your organization; choose another"
                .to_owned()
        }
    }
}

/// What is wrong with the name of a passkey.
fn passkey_name_problem(fault: PasskeyNameFault) -> String {
    match fault {
        PasskeyNameFault::Empty => "a passkey must have a name".to_owned(),
        PasskeyNameFault::TooLong { most } => format!("the name of a passkey has at most {most} characters"),
        PasskeyNameFault::Control => "the name of a passkey is one line".to_owned(),
    }
}

/// The problem that tells why somebody is not signed in.
pub(super) fn problem(error: SignInError) -> Problem {
    match error {
        SignInError::Refused => {
            Problem::new(Code::SignInRefused, "sign-in: the name, the password or the code is wrong")
        }
        SignInError::TooMany { retry_after_seconds } => Problem::too_many_sign_ins(retry_after_seconds),
        SignInError::Busy => Problem::try_again(Code::SignInBusy, "server: busy with other sign-ins", 1),
        SignInError::UnknownLink => Problem::unknown_path(),
        SignInError::Password(fault) => Problem::invalid(vec![format!("password: {}", password_problem(fault))]),
        SignInError::PasskeyName(fault) => {
            Problem::invalid(vec![format!("passkey_name: {}", passkey_name_problem(fault))])
        }
        SignInError::PasskeyNotTaken => Problem::invalid(vec![
            "credential: the passkey is not what was asked for, is known already, or took longer than five minutes"
                .to_owned(),
        ]),
        SignInError::UnknownPasskey => Problem::invalid(vec!["which: you have no such passkey".to_owned()]),
        SignInError::TooManyPasskeys => {
            Problem::invalid(vec![format!("passkeys: you have {}, and may have no more", limits::PASSKEYS)])
        }
        SignInError::LastWayIn => Problem::invalid(vec![
            "passkeys: this one is your last way in; add another, or choose a password, before you remove it"
                .to_owned(),
        ]),
        SignInError::WrongCode => Problem::invalid(vec!["code: is not the present one".to_owned()]),
        SignInError::NotFresh => Problem::new(Code::FreshSignInNeeded, "session: sign in once more"),
        SignInError::Failed(failure) => failed(failure),
    }
}

/// What was refused, in words for people.
pub(super) fn said(problem: &Problem) -> String {
    match problem.code {
        Code::SignInRefused => "That did not work. What you typed is wrong, or you may not sign in.".to_owned(),
        _ => {
            let words = problem.errors.join(". ");
            let (_, words) = words.split_once(": ").unwrap_or(("", &words));
            format!("That did not work: {words}.")
        }
    }
}

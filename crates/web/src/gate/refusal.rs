//! Refusals as problems: the code of each, and its words.

use super::change_refusal::{change_code, change_words, refused_change};
use super::problem::{Bucket, Problem};
use crate::operation::Code;
use domain::Refusal;
use domain::cover::{Closed, CoverRefusal};
use domain::ids::InstanceId;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        if let Refusal::Change(change) = refusal {
            return refused_change(*change);
        }
        let problem = Self::new(code(&refusal), words(&refusal));
        match refusal {
            Refusal::KeyRevoked => Self::revoked_key(),
            Refusal::TooManyCodes { limit, retry_after_seconds } => {
                problem.with_bucket(Bucket { limit, remaining: 0, reset_seconds: retry_after_seconds.into() })
            }
            _ => problem,
        }
    }
}

/// The code of a refusal. No wildcard: a new refusal does not compile until its code is decided.
fn code(refusal: &Refusal) -> Code {
    match refusal {
        Refusal::UnknownIncident { .. } => Code::UnknownIncident,
        Refusal::UnknownAlert { .. } => Code::UnknownAlert,
        Refusal::UnknownComponent { .. } => Code::UnknownComponent,
        Refusal::NotAllowed { .. } => Code::NotAllowed,
        Refusal::AlreadyResolved { .. } => Code::AlreadyResolved,
        Refusal::NotAcknowledged => Code::NotAcknowledged,
        Refusal::NoFurtherLevel => Code::NoFurtherLevel,
        Refusal::OnlyAlert => Code::OnlyAlert,
        Refusal::MergedWithItself => Code::MergedWithItself,
        Refusal::NobodyNamed => Code::NobodyNamed,
        Refusal::TooMany { .. } | Refusal::TooManySwaps { .. } => Code::TooMany,
        Refusal::NoContact { .. } | Refusal::UnknownDevice { .. } => Code::UnknownContact,
        Refusal::UnknownSession { .. } => Code::UnknownSession,
        Refusal::NothingToVerify { .. } => Code::NothingToVerify,
        Refusal::TooManyCodes { .. } => Code::TooManyCodes,
        Refusal::NoCode => Code::NoCode,
        Refusal::WrongCode { .. } => Code::WrongCode,
        Refusal::UnknownNotification { .. } => Code::UnknownNotification,
        Refusal::UnknownSwap { .. } => Code::UnknownSwap,
        Refusal::UnknownLayer { .. } => Code::UnknownLayer,
        Refusal::Cover(cover) => cover_code(cover),
        Refusal::SwapIsOver | Refusal::PeriodTooLong { .. } => Code::InvalidFields,
        Refusal::UnknownApiKey { .. } => Code::UnknownApiKey,
        Refusal::UnknownToken { .. } => Code::UnknownToken,
        Refusal::AlreadyInvited { .. } => Code::AlreadyInvited,
        Refusal::UnknownInvitation { .. } => Code::UnknownInvitation,
        Refusal::UnknownVersion { .. } => Code::UnknownVersion,
        Refusal::UnknownProvider { .. } => Code::UnknownComponent,
        Refusal::ProviderNameTaken { .. } => Code::NameTaken,
        Refusal::Change(change) => change_code(change),
        Refusal::IdempotencyKeyReused => Code::IdempotencyKeyReused,
        Refusal::ToldOnce => Code::ToldOnce,
        Refusal::KeyRevoked => Code::RevokedKey,
        Refusal::SignedOut => Code::SignedOut,
    }
}

const NOBODY_NAMED: &str = "service_ref_id: at least one of service_ref_id, policy_ref_id, users is required";
const TOLD_ONCE: &str = "idempotency-key: the request was done before, and its answer has a secret, which is told once";

/// What is wrong, after the field that it is wrong with.
fn words(refusal: &Refusal) -> String {
    match refusal {
        Refusal::UnknownIncident { field, instance_id: InstanceId::UNSAVED } => {
            format!("{field}: there is no such incident")
        }
        Refusal::UnknownIncident { field, instance_id } => format!("{field}: there is no incident {instance_id}"),
        Refusal::UnknownAlert { field, task_ref_id } => format!("{field}: there is no alert `{task_ref_id}`"),
        Refusal::UnknownComponent { field: field @ ("reassign_to" | "assignees"), name, .. } => {
            format!("{field}: there is no escalation policy or user `{name}`")
        }
        Refusal::UnknownComponent { field, kind, name } => {
            format!("{field}: there is no {} `{name}`", kind.word().replace('_', " "))
        }
        Refusal::NotAllowed { what, needs } => format!("{what}: {needs}"),
        Refusal::AlreadyResolved { instance_id } => format!("instance_id: incident {instance_id} is already resolved"),
        Refusal::TooMany { field: field @ "name", limit } => format!("{field}: there would be more than {limit} keys"),
        Refusal::TooMany { field: "endpoint", limit } => format!("endpoint: there would be more than {limit} devices"),
        Refusal::TooMany { field, limit } => format!("{field}: the incident would have more than {limit} in all"),
        Refusal::TooManySwaps { limit } => {
            format!("routine_ref_id: the routine would have more than {limit} swaps to come")
        }
        Refusal::NoContact { user, channel } => format!("channel: `{user}` has no {} contact", channel.word()),
        Refusal::UnknownDevice { device_id } => format!("device_id: the person has no device `{device_id}`"),
        Refusal::UnknownSession { session_ref_id: id } => format!("session_ref_id: the person has no session `{id}`"),
        Refusal::NothingToVerify { channel } => {
            format!("channel: the {} contact needs no proof, or has given it", channel.word())
        }
        Refusal::TooManyCodes { limit, retry_after_seconds } => {
            format!("channel: {limit} codes were sent within an hour; more in {retry_after_seconds} seconds")
        }
        Refusal::WrongCode { tries_left: 0 } => {
            "code: is not the one that was sent, and counts no more; have a new one sent".to_owned()
        }
        Refusal::WrongCode { tries_left } => {
            format!("code: is not the one that was sent; it can be tried {tries_left} times more")
        }
        Refusal::UnknownNotification { field, delivery_id } => {
            format!("{field}: the incident has no notification `{delivery_id}`")
        }
        Refusal::UnknownSwap { swap_ref_id } => format!("swap_ref_id: the routine has no swap `{swap_ref_id}`"),
        Refusal::Cover(cover) => cover_words(cover),
        Refusal::UnknownLayer { number } => format!("layer: the routine has none of number {number}"),
        Refusal::PeriodTooLong { days } => format!("until: must be at most {days} days after from"),
        Refusal::NotAcknowledged => "instance_id: the incident is not acknowledged".to_owned(),
        Refusal::NoFurtherLevel => "instance_id: no policy of the incident has a further level".to_owned(),
        Refusal::OnlyAlert => "task_ref_id: the alert is the incident's only one".to_owned(),
        Refusal::MergedWithItself => "related_instance_id: must be another incident than instance_id".to_owned(),
        Refusal::NobodyNamed => NOBODY_NAMED.to_owned(),
        Refusal::NoCode => "code: none counts at the moment; have a new one sent".to_owned(),
        Refusal::SwapIsOver => "until: must be in the future".to_owned(),
        Refusal::IdempotencyKeyReused => {
            "idempotency-key: the key was used for a request with another path or body".to_owned()
        }
        Refusal::ToldOnce => TOLD_ONCE.to_owned(),
        Refusal::UnknownApiKey { key_id } => format!("key_id: there is no key {key_id} that counts"),
        Refusal::AlreadyInvited { username, signs_in: true } => {
            format!("preferred_username: {username} signed in already")
        }
        Refusal::AlreadyInvited { username, signs_in: false } => {
            format!("email: is the address of {username}, who is there already")
        }
        Refusal::UnknownInvitation { username: it } => format!("preferred_username: `{it}` has no open invitation"),
        Refusal::UnknownToken { token_id } => format!("token_id: you have no token {token_id} that counts"),
        Refusal::UnknownProvider { name } => format!("provider: there is no sign-in provider `{name}`"),
        Refusal::ProviderNameTaken { name } => format!("name: another sign-in provider is named `{name}`"),
        Refusal::UnknownVersion { field, version } => format!("{field}: the directory has no version {version}"),
        Refusal::Change(change) => change_words(change).join("; "),
        Refusal::KeyRevoked => "authorization: the key was revoked".to_owned(),
        Refusal::SignedOut => "session: nobody is signed in".to_owned(),
    }
}

fn cover_code(refusal: &CoverRefusal) -> Code {
    match refusal {
        CoverRefusal::Unknown { .. } => Code::UnknownCover,
        CoverRefusal::Closed(_) => Code::CoverClosed,
        CoverRefusal::TooMany { .. } => Code::TooMany,
        CoverRefusal::NotYourShift | CoverRefusal::HasBegun | CoverRefusal::CannotBeAsked { .. } => Code::InvalidFields,
    }
}

fn cover_words(refusal: &CoverRefusal) -> String {
    match refusal {
        CoverRefusal::Unknown { cover_ref_id: id } => format!("cover_ref_id: you have no request for cover `{id}`"),
        CoverRefusal::Closed(closed) => format!("cover_ref_id: {}", closed_words(closed)),
        CoverRefusal::NotYourShift => "from: you are not on call by the routine in the whole time".to_owned(),
        CoverRefusal::HasBegun => "from: must be in the future".to_owned(),
        CoverRefusal::CannotBeAsked { username } => format!("people: `{username}` cannot be asked to take it"),
        CoverRefusal::TooMany { limit } => format!("routine_ref_id: you would have more than {limit} open requests"),
    }
}

/// Why a request for cover cannot be answered.
pub(crate) fn closed_words(closed: &Closed) -> String {
    match closed {
        Closed::Settled { by } => format!("{by} takes the shift"),
        Closed::Withdrawn => "whoever asked needs nobody any more".to_owned(),
        Closed::Begun => "the shift has begun".to_owned(),
        Closed::Changed => "the shift is not what it was when it was asked for".to_owned(),
    }
}

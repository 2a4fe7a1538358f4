//! The rules said no: typed reasons with their data, without HTTP and without prose for the wire.

use crate::Username;
use crate::channel::Channel;
use crate::cover::CoverRefusal;
use crate::directory::{ChangeRefusal, ComponentKind};
use crate::ids::InstanceId;
use crate::permission::Needs;

/// Why a command was refused. A refused command changed nothing (contract §1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such incident in the caller's organization.
    UnknownIncident {
        /// The request field that named it.
        field: &'static str,
        /// The number asked for.
        instance_id: InstanceId,
    },
    /// No such alert: of the incident, or at all.
    UnknownAlert {
        /// The request field that named it.
        field: &'static str,
        /// The id asked for.
        task_ref_id: String,
    },
    /// No such component in the caller's organization.
    UnknownComponent {
        /// The request field that named it.
        field: &'static str,
        /// What was looked for; for a field that takes policies and users, the policy.
        kind: ComponentKind,
        /// The id or name asked for.
        name: String,
    },
    /// A change would do to a person, or to what others own, what whoever asks may not.
    NotAllowed {
        /// Kind and name of what it would be done to.
        what: String,
        /// What would be needed.
        needs: Needs,
    },
    /// The incident is resolved, which nobody can undo.
    AlreadyResolved {
        /// The resolved incident.
        instance_id: InstanceId,
    },
    /// Only an acknowledged incident can be un-acknowledged.
    NotAcknowledged,
    /// No target's policy has a further level.
    NoFurtherLevel,
    /// An incident keeps at least one alert.
    OnlyAlert,
    /// An incident cannot be merged with itself.
    MergedWithItself,
    /// A create names nobody: no service, no policy, no user.
    NobodyNamed,
    /// A list would grow over its limit.
    TooMany {
        /// The request field.
        field: &'static str,
        /// The most that is allowed in all.
        limit: usize,
    },
    /// The person has no contact of this channel.
    NoContact {
        /// The person.
        user: Username,
        /// The channel asked for.
        channel: Channel,
    },
    /// The person has no such device.
    UnknownDevice {
        /// The id asked for.
        device_id: String,
    },
    /// The person has no such session.
    UnknownSession {
        /// The id asked for.
        session_ref_id: String,
    },
    /// The contact needs no proof, or has given it.
    NothingToVerify {
        /// Its channel.
        channel: Channel,
    },
    /// As many codes were sent to the contact as may be in an hour.
    TooManyCodes {
        /// The most that are sent in an hour.
        limit: u32,
        /// Seconds until one more may be sent.
        retry_after_seconds: u32,
    },
    /// No code counts for the contact any more: none was sent, its time is over, or it was tried too often.
    NoCode,
    /// The code is not the one that was sent.
    WrongCode {
        /// How often it may still be tried.
        tries_left: u32,
    },
    /// The incident has no such notification.
    UnknownNotification {
        /// The request field that named it.
        field: &'static str,
        /// The id asked for.
        delivery_id: String,
    },
    /// The routine has no such swap.
    UnknownSwap {
        /// The id asked for.
        swap_ref_id: String,
    },
    /// The routine has no such layer, or no such exception.
    UnknownLayer {
        /// The number asked for.
        number: u32,
    },
    /// The swap would be over already.
    SwapIsOver,
    /// The routine would have more swaps to come than it may have.
    TooManySwaps {
        /// The most that it may have.
        limit: usize,
    },
    /// A request for cover cannot be made, answered or taken back.
    Cover(CoverRefusal),
    /// The period is longer than a schedule is worked out for.
    PeriodTooLong {
        /// The most days from its begin to its end.
        days: i64,
    },
    /// The directory has no such version.
    UnknownVersion {
        /// The request field that named it.
        field: &'static str,
        /// The number asked for.
        version: i64,
    },
    /// The organization has no such key that counts.
    UnknownApiKey {
        /// The number asked for.
        key_id: i64,
    },
    /// The person has no such token that counts.
    UnknownToken {
        /// The number asked for.
        token_id: i64,
    },
    /// The person is there already.
    AlreadyInvited {
        /// Their username.
        username: String,
        /// Whether they can sign in already.
        signs_in: bool,
    },
    /// Nobody of this name has an open invitation.
    UnknownInvitation {
        /// The username asked for.
        username: String,
    },
    /// The organization has no such sign-in provider.
    UnknownProvider {
        /// The name or id asked for.
        name: String,
    },
    /// Another sign-in provider has the name.
    ProviderNameTaken {
        /// The name.
        name: String,
    },
    /// The directory cannot be changed so.
    Change(Box<ChangeRefusal>),
    /// The idempotency key was used before with another path or body.
    IdempotencyKeyReused,
    /// The same request was done before, and what was answered is a secret that is told once.
    ToldOnce,
    /// The key that asked was revoked or has expired.
    KeyRevoked,
    /// The person who is signed in is gone or locked.
    SignedOut,
}

//! Who there is, who may, and who is on call: the directory file and its changes, keys, contacts and their proof, swaps,
//! requests for cover, schedules and feeds.

mod administration;
pub mod audit;
mod audit_head;

mod change;
pub mod file;

mod contact;
mod drift_count;
mod hashing;
mod integration;
mod key;
mod key_ring;
mod known_integration;
mod known_provider;
mod lookout;
mod provider;
mod session_uses;
mod sign_in;
mod turned_away;
mod turned_away_count;

mod away;
mod cover;
mod enrolment;
mod erase;
pub mod feed;
mod invite;
mod noted;
mod on_call;
mod person_data;
mod report;
mod report_look;
mod saved_view;
mod standing;
mod swap;

pub mod suggestion;

pub use administration::Administration;
pub use away::{Away, OwnShift};
pub use change::{
    Act, Adopt, Applied, ApplyError, AskedFile, Author, ChangeOf, Changed, ChangedLayer, ComponentPage, ComponentQuery,
    Drift, Edit, Foreseen, Instead, Kept, LayerAct, LayerEdit, LayerKind, Manner, OnlyIf, Part, PersonQuery,
    PersonState, Renewal, RenewedKey, Wanted, apply, apply_file, are_own, change_beside, diff_beside, dry_run, export,
    export_at, integration_renew_key, make_owner, named_kinds, release, role_said, state_of, version_list, warnings,
};
pub use contact::{
    CodeSent, Contact, ListedContact, ListedDevice, NewDevice, Proof, TrustError, contact_list, contact_trust,
};
pub use cover::{CoverLook, CoverTold, CoverWish};
pub use erase::{Erased, erase_beside};
pub use feed::{FeedOf, FeedUrl, Wall};
pub use invite::{Invitation, Invited, NewInvitation};
pub use key::{KEY_PREFIX, KeyState, NewKey, Owner, key_create, key_revoke, network};
pub use known_integration::KnownIntegration;
pub use lookout::ComingGap;
pub use on_call::{Coverage, LevelOnCall, PolicyOnCall, Preview, Proposal};
pub use person_data::{Messages, PersonData, PersonDataAsked};
pub use provider::{Aim, Answer, Answered, Begun, Finding, LinkOffer, ListedIdentity, ProviderError, Why};
pub use saved_view::{SavedView, ViewOf, ViewSaved};
pub use sign_in::{
    Enrolment, Entered, Factors, Followed, LinkError, LinkMade, LinkView, ListedPasskey, ListedSession, PasskeyAsked,
    PasskeyMade, PasskeySite, Person, Session, SignInError, SignedIn, Typed, Visitor, WaysIn, invitation, make_link,
};
pub use standing::{OnDuty, Shift, Standing};
pub use store::{KeyRow, TurnedAwayRow, VersionRow};
pub use swap::{KnownSwap, MadeSwap};
pub use turned_away_count::TurnedAwayFor;

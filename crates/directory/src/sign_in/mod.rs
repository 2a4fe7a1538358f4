//! Signing in (administration §5): who a person is, links that work once, passwords, sessions, and failed attempts. Each
//! change is one function that runs in a transaction: [`link::follow`], [`session::open`], [`password::keep`] and so on.

mod again;
mod by_password;
mod factor;
mod failure;
mod link;
mod mail;
mod passkey;
mod passkey_link;
mod password;
mod person;
mod recover;
mod refused;
mod session;
mod sessions_of;
mod trace;
mod visitor;
mod ways;

pub use by_password::{Entered, Typed};
pub use factor::{Enrolment, Factors};
pub(crate) use link::insert as insert_link;
pub use link::{Followed, LinkError, LinkMade, LinkView, make_link};
pub(crate) use mail::Letter;
pub(crate) use mail::enrolment;
pub use mail::invitation;
pub use passkey::{ListedPasskey, PasskeyAsked, PasskeyMade, PasskeySite};
pub use person::Person;
pub use session::{ListedSession, Session};
pub(crate) use session::{NewSession, settings_of};
pub(crate) use trace::Trace;
pub use visitor::{SignInError, SignedIn, Visitor};
pub use ways::WaysIn;
pub(crate) use ways::organization_meant;

use domain::{Instant, OrganizationId, RefId};
use store::{Error, Tx};

/// A person is gone: nothing is left by which anybody could sign in as them, or by which they are pushed to, nor what was theirs
/// alone to see.
pub(crate) fn forget(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId, now: Instant) -> Result<(), Error> {
    lock_out(tx, organization, person, now)?;
    store::identity_delete_all(tx, organization, person)?;
    store::recovery_code_delete_all(tx, organization, person)?;
    store::passkey_delete_all(tx, organization, person)?;
    store::push_device_delete_all(tx, organization, person)?;
    store::saved_view_delete_all(tx, organization, person)?;
    store::credential_delete(tx, organization, person)
}

/// A person is locked: their sessions, tokens and links end, and do not come back when they are let in again.
pub(crate) fn lock_out(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    person: &RefId,
    now: Instant,
) -> Result<(), Error> {
    store::key_revoke_of(tx, organization, person, now)?;
    end_sessions(tx, organization, person)
}

/// All sessions and links of a person end, as they do when what they sign in with is another.
fn end_sessions(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<(), Error> {
    store::session_delete_others(tx, organization, person, "")?;
    store::sign_in_link_end_all(tx, organization, person)
}

//! Warnings about a directory that is to be applied, with what the store knows beside the file: proofs and swaps.

use domain::Instant;
use domain::Username;
use domain::directory::{Definition, Fault};
use domain::lint::lint;
use engine::{swaps_by_routine, verified};
use store::{Error, Store, Tx};

/// What to look at if `wanted` were applied at `now`. It is as for a definition alone, but a contact counts only where
/// it is known to be verified.
///
/// # Errors
/// As the store says.
pub fn warnings(store: &Store, wanted: &Definition, now: Instant) -> Result<Vec<Fault>, Error> {
    store.read(|tx| warnings_in(tx, wanted, now))
}

/// The same within a transaction.
pub(super) fn warnings_in(tx: &mut dyn Tx, wanted: &Definition, now: Instant) -> Result<Vec<Fault>, Error> {
    let mut directory = wanted.directory();
    let found = store::organization_by_name(tx, &wanted.name)?;
    let contacts = found.as_ref().map(|found| store::contact_list(tx, found.id)).transpose()?;
    directory.verified = verified(&directory, contacts.unwrap_or_default());
    let swaps = found.as_ref().map(|found| store::swap_list(tx, found.id)).transpose()?;
    let is_user = |user: &Username| directory.user(user.as_str()).is_some();
    directory.swaps = swaps_by_routine(&swaps.unwrap_or_default(), is_user)?;
    Ok(lint(&directory, now))
}

/// A fault as a sentence.
pub(crate) fn sentence(fault: &Fault) -> String {
    let subject = fault.kind.map_or_else(
        || "organization".to_owned(),
        |kind| format!("{} `{}`", kind.word().replace('_', " "), fault.name),
    );
    format!("{subject}: {}: {}", fault.place.spelled(), fault.problem)
}

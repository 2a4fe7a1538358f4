//! Which ways in there are, as far as the sign-in page says so to everybody.

use crate::administration::Administration;
use domain::OrganizationId;
use engine::Failure;
use store::{Error, Tx};

/// What the sign-in page says to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaysIn {
    /// Whether anybody has a password or a passkey.
    pub is_set_up: bool,
    /// Whether anybody has a passkey.
    pub has_passkeys: bool,
    /// Whether there are several organizations, so that one must be named.
    pub has_organizations: bool,
}

impl Administration {
    /// Which ways in there are.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn ways_in(&self) -> Result<WaysIn, Failure> {
        self.engine()
            .read(|tx, _| {
                let organizations = store::organization_list(tx)?;
                let (mut has_passwords, mut has_passkeys) = (false, false);
                for organization in &organizations {
                    has_passwords = has_passwords || store::credential_exists(tx, organization.id)?;
                    has_passkeys = has_passkeys || store::passkey_exists(tx, organization.id)?;
                }
                let is_set_up = has_passwords || has_passkeys;
                Ok(WaysIn { is_set_up, has_passkeys, has_organizations: organizations.len() > 1 })
            })
            .await
    }
}

/// The organization that somebody means who signs in: the one of this name, or the only one.
pub(super) fn organization_meant(tx: &mut dyn Tx, name: Option<&str>) -> Result<Option<OrganizationId>, Error> {
    if let Some(name) = name {
        return Ok(store::organization_by_name(tx, name.trim())?.map(|organization| organization.id));
    }
    let all = store::organization_list(tx)?;
    Ok(if let [only] = &all[..] { Some(only.id) } else { None })
}

//! Which ways in there are, as far as the sign-in page says so to everybody.

use super::session::settings_in;
use crate::administration::Administration;
use domain::OrganizationId;
use engine::Failure;
use store::{Error, Tx};

/// What the sign-in page says to everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaysIn {
    /// Whether anybody has a password or a passkey, or may come by a provider.
    pub is_set_up: bool,
    /// Whether a password is asked for: by the organization that is meant, or by any of several.
    pub takes_passwords: bool,
    /// Whether anybody has a passkey.
    pub has_passkeys: bool,
    /// Whether there are several organizations, so that one must be named.
    pub has_organizations: bool,
    /// Names of the sign-in providers of the organization that is meant.
    pub providers: Vec<String>,
}

impl Administration {
    /// Which ways in there are, for who means the organization of this name, or the only one.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn ways_in(&self, organization: Option<&str>) -> Result<WaysIn, Failure> {
        let named = organization.map(str::to_owned);
        self.engine()
            .read(move |tx, _| {
                let organizations = store::organization_list(tx)?;
                let (mut has_passwords, mut has_passkeys) = (false, false);
                for organization in &organizations {
                    has_passwords = has_passwords || store::credential_exists(tx, organization.id)?;
                    has_passkeys = has_passkeys || store::passkey_exists(tx, organization.id)?;
                }
                let meant = organization_meant(tx, named.as_deref())?;
                let providers = match meant {
                    Some(organization) => store::provider_list(tx, organization)?,
                    None => Vec::new(),
                };
                let mut takes_passwords = false;
                for one in organizations.iter().filter(|one| meant.is_none_or(|meant| meant == one.id)) {
                    takes_passwords = takes_passwords || settings_in(one).password_sign_in;
                }
                let providers: Vec<_> = providers.into_iter().map(|row| row.name).collect();
                let is_set_up = has_passwords || has_passkeys || !providers.is_empty();
                let has_organizations = organizations.len() > 1;
                Ok(WaysIn { is_set_up, takes_passwords, has_passkeys, has_organizations, providers })
            })
            .await
    }
}

/// The organization that somebody means who signs in: the one of this name, or the only one.
pub(crate) fn organization_meant(tx: &mut dyn Tx, name: Option<&str>) -> Result<Option<OrganizationId>, Error> {
    if let Some(name) = name {
        return Ok(store::organization_known_as(tx, name.trim())?.map(|organization| organization.id));
    }
    let all = store::organization_list(tx)?;
    Ok(if let [only] = &all[..] { Some(only.id) } else { None })
}

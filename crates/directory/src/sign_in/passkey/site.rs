//! The site that passkeys are for, and what its browsers are asked.

use super::broken;
use engine::Failure;
use serde_json::Value;
use webauthn_rs::prelude::{Url, Webauthn, WebauthnBuilder};

/// The site at which passkeys are made and used. A passkey of one site is of no use at any other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeySite {
    /// Its name, such as `reveille.example.org`: never an address in numbers.
    pub host: String,
    /// Scheme, host and port of its pages.
    pub origin: String,
}

impl PasskeySite {
    pub(super) fn webauthn(&self) -> Result<Webauthn, Failure> {
        let origin = Url::parse(&self.origin).map_err(|error| broken(&error))?;
        let builder = WebauthnBuilder::new(&self.host, &origin).map_err(|error| broken(&error))?;
        builder.rp_name("Reveille").build().map_err(|error| broken(&error))
    }
}

/// What a browser is asked to do with a passkey.
#[derive(Clone, PartialEq)]
pub struct PasskeyAsked {
    /// The options of its call, with what is binary in base64 for URLs.
    pub options: Value,
    /// What the browser shows with its answer, within five minutes.
    pub token: String,
}

/// Shows no token.
impl std::fmt::Debug for PasskeyAsked {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PasskeyAsked({}, hidden)", self.options)
    }
}

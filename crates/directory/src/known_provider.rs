//! What is known of sign-in providers, kept in memory by their issuers: what they say of themselves, and their keys.

use domain::Instant;
use openidconnect::core::CoreJsonWebKey;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Providers that are kept; more are not needed.
const MOST: usize = 1000;

/// What a provider says of itself (OpenID Connect Discovery 1.0 §3), as far as it is used.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Whether it says by `iss` whose answer it is (RFC 9207).
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    pub(crate) id_token_signing_alg_values_supported: Vec<String>,
    #[serde(default)]
    pub(crate) code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) scopes_supported: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) backchannel_logout_supported: bool,
}

impl Metadata {
    /// Whether the client shows its secret in a header, which is what there is where nothing is said.
    pub(crate) fn takes_basic(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_deref();
        methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"))
    }
}

/// A provider as it is known.
#[derive(Clone, Debug)]
pub(crate) struct KnownProvider {
    pub(crate) metadata: Arc<Metadata>,
    pub(crate) keys: Arc<[CoreJsonWebKey]>,
    pub(crate) read_at: Instant,
    /// When the keys were asked for last, with or without success.
    pub(crate) keys_asked_at: Instant,
}

/// The providers that are known, by their issuers.
#[derive(Debug, Default)]
pub(crate) struct Providers(Mutex<HashMap<String, KnownProvider>>);

impl Providers {
    pub(crate) fn find(&self, issuer: &str) -> Option<KnownProvider> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(issuer).cloned()
    }

    pub(crate) fn keep(&self, issuer: &str, known: &KnownProvider) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(issuer.to_owned(), known.clone());
    }
}

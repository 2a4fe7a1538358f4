//! Providers asked about themselves: where they are asked for what, and the keys that they sign with; and what is found.

use super::token::ALGORITHM_NAMES;
use crate::administration::Administration;
use crate::known_provider::{KnownProvider, Metadata};
use domain::sign_in::{Provider, issuer_fault};
use openidconnect::JsonWebKey;
use openidconnect::core::CoreJsonWebKey;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Microseconds for which discovery and keys count.
const KEPT: i64 = 3_600_000_000;
/// Microseconds between two readings of keys because one was unknown.
const KEYS_AGAIN_AFTER: i64 = 60_000_000;

/// What was found out about a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub subject: &'static str,
    /// Whether it is as it must be.
    pub is_fine: bool,
    /// What was found.
    pub words: String,
}

impl Finding {
    fn new(subject: &'static str, is_fine: bool, words: impl Into<String>) -> Self {
        Self { subject, is_fine, words: words.into() }
    }
}

impl Administration {
    /// The provider as it is known; asked where that is older than an hour. The error is in words for the log.
    pub(super) async fn known_provider(&self, provider: &Provider) -> Result<KnownProvider, String> {
        let now = self.engine().now();
        let fits = |known: &KnownProvider| known.read_at.plus_micros(KEPT) > now;
        if let Some(known) = self.0.providers.find(&provider.issuer).filter(fits) {
            return Ok(known);
        }
        let metadata = self.discover(&provider.issuer).await?;
        let keys = self.read_keys(&metadata.jwks_uri).await?;
        let known = KnownProvider { metadata: Arc::new(metadata), keys, read_at: now, keys_asked_at: now };
        self.0.providers.keep(&provider.issuer, &known);
        Ok(known)
    }

    /// The same with keys that were read now, because one is unknown; `None` where they were asked for within a minute, or
    /// are not to be had.
    pub(super) async fn with_new_keys(&self, provider: &Provider) -> Option<KnownProvider> {
        let now = self.engine().now();
        let mut known = self.0.providers.find(&provider.issuer)?;
        if known.keys_asked_at.plus_micros(KEYS_AGAIN_AFTER) > now {
            return None;
        }
        known.keys_asked_at = now;
        // Kept before they are asked for, so that others do not ask at the same time.
        self.0.providers.keep(&provider.issuer, &known);
        known.keys = self.read_keys(&known.metadata.jwks_uri).await.ok()?;
        self.0.providers.keep(&provider.issuer, &known);
        Some(known)
    }

    async fn discover(&self, issuer: &str) -> Result<Metadata, String> {
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let own = self.notifier().public_url();
        if issuer_fault(issuer, own).is_some() {
            return Err("the issuer is none that may be asked".to_owned());
        }
        let bytes = self.notifier().fetch(&url).await?;
        let metadata: Metadata = serde_json::from_slice(&bytes).map_err(|error| format!("discovery: {error}"))?;
        if metadata.issuer != issuer {
            return Err(format!("issuer: the provider calls itself `{}`", shortened(&metadata.issuer)));
        }
        for (field, address) in [
            ("authorization_endpoint", &metadata.authorization_endpoint),
            ("token_endpoint", &metadata.token_endpoint),
            ("jwks_uri", &metadata.jwks_uri),
        ] {
            if issuer_fault(address, own).is_some() {
                return Err(format!("{field}: is not an https:// address"));
            }
        }
        Ok(metadata)
    }

    async fn read_keys(&self, url: &str) -> Result<Arc<[CoreJsonWebKey]>, String> {
        let bytes = self.notifier().fetch(url).await?;
        let set: Map<String, Value> = serde_json::from_slice(&bytes).map_err(|error| format!("keys: {error}"))?;
        let listed = set.get("keys").and_then(Value::as_array).ok_or("keys: there is no list of them")?;
        // Those of a kind that is not known are left out, as RFC 7517 §5 asks for.
        Ok(listed.iter().filter_map(|key| serde_json::from_value(key.clone()).ok()).collect())
    }

    /// Asks a provider anew, and says each thing that was found.
    pub(super) async fn findings(&self, provider: &Provider) -> Vec<Finding> {
        let metadata = match self.discover(&provider.issuer).await {
            Ok(metadata) => metadata,
            Err(error) => return vec![Finding::new("discovery", false, error)],
        };
        let mut found = vec![Finding::new("discovery", true, format!("issuer {}", metadata.issuer))];
        match self.read_keys(&metadata.jwks_uri).await {
            Ok(keys) if keys.is_empty() => found.push(Finding::new("keys", false, "there is none that can be used")),
            Ok(keys) => {
                let named = keys.iter().filter(|key| key.key_id().is_some()).count();
                found.push(Finding::new("keys", true, format!("{} keys, {named} with a kid", keys.len())));
                let now = self.engine().now();
                let metadata = Arc::new(metadata.clone());
                self.0
                    .providers
                    .keep(&provider.issuer, &KnownProvider { metadata, keys, read_at: now, keys_asked_at: now });
            }
            Err(error) => found.push(Finding::new("keys", false, error)),
        }
        found.extend(judge(&metadata, provider));
        found
    }
}

fn judge(metadata: &Metadata, provider: &Provider) -> Vec<Finding> {
    let told = &metadata.id_token_signing_alg_values_supported;
    let usable: Vec<_> = told.iter().filter(|told| ALGORITHM_NAMES.contains(&told.as_str())).cloned().collect();
    let signatures = match usable.is_empty() {
        true => Finding::new("signatures", false, format!("none is believed of: {}", shortened(&told.join(", ")))),
        false => Finding::new("signatures", true, usable.join(", ")),
    };
    let pkce = match metadata.code_challenge_methods_supported.as_deref() {
        Some(methods) if methods.iter().any(|method| method == "S256") => Finding::new("pkce", true, "S256"),
        Some(_) => Finding::new("pkce", false, "the provider does not name S256, which is sent in any case"),
        None => Finding::new("pkce", true, "the provider says nothing of it; S256 is sent"),
    };
    let unknown: Vec<_> = match &metadata.scopes_supported {
        Some(known) => provider.scopes.iter().filter(|scope| !known.contains(scope)).cloned().collect(),
        None => Vec::new(),
    };
    let scopes = match unknown.is_empty() {
        true => Finding::new("scopes", true, provider.scopes.join(" ")),
        false => Finding::new("scopes", false, format!("the provider does not name {}", unknown.join(", "))),
    };
    let logout = match metadata.backchannel_logout_supported {
        true => "the provider can end sessions here",
        false => "the provider does not say that it ends sessions here; those end by themselves",
    };
    vec![signatures, pkce, scopes, Finding::new("logout", true, logout)]
}

/// What somebody else wrote, as much of it as is repeated.
pub(super) fn shortened(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_control()).take(200).collect()
}

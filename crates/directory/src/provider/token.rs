//! Tokens that a provider signs, verified: the id token of a sign-in, and the token by which it ends sessions. What is
//! believed of them is what stands in the payload whose signature was verified, and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::{Instant, limits};
use openidconnect::core::{CoreIdToken, CoreJsonWebKey, CoreJwsSigningAlgorithm};
use openidconnect::{
    AccessToken, AccessTokenHash, ClaimsVerificationError, ClientId, IdTokenVerifier, IssuerUrl, JsonWebKey,
    JsonWebKeySet, JsonWebKeyUse, Nonce, SignatureVerificationError,
};
use serde_json::{Map, Value};
use std::str::FromStr;

/// The signatures that are verified: none without a key, none by a secret that both sides know.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];
/// Their names, as providers tell them.
pub(super) const ALGORITHM_NAMES: [&str; 9] =
    ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];
/// What a token that ends sessions says that it is (OpenID Connect Back-Channel Logout 1.0 §2.4).
const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Seconds for which such a token counts that does not say when it ends, and by which clocks may differ.
const LOGOUT_SECONDS: i64 = 300;
/// Characters of a subject (OpenID Connect Core 1.0 §2), and as many of the name of a session.
const NAME_CHARACTERS: usize = 255;

/// What an id token must say.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    /// The access token that came with it.
    pub(super) access_token: &'a str,
}

/// Why a token is not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenFault {
    /// It is signed by a key that is not known, which the provider may have made since its keys were read.
    UnknownKey,
    /// Anything else, in words for the log.
    Wrong(String),
}

fn wrong(words: impl ToString) -> TokenFault {
    TokenFault::Wrong(words.to_string())
}

/// The claims of an id token, once its signature and all that it must say is verified (OpenID Connect Core 1.0 §3.1.3.7).
pub(super) fn id_token(
    jwt: &str,
    expected: &Expected<'_>,
    keys: &[CoreJsonWebKey],
    now: Instant,
) -> Result<Map<String, Value>, TokenFault> {
    let token = CoreIdToken::from_str(jwt).map_err(|error| wrong(format!("the id token cannot be read: {error}")))?;
    let issuer = IssuerUrl::new(expected.issuer.to_owned()).map_err(wrong)?;
    let keys = JsonWebKeySet::new(keys.to_vec());
    // As a public client has it, so that no signature by the client's secret counts.
    let verifier = IdTokenVerifier::new_public_client(ClientId::new(expected.client_id.to_owned()), issuer, keys)
        .set_allowed_algs(ALGORITHMS)
        // Others may be meant, too, where `azp` says that it was made for us; see below.
        .set_other_audience_verifier_fn(|_| true)
        .set_time_fn(move || DateTime::<Utc>::from_timestamp_micros(now.0).unwrap_or_default());
    let nonce = Nonce::new(expected.nonce.to_owned());
    let claims = token.claims(&verifier, &nonce).map_err(|error| match error {
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            TokenFault::UnknownKey
        }
        error => wrong(error),
    })?;
    match claims.authorized_party() {
        Some(party) if party.as_str() != expected.client_id => {
            return Err(wrong("the id token was made for another client (azp)"));
        }
        None if claims.audiences().len() > 1 => return Err(wrong("the id token has several audiences and no azp")),
        _ => {}
    }
    if let Some(told) = claims.access_token_hash() {
        let algorithm = token.signing_alg().map_err(wrong)?;
        let key = token.signing_key(&verifier).map_err(wrong)?;
        let access = AccessToken::new(expected.access_token.to_owned());
        if AccessTokenHash::from_token(&access, algorithm, key).map_err(wrong)? != *told {
            return Err(wrong("the access token is another one than the id token says (at_hash)"));
        }
    }
    let claims = part(jwt, 1)?;
    if claims.get("iss").and_then(Value::as_str) != Some(expected.issuer) {
        return Err(wrong("the id token is of another issuer"));
    }
    name(&claims, "sub")?.ok_or_else(|| wrong("the id token has no subject"))?;
    Ok(claims)
}

/// A part of a token, as JSON.
fn part(jwt: &str, number: usize) -> Result<Map<String, Value>, TokenFault> {
    let part = jwt.split('.').nth(number).unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| wrong("a part of the token is not base64url"))?;
    serde_json::from_slice(&bytes).map_err(|_| wrong("a part of the token is no JSON object"))
}

/// A name that a claim holds, such as a subject.
pub(super) fn name(claims: &Map<String, Value>, claim: &str) -> Result<Option<String>, TokenFault> {
    let Some(value) = claims.get(claim) else { return Ok(None) };
    let is_sound =
        |text: &&str| (1..=NAME_CHARACTERS).contains(&text.chars().count()) && !text.contains(char::is_control);
    let text = value.as_str().filter(is_sound).ok_or_else(|| wrong(format!("{claim} is not a name")))?;
    Ok(Some(text.to_owned()))
}

/// Whose sessions a provider ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ending {
    pub(super) subject: Option<String>,
    pub(super) sid: Option<String>,
}

/// What a token that ends sessions says, once it is verified (OpenID Connect Back-Channel Logout 1.0 §2.6).
pub(super) fn logout_token(
    jwt: &str,
    (issuer, client_id): (&str, &str),
    keys: &[CoreJsonWebKey],
    now: Instant,
) -> Result<Ending, TokenFault> {
    let header = part(jwt, 0)?;
    let claims = part(jwt, 1)?;
    verify_signature(jwt, &header, keys)?;
    if claims.get("iss").and_then(Value::as_str) != Some(issuer) {
        return Err(wrong("the logout token is of another issuer"));
    }
    let is_ours = match claims.get("aud") {
        Some(Value::String(audience)) => audience == client_id,
        Some(Value::Array(audiences)) => audiences.iter().any(|audience| audience.as_str() == Some(client_id)),
        _ => false,
    };
    if !is_ours {
        return Err(wrong("the logout token is for another client"));
    }
    let event = claims.get("events").and_then(|events| events.get(LOGOUT_EVENT));
    if !event.is_some_and(Value::is_object) || claims.contains_key("nonce") {
        return Err(wrong("the token is none that ends sessions"));
    }
    let seconds = now.0 / 1_000_000;
    let issued_at = claims.get("iat").and_then(Value::as_i64).ok_or_else(|| wrong("the logout token has no iat"))?;
    let ends_at = match claims.get("exp") {
        Some(at) => at.as_i64().ok_or_else(|| wrong("exp of the logout token is no time"))?,
        None => issued_at.saturating_add(LOGOUT_SECONDS),
    };
    if ends_at <= seconds || issued_at > seconds.saturating_add(LOGOUT_SECONDS) {
        return Err(wrong("the logout token is not of now"));
    }
    let ending = Ending { subject: name(&claims, "sub")?, sid: name(&claims, "sid")? };
    if ending.subject.is_none() && ending.sid.is_none() {
        return Err(wrong("the logout token names nobody"));
    }
    Ok(ending)
}

fn verify_signature(jwt: &str, header: &Map<String, Value>, keys: &[CoreJsonWebKey]) -> Result<(), TokenFault> {
    let algorithm = header.get("alg").cloned().unwrap_or_default();
    let algorithm: CoreJwsSigningAlgorithm =
        serde_json::from_value(algorithm).map_err(|_| wrong("alg is none that is known"))?;
    if !ALGORITHMS.contains(&algorithm) || header.contains_key("crit") {
        return Err(wrong("the token is signed in a way that is not believed"));
    }
    let kid = header.get("kid").and_then(Value::as_str);
    let fits = |key: &&CoreJsonWebKey| {
        let is_named = kid.is_none_or(|kid| key.key_id().is_some_and(|id| id.as_str() == kid));
        is_named && key.key_use().is_none_or(JsonWebKeyUse::allows_signature)
    };
    let mut fitting = keys.iter().filter(fits).peekable();
    if fitting.peek().is_none() {
        return Err(TokenFault::UnknownKey);
    }
    let (message, signature) = jwt.rsplit_once('.').ok_or_else(|| wrong("the token has no signature"))?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| wrong("the signature is not base64url"))?;
    let verifies = |key: &CoreJsonWebKey| key.verify_signature(&algorithm, message.as_bytes(), &signature).is_ok();
    if fitting.any(verifies) { Ok(()) } else { Err(wrong("the signature is wrong")) }
}

/// A claim by its name, or by the path to it, such as `realm_access.roles`.
pub(super) fn claim<'a>(claims: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    if let Some(value) = claims.get(path) {
        return Some(value);
    }
    let (first, rest) = path.split_once('.')?;
    claim(claims.get(first)?.as_object()?, rest)
}

/// The groups that a claim tells, as many as are looked at.
pub(super) fn groups(claims: &Map<String, Value>, path: &str) -> Vec<String> {
    match claim(claims, path) {
        Some(Value::String(group)) => vec![group.clone()],
        Some(Value::Array(groups)) => {
            groups.iter().take(limits::PROVIDER_GROUPS_READ).filter_map(Value::as_str).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}
